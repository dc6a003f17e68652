"""A question that stands alone, made of a follow-up and the exchange that it goes back to.

Several forms are tried, the most natural first: the last question with one thing in another's
place ("and the calf?"), with another question word ("how often?"), the message with its pronoun
resolved ("how long do i hold it"); else the topic stands before the message.
"""

import re
from collections.abc import Callable

from bot.past import ADDS, ASKS, JOIN, NAMED, STATES, TOPIC, Past, clauses, own, reach, specific
from bot.stems import figures, stems, words
from bot.terms import Mention

CORRECTS = re.compile(
    r"^((no|nope|nono|sorry|oops|wait|actually|typo|autocorrect)\b[,!. ]*)*"
    r"(i (meant|mean)|that was meant|meant)\b[:, ]*(to say )?"
)
DENIES = re.compile(
    r"^((no|nope|nono|sorry|wait)\b[,!. ]*)+not (the |my |a )?(?P<wrong>[\w' -]+), *(but )?(?=\w)"
)
RETURNS = re.compile(
    r"\b((go(ing)?|com(e|ing)|get(ting)?) )?(back to|return(ing)? to)( the| my| what)?\b"
    r"|\bagain about( the| my)?\b|\b(earlier you said|you said earlier)\b"
)
_NOT = re.compile(r",? *\b(and )?not( the| my| a)? (?P<wrong>[\w' -]+)$")
_AUX = r"(should|can|could|do|does|did|is|are|was|will|would|must|may|might|shall)"
_POLAR = re.compile(rf"^{_AUX} (?!not\b)", re.IGNORECASE)
_IS = re.compile(r"^(is|are|was) ", re.IGNORECASE)
_MANNER = re.compile(
    r"^(for |at |by )?(how( long| often| much| far| soon| hard| many( \w+)?)?|when|where|why)"
    rf" (?={_AUX}\b)",
    re.IGNORECASE,
)
_WHICH = re.compile(
    rf"^(what|which) ((?P<what>[\w' -]+?) )?(?P<frame>{_AUX} (i|we|you|he|she|they)\b.*)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?P<wh>(for |at |by )?(how (long|often|much|far|soon|hard|many (times|reps|sets|minutes"
    r"|seconds|weeks|days))( and how (often|long|many))?|why|when|where))"
    r"(?P<tail>( (though|tho|then|exactly|roughly|please|again|for|(for )?(that|it|this|them|each)"
    r"|(is|was) (that|it|this)|that))*)(?P<more>,? (a|per|every|each) (day|week|session|run)|,"
    r"( [\w']+){1,3})?"
)
_PRONOUN = re.compile(
    r"\b(it|them|they|those|these|(that|this)( one| exercise| stretch)?)"
    r"\b(?= ?(?:$|[?,.])| (?:is|are|be|for|to|at|in|on|with"
    r"|or|and|do|does|help|helps|work|works|a|per|every|each|while|when|before|after|once|if|should"
    r"|can|actually|really|too|then|as|by|ok|okay|good|bad|safe|hurt|hurts|twice|daily|again|instead)\b)"
)
_ONE = re.compile(
    r"\b(the|that|this) (?P<what>(?!one\b)[\w%/-]+( [\w%/-]+)?) (one|ones|thing|bit|part|rule)\b"
    r"|\b(the|that|this) (one|thing|bit|part) (about|with|where|on) (?P<about>[\w%/' -]+)"
)
_NTH = re.compile(
    r"\b(the )?(?P<nth>first|second|third|last|1st|2nd|3rd) (one|exercise|stretch)\b"
    r"|\bthe (?P<alone>first|second|third|last)$"
)
_PLACE = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1}
_TWO = re.compile(r"\b(two|both|either|neither|which (one|is|has|of))\b|^or\b")
_PHRASE = re.compile(r"\b(?P<word>for|after|with|from|at|during|before) [\w' -]+")
_WHAT_ABOUT = re.compile(r"^(what about|how about|same for|same with|or|instead) ")
_ARTICLE = re.compile(r"\b(the|an?|my|your|some)\s+$", re.IGNORECASE)
_LEADING_ARTICLE = re.compile(r"^(the|an?|my|your|some) ")
_BETTER = re.compile(r"\b(better|worse|quicker|faster|easier|safer|harder|gentler|more \w+)$")
_PLACING = re.compile(r"^(in|on|at|for|with|during|while|after|before) ")
_PLACED = re.compile(r"\b(in|on|at|for|with|during|while|after|before) (the |my |a )?$")
_WITHOUT_OBJECT = re.compile(
    r"^(?!.*\b(what|which|who|how many|how much)\b).*\b"
    r"(avoid|hold|wear|use|replace|change|skip|repeat|try)$"
)
"""A question whose verb lacks what it is done to: "for how long should i avoid?"."""
_EVERY_HOW = re.compile(r"^every (?=how many)")
_FEW, _SHORT, _LONG = 3, 6, 7


def standalone(message: str, past: Past) -> str:
    """The message put together with an earlier exchange."""
    text = message.lower().strip().rstrip("?!. ")
    return next(filter(None, (form(text, past) for form in FORMS)))


def _corrected(text: str, past: Past) -> str:
    """The last question with what was meant: "no i meant running not walking"."""
    denied, corrects = DENIES.match(text), CORRECTS.match(text)
    if not denied and not corrects:
        return ""
    meant = text[denied.end() :] if denied else CORRECTS.sub("", text, count=1).strip()
    wrong = denied or _NOT.search(meant)
    meant = meant if denied else _NOT.sub("", meant).strip(" ,")
    here = past.terms.find(meant)
    old = {m.term.term for m in past.terms.find(wrong["wrong"])} if wrong else set()
    there = [
        m
        for m in past.terms.find(past.question)
        if m.term.term in old or (not wrong and here and m.term.kind == here[0].term.kind)
    ]
    if here and there and len(words(meant)) <= _SHORT:
        return _put(past.question, there[0], meant, here[0])
    made = (form(meant, past) for form in (_swapped, _asked_otherwise))
    return next(filter(None, made), f"{past.question}{JOIN}{meant}?")


def _swapped(text: str, past: Past) -> str:
    """The last question with the message in its sibling's place: "and tight quads?"."""
    text = _WHAT_ABOUT.sub("", _last(text))
    here, there = past.terms.find(text), past.terms.find(past.question)
    few = len(stems(text)) <= len(here) + 2 and len(words(text)) <= _SHORT
    if not here or not few or ASKS.search(text) or not _is_asked(past.question):
        return ""
    for new in here:
        for old in there:
            same = new.term.kind == old.term.kind and new.term is not old.term
            if same and (specific([old]) or old.term.kind in ("load", "group")):
                return _put(past.question, old, text, new)
    muscles = [m.term.term for m in here if m.term.kind == "muscle"]
    stretches = [m for m in there if m.term.kind == "stretch"]
    if muscles and stretches:
        before, after = past.question[: stretches[0].start], past.question[stretches[0].end :]
        return f"{before}{muscles[0]} stretch{after}?"
    return ""


def _put(question: str, old: Mention, text: str, new: Mention) -> str:
    """The question with a text in the old term's place, in the form that the old one had."""
    gerund = _gerund(question[old.start : old.end])
    names = (text[new.start : new.end], new.term.term, *new.term.also)
    fitting = next((n for n in names if _gerund(n) == gerund), names[0])
    if _PLACING.search(text):
        return f"{_PLACED.sub('', question[: old.start])}{text}{question[old.end :]}?"
    text = text[: new.start] + fitting + text[new.end :]
    before = question[: reach(question, old.start)]
    if _ARTICLE.search(before):
        text = _LEADING_ARTICLE.sub("", text)
    return f"{before}{text}{question[old.end :]}?"


def _gerund(name: str) -> bool:
    return name.endswith("ing")


def _in_phrase(text: str, past: Past) -> str:
    """The last question with its phrase replaced: "and for runner's knee?"."""
    text = _last(text)
    new = _PHRASE.fullmatch(text)
    if not new or len(words(text)) > _SHORT or not _is_asked(past.question):
        return ""
    if re.match(r"for (how|that|it|this|them|those|these|each)\b", text):
        return ""
    alike = [
        old
        for old in _PHRASE.finditer(past.question)
        if {old["word"], new["word"]} <= {"for", "after", "from", "with"} or old["word"] == new[1]
    ]
    return (
        f"{past.question[: alike[-1].start()]}{text}{past.question[alike[-1].end() :]}?"
        if (alike)
        else ""
    )


def _asked_otherwise(text: str, past: Past) -> str:
    """The last question under another question word: "how often?"."""
    bare = _BARE.fullmatch(_last(text))
    question = past.question
    if not bare or TOPIC in question:
        return ""
    more = bare["more"] or ""
    if more and _IS.match(question):
        return ""
    which, manner = _WHICH.match(question), _MANNER.match(question)
    if which:
        return f"{bare['wh']} {which['frame']} {which['what'] or ''}".rstrip() + f"{more}?"
    if manner:
        return f"{bare['wh']} {question[manner.end() :]}{more}?"
    return f"{bare['wh']} {question}{more}?" if _POLAR.match(question) else ""


def _compared(text: str, past: Past) -> str:
    """The message with what it compares: "which of the two is quicker"."""
    text = _WHAT_ABOUT.sub("", _told(text, past))
    if _BETTER.search(text) and past.topic and _POLAR.match(text) and not _PRONOUN.search(text):
        return f"{text} than {past.topic}?"
    if specific(past.terms.find(text)):
        return ""
    if not _TWO.search(text):
        return ""
    if len(past.siblings) == 2:
        return f"{' or '.join(past.siblings)}{TOPIC}{text}?"
    return f"{past.question}{JOIN}{text}?" if " or " in past.question else ""


def _named_in_full(text: str, past: Past) -> str:
    """The message with the name of what it points to: "the second one", "the towel one"."""
    text = _told(text, past)
    nth, one = _NTH.search(text), _ONE.search(text)
    things = past.siblings if nth else []
    place = _PLACE[nth["nth"] or nth["alone"]] if nth else 0
    if nth and place < len(things):
        return f"{text[: nth.start()]}{_with_article(things[place], past)}{text[nth.end() :]}?"
    name = past.named(one["what"] or one["about"]) if one else ""
    if one and name:
        return f"{text[: one.start()]}the {name}{text[one.end() :]}?"
    said = past.saying(one["what"] or one["about"]) if one else None
    return f"{said.section.rstrip('?')}{JOIN}{text}?" if said else ""


def _with_article(thing: str, past: Past) -> str:
    """The name of a thing with its article, or a list's item as a quotation."""
    named = any(m.end - m.start == len(thing) for m in past.terms.find(thing))
    return f"the {thing}" if named else f"“{thing}”"


def _filled_in(text: str, past: Past) -> str:
    """The message with its one pronoun resolved: "how long do i hold it"."""
    text = _told(text, past)
    pronouns = list(_PRONOUN.finditer(text))
    found = past.terms.find(past.topic)
    several = len(pronouns) == 1 and pronouns[0][0] == "them"
    if any(m.term.kind == "sign" or (m.term.kind == "muscle" and not several) for m in found):
        return ""
    if not found or _ONE.search(text) or len(words(past.topic)) > _LONG:
        return ""
    if not pronouns and _WITHOUT_OBJECT.search(text) and not specific(past.terms.find(text)):
        return f"{text} {past.topic}?"
    if len(pronouns) != 1:
        return ""
    name = past.topic
    if pronouns[0][0] in ("them", "they", "those", "these") and len(found) == 1:
        names = (name, found[0].term.term, *found[0].term.also)
        name = next((n for n in names if n.endswith("s")), name)
    if found[0].term.kind in NAMED or name.endswith("s"):
        name = f"the {_LEADING_ARTICLE.sub('', name)}"
    made = f"{text[: pronouns[0].start()]}{name}{text[pronouns[0].end() :]}?"
    return _EVERY_HOW.sub("after ", made)


def _under_topic(text: str, past: Past) -> str:
    """The message below what it is about."""
    told = _told(text, past)
    if past.refused and (own(past.terms.find(told)) or _names_condition(told, past)):
        return f"{told}?"
    known = f"{past.stated}{JOIN}" if past.stated else ""
    if STATES.match(told):
        return f"{past.question}{JOIN}{told}?"
    if past.topic and len(stems(told)) > 1:
        return f"{past.topic}{TOPIC}{known}{told}?"
    added = ADDS.match(clauses(text)[-1])
    return (
        f"{past.question}{JOIN}{known}{added[0] if added and len(words(told)) < 4 else ''}{told}?"
    )


def _names_condition(text: str, past: Past) -> bool:
    return any(m.term.kind == "condition" for m in past.terms.find(text))


def _last(text: str) -> str:
    """The text's last sentence, without what joins it to what was said."""
    return _arrived(ADDS.sub("", clauses(text)[-1]))


def _told(text: str, past: Past) -> str:
    """The text without what says nothing: acknowledgements, and sentences without a known word."""
    *first, last = clauses(text)
    says = (c for c in first if past.terms.find(c) or figures(c) or len(words(c)) <= _FEW)
    kept = [clause for clause in says if not RETURNS.search(clause)]
    return ". ".join([*kept, _arrived(ADDS.sub("", last))])


def _arrived(text: str) -> str:
    """The text without "back to the shoes," where more comes after it."""
    found = RETURNS.search(text)
    if not found:
        return text
    rest = text[found.end() :].strip()
    return rest.partition(",")[2].strip() or rest


def _is_asked(question: str) -> bool:
    wh = re.match(r"(how|what|which|when|where|why|who)", question, re.IGNORECASE)
    return bool(wh or _POLAR.match(question))


Form = Callable[[str, Past], str]
FORMS: tuple[Form, ...] = (
    _corrected,
    _swapped,
    _in_phrase,
    _asked_otherwise,
    _compared,
    _named_in_full,
    _filled_in,
    _under_topic,
)
"""Ways to put message and past together, the most natural first; one that does not fit is empty."""
