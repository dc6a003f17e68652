"""Sentences that suppose or ask in general: nobody has the sign that they name.

Both are closed patterns. A hypothesis needs "if", "should it", "what if" or the like before the
sign and nothing that says it is so already; a general question opens with a question word and
names no one: no "my", no "he", no "since", no "the knee".
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from bot.reading.concepts import Mention, Mentions
from bot.reading.lists import words_in
from bot.reading.words import Word

Marked = Iterator[tuple[int, tuple[int, ...]]]

_SELF = words_in("supposing.self")
_POINTING = words_in("supposing.pointing")
_ANYBODY = words_in("supposing.anybody")
_ANY = frozenset({"a", "an", "any", "your"})
_PERSONAL = words_in("supposing.personal")
_BODY = words_in("supposing.body")
_DEFINITE = words_in("supposing.definite")
_OPENERS = words_in("supposing.openers")
_AUXILIARIES = words_in("supposing.auxiliaries")
_FILLERS = words_in("supposing.fillers") | {",", "-", ":", "\n"}
_ALREADY = words_in("supposing.already")
_ENDS = words_in("supposing.ends")
_UNREAL = frozenset({"would", "wouldnt", "hypothetically"})
_IDLE = words_in("supposing.idle")
_FAILS = frozenset({"cant", "cannot", "couldnt", "wont", "doesnt"})
_ASKS = words_in("supposing.asks")
_ASSERTS = words_in("supposing.asserts")
_AS_SAID = frozenset({"like", "as", "exactly"})
_TO_COME = frozenset({"today", "tonight", "at", "this"})
_LISTING = frozenset({"for", "of", "like"})
_FIRST_PERSON = frozenset({"i", "im", "ive", "my", "me", "our"})
_OPEN = words_in("supposing.open")
_MAYBE = words_in("supposing.maybe")
_TAILS = (["i"], ["that"])
_MAKES = frozenset({"make", "makes", "making"})
_MADE_UP = frozenset({"if", "say", "suppose", "imagine"})
_TAKES_UP = words_in("supposing.takes_up")
_DATED = words_in("supposing.dated")
_OWNED = frozenset({"say", "says", "suppose"})
"""After a subject these tell: "people say i fell", "i suppose it is"."""
_SHORT_AGO = frozenset(product(words_in("supposing.short_times"), ("ago", "back")))
_NO_NEWS = frozenset({"if", "would", "no", "never", "nothing", "none", "without"})
_ONLY_UNTIL = words_in("supposing.only_until")
_REASON = 6
_OPENING = 4
_REACH = 14


def general(words: Sequence[Word], mentions: Mentions) -> Marked:
    """Words of sentences that ask in general, each with the words that show it."""
    if _confirmed(words, mentions):
        return
    yield from _asked(words, mentions)
    for cue in mentions.get("study", ())[:1]:
        yield from _impersonal(words, cue, _PERSONAL)
    for cue in mentions.get("fiction", ())[:1]:
        yield from _impersonal(words, cue, _FIRST_PERSON)
    for cue in mentions.get("cue_general", ()):
        said = {w.text for w in words[max(0, cue.first - 2) : cue.first]}
        _, end = _around(words, cue.first)
        texts = {words[at].text for at in range(cue.last + 1, end)}
        if not (said & _AS_SAID or texts & _SELF):
            yield from ((at, cue.at[:1]) for at in range(cue.first, end))


def _asked(words: Sequence[Word], mentions: Mentions) -> Marked:
    """Questions about nobody: "why would a knee lock", "is foot drop caused by the knee"."""
    related = {words[m.first].sentence: m.first for m in mentions.get("relation", ())}
    for start, end in _sentences(words):
        texts = [words[at].text for at in range(start, end)]
        opener = _opener(texts)
        if opener is None:
            continue
        texts = texts[: _tail(texts)]
        link = related.get(words[start].sentence, start) - start
        if _of_nobody(texts[opener:]) or _relates(texts[opener:], link - opener):
            yield from ((at, (start + opener,)) for at in range(start + opener, end))


def _tail(texts: Sequence[str]) -> int:
    """Where "or should i worry" begins, which asks for oneself but has no sign of one's own."""
    for at, (a, b) in enumerate(pairwise(texts)):
        if a == "or" and b in _ASKS and texts[at + 2 : at + 3] in _TAILS:
            return at
    return len(texts)


def _confirmed(words: Sequence[Word], mentions: Mentions) -> bool:
    """Whether somebody has what is asked about: "why would a knee lock? mine does"."""
    reasons = mentions.get("asking_because", ())
    since = any(a.text == "?" and b.text == "since" for a, b in pairwise(words))
    return (
        since
        or "confirmed" in mentions
        or _told(words, mentions)
        or any(not {w.text for w in words[m.last : m.last + _REASON]} & _IDLE for m in reasons)
    )


def _told(words: Sequence[Word], mentions: Mentions) -> bool:
    """Whether what is asked about is then told of: "what if it is stuck? happened an hour ago"."""
    if any(word.text == "ever" for word in words):
        return False
    recent = {m.first for m in mentions.get("recent", ())}
    well = {m.first for m in mentions.get("well_word", ())}
    for start, end in list(_sentences(words))[1:]:
        texts = [word.text for word in words[start:end]]
        here = range(start, end)
        dated = not recent.isdisjoint(here) or not _DATED.isdisjoint(texts)
        told = (dated and texts[0] in _TAKES_UP) or not _SHORT_AGO.isdisjoint(pairwise(texts))
        if told and well.isdisjoint(here) and _NO_NEWS.isdisjoint(texts):
            return True
    return False


def _relates(texts: Sequence[str], link: int) -> bool:
    """Whether a question links a sign, that it does not point at, with something else."""
    before = set(texts[1:link]) if link > 0 else set(texts)
    return link > 0 and not before & (_SELF | _POINTING | _DEFINITE)


def _defined(texts: Sequence[str]) -> Sequence[str]:
    """Without the "it" of what is to be explained: "what is bursitis and why does it swell"."""
    if texts[:1] == ["which"]:
        return [b for a, b in pairwise(texts) if not (b == "it" and a in _MAKES)]
    asked = texts[:1] == ["what"] and texts[1:2] in (["is"], ["are"])
    if not asked or set(texts[2:3]) & (_POINTING | _DEFINITE):
        return texts
    return [b for a, b in pairwise(texts) if not (b == "it" and a in _AUXILIARIES)]


def _of_nobody(texts: Sequence[str]) -> bool:
    """Whether a question is about anybody: no person here and now, no definite body part."""
    said = set(_defined(texts))
    if said & _SELF:
        return False
    pairs = pairwise(texts)
    anybody = said & _ANYBODY or any(a in _ANY and b in _BODY for a, b in pairs)
    return bool(anybody) or not (said & _POINTING or _names_a_part(texts))


def _impersonal(words: Sequence[Word], cue: Mention, personal: frozenset[str]) -> Marked:
    """In a message about a course, a book or a safety sheet: the sentences that name nobody."""
    for start, end in _sentences(words):
        said = {words[at].text for at in range(start, end) if not cue.first <= at <= cue.last}
        if not said & personal:
            yield from ((at, cue.at) for at in range(start, end))


def hypothetical(words: Sequence[Word], mentions: Mentions) -> Marked:
    """Words that are only supposed, each with the words that show it."""
    if _confirmed(words, mentions):
        return
    yield from _not_so(words, mentions)
    habits = {m.first for m in mentions.get("if_habit", ()) if not _fails(words, m)}
    is_so = () if "well_now" in mentions else mentions.get("if_is", ())
    stated = {m.first for m in is_so if words[m.first].text == "if"}
    void = {at for m in (*is_so, *mentions.get("if_void", ())) for at in m.at}
    recent = {m.first for m in mentions.get("acute", ()) if words[m.first].text not in _TO_COME}
    for cue in mentions.get("cue_hypothetical", ()):
        if cue.first in habits or (cue.first in void and not _would_be(words, cue.first)):
            continue
        if words[cue.first].text in _OWNED and not _leads(words, cue.first):
            continue
        scope = list(_onward(words, cue, stated))
        here = {words[at].text for at in scope}
        if _is_habit(words, cue.first):
            continue
        if recent.isdisjoint(scope) and (not here & _ALREADY or _unreal(words, cue.first)):
            then = _consequence(words, scope[-1] + 1, cue) if scope else ()
            yield from ((at, cue.at[:1]) for at in (*scope, *then))


def _not_so(words: Sequence[Word], mentions: Mentions) -> Marked:
    """All before "not happened", where nothing is said of today: a case made up to ask about."""
    acute = {at for m in mentions.get("acute", ()) for at in m.at}
    for cue in mentions.get("not_so", ()):
        after = {word.text for word in words[cue.last + 1 : cue.last + 4]}
        before = range(cue.first)
        made_up = any(words[at].text in _MADE_UP for at in before)
        if made_up and not acute and not after & _ONLY_UNTIL:
            yield from ((at, cue.at[:1]) for at in before)


def _is_habit(words: Sequence[Word], at: int) -> bool:
    """Whether "if i swivel it snags" states a habit: nothing is asked or looked ahead to."""
    after = [word.text for word in words[at : at + 3]]
    start, end = _around(words, at)
    acts = after[0] == "if" and after[1:2] in (["i"], ["he"], ["she"]) and after[-1] not in _MAYBE
    return acts and not any(words[i].text in _OPEN for i in range(start, end))


def _would_be(words: Sequence[Word], at: int) -> bool:
    """Whether a question about "would" opens the condition: "would it be bad if the knee gave"."""
    before = [word.text for word in words[max(0, at - 5) : at]]
    return words[at].text == "if" and "would" in before and "be" in before


def _fails(words: Sequence[Word], habit: Mention) -> bool:
    """Whether it is not a habit but a failure that is supposed: "if he cant put weight on it"."""
    return bool({words[at].text for at in range(habit.first, habit.last)} & _FAILS)


def _consequence(words: Sequence[Word], at: int, cue: Mention) -> Iterator[int]:
    """What is asked for the supposed case: "if she falls, do we let her crawl, or wait"."""
    last = len(words) - 1
    if not (at < last and words[at].text == "," and words[at + 1].text in _ASKS):
        return
    while at <= last and words[at].sentence == words[cue.first].sentence:
        if words[at].text in _ASSERTS:
            return
        yield at
        at += 1


def _onward(words: Sequence[Word], cue: Mention, stated: set[int]) -> Iterator[int]:
    """The supposed clause: from the cue to its end, further where "and"/"or" carry it on."""
    at, left = cue.first, _REACH
    wide = _leads(words, cue.first) or words[cue.last].text in _LISTING
    ends = _ENDS if wide else _ENDS | {"and"}
    while at < len(words) and left:
        ended = words[at].text in ends and not _listed(words, at)
        if at > cue.last and (ended or at in stated):
            return
        yield at
        left = _REACH if words[at].text == "," else left - 1
        at += 1


def _listed(words: Sequence[Word], comma: int) -> bool:
    """Whether a comma only separates what else is supposed: "if he limps, or has a fever"."""
    return words[comma].text == "," and [w.text for w in words[comma + 1 : comma + 2]] == ["or"]


def _unreal(words: Sequence[Word], at: int) -> bool:
    """Whether the sentence says "would", so that even "since the fall" is only supposed."""
    start, end = _around(words, at)
    return any(words[i].text in _UNREAL for i in range(start, end))


def _leads(words: Sequence[Word], at: int) -> bool:
    """Whether the supposition opens its clause, so that "and" goes on supposing."""
    while at > 0 and words[at - 1].sentence == words[at].sentence:
        if words[at - 1].text == ",":
            return True
        if words[at - 1].text not in _FILLERS | _OPENERS | _AUXILIARIES:
            return False
        at -= 1
    return True


def _sentences(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at].sentence != words[start].sentence:
            yield start, at
            start = at


def _around(words: Sequence[Word], at: int) -> tuple[int, int]:
    start = end = at
    while start > 0 and words[start - 1].sentence == words[at].sentence:
        start -= 1
    while end < len(words) and words[end].sentence == words[at].sentence:
        end += 1
    return start, end


def _opener(texts: Sequence[str]) -> int | None:
    """Where the question opens: at the start, after fillers, or after a comma."""
    for at, text in enumerate(texts[:10]):
        before = texts[:at]
        if text in _OPENERS and (at < _OPENING or before[-1] == ","):
            return at
        if text in _AUXILIARIES and all(word in _FILLERS for word in before):
            return at
    return None


def _names_a_part(texts: Sequence[str]) -> bool:
    """Whether a definite body part is named: "the knee", "one calf"."""
    pairs = pairwise(texts)
    return any(a in _DEFINITE and b in _BODY for a, b in pairs)
