"""The time of a full answer without a model beside that of one bare query embedding."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.bot import Bot
from bot.build import build_bot
from bot.settings import BotSettings
from bot.types import Conversation, Turn
from bot.vectors import bare
from evals.answers import GOLDEN, with_index
from evals.cases import load_cases

WARM = 20
"""Questions asked before any is counted: "after start"."""
TIMES, PLUS = 1.5, 10.0
"""An answer may take so many times a bare embedding, plus so many milliseconds."""


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds: on the clock, and of the processor, which others' work disturbs less."""

    clock: float
    processor: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--cases", type=Path, default=GOLDEN / "answers-dev.yaml")
    parser.add_argument("--index", type=Path, help="an index to take as it is")


def main(options: argparse.Namespace) -> int:
    """Measure and print; exit status 1 where the median answer takes longer than it may."""
    bot, model = build_bot(with_index(BotSettings(), options.index)), bare()
    questions = list(dict.fromkeys(case.turns[0] for case in load_cases([options.cases])))
    # In turn, so that what else the machine does falls on both alike.
    pairs = [
        (took(partial(model.embed_query, question)), took(partial(answer, bot, question)))
        for question in questions
    ]
    return tell(*zip(*pairs[WARM:], strict=True))


def answer(bot: Bot, question: str) -> None:
    """Ask a question on its own and take every event."""
    list(bot.stream(Conversation((Turn(question),))))


def took(work: Callable[[], object]) -> Took:
    """The time of one piece of work."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Took(1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor))


def tell(embedded: Sequence[Took], answered: Sequence[Took]) -> int:
    """Write medians and the bound; the exit status."""
    sys.stdout.write(f"{len(answered)} questions, medians in milliseconds\n")
    over = False
    for name in ("clock", "processor"):
        bare, full = (_median(times, name) for times in (embedded, answered))
        bound = TIMES * bare + PLUS
        over |= name == "clock" and full > bound
        sys.stdout.write(
            f"{name + ':':<11} embedding {bare:5.1f}, answer {full:5.1f}, "
            f"at most {bound:5.1f} (embedding x {TIMES} + {PLUS:.0f})\n"
        )
    return int(over)


def _median(times: Sequence[Took], name: str) -> float:
    return statistics.median(float(getattr(one, name)) for one in times)
