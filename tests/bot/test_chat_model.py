"""A chat model by name: what cannot be had stops the start, with what to do."""

import sys
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from bot.chat_model import ModelFailed, load_model, stream_text
from bot.chat_settings import ChatSettings
from bot.settings import SettingsError
from tests.bot.fakes import Scripted

ASKED = [HumanMessage("How long?")]


def test_no_model_named_means_no_model() -> None:
    assert load_model(ChatSettings()) is None


def test_an_unknown_provider_is_named() -> None:
    with pytest.raises(SettingsError, match=r"'nosuch:model' cannot be used.*nosuch"):
        load_model(ChatSettings(model="nosuch:model"))


def test_a_name_without_provider_says_the_form() -> None:
    with pytest.raises(SettingsError, match=r"'gpt-5' .*provider:model"):
        load_model(ChatSettings(model="gpt-5"))


@pytest.mark.parametrize("provider", ["openai", "ollama", "anthropic"])
def test_a_package_that_is_not_installed_is_named_by_its_extra(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, f"langchain_{provider}", None)
    with pytest.raises(SettingsError, match=rf"kneewise\[{provider}\]"):
        load_model(ChatSettings(model=f"{provider}:some-model"))


def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(SettingsError, match="NO_SUCH_KEY"):
        load_model(ChatSettings(model="openai:some-model", api_key_variable="NO_SUCH_KEY"))


def loaded(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> dict[str, Any]:  # noqa: ANN401
    """What reaches LangChain's factory."""
    seen: dict[str, Any] = {}

    def factory(name: str, **options: object) -> Scripted:
        seen.update(options, name=name)
        return Scripted(script=[])

    monkeypatch.setattr("langchain.chat_models.init_chat_model", factory)
    load_model(ChatSettings(**settings))
    return seen


def test_the_key_comes_from_the_variable_that_the_settings_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLINIC_KEY", "abc")
    seen = loaded(monkeypatch, model="openai:some-model", api_key_variable="CLINIC_KEY")
    assert (seen["name"], seen["model_provider"], seen["api_key"]) == (
        "some-model",
        "openai",
        "abc",
    )


def test_a_server_of_ones_own_never_gets_the_providers_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "the real one")
    seen = loaded(monkeypatch, model="openai:mine", base_url="http://127.0.0.1:1/v1")
    assert seen["api_key"] == "none"


def test_ollama_is_told_length_and_time_under_its_own_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = loaded(monkeypatch, model="ollama:some-model", tokens=99, seconds=7)
    assert (seen["num_predict"], seen["client_kwargs"]) == (99, {"timeout": 7})


def test_text_comes_in_the_pieces_it_was_streamed_in() -> None:
    assert list(stream_text(Scripted(script=["a ", "b"]), ASKED, 5.0)) == ["a ", "b"]


def test_a_stalled_model_is_left() -> None:
    with pytest.raises(ModelFailed, match=r"0\.2 seconds"):
        list(stream_text(Scripted(script=["a", 2.0, "b"]), ASKED, 0.2))


def test_an_error_is_named_by_its_kind() -> None:
    with pytest.raises(ModelFailed, match="ConnectionError"):
        list(stream_text(Scripted(script=[ConnectionError("secret address")]), ASKED, 5.0))
