"""A small bot under test and its cases."""

from pathlib import Path

from langchain_core.embeddings import Embeddings

from bot.build import build_bot
from evals.cases import Case
from evals.run import Subject
from ingest.run import ingest
from tests.bot.fakes import small_bot, small_settings

HOLD = Case(
    id="hold",
    kind="answerable",
    question="how long do I hold the calf stretch?",
    articles=("stretches",),
    facts=(("12 sec",),),
    tags=("dose",),
)
CURE = Case(
    id="cure",
    kind="answerable",
    question="does a knee brace help?",
    articles=("braces",),
    facts=(("not a cure",), ("magic",)),
)
PILLS = Case(id="pills", kind="unanswerable", question="which painkiller works best?", refused=True)
TIMES = Case(
    id="times",
    kind="follow-up",
    dialogue=("how do I do the calf stretch?", "how many times?"),
    standalone="how many times do I repeat the calf stretch?",
    articles=("stretches",),
    facts=(("3 times",),),
)
CHEST = Case(id="chest", kind="red_flag", question="I have crushing chest pain", level="emergency")
CALM = Case(
    id="calm", kind="red_flag", question="no chest pain at all", asks="level", context="denied"
)
CASES = (HOLD, CURE, PILLS, TIMES, CHEST, CALM)


def small_subject(folder: Path, model: Embeddings) -> Subject:
    return Subject(small_bot(folder, model), small_settings(folder), model.embed_documents)


def edited(folder: Path, model: Embeddings, name: str, old: str, new: str) -> Subject:
    """The small subject after an edit of an article."""
    settings = small_settings(folder)
    path = settings.index.corpus / f"{name}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    ingest((), settings.index, load=lambda _: model)
    bot = build_bot(settings, load=lambda _: model)
    return Subject(bot, settings, model.embed_documents)
