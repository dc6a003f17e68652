"""What cancels a mention, after ConText (Harkema 2009): denial, past, hypothesis, question, other.

Only tight, closed patterns within the clause cancel. Hedges ("maybe"), minimising ("my coach says
it's nothing"), contrast, quotation marks and a joking tone are never looked at. A mark names the
words that caused it, so that a rule which itself needs them ("cannot", "won't stop") is not undone
by them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.concepts import Mention, Mentions
from bot.words import Word

Kind = Literal["denied", "past", "hypothetical", "general", "other"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A reason why a word does not count, and the words (indices) that give it."""

    kind: Kind
    cue: tuple[int, ...]


Marks = dict[int, list[Mark]]

_BREAK = frozenset(
    [
        "but",
        "though",
        "although",
        "however",
        "except",
        "yet",
        "still",
        "anyway",
        "anyways",
        "just",
        "only",
        "now",
        "so",
        "because",
        "since",
        "when",
        "while",
        "which",
        "who",
        "that",
        "my",
        "i",
        "im",
        "ive",
        "he",
        "hes",
        "she",
        "shes",
        "it",
        "its",
        "they",
        "theyre",
        "we",
        "the",
        "is",
        "are",
        "was",
        "were",
        "has",
        "got",
        "get",
        "gets",
        "then",
        "if",
        "and",
        "-",
        "(",
        ")",
        ":",
        "*",
        "/",
        "–",
        "—",
        ",",
        "plus",
        "also",
        "his",
        "her",
        "our",
        "your",
        "this",
    ]
)
_CONTINUE = frozenset(
    [
        "or",
        "nor",
        "any",
        "of",
        "at",
        "all",
        "real",
        "actual",
        "much",
        "obvious",
        "visible",
        "sign",
        "signs",
        "more",
    ]
)
_LIST = frozenset(["or", "nor"])
_DENIAL_REACH = 6
_RESOLVED_REACH = 30
_PAST_END = frozenset(", . ! ? ; ) ( \n but now today again still yesterday".split(" "))
_CLAUSE_END = frozenset([",", ".", "!", "?", ";", ")", "(", "\n", "but"])


def marks(words: Sequence[Word], mentions: Mentions) -> Marks:
    """Every word that is denied, past, hypothetical, general or means something else."""
    found: Marks = {}
    void = {at for m in mentions.get("not_a_denial", ()) for at in m.at}
    for kind, scope in _SCOPES.items():
        for mention in mentions.get(f"cue_{kind}", ()):
            if kind == "denied" and mention.first in void:
                continue
            for at in scope(words, mentions, mention):
                found.setdefault(at, []).append(Mark(_KINDS[kind], mention.at))
    return found


def cancelled(mention: Mention, marks: Marks) -> Mark | None:
    """Why the mention does not count, or nothing where it does."""
    used = set(mention.at)
    for at in mention.signs:
        for mark in marks.get(at, ()):
            if mark.kind == "other" or not used & set(mark.cue):
                return mark
    return None


def _denied(words: Sequence[Word], mentions: Mentions, cue: Mention) -> Iterator[int]:
    """Words after "no", "not", "without" up to the end of the phrase; an or-list runs on."""
    at, reach = cue.last + 1, _DENIAL_REACH
    while at < len(words) and reach and words[at].sentence == words[cue.last].sentence:
        text = words[at].text
        if text == "," and _or_list(words, at):
            at += 1
            continue
        if text in _BREAK:
            return
        yield at
        reach = _DENIAL_REACH if text in _LIST else reach - 1
        at += 1


def _or_list(words: Sequence[Word], comma: int) -> bool:
    """Whether a comma stands in a list that "or" closes: "no swelling, redness or heat"."""
    for at in range(comma + 1, min(comma + 9, len(words))):
        text = words[at].text
        if text in _LIST:
            return True
        if text != "," and text in _BREAK:
            return False
    return False


def _denied_before(words: Sequence[Word], mentions: Mentions, cue: Mention) -> Iterator[int]:
    """Words before "has gone", ": none" or "was ruled out", back to the start of the clause."""
    at = cue.first - 1
    while at >= 0 and cue.first - at <= _DENIAL_REACH:
        if words[at].sentence != words[cue.first].sentence and at < cue.first - 3:
            return
        if words[at].text in {",", "but", ".", "!", ";"}:
            return
        yield at
        at -= 1


def _past(words: Sequence[Word], mentions: Mentions, cue: Mention) -> Iterator[int]:
    """The clause around a distant date, and all up to where it says that all is well now."""
    start, end = cue.first, cue.last
    while start > 0 and words[start - 1].text not in _PAST_END:
        start -= 1
    while end + 1 < len(words) and words[end + 1].text not in _PAST_END:
        end += 1
    well = [*mentions.get("cue_resolved", ()), *mentions.get("resolved_weak", ())]
    after = [m.first for m in well if m.first > cue.first]
    yield from range(start, max(end, min(after, default=end)) + 1)


def _resolved(words: Sequence[Word], mentions: Mentions, cue: Mention) -> Iterator[int]:
    """All before "fine ever since", back to the start of the sentence or a "but"."""
    at = cue.first - 1
    sentence = words[at].sentence if at >= 0 else 0
    while at >= 0 and cue.first - at <= _RESOLVED_REACH and words[at].text != "but":
        if words[at].sentence != sentence:
            return
        yield at
        at -= 1


def _onward(words: Sequence[Word], mentions: Mentions, cue: Mention) -> Iterator[int]:
    """Words from the cue to the end of its clause."""
    at = cue.first
    while at < len(words) and words[at].text not in _CLAUSE_END:
        yield at
        at += 1


def _sentence(words: Sequence[Word], mentions: Mentions, cue: Mention) -> Iterator[int]:
    """All words of the sentence, unless it speaks of somebody here and now."""
    sentence = words[cue.first].sentence
    here = [at for at, word in enumerate(words) if word.sentence == sentence]
    present = {at for m in mentions.get("self_here", ()) for at in m.at}
    if not present & set(here):
        yield from here


def _itself(words: Sequence[Word], mentions: Mentions, cue: Mention) -> Iterator[int]:
    yield from cue.at


_SCOPES = {
    "denied": _denied,
    "denied_before": _denied_before,
    "past": _past,
    "resolved": _resolved,
    "hypothetical": _onward,
    "general": _sentence,
    "other": _itself,
}
_KINDS: dict[str, Kind] = {
    "denied": "denied",
    "denied_before": "denied",
    "past": "past",
    "resolved": "past",
    "hypothetical": "hypothetical",
    "general": "general",
    "other": "other",
}
