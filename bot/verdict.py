"""The first line under a yes-or-no question or a claim, where the cited sentence settles it.

The sentence decides, never the question: a yes needs a sentence that says so without a condition,
an objection needs one that forbids, denies or names another figure for the same thing. In doubt
there is no line. `python -m evals verdicts` measures how often the line is right.
"""

import re
from dataclasses import dataclass

from bot import wording
from bot.stems import Figure, figures, plain, stems
from bot.terms import Terms

ABOUT, STATED, ALL = 0.6, 0.75, 0.99
"""Least share of the question's content words in a sentence that settles it, that states it, and
that urges exactly what is asked."""

_OPEN = re.compile(
    r"^(?:and |so |but |ok(?:ay)? |\W)*(?:how|when|where)\b|\b(?:what|whats|which|who|why|wat)\b"
)
_LEAVE = re.compile(
    r"\b(can|could|may|shall) (i|we|you|he|she|they|my \w+|someone|runners?)\b"
    r"|\b(ok|okay|fine|safe|alright|all right|allowed)\b|\bam i able\b"
)
_ADVICE = re.compile(
    r"\bshould (i|we|you|he|she|they|my \w+|runners?)\b|\b(do|will|would) (i|we|you)"
    r" (really |still )?(need|have to)\b|\bmust (i|we)\b|\bgoing to need\b"
    r"|\bworth\b|\bgood idea\b|\benough\b"
)
_HELPS = re.compile(r"\b(do|does|will|would|can|is|are|it|they|it's|its)\b.*\b(help|work|good)\b")
_FACT = re.compile(r"^(is|are|does|do|can|could|will) ")
_CLAIMS = re.compile(
    r"\b(right|correct|yes|yeah|ya|yep|true|innit|is that so|(is|are|does|do|has|was)(n't|nt) "
    r"(it|they|he|she))\W*$"
    r"|\b(i was|been|was|were) told\b|\b(they|people|some|everyone|everybody|coach|friend|mate"
    r"|dad|mum|mom|partner|guy|physio|article|articles|doctor|doc|source|sources|site) (all )?"
    r"(say|says|said|reckon|reckons|swears?|claims?|thinks?)\b|\bi (heard|read|thought)\b"
)
_FEARS = re.compile(
    r"\b(bad|harm\w*|danger\w*|damag\w*|wrong|avoid|stop|skip|worse|not|never|cant|dont|shouldnt"
    r"|without|give up|hurt my)\b|n't\b(?! (it|they|he|she)\W*$)"
)
_COMPARES = re.compile(r"\b(better|more|less|than|most|only|just|always|all|every\w*|same|or)\b|\d")
_RARELY = re.compile(r"\b(rarely|seldom|usually with no need|without surgery)\b")
_FORBIDS = re.compile(
    r"^(do not|don't|never|avoid|put off|stop|keep off)\b|\bnot (advised|recommended|ideal|the most"
    r"|real cures?|enough)\b|\bdoes you no good\b|\bworks against you\b|\bslows recovery\b"
    r"|\bwise to stop\b|\bneed more than\b|\bmakes? \S+(?: \S+)? worse\b|\bworse, because\b"
)
_CONDITION = re.compile(
    r"\b(if|unless|as long as|sometimes|depends?|potentially|only when|until|once)\b"
)
_IF = re.compile(r"\b(if|unless|as long as|sometimes|only when)\b")
_HEDGE = re.compile(r"\b(may|might|perhaps|possibly|probably|some|one theory|consider|but)\b")
_DENIES = re.compile(r"\b(not|no|never|rarely|seldom|less|hardly|cannot|without)\b|n't\b")
_TRIVIAL = re.compile(r"^(if|when) you (run with|have|return to running after) runner's knee,? ")
_GOOD = re.compile(r"\b(helps?|eas(e|es|ing)|good|great deal|lowers?|reduces?|cuts?|works? well)\b")
_URGES = re.compile(
    r"^(run|warm|massage|start|replace|stretch|begin|make|keep|do|be|see|go|switch|work|lower|add)\b"
    r"|\b(be sure to|should|it is smart to|critical to|best to|is a must|matters|is crucial"
    r"|switch to|you can)\b"
)
_HOURS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 730}
_BOUND = re.compile(
    r"(?P<least>\bat least\b)|(?P<most>\bat most\b|\bup to\b|\bno more than\b|\bas long as \d)"
    r"|(?P<stop>\b(?:higher|more) than (?=\d.*\bstop\b))"
)
_GENERAL = frozenset(
    "runner knee pain patellofemor ok safe good idea right correct fine need help articl coach"
    " enough alon itself told".split()
)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The rules, with the table of the subject's words."""

    terms: Terms

    def line(self, asked: str, sentence: str) -> str:
        """The line for a question that a sentence answers; empty where it settles nothing."""
        question, said = plain(asked), _TRIVIAL.sub("", plain(sentence))
        claims = _CLAIMS.search(question) is not None
        if _OPEN.search(question):
            return ""
        leave = bool(_LEAVE.search(question) or _ADVICE.search(question))
        about = self._about(question, said)
        if claims or leave:
            if _FEARS.search(question):
                return ""
            refused = wording.OTHERWISE if claims else wording.AGAINST
            figure = _figures(question, said, claims) if about >= ABOUT / 2 else None
            if figure is not None:
                return refused if figure else ""
            if _RARELY.search(said):
                return wording.RARELY if about >= ABOUT and not claims else ""
            if _FORBIDS.search(said) and not _IF.search(said):
                return refused if about >= ABOUT else ""
        if _LEAVE.search(question) and not claims and _CONDITION.search(said):
            asks_so = _CONDITION.search(question) or about < ABOUT
            return "" if asks_so or re.search(r"\d", question) else wording.DEPENDS
        return wording.YES if not claims and self._affirms(question, said, about) else ""

    def _affirms(self, question: str, said: str, about: float) -> bool:
        """Whether the sentence says yes, without a condition, a hedge or a denial."""
        doubts = (_CONDITION, _HEDGE, _DENIES, _FORBIDS)
        if _FEARS.search(question) or _COMPARES.search(question):
            return False
        if any(doubt.search(said) for doubt in doubts):
            return False
        if _LEAVE.search(question) or _ADVICE.search(question):
            return about >= ALL and bool(_URGES.search(said))
        if _HELPS.search(question):
            return about >= ABOUT and bool(_GOOD.search(said))
        return about >= STATED and bool(_FACT.search(question))

    def _about(self, question: str, said: str) -> float:
        """The share of the question's content words that the sentence has."""
        texts = (re.sub(r"\beach day\b|\bevery ?day\b", "daily", t) for t in (question, said))
        wanted, there = (set(stems(self.terms.canonical(t))) for t in texts)
        wanted = {stem for stem in wanted if stem not in _GENERAL and not stem.isdigit()}
        return len(wanted & there) / len(wanted) if wanted else 0.0


def _figures(question: str, said: str, claims: bool) -> bool | None:
    """Whether the sentence's figure speaks against the question's; None where none is comparable.

    Without a claim only a bound counts: at least, at most, "higher than 3 … stop".
    """
    given = [one for one in figures(question) if one.unit]
    for there in figures(said):
        for here in given:
            if _kind(here) == _kind(there):
                return _against(here, there, said, claims)
    return None


def _against(here: Figure, there: Figure, said: str, claims: bool) -> bool:
    low, high = _size(here.low, here.unit), _size(here.high, here.unit)
    least, most = _size(there.low, there.unit), _size(there.high, there.unit)
    bound = _BOUND.search(said)
    if bound and bound["least"]:
        return high < least
    if bound:
        return low > most
    return claims and (high < least or low > most)


def _kind(figure: Figure) -> str:
    return "time" if figure.unit in _HOURS else figure.unit


def _size(number: str, unit: str) -> float:
    return float(number) * _HOURS.get(unit, 1)
