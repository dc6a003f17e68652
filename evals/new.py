"""Draft a case from the bot's present answer, for a person to correct.

Several messages make a dialogue. With --to the draft is put into a file of cases.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.settings import SettingsError
from bot.stems import stems
from bot.types import Answer
from evals.ask import TracedBot, ask
from evals.cases import Case, CasesError, name_for
from evals.edit import case_yaml, put_case
from evals.run import add_bot_arguments, build
from evals.texts import lines
from ingest.errors import IngestError
from ingest.types import Article

GROUPS = 2
"""Fact groups that a draft proposes: few, so that a person looks at each."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)?(?:\s*[–-]\s*\d+)?\s*(?:%|out of \d+|[a-z]+)?", re.IGNORECASE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("messages", nargs="+", metavar="MESSAGE", help="a question, or a dialogue")
    parser.add_argument("--to", type=Path, help="YAML file of cases to put the draft into")
    add_bot_arguments(parser)


def main(options: argparse.Namespace) -> int:
    """Print the draft; exit status 0, or 2 where the bot or the file cannot be used."""
    try:
        bot = build(options).bot
        answer = ask(bot, options.messages).answer
        case = draft(options.messages, answer, bot.articles.values())
        if options.to:
            put_case(options.to, case)
    except (CasesError, SettingsError, IngestError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(told(case, answer))
    if options.to:
        sys.stdout.write(f"# Put into {options.to}; correct it there.\n")
    return 0


def draft_for(bot: TracedBot, messages: Sequence[str]) -> Case:
    """Ask the bot and draft a case from what it says."""
    return draft(messages, ask(bot, messages).answer, bot.articles.values())


def draft(messages: Sequence[str], answer: Answer, articles: Iterable[Article]) -> Case:
    """A case that the answer passes: its articles, figures or rare words, refusal and level."""
    answered = answer.kind == "answer"
    values: dict[str, Any] = {
        "id": name_for(messages[-1]),
        "kind": _kind(messages, answer),
        "refused": not answered and answer.kind != "red_flag",
        "level": answer.level,
        "tags": ("draft",),
    }
    if len(messages) == 1:
        values["question"] = messages[0]
    else:
        values |= {"dialogue": tuple(messages), "standalone": answer.standalone}
    if answered:
        values["articles"] = tuple(dict.fromkeys(source.article for source in answer.sources))
        values["facts"] = facts([s.text for s in answer.statements], messages[-1], articles)
    return Case.model_validate(values)


def _kind(messages: Sequence[str], answer: Answer) -> str:
    if answer.kind == "red_flag":
        return "red_flag"
    if len(messages) > 1:
        return "follow-up"
    return "answerable" if answer.kind == "answer" else "unanswerable"


def facts(
    statements: Sequence[str], question: str, articles: Iterable[Article]
) -> tuple[tuple[str, ...], ...]:
    """A proposal: the first figures of the answer, else the rarest word of its first statement."""
    figures = [found[0].strip() for text in statements if (found := _FIGURE.search(text))]
    if figures:
        return tuple((figure,) for figure in dict.fromkeys(figures[:GROUPS]))
    counts = Counter(stem for a in articles for line in lines(a) for stem in set(stems(line.text)))
    asked, words = set(stems(question)), re.findall(r"[a-zA-Z]{4,}", " ".join(statements[:1]))
    rare = [
        (counts[own[0]], word) for word in words if (own := stems(word)) and own[0] not in asked
    ]
    return ((min(rare)[1].lower(),),) if rare else ()


def told(case: Case, answer: Answer) -> str:
    """The draft as YAML under what the bot said, for a person to read and correct."""
    rows = [f"[{s.n}] {s.article} › {s.section}: {s.quote}" for s in answer.sources]
    said = rows or [line for line in answer.text.splitlines() if line.strip()]
    head = ["A draft from the bot's present answer. Is it right? Correct what is not.", *said]
    comment = "\n".join(f"# {line}" for row in head for line in row.splitlines())
    return f"{comment}\n{case_yaml(case)}"
