"""Answers and conversations as plain JSON values: the public format of `--jsonl` and the API."""

from typing import Any

from bot.render import safety_text as safety_text
from bot.types import Answer, Assessment, Finding


def reply_record(answer: Answer) -> dict[str, Any]:
    """One reply; the keys are a public interface (`docs/jsonl.md`)."""
    return {
        "kind": answer.kind,
        "level": answer.level,
        "flags": _flags(answer.findings),
        "text": answer.text,
        "sentences": [{"text": s.text, "cites": list(s.cites)} for s in answer.statements],
        "sources": [
            {
                "n": s.n,
                "article": s.article,
                "title": s.title,
                "section": s.section,
                "quote": s.quote,
                "start": s.start,
                "end": s.end,
            }
            for s in answer.sources
        ],
        "standalone": answer.standalone,
        "ms": {stage: answer.ms.get(stage) for stage in STAGES},
        "rules": answer.rules,
        "generation": answer.generation,
    }


STAGES = ("guard", "rewrite", "retrieve", "compose", "total")


def guard_record(assessment: Assessment) -> dict[str, Any]:
    """What `--guard-only` gives for one reply: level and flags alone."""
    return {"level": assessment.level, "flags": _flags(assessment.findings)}


def _flags(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [{"id": f.id, "turn": f.turn, "quote": f.quote} for f in findings]
