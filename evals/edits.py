"""What was edited between two runs' articles, by sentence, and which edit a case rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from evals.record import ArticleRecord, Result
from evals.texts import lines, states
from ingest.types import Article


@dataclass(frozen=True, slots=True)
class Swap:
    """A sentence and what stands in its place; one of them is empty where one came or went."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edit:
    """An article that differs between two runs."""

    article: str
    kind: Literal["added", "removed", "edited"]
    swaps: tuple[Swap, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a case may have changed: an edited article it rests on; `swap` is the very sentence."""

    article: str
    kind: Literal["added", "removed", "edited"]
    swap: Swap | None = None


def edits(
    before: Mapping[str, ArticleRecord], after: Mapping[str, ArticleRecord]
) -> tuple[Edit, ...]:
    """The articles that were added, removed or edited."""
    made: list[Edit] = []
    for name in sorted({*before, *after}):
        if name not in before:
            made.append(Edit(name, "added"))
        elif name not in after:
            made.append(Edit(name, "removed"))
        elif before[name].sha256 != after[name].sha256:
            swaps = tuple(_swaps(_texts(name, before[name]), _texts(name, after[name])))
            made.append(Edit(name, "edited", swaps))
    return tuple(made)


def _texts(name: str, record: ArticleRecord) -> list[str]:
    return [line.text for line in lines(Article(name, record.title, record.text))]


def _swaps(old: Sequence[str], new: Sequence[str]) -> Iterator[Swap]:
    for tag, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag != "equal":
            pairs = zip_longest(old[i:j], new[k:m], fillvalue="")
            yield from (Swap(gone, come) for gone, come in pairs)


def causes(before: Result, after: Result, made: Sequence[Edit]) -> tuple[Cause, ...]:
    """The edits that a changed case rests on, the surest first.

    Sure is an edit of a sentence that was shown, or that states what the case asks for. Otherwise
    an edited article counts that the case expects or that was cited.
    """
    sure = [
        Cause(e.article, e.kind, s) for e in made for s in e.swaps if _touched(s, before, after)
    ]
    if sure:
        return tuple(sure)
    near = {*before.case.articles, *(s.article for r in (before, after) for s in r.sources)}
    return tuple(Cause(e.article, e.kind) for e in made if e.article in near)


def _touched(swap: Swap, before: Result, after: Result) -> bool:
    if swap.old and any(swap.old in s.quote for s in before.sources):
        return True
    if swap.new and any(swap.new in s.quote for s in after.sources):
        return True
    phrases = [phrase for group in before.case.facts for phrase in group]
    return any(states(swap.old, p) != states(swap.new, p) for p in phrases)
