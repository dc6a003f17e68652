"""Does each row of the table of lay words do good? Questions from the examples, row by row.

For each row of `bot/terms.yaml`, the example questions that use one of its other words are searched
with the table and with that row taken out. What is counted is how many find, among the first three
passages, one with a sentence that answers them. What was learnt is left out: it knows the
questions.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.build import build_bot, build_searcher
from bot.retrieve import Searcher
from bot.settings import BotSettings
from bot.stems import plain
from bot.terms import Term, Terms
from bot.types import Search
from evals.train import QUESTIONS, Question, read

PASSAGES = 3
"""How many passages count as found."""


@dataclass(frozen=True, slots=True)
class Worth:
    """A row, how many questions use its lay words, and how many find an answer."""

    term: Term
    asked: int
    with_row: int
    without: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--all", action="store_true", help="also rows that change nothing")


def main(options: argparse.Namespace) -> int:
    """Print each row's worth, and the sums."""
    bot = build_bot(BotSettings())
    searcher = replace(build_searcher(BotSettings(), bot.embedder, bot.terms), learnt=None)
    questions = [question for question in read(options.questions) if question.says]
    found = [worth(term, searcher, questions) for term in bot.terms.rows]
    for one in sorted(found, key=lambda w: w.without - w.with_row):
        if options.all or one.with_row != one.without:
            sys.stdout.write(
                f"{one.term.term:<32}{one.asked:>4}{one.without:>5}{one.with_row:>5}\n"
            )
    sums = [sum(getattr(w, name) for w in found) for name in ("asked", "without", "with_row")]
    sys.stdout.write("{:<32}{:>4}{:>5}{:>5}\n".format("all rows", *sums))
    return 0


def worth(term: Term, searcher: Searcher, questions: Sequence[Question]) -> Worth:
    """What a row is worth on the questions that use its lay words."""
    only = Terms((term,))
    using = [q for q in questions if _lay(q.question, only)]
    rest = replace(searcher, terms=Terms(tuple(t for t in searcher.terms.rows if t is not term)))
    counts = [sum(_finds(one, q) for q in using) for one in (searcher, rest)]
    return Worth(term, len(using), *counts)


def _lay(question: str, only: Terms) -> bool:
    text = plain(question)
    return any(text[m.start : m.end] != plain(m.term.term) for m in only.find(text))


def _finds(searcher: Searcher, question: Question) -> bool:
    """Whether one of the first passages holds a sentence that answers."""
    hits = searcher.find(Search(question.question, question.question)).hits[:PASSAGES]
    return any(
        sentence.text.startswith(opening)
        for hit in hits
        for opening in question.says.get(hit.passage.article, ())
        for sentence in hit.passage.sentences
    )
