"""Ask the bot as a visitor would, over its event stream, and keep all that it did on the way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.types import Answer, Assessed, Assessment, Conversation, Event, Found, Search, Turn
from ingest.types import Article

Stage = Callable[..., object]
Embed = Callable[[list[str]], Sequence[Sequence[float]]]


class TracedBot(Protocol):
    """A bot whose stages can be watched; `bot.build.IndexedBot` is one."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """The articles of the index in use, by id."""

    @property
    def generation(self) -> str:
        """The index generation in use."""

    def stream(
        self, conversation: Conversation, wrap: Callable[[str, Stage], Stage] | None = None
    ) -> Iterator[Event]:
        """Answer the last message; `wrap` is put around each stage, by name."""


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer and how it came about; None for what was not reached.

    `chosen` are the texts that were composed, `dropped` those of them, and of a chat model's
    sentences, that no source supports.
    """

    answer: Answer
    assessment: Assessment
    search: Search | None = None
    found: Found | None = None
    reason: str | None = None
    chosen: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(slots=True)
class _Watch:
    """Keeps what each stage returned: the newest, of searches the first."""

    seen: dict[str, Any] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    def wrap(self, name: str, stage: Stage) -> Stage:
        def watched(*arguments: Any) -> object:  # noqa: ANN401 - each stage has its own
            result = stage(*arguments)
            if name == "retrieve":  # a vague message is searched for and then an overview is
                self.seen.setdefault(name, result)
            else:
                self.seen[name] = result
            if name == "supported" and not result:
                self.dropped.append(str(arguments[0]))
            return result

        return watched


def ask(bot: TracedBot, messages: Sequence[str]) -> Trace:
    """Hold a conversation; the trace of its last reply."""
    history: tuple[Turn, ...] = ()
    for message in messages[:-1]:
        *_, reply = bot.stream(Conversation((*history, Turn(message))))
        history = (*history, Turn(message, reply if isinstance(reply, Answer) else None))
    watch = _Watch()
    events = list(bot.stream(Conversation((*history, Turn(messages[-1]))), watch.wrap))
    first, last = events[0], events[-1]
    if not isinstance(first, Assessed) or not isinstance(last, Answer):
        message = "A bot's first event is `Assessed` and its last an `Answer`."
        raise TypeError(message)
    drafts = watch.seen.get("compose") or ()
    return Trace(
        answer=last,
        assessment=first.assessment,
        search=watch.seen.get("rewrite"),
        found=watch.seen.get("retrieve"),
        reason=watch.seen.get("answerable"),
        chosen=tuple(s.text for draft in drafts for s in draft.unit.sentences),
        dropped=(*watch.dropped, *(last.written.dropped if last.written else ())),
    )


def assess(bot: TracedBot, messages: Sequence[str]) -> Assessment:
    """What the guard makes of a conversation; nothing after it is run."""
    events = bot.stream(Conversation(tuple(Turn(message) for message in messages)))
    first = next(events)
    if not isinstance(first, Assessed):
        message = "A bot's first event is `Assessed`."
        raise TypeError(message)
    return first.assessment
