"""What kind of question a message asks, and what an answer to it looks like.

Each kind is one row: what the question says, what a sentence that answers it says. The kinds steer
which sentence comes first; they never add or remove one (`docs/decisions.md` has the figures).
"""

import re
from dataclasses import dataclass

from bot.stems import Figure, figures, plain

TIME = {"second", "minute", "hour", "day", "week", "month", "year"}


@dataclass(frozen=True, slots=True)
class Kind:
    """`asks` is searched in the question, `answers` in a sentence; `units` are figures' units."""

    name: str
    asks: re.Pattern[str]
    answers: re.Pattern[str] | None = None
    units: frozenset[str] = frozenset()


def _kind(name: str, asks: str, answers: str = "", units: set[str] | None = None) -> Kind:
    pattern = re.compile(answers) if answers else None
    return Kind(name, re.compile(asks), pattern, frozenset(units or ()))


_PROFESSIONAL = r"doctor|physio\w*|physical therap\w+|professional|medical|specialist|clinic\w*"

KINDS = (
    _kind(
        "see",
        rf"\b(when|should|do|need|time|worth|must|have to)\b.*\b(see|seeing|visit|consult|go to"
        rf"|call"
        rf"|get|book|need)\b.*\b({_PROFESSIONAL}|gp|mri|x-?ray|scan|checked|help|seen)\b"
        r"|\bred flags?\b|\b(worry|worried|serious)\b",
        rf"\b({_PROFESSIONAL}|urgent|evaluat\w+|consult\w*)\b",
    ),
    _kind(
        "often",
        r"\bhow (often|frequent\w*|many (times|days|sessions|runs))\b|\bper (day|week)\b"
        r"|\b(every ?day|daily|each day|times a (day|week))\b|\bfrequency\b",
        r"\b(times?|twice|once|daily|every day)\b.*\b(day|week)\w*\b|\bdaily\b|\bevery (day|run)\b"
        r"|\brest days?\b",
        {"time"},
    ),
    _kind(
        "long",
        r"\bhow (long|soon|quick\w*|fast|many (weeks|days|months|minutes|seconds|hours))\b"
        r"|\bwhen (will|can|could|am|may)\b|\b(recovery|healing) time\b|\btime ?(line|frame)\b"
        r"|\bduration\b|\bhow much time\b|\btake to\b",
        r"\b(weeks?|days?|months?|hours?|minutes?|seconds?|once|until)\b",
        TIME,
    ),
    _kind(
        "amount",
        r"\bhow (many|much|far|hard|high|heavy)\b|\bwhat (percent\w*|number|level|pain level"
        r"|share)\b"
        r"|\b(reps|sets)\b",
        r"\d",
        {"rep", "set", "percent", "km", "mile", "of_ten", "time", ""},
    ),
    _kind(
        "may",
        r"\b(can|could|may|should|shall|must|do) (i|we|you|he|she|they|my \w+|someone|runners?)\b"
        r"|\b(is|are|would) (it|that|this|there|\w+ing)\b.*\b(ok|okay|safe|fine|bad|good|alright|"
        r"all right|possible|allowed|dangerous|worth|harmful|wise)\b|\bdo i (need|have)\b"
        r"|\b(ok|okay|safe|allowed|alright) to\b|\b(does|do|will|is|are)\b.*\b(help|work|hurt"
        r"|harm)\b",
        r"\b(can|could|should|may|might|avoid|stop|never|safe|possible|unless|if|okay|fine|do not|"
        r"not recommended|need|rarely|help\w*|recommend\w*)\b",
    ),
    _kind(
        "why",
        r"\bwhy\b|\bcauses?\b|\bcaused\b|\breasons?\b|\bhow come\b|\bdue to\b|\bwhere does\b",
        r"\b(causes?|caused|because|reasons?|leads?|due|linked|result\w*|comes? from"
        r"|contribut\w+)\b",
    ),
    _kind(
        "how",
        r"\bhow (do|does|can|should|would|could|is|are|to)\b|\bsteps?\b|\bshow me\b|\bexplain\b"
        r"|\btechnique\b|\bwalk me through\b|\binstructions?\b",
        r"^(stand|sit|lie|place|hold|press|lean|grab|keep|do|use|start|put|bend|pull|warm|run"
        r"|cut)\b",
    ),
    _kind(
        "what",
        r"\bwhat(s|'s)? (is|are|does|do|was)?\b|\bwhich\b|\bdefin\w+\b|\bmean(s|ing)?\b|\btell "
        r"me about\b",
        r"\b(is|are|means?|called|refers?|known|include\w*)\b",
    ),
)


_LISTED = (
    r"(exercises?|stretches|moves|drills|symptoms|signs|causes|reasons|factors|muscles|tips|mistakes"
    r"|situations|steps|surfaces|shoes|red flags|strengtheners|theories)"
)
_LIST = re.compile(
    rf"\b(what|which|whats|what's|name|list|give me|tell me|show me|any|some)\b.*\b{_LISTED}\b"
    r"|\b(checklist|bullet points|list (of|them|all|the|every)|in a list)\b"
)


def wants_list(question: str) -> bool:
    """Whether the question asks for several things by name."""
    return _LIST.search(plain(question)) is not None


def kind_of(question: str) -> Kind | None:
    """The first kind whose question pattern matches, or None."""
    text = plain(question)
    return next((kind for kind in KINDS if kind.asks.search(text)), None)


def fits(kind: Kind | None, sentence: str) -> float:
    """How well a sentence has the form of an answer: 1 figure and form, 0.5 form, 0 neither."""
    if kind is None:
        return 0.0
    form = bool(kind.answers and kind.answers.search(plain(sentence)))
    if not kind.units:
        return 0.5 if form else 0.0
    return 1.0 if form and _has_unit(figures(sentence), kind.units) else 0.25 if form else 0.0


def _has_unit(found: frozenset[Figure], units: frozenset[str]) -> bool:
    return any(figure.unit in units for figure in found)
