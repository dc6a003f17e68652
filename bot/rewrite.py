"""A follow-up to a question that stands alone, by rules (and shown to the user).

First: does the message need its history? Then: let it take its sibling's place in the last
question ("and the calf?"), or join it to the question that named the topic. Search weighs in the
message as typed, so a wrong guess costs little.
"""

import re
from collections.abc import Sequence

from bot.smalltalk import wants_brief, wants_more
from bot.stems import stem, stems, words
from bot.terms import Mention, Terms
from bot.types import Conversation, Search, Turn

_POINTS = re.compile(
    r"\b(it|its|that|those|these|this|them|they|there|one|ones|the same|same|both|either|"
    r"the (first|second|third|last|other) (one|exercise|stretch)?)\b"
)
_IDIOM = re.compile(
    r"\b(is|was|will|does|did|are) (it|this|that) (ok|okay|safe|bad|possible|true)\b"
)
_OPENS = re.compile(
    r"^(and|or|but|also|so|then|what about|how about|what if|same for|instead|no,? i mean\w*|"
    r"i mean\w*|ok(ay)?,? (and|so|but)|for how long|how (long|often|many|much|far)\??$|"
    r"why( not)?\??$|when\??$|where\??$|which( one)?s?\??$|how\??$|how so|and if|even if)\b"
)
_CORRECTS = re.compile(r"^(no,?\s+)?(sorry,?\s+)?(i meant|i mean|not that,?)\s*")
_LEADS = re.compile(
    r"^((ok(ay)?|and|or|but|also|so|then|what about|how about|same for|yeah|yes|yep|oh|ah|right"
    r"|cheers"
    r"|thanks|thank you|nice|great|cool|got it|hm+|well)[,.!\s]+)+"
)
_DESCRIBES = re.compile(r"\b(weak|tight|stiff|strong|sore|painful|flat|hard|soft|bad|poor)\s+$")
_DROPS = re.compile(
    r"\b(forget|never ?mind|nvm|leave) (the|about|that|it)\b"
    r"|^(ok(ay)?,? )?(not|no) \w+( \w+)? then\b"
    r"|\b(different|another|new|unrelated) (question|topic|thing)\b"
    r"|\bchanging (the )?(subject|topic)\b"
)
_MEASURES = frozenset(
    stem(word) for word in ["long", "often", "many", "much", "far", "time", "times", "hold"]
)
_SHORT = 6
JOIN = " – "
_TOPICS = frozenset({"stretch", "exercise", "care", "aid", "muscle", "activity", "sign"})
_GENERAL = frozenset({"patellofemoral pain", "kneecap", "running", "recovery", "hip", "ankle"})


def rewrite(conversation: Conversation, terms: Terms) -> Search:
    """The conversation's last message as a search that needs no history."""
    message = conversation.message.strip()
    earlier = [turn for turn in conversation.turns[:-1] if _is_question(turn)]
    if earlier and wants_more(message):
        return Search(message, _asked(earlier[-1]), more=True)
    if earlier and wants_brief(message):
        return Search(message, _asked(earlier[-1]), brief=True)
    if not earlier or _DROPS.search(message.lower()) or not needs_history(message, terms):
        return Search(message, message)
    return Search(message, standalone(message, earlier[-1], terms))


def needs_history(message: str, terms: Terms) -> bool:
    """Whether the message cannot be understood alone.

    It opens like a continuation, or it points ("it", "that one") without naming a topic itself, or
    it is a few words that are not a question of their own.
    """
    typed = message.lower().strip()
    text = _LEADS.sub("", typed)
    if _OPENS.search(typed) or _OPENS.search(text) or _CORRECTS.match(text):
        return True
    topics = _topics(terms.find(text))
    points = _POINTS.search(_IDIOM.sub(" ", text)) or (_IDIOM.search(text) and not topics)
    if points and not topics:
        return True
    content = [item for item in stems(terms.canonical(text)) if item not in _MEASURES]
    return len(words(text)) <= _SHORT and not topics and len(content) <= 2


def standalone(message: str, last: Turn, terms: Terms) -> str:
    """The message put together with what was asked before."""
    text = _CORRECTS.sub("", message.strip(), count=1)
    before = _subject(_asked(last), terms)
    swapped = _swap(before, _LEADS.sub("", text.lower()).rstrip("?!. "), terms)
    return swapped or f"{text.rstrip('?!. ')}{JOIN}{before.rstrip('?!. ')}?"


def _subject(asked: str, terms: Terms) -> str:
    """The part of a joined question that names the topic, the oldest where several do."""
    parts = asked.split(JOIN)
    return next((part for part in reversed(parts) if _topics(terms.find(part))), parts[-1])


def _asked(turn: Turn) -> str:
    """The question of an earlier turn, as it was searched for."""
    return turn.reply.standalone if turn.reply and turn.reply.standalone else turn.user


def _is_question(turn: Turn) -> bool:
    return turn.reply is None or turn.reply.kind in {"answer", "refusal"}


def _topics(found: Sequence[Mention]) -> list[Mention]:
    """Terms that say what a message is about; the condition itself says nothing here."""
    return [m for m in found if m.term.kind in _TOPICS and m.term.term not in _GENERAL]


def _swap(before: str, text: str, terms: Terms) -> str | None:
    """The last question with the message in its sibling's place: "and tight quads?"."""
    here, there = terms.find(text), terms.find(before)
    if not here or len(stems(text)) > len(here) + 2 or len(words(text)) > _SHORT:
        return None
    for new in here:
        for old in there:
            same = new.term.kind == old.term.kind and new.term is not old.term
            if same and old.term.term not in _GENERAL:
                return before[: _reach(before, old.start)] + text + before[old.end :]
    muscles = [m.term.term for m in here if m.term.kind == "muscle"]
    stretches = [m for m in there if m.term.kind == "stretch"]
    if muscles and stretches:
        old = stretches[0]
        return before[: old.start] + f"{muscles[0]} stretch" + before[old.end :]
    return None


def _reach(before: str, start: int) -> int:
    """Where the words that describe a term begin: "weak" in "do weak glutes cause it"."""
    match = _DESCRIBES.search(before[:start].lower())
    return match.start() if match else start
