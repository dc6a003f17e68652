"""The words shown: hard-coded per level and flag, with the user's own words and local numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.redflags.phones import phones
from bot.redflags.rule import Rule
from bot.settings import ClinicSettings
from bot.types import LEVELS, Finding, Level, SafetyWords

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

FOREIGN = SafetyWords(
    heading="I can check only English",
    now="I could not read your message, so I have not checked it for warning signs. Please write "
    "in English, or ask somebody to help. Get emergency help now for: {emergency}. Get medical "
    "care today for: {urgent}.",
    why="The safety check reads English only.",
    avoid="Do not exercise if any of these is true for you.",
)
UNREAD = "Your last message is not in English, so I have not checked it."


def highest(findings: Sequence[Finding]) -> Level:
    """The highest level among findings; `none` where there are none."""
    return max((f.level for f in findings), key=LEVELS.index, default="none")


def leading(findings: Sequence[Finding]) -> Finding:
    """The finding whose words are shown: the first of the highest level."""
    return max(findings, key=lambda f: LEVELS.index(f.level))


def say(
    shown: Sequence[Finding],
    clinic: ClinicSettings,
    rules: Mapping[str, Rule],
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
        booking=_booking(first.level, clinic),
    )


def _booking(level: Level, clinic: ClinicSettings) -> str:
    """Where to book, for who should be seen but has time; an alarm sends nobody to a form."""
    return clinic.booking or "" if level == "see_professional" else ""


def _why(
    shown: Sequence[Finding], rules: Mapping[str, Rule], corrections: Sequence[Finding]
) -> str:
    told = "; ".join(f"“{f.quote}” ({rules[f.id].looks_for.lower()})" for f in shown)
    sentences = [f"You wrote: {told}."]
    if corrections:
        said = ", ".join(f"“{c.quote}”" for c in corrections)
        sentences.append(
            f"You now write {said}. I have noted that, but I cannot examine you, so a warning I "
            "have shown stays until a clinician has looked."
        )
    return " ".join(sentences)


def wondering(words: SafetyWords) -> SafetyWords:
    """The words of a flag that one question is still open about."""
    return replace(words, heading="One question first, to be safe", now=f"If yes: {words.now}")


def foreign(clinic: ClinicSettings, rules: Iterable[Rule]) -> SafetyWords:
    """The words for a message that is not in English, with the list of serious flags."""
    signs: dict[Level, list[str]] = {}
    for rule in rules:
        signs.setdefault(rule.level, []).append(rule.looks_for[0].lower() + rule.looks_for[1:])
    told = FOREIGN.now.format(
        emergency="; ".join(signs["emergency"]), urgent="; ".join(signs["urgent"])
    )
    return replace(FOREIGN, now=told, phones=phones("urgent", "", clinic))


def safe(clinic: ClinicSettings) -> SafetyWords:
    """The words when the guard itself fails."""
    return replace(SAFE, phones=phones("urgent", "", clinic))
