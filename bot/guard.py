"""The red-flag guard: a conversation in, an assessment out. Runs before anything else.

No model, no index, no network. It reads every message of the user from the first,
so that the same conversation always gives the same assessment.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from bot.net import LONGEST_QUOTE, Net, Opinion, load_net
from bot.reading.language import is_english, is_surely_english
from bot.reading.match import Match, Matcher, Reading
from bot.reading.minimising import stretches, without_comfort
from bot.reading.replies import clears, comes_back, has_come_back, says, says_no, sought_help
from bot.redflags.clinic import matcher_for
from bot.redflags.say import UNREAD, foreign, highest, leading, safe, say, wondering
from bot.redflags.table import VERSION
from bot.settings import ClinicSettings
from bot.types import LEVELS, Assessment, Finding, Level

_LOG = logging.getLogger(__name__)
_SERIOUS = ("urgent", "emergency")
_NOBODY = ClinicSettings()
QUESTION = "One question, to be safe: is this what you have – {sign}?"


@dataclass(frozen=True, slots=True)
class Open:
    """A question asked, and the finding that stands if it is not answered with no."""

    finding: Finding
    question: str


@dataclass(frozen=True, slots=True)
class State:
    """What is known after a turn: findings so far, those of this turn, and what is open."""

    findings: tuple[Finding, ...] = ()
    fresh: tuple[Finding, ...] = ()
    open: Open | None = None
    corrections: tuple[Finding, ...] = ()
    asked: frozenset[str] = frozenset()
    helped: bool = False
    english: bool = True


def assess(
    messages: Sequence[str],
    clinic: ClinicSettings = _NOBODY,
    net: Net | None = None,
    shown: Sequence[Sequence[Finding]] = (),
) -> Assessment:
    """Assess a conversation from the user's messages, oldest first; the last one is new.

    What replies have shown before, message by message, stays: `shown`. Never raises: whatever goes
    wrong inside, the answer is the safe message (fail closed). Without a `net` the rules stand
    alone, their hints beside the weights of the words.
    """
    try:
        return _assess(tuple(messages), clinic, net, shown)
    except Exception:  # noqa: BLE001 - fail closed, whatever it is
        _LOG.exception("The guard failed; the safe message is shown.")
        return _failed(messages, clinic)


def _assess(
    messages: tuple[str, ...],
    clinic: ClinicSettings,
    net: Net | None,
    shown: Sequence[Sequence[Finding]],
) -> Assessment:
    matcher = matcher_for(clinic)
    readings = tuple(matcher.read(message) for message in messages)
    turns = range(1, len(messages) + 1)
    state = reduce(lambda s, n: _step(s, readings[:n], matcher, net, shown), turns, State())
    return _decide(state, clinic, matcher)


def _step(
    state: State,
    readings: tuple[Reading, ...],
    matcher: Matcher,
    net: Net | None,
    shown: Sequence[Sequence[Finding]],
) -> State:
    """The state after one more message."""
    turn, newest = len(readings) - 1, readings[-1]
    known = {f.id for f in state.findings}
    signs, opinion = _signs(matcher, readings, net)
    found = [*signs, *_unanswered(state, matcher, newest)]
    found += [f for own in shown[turn : turn + 1] for f in own if f.id in matcher.by_id]
    fresh = list({f.id: f for f in reversed(found) if f.id not in known}.values())[::-1]
    caught = _caught(opinion, matcher, turn)
    if caught and opinion.very_sure and _adds(caught.level, (*state.findings, *fresh)):
        fresh.append(caught)
    findings = (*state.findings, *fresh)
    helped = highest(fresh) != "emergency" and _helped(state, matcher, net, newest)
    english = is_english(newest) or is_surely_english(matcher.read(newest.repaired))
    answers = helped or highest(findings) != "emergency"
    doubtful = caught if not fresh else None
    asks = highest(fresh) not in _SERIOUS and answers and english
    open_ = _open(state, matcher, readings, doubtful) if asks else None
    return State(
        findings=findings,
        fresh=tuple(fresh),
        open=open_,
        corrections=(*state.corrections, *_corrections(matcher, newest, turn, state.findings)),
        asked=state.asked | ({open_.finding.id} if open_ else set()),
        helped=helped,
        english=english,
    )


def _signs(
    matcher: Matcher, readings: Sequence[Reading], net: Net | None
) -> tuple[list[Finding], Opinion]:
    """What the rules find and the hints that the net bears out, beside what the net makes of it.

    Failing those, what stands out. Without a net, what the words lean to bears a hint out.
    """
    hints = matcher.find_hints(readings)
    opinion = _judge(net or load_net(), matcher, readings) if net or hints else Opinion()
    opinion = opinion if net else replace(opinion, caught=None)
    leaned = (hint for hint in hints if hint.rule.id in opinion.leans)
    found = [*matcher.find(readings), *leaned]
    if not found and not opinion.very_sure:
        found = [hint for hint in hints if _stands_out(net, matcher, readings[-1], hint)]
    return [_finding(match) for match in found], opinion


def _stands_out(net: Net | None, matcher: Matcher, newest: Reading, hint: Match) -> bool:
    """Whether the sentence of a hint is a serious sign, whatever else is asked beside it."""
    if net is None or hint.rule.level not in _SERIOUS or hint.sentence == newest.text:
        return False
    return net.stands_out(hint.rule.id, matcher.read(hint.sentence), newest)


def _helped(state: State, matcher: Matcher, net: Net | None, newest: Reading) -> bool:
    """Whether help was sought after the last sign of an emergency."""
    if highest(state.findings) != "emergency":
        return False
    told = sought_help(newest)
    if not (told or state.helped) or (told and not comes_back(newest)):
        return told
    if has_come_back(newest):
        return False
    again, opinion = _signs(matcher, (newest,), net)
    caught = _caught(opinion, matcher, 0)
    if caught and opinion.very_sure:
        again.append(caught)
    return highest(again) != "emergency"


def _judge(net: Net, matcher: Matcher, readings: Sequence[Reading]) -> Opinion:
    """What the net makes of the newest message: as written, repaired, uncomforted, in stretches."""
    newest, before = readings[-1], readings[:-1]
    others = [newest.repaired, *stretches(newest.repaired or newest.text)]
    again = [matcher.read(text) for text in others if text and text != newest.text]
    plain = without_comfort(newest)
    heard = net.judge(newest, before)
    for reading in (*again, plain):
        heard |= net.judge(reading, before) if reading else heard
    if heard.caught and heard.caught.quote not in newest.text:
        return replace(heard, caught=replace(heard.caught, quote=newest.text[:LONGEST_QUOTE]))
    return heard


def _caught(opinion: Opinion, matcher: Matcher, turn: int) -> Finding | None:
    """What the net caught, as a finding."""
    caught = opinion.caught
    level = matcher.by_id[caught.flag].level if caught else "none"
    return Finding(caught.flag, level, turn, caught.quote) if caught else None


def _unanswered(state: State, matcher: Matcher, newest: Reading) -> list[Finding]:
    """The finding that a question was about, unless the newest message says no."""
    if state.open is None:
        return []
    asked = state.open.finding
    half = matcher.by_id[asked.id].half
    denied = sum(c.rule.id == asked.id for c in matcher.denials(newest))
    if says_no(newest) or (half and (denied >= half.denied or clears(newest, half.cleared))):
        return []
    return [] if denied and not half else [asked]


def _adds(level: Level, findings: Sequence[Finding]) -> bool:
    """Whether a level is more than what is known already."""
    return LEVELS.index(level) > LEVELS.index(highest(findings))


def _open(
    state: State, matcher: Matcher, readings: Sequence[Reading], doubtful: Finding | None
) -> Open | None:
    """The one question of this turn: about a half-met rule, or what is doubtful and serious.

    An answer helps more than a question about what can wait.
    """
    known = {f.id for f in state.findings} | state.asked
    for match in matcher.find_half(readings):
        if match.rule.half and match.rule.id not in known:
            return Open(_finding(match), match.rule.half.question)
    if doubtful is None or doubtful.id in known or doubtful.level not in _SERIOUS:
        return None
    if not _adds(doubtful.level, state.findings):
        return None
    sign = matcher.by_id[doubtful.id].looks_for
    return Open(doubtful, QUESTION.format(sign=sign[0].lower() + sign[1:]))


def _corrections(
    matcher: Matcher, newest: Reading, turn: int, known: Sequence[Finding]
) -> tuple[Finding, ...]:
    """What the newest message takes back of what was found before: recorded, never obeyed."""
    if not known:
        return ()
    ids, first = {f.id for f in known}, leading(known)
    denied = (c for c in matcher.denials(newest) if c.rule.id in ids)
    taken = {c.rule.id: c.quote for c in reversed([*denied])}
    found = [Finding(flag, matcher.by_id[flag].level, turn, taken[flag]) for flag in taken]
    if not found and says(newest, "takes_back"):
        found = [Finding(first.id, first.level, turn, newest.text[:LONGEST_QUOTE])]
    return tuple(found)


def _finding(match: Match) -> Finding:
    return Finding(match.rule.id, match.rule.level, match.turn, match.quote)


def _decide(state: State, clinic: ClinicSettings, matcher: Matcher) -> Assessment:
    """What the bot does now."""
    rules = matcher.by_id
    level = highest(state.findings)
    done = Assessment(
        level, "none", state.findings, version=matcher.version, corrections=state.corrections
    )
    if highest(state.fresh) in _SERIOUS:
        return replace(done, action="stop", words=say(state.fresh, clinic, rules))
    again = None
    if state.findings:
        again = say(state.findings, clinic, rules, again=True, corrections=state.corrections)
    if again and level == "emergency" and not state.helped:
        unread = "" if state.english else f" {UNREAD}"
        return replace(done, action="stop", words=replace(again, why=again.why + unread))
    if not state.english:
        return replace(done, action="note", words=foreign(clinic, matcher.rules))
    if state.open:
        words = wondering(say((state.open.finding,), clinic, rules))
        return replace(done, action="ask", words=words, question=state.open.question)
    if state.fresh and level not in _SERIOUS:
        return replace(done, action="note", words=say(state.fresh, clinic, rules))
    return replace(done, action="remind" if state.findings else "none", words=again)


def _failed(messages: Sequence[str], clinic: ClinicSettings) -> Assessment:
    turn = max(len(messages) - 1, 0)
    finding = Finding("guard_error", "urgent", turn, "")
    return Assessment("urgent", "stop", (finding,), safe(clinic), version=VERSION)
