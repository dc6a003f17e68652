"""What a question is about besides the articles: signs by which the judge tells its cases apart.

The words are in `bot/subjects.yaml`; a content team extends them without touching code.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.stems import plain

TABLE = Path(__file__).with_name("subjects.yaml")

_DIAGNOSIS = re.compile(
    r"\bdiagnos(e|is)\b.*\b(me|my|please|pls|give|what)\b|\b(give|tell|what'?s?)\b.*\bdiagnosis\b"
    r"|\bwhat('?s| is| has| have)? (wrong|going on|up) (with|in)\b"
    r"|\bwhat (have|has|did) \w+ (got|done|torn)\b|\bwhat (ive|i've|he's|she's) (got|done|torn)\b"
    r"|\b(have|did|has) (i|he|she) (\w+ )?(got|torn|tear|tore|broken?|ruptured?|sprained|dislocated"
    r"|fractured?|damaged?|pulled|popped)\b|^(do|does|have) (i|he|she|my \w+) (have|got)\b"
    r"|\b(is|are) (it|this|that|these|mine) (a |an |my |just |cancer|gout|arthritis|torn|broken"
    r"|infected|permanent)|\bam i (\w+ing|going to be|ok)\b|\bdoes this sound like\b"
    r"|\bwhich (injury|ligament|of my)\b|\bwhat is it$|\bin my case\b"
    r"|\b(interpret|read) (it|this|my (mri|scan|x-?ray|report|results?))\b"
    r"|\bwhy does my (left|right)?\s?knee\b.*\b(yrs|years|since)\b"
)
_COMMAND = re.compile(
    r"\b(ignore|disregard|forget|override|bypass)\b.*\b(instructions?|rules?|articles?|prompts?"
    r"|safety|sources?|everything|above|knee stuff|limits?)\b|\bsystem prompt\b|\byou are now\b"
    r"|\bpretend\b|\bact as\b|\brole ?play\b|^\W*(system|assistant|developer)\s*:"
    r"|\b(hidden|secret) (prompt|instructions?)\b|\bjailbreak\b|\bdan mode\b|\bgeneral knowledge\b"
    r"|\bno (limits|restrictions)\b|\bfrom now on,? you\b"
    r"|\b(print|reveal|repeat) your\b|\bjust confirm\b"
)
_WITHOUT = re.compile(
    r"\b(without|no|not|instead of|rather than|other than|besides|apart from)( \w+)? $"
)


class Table(BaseModel):
    """The file's format: words by what they are about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    medicine: tuple[str, ...]
    elsewhere: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Signs:
    """How often a message shows each sign."""

    medicine: int
    elsewhere: int
    diagnosis: int
    command: int

    @property
    def values(self) -> tuple[float, ...]:
        """The counts, for the learnt gate."""
        return tuple(map(float, (self.medicine, self.elsewhere, self.diagnosis, self.command)))


@dataclass(frozen=True)
class Subjects:
    """The tables as patterns, `elsewhere` without the words that the articles have."""

    medicine: re.Pattern[str]
    elsewhere: re.Pattern[str]

    def signs(self, message: str) -> Signs:
        """What of it a message shows."""
        text = plain(message)
        return Signs(
            medicine=sum(
                not _WITHOUT.search(text[: m.start()]) for m in self.medicine.finditer(text)
            ),
            elsewhere=len(self.elsewhere.findall(text)),
            diagnosis=int(bool(_DIAGNOSIS.search(text))),
            command=int(bool(_COMMAND.search(text))),
        )


def load_table(path: Path = TABLE) -> Table:
    """Read the words alone."""
    return Table.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def load_subjects(articles: Iterable[str] = (), path: Path = TABLE) -> Subjects:
    """Read the tables; words of `elsewhere` that the articles' texts have are left out.

    Raises:
        pydantic.ValidationError: A table is missing or an unknown one is there.
    """
    table = load_table(path)
    texts = plain("\n".join(articles))
    words = [word for words in table.elsewhere.values() for word in words]
    foreign = [word for word in words if not _occurs(word, texts)]
    return Subjects(_pattern(table.medicine), _pattern(foreign))


def _occurs(word: str, texts: str) -> bool:
    """Whether the word is there; its beginning is found a hundred times faster than a pattern."""
    return plain(word).partition("*")[0] in texts and bool(_pattern([word]).search(texts))


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words, the longest first; nothing where there are none."""
    spelt = [re.escape(plain(word)).replace(r"\*", r"[\w'-]*") for word in words]
    longest = "|".join(sorted(spelt, key=len, reverse=True)) or r"(?!)"
    return re.compile(rf"(?<![\w-])(?:{longest})(?![\w-])")
