"""A message with its words spelt as the articles spell them, for the search alone.

A word that neither English nor the example questions know becomes a word of the articles if one
edit away (two from nine letters on) and alike at its start; words run together are parted; short
forms of `bot/shorthand.yaml` are written out. The guard reads the message as typed, by rules of its
own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from bot.reading.words import Speller, read_english
from bot.stems import STOP, words
from bot.subjects import Table
from bot.terms import Terms
from bot.types import Conversation

TABLE = Path(__file__).with_name("shorthand.yaml")
SHORT = 5
"""Letters that a word must have to be repaired: shorter ones are near too many others."""
_TOKEN = re.compile(r"(?<![^\W_])[^\W\d_][^\W_]*(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The repair over one vocabulary."""

    speller: Speller

    def repair(self, message: str) -> str:
        """The message with misspelt words repaired; all else is left as typed."""
        return _TOKEN.sub(lambda match: self._word(match[0]), message)

    def read(self, conversation: Conversation) -> Conversation:
        """The conversation with its newest message repaired."""
        *earlier, last = conversation.turns
        return Conversation((*earlier, replace(last, user=self.repair(last.user))))

    def _word(self, typed: str) -> str:
        word = typed.lower()
        if word in self.speller.slang:
            return self.speller.slang[word]
        if len(word) < SHORT or not (word.isascii() and word.isalpha()):
            return typed
        meant = " ".join(self.speller.repair(word))
        return typed if meant == word else meant


def load_spelling(
    articles: Iterable[str], terms: Terms, subjects: Table, known: Iterable[str] = ()
) -> Spelling:
    """The repair towards the words of the articles, of the subject's table and of medicines.

    Args:
        articles: The articles' texts.
        terms: The subject's words.
        subjects: What lies elsewhere; its words are right as they are.
        known: More stems that are right although neither English nor the articles have them.

    Raises:
        pydantic.ValidationError: The short forms are not words to words.
    """
    names = (name for row in terms.rows for name in (row.term, *row.also))
    targets = {w for text in (*articles, *names, *subjects.medicine) for w in words(text)} | STOP
    elsewhere = {w for row in subjects.elsewhere.values() for text in row for w in words(text)}
    plain = frozenset(word for word in targets if word.isalpha())
    return Spelling(_speller(plain, frozenset(known) | elsewhere))


@lru_cache(maxsize=2)
def _speller(targets: frozenset[str], known: frozenset[str]) -> Speller:
    """One table of deletions for as long as articles and words stay the same."""
    short = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    given = TypeAdapter(dict[str, str]).validate_python(short)
    return Speller(targets, read_english() | known, given)
