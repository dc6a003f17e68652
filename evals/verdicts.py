"""Is the first line of an answer right? Yes-or-no questions with the verdict of the articles.

`golden/verdicts.jsonl`: rules may be read off the odd lines; the even ones measure.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot import wording
from bot.build import build_bot
from bot.settings import BotSettings
from evals.answers import GOLDEN, converse, unguarded

Said = Literal["yes", "no", "depends", "none"]
MEANS: dict[str, Said] = {
    wording.YES: "yes",
    wording.AGAINST: "no",
    wording.OTHERWISE: "no",
    wording.RARELY: "no",
    wording.DEPENDS: "depends",
}


class Question(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    verdict: Said


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and what the first line said."""

    asked: Question
    said: Said

    @property
    def right(self) -> bool:
        """Whether the line is the articles' verdict; silence is never wrong."""
        return self.said in ("none", self.asked.verdict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--questions", type=Path, default=GOLDEN / "verdicts.jsonl")
    parser.add_argument("--wrong", action="store_true", help="also print what was wrong, odd lines")


def main(options: argparse.Namespace) -> int:
    """Ask each question and print, for each half, how many lines were given and right."""
    bot = unguarded(build_bot(BotSettings()))
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    asked = [Question.model_validate(json.loads(line)) for line in lines]
    judged = [
        Judged(one, MEANS.get(converse(bot, (one.question,)).opening, "none")) for one in asked
    ]
    for name, half in (("odd lines", judged[::2]), ("even lines", judged[1::2])):
        sys.stdout.write(f"{name}: {summary(half)}\n")
    if options.wrong:
        sys.stdout.writelines(
            f"  {one.said}: {one.asked}\n" for one in judged[::2] if not one.right
        )
    return 0


def summary(judged: Sequence[Judged]) -> str:
    """How many lines were given, how many of them are right, and by verdict."""
    given = [one for one in judged if one.said != "none"]
    right = sum(one.right for one in given)
    share = f" ({100 * right / len(given):.0f} %)" if given else ""
    return (
        f"{len(judged)} questions, {len(given)} lines given, {right} right{share}; "
        f"by verdict {_counts(one.said for one in given)}"
    )


def _counts(values: Iterable[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(Counter(values).items()))
