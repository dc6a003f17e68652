"""Words, stems and figures."""

from bot.question import fits, kind_of
from bot.stems import Figure, figures, stems, words
from bot.terms import load_terms


def test_figures_are_read_with_their_units_however_they_are_written() -> None:
    weeks = {Figure("4", "6", "week")}
    assert figures("four to six weeks") == figures("4–6 weeks") == figures("4-6 wks") == weeks
    assert figures("twice a day") == {Figure("2", "2", "time")}
    assert figures("3/10") == figures("3 out of 10") == {Figure("3", "3", "of_ten")}


def test_words_lose_possessives_and_stems_lose_stop_words() -> None:
    assert words("The runner's Knees") == ["the", "runner", "knees"]
    assert stems("what are the running shoes for") == ("run", "shoe")


def test_lay_words_become_the_articles_words() -> None:
    terms = load_terms()
    assert terms.canonical("Clams for my quads") == "clamshells for my quadriceps"
    assert [m.term.term for m in terms.find("patella and calves")] == ["kneecap", "calf"]


def test_the_conditions_name_is_left_out_unless_nothing_else_is_asked() -> None:
    terms = load_terms()
    assert terms.focus("can i run with runner's knee") == "can i run"
    assert terms.focus("runner's knee") == "runner's knee"
    same = "is pfps the same as runner's knee"
    assert terms.focus(same) == same


def test_a_question_has_a_kind_and_an_answer_of_its_form_fits_best() -> None:
    kind = kind_of("how long should i ice it")
    assert kind is not None
    assert kind.name == "long"
    assert fits(kind, "Ice for 20 minutes.") > fits(kind, "Ice is cold.")
    assert fits(None, "Ice for 20 minutes.") == 0.0
