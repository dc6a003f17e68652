"""`python -m bot.redflags.page > docs/red-flags.md`: the table of red flags, for a clinician."""

import sys
from collections.abc import Iterator

from bot.redflags.phones import CRISIS, URGENT
from bot.redflags.rule import Rule
from bot.redflags.table import RULES, VERSION
from bot.settings import EMERGENCY
from bot.types import Level, Phone

HEAD = """# Red flags

What the guard looks for before anything else is answered, what a visitor is then told, and what it
rests on. This page is made from the table that the program uses, by
`python -m bot.redflags.page > docs/red-flags.md`; a test keeps the two in step.

Version, of this table and of all words and weights that the guard reads beside it: `{version}`

The highest level that applies wins. What a visitor denies ("no fever"), what is past and resolved,
supposed, asked in general or means something else does not count. Doubt ("maybe"), playing down
("my coach says it's nothing"), jokes and another person as the patient never cancel a flag. A
warning once shown stays for the whole conversation; in an emergency no exercises follow until the
visitor has written that help was sought. A question of the guard is settled by a plain no alone.

Some of the wordings that a rule looks for are in harmless messages too ("hot" near "knee"). Such
a hint, and a sign that is told as past, supposed or asked in general, counts where the whole
message leans the same way: by the weights of its words, or by a trained reader. Each flag says how
many of its wordings count by themselves and how many are hints. How well all this works:
[guard.md](guard.md).

Read and approved by (name, registration, date): ______________________________
"""
TITLES: dict[Level, str] = {
    "emergency": "Emergency: an ambulance now",
    "urgent": "Urgent: medical care today",
    "see_professional": "See a professional: book an assessment; the answer follows underneath",
}


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD.format(version=VERSION), *_sections(), *_numbers()])


def _sections() -> Iterator[str]:
    for level, title in TITLES.items():
        yield f"## {title}\n"
        for rule in RULES:
            if rule.level == level:
                yield from _section(rule)


def _section(rule: Rule) -> Iterator[str]:
    yield f"### {rule.looks_for} (`{rule.id}`)\n"
    yield f"- Told now: {rule.now}"
    yield f"- Told not to: {rule.avoid}"
    yield f"- Rests on: {rule.source}"
    if rule.half:
        yield f"- Asked where half of it is there: {rule.half.question}"
    yield f"- Wordings: {len(rule.firm)} that count by themselves, {len(rule.hints)} hints"
    yield f"- Fires on: {_quoted(rule.yes)}"
    yield f"- Does not fire on: {_quoted(rule.no)}\n"


def _numbers() -> Iterator[str]:
    """Whom to call, by locale; a clinic's own phone comes beside these."""
    yield "## Numbers shown\n"
    yield "| locale | emergency | medical advice today | suicidal thoughts |"
    yield "| --- | --- | --- | --- |"
    for locale, emergency in EMERGENCY.items():
        advice = URGENT.get(locale)
        cells = (emergency, _phone(advice) if advice else "–", _phone(CRISIS[locale]))
        yield f"| {locale} | {' | '.join(cells)} |"
    yield ""


def _phone(phone: Phone) -> str:
    return f"{phone.number}: {phone.label}"


def _quoted(examples: tuple[str, ...]) -> str:
    return "; ".join(f"“{example}”" for example in examples)


if __name__ == "__main__":
    sys.stdout.write(page())
