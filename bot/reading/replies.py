"""What a reply says to the guard: no, that help has been sought, that something was a mistake.

Whatever is unclear is not a no, and help that is planned, asked about or denied is no help yet.
"""

from bot.reading.concepts import Mention
from bot.reading.context import cancelled
from bot.reading.lists import words_in
from bot.reading.match import Reading

_FILLERS = words_in("replies.fillers")
_AFTER_NO = words_in("replies.after_no")
_UNABLE = words_in("replies.unable")
_NOT_YET, _NOT_NOW = words_in("replies.not_yet"), words_in("replies.not_now")
_CLAUSE_ENDS = frozenset({",", "but", "and", "so", "(", ")", "-"})
_AGAIN = words_in("replies.again")
_SHORT_YES = words_in("replies.short_yes")
_SURELY_YES = words_in("replies.yes")


def says_no(reading: Reading) -> bool:
    """Whether the message begins with a no ("nope", "no it hasn't") and stays with it."""
    if "unsure" in reading.mentions:
        return False
    words = reading.words
    start = next((at for at, w in enumerate(words) if w.text not in _FILLERS), 0)
    return any(
        cue.first == start
        and (cue.last + 1 == len(words) or words[cue.last + 1].text in _AFTER_NO)
        and not _sentence(reading, cue) & (_UNABLE | _SURELY_YES)
        for cue in reading.mentions.get("cue_no", ())
    )


def says(reading: Reading, concept: str) -> bool:
    """Whether it mentions something that no context cancels, without a doubt."""
    live = (m for m in reading.mentions.get(concept, ()) if not cancelled(m, reading.marks))
    return "unsure" not in reading.mentions and any(live)


def sought_help(reading: Reading) -> bool:
    """Whether help has been sought: called, on its way, reached; or a plain yes to that."""
    told = (m for m in reading.mentions.get("help_sought", ()) if _done(reading, m))
    return any(told) or _plain_yes(reading)


def comes_back(reading: Reading) -> bool:
    """Whether something is there again or got worse."""
    return any(word.text in _AGAIN for word in reading.words)


def _done(reading: Reading, mention: Mention) -> bool:
    """Whether what is mentioned has happened: not supposed, planned, asked or denied."""
    before, at = set(), mention.first - 1
    while at >= 0 and reading.words[at].text not in _CLAUSE_ENDS and _same(reading, at, mention):
        before.add(reading.words[at].text)
        at -= 1
    if before & _NOT_YET or _sentence(reading, mention) & _NOT_NOW:
        return False
    return not cancelled(mention, reading.marks)


def _same(reading: Reading, at: int, mention: Mention) -> bool:
    return reading.words[at].sentence == reading.words[mention.first].sentence


def _plain_yes(reading: Reading) -> bool:
    """Whether the first sentence is a yes and hardly more: "yes", "yes i have, thanks"."""
    first = {w.text for w in reading.words if w.sentence == 0}
    return bool(first & _SURELY_YES) and first <= _SHORT_YES | _SURELY_YES


def _sentence(reading: Reading, mention: Mention) -> frozenset[str]:
    """The words of the sentence of a mention."""
    return frozenset(w.text for at, w in enumerate(reading.words) if _same(reading, at, mention))
