"""The guard through its public door."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import guard
from bot.guard import assess
from bot.redflags.table import VERSION
from bot.settings import ClinicSettings


def ids(*messages: str) -> list[str]:
    return [finding.id for finding in assess(messages).findings]


def test_an_emergency_stops_with_the_local_number_and_the_users_words() -> None:
    assessment = assess(["my chest feels tight since the bike"], ClinicSettings(locale="AU"))
    assert (assessment.level, assessment.action) == ("emergency", "stop")
    assert assessment.words is not None
    assert assessment.words.phones[-1].number == "000"
    assert "chest feels tight" in assessment.words.why


def test_an_ordinary_question_passes_in_silence() -> None:
    assessment = assess(["how long should i hold the quad stretch"])
    assert (assessment.level, assessment.action, assessment.words) == ("none", "none", None)


def test_a_see_professional_flag_is_a_note_above_the_answer() -> None:
    assessment = assess(["five weeks of pain under the kneecap, can i run tomorrow"])
    assert (assessment.level, assessment.action) == ("see_professional", "note")


def test_findings_combine_over_the_conversation() -> None:
    assessment = assess(["felt a pop in my knee yesterday", "now its puffed up, minutes after"])
    assert "pop_then_swelling" in {f.id for f in assessment.findings}
    assert assessment.level == "urgent"


def test_an_alarm_once_shown_stays_as_a_reminder() -> None:
    first = "my knee is hot and red"
    assessment = assess([first, "ok. how many clamshells a day?"])
    assert (assessment.level, assessment.action) == ("urgent", "remind")
    assert assessment.findings[0].turn == 0


def test_an_emergency_stays_at_stop_until_help_is_sought() -> None:
    first = "i have chest pain"
    assert assess([first, "anyway which stretch?"]).action == "stop"
    told = [first, "i called 999, they are on the way", "meanwhile which stretch?"]
    assert assess(told).action == "remind"


def test_a_correction_is_recorded_and_does_not_clear_the_alarm() -> None:
    assessment = assess(["my knee is hot and red", "no sorry, the knee is not hot"])
    assert assessment.level == "urgent"
    assert [(c.id, c.turn) for c in assessment.corrections] == [("hot_or_red", 1)]
    assert assessment.words is not None
    assert "not hot" in assessment.words.why


def test_a_half_met_rule_asks_one_question() -> None:
    assessment = assess(["i felt a pop in my knee on the run"])
    assert assessment.action == "ask"
    assert assessment.question == "Did the knee swell soon after that pop?"


@pytest.mark.parametrize(
    ("answer", "level"), [("yes it did", "urgent"), ("it was loud", "urgent"), ("no", "none")]
)
def test_an_unanswered_question_means_the_higher_level(answer: str, level: str) -> None:
    assert assess(["i felt a pop in my knee on the run", answer]).level == level


def test_self_harm_gets_a_crisis_line_first() -> None:
    words = assess(["i dont want to be alive anymore"], ClinicSettings(locale="US")).words
    assert words is not None
    assert words.phones[0].number == "988"


@pytest.mark.parametrize(
    "message",
    [
        "mi rodilla está hinchada y caliente desde ayer",
        "mon genou est rouge et chaud depuis hier que faire",
        "колено опухло и болит уже три дня",
        "膝がとても痛いです",
    ],
)
def test_other_languages_are_told_that_only_english_is_checked(message: str) -> None:
    words = assess([message]).words
    assert words is not None
    assert words.heading == "I can check only English"
    assert "chest" in words.now


@pytest.mark.parametrize(
    "message",
    [
        "my c h e s t hurts",
        "my chеst hurts",  # a Cyrillic letter
        "my ch\u200best hu\u00adrts",
        "MY CHEST HURTS",
        "my chset hurtss",
        "mychest hurts",
        "my \uff43\uff48\uff45\uff53\uff54 hurts",
        "my ch\u3164est h\u2800urts",  # fillers that show nothing
        "my \U0001f172\U0001f177\U0001f174\U0001f182\U0001f183 hurts",
        "my \u1d04\u029c\u1d07s\u1d1b hurts",  # small capitals
        "my \uabafhest hurts",  # Cherokee
        "c  h  e  s  t   p  a  i  n",
        "m y c h e s t h u r t s",
        "c/h/e/s/t p/a/i/n",
        "chestpainsincethismorning",
        "&#99;&#104;est pain since this morning",
        "my%20chest%20hurts",
        "my **che**st hurts",
        "#ChestPain since the hill",
        "my ch3st hurts",
        "<my chest hurts>",
        "my <chest> hurts",
        "<!-- my chest hurts -->",
    ],
)
def test_disguised_letters_do_not_slip_through(message: str) -> None:
    assert "chest_pain" in ids(message)


@pytest.mark.parametrize(
    "message",
    ["h o t and r e d knee", "my k.n.e.e is r.e.d and h.o.t", "mykneeisswollenandveryhot"],
)
def test_short_words_spelled_out_are_read(message: str) -> None:
    assert "hot_or_red" in ids(message)


def test_a_question_in_a_fancy_font_is_english() -> None:
    assert assess(["\U0001d41c\U0001d41a\U0001d427 \u24d8 run a half marathon"]).words is None


def test_a_mark_for_a_letter_is_read_and_a_missing_space_is_none() -> None:
    assert ids("i wanna k!ll myself") == ["self_harm"]
    assert ids("wow!it works") == []


def test_a_failure_inside_shows_the_safe_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(clinic: ClinicSettings) -> None:
        raise RuntimeError("injected")

    monkeypatch.setattr(guard, "matcher_for", broken)
    with caplog.at_level(logging.CRITICAL, logger="bot.guard"):
        assessment = assess(["can i run"])
    assert (assessment.level, assessment.action) == ("urgent", "stop")
    assert [f.id for f in assessment.findings] == ["guard_error"]
    assert assessment.words is not None
    assert assessment.version == VERSION


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=300), max_size=4))
def test_any_text_is_assessed_and_every_quote_is_the_users_own(messages: list[str]) -> None:
    assessment = assess(messages)
    assert "guard_error" not in {f.id for f in assessment.findings}
    assert all(f.quote in messages[f.turn] for f in assessment.findings)


@pytest.mark.parametrize(
    "hostile",
    [
        "no not never knee hot if my calf swells, " * 2500,
        "a" * 100_000,
        "(" * 50_000,
        "é́" * 40_000,
        "knee," + " " * 100_000,
    ],
)
def test_a_hundred_kilobytes_are_assessed(hostile: str) -> None:
    assert "guard_error" not in ids(hostile)


def test_the_same_conversation_gives_the_same_assessment() -> None:
    messages = ["knee popped", "it swelled", "no fever"]
    assert assess(messages) == assess(messages)
