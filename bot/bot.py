"""The path of one message; read this first.

guard, small talk, rewrite, retrieve, judge, compose, verify: each stage is a function that
`bot/build.py` binds to its settings, index and models and hands over in `Parts`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from bot.types import Answer, Assessment, Conversation, Event
from ingest.types import Article


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
