"""The text of a reply, as the terminal and JSON lines give it."""

from bot.guard import assess
from bot.render import below, safety
from bot.settings import ClinicSettings
from bot.types import Answer
from bot.wire import reply_record

CLINIC = ClinicSettings(booking="https://clinic.example/book", phone="020 7946 0000")


def test_who_should_see_a_professional_reads_where_to_book() -> None:
    found = assess(["five weeks of pain under the kneecap, can i run tomorrow"], CLINIC)
    text = reply_record(below(found, Answer("answer", "It depends.")))["text"]
    assert "Book an appointment: https://clinic.example/book" in text
    assert text.index("020 7946 0000") < text.index("Book an appointment") < text.index("You wrote")
    assert text.endswith("It depends.")


def test_an_alarm_sends_nobody_to_a_form() -> None:
    found = assess(["my knee is hot and red and i have a fever"], CLINIC)
    assert found.level == "urgent"
    assert "book" not in safety(found).text.lower()


def test_without_a_booking_page_nothing_is_said_of_one() -> None:
    found = assess(["slight swelling after my 10k, can i run tomorrow"])
    assert "Book an appointment" not in below(found, Answer("answer", "It depends.")).text
