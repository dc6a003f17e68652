"""Small values to compose, judge and write from."""

from bot.types import Found, Hit, Source
from ingest.types import Article, Passage, Sentence


def passage(article: str, section: str, *lines: str) -> Passage:
    """A passage; "- x" is a list item under the line before the list, all else running text."""
    sentences: list[Sentence] = []
    lead, at = "", 0
    for line in lines:
        item = line.startswith("- ")
        text = line.removeprefix("- ")
        start = at + (2 if item else 0)
        block, under = ("item", lead) if item else ("paragraph", "")
        sentences.append(Sentence(text, start, start + len(text), block, under))  # type: ignore[arg-type]
        lead, at = (lead if item else text), start + len(text) + 1
    name = f"{article}#{section.lower().replace(' ', '-')}"
    return Passage(name, article, section, (section,), 0, at, tuple(sentences))


def article(made: Passage, **known: object) -> Article:
    """An article with the passage alone."""
    lines = (("- " if s.block == "item" else "") + s.text for s in made.sentences)
    return Article(made.article, made.article.title(), "\n".join(lines), **known)  # type: ignore[arg-type]


def hit(made: Passage, *scores: float) -> Hit:
    """A hit with a score for each sentence."""
    best = max(range(len(scores)), key=lambda i: scores[i])
    return Hit(made, best, scores[best], scores=scores, cosines=scores)


def found(*hits: Hit, **known: object) -> Found:
    return Found(hits, **known)  # type: ignore[arg-type]


def source(n: int, quote: str, name: str = "stretches") -> Source:
    return Source(n, name, name.title(), "Section", quote, 0, len(quote))
