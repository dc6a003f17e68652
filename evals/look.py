"""One question, opened up: what was found, how it scored, what was chosen, dropped, and why.

For a page on which a content team asks; `evals.ask.ask` gives the trace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.types import Hit
from evals.ask import Trace

Fate = Literal["shown", "dropped by the judge", "not chosen"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence of a retrieved passage.

    `passage` is its passage's rank and `score` that passage's score; `cosine` and `coverage` are
    the sentence's own (None: not measured). Offsets are characters in the article's text.
    """

    passage: int
    article: str
    section: str
    sentence: str
    start: int
    end: int
    score: float
    cosine: float | None
    coverage: float | None
    fate: Fate


@dataclass(frozen=True, slots=True)
class Look:
    """A reply with its reasons; `signals` is what the decision to answer or refuse looked at."""

    searched: str
    level: str
    reason: str | None
    signals: Mapping[str, float]
    seen: tuple[Seen, ...]
    explanation: str


def look(trace: Trace) -> Look:
    """A trace as rows for a table and one sentence that says why the reply is what it is."""
    hits = trace.found.hits if trace.found else ()
    signals: dict[str, float] = {}
    if trace.found:
        signals = {"near": trace.found.near, "known": trace.found.known, **trace.found.odds}
    return Look(
        searched=trace.answer.standalone,
        level=trace.assessment.level,
        reason=trace.reason,
        signals=signals,
        seen=tuple(row for rank, hit in enumerate(hits, 1) for row in _rows(rank, hit, trace)),
        explanation=_explanation(trace),
    )


def _rows(rank: int, hit: Hit, trace: Trace) -> list[Seen]:
    return [
        Seen(
            passage=rank,
            article=hit.passage.article,
            section=hit.passage.section,
            sentence=sentence.text,
            start=sentence.start,
            end=sentence.end,
            score=hit.score,
            cosine=hit.cosines[i] if hit.cosines else None,
            coverage=hit.coverage[i] if hit.coverage else None,
            fate=_fate(hit.passage.article, sentence.start, sentence.text, trace),
        )
        for i, sentence in enumerate(hit.passage.sentences)
    ]


def _fate(article: str, start: int, text: str, trace: Trace) -> Fate:
    if text in trace.dropped:
        return "dropped by the judge"
    cited = (s for s in trace.answer.sources if s.article == article)
    return "shown" if any(s.start <= start < s.end for s in cited) else "not chosen"


def _explanation(trace: Trace) -> str:
    answer = trace.answer
    if answer.kind == "red_flag":
        flags = ", ".join(f"{f.id} (“{f.quote}”)" for f in answer.findings)
        return f"The guard stopped the message: {flags or answer.level}."
    if answer.kind == "chat":
        return "It asks nothing of the articles."
    if answer.kind == "answer":
        count = len(answer.statements)
        return f"Answered with {count} statement(s) from {len(answer.sources)} source(s)."
    if trace.reason:
        return f"Refused before anything was chosen: {trace.reason}."
    return "Refused: nothing that was chosen is supported by its source."
