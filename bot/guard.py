"""The red-flag guard: a conversation in, an assessment out. Runs before anything else.

No model, no index, no network. It reads every message of the user from the first,
so that the same conversation always gives the same assessment.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from bot.net import LONGEST_QUOTE, Net, Opinion, load_net
from bot.reading.language import is_english
from bot.reading.match import Match, Matcher, Reading
from bot.reading.minimising import without_comfort
from bot.redflags.clinic import matcher_for
from bot.redflags.say import foreign, highest, safe, say, wondering
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
    messages: Sequence[str], clinic: ClinicSettings = _NOBODY, net: Net | None = None
) -> Assessment:
    """Assess a conversation from the user's messages, oldest first; the last one is new.

    Never raises: whatever goes wrong inside, the answer is the safe message (fail closed).
    Without a `net` the rules stand alone, their hints beside the weights of the words.
    """
    try:
        return _assess(tuple(messages), clinic, net)
    except Exception:  # noqa: BLE001 - fail closed, whatever it is
        _LOG.exception("The guard failed; the safe message is shown.")
        return _failed(messages, clinic)


def _assess(messages: tuple[str, ...], clinic: ClinicSettings, net: Net | None) -> Assessment:
    matcher = matcher_for(clinic)
    turns = range(1, len(messages) + 1)
    state = reduce(lambda s, n: _step(s, messages[:n], matcher, net), turns, State())
    return _decide(state, clinic, matcher)


def _step(state: State, messages: tuple[str, ...], matcher: Matcher, net: Net | None) -> State:
    """The state after one more message."""
    readings = tuple(matcher.read(message) for message in messages)
    turn, newest = len(messages) - 1, readings[-1]
    known = {f.id for f in state.findings}
    opinion = _judge(net, matcher, readings)
    fresh = [_finding(m) for m in matcher.find(readings) if m.rule.id not in known]
    fresh += _unanswered(state, newest, {f.id for f in fresh})
    hints = (_finding(m) for m in matcher.find_hints(readings) if m.rule.id in opinion.leans)
    fresh += [f for f in hints if f.id not in known | {f.id for f in fresh}]
    caught = _caught(opinion, matcher, turn)
    if caught and opinion.very_sure and _adds(caught.level, (*state.findings, *fresh)):
        fresh.append(caught)
    serious = highest(fresh) in _SERIOUS
    doubtful = caught if not fresh else None
    open_ = None if serious else _open(state, matcher, readings, doubtful)
    return State(
        findings=(*state.findings, *fresh),
        fresh=tuple(fresh),
        open=open_,
        corrections=(*state.corrections, *_corrections(matcher, newest, turn, known)),
        asked=state.asked | ({open_.finding.id} if open_ else set()),
        helped=state.helped or "help_sought" in newest.mentions,
        english=is_english(newest),
    )


def _judge(net: Net | None, matcher: Matcher, readings: Sequence[Reading]) -> Opinion:
    """What the net makes of the newest message, as written and without playing-down.

    Without a net, only what the words lean to.
    """
    if net is None:
        return Opinion(leans=_judge(load_net(), matcher, readings).leans)
    newest, before = readings[-1], readings[:-1]
    as_written = net.judge(newest, before)
    plain = without_comfort(newest.text)
    if plain == newest.text or not plain:
        return as_written
    both = as_written | net.judge(matcher.read(plain), before)
    if both.caught and both.caught.quote not in newest.text:
        caught = replace(both.caught, quote=newest.text[:LONGEST_QUOTE])
        return replace(both, caught=caught)
    return both


def _caught(opinion: Opinion, matcher: Matcher, turn: int) -> Finding | None:
    """What the net caught, as a finding."""
    caught = opinion.caught
    level = matcher.by_id[caught.flag].level if caught else "none"
    return Finding(caught.flag, level, turn, caught.quote) if caught else None


def _unanswered(state: State, newest: Reading, fresh: set[str]) -> list[Finding]:
    """The finding that a question was about, unless the newest message says no."""
    if state.open is None or state.open.finding.id in fresh:
        return []
    return [] if "cue_no" in newest.mentions else [state.open.finding]


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
    matcher: Matcher, newest: Reading, turn: int, known: set[str]
) -> tuple[Finding, ...]:
    """What the newest message denies of what was found before: recorded, never obeyed."""
    if not known:
        return ()
    denied = (c for c in matcher.denials(newest) if c.rule.id in known)
    return tuple(Finding(c.rule.id, c.rule.level, turn, c.quote) for c in denied)


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
    if not state.findings and not state.english:
        return replace(done, action="note", words=foreign(clinic, matcher.rules))
    again = None
    if state.findings:
        again = say(state.findings, clinic, rules, again=True, corrections=state.corrections)
    if level == "emergency" and not state.helped:
        return replace(done, action="stop", words=again)
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
