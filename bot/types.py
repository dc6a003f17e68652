"""The values that travel along the path of one message. Standard library only, all frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ingest.types import Article as Article
from ingest.types import Block, Passage

Level = Literal["none", "see_professional", "urgent", "emergency"]
LEVELS: tuple[Level, ...] = ("none", "see_professional", "urgent", "emergency")

Action = Literal["none", "note", "ask", "remind", "stop"]
Kind = Literal["answer", "red_flag", "refusal", "chat"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A red flag found in the conversation.

    `id` is the flag's id, `turn` the index (from 0) of the user's message and `quote` the user's
    own words in it.
    """

    id: str
    level: Level
    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call and what it is for."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class SafetyWords:
    """The hard-coded words of a red flag, in the order they are shown.

    `booking` is the address of an appointment, only for who should be seen but has time.
    """

    heading: str
    now: str
    why: str
    avoid: str
    phones: tuple[Phone, ...] = ()
    source: str = ""
    booking: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the guard makes of a conversation.

    `level` is the highest level of the whole conversation. `action` says what the bot does now:
    `stop` shows `words` and nothing else, `ask` shows `words` with one `question`, `note` and
    `remind` show `words` above the normal answer, `none` shows nothing. `corrections` are the
    user's later denials of flags already found, in their own words: recorded, never obeyed.
    """

    level: Level = "none"
    action: Action = "none"
    findings: tuple[Finding, ...] = ()
    words: SafetyWords | None = None
    question: str | None = None
    version: str = ""
    corrections: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: the message as typed and the question it stands for.

    `more` asks for what the last answer to the same question did not show, `brief` for its heart,
    `simple` for what of it reads easily.
    `also` is what else it may stand for, where a chat model and the rules disagree.
    """

    raw: str
    standalone: str
    more: bool = False
    brief: bool = False
    simple: bool = False
    also: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The texts that the message was turned into, the standalone one last."""
        forms = (self.also, self.standalone)
        return tuple(form for form in forms if form and form != self.raw)

    @property
    def queries(self) -> tuple[str, ...]:
        """The distinct texts to search, the standalone one last."""
        if self.more or self.brief or not self.forms:
            return (self.standalone,)
        return (self.raw, *self.forms)


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage.

    `index` is its best sentence, `score` that sentence's fused score, `dense` and `bm25` its ranks
    from 1 (None: not in that ranking). For each sentence of the passage, `cosines` holds its cosine
    with the query, `coverage` the share, by idf, of the query's content words that it has, and
    `scores` how well it answers, all told.
    """

    passage: Passage
    index: int
    score: float
    dense: int | None = None
    bm25: int | None = None
    cosines: tuple[float, ...] = ()
    coverage: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The passages for a search, best first, and how near the articles come to it.

    `known` is the share, by idf, of the query's content words that the articles use at all; `near`
    the best cosine of any sentence with the query put under the articles' topic. `odds` are the
    learnt probabilities of what the question is ("answerable", "medicine", …); empty where nothing
    was learnt for the model in use.
    """

    hits: tuple[Hit, ...] = ()
    known: float = 1.0
    near: float = 1.0
    odds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered source: the exact `quote` and its character offsets in the article's text."""

    n: int
    article: str
    title: str
    section: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the numbers of the sources that say it."""

    text: str
    cites: tuple[int, ...]
    block: Block = "paragraph"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a chat model's sentences: how many were shown, which were dropped.

    `failed` says why the model ended early; empty where it did not.
    """

    shown: int = 0
    dropped: tuple[str, ...] = ()
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets.

    `text` is Markdown as read, with `[n]`: `opening`, then the statements, then `closing`. The two
    are the bot's own words around what it quotes. `ms` is milliseconds by stage. `written` is the
    account of the chat model, None where none was asked; what it dropped is for logs, never shown.
    """

    kind: Kind
    text: str
    level: Level = "none"
    findings: tuple[Finding, ...] = ()
    statements: tuple[Statement, ...] = ()
    sources: tuple[Source, ...] = ()
    words: SafetyWords | None = None
    standalone: str = ""
    suggestions: tuple[str, ...] = ()
    opening: str = ""
    closing: str = ""
    rules: str = ""
    generation: str = ""
    ms: dict[str, float] = field(default_factory=dict)
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A user's message and, except for the last one, the bot's reply to it."""

    user: str
    reply: Answer | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns so far; the last one waits for its reply."""

    turns: tuple[Turn, ...]

    @property
    def message(self) -> str:
        """The user's newest message."""
        return self.turns[-1].user

    @property
    def messages(self) -> tuple[str, ...]:
        """All of the user's messages, oldest first."""
        return tuple(turn.user for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Assessed:
    """The guard has looked; sent first, before anything else is done."""

    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The message as it is searched for."""

    standalone: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """The answer's opening, sent before its statements where it is known before them.

    The numbers in it are of sources that come with the statements.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """One verified statement, with the sources it cites for the first time."""

    statement: Statement
    sources: tuple[Source, ...] = ()


Event = Assessed | Rewritten | Retrieved | Opened | Cited | Answer
