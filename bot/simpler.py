"""Simpler words for who asks for them: easier sentences first, and hard words explained.

Without a model nothing is rewritten: among the sentences that answer, the ones that read easily are
preferred, and a small table (`bot/glossary.yaml`) says what the words left over mean.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from bot import wording
from bot.types import Found, Hit, Statement

TABLE = Path(__file__).with_name("glossary.yaml")
EASY, COST, LEAST = 6.0, 0.03, 0.7
"""The grade up to which a sentence is easy, what each above it costs, and the least share kept."""
MOST = 4


@dataclass(frozen=True)
class Glossary:
    """What hard words mean."""

    meanings: Mapping[str, str]

    def explain(self, statements: Sequence[Statement]) -> str:
        """A line on the first hard words of an answer; empty where there are none."""
        said = " ".join(statement.text for statement in statements)
        at = {word: place for word in self.meanings if (place := _place(word, said)) is not None}
        told: dict[str, str] = {}
        for word in sorted(at, key=lambda word: (at[word], -len(word))):
            if self.meanings[word] not in told.values():
                told[word] = self.meanings[word]
        lines = [f"{word} – {meaning}" for word, meaning in list(told.items())[:MOST]]
        return wording.WORDS.format(words="; ".join(lines)) if lines else ""


def load_glossary(path: Path = TABLE) -> Glossary:
    """Read the table.

    Raises:
        pydantic.ValidationError: It is not a table of words and what they mean.
    """
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Glossary(TypeAdapter(dict[str, str]).validate_python(table))


def easiest(found: Found) -> Found:
    """What was found, with lower scores for hard sentences; a list is as hard as its hardest."""
    return replace(found, hits=tuple(_eased(hit) for hit in found.hits))


def grade(text: str) -> float:
    """The Flesch–Kincaid grade of one sentence (Kincaid et al., 1975)."""
    words = re.findall(r"[a-z']+", text.lower())
    if not words:
        return 0.0
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.removesuffix("e")))) for word in words)
    return 0.39 * len(words) + 11.8 * syllables / len(words) - 15.59


def _eased(hit: Hit) -> Hit:
    lists: dict[str, float] = {}
    for sentence in hit.passage.sentences:
        lists[sentence.lead] = max(lists.get(sentence.lead, 0.0), grade(sentence.text))
    grades = [lists[s.lead] if s.lead else grade(s.text) for s in hit.passage.sentences]
    shares = [max(LEAST, 1 - COST * max(0.0, each - EASY)) for each in grades]
    scores = hit.scores or hit.cosines
    return replace(hit, scores=tuple(s * share for s, share in zip(scores, shares, strict=False)))


def _place(word: str, said: str) -> int | None:
    match = re.search(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", said, re.IGNORECASE)
    return match.start() if match else None
