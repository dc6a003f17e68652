"""A small real bot: two short articles, four scripted replies, the events in their true order."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from bot.types import (
    Action,
    Answer,
    Article,
    Assessed,
    Assessment,
    Cited,
    Conversation,
    Event,
    Finding,
    Opened,
    Phone,
    Retrieved,
    Rewritten,
    SafetyWords,
    Source,
    Statement,
)

GUIDE = Article(
    id="running-guide",
    title="Running with a sore kneecap",
    text=(
        "# Running with a sore kneecap\n\n"
        "## Can I keep running?\n\n"
        "You can keep running with runner's knee if the pain stays mild. "
        "Shorten your runs for the first two weeks. "
        "Stop when the pain makes you limp.\n\n"
        "Signs that you should rest:\n\n"
        "- Pain that is worse the next morning\n"
        "- Pain on the stairs that lasts over a day\n\n"
        "## Which stretches help?\n\n"
        "1. Stand on one leg and pull the heel of the other foot to your bottom.\n"
        "2. Hold the quadriceps stretch for 10–15 seconds.\n"
        "3. Do the quadriceps stretch three times on each leg.\n"
    ),
    publisher="Riverside Running Clinic",
    author="Dr Maya Lindqvist",
    credentials="Doctor of Physical Therapy",
    kind="clinician",
    reviewed=date(2023, 5, 4),
    review_by=date(2025, 5, 4),
    origin="guide.txt",
)
STORY = Article(
    id="coach-notes",
    title="A coach's notes on stubborn knees",
    text=(
        "# A coach's notes on stubborn knees\n\n"
        "## How long does it take?\n\n"
        "Most runners are back to normal training after four to six weeks. "
        "Strong hips take load off the kneecap.\n"
    ),
    author="Tom Hale",
    credentials="Running coach",
    kind="coach",
)
HOSTILE = Article(
    id="hostile",
    title='<script>window.hacked="title"</script> [x](javascript:alert(1))',
    text=(
        "# <img src=x onerror=\"window.hacked='heading'\">\n\n"
        "Read <script>window.hacked='text'</script> and [this](javascript:window.hacked='link') "
        "or ![that](https://evil.example/pixel.png) at https://evil.example/ **now**.\n\n"
        "- </li></ul><iframe src=https://evil.example></iframe>\n"
    ),
    author="<b>Mallory</b>",
    credentials='"><svg onload=alert(1)>',
    kind="compilation",
)
WORDS = SafetyWords(
    heading="Get medical care today",
    now="A hot, red and swollen knee with a fever can be an infection in the joint. "
    "Contact a doctor today; if you cannot reach one, go to an emergency department.",
    why="An infected joint can be damaged within a day or two.",
    avoid="Do not run, stretch or massage the knee until a professional has seen it.",
    phones=(Phone("Emergency", "999"), Phone("NHS advice, day and night", "111")),
)
NOTE = SafetyWords(
    heading="Book an assessment",
    now="Pain that has lasted longer than three weeks should be looked at by a physiotherapist.",
    why="It is then more likely that something else is behind it.",
    avoid="",
    phones=(Phone("Riverside clinic", "020 7946 0000"),),
)


def below(answer: Answer, found: Assessment) -> Answer:
    """The answer under the guard's words, which its text repeats, as the real bot's does."""
    if found.words is None:
        return answer
    words = found.words
    numbers = "\n".join(f"- {phone.label}: {phone.number}" for phone in words.phones)
    text = "\n\n".join((f"**{words.heading}**", words.now, numbers, words.why, answer.text))
    return replace(answer, text=text, words=words, level=found.level)


def source(n: int, article: Article, quote: str) -> Source:
    """A source whose offsets are where the quote stands in the article."""
    start = article.text.index(quote)
    return Source(n, article.id, article.title, "", quote, start, start + len(quote))


ANSWER: tuple[tuple[str, Article, Literal["paragraph", "step"]], ...] = (
    ("You can keep running with runner's knee if the pain stays mild.", GUIDE, "paragraph"),
    ("Shorten your runs for the first two weeks.", GUIDE, "paragraph"),
    ("Strong hips take load off the kneecap.", STORY, "paragraph"),
    (
        "Stand on one leg and pull the heel of the other foot to your bottom.",
        GUIDE,
        "step",
    ),
    ("Hold the quadriceps stretch for 10–15 seconds.", GUIDE, "step"),
)
OPENING = "The articles differ: two weeks [2]; four to six weeks [3]."
CLOSING = "[2] a clinician; [3] a running coach"
REFUSAL = (
    "The articles do not say anything about that. They cover:\n\n"
    "- what runner's knee is and where it comes from\n"
    "- running with it, and when to rest\n"
    "- stretches and strengthening\n\n"
    "Try a question about one of these."
)


@dataclass(frozen=True)
class FakeBot:
    """Answers by the words of the message: fever, weeks, guitar, slow, break, hostile, differ."""

    articles: Mapping[str, Article] = field(
        default_factory=lambda: MappingProxyType({a.id: a for a in (GUIDE, STORY, HOSTILE)})
    )
    generation: str = "gen-000001"
    rules: str = "2026.11"

    def stream(self, conversation: Conversation) -> Iterator[Event]:
        """Answer the last message; a follow-up names the message before it."""
        message = conversation.message
        if "fever" in message:
            yield from self._alarm(conversation)
            return
        past = conversation.messages[:-1]
        found = Assessment(version=self.rules)
        if "weeks" in " ".join(conversation.messages):
            action: Action = "note" if "weeks" in message else "remind"
            found = Assessment("see_professional", action, words=NOTE, version=self.rules)
        yield Assessed(found)
        standalone = f"{message} ({past[-1]})" if past else message
        yield Rewritten(standalone)
        yield Retrieved(())
        if "break" in message:
            raise RuntimeError("secret path /srv/kneewise/index")
        if "guitar" in message:
            yield below(Answer("refusal", REFUSAL, standalone=standalone), found)
            return
        answer = self._answer(message, standalone)
        if answer.opening:
            yield Opened(answer.opening)
        for statement in answer.statements:
            time.sleep(0.6 if "slow" in message else 0)
            new = tuple(s for s in answer.sources if s.n in statement.cites)
            yield Cited(statement, new)
        yield below(answer, found)

    def _alarm(self, conversation: Conversation) -> Iterator[Event]:
        turn = len(conversation.turns) - 1
        found = (Finding("hot_knee", "urgent", turn, "fever"),)
        yield Assessed(Assessment("urgent", "stop", found, WORDS, version=self.rules))
        text = f"{WORDS.heading}\n\n{WORDS.now}"
        yield Answer("red_flag", text, "urgent", found, words=WORDS, rules=self.rules)

    def _answer(self, message: str, standalone: str) -> Answer:
        script = ANSWER
        if "hostile" in message:
            script = ((HOSTILE.text.split("\n\n")[1], HOSTILE, "paragraph"),)
        sources = tuple(source(i, a, quote) for i, (quote, a, _) in enumerate(script, 1))
        statements = tuple(
            Statement(quote, (i,), block) for i, (quote, _, block) in enumerate(script, 1)
        )
        text = "\n\n".join(f"{s.text} [{s.cites[0]}]" for s in statements)
        follow = ("How long does it take to get better?",)
        return Answer(
            "answer",
            text,
            statements=statements,
            sources=sources,
            standalone=standalone,
            suggestions=follow,
            opening=OPENING if "differ" in message else "",
            closing=CLOSING if "differ" in message else "",
            generation=self.generation,
        )
