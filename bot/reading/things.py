"""Another meaning: the word is about a thing, an animal, the weather, or in a set phrase.

A sign belongs to a thing where the thing is the subject right before it ("the phone is running a
temperature", "my horse has a swollen fetlock") or the noun right behind it ("a red hot sleeve").
A body part or a person in between, and a thing after a preposition ("hot under the brace"), say
that somebody's body is meant.
"""

from collections.abc import Iterator, Sequence

from bot.reading.concepts import Mention, Mentions
from bot.reading.lists import words_in
from bot.reading.words import Word

Marked = Iterator[tuple[int, tuple[int, ...]]]

_SIDE = words_in("context.side")
_BODY = words_in("supposing.body") | words_in("things.more_body")
_WEATHER_BODY = _BODY | {"swollen", "red"}
_LINKS = words_in("things.links")
_OWNS = frozenset({"has", "have", "had", "with"})
_ENDS = _SIDE | _BODY | words_in("things.ends")
_THINGS = words_in("things.things")
_ANIMALS = words_in("things.animals")
_NOT = frozenset({"not", "no", "never", "hasnt", "havent", "isnt", "wasnt", "arent", "aint"})
_PREPOSITIONS = words_in("things.prepositions")
_ARTICLES = words_in("things.articles")
_COMPARING = frozenset({"as", "like", "than"})
_ARE = frozenset({"is", "are", "was", "were"})
_BETWEEN = 3
_REACH = 6
_ANIMAL_REACH = 12
_WEATHER_REACH = 8


def other(words: Sequence[Word], mentions: Mentions) -> Marked:
    """Words with another meaning than the sign they could be, with the words that show it."""
    for cue in mentions.get("cue_other", ()):
        sentence = any(words[at].text in _ARE for at in cue.at)
        yield from ((at, (at,) if sentence else cue.at) for at in cue.at)
    for cue in mentions.get("weather", ()):
        if not _body_before(words, cue):
            yield from ((at, (at,)) for at in cue.at)
    for time in mentions.get("well_time", ()):
        before = [word.text for word in words[max(0, time.first - _BETWEEN) : time.first]]
        # "a good six weeks" says how long, not that all was well.
        if not _NOT & {*before} and before[-1:] != ["a"]:
            yield from ((at, time.at) for at in time.at)
    yield from _of_things(words)


def _of_things(words: Sequence[Word]) -> Marked:
    for at, word in enumerate(words):
        if word.text in _ANIMALS:
            yield from ((here, (at,)) for here in _said_of_animal(words, at))
        elif word.text in _THINGS:
            yield from ((here, (at,)) for here in _said_of(words, at))
        else:
            continue
        yield from ((here, (at,)) for here in _said_before(words, at))


def _body_before(words: Sequence[Word], cue: Mention) -> bool:
    """Whether the clause before the cue names a body part: "knee swollen and hot today"."""
    for at in range(cue.first - 1, max(-1, cue.first - 1 - _WEATHER_REACH), -1):
        if words[at].text in _SIDE:
            return False
        if words[at].text in _WEATHER_BODY:
            return True
    return False


def _said_of_animal(words: Sequence[Word], animal: int) -> Iterator[int]:
    """What is said of an animal, or of its limbs: "the dog's knee popped out and is swollen"."""
    owned = animal + 1
    while owned < len(words) and owned <= animal + _BETWEEN and words[owned].text in _BODY:
        owned += 1
    before = {word.text for word in words[max(0, animal - _BETWEEN) : animal]}
    if before & _PREPOSITIONS or (
        owned == animal + 1 and words[min(owned, len(words) - 1)].text not in _LINKS | _OWNS
    ):
        return
    for at in range(owned, min(owned + _ANIMAL_REACH, len(words))):
        if words[at].text in _ENDS - _BODY:
            return
        yield at


def _said_of(words: Sequence[Word], thing: int) -> Iterator[int]:
    """What is said of a thing that is the subject: from its verb to the end of the clause."""
    before = {word.text for word in words[max(0, thing - _BETWEEN) : thing]}
    verb = thing + 1
    if before & _PREPOSITIONS or verb >= len(words) or words[verb].text not in _LINKS:
        return
    for at in range(verb, min(verb + _REACH, len(words))):
        if words[at].text in _ENDS:
            return
        yield at


def _said_before(words: Sequence[Word], thing: int) -> Iterator[int]:
    """Up to two words that describe a thing, behind an article: "a red hot sleeve"."""
    for length in (1, 2):
        article = thing - length - 1
        if article >= 0 and words[article].text in _ARTICLES:
            if words[article - 1].text not in _COMPARING:
                yield from range(article + 1, thing)
            return
