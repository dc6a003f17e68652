"""Thumbs and refusals: kept only where the clinic says so, and only what was really asked."""

import json
from pathlib import Path

import pytest

from bot.settings import BotSettings, LogSettings
from bot.web import texts
from bot.web.chat import Chat
from tests.web.fakes import FakeBot
from tests.web.test_chat import visit

STATIC = Path(texts.__file__).parent / "static"


def kept(file: Path) -> list[tuple[str, str, str]]:
    rows = [json.loads(row) for row in file.read_text(encoding="utf-8").splitlines()]
    return [(row["why"], row["question"], row["reason"]) for row in rows]


def test_nothing_is_kept_by_default(tmp_path: Path) -> None:
    settings = BotSettings(log=LogSettings(file=tmp_path / "gaps.jsonl"))
    chat = Chat(FakeBot(), settings)
    chat.rate("0 unclear", visit(chat, "guitar lessons"))
    assert not settings.log.file.exists()


def test_a_refusal_and_a_thumb_down_are_kept_where_the_clinic_says_so(tmp_path: Path) -> None:
    settings = BotSettings(log=LogSettings(gaps=True, file=tmp_path / "gaps.jsonl"))
    chat = Chat(FakeBot(), settings)
    chat.rate("0 unclear", visit(chat, "Can I run? mail ann@example.org", "guitar lessons"))
    assert kept(settings.log.file) == [
        ("refused", "guitar lessons", ""),
        ("thumbs_down", "Can I run? mail [email]", texts.REASONS["unclear"]),
    ]


@pytest.mark.parametrize("rated", ["", "0", "0 because", "7 unclear", "-1 unclear", "² unclear"])
def test_only_answers_that_were_given_can_be_rated(tmp_path: Path, rated: str) -> None:
    settings = BotSettings(log=LogSettings(gaps=True, file=tmp_path / "gaps.jsonl"))
    chat = Chat(FakeBot(), settings)
    chat.rate(rated, visit(chat, "Can I run?"))
    assert not settings.log.file.exists()


def test_the_page_offers_the_reasons_that_are_kept() -> None:
    script = (STATIC / "rate.js").read_text(encoding="utf-8")
    for key, words in texts.REASONS.items():
        assert f'{key}: "{words}"' in script


def test_the_privacy_notice_says_what_is_kept() -> None:
    off = texts.privacy(BotSettings())
    on = texts.privacy(BotSettings(log=LogSettings(gaps=True, days=14)))
    assert "writes none of them down" in off
    assert "for 14 days" in on
    assert "writes none" not in on
    for said in (off, on):
        assert "in its memory while this page is open and for up to an hour after" in said
        assert "for up to 7 days" in said
