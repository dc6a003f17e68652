"""The bot's events as JSON: what the stream sends, and what `/api/chat` gives back at once."""

from collections.abc import Iterator
from typing import Any

from bot.settings import ClinicSettings
from bot.types import (
    Answer,
    Assessed,
    Cited,
    Event,
    Level,
    Opened,
    Retrieved,
    Rewritten,
    SafetyWords,
    Source,
)
from bot.web.markup import lines
from bot.wire import guard_record, reply_record, safety_text

Record = dict[str, Any]


def name_of(event: Event) -> str:
    """The event's name on the wire: that of its class, in small letters."""
    return type(event).__name__.lower()


def event_record(event: Event, clinic: ClinicSettings) -> Record:
    """The event's data."""
    match event:
        case Assessed(found):
            words = {"action": found.action, "question": found.question, **_words(found.words)}
            return {**guard_record(found), **words, "booking": _booking(found.level, clinic)}
        case Rewritten(standalone):
            return {"standalone": standalone}
        case Retrieved(hits):
            return {"hits": [_hit(hit.passage.article, hit.passage.id, hit.score) for hit in hits]}
        case Opened(text):
            return {"text": text}
        case Cited(statement, sources):
            said = {"text": statement.text, "cites": list(statement.cites)}
            new = [_source(source) for source in sources]
            return {**said, "block": statement.block, "sources": new}
        case Answer():
            return answer_record(event, clinic)


def answer_record(answer: Answer, clinic: ClinicSettings) -> Record:
    """A reply as `docs/jsonl.md` describes it, with what a page needs to draw it."""
    return {
        **reply_record(answer),
        **_words(answer.words),
        "opening": answer.opening,
        "closing": answer.closing,
        "body": list(_body(answer)),
        "suggestions": list(answer.suggestions),
        "booking": _booking(answer.level, clinic),
    }


def _body(answer: Answer) -> Iterator[Record]:
    """The reply under its safety words, block by block."""
    for statement in answer.statements:
        yield {"block": statement.block, "text": statement.text, "cites": list(statement.cites)}
    if answer.kind == "red_flag" and answer.words is not None:
        return  # the words are all there is, and stand above
    if not answer.statements:
        text = _below(answer.text, answer.words)
        for line in lines(text):
            yield {"block": line.shape, "text": text[line.start : line.end], "cites": []}


def _below(text: str, words: SafetyWords | None) -> str:
    """The text without the safety words that it repeats at its top."""
    if words is None:
        return text
    return text.removeprefix(safety_text(words)).lstrip("\n")


def _words(words: SafetyWords | None) -> Record:
    if words is None:
        return {"words": None}
    phones = [{"label": phone.label, "number": phone.number} for phone in words.phones]
    texts = {key: getattr(words, key) for key in ("heading", "now", "why", "avoid", "source")}
    return {"words": {**texts, "phones": phones}}


def _booking(level: Level, clinic: ClinicSettings) -> str | None:
    """Where to book, for a visitor who should see a professional, but has time to."""
    return clinic.booking if level == "see_professional" else None


def _hit(article: str, passage: str, score: float) -> Record:
    return {"passage": passage, "article": article, "score": score}


def _source(source: Source) -> Record:
    keys = ("n", "article", "title", "section", "quote", "start", "end")
    return {key: getattr(source, key) for key in keys}
