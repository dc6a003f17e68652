"""A chat model by name, and its text as it streams, on a clock.

The provider's package is an extra. What is named and cannot be had stops the start.
"""

import contextvars
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from bot.chat_settings import ChatSettings
from bot.settings import SettingsError

EXTRAS = ("openai", "ollama", "anthropic")
"""Providers whose package is an extra of this project, under the same name."""
Clock = Callable[[], float]
_Channel = queue.Queue[str | Exception | None]


class ModelFailed(Exception):  # noqa: N818 - reads as what happened
    """The model gave no answer in time or broke off; the message says why."""


def load_model(settings: ChatSettings) -> BaseChatModel | None:
    """The chat model of the settings, None where none is named.

    Raises:
        SettingsError: The provider is unknown, its package is not installed, or a key is missing.
    """
    if settings.model is None:
        return None
    provider, _, name = settings.model.partition(":")
    if not name:
        raise _unusable(settings, "It is not of the form `provider:model`.")
    # LangChain's factory takes most of a second to import, which runs without a model should not.
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(
            name, model_provider=provider, **_options(provider, settings)
        )
    except ImportError as error:
        raise _unusable(settings, _install(provider, error)) from error
    except Exception as error:  # each provider's package raises its own
        raise _unusable(settings, _reason(error)) from error
    return model


def _options(provider: str, settings: ChatSettings) -> dict[str, Any]:
    """The settings under the names that the provider's class knows."""
    options: dict[str, Any] = {"temperature": settings.temperature}
    if provider == "ollama":
        options["num_predict"] = settings.tokens
        options["client_kwargs"] = {"timeout": settings.seconds}
    else:
        # Nothing is tried twice: the quotes are at hand.
        options |= {"max_tokens": settings.tokens, "timeout": settings.seconds, "max_retries": 0}
    if settings.base_url is not None:
        options["base_url"] = settings.base_url
    key = _key(provider, settings)
    return options if key is None else {**options, "api_key": key}


def _key(provider: str, settings: ChatSettings) -> str | None:
    """The key to send; None leaves the provider's package to look into its usual variable."""
    if settings.api_key is not None:
        return settings.api_key.get_secret_value()
    if settings.api_key_variable is not None:
        key = os.environ.get(settings.api_key_variable)
        if not key:
            why = f"The environment variable {settings.api_key_variable}, named by"
            raise _unusable(settings, f"{why} chat.api_key_variable, is not set.")
        return key
    # A server of one's own must not be sent the key that the environment holds for the provider.
    return "none" if settings.base_url is not None and provider != "ollama" else None


def _unusable(settings: ChatSettings, why: str) -> SettingsError:
    return SettingsError(f"The chat model '{settings.model}' cannot be used. {why}")


def _install(provider: str, error: ImportError) -> str:
    if provider in EXTRAS:
        extra = f"the extra kneewise[{provider}], `pip install '.[{provider}]'` in its folder."
        return f"Its package is not installed: {extra}"
    return f"{_reason(error)} (Extras of this project: {', '.join(EXTRAS)}.)"


def _reason(error: Exception) -> str:
    """What the provider's package says, on one line, with what to look at."""
    said = " ".join(str(error).split()).partition(" For detailed docum")[0]
    return f"{said.rstrip('.')}. See docs/language-model.md."


def stream_text(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    seconds: float,
    clock: Clock = time.monotonic,
) -> Iterator[str]:
    """The model's text as it streams, by a thread of its own, so that a stalled model is left.

    Raises:
        ModelFailed: The model raised, or has not ended after `seconds`.
    """
    channel: _Channel = queue.Queue()
    gone = threading.Event()
    # The thread inherits the caller's context, so that the model's run is traced within its stage.
    run, arguments = contextvars.copy_context().run, (_stream, model, messages, channel, gone)
    threading.Thread(target=run, args=arguments, daemon=True, name="chat-model").start()
    deadline = clock() + seconds
    try:
        while (got := channel.get(timeout=max(0.0, deadline - clock()))) is not None:
            if isinstance(got, Exception):
                raise ModelFailed(type(got).__name__) from got
            yield got
    except queue.Empty:
        message = f"no answer within {seconds:g} seconds"
        raise ModelFailed(message) from None
    finally:
        gone.set()


def _stream(
    model: BaseChatModel, messages: Sequence[BaseMessage], channel: _Channel, gone: threading.Event
) -> None:
    """Puts the model's pieces into the channel, None at the end, or what was raised."""
    try:
        for chunk in model.stream(list(messages)):
            if gone.is_set():
                return
            if text := _text(chunk.content):
                channel.put(text)
        channel.put(None)
    except Exception as error:  # noqa: BLE001 - whatever a provider raises
        channel.put(error)


def _text(content: str | Sequence[str | Mapping[str, Any]]) -> str:
    """The text of a message's content, which some providers give in parts."""
    if isinstance(content, str):
        return content
    parts = (part if isinstance(part, str) else part.get("text", "") for part in content)
    return "".join(map(str, parts))
