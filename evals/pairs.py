"""How often the support check is wrong: statements beside sources, supported and not.

Each pair starts from a sentence of the articles. Supported ones say the same in other words;
altered ones change one thing that matters; unrelated ones cite another sentence. Most are made by
rule; those in `golden/pairs.yaml` were written by hand, half of them for measuring only.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.build import build_bot
from bot.settings import BotSettings
from bot.stems import stems
from bot.support import Support
from evals.answers import with_index
from evals.ask import Embed

Change = Callable[[str, int], str | None]
BY_HAND = Path(__file__).parent / "golden" / "pairs.yaml"
LEAST = (0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement, the source it cites, how it was made, and whether the source says it."""

    statement: str
    source: str
    made: str
    supported: bool


def _swap(pattern: str, *to: str) -> Change:
    """The first match replaced; by turns where several replacements are given."""
    found = re.compile(pattern, re.IGNORECASE)

    def change(text: str, turn: int) -> str | None:
        return found.sub(to[turn % len(to)], text, count=1) if found.search(text) else None

    return change


def _figure(text: str, turn: int) -> str | None:
    match = re.search(r"\d+", text)
    if match is None:
        return None
    return text[: match.start()] + str(int(match[0]) + 1 + turn % 5) + text[match.end() :]


def _turned(text: str, _: int) -> str | None:
    match = re.fullmatch(r"If ([^,]+), ([^,]+)\.", text)
    return f"{match[2][0].upper()}{match[2][1:]} if {match[1]}." if match else None


def _unconditional(text: str, _: int) -> str | None:
    match = re.fullmatch(r"If [^,]+, ([^,]+.*)", text)
    if match:
        return f"{match[1][0].upper()}{match[1][1:]}"
    match = re.fullmatch(r"(.{25,}?) (?:if|unless|as long as) .+\.", text)
    return f"{match[1]}." if match else None


SAME: Mapping[str, Change] = {
    "framed": lambda text, _: f"The article says that {text[0].lower()}{text[1:]}",
    "clause order": _turned,
    "range in words": _swap(r"(\d+)–(\d+)", r"\1 to \2"),
    "number in words": _swap(r"\b(?:twice|2 times)\b", "two times"),
    "lay word": _swap(r"\bquadriceps\b", "quads"),
    "clinical word": _swap(r"\bkneecap\b", "patella"),
    "condition's other name": _swap(r"runner's knee", "patellofemoral pain syndrome"),
    "physio": _swap(r"\bphysical therapist\b", "physiotherapist"),
    "small word": _swap(r"\b(and|but)\b", "and also"),
    "knee pain": _swap(r"\bpatellofemoral pain\b(?! syndrome)", "runner's knee"),
}
ALTERED: Mapping[str, Change] = {
    "figure changed": _figure,
    "not added": _swap(r"\b(is|can|should|may|will|helps?|does|are)\b", r"\1 not"),
    "not removed": _swap(r"\b(?:do not |does not |not |no )", ""),
    "condition dropped": _unconditional,
    "hedge dropped": _swap(r"\b(?:may|might|could|can)\b", "will"),
    "hedge word dropped": _swap(r"\b(?:usually|often|sometimes|rarely|generally|probably) ", ""),
    "direction turned": _swap(r"\b(?:lower|less|fewer|reduce|cut)\b", "raise", "more"),
    "direction turned down": _swap(r"\b(?:raise|more|higher|stronger|increase)\b", "less", "lower"),
    "order turned": _swap(r"\bbefore\b", "after"),
    "part swapped": _swap(r"\b(?:hips?|quads|quadriceps|calf|calves|glutes)\b", "hamstring"),
    "exercise swapped": _swap(r"\b(?:quadriceps stretch|calf stretch|quad sets)\b", "lunges"),
    "made certain": _swap(r"\b(?:many|most|some)\b", "all"),
}


def pairs(sentences: Sequence[str]) -> Iterator[Pair]:
    """All pairs that the sentences give, always the same."""
    for turn, text in enumerate(sentences):
        yield from _changed(text, turn, SAME, supported=True)
        yield from _changed(text, turn, ALTERED, supported=False)
        other = sentences[(turn * 37 + 101) % len(sentences)]
        if len(set(stems(other)) & set(stems(text))) <= len(set(stems(text))) / 2:
            yield Pair(text, other, "unrelated", supported=False)
        after = sentences[(turn + 1) % len(sentences)]
        if turn % 2 == 0 and set(stems(text)) - set(stems(after)):
            yield Pair(text, after, "source swapped", supported=False)


def _changed(
    text: str, turn: int, changes: Mapping[str, Change], *, supported: bool
) -> Iterator[Pair]:
    """The text's changed forms, without those that only move its words where that is an error."""
    for name, change in changes.items():
        made = change(text, turn) or text
        if made != text and (supported or set(_words(made)) != set(_words(text))):
            yield Pair(made, text, name, supported=supported)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


class Written(BaseModel):
    """A source with what was written about it by hand; `altered` is by what was changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    half: Literal["tune", "measure"]
    said: tuple[str, ...]
    altered: Mapping[str, str]


def by_hand(path: Path = BY_HAND) -> Iterator[Pair]:
    """The pairs that a person wrote, named by their half."""
    rows = TypeAdapter(tuple[Written, ...]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    for row in rows:
        name = f"by hand, {row.half}: "
        yield from (Pair(text, row.source, f"{name}said", supported=True) for text in row.said)
        for text in row.altered.values():
            yield Pair(text, row.source, f"{name}altered", supported=False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--index", type=Path, help="an index to take as it is")
    parser.add_argument(
        "--wrong", action="store_true", help="also print each wrong verdict, but of the last half"
    )
    parser.add_argument(
        "--similarity", action="store_true", help="also what a least cosine would change"
    )


def main(options: argparse.Namespace) -> int:
    """Judge all pairs and print the rates of each kind."""
    bot = build_bot(with_index(BotSettings(), options.index))
    lines = [line for article in bot.articles.values() for line in article.text.split("\n")]
    whole = (re.findall(r"[^.!?]{30,}[.](?=\s|$)", line) for line in lines if line[:1] != "#")
    sentences = [re.sub(r"^\W+", "", text) for found in whole for text in found]
    check = Support(bot.terms)
    made = (*pairs(sentences), *by_hand())
    judged = [Judged(pair, check.supported(pair.statement, [pair.source])) for pair in made]
    sys.stdout.write(report(judged, wrong=options.wrong))
    if options.similarity:
        sys.stdout.write(similarity(judged, bot.embedder.embed_documents))
    return 0


class Judged(NamedTuple):
    """A pair and the check's verdict."""

    pair: Pair
    accepted: bool

    @property
    def wrong(self) -> bool:
        """Whether the verdict is."""
        return self.accepted != self.pair.supported


def report(judged: Sequence[Judged], *, wrong: bool = False) -> str:
    """One line a kind: pairs, wrong verdicts and their share; then both rates over all."""
    lines = []
    for name in dict.fromkeys(pair.made for pair, _ in judged):
        lines.append(_line(name, [one.wrong for one in judged if one.pair.made == name]))
    for how, hand in (("by rule", False), ("by hand", True)):
        of = [one for one in judged if one.pair.made.startswith("by hand") is hand]
        for name, supported in (("false rejections", True), ("false acceptances", False)):
            errors = [one.wrong for one in of if one.pair.supported is supported]
            lines.append(_line(f"{how}: {name}", errors))
    if wrong:
        bad = [one.pair for one in judged if one.wrong and "measure" not in one.pair.made]
        lines += [f"{p.made}: {p.statement}\n    {p.source}" for p in bad]
    return "\n".join(lines) + "\n"


def similarity(judged: Sequence[Judged], embed: Embed) -> str:
    """What a least cosine of statement and source would cut of what the check accepts."""
    accepted = [pair for pair, verdict in judged if verdict]
    vectors = np.asarray(embed([t for pair in accepted for t in (pair.statement, pair.source)]))
    cosines = np.sum(vectors[::2] * vectors[1::2], axis=1)
    right = np.array([pair.supported for pair in accepted])
    rows = [
        f"  least cosine {least:.2f}: cuts {np.sum(cosines[~right] < least)} of {np.sum(~right)} "
        f"false acceptances, {np.sum(cosines[right] < least)} of {np.sum(right)} right ones"
        for least in LEAST
    ]
    return "\n".join(rows) + "\n"


def _line(name: str, errors: Sequence[bool]) -> str:
    share = f"{100 * sum(errors) / len(errors):5.1f} %" if errors else "    - "
    return f"  {name:<28}{len(errors):>5} pairs, wrong {sum(errors):>4}  {share}"
