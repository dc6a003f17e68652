"""A follow-up to a question that stands alone, by rules (and shown to the user).

First: does the message need its history? Then: which earlier turn it goes back to, and the question
that comes of both (`bot/standalone.py`). Search weighs in the message as typed, so a wrong guess
costs little.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.aside import wish_of
from bot.past import ADDS, ASKS, Past, clauses, own, sentences, specific
from bot.standalone import CORRECTS, DENIES, RETURNS, standalone
from bot.stems import stem, stems, words
from bot.terms import Mention, Terms
from bot.types import Conversation, Search, Turn

_GOES_ON = re.compile(
    r"^(or|what about|how about|what if|and if|even if|same (for|with)|instead|for how long"
    r"|how (long|often|many|much|far|soon)( for)?$|why( not)?$|when$|where$|how$|how so$"
    r"|which( (one|ones|of \w+))?$)\b"
)
"""Openings that only make sense after something."""
_TRAILS = re.compile(
    r"^(before|after|during|while|for|with|without|in|on|at|only|just|every|even|per|each|until|till"
    r"|once|twice|by|not|all|any|again)\b"
)
"""Openings of what was left out of the sentence before: "only for running or all day?"."""
_POINTS = re.compile(
    r"\b(it|its|that|those|these|this|them|they|their|there|the same(?! as)|instead|ones?|each"
    r"|both|either|neither|mine|else|another|others"
    r"|the (other|rest|two|three|first|second|third|last))\b"
)
_PERSON = re.compile(r"^(?!.*\b(my|a|an) \w+.*\b(he|she)\b).*\b(he|hes|she|shes|him)\b")
"""Somebody not named in the message itself."""
_FIRMLY = re.compile(
    r"\b(that|those) (?!(knee|pain|injury|way|often|long|much|many|kind|bad|good|far|hurts?|i|is|it"
    r"|my|are|you|we|for|to|in|on|with|too)\b)\w+|\bthese (two|ones|exercises|stretches)\b"
    r"|\b(the|this|that) ([\w%/-]+ ){1,2}(one|ones|thing|bit|part)\b"
    r"|\b(of|about) (them|those|these)\b"
    r"|\bthe (first|second|third|last|other|1st|2nd|3rd) (one|ones|exercise|stretch)\b"
    r"|\b(do|doing|hold|holding|wear|wearing|use|using|repeat|try|trying|combine|skip)"
    r" (it|them|that|those|these|this)\b|\b(of|the) two\b|\b(it|that|this|they)\b.*\bthan\b"
)
"""Pointing that a topic named beside it does not explain: "can i wear it for walking"."""
_EXPLETIVE = re.compile(
    r"\b(is|was|will|does|did|would) (it|this|that)( be)? (ok|okay|safe|bad|possible|true|fine|good"
    r"|wise|dangerous|normal|common|alright|all right) (to|for|if|that)\b|\bthat (i|you|we|my)\b"
)
_CONDITION = re.compile(
    r"\b(with|for|of|from|about|behind|have|has|had|got|get|gets|causes?|fix|treat|prevent|cure"
    r"|helps?|ease|eases|heal) it\b|\bit('s| is)? (hurt\w*|heal\w*|aches?|going away|go(es)? away"
    r"|gets? (better|worse)|comes? back|takes? to)\b|\bit (take|hurt|get|last|heal|come)\b"
)
"""Where "it" is the knee or what it has, and says nothing of what was asked before."""
_COMPARES = re.compile(
    r"\b(better|worse|quicker|faster|easier|safer|harder|cheaper|gentler|more effective|stronger)\b"
    r"(?!.*\bthan\b)"
)
_DROPS = re.compile(
    r"\b(forget|never ?mind|nvm|leave) (the|about|that|it|all)\b"
    r"|^(ok(ay)?,? )?(not|no) \w+( \w+)? then\b"
    r"|\b(different|another|new|unrelated) (question|topic|thing)\b"
    r"|\bchang(ing|e of) (the )?(subject|topic)\b"
)
_MEASURES = frozenset(
    stem(word)
    for word in (
        "long often many much far time hold day week month year minute second hour normal"
    ).split()
)
"""Words that ask for a measure or give one, and say nothing about of what."""
_THEM = re.compile(
    r"\b(them|those)$|\b(them|those) (?=then|too|more|again|at|for|in|on|daily|every)"
)
_SHORT = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A message taken apart: `text` is what it asks last, `before` the terms named before that."""

    typed: str
    text: str
    before: tuple[Mention, ...]
    found: tuple[Mention, ...]
    content: tuple[str, ...]
    past: Past

    @property
    def topics(self) -> list[Mention]:
        """What the message itself is about."""
        return own((*self.before, *self.found))

    @property
    def whole(self) -> bool:
        """Whether it is a whole question about something it names."""
        return bool(self.found and ASKS.search(self.text))

    @property
    def rest(self) -> str:
        """The text without each "it" that stands for nothing said before."""
        rest = _EXPLETIVE.sub(" ", self.text)
        return _CONDITION.sub(" ", rest) if self.whole and not self.past.worn else rest

    def adds(self) -> bool:
        """Whether it goes on with what was said and is no sentence of its own."""
        opened = ADDS.match(self.typed) or ADDS.match(self.text)
        if self.past.refused and ASKS.search(self.text):
            return self.points()
        return bool(opened and not (self.whole and (self.topics or not self.points())))

    def trails(self) -> bool:
        """Whether it is the rest of a sentence whose beginning was asked before."""
        return bool(_TRAILS.search(self.text) and not ASKS.search(self.text))

    def names_condition(self) -> bool:
        """Whether it says "runner's knee", for which a follow-up would say "it"."""
        return any(m.term.kind == "condition" for m in self.found)

    def compares(self) -> bool:
        """Whether it compares, and names one side at most."""
        one = len({m.term.term for m in self.topics}) <= 1
        return one and len(words(self.text)) <= _SHORT and bool(_COMPARES.search(self.text))

    def points(self) -> bool:
        """Whether a pronoun or a noun left out stands for something not named here."""
        return any(p.search(self.rest) for p in (_POINTS, _PERSON, _COMPARES))

    def points_at_several(self) -> bool:
        """Whether "them" stands for things not named before it: "how do i stretch them"."""
        them = _THEM.search(self.text)
        before = [m for m in specific(self.found) if them and m.end < them.start() - 1]
        return bool(them and not before and not specific(self.before))

    def few_words(self) -> bool:
        """Whether it is too short to be a question of its own."""
        complete = self.past.refused and ASKS.search(self.text)
        return len(words(self.text)) <= _SHORT and len(self.content) <= 2 and not complete


NEEDS: tuple[tuple[Callable[[Said], object], bool], ...] = (
    (lambda said: CORRECTS.match(said.typed) or DENIES.match(said.typed), True),
    (lambda said: RETURNS.search(said.typed), True),
    (lambda said: _GOES_ON.search(ADDS.sub("", said.text)) and not specific(said.before), True),
    (lambda said: _FIRMLY.search(said.text) and not specific(said.before), True),
    (Said.points_at_several, True),
    (Said.trails, True),
    (Said.adds, True),
    (Said.names_condition, False),
    (Said.compares, True),
    (lambda said: said.topics, False),
    (Said.points, True),
    (lambda said: said.whole, False),
    (Said.few_words, True),
)
"""Signs that a message needs its history, or does not; the first that it shows decides."""


def rewrite(conversation: Conversation, terms: Terms) -> Search:
    """The conversation's last message as a search that needs no history."""
    message = conversation.message.strip()
    earlier = [turn for turn in conversation.turns[:-1] if _is_question(turn)]
    if not earlier:
        return Search(message, message)
    wish = wish_of(message)
    if wish in ("more", "shorter", "simpler"):
        asked = Past.of(earlier[-1], terms).asked
        return Search(
            message, asked, more=wish == "more", brief=wish != "more", simple=wish == "simpler"
        )
    bare = _bare(message)
    if _DROPS.search(message.lower()):
        return Search(bare, bare)
    past = Past.of(_goes_back_to(message, earlier, terms), terms)
    if not needs_history(message, terms, past):
        return Search(bare, bare)
    return Search(message, standalone(message, past))


def _bare(message: str) -> str:
    """The message without sentences that only thank, agree or change the subject."""
    kept = [part for part in sentences(message) if not _DROPS.search(part.lower())]
    return ADDS.sub("", " ".join(kept)) or message


def needs_history(message: str, terms: Terms, past: Past) -> bool:
    """Whether the message cannot be understood alone."""
    said = _taken_apart(message, terms, past)
    return next((verdict for shows, verdict in NEEDS if shows(said)), False)


def _taken_apart(message: str, terms: Terms, past: Past) -> Said:
    typed = message.lower().strip()
    *first, last = clauses(typed)
    content = (
        item
        for item in stems(terms.canonical(last))
        if item not in _MEASURES and not item[0].isdigit()
    )
    return Said(
        typed=typed,
        text=last,
        before=tuple(m for clause in first for m in terms.find(clause)),
        found=terms.find(last),
        content=tuple(content),
        past=past,
    )


def _goes_back_to(message: str, earlier: Sequence[Turn], terms: Terms) -> Turn:
    """The newest turn, or where the message returns to something, the newest that was about it."""
    returns = RETURNS.search(message.lower())
    if not returns:
        return earlier[-1]
    wanted = clauses(message[returns.end() :].lower())[0].split(",")[0]
    newest = earlier[::-1]
    names = {m.term for m in terms.find(wanted)}
    by_name = (t for t in newest if names & {m.term for m in terms.find(t.user)})
    by_word = (t for t in newest if set(stems(wanted)) & set(stems(t.user)))
    return next(by_name, next(by_word, earlier[-1]))


def _is_question(turn: Turn) -> bool:
    return turn.reply is None or turn.reply.kind in {"answer", "refusal"}
