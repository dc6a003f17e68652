"""The path of one message; read this first.

guard → small talk → rewrite → guard again → retrieve → judge → compose → verify. Each stage is a
function that `bot/build.py` binds to settings, index and models and hands over in `Parts`.
"""

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot import render, wording
from bot.compose import Draft
from bot.frame import Frame
from bot.judge import NEARBY, Reason, complains
from bot.simpler import easiest
from bot.types import (
    LEVELS,
    Answer,
    Assessed,
    Assessment,
    Cited,
    Conversation,
    Event,
    Finding,
    Found,
    Kind,
    Opened,
    Retrieved,
    Rewritten,
    Search,
    Source,
    Statement,
    Written,
)
from ingest.types import Article

Write = Callable[[Search, Sequence[Cited]], Iterator[Cited | Written]]


class Bot(Protocol):
    """What the chat page, the API, the evals and the terminal talk to."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles of the index in use, by id."""

    @property
    def generation(self) -> str:
        """The index generation in use."""

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        """Answer the conversation's last message; the last event is always an `Answer`."""


class Guard(Protocol):
    """What reads the user's messages."""

    def __call__(
        self, messages: Sequence[str], shown: Sequence[Sequence[Finding]] = (), /
    ) -> Assessment:
        """Assess the messages; what replies have shown, message by message, stays."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The stages, bound and ready, all for one generation of the index.

    `guard_meant` is the guard for the last message as it was understood: a question that stands by
    itself, so that nothing is read together with what came before.
    """

    guard: Guard
    guard_meant: Guard
    small_talk: Callable[[Conversation], Answer | None]
    rewrite: Callable[[Conversation], Search]
    retrieve: Callable[[Search], Found]
    answerable: Callable[[Search, Found], Reason | None]
    compose: Callable[[Search, Found, frozenset[str]], tuple[Draft, ...]]
    supported: Callable[[str, Sequence[str]], bool]
    articles: Mapping[str, Article]
    generation: str
    frame: Callable[[Search, Sequence[Statement], Sequence[Source]], Frame]
    explain: Callable[[Sequence[Statement]], str] = lambda _: ""
    write: Write | None = None
    quotes_first: bool = False


@dataclass(slots=True)
class _Clock:
    """Milliseconds by stage, for the answer's `ms`."""

    ms: dict[str, float] = field(default_factory=dict)
    start: float = field(default_factory=time.perf_counter)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.ms[name] = self.ms.get(name, 0.0) + 1000 * (time.perf_counter() - begin)

    def stop(self) -> dict[str, float]:
        total = 1000 * (time.perf_counter() - self.start)
        return {name: round(value, 2) for name, value in (*self.ms.items(), ("total", total))}


def reply(conversation: Conversation, parts: Parts) -> Iterator[Event]:
    """Answer the last message; the last event is always an `Answer`."""
    clock = _Clock()
    shown = [turn.reply.findings if turn.reply else () for turn in conversation.turns]
    with clock.stage("guard"):
        assessment = parts.guard(conversation.messages, shown)
    yield Assessed(assessment)
    if assessment.action in ("stop", "ask"):
        yield _finish(render.safety(assessment), assessment, parts, clock)
        return
    talk = parts.small_talk(conversation)
    if talk is not None:
        yield _finish(render.below(assessment, talk), assessment, parts, clock)
        return
    with clock.stage("rewrite"):
        search = parts.rewrite(conversation)
    for form in search.forms:
        with clock.stage("guard"):
            second = parts.guard_meant((*conversation.messages[:-1], form), shown)
        if second.action in ("stop", "ask") and _graver(second, assessment):
            yield _finish(render.safety(second), second, parts, clock)
            return
    yield Rewritten(search.standalone)
    yield from _answer(conversation, search, assessment, parts, clock)


def _graver(one: Assessment, other: Assessment) -> bool:
    return LEVELS.index(one.level) > LEVELS.index(other.level)


def _answer(
    conversation: Conversation, search: Search, assessment: Assessment, parts: Parts, clock: _Clock
) -> Iterator[Event]:
    """Retrieve, judge, compose, verify; refuse where nothing holds."""
    with clock.stage("retrieve"):
        found = parts.retrieve(search)
    yield Retrieved(found.hits)
    with clock.stage("compose"):
        reason = parts.answerable(search, found)
        drafts = _drafts(conversation, search, found, reason, parts)
        quotes = _quotes(drafts, parts)
    made = _made(search, quotes, reason, "", parts)
    if parts.write and quotes and not reason:
        with clock.stage("write"):
            made = yield from _written(search, quotes, made, parts.write, parts)
    else:
        yield from _sent(made, quotes)
    made = replace(made, standalone=search.standalone)
    yield _finish(render.below(assessment, made), assessment, parts, clock)


def _drafts(
    conversation: Conversation, search: Search, found: Found, reason: Reason | None, parts: Parts
) -> tuple[Draft, ...]:
    """What is quoted: the answer, or beside a refusal a few words on the symptom or the subject."""
    if reason == "vague":
        asked = (Search(question, question, brief=True) for question in wording.OVERVIEW)
        return tuple(
            d for one in asked for d in parts.compose(one, parts.retrieve(one), frozenset())[:1]
        )
    if reason == "diagnosis" and found.hits and found.hits[0].score >= NEARBY:
        search = replace(search, brief=True)
    elif reason:
        return ()
    if search.simple:
        found = easiest(found)
    return parts.compose(search, found, _shown(conversation, search))


def _written(
    search: Search, quotes: Sequence[Cited], quoted: Answer, write: Write, parts: Parts
) -> Generator[Event, None, Answer]:
    """The model's checked sentences; where nothing of it holds, the quotes.

    Quotes that are shown first stand there while the model writes; the answer takes their place.
    """
    if parts.quotes_first:
        yield from _sent(quoted, quotes)
    said: list[Cited] = []
    account = Written()
    for item in write(search, quotes):
        if isinstance(item, Written):
            account = item
            continue
        said.append(item)
        if not parts.quotes_first:
            yield item
    if not said and not parts.quotes_first:
        yield from _sent(quoted, quotes)
    note = wording.WRITTEN[bool(said), bool(account.failed)]
    return replace(_made(search, said or quotes, None, note, parts), written=account)


def _sent(quoted: Answer, quotes: Sequence[Cited]) -> Iterator[Event]:
    """The quotes under their opening, whose numbers are of sources that come with them."""
    if quoted.opening:
        yield Opened(quoted.opening)
    yield from quotes


def _made(
    search: Search, said: Sequence[Cited], reason: Reason | None, note: str, parts: Parts
) -> Answer:
    """The whole answer from what was said, or the words for having nothing to say."""
    statements = [cited.statement for cited in said]
    sources = [source for cited in said for source in cited.sources]
    if statements and reason:
        refused = wording.REFUSALS[reason].format(count=len(parts.articles))
        answers = reason == "vague" and complains(search.standalone)
        kind: Kind = "answer" if answers else "refusal"
        return render.answer(statements, sources, f"{refused} {wording.QUOTED[reason]}", kind=kind)
    if statements:
        frame = parts.frame(search, statements, sources)
        closing = ". ".join(filter(None, (note, frame.closing)))
        meanings = parts.explain(statements) if search.simple else ""
        opening = " ".join(filter(None, (meanings, frame.opening)))
        return render.answer(statements, sources, opening, closing)
    if reason is None and search.more:
        return Answer("chat", wording.NO_MORE.format(count=len(parts.articles)))
    return render.refusal(reason or "not_covered", len(parts.articles))


def _quotes(drafts: Sequence[Draft], parts: Parts) -> list[Cited]:
    """What is quoted, verified and numbered."""
    quotes: list[Cited] = []
    for draft in drafts:
        quotes += _cited(draft, sum(len(cited.sources) for cited in quotes), parts)
    return quotes


def _cited(draft: Draft, used: int, parts: Parts) -> Iterator[Cited]:
    """The draft's sentences that its sources support, numbered on from the sources in use.

    A source that is said to agree must support every sentence by itself.
    """
    texts = [sentence.text for sentence in draft.unit.sentences]
    agreeing = (u for u in draft.agreeing if all(parts.supported(t, [u.text]) for t in texts))
    units = (draft.unit, *agreeing)
    sources = tuple(
        render.source(used + i, unit, parts.articles) for i, unit in enumerate(units, 1)
    )
    numbers, quotes = tuple(s.n for s in sources), [s.quote for s in sources]
    new = sources
    for item in render.items(draft.unit.sentences):
        said = " ".join(s.text for s in item if parts.supported(s.text, quotes))
        if said:
            yield Cited(Statement(said, numbers, item[0].block), new)
            new = ()


def _shown(conversation: Conversation, search: Search) -> frozenset[str]:
    """Texts already quoted for the same question, so that "more" brings new ones."""
    replies = (turn.reply for turn in conversation.turns[:-1])
    same = (r for r in replies if r and search.more and r.standalone == search.standalone)
    return frozenset(source.quote for r in same for source in r.sources)


def _finish(answer: Answer, assessment: Assessment, parts: Parts, clock: _Clock) -> Answer:
    """The answer with what every answer carries."""
    return replace(
        answer,
        level=assessment.level,
        findings=assessment.findings,
        rules=assessment.version,
        generation=parts.generation,
        ms=clock.stop(),
    )
