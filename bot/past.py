"""What a follow-up may go back to: an earlier exchange, what was asked and what was answered."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.stems import stems, words
from bot.terms import Mention, Term, Terms
from bot.types import Source, Turn

JOIN = " – "
TOPIC = ": "
ACKNOWLEDGES = re.compile(
    r"^(((ok(ay)?|yeah|yes|yep|oh|ah|cheers|thought so|thanks|thank you|ta|got it|hm+|i see|lol"
    r"|haha|makes sense|fair enough|good to know)\b[,.!?\s]+"
    r"|(no|nope|nono|right|nice|great|cool|well|sorry|good|perfect|interesting|wait|alright|sure"
    r"|fine|fair|really|wow)\b([,.!?]\s*|\s*$)))+",
    re.IGNORECASE,
)
"""What a message may begin with that says nothing."""
ADDS = re.compile(r"^((and|or|but|also|so|then|plus)\b[,\s]*)+(?=\w)", re.IGNORECASE)
"""What joins a message to what was said."""
ASKS = re.compile(
    r"\b(can|could|should|shall|may|might|must|will|would|is|are|was|were|do|does|did|has|have|am"
    r"|whats|hows|isnt|arent|cant|shd)\b|\b(it|that|what|there|he|she|who|how|where|i|you|we|they)'"
    r"(s|re|m|d|ll|ve)\b|n't\b|\b(explain|tell me|show me|describe)\b"
)
"""A word that makes a sentence of it; what has none is a fragment."""
STATES = re.compile(
    r"^(i|im|ive|i'm|i've|he|hes|he's|she|shes|she's|it's|its|my) (?!ok\b)", re.IGNORECASE
)
"""The opening of a sentence that tells something: "she's 14 and plays football"."""
NAMED = frozenset({"stretch", "exercise", "aid"})
_TOPICS = frozenset({"stretch", "exercise", "care", "aid", "muscle", "activity", "sign", "surface"})
_ALONE = _TOPICS | {"person", "load", "cause"}
_GENERAL = frozenset({"patellofemoral pain", "kneecap", "running", "recovery", "hip", "ankle"})
_DESCRIBES = re.compile(r"\b(weak|tight|stiff|strong|sore|painful|flat|hard|soft|bad|poor)\s+$")
_LONG = 7


def specific(found: Iterable[Mention]) -> list[Mention]:
    """Terms that say what a message is about; the condition itself says nothing here."""
    return [m for m in found if m.term.kind in _TOPICS and m.term.term not in _GENERAL]


def own(found: Iterable[Mention]) -> list[Mention]:
    """Terms that make a question one of its own, though they may not be its subject."""
    return [m for m in found if m.term.kind in _ALONE and m.term.term not in _GENERAL]


def sentences(message: str) -> list[str]:
    """The message's sentences without what says nothing; at least one."""
    parts = (part.strip() for part in re.split(r"(?<=[.!?;])\s+", message.strip()))
    bare = [ACKNOWLEDGES.sub("", part).strip() for part in parts]
    return [part for part in bare if re.search(r"\w", part)] or [message.strip()]


def clauses(message: str) -> list[str]:
    """The message's sentences without what says nothing and the marks at their ends."""
    return [sentence.strip(" ?!.,;") for sentence in sentences(message)]


def reach(before: str, start: int) -> int:
    """Where the words that describe a term begin: "weak" in "do weak glutes cause it"."""
    match = _DESCRIBES.search(before[:start].lower())
    return match.start() if match else start


@dataclass(frozen=True)
class Past:
    """An exchange: what was asked, as it was searched for, and what was answered from."""

    asked: str
    sources: tuple[Source, ...]
    terms: Terms
    refused: bool = False

    @classmethod
    def of(cls, turn: Turn, terms: Terms) -> "Past":
        """What is known of a turn."""
        if turn.reply is None:
            return cls(turn.user, (), terms)
        asked = turn.reply.standalone or turn.user
        return cls(asked, turn.reply.sources, terms, refused=turn.reply.kind == "refusal")

    @cached_property
    def question(self) -> str:
        """The question that named the topic, without what was added to it later."""
        parts = self.asked.split(JOIN)
        named = (part for part in parts if specific(self.terms.find(part)))
        return next(named, parts[0]).rstrip("?!. ")

    @cached_property
    def stated(self) -> str:
        """What the visitor told since, which a later question may depend on."""
        added = (part.rstrip("?!. ") for part in self.asked.split(JOIN)[1:])
        return next((part for part in added if STATES.match(part)), "")

    @cached_property
    def worn(self) -> bool:
        """Whether it is about something one wears, so that "run with it" means that."""
        return any(m.term.kind == "aid" for m in self.terms.find(self.question))

    @cached_property
    def topic(self) -> str:
        """The topic as typed; where the question names none, what the answer's heading names."""
        if TOPIC in self.question:
            return self.question.split(TOPIC)[0]
        found = specific(self.terms.find(self.question))
        if not found:
            headings = (specific(self.terms.find(s.section)) for s in self.sources[:1])
            return next((found[0].term.term for found in headings if found), "")
        whole = self.question[reach(self.question, found[0].start) : found[-1].end]
        if len(words(whole)) <= _LONG:
            return whole
        return " and ".join(dict.fromkeys(self.question[m.start : m.end] for m in found))

    @cached_property
    def siblings(self) -> list[str]:
        """Things of one kind, in order, that the question names side by side, or the answer.

        Of the answer, things with names of their own (exercises, stretches, aids) come first.
        """
        asked = _alike(self.question, specific(self.terms.find(self.question)), typed=True)
        said = "\n".join(source.quote for source in self.sources)
        answered = _alike(said, specific(self.terms.find(said)), typed=False)
        listed = _Group("", tuple(re.findall(r"^\s*- (.+?)\.?$", said, re.MULTILINE)))
        named = [group for group in answered if group.kind in NAMED]
        groups = (*asked, *named, *([listed] if listed.names else []), *answered)
        return next((list(group.names) for group in groups), [])

    def named(self, word: str) -> str:
        """The thing that has the words in its name: "towel" – "towel press"."""
        wanted = set(stems(word))
        here = [m for m in self.terms.find(word) if m.term.kind in NAMED]
        texts = (self.question, *(f"{s.section} {s.quote}" for s in self.sources))
        found = (m for text in texts for m in specific(self.terms.find(text)))
        fits = (m for m in found if any(wanted <= set(stems(n)) for n in _names(m.term)))
        return next((m.term.term for m in (*here, *fits) if wanted), "")

    def saying(self, text: str) -> Source | None:
        """The source that says most of what the text repeats and the question has not."""
        wanted = set(stems(text)) - set(stems(self.question))
        shared = {s: len(wanted & set(stems(f"{s.section} {s.quote}"))) for s in self.sources}
        best = max(shared, key=lambda source: shared[source], default=None)
        return best if best and shared[best] else None


@dataclass(frozen=True, slots=True)
class _Group:
    """Different things of one kind, in the order of the text."""

    kind: str
    names: tuple[str, ...]


def _alike(text: str, found: Sequence[Mention], *, typed: bool) -> list[_Group]:
    """Groups of different things of one kind, named as typed or as the articles do."""
    groups = []
    for kind in dict.fromkeys(m.term.kind for m in found):
        firsts = {m.term.term: m for m in reversed(found) if m.term.kind == kind}
        ordered = sorted(firsts.values(), key=lambda m: m.start)
        names = tuple(text[m.start : m.end] if typed else m.term.term for m in ordered)
        if len(names) > 1:
            groups.append(_Group(kind, names))
    return groups


def _names(term: Term) -> tuple[str, ...]:
    return (term.term, *term.also)
