"""The table of rules as one clinic uses it: levels raised, rules added, nothing taken away."""

from dataclasses import replace
from functools import lru_cache

from bot.reading.match import Matcher, shipped
from bot.redflags.raised import OwnRule
from bot.redflags.rule import Rule
from bot.redflags.table import RULES
from bot.settings import ClinicSettings
from bot.types import LEVELS, Level

_NOW: dict[Level, str] = {
    "emergency": "Call emergency services now, or have somebody near you call.",
    "urgent": "Get medical care today: an urgent care clinic, your doctor today, or an emergency "
    "unit.",
    "see_professional": "Book an assessment with a physiotherapist, sports physician or your "
    "doctor.",
    "none": "",
}
_AVOID = "Do not exercise on it until somebody has looked at it."


def matcher_for(clinic: ClinicSettings) -> Matcher:
    """The compiled rules of a clinic; the shipped ones where it changes nothing."""
    if not clinic.raised and not clinic.rules:
        return shipped()
    return _compiled(rules_for(clinic))


def rules_for(clinic: ClinicSettings) -> tuple[Rule, ...]:
    """The shipped rules with levels raised, and the clinic's own rules after them."""
    rising = sorted(clinic.raised, key=lambda entry: LEVELS.index(entry.level))
    raised = {entry.flag: entry.level for entry in rising}
    table = (_raised(rule, raised.get(rule.id, rule.level)) for rule in RULES)
    return (*table, *(_own(rule) for rule in clinic.rules))


def _raised(rule: Rule, level: Level) -> Rule:
    if LEVELS.index(level) <= LEVELS.index(rule.level):
        return rule
    return replace(rule, level=level, now=_NOW[level], avoid=_AVOID)


def _own(rule: OwnRule) -> Rule:
    return Rule(
        id=rule.id,
        level=rule.level,
        looks_for=rule.looks_for,
        patterns=rule.phrases,
        source="the clinic's own rule",
        now=_NOW[rule.level],
        avoid=_AVOID,
        yes=(),
        no=(),
    )


@lru_cache(maxsize=8)
def _compiled(rules: tuple[Rule, ...]) -> Matcher:
    return Matcher(rules)
