"""A follow-up to a question that stands alone, by rules (and shown to the user).

First: does the message need its history? Then: put the topic of the last exchange where the
message points at it, or let a term of the message take its sibling's place in the last question.
"""

import re
from collections.abc import Sequence

from bot.smalltalk import wants_more
from bot.terms import Mention, Terms
from bot.types import Conversation, Search, Turn
from bot.stems import stems, words

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
_LEADS = re.compile(r"^((ok(ay)?|and|or|but|also|so|then|what about|how about|same for)[,\s]+)+")
_SHORT = 6
_TOPICS = frozenset({"stretch", "exercise", "care", "aid", "muscle", "activity", "sign"})
_GENERAL = frozenset({"patellofemoral pain", "kneecap", "running", "recovery", "hip", "ankle"})


def rewrite(conversation: Conversation, terms: Terms) -> Search:
    """The conversation's last message as a search that needs no history."""
    message = conversation.message.strip()
    earlier = [turn for turn in conversation.turns[:-1] if _is_question(turn)]
    if earlier and wants_more(message):
        return Search(message, _asked(earlier[-1]), more=True)
    if not earlier or not needs_history(message, terms):
        return Search(message, message)
    return Search(message, standalone(message, earlier[-1], terms))


def needs_history(message: str, terms: Terms) -> bool:
    """Whether the message cannot be understood alone.

    It opens like a continuation, or it points ("it", "that one") without naming a topic itself, or
    it is a few words that are not a question of their own.
    """
    text = message.lower().strip()
    if _OPENS.search(text) or _CORRECTS.match(text):
        return True
    topics = _topics(terms.find(text))
    points = _POINTS.search(_IDIOM.sub(" ", text)) or (_IDIOM.search(text) and not topics)
    if points and not topics:
        return True
    return len(words(text)) <= _SHORT and not topics and len(stems(terms.canonical(text))) <= 2


def standalone(message: str, last: Turn, terms: Terms) -> str:
    """The message with the topic of the last exchange put in."""
    text = _CORRECTS.sub("", message.strip(), count=1)
    before = _asked(last)
    here, there = terms.find(text), terms.find(before)
    swapped = _swap(before, here, there)
    if swapped and len(stems(_LEADS.sub("", text.lower()))) <= len(here) + 2:
        return swapped
    topic = _topic(last, terms)
    if topic is None:
        return f"{text.rstrip('?!. ')} – {before.rstrip('?!. ')}?"
    pointed = _POINTS.search(_LEADS.sub("", text.lower()))
    if pointed and not _topics(here):
        start = len(text) - len(_LEADS.sub("", text.lower())) + pointed.start()
        return text[:start] + f"the {topic}" + text[start + len(pointed[0]) :]
    if topic in text.lower():
        return text
    return f"{text.rstrip('?!. ')} ({topic})?"


def _asked(turn: Turn) -> str:
    """The question of an earlier turn, as it was searched for."""
    return turn.reply.standalone if turn.reply and turn.reply.standalone else turn.user


def _is_question(turn: Turn) -> bool:
    return turn.reply is None or turn.reply.kind in {"answer", "refusal"}


def _topics(found: Sequence[Mention]) -> list[Mention]:
    """Terms that say what a message is about; the condition itself says nothing here."""
    return [m for m in found if m.term.kind in _TOPICS and m.term.term not in _GENERAL]


def _swap(before: str, here: Sequence[Mention], there: Sequence[Mention]) -> str | None:
    """The last question with a term of the message in its sibling's place, if there is a pair."""
    for new in here:
        for old in there:
            if new.term.kind == old.term.kind and new.term is not old.term:
                return before[: old.start] + new.term.term + before[old.end :]
    muscles = [m.term.term for m in here if m.term.kind == "muscle"]
    stretches = [m for m in there if m.term.kind == "stretch"]
    if muscles and stretches:
        old = stretches[0]
        return before[: old.start] + f"{muscles[0]} stretch" + before[old.end :]
    return None


def _topic(last: Turn, terms: Terms) -> str | None:
    """What the last exchange was about: a term of the question, else of the first source."""
    answered = [source.section for source in last.reply.sources[:1]] if last.reply else []
    for text in (_asked(last), *answered):
        topics = _topics(terms.find(text))
        if topics:
            return max(topics, key=lambda m: len(m.term.term)).term.term
    return None
