"""The words shown: hard-coded per level and flag, with the user's own words and local numbers."""

from collections.abc import Sequence

from bot.phones import phones
from bot.redflags import BY_ID
from bot.rule import Rule
from bot.settings import ClinicSettings
from bot.types import LEVELS, Finding, Level, Phone, SafetyWords

_HEADINGS: dict[Level, str] = {
    "emergency": "Get emergency help now",
    "urgent": "Get medical care today",
    "see_professional": "Have this looked at",
    "none": "",
}
_REMINDERS: dict[Level, str] = {
    "emergency": "Before anything else: have you got emergency help?",
    "urgent": "Reminder: this still needs medical care today",
    "see_professional": "Reminder: have this looked at",
    "none": "",
}
SAFE = SafetyWords(
    heading="Please speak to a medical professional",
    now="I could not check your message for warning signs just now. If you feel unwell, if your "
    "knee is hot, red or badly swollen, if you have a fever, or if you cannot put weight on your "
    "leg, get medical care today. With chest pain, breathlessness, a collapse, heavy bleeding or "
    "thoughts of harming yourself, call emergency services now.",
    why="The safety check itself failed, so I will not give advice that could be wrong for you.",
    avoid="Do not exercise on it until somebody has looked at it.",
)


def highest(findings: Sequence[Finding]) -> Level:
    """The highest level among findings; `none` where there are none."""
    return max((f.level for f in findings), key=LEVELS.index, default="none")


def leading(findings: Sequence[Finding]) -> Finding:
    """The finding whose words are shown: the first of the highest level."""
    return max(findings, key=lambda f: LEVELS.index(f.level))


def say(
    shown: Sequence[Finding],
    clinic: ClinicSettings,
    rules: dict[str, Rule] = BY_ID,
    *,
    again: bool = False,
    corrections: Sequence[Finding] = (),
) -> SafetyWords:
    """The words for findings; `again` where they were already shown in an earlier turn."""
    first = leading(shown)
    rule = rules[first.id]
    heading = (_REMINDERS if again else _HEADINGS)[first.level]
    return SafetyWords(
        heading=heading,
        now=rule.now,
        why=_why(shown, rules, corrections),
        avoid=rule.avoid,
        phones=phones(first.level, first.id, clinic),
        source=rule.source,
    )


def _why(shown: Sequence[Finding], rules: dict[str, Rule], corrections: Sequence[Finding]) -> str:
    told = "; ".join(f"“{f.quote}” ({rules[f.id].looks_for.lower()})" for f in shown)
    sentences = [f"You wrote: {told}."]
    if corrections:
        said = ", ".join(f"“{c.quote}”" for c in corrections)
        sentences.append(
            f"You now write {said}. I have noted that, but I cannot examine you, so a warning I "
            "have shown stays until a clinician has looked."
        )
    return " ".join(sentences)


def safe(clinic: ClinicSettings) -> SafetyWords:
    """The words when the guard itself fails."""
    numbers: tuple[Phone, ...] = phones("urgent", "", clinic)
    return SafetyWords(SAFE.heading, SAFE.now, SAFE.why, SAFE.avoid, numbers)
