"""What misspelt questions cost, with and without the repair of spelling (`bot/spelling.py`).

The errors are the same at every run: of the words of five letters or more, a share gets two letters
swapped, one left out, one doubled, or is run together with the next word.
"""

import argparse
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.build import IndexedBot, build_bot
from bot.rewrite import rewrite
from bot.settings import BotSettings
from evals.answers import GOALS, GOLDEN, ask, line, unguarded
from evals.cases import Case, load_cases

SHORT = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--cases", type=Path, default=GOLDEN / "answers-dev.yaml")
    parser.add_argument("--share", type=float, nargs="+", default=[0.0, 0.25, 0.5])


def main(options: argparse.Namespace) -> int:
    """Ask every case at each share of misspelt words, and print the goals."""
    repaired = unguarded(build_bot(BotSettings()))
    as_typed = without_repair(repaired)
    cases = [case for case in load_cases([options.cases]) if case.question]
    for share in options.share:
        typed = [misspell(case, share) for case in cases]
        for name, bot in (("as typed", as_typed), ("repaired", repaired)):
            outcomes = [ask(bot, case) for case in typed]
            lines = [line(goal, outcomes) for goal in GOALS[:5]]
            sys.stdout.write(f"{share:.0%} misspelt, {name}\n" + "\n".join(lines) + "\n")
    return 0


def without_repair(bot: IndexedBot) -> IndexedBot:
    """The bot that searches for what was typed."""
    parts = bot.parts()
    return replace(bot, _parts=replace(parts, rewrite=partial(rewrite, terms=bot.terms)))


def misspell(case: Case, share: float) -> Case:
    """The case with its question misspelt."""
    return case.model_copy(update={"question": misspelt(case.question or "", share)})


def misspelt(text: str, share: float) -> str:
    """The text with about the given share of its longer words misspelt."""
    chance = random.Random(text)
    typed: list[str] = []
    for word in text.split(" "):
        long = len(word) >= SHORT and word.isalpha()
        typed.append(
            chance.choice(ERRORS)(word, chance) if long and chance.random() < share else word
        )
    return " ".join(typed).replace("+ ", "").replace("+", "")


def _swap(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _drop(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _double(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at - 1] + word[at:]


def _join(word: str, _: random.Random) -> str:
    """Marks the word to be run together with the next."""
    return f"{word}+"


ERRORS: tuple[Callable[[str, random.Random], str], ...] = (_swap, _drop, _double, _join)
