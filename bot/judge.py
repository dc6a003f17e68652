"""Two verdicts: do the articles cover the question, and does a cited text say the sentence?"""

import re
from collections.abc import Sequence
from typing import Literal

from bot.types import Found, Search
from bot.stems import figures, plain, stems

Reason = Literal["medicine", "not_covered"]

NEAR, KNOWN = 0.62, 0.3
"""Least cosine with the question put under the articles' topic, least share of its words known."""
COVERED = 0.8

_MEDICINE = re.compile(
    r"\b(\w+(profen|oxib|caine|cillin|cetamol|aminophen|proxen|clofenac|codone|tramadol|prednis\w+)"
    r"|aspirin|codeine|nsaids?|pain ?killers?|pain ?relief (pills?|tablets?)|advil|aleve|tylenol|motrin"
    r"|voltaren|nurofen|panadol|celebrex|calpol|medication|medicines?|drugs?|tablets?|pills?|mg|dosage"
    r"|anti-?inflammator(y|ies)( (pills?|drugs?|gel|tablets?|cream))?|steroids?|cortisone|opioids?"
    r"|injections?|prp|cbd|glucosamine|turmeric|collagen|supplements?|creams?|gels?|antibiotics?)\b"
)
_NEGATION = re.compile(r"\b(not|no|never|n't|nor|without|rarely|seldom|unless|avoid)\b|n't\b")


def answerable(search: Search, found: Found) -> Reason | None:
    """None where the articles cover the question, else why it is refused."""
    if _MEDICINE.search(plain(search.standalone)):
        return "medicine"
    if found.near < NEAR or found.known < KNOWN:
        return "not_covered"
    return None


def supported(text: str, quotes: Sequence[str]) -> bool:
    """Whether the cited quotes say the text.

    A text that stands in a quote is supported. Otherwise every figure of the text must be in the
    quotes, negation must agree, and 80 % of its content words must be there.
    """
    if any(text in quote for quote in quotes):
        return True
    evidence = " ".join(quotes)
    if not figures(text) <= figures(evidence):
        return False
    if bool(_NEGATION.search(plain(text))) != bool(_NEGATION.search(plain(evidence))):
        return False
    wanted, there = set(stems(text)), set(stems(evidence))
    return bool(wanted) and len(wanted & there) / len(wanted) >= COVERED
