"""What a message asks of the last answer, rather than of the articles: shorter, simpler, whose.

A request must say so and say nothing else: a sign of it is there, and every word is either of the
talk about answers or a common one. "more detail please" is a request, "more pain after squats" is
not, in whatever words the rest is put.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.stems import plain, stem, words

Wish = Literal["simpler", "shorter", "repeat", "source", "more"]


@dataclass(frozen=True, slots=True)
class Row:
    """A wish: what it `says`, the stems it is put in, and what makes the same words a question."""

    wish: Wish
    says: re.Pattern[str]
    stems: frozenset[str]
    unless: re.Pattern[str] = re.compile(r"(?!)")


def wish_of(message: str, said: str = "") -> Wish | None:
    """The wish of a message; who asks for a source may use words of what was `said`."""
    text = re.sub(r"\s+", " ", re.sub(r"[^\w\s%?]", " ", plain(message).replace("'", ""))).strip()
    used = _stems(text)
    return next((row.wish for row in ROWS if _is(row, text, used, said)), None)


def _is(row: Row, text: str, used: Collection[str], said: str) -> bool:
    if not row.says.search(text) or row.unless.search(text):
        return False
    rest = set(used) - row.stems
    return not rest or (row.wish == "source" and rest <= _stems(said))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word.replace("'", "")) for word in words(text))


_COMMON = _stems(
    """a an the that this it its those these them they there one ones of in on to for with from by
    at as like me us you your u i im ive is are was were be do does did dont didnt doesnt cant can
    could would will wont please pls plz ok okay and so but or sorry um uh hey hi now just all what
    whats which who whos where how if not no yes too very so bit little quite really actually mate
    thanks thank cheers about way version words word answer reply text message last previous part
    thing stuff point say said says saying tell told give show put make write explain try again want
    need lets let bot"""
)
_SELF = r"\b(can|could|should|shall|may|must|do|will|would|did) (i|we)\b"
_GETS = r"(?! (have|get|see|hear|read|know|understand))"


def _row(wish: Wish, says: str, used: str, unless: str = r"(?!)") -> Row:
    return Row(wish, re.compile(says), _COMMON | _stems(used), re.compile(unless))


ROWS = (
    _row(
        "simpler",
        r"\b(simpl\w*|plain\w*|english|laym[ae]ns?|lay|jargon|complicated|complex|technical|dumb"
        r"|eli5"
        r"|confus\w+|understand\w*|clearer|unclear|huh|rephrase|reword)\b|\b(im|am|me"
        r"|totally) lost\b"
        r"|\beas(y|ier) (words?|terms?|language|to (read|understand|follow|get)|way|version)"
        r"|\b(big|long|fancy|difficult|hard|medical|normal|human|everyday|own) (words?|language"
        r"|terms?)"
        r"|\bwhat (does|do|did) (all )?(that|this|it|you|those) (all |even )?mean\b"
        r"|\bmakes? no sense\b"
        r"|\b(what|whatever) (on earth|the \w+) (does|do|is)\b|\bmeaning of (that|this)\b"
        r"|\b(dont|didnt|not|cant) (really )?(get|follow|follow you)\b|\bbreak (it|that|this"
        r"|them) down"
        r"|\blike (im|i am) (a |an )?(kid|child|5|five|idiot|year|beginner)|\bmakes? (no )?sense",
        """simple simpler simply plain plainly english language layman lay terms jargon complicated
        complex technical dumb down eli5 confusing confused understand clear clearer unclear huh
        rephrase reword phrase lost easy easier read follow big long fancy difficult hard medical
        normal human everyday own mean meaning sense earth hell heck world get break kid child 5
        five year old idiot beginner am not many much lot full even any speak talk more totally no
        sentence explanation bits piece step""",
        r"^(is|are|was) (it|this|that) (simple|complex|clear)|\bhow (simple|complex)\b",
    ),
    _row(
        "shorter",
        r"\b(short(er|en|ened|ly)?|brief\w*|tl ?dr|summar\w+|gist|nutshell|condensed?|concise\w*"
        r"|wordy|essay|takeaways?)\b|\bsum\b.*\bup\b|\bbottom line\b|\b(key|main"
        r"|important) (points?"
        r"|bits?|thing)|\bcut\b.*\b(down|short)\b|\b(too|so|very|that|bit) long\b|\blong winded\b"
        r"|\btoo much (text|to read|info\w*|reading|words)|\bwall of text\b|\bdidnt read\b"
        r"|\b(one|1|two|2|single|few|fewer|less|couple of) (short |simple )?(sentences?|lines?"
        r"|words?"
        r"|text)\b|\bquick (version|answer|summary|one)\b|\bto the point\b",
        """short shorter shorten brief briefly tldr tl dr summary summarise summarize gist nutshell
        condense concise wordy essay takeaway sum up bottom line key main important points cut down
        long winded much to read info information reading wall didnt read one 1 two 2 single few
        fewer less couple sentence lines quick only keep be please even more main point only
        skip get straight""",
        rf"^(is|are|was) |\bhow (short|long|quick)\b|{_SELF}{_GETS}",
    ),
    _row(
        "repeat",
        r"\b(repeat|again|pardon)\b|\b(once|one) more( time)?\b|\bmissed (that|it|this|them)\b"
        r"|\bwhat were (the|those|they|these)\b|\bcome again\b|\bdidnt (catch|hear|see)\b",
        """repeat pardon once one more time missed miss were come catch hear see steps step list
        exercises stretches read go through over run walk forgot forget first whole full lost bits
        order them sorry""",
        rf"{_SELF}{_GETS}|^(will|is|are|was|has|does) |\bhow (often|many|long|soon)\b",
    ),
    _row(
        "source",
        r"\b(sources?|articles?|cit(e|es|ed|ation|ations)|references?|author|writer|wrote|writes?"
        r"|written|website|proof|quoted?|publish\w*)\b|\bsays who\b"
        r"|\bwho (says|said|told|thinks|is (it|this|that|speaking|talking))\b"
        r"|\bwhere\b.*\b(from|say|says|said|get|got|read|find|found|stand|come|comes)\b"
        r"|\b(is|was|are) (that|this|it|they|he|she|those|who\w*)\b.*\b(doctors?|physio\w*"
        r"|professional"
        r"|expert|therapist|coach|qualified|medic)\b|\b(which|what) (page|paper|site|study|link)\b"
        r"|\bhow do you know\b|\b(a|the|any) links?\b",
        """source article cite cited citation reference author writer wrote writes written website
        proof quote quoted publish published page paper site study link come comes came get got read
        find found stand doctor physio physiotherapist professional expert therapist coach qualified
        trained medic medical real actual proper person human someone somebody he she name called
        title section trust credible talking speaking speak think thinks made people know based
        evidence exactly actually advice claim take tell any have""",
        rf"{_SELF}{_GETS}|^(can|could|should|will|would) (the|an?) ",
    ),
    _row(
        "more",
        r"\b(more|else|further|elaborate|expand|continue|deeper|longer version|full version)\b"
        r"|\b(go|carry) on\b|\bkeep (going|talking)\b|\brest of (it|that|the)\b",
        """more else further elaborate expand continue deeper longer full go going carry on keep
        talking rest detail details detailed info information anything something everything know got
        any next add have read hear should additional whole depth into there""",
        rf"{_SELF}{_GETS}|\bhow\b|\bno more\b|^(?!.*\byou\b).*\b(going|on|continue) ?\?"
        r"|^(should|is|are) (it|this|that)\b|\bor\b|\bto do\b",
    ),
)
"""Every wish, in the order in which they are tried: "one more time" is no wish for more."""
