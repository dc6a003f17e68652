"""Many visitors at once on one server: nobody waits for ever, nobody gets another's answer."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from bot.settings import Limits
from bot.types import Answer, Assessed, Assessment, Conversation, Event, Turn
from bot.web.answers import Answers
from bot.web.problems import Problem
from tests.web.fakes import FakeBot


@dataclass(frozen=True)
class Echo(FakeBot):
    """Says back what it was asked, after a moment in which others can get in between."""

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        yield Assessed(Assessment())
        threading.Event().wait(0.002)
        yield replace(Answer("answer", conversation.message), standalone=conversation.message)


@dataclass(frozen=True)
class Endless(FakeBot):
    """Never comes to an answer; counts how far it got."""

    steps: list[int] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        try:
            while len(self.steps) < 1000:
                self.steps.append(1)
                yield Assessed(Assessment())
                threading.Event().wait(0.01)
        finally:
            self.ended.set()


def asking(message: str) -> Conversation:
    return Conversation((Turn(message),))


async def told(answers: Answers, message: str) -> str:
    *_, last = [event async for event in answers.start(asking(message))]
    assert isinstance(last, Answer)
    return last.text


def test_fifty_visitors_get_their_own_answers() -> None:
    async def crowd() -> list[str]:
        answers = Answers(Echo(), Limits(at_once=4, waiting=50))
        return await asyncio.gather(*(told(answers, f"question {i}") for i in range(50)))

    assert asyncio.run(crowd()) == [f"question {i}" for i in range(50)]


def test_who_leaves_stops_the_work_and_frees_the_place() -> None:
    bot = Endless()

    async def leave() -> int:
        answers = Answers(bot, Limits(at_once=1, waiting=0))
        events = answers.start(asking("Can I run?"))
        await anext(aiter(events))
        await events.aclose()  # type: ignore[attr-defined]
        while answers.taken:
            await asyncio.sleep(0.01)
        return len(bot.steps)

    assert asyncio.run(leave()) < 20
    assert bot.ended.wait(5)


def test_who_comes_when_all_places_are_taken_is_told_so() -> None:
    async def full() -> None:
        answers = Answers(Endless(), Limits(at_once=1, waiting=0))
        first = answers.start(asking("Can I run?"))
        with pytest.raises(Problem) as caught:
            answers.start(asking("And I?"))
        assert caught.value.status == 503
        await first.aclose()  # type: ignore[attr-defined]

    asyncio.run(full())
