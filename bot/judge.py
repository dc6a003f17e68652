"""Do the articles cover the question? `bot/support.py` judges what is said."""

import re
from typing import Literal

from bot.stems import plain
from bot.types import Found, Search

Reason = Literal["medicine", "diagnosis", "off_topic", "vague", "not_covered"]

ANSWERED = 0.4
"""Least odds of being answerable. `docs/decisions-answers.md` has the curve it was chosen on."""
NEAR, KNOWN = 0.56, 0.3
"""Where nothing was learnt for the model in use: least cosine with the question put under the
articles' topic, least share of its words known."""
VERY_NEAR, ALL_KNOWN = 0.78, 0.95
"""A question this near to a sentence, in words the articles use, is answered whatever the odds: an
added article counts from its first day."""
REASONS: dict[str, Reason] = {
    "medicine": "medicine",
    "diagnosis": "diagnosis",
    "off_topic": "off_topic",
    "vague": "vague",
}
NEARBY = 0.6
"""Least score of a passage that is quoted beside a refusal to diagnose."""


_COMPLAINT = re.compile(r"\bknees?\b|kneecap|\bpain|\bhurt|\bsore\b|\bach(e|es|ing|y)\b")


def complains(message: str) -> bool:
    """Whether a vague message at least says that a knee hurts, and so gets the overview."""
    return _COMPLAINT.search(plain(message)) is not None


def answerable(search: Search, found: Found) -> Reason | None:
    """None where the articles cover the question, else why it is refused."""
    odds = found.odds
    if not odds:
        return "not_covered" if found.near < NEAR or found.known < KNOWN else None
    if odds.get("answerable", 0.0) >= ANSWERED:
        return None
    reason = max((label for label in odds if label != "answerable"), key=lambda label: odds[label])
    covered = found.near >= VERY_NEAR and found.known >= ALL_KNOWN
    if covered and reason in ("close", "off_topic"):
        return None
    return REASONS.get(reason, "not_covered")
