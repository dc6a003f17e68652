"""One question and what has come back for it so far, as a value that the chat page draws."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.types import (
    Answer,
    Assessed,
    Assessment,
    Cited,
    Conversation,
    Event,
    Kind,
    Opened,
    Rewritten,
    SafetyWords,
    Source,
    Statement,
    Turn,
)

State = Literal["answering", "done", "stopped", "failed", "gone"]
"""`gone`: read back from the browser, and the articles no longer say what it quoted."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A visitor's message and the events of its answer, folded together."""

    user: str
    state: State = "answering"
    assessment: Assessment | None = None
    standalone: str = ""
    statements: tuple[Statement, ...] = ()
    sources: tuple[Source, ...] = ()
    answer: Answer | None = None
    opening: str = ""

    @property
    def words(self) -> SafetyWords | None:
        """The safety words to show: known as soon as the guard has looked."""
        if self.answer is not None and self.answer.words is not None:
            return self.answer.words
        return self.assessment.words if self.assessment is not None else None

    @property
    def alarm(self) -> bool:
        """Whether the safety words are to be shown as an alarm; any one sign of it is enough."""
        answer, found = self.answer or Answer("answer", ""), self.assessment or Assessment()
        grave = {answer.level, found.level} & {"urgent", "emergency"}
        return bool(grave) or answer.kind == "red_flag" or found.action in ("stop", "ask")

    @property
    def reminder(self) -> bool:
        """Whether the safety words were shown in full before and are only recalled here."""
        return self.assessment is not None and self.assessment.action == "remind"

    @property
    def asked(self) -> str:
        """The guard's one question, empty where it has none."""
        return (self.assessment.question or "") if self.assessment is not None else ""

    @property
    def kind(self) -> Kind:
        """What the reply is; as long as it is coming in, what the guard makes it."""
        if self.answer is not None:
            return self.answer.kind
        found = self.assessment or Assessment()
        return "red_flag" if found.action in ("stop", "ask") else "answer"

    @property
    def reply(self) -> Answer:
        """The answer, or what had been shown of it when it was stopped or failed."""
        if self.answer is not None:
            return self.answer
        text = "\n\n".join(
            statement.text + "".join(f" [{n}]" for n in statement.cites)
            for statement in self.statements
        )
        found = self.assessment or Assessment()
        return Answer(
            kind=self.kind,
            text=text,
            level=found.level,
            findings=found.findings,
            statements=self.statements,
            sources=self.sources,
            words=self.words,
            standalone=self.standalone,
            opening=self.opening,
            rules=found.version,
        )


def fold(exchange: Exchange, event: Event) -> Exchange:
    """The exchange after one more event of its answer."""
    match event:
        case Assessed(assessment):
            return replace(exchange, assessment=assessment)
        case Rewritten(standalone):
            return replace(exchange, standalone=standalone)
        case Opened(text):
            return replace(exchange, opening=text)
        case Cited(statement, sources):
            return replace(
                exchange,
                statements=(*exchange.statements, statement),
                sources=(*exchange.sources, *sources),
            )
        case Answer():
            return replace(
                exchange,
                state="done",
                answer=event,
                standalone=event.standalone or exchange.standalone,
                statements=event.statements or exchange.statements,
                sources=event.sources or exchange.sources,
            )
        case _:
            return exchange


def conversation(exchanges: Sequence[Exchange]) -> Conversation:
    """All turns with their replies; the last message waits for its own."""
    past = tuple(Turn(exchange.user, exchange.reply) for exchange in exchanges[:-1])
    return Conversation((*past, Turn(exchanges[-1].user)))
