"""The tab Ask: one question opened up, from what was searched for to what was shown and why."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import quote

from bot.types import Answer
from bot.web.markup import plain, prose
from evals.ask import Trace, ask
from evals.desk.kit import Desk, items, problem
from evals.look import Fate, Look, Seen, look

LONGEST = 2000
"""Characters of a question, and of a dialogue together."""

FATES: dict[Fate, str] = {
    "shown": "kd-shown",
    "dropped by the judge": "kd-dropped",
    "not chosen": "kd-left",
}
SIGNALS = {
    "near": "how near the best sentence comes",
    "known": "share of its words that the articles use",
    "answerable": "odds that the articles answer it",
}
_EMPHASIS = re.compile(r"\*\*|^\*(?! )|(?<! )\*$", re.MULTILINE)
"""The bot's own bold and italics, which would be read as stars here."""

LEGEND = (
    "In the order of the search. <b>Meaning</b> says how alike a sentence and the question are in "
    "what they mean, <b>words</b> how many of the question's words it has; 1 is all."
)


def messages(typed: str) -> list[str]:
    """A question, or a dialogue with one message a line.

    Raises:
        ValueError: There is none, or it is too long.
    """
    if len(typed) > LONGEST:
        message = f"That has {len(typed)} characters; {LONGEST} are read. Shorten it."
        raise ValueError(message)
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise ValueError("Type a question first.")
    return lines


def opened(desk: Desk, typed: str) -> str:
    """The question asked, as HTML."""
    try:
        trace = ask(desk.subject.bot, messages(typed))
    except ValueError as error:
        return problem(error)
    return drawn(trace, look(trace))


def drawn(trace: Trace, seen: Look) -> str:
    """A reply with its reasons, as HTML."""
    parts = (
        _verdict(trace.answer, seen),
        "<h2>What the visitor reads</h2>",
        f'<div class="kd-reply">{prose(_EMPHASIS.sub("", trace.answer.text), _cited)}</div>',
        _chosen(trace),
        _passages(seen.seen),
        _signals(seen),
    )
    return f'<div class="kd-look">{"".join(parts)}</div>'


def _verdict(answer: Answer, seen: Look) -> str:
    facts = [f"level: {plain(seen.level.replace('_', ' '))}"]
    if seen.searched:
        facts.insert(0, f"searched for: “{plain(seen.searched)}”")
    if answer.generation:
        facts.append(f"index: {plain(answer.generation)}")
    return (
        f'<div class="kd-verdict kd-{answer.kind.replace("_", "-")}">'
        f"<p><strong>{plain(seen.explanation)}</strong></p>"
        f'<p class="kd-quiet">{" · ".join(facts)}</p></div>'
    )


def _cited(n: int) -> str:
    return f' <span class="kd-cite">{n}</span>'


def _chosen(trace: Trace) -> str:
    """What was composed, and what became of each sentence."""
    if not trace.chosen:
        return ""
    shown = {statement.text for statement in trace.answer.statements}
    rows = [_fate_of(text, trace.dropped, shown) for text in dict.fromkeys(trace.chosen)]
    others = [t for t in dict.fromkeys(trace.dropped) if t not in trace.chosen]
    rows += [_badged("dropped by the judge", text, "no source says it") for text in others]
    return f"<h2>Chosen for the answer</h2>{items(rows)}"


def _fate_of(text: str, dropped: Sequence[str], shown: set[str]) -> str:
    if text in dropped:
        return _badged("dropped by the judge", text, "its source does not say it")
    if text in shown or any(text in whole for whole in shown):
        return _badged("shown", text)
    return _badged("shown", text, "with its neighbours or in other words")


def _badged(fate: Fate, text: str, note: str = "") -> str:
    more = f' <span class="kd-quiet">({note})</span>' if note else ""
    return f'<span class="kd-badge {FATES[fate]}">{fate}</span> {plain(text)}{more}'


def _passages(seen: Sequence[Seen]) -> str:
    if not seen:
        return "<h2>What was retrieved</h2><p>Nothing: the search was not reached.</p>"
    groups = [list(rows) for _, rows in groupby(seen, key=lambda row: row.passage)]
    drawn_ = "".join(_passage(rows) for rows in groups)
    return f'<h2>What was retrieved</h2><p class="kd-quiet">{LEGEND}</p>{drawn_}'


def _passage(rows: Sequence[Seen]) -> str:
    first = rows[0]
    used = any(row.fate != "not chosen" for row in rows)
    count = sum(row.fate == "shown" for row in rows)
    held = f"{count} of {len(rows)} shown" if count else "nothing shown"
    return (
        f"<details{' open' if used else ''}><summary><b>{first.passage}.</b> "
        f"{plain(first.article)} › {plain(first.section)} "
        f'<span class="kd-quiet">score {first.score:.3f} · {held}</span></summary>'
        f'<ul class="kd-sentences">{"".join(_sentence(row) for row in rows)}</ul></details>'
    )


def _sentence(row: Seen) -> str:
    figures = " · ".join(_figures(row))
    place = f"../articles/{quote(row.article, safe='')}?from={row.start}&to={row.end}"
    return (
        f'<li><span class="kd-badge {FATES[row.fate]}">{row.fate}</span> {plain(row.sentence)} '
        f'<span class="kd-quiet">{figures}</span> '
        f'<a href="{plain(place)}" target="_blank">in the article</a></li>'
    )


def _figures(row: Seen) -> Iterator[str]:
    if row.cosine is not None:
        yield f"meaning {row.cosine:.2f}"
    if row.coverage is not None:
        yield f"words {row.coverage:.2f}"


def _signals(seen: Look) -> str:
    if not seen.signals:
        return ""
    rows = "".join(
        f"<tr><td>{plain(SIGNALS.get(name, f'odds of: {name}'))}</td><td>{value:.2f}</td></tr>"
        for name, value in seen.signals.items()
    )
    return (
        "<details><summary>Why it was answered or refused: the figures</summary>"
        f"<table><tbody>{rows}</tbody></table></details>"
    )
