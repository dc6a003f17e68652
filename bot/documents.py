"""The search as LangChain sees it: a retriever of documents."""

from collections.abc import Callable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bot.types import Found, Hit, Search


class PassageRetriever(BaseRetriever):
    """The search as a LangChain retriever: passages as documents, provenance as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    find: Callable[[Search], Found]
    k: int = 4

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [document(hit) for hit in self.find(Search(query, query)).hits[: self.k]]


def document(hit: Hit) -> Document:
    """A hit as a LangChain document; `start` and `end` are character offsets in the article."""
    passage = hit.passage
    return Document(
        id=passage.id,
        page_content=" ".join(sentence.text for sentence in passage.sentences),
        metadata={
            "article": passage.article,
            "section": passage.section,
            "start": passage.start,
            "end": passage.end,
            "sentence": passage.sentences[hit.index].text,
            "score": hit.score,
            "dense": hit.dense,
            "bm25": hit.bm25,
        },
    )
