"""The bot as a LangChain Runnable: invoke, stream, batch, and each stage traced under its name."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from langchain_core.callbacks import CallbackManagerForChainRun
from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda
from langchain_core.runnables.config import (
    ensure_config,
    get_callback_manager_for_config,
    patch_config,
)

from bot.build import IndexedBot
from bot.types import Answer, Conversation, Event, Turn

Input = str | Conversation
STREAMS = ("write",)
"""Stages that give their results one by one."""


class BotChain(Runnable[Input, Event]):
    """A question or a conversation in, events out; `invoke` gives the last one, the `Answer`."""

    def __init__(self, bot: IndexedBot) -> None:
        """Wrap a bot."""
        self.bot = bot

    def invoke(self, input: Input, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: ANN401
        """Answer; the stages run under the caller's callbacks."""
        events = list(self.stream(input, config, **kwargs))
        answer = events[-1]
        assert isinstance(answer, Answer)  # the bot's promise: the last event is the answer
        return answer

    def stream(
        self,
        input: Input,
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Iterator[Event]:
        """Yield the bot's events as they happen."""
        config = ensure_config(config)
        manager = get_callback_manager_for_config(config)
        run = manager.on_chain_start(None, input, name=config.get("run_name") or "kneewise")
        event: Event | None = None
        try:
            for event in self.bot.stream(_conversation(input), _tracer(config, run)):
                yield event
        except BaseException as error:
            run.on_chain_error(error)
            raise
        run.on_chain_end(event)


def _conversation(message: Input) -> Conversation:
    return Conversation((Turn(message),)) if isinstance(message, str) else message


def _tracer(
    config: RunnableConfig, run: CallbackManagerForChainRun
) -> Callable[[str, Callable[..., object]], Callable[..., object]]:
    """Puts a named Runnable around a stage, a child of the whole run."""
    child = patch_config(config, callbacks=run.get_child())

    def wrap(name: str, stage: Callable[..., Any]) -> Callable[..., object]:
        named = patch_config(child, run_name=name)
        if name in STREAMS:
            stream: Runnable[Any, Any] = RunnableGenerator(partial(_each, stage))
            return lambda *arguments: stream.stream(arguments, named)
        one: Runnable[Any, Any] = RunnableLambda(lambda arguments: stage(*arguments))
        return lambda *arguments: one.invoke(arguments, named)

    return wrap


def _each(
    stage: Callable[..., Iterator[object]], given: Iterator[tuple[object, ...]]
) -> Iterator[object]:
    """What a streaming stage yields, for each set of its arguments."""
    for arguments in given:
        yield from stage(*arguments)
