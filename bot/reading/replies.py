"""What a reply says to the guard: no, that help has been sought, that something was a mistake.

Whatever is unclear is not a no, and help that is planned, asked about or denied is no help yet.
"""

from bot.reading.concepts import Mention
from bot.reading.context import cancelled
from bot.reading.lists import words_in
from bot.reading.match import Reading

_FILLERS = words_in("replies.fillers")
_AFTER_NO = words_in("replies.after_no")
_SIGNS, _JOINS = words_in("replies.signs"), words_in("replies.joins")
_HELPED, _DONE = words_in("replies.helped"), frozenset({"done", "already"})
_DATED = frozenset({"month", "season", "n_year"})
_FIRM, _CONTRAST = words_in("replies.firm"), words_in("replies.contrast")
_UNABLE = words_in("replies.unable")
_NOT_YET, _NOT_NOW = words_in("replies.not_yet"), words_in("replies.not_now")
_CLAUSE_ENDS = frozenset({",", "but", "and", "so", "(", ")", "-"})
_AGAIN = words_in("replies.again")
_SHORT_YES = words_in("replies.short_yes")
_SURELY_YES = words_in("replies.yes")


def says_no(reading: Reading) -> bool:
    """Whether the message begins with a no ("nope", "no it hasn't") and stays with it."""
    words = reading.words
    start = next((at for at, w in enumerate(words) if w.text not in _FILLERS), 0)
    return "unsure" not in reading.mentions and any(
        cue.first == start
        and (words[cue.last].text in _FIRM or _follows(reading, cue))
        and not _sentence(reading, cue) & (_UNABLE | _SURELY_YES | _CONTRAST)
        for cue in reading.mentions.get("cue_no", ())
    )


def clears(reading: Reading, concept: str) -> bool:
    """Whether it says, without a but, what answers a question as well as a no."""
    return says(reading, concept) and _CONTRAST.isdisjoint(w.text for w in reading.words)


def says(reading: Reading, concept: str) -> bool:
    """Whether it mentions something that no context cancels, without a doubt."""
    live = (m for m in reading.mentions.get(concept, ()) if not cancelled(m, reading.marks))
    return "unsure" not in reading.mentions and any(live)


def sought_help(reading: Reading) -> bool:
    """Whether help has been sought: called, on its way, reached; or a plain yes to that."""
    told = (m for m in reading.mentions.get("help_sought", ()) if _done(reading, m))
    return any(told) or _plain_yes(reading)


def comes_back(reading: Reading) -> bool:
    """Whether something may be there again or worse."""
    return any(word.text in _AGAIN for word in reading.words)


def has_come_back(reading: Reading) -> bool:
    """Whether it says so: "she's having another", "the pain is back now"."""
    return says(reading, "one_more")


def _done(reading: Reading, mention: Mention) -> bool:
    """Whether what is mentioned has happened: not supposed, planned, asked or denied."""
    before, at = set(), mention.first - 1
    while at >= 0 and reading.words[at].text not in _CLAUSE_ENDS and _same(reading, at, mention):
        before.add(reading.words[at].text)
        at -= 1
    long_ago = _sentence(reading, mention) & _NOT_NOW or _DATED & reading.mentions.keys()
    if before & _NOT_YET or long_ago:
        return False
    return not cancelled(mention, reading.marks, frozenset({"past"}))


def _same(reading: Reading, at: int, mention: Mention) -> bool:
    return reading.words[at].sentence == reading.words[mention.first].sentence


def _follows(reading: Reading, cue: Mention) -> bool:
    """Whether a no stands alone: "no gym near me" and "none of the stretches" say no to nothing."""
    after = {word.text for word in reading.words[cue.last + 1 : cue.last + 2]}
    goes_on = bool(after & _SIGNS) and bool(_sentence(reading, cue) & _JOINS)
    return after <= _AFTER_NO or goes_on


def _plain_yes(reading: Reading) -> bool:
    """Whether the first sentence is a yes and hardly more ("done, thanks", "yep theyre here").

    "Yes it still hurts" answers something else.
    """
    first = {w.text for w in reading.words if w.sentence == 0}
    if first & (_NOT_YET | _CONTRAST):
        return False
    plain = first <= _SHORT_YES | _SURELY_YES | _DONE and bool(first & (_SURELY_YES | _DONE))
    helped = bool(first & _SURELY_YES) and bool(first & _HELPED)
    return plain or (helped and "complaint" not in reading.mentions)


def _sentence(reading: Reading, mention: Mention) -> frozenset[str]:
    """The words of the sentence of a mention."""
    return frozenset(w.text for at, w in enumerate(reading.words) if _same(reading, at, mention))
