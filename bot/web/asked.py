"""What a client sends, and the conversation it stands for, with every length bounded.

The client keeps the conversation. Of earlier replies only what was searched for and places in our
articles come back, and each quote is read from the article again: nothing a client writes is ever
taken for a grounded answer.
"""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict, Field

from bot.settings import Limits
from bot.types import Answer, Article, Conversation, Kind, Source, Turn
from bot.web.problems import conversation_too_long, invalid, message_too_long
from bot.web.reading import Mark, heading

LONGEST = 10_000
"""Characters of any text that is no message. Messages and their number are bounded by the request's
size, then by the settings' limits, whose problems have codes and sentences of their own."""


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PastSource(_Sent):
    """A source of an earlier reply, as the reply numbered it."""

    n: int = Field(ge=1, le=99)
    article: str = Field(max_length=200)
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class Past(_Sent):
    """An earlier message of the visitor, and what its reply was made of."""

    user: str = Field(min_length=1)
    kind: Kind = "answer"
    standalone: str = Field(default="", max_length=LONGEST)
    sources: tuple[PastSource, ...] = Field(default=(), max_length=20)


class Asked(_Sent):
    """A message and the conversation before it, oldest message first."""

    message: str = Field(min_length=1, examples=["Can I keep running?"])
    history: tuple[Past, ...] = ()


def conversation(asked: Asked, articles: Mapping[str, Article], limits: Limits) -> Conversation:
    """The conversation, checked against the limits.

    Raises:
        Problem: 422, too long or empty.
    """
    if not asked.message.strip():
        raise invalid("the message is empty.")
    if len(asked.history) + 1 > limits.messages:
        raise conversation_too_long(limits.messages)
    for text in (asked.message, *(past.user for past in asked.history)):
        if len(text) > limits.message_characters:
            raise message_too_long(len(text), limits.message_characters)
    turns = (Turn(past.user, _reply(past, articles)) for past in asked.history)
    return Conversation((*turns, Turn(asked.message)))


def _reply(past: Past, articles: Mapping[str, Article]) -> Answer:
    sources = tuple(_sources(past.sources, articles))
    return Answer(past.kind, "", standalone=past.standalone, sources=sources)


def _sources(sent: tuple[PastSource, ...], articles: Mapping[str, Article]) -> Iterator[Source]:
    """The sources that exist in today's articles."""
    for place in sent:
        article = articles.get(place.article)
        if article and place.start < place.end <= len(article.text):
            section = heading(article, Mark(place.start, place.end))
            quote = article.text[place.start : place.end]
            yield Source(place.n, article.id, article.title, section, quote, place.start, place.end)
