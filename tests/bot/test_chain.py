"""The bot as a LangChain Runnable: invoke, stream, batch and tracing callbacks."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from bot.chain import BotChain
from bot.documents import PassageRetriever
from bot.generate import Writer
from bot.types import Answer, Conversation, Turn
from tests.bot.fakes import Scripted, small_bot

QUESTION = "How long should I hold the calf stretch?"


class Names(BaseCallbackHandler):
    """Collects the name of each run and which run it is a child of."""

    def __init__(self) -> None:
        self.started: dict[UUID, tuple[str, UUID | None]] = {}
        self.failed: list[UUID] = []

    def on_chain_start(
        self,
        serialized: dict[str, Any] | None,
        inputs: Any,  # noqa: ANN401 - LangChain's signature
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        name: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        self.started[run_id] = (name, parent_run_id)

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: Any,  # noqa: ANN401 - LangChain's signature
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        name: str = "",
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        self.started[run_id] = (name or "Scripted", parent_run_id)

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:  # noqa: ANN401
        self.failed.append(run_id)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory, minilm: Embeddings) -> BotChain:
    return BotChain(small_bot(tmp_path_factory.mktemp("chain"), minilm))


def test_invoke_takes_a_question_or_a_conversation(chain: BotChain) -> None:
    asked = chain.invoke(QUESTION)
    conversed = chain.invoke(Conversation((Turn(QUESTION),)))
    assert "12 seconds" in asked.text
    assert asked.statements == conversed.statements


def test_stream_ends_with_the_answer(chain: BotChain) -> None:
    *events, last = chain.stream(QUESTION)
    assert isinstance(last, Answer)
    assert events


def test_batch_answers_in_the_order_asked(chain: BotChain) -> None:
    answers = chain.batch([QUESTION, "Does a knee brace help?"])
    texts = [answer.text for answer in answers if isinstance(answer, Answer)]
    assert "12 seconds" in texts[0]
    assert "brace" in texts[1]


def test_it_composes_with_other_runnables(chain: BotChain) -> None:
    assert "12 seconds" in (chain | (lambda answer: answer.text)).invoke(QUESTION)


def test_each_stage_is_traced_under_its_name_within_the_whole_run(chain: BotChain) -> None:
    names = Names()
    chain.invoke(QUESTION, {"callbacks": [names]})
    whole = [run for run, (name, parent) in names.started.items() if parent is None]
    assert [names.started[run][0] for run in whole] == ["kneewise"]
    stages = {name for name, parent in names.started.values() if parent == whole[0]}
    assert {"guard", "small_talk", "rewrite", "retrieve", "answerable", "compose"} <= stages


def test_a_models_writing_is_a_stage_with_the_models_own_run_inside(chain: BotChain) -> None:
    names = Names()
    model = Scripted(script=["Hold the calf stretch for 12 seconds. [1]\n"])
    bot = chain.bot
    parts = replace(bot.parts(), write=Writer(model, lambda *_: True).write)
    answer = BotChain(replace(bot, _parts=parts)).invoke(QUESTION, {"callbacks": [names]})
    assert [statement.text for statement in answer.statements] == [
        "Hold the calf stretch for 12 seconds."
    ]
    runs = {name: run for run, (name, _) in names.started.items()}
    assert names.started[runs["write"]][1] == runs["kneewise"]
    assert names.started[runs["Scripted"]][1] == runs["write"]


def test_a_reader_that_stops_early_closes_the_run(chain: BotChain) -> None:
    names = Names()
    stream = chain.stream(QUESTION, {"callbacks": [names]})
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert len(names.failed) == 1


def test_the_retriever_gives_passages_with_their_place(chain: BotChain) -> None:
    retriever = PassageRetriever(find=chain.bot.parts().retrieve, k=2)
    documents: list[Document] = retriever.invoke("calf stretch")
    assert len(documents) == 2
    best = documents[0].metadata
    text = chain.bot.articles[best["article"]].text
    assert "calf stretch" in text[best["start"] : best["end"]]
