"""The red-flag guard: a conversation in, an assessment out. Runs before anything else.

Pure: no model, no index, no I/O at assessment. It reads every message of the user from the first,
so that the same conversation always gives the same assessment.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

from bot.match import Match, Matcher, shipped
from bot.net import Net
from bot.redflags import VERSION
from bot.say import highest, safe, say
from bot.settings import ClinicSettings
from bot.types import Assessment, Finding

_LOG = logging.getLogger(__name__)
_SERIOUS = ("urgent", "emergency")


@dataclass(frozen=True, slots=True)
class State:
    """What is known after a turn: findings so far, those of this turn, and what is open."""

    findings: tuple[Finding, ...] = ()
    fresh: tuple[Finding, ...] = ()
    pending: Finding | None = None
    question: str | None = None
    corrections: tuple[Finding, ...] = ()
    asked: frozenset[str] = frozenset()
    helped: bool = False


def assess(
    messages: Sequence[str], clinic: ClinicSettings = ClinicSettings(), net: Net | None = None
) -> Assessment:
    """Assess a conversation from the user's messages, oldest first; the last one is new.

    Never raises: whatever goes wrong inside, the answer is the safe message (fail closed).
    Without a `net` the rules stand alone.
    """
    try:
        return _assess(tuple(messages), clinic, net)
    except Exception:
        _LOG.exception("The guard failed; the safe message is shown.")
        return _failed(messages, clinic)


def _assess(messages: tuple[str, ...], clinic: ClinicSettings, net: Net | None) -> Assessment:
    matcher = shipped()
    turns = range(1, len(messages) + 1)
    state = reduce(lambda s, n: _step(s, messages[:n], matcher, net), turns, State())
    return _decide(state, clinic)


def _step(state: State, messages: tuple[str, ...], matcher: Matcher, net: Net | None) -> State:
    """The state after one more message."""
    readings = tuple(matcher.read(message) for message in messages)
    turn, newest = len(messages) - 1, readings[-1]
    known = {f.id for f in state.findings}
    fresh = [_finding(m) for m in matcher.find(readings) if m.rule.id not in known]
    said = set(newest.mentions)
    if state.pending and "cue_no" not in said and state.pending.id not in {f.id for f in fresh}:
        fresh.append(state.pending)
    halves = [m for m in matcher.find_half(readings) if m.rule.id not in known | state.asked]
    half = halves[0] if halves and not fresh else None
    corrections = tuple(
        Finding(c.rule.id, c.rule.level, turn, c.quote)
        for c in matcher.denials(newest)
        if c.rule.id in known
    )
    return State(
        findings=(*state.findings, *fresh),
        fresh=tuple(fresh),
        pending=_finding(half) if half else None,
        question=half.rule.half.question if half and half.rule.half else None,
        corrections=(*state.corrections, *corrections),
        asked=state.asked | ({half.rule.id} if half else set()),
        helped=state.helped or "help_sought" in said,
    )


def _finding(match: Match) -> Finding:
    return Finding(match.rule.id, match.rule.level, match.turn, match.quote)


def _decide(state: State, clinic: ClinicSettings) -> Assessment:
    """What the bot does now."""
    level = highest(state.findings)
    base = Assessment(level, "none", state.findings, version=VERSION, corrections=state.corrections)
    if highest(state.fresh) in _SERIOUS:
        return replace(base, action="stop", words=say(state.fresh, clinic))
    again = (
        say(state.findings, clinic, again=True, corrections=state.corrections)
        if state.findings
        else None
    )
    if level == "emergency" and not state.helped:
        return replace(base, action="stop", words=again)
    if state.question and state.pending:
        return replace(
            base, action="ask", words=say((state.pending,), clinic), question=state.question
        )
    if level in _SERIOUS:
        return replace(base, action="remind", words=again)
    if state.fresh:
        return replace(base, action="note", words=say(state.fresh, clinic))
    return replace(base, action="remind" if state.findings else "none", words=again)


def _failed(messages: Sequence[str], clinic: ClinicSettings) -> Assessment:
    turn = max(len(messages) - 1, 0)
    finding = Finding("guard_error", "urgent", turn, "")
    return Assessment("urgent", "stop", (finding,), safe(clinic), version=VERSION)
