"""One case and what the bot made of it -> a result: checks, scores, and where the answer stands."""

from collections.abc import Mapping, Sequence
from functools import cache

from bot.stems import stems
from bot.support import Support
from bot.terms import load_terms
from bot.types import Answer, Found, Hit
from evals import metrics
from evals.ask import Trace, TracedBot, ask, assess
from evals.cases import Case
from evals.levels import score_level
from evals.record import (
    Check,
    Evidence,
    HitRecord,
    Result,
    SourceRecord,
    StatementRecord,
)
from evals.texts import Line, lines, stated
from ingest.types import Article

ARTICLES_K, PASSAGES_K = 3, 8
"""Depths of recall@k and nDCG@k: articles, and the passages and sections that are composed from."""

Articles = Mapping[str, Article]


@cache
def _support() -> Support:
    """The bot's own check, read once."""
    return Support(load_terms())


def run_case(bot: TracedBot, case: Case) -> Result:
    """Ask a case and score it; a follow-up's standalone question is asked for comparison."""
    if case.asks == "level":
        return score_level(case, assess(bot, case.turns))
    result = score(case, ask(bot, case.turns), bot.articles)
    if case.kind != "follow-up" or not case.standalone:
        return result
    alone = score(case, ask(bot, (case.standalone,)), bot.articles)
    parity = float(result.passed) if alone.passed else None
    return result.model_copy(update={"scores": {**result.scores, "parity": parity}})


def score(case: Case, trace: Trace, articles: Articles) -> Result:
    """The result of a case that was answered."""
    answer, found = trace.answer, trace.found
    checks = _checks(case, answer)
    passed = all(check.passed for check in checks)
    return Result(
        case=case,
        passed=passed,
        checks=checks,
        kind=answer.kind,
        level=answer.level,
        flags=tuple(finding.id for finding in answer.findings),
        text=answer.text,
        searched=answer.standalone,
        statements=_statements(answer),
        sources=_sources(answer, articles),
        hits=tuple(_hit(hit) for hit in found.hits) if found else (),
        signals=_signals(found) if found else {},
        reason=trace.reason,
        dropped=trace.dropped,
        evidence=() if passed else evidence(case, answer, found, articles),
        scores=_scores(case, answer, found, articles),
        ms=answer.ms,
    )


def _checks(case: Case, answer: Answer) -> tuple[Check, ...]:
    made = [_level(case, answer)]
    text = _said(answer)
    if case.refused:
        shown = answer.kind if answer.kind != "answer" else text
        made.append(_check("refused", answer.kind != "answer", "a refusal", shown))
    elif case.wants_answer:
        answered = answer.kind == "answer"
        made.append(_check("answered", answered, "an answer", f"{answer.kind}: {answer.text}"))
        made += _content(case, answer) if answered else []
    wrong = [phrase for phrase in case.forbidden if stated(answer.text, (phrase,))]
    if case.forbidden:
        made.append(_check("not", not wrong, f"never: {_any(case.forbidden)}", _any(wrong)))
    return tuple(made)


def _content(case: Case, answer: Answer) -> list[Check]:
    """Checks of an answer's articles, sections and facts."""
    made = []
    if case.articles:
        cited = sorted({source.article for source in answer.sources})
        right = bool({*cited} & {*case.articles})
        made.append(_check("article", right, _any(case.articles), _any(cited)))
    if case.sections:
        cited = sorted({source.section for source in answer.sources})
        right = bool(_folded(cited) & _folded(case.sections))
        made.append(_check("section", right, _any(case.sections), _any(cited)))
    text = _said(answer)
    missing = [group for group in case.facts if not stated(text, group)]
    if case.facts:
        wanted = "; ".join(_any(group) for group in (missing or case.facts))
        made.append(_check("facts", not missing, wanted, text))
    return made


def _level(case: Case, answer: Answer) -> Check:
    flags = ", ".join(f"{f.id}: “{f.quote}”" for f in answer.findings)
    found = f"{answer.level} ({flags})" if flags else answer.level
    return _check("level", answer.level == case.level, case.level, found)


def _check(name: str, passed: bool, expected: str, found: str) -> Check:
    return Check.model_validate(
        {"name": name, "passed": passed, "expected": expected, "found": found}
    )


def _any(phrases: Sequence[str]) -> str:
    return " | ".join(phrases) or "nothing"


def _folded(names: Sequence[str]) -> set[str]:
    return {name.casefold() for name in names}


def _said(answer: Answer) -> str:
    """The answer's statements alone, without safety words and numbers."""
    return " ".join(statement.text for statement in answer.statements)


def _statements(answer: Answer) -> tuple[StatementRecord, ...]:
    quotes = {source.n: source.quote for source in answer.sources}
    return tuple(
        StatementRecord(
            text=s.text,
            cites=s.cites,
            supported=_support().supported(s.text, [quotes[n] for n in s.cites if n in quotes]),
        )
        for s in answer.statements
    )


def _sources(answer: Answer, articles: Articles) -> tuple[SourceRecord, ...]:
    return tuple(
        SourceRecord(
            n=s.n,
            article=s.article,
            section=s.section,
            quote=s.quote,
            start=s.start,
            end=s.end,
            exact=s.article in articles and articles[s.article].text[s.start : s.end] == s.quote,
        )
        for s in answer.sources
    )


def _hit(hit: Hit) -> HitRecord:
    return HitRecord(
        article=hit.passage.article,
        section=hit.passage.section,
        start=hit.passage.start,
        end=hit.passage.end,
        sentence=hit.passage.sentences[hit.index].text,
        score=round(hit.score, 5),
        dense=hit.dense,
        bm25=hit.bm25,
        cosine=round(max(hit.cosines), 4) if hit.cosines else None,
    )


def _signals(found: Found) -> dict[str, float]:
    """What the decision to answer looks at; the odds are by label, `answerable` among them."""
    named = {"near": found.near, "known": found.known, **found.odds}
    return {name: round(value, 4) for name, value in named.items()}


def _scores(
    case: Case, answer: Answer, found: Found | None, articles: Articles
) -> dict[str, float | None]:
    text = _said(answer)
    facts = [stated(text, group) for group in case.facts]
    scores = _retrieval(case, found.hits, articles) if found else {}
    scores["fact_coverage"] = metrics.mean([float(fact) for fact in facts])
    if answer.kind != "answer":
        return scores
    quotes = {source.n: source.quote for source in answer.sources}
    pairs = [_support().supported(s.text, [quotes[n]]) for s in answer.statements for n in s.cites]
    scores["citation_precision"] = metrics.mean([float(pair) for pair in pairs])
    scores["citation_recall"] = metrics.mean([float(s.supported) for s in _statements(answer)])
    scores["exact_quotes"] = metrics.mean([float(s.exact) for s in _sources(answer, articles)])
    scores["reading_grade"] = metrics.reading_grade(text)
    scores["words"] = float(len(answer.text.split()))
    return scores


def _retrieval(case: Case, hits: Sequence[Hit], articles: Articles) -> dict[str, float | None]:
    """Ranked articles and sections against the case's own.

    Where a case names no sections, those of its articles count that state a fact of it; a section's
    gain is the number of fact groups it states (1 where sections are named).
    """
    names = list(dict.fromkeys(hit.passage.article for hit in hits))
    sections = list(dict.fromkeys((hit.passage.article, hit.passage.section) for hit in hits))
    gains = _gains(case, articles)
    relevant, wanted = set(gains), set(case.articles)
    read = " ".join(s.text for hit in hits[:PASSAGES_K] for s in hit.passage.sentences)
    return {
        "article_recall": metrics.recall_at(ARTICLES_K, names, wanted),
        "article_mrr": metrics.reciprocal_rank(names, wanted),
        "article_ndcg": metrics.ndcg_at(ARTICLES_K, names, dict.fromkeys(wanted, 1.0)),
        "section_recall": metrics.recall_at(PASSAGES_K, sections, relevant),
        "section_mrr": metrics.reciprocal_rank(sections, relevant),
        "section_ndcg": metrics.ndcg_at(PASSAGES_K, sections, gains),
        "fact_recall": metrics.mean([float(stated(read, group)) for group in case.facts]),
    }


def _gains(case: Case, articles: Articles) -> dict[tuple[str, str], float]:
    named = case.articles or articles
    known = [articles[name] for name in named if name in articles]
    all_lines = [line for article in known for line in lines(article)]
    if case.sections:
        wanted = _folded(case.sections)
        held = (li for li in all_lines if li.section.casefold() in wanted)
        return {(li.article, li.section): 1.0 for li in held}
    gains: dict[tuple[str, str], float] = {}
    for group in case.facts:
        for key in {(li.article, li.section) for li in all_lines if stated(li.text, group)}:
            gains[key] = gains.get(key, 0.0) + 1.0
    return gains


def evidence(
    case: Case, answer: Answer, found: Found | None, articles: Articles
) -> tuple[Evidence, ...]:
    """For each fact that was not stated, the sentence of the articles that states it best.

    Sentences of the expected articles come first, then the one that shares most words with the
    question. Where no fact is missing, the best of the expected articles and sections. Empty where
    no article states a fact: then the case or an article has to change.
    """
    text = _said(answer)
    everything = [line for item in articles.values() for line in lines(item)]
    missing = [group for group in case.facts if not stated(text, group)]
    holders = [[line for line in everything if stated(line.text, group)] for group in missing]
    if not missing and case.wants_answer:
        own = [line for line in everything if _expected(line, case)]
        holders = [[li for li in own if any(stated(li.text, g) for g in case.facts)] or own]
    asked = set(stems(f"{case.standalone} {case.turns[-1]}"))
    best = (max(held, key=lambda line: _fit(line, case, asked)) for held in holders if held)
    return tuple(dict.fromkeys(_evidence(line, case, found) for line in best))


def _fit(line: Line, case: Case, asked: set[str]) -> tuple[bool, float]:
    own = set(stems(f"{line.section} {line.text}"))
    return _expected(line, case), len(asked & own) / (1 + len(own)) ** 0.5


def _expected(line: Line, case: Case) -> bool:
    article = not case.articles or line.article in case.articles
    return article and (not case.sections or line.section.casefold() in _folded(case.sections))


def _evidence(line: Line, case: Case, found: Found | None) -> Evidence:
    hits = enumerate(found.hits if found else (), 1)
    rank = next((i for i, hit in hits if _covers(hit, line)), None)
    return Evidence(
        article=line.article,
        section=line.section,
        sentence=line.text,
        start=line.start,
        rank=rank,
        expected=_expected(line, case),
    )


def _covers(hit: Hit, line: Line) -> bool:
    passage = hit.passage
    return passage.article == line.article and passage.start <= line.start < passage.end
