"""Lines -> lines without page furniture: links, captions, forms, comments, biographies (pure).

The rules are general: they know the forms that furniture takes on any page, never the sentences
of a certain one. A medical disclaimer always stays.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from ingest.lines import Line
from ingest.sentences import spans


def _rule(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _signs(*alternatives: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(alternative, re.IGNORECASE) for alternative in alternatives)


_MAIL = r"\[email.protected\]|[\w.+-]+@[\w-]+\.\w{2,}"
_LINE = _rule(  # a whole line that is none of the article's text
    r"^(?:read (?:also|more|next)|also (?:read|check|see)|see also|you (?:may|might)(?: also)? like"
    r"|don['’]?t miss|recommended(?: reading)?|related(?: \w+)?|more (?:from|on)[\w ]{0,30})\s*:",
    r"\bcourtesy of\b|\(read the caption\)",
    r"^(?:photo|image|video|picture|photo credit|image credit|photograph)s?\s*(?:of|by|:|©)",
    r"^watch (?:this|our|(?:the|a) (?:video|clip|demo\w*))\b",
    r"\b(?:uses?|accept|our) cookies\b|\bcookie (?:policy|settings)\b|\bakismet\b",
    r"\bcomment data is processed\b|\bemail address will not be published\b|\bprivacy policy\b",
    r"\bsubmitting this form\b|\bfill (?:in|up|out) (?:the|this) form\b|\bget a call ?back\b",
    r"\bunsubscribe\b|\b(?:subscribe|sign up) (?:to|for|now|today)\b|\bour newsletter\b",
    r"^(?:or )?book (?:your|an?|now|online|today)\b[^.]*$",
    r"^(?:share|tweet|pin|print|follow us|share this)(?: (?:this|on|with)\b.*)?$",
    r"\badheres? to our\b.*\b(?:guidelines|policy|standards)\b|^skip to (?:main )?content",
)
_SENTENCE = _rule(  # a sentence about the page, not about the matter
    _MAIL,
    r"\b(?:on|of) this (?:page|website|site)\b|\bsearch box\b|\bclick (?:here|on)\b",
    r"\b(?:check out|take a look at|have a look at|read|see) (?:this|our|my) "
    r"(?:\S+ ){0,3}?(?:article|post|list|guide|video|page)\b",
    r"\bsee below for\b.*\bvideo\b|\b(?:video|link)s? (?:below|above)\b|\bskip to the\b",
    r"\blet me know what you think\b|\b(?:send|leave) (?:us|me|any|your) (?:questions|comments?)\b",
    r"^let['’]?s (?:jump|dive|dig|get|begin|start)\b|^(?:hi|hello|hey|thanks|thank you|enjoy)\W*$",
    r"^if you (?:have (?:any|more)|would like|want to know).{0,40}\b(?:questions|more)\b[^,]*$",
)
_END = _rule(  # a line after which a page holds no more of its article
    r"^\d+ (?:thoughts?|comments?|responses?|repl(?:y|ies)) (?:on|to)\b|^leave a (?:comment|reply)",
    r"^(?:comments?|reviews|testimonials)(?: \(\d+\))?$|^what (?:our|my) (?:clients|patients)\b",
    r"^(?:related|recommended|popular|recent|more|latest) (?:posts?|articles?|stories|news)$",
    r"\bfill (?:in|up|out) (?:the|this) form\b",
)
_CONTENTS = _rule(
    r"^(?:table of )?contents:?$|^(?:on|in) this (?:page|guide|article|post)\b.*:$|^jump to\b"
)
_OFFER = _signs(
    r"\bno obligation\b",
    r"\b(?:this|your|an) appointment\b",
    r"\bbook (?:an?|your|now|online)\b",
    r"\bcall (?:us|now|today)\b|\bphone call\b",
    r"\bfree (?:consult|assessment|trial|session)",
    r"\bgood fit for you\b",
    r"\bcontact us\b",
    r"\bour (?:clinic|team|services|patients|clients|doctors)\b",
    r"\btrusted by\b|\bsatisfied\b",
)
_BIOGRAPHY = _signs(
    r"\bin (?:his|her|their) (?:free|spare) time\b",
    r"\b(?:bachelor|master)(?:['’]?s)?\b|\bdegrees?\b|\bdiploma\b|\bgraduated?\b",
    r"\buniversity\b|\bcollege\b|\binternship\b",
    r"\b\w+-?certified\b|\bcertifications?\b",
    r"\b(?:he|she|they) (?:is|has|was|holds|treats|lives|enjoys|likes|aims|works|does|uses)\b",
    r"\byears of experience\b|\bfor \d+ years\b|\bpreviously worked\b",
    r"^(?:dr\.? )?(?-i:[A-Z]\w+ ){1,3}is an? [\w, -]*(?:writer|editor|therapist|coach|trainer"
    r"|doctor|physio\w*|physician|surgeon|journalist|author|runner)\b",
    r"\b(?:his|her) (?:patients?|clients?|treatment|passion|work|supervision)\b",
)
_DISCLAIMER = _rule(r"^(?:medical |health |legal )?(?:disclaimer|important note)\b")
_CLOSED = re.compile(r"[.!?:;,…][”\"')’]*$")

_BRAND = re.compile(
    r"((?:[A-Z]\w*)(?: (?:[A-Z]\w*|\d+)){0,3}) is (?:an?|the) [^.]{0,60}?"
    r"\b(?:provider|platform|clinic|company|practice|app|brand)\b"
)

REPEATS = 3  # a caption or slogan recurs; twice may be chance
ARTICLE_WORDS = 100  # less than this before an "end" is a page's head, not an article


def without_furniture(lines: Sequence[Line], language: str = "en") -> tuple[Line, ...]:
    """Return the lines that belong to the article, in order.

    The rules are applied until they find no more, since one may uncover work for another.
    """
    before: tuple[Line, ...] = tuple(lines)
    after = _without_some(before, language)
    while after != before:
        before, after = after, _without_some(after, language)
    return after


def _without_some(lines: Sequence[Line], language: str) -> tuple[Line, ...]:
    kept = _without_contents(_without_captions(_before_end(_once(lines))))
    kept = _without_biographies(kept)
    page = _Page(language, frozenset(_disclaimers(kept)), _brands(kept))
    return tuple(_without_bare_headings([own for line in kept for own in _own_words(line, page)]))


@dataclass(frozen=True, slots=True)
class _Page:
    """What the rules for one line must know of the whole page."""

    language: str
    disclaimers: frozenset[Line]
    brands: tuple[str, ...]


def _brands(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the names of firms that the page introduces as such: "X is a provider of …"."""
    matches = (_BRAND.match(line.text) for line in lines if line.kind == "paragraph")
    return tuple(match[1] for match in matches if match)


def is_repeated_caption(text: str, times: int) -> bool:
    """Whether a line that stands this often in a document is a caption and no heading or text."""
    return times >= REPEATS and not _CLOSED.search(text)


def _once(lines: Sequence[Line]) -> list[Line]:
    """Drop a line that repeats the one before it; of three and more in a row, all."""
    kept = []
    for _, same in groupby(lines, key=lambda line: line.text.casefold()):
        run = list(same)
        if len(run) < REPEATS:
            kept.append(run[0])
    return kept


def _before_end(lines: list[Line]) -> list[Line]:
    """Cut comments, testimonials and the like after the article's end, save for a disclaimer."""
    total = sum(_words(line) for line in lines)
    read = 0
    for position, line in enumerate(lines):
        far = read >= max(ARTICLE_WORDS, total // 2 if "form" in line.text.casefold() else 0)
        if far and not line.is_listed and _END.search(line.text):
            return lines[:position] + _disclaimers(lines[position:])
        read += _words(line)
    return lines


def _disclaimers(lines: list[Line]) -> list[Line]:
    """Return the disclaimers: paragraphs that open as one, or a heading with its paragraph."""
    kept: list[Line] = []
    for before, line in pairwise([Line("paragraph", ""), *lines]):
        heads = before.kind == "heading" and _DISCLAIMER.search(before.text)
        if _DISCLAIMER.search(line.text) or (heads and line.kind != "heading"):
            kept.append(line)
    return kept


def _without_captions(lines: list[Line]) -> list[Line]:
    """Drop captions: the same words, without closing punctuation, again and again."""
    times = Counter(line.text.casefold() for line in lines if line.kind == "paragraph")
    return [
        line
        for line in lines
        if line.kind != "paragraph"
        or not is_repeated_caption(line.text, times[line.text.casefold()])
    ]


def _without_contents(lines: list[Line]) -> list[Line]:
    """Drop tables of contents: lists of the document's own headings, or announced as such."""
    headings = {_bare(line.text) for line in lines if line.kind == "heading"}
    kept: list[Line] = []
    for is_listed, group in groupby(lines, key=lambda line: line.is_listed):
        run = list(group)
        announced = bool(kept) and bool(_CONTENTS.search(kept[-1].text))
        named = sum(_bare(line.text) in headings for line in run)
        if is_listed and (announced or (len(run) > 1 and named >= 0.8 * len(run))):
            kept = kept[:-1] if announced or (kept and kept[-1].text.endswith(":")) else kept
        else:
            kept += run
    return kept


def _without_biographies(lines: list[Line]) -> list[Line]:
    """Drop paragraphs that tell an author's life, with the name or "About …" line above them."""
    kept: list[Line] = []
    for line in lines:
        if line.kind == "paragraph" and _is_biography(line.text):
            while kept and not kept[-1].is_listed and _is_name(kept[-1].text):
                kept.pop()
        else:
            kept.append(line)
    return kept


def _is_biography(text: str) -> bool:
    return len(text.split()) >= 15 and _count(_BIOGRAPHY, text) >= 3


def _is_name(text: str) -> bool:
    words = text.split()
    return len(words) <= 5 and all(word[:1].isupper() for word in words if word.lower() != "the")


def _own_words(line: Line, page: _Page) -> Iterator[Line]:
    """Yield a line without what is said about the page or offered by its owner, if that is any."""
    if line in page.disclaimers:
        yield line
        return
    if _LINE.search(line.text):
        return
    if line.kind == "heading":
        yield line
        return
    parts = [line.text[start:end] for start, end in spans(line.text, page.language)]
    offers = [_count(_OFFER, part) for part in parts]
    if not line.is_listed and all(offers) and sum(offers) > 1:
        return
    kept = [
        part
        for part, offer in zip(parts, offers, strict=True)
        if offer < 2 and not _SENTENCE.search(part) and not part.startswith(page.brands)
    ]
    if kept:
        yield line if len(kept) == len(parts) else replace(line, text=" ".join(kept))


def _count(signs: Sequence[re.Pattern[str]], text: str) -> int:
    return sum(bool(sign.search(text)) for sign in signs)


def _without_bare_headings(lines: Sequence[Line]) -> list[Line]:
    """Drop headings with nothing under them, be it from the start or by the rules above."""
    kept: list[Line] = []  # from the end, so that a heading over bare headings is bare too
    for line in reversed(lines):
        below = kept[-1] if kept else Line("heading", "", 1)
        if line.kind != "heading" or below.kind != "heading" or below.level > line.level:
            kept.append(line)
    return kept[::-1]


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _words(line: Line) -> int:
    return len(line.text.split())
