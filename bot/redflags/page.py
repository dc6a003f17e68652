"""`python -m bot.redflags.page > docs/red-flags.md`: the table of red flags, for a clinician."""

import sys
from collections.abc import Iterator

from bot.redflags.rule import Rule
from bot.redflags.table import RULES, VERSION
from bot.types import Level

HEAD = """# Red flags

What the guard looks for before anything else is answered, what a visitor is then told, and what it
rests on. This page is made from the table that the program uses, by
`python -m bot.redflags.page > docs/red-flags.md`; a test keeps the two in step.

Version of the table: `{version}`

The highest level that applies wins. What a visitor denies ("no fever"), what is past and resolved,
supposed, asked in general or means something else does not count. Doubt ("maybe"), playing down
("my coach says it's nothing"), jokes and another person as the patient never cancel a flag. A
warning once shown stays for the whole conversation.

Some of the wordings that a rule looks for are in harmless messages too ("hot" near "knee"). Such
a hint, and a sign that is told as past, supposed or asked in general, counts where the whole
message leans the same way: by the weights of its words, or by a trained reader. How well all this
works:
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
    return "\n".join([HEAD.format(version=VERSION), *_sections()])


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
    yield f"- Fires on: {_quoted(rule.yes)}"
    yield f"- Does not fire on: {_quoted(rule.no)}\n"


def _quoted(examples: tuple[str, ...]) -> str:
    return "; ".join(f"“{example}”" for example in examples)


if __name__ == "__main__":
    sys.stdout.write(page())
