"""The measure of first lines: silence is not wrong, and lines are counted by half."""

from evals.verdicts import Judged, Question, summary


def test_lines_that_were_given_are_counted_and_silence_is_never_wrong() -> None:
    yes, no = (Question(question="q", verdict=said) for said in ("yes", "no"))
    judged = [Judged(yes, "yes"), Judged(no, "yes"), Judged(no, "none")]
    assert [one.right for one in judged] == [True, False, True]
    assert summary(judged).startswith("3 questions, 2 lines given, 1 right (50 %)")
