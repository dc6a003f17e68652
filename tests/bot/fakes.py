"""A small real bot: the shipped parts and model over a tiny corpus. And a scripted chat model."""

import time
from collections.abc import Iterator
from pathlib import Path

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from bot.build import IndexedBot, build_bot
from bot.settings import BotSettings, ClinicSettings
from bot.types import Answer, Conversation, Turn
from ingest.run import ingest
from ingest.settings import IndexSettings

STRETCHES = """---
title: Stretches that calm a sore knee
author: Ann Otter
credentials: physiotherapist
kind: clinician
language: en
---

# Stretches that calm a sore knee

## How do I do the calf stretch?

Hold the calf stretch for 12 seconds. Repeat the calf stretch 3 times.

## Can I run with runner's knee?

Running is possible with runner's knee if:

- The pain stays below 2 out of 10
- The pain is gone by the next morning

Do not run with runner's knee if:

- You limp
- The knee swells
"""
BRACES = """---
title: Braces and shoes
author: Ben Heron
kind: coach
language: en
---

# Braces and shoes

## Does a knee brace help?

A knee brace may help for a few weeks. A knee brace is not a cure.
"""


def write_corpus(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "stretches.md").write_text(STRETCHES, encoding="utf-8")
    (folder / "braces.md").write_text(BRACES, encoding="utf-8")
    return folder


def small_settings(folder: Path) -> BotSettings:
    index = IndexSettings(index=folder / "index", corpus=folder / "corpus")
    return BotSettings(index=index, clinic=ClinicSettings(name="Otter Clinic"))


def small_bot(folder: Path, model: Embeddings) -> IndexedBot:
    settings = small_settings(folder)
    write_corpus(settings.index.corpus)
    ingest((), settings.index, load=lambda _: model)
    return build_bot(settings, load=lambda _: model)


def ask(bot: IndexedBot, *messages: str) -> Answer:
    """The answer to the last message, the earlier ones answered before it."""
    history: tuple[Turn, ...] = ()
    for message in messages:
        *_, last = bot.stream(Conversation((*history, Turn(message))))
        assert isinstance(last, Answer)
        answer = last
        history = (*history, Turn(message, answer))
    return answer


class Scripted(BaseChatModel):
    """Streams its script piece by piece; an exception in it is raised, a number is waited for."""

    script: list[object]
    asked: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *_: object, **__: object) -> ChatResult:
        text = "".join(piece for piece in self.script if isinstance(piece, str))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    def _stream(
        self, messages: list[BaseMessage], *_: object, **__: object
    ) -> Iterator[ChatGenerationChunk]:
        self.asked.append(messages)
        for piece in self.script:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, float):
                time.sleep(piece)
            else:
                yield ChatGenerationChunk(message=AIMessageChunk(content=str(piece)))
