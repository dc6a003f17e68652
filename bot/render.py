"""Values to what the user reads: answers, refusals and safety words as Markdown with [n]."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from bot import wording
from bot.compose import Unit
from bot.types import Answer, Assessment, Kind, SafetyWords, Source, Statement
from ingest.types import Article, Sentence


def source(n: int, unit: Unit, articles: Mapping[str, Article]) -> Source:
    """The unit as numbered source; the quote is the article's text between the offsets."""
    article = articles[unit.passage.article]
    start, end = unit.sentences[0].start, unit.sentences[-1].end
    return Source(
        n, article.id, article.title, unit.passage.section, article.text[start:end], start, end
    )


def items(sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Sentences one by one, except that those of one list item stay together."""
    made: list[list[Sentence]] = []
    for sentence in sentences:
        last = made[-1][-1] if made else None
        if last and last.block == sentence.block != "paragraph" and sentence.start - last.end <= 1:
            made[-1].append(sentence)
        else:
            made.append([sentence])
    return made


def answer(
    statements: Sequence[Statement],
    sources: Sequence[Source],
    opening: str = "",
    closing: str = "",
    kind: Kind = "answer",
) -> Answer:
    """Statements as a readable text between the bot's own opening and closing lines."""
    below = f"*Sources: {closing}.*" if closing else ""
    return Answer(
        kind,
        "\n\n".join(filter(None, (opening, text(statements), below))),
        statements=tuple(statements),
        sources=tuple(sources),
        opening=opening,
        closing=closing,
    )


def text(statements: Sequence[Statement]) -> str:
    """Markdown; a list's number stands once, at the line that introduces it or its first item."""
    blocks = []
    for numbers, group in groupby(statements, key=lambda statement: statement.cites):
        blocks.append(_block(list(group), "".join(f"[{n}]" for n in numbers)))
    return "\n\n".join(blocks)


def _block(statements: Sequence[Statement], numbers: str) -> str:
    lines = [f"{_marker(s)}{s.text}" for s in statements]
    lines[0] = f"{lines[0]} {numbers}"
    listed = any(statement.block != "paragraph" for statement in statements)
    return "\n".join(lines) if listed else " ".join(lines)


def _marker(statement: Statement) -> str:
    return {"paragraph": "", "item": "- ", "step": "1. "}[statement.block]


def refusal(reason: str, articles: int) -> Answer:
    """The words of a refusal."""
    return Answer("refusal", wording.REFUSALS[reason].format(count=articles))


def safety(assessment: Assessment) -> Answer:
    """The safety words alone, with the guard's one question where it asks one."""
    words = assessment.words
    shown = safety_text(words) if words else ""
    asked = "\n\n".join(filter(None, (shown, assessment.question)))
    return Answer("red_flag", asked, words=words)


def below(assessment: Assessment, made: Answer) -> Answer:
    """An answer under the guard's note or reminder, where there is one."""
    if assessment.words is None:
        return made
    return replace(
        made, text=f"{safety_text(assessment.words)}\n\n{made.text}", words=assessment.words
    )


def safety_text(words: SafetyWords) -> str:
    """Safety words as Markdown, in the order they must be read."""
    phones = "\n".join(f"- {phone.label}: {phone.number}" for phone in words.phones)
    booking = f"Book an appointment: {words.booking}" if words.booking else ""
    parts = (
        f"**{words.heading}**", words.now, phones, booking, words.why, words.avoid, words.source
    )  # fmt: skip
    return "\n\n".join(part for part in parts if part)
