"""Messages that ask nothing of the articles: greetings, thanks, and questions about the answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot import wording
from bot.aside import wish_of
from bot.stems import plain
from bot.types import Answer, Conversation, Source
from ingest.types import Article

HELLO = (
    "Hello! I answer questions about runner's knee from {count} articles, and show where each "
    "sentence comes from. Ask about causes, exercises, running with it, or recovery. This is "
    "education, not medical advice."
)
THANKS = (
    "You're welcome. Ask again whenever you like, and see a professional if it isn't getting "
    "better."
)
BYE = "Goodbye, and take care of that knee."
WHO = (
    "I'm Kneewise, a chatbot about runner's knee. I am not a person and not a doctor: I pick "
    "sentences "
    "out of {count} articles and show the source of each. I can't examine you or make a diagnosis."
)
NO_ANSWER = "I haven't answered anything yet in this conversation. What would you like to know?"
NO_SOURCE = (
    "I haven't quoted an article yet in this conversation. Ask me about runner's knee first."
)

Talk = Callable[[Conversation, Mapping[str, Article]], Answer]


@dataclass(frozen=True, slots=True)
class Row:
    """A pattern for the whole message, in lower case, and what answers it."""

    says: re.Pattern[str]
    reply: Talk


def small_talk(conversation: Conversation, articles: Mapping[str, Article]) -> Answer | None:
    """The answer to small talk or to a question about the last answer; None for all else."""
    about = ABOUT_ANSWER.get(wish_of(conversation.message, _said(conversation)) or "")
    if about:
        return about(conversation, articles)
    text = _bare(conversation.message)
    row = next((row for row in ROWS if row.says.fullmatch(text)), None)
    return row.reply(conversation, articles) if row else None


def _said(conversation: Conversation) -> str:
    """What the newest reply quoted."""
    replies = (turn.reply for turn in reversed(conversation.turns[:-1]))
    last = next((reply for reply in replies if reply and reply.sources), None)
    return " ".join(source.quote for source in last.sources) if last else ""


def _bare(message: str) -> str:
    """The message as words alone, in lower case."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s']+", " ", plain(message)).strip())


def _say(words: str) -> Talk:
    return lambda _, articles: Answer("chat", words.format(count=len(articles)))


def _which_article(conversation: Conversation, articles: Mapping[str, Article]) -> Answer:
    """Names the articles of the newest reply that cited any, with its numbers kept."""
    replies = (turn.reply for turn in reversed(conversation.turns[:-1]))
    cited = next((reply for reply in replies if reply and reply.sources), None)
    if cited is None:
        return Answer("chat", NO_SOURCE)
    lines = [_credit(source, articles) for source in cited.sources]
    text = "My last answer came from:\n\n" + "\n".join(f"- {line}" for line in lines)
    return Answer("chat", text, sources=cited.sources, standalone=cited.standalone)


def _repeat(conversation: Conversation, _: Mapping[str, Article]) -> Answer:
    """The newest answer again, its statements and sources as they were."""
    replies = (turn.reply for turn in reversed(conversation.turns[:-1]))
    last = next((reply for reply in replies if reply and reply.statements), None)
    if last is None:
        return Answer("chat", NO_ANSWER)
    return replace(last, level="none", findings=(), words=None, text=_unwarned(last))


def _unwarned(answer: Answer) -> str:
    """The answer's text without the safety words above it, which the guard puts there anew."""
    if answer.words is None or not answer.statements:
        return answer.text
    start = answer.text.find(answer.opening or answer.statements[0].text)
    return answer.text[max(0, start) :]


def _credit(source: Source, articles: Mapping[str, Article]) -> str:
    article = articles.get(source.article)
    known = [article.author, article.credentials, article.publisher] if article else []
    kind = wording.EVIDENCE.get(article.kind or "", "") if article else ""
    who = ", ".join(filter(None, known)) or "author not named"
    named = f"{kind}: {who}" if kind else who
    return f"[{source.n}] “{source.title}”, section “{source.section}” ({named})"


_POLITE = (
    r"( (there|all|so much|very much|a lot|a million|mate|man|doc|bot|again|everyone|loads|heaps))*"
)
ROWS = (
    Row(
        re.compile(
            rf"(hi|hello|hey|hiya|heya|howdy|yo|good (morning|afternoon|evening|day)|greetings"
            rf"|g'?day|namaste){_POLITE}( (how are you|how's it going|what's up))?"
        ),
        _say(HELLO),
    ),
    Row(
        re.compile(
            rf"((ok|okay|great|perfect|cool|brilliant|awesome|lovely|nice|good|super|that helps?"
            rf"|that's"
            rf" (great|helpful|good|all)) ?)*(thanks|thank you|thankyou|thx|ty|cheers|ta|much "
            rf"appreciated"
            rf"|appreciate it|many thanks|tysm){_POLITE}( for (your|the|that|all your)? ?\w*)?"
            r"|(ok|okay|great|perfect|cool|brilliant|awesome|lovely|nice|good|got it|alright"
            r"|makes sense)"
            r"( (ok|okay|great|perfect|cool|got it|then))*"
        ),
        _say(THANKS),
    ),
    Row(re.compile(rf"(bye|goodbye|bye bye|see you|see ya|cya|good ?night){_POLITE}"), _say(BYE)),
    Row(
        re.compile(
            r"(so |and )?(who|what) (are|r) (you|u)|are you (a |an )?(real )?(person|human|bot"
            r"|robot|doctor|ai"
            r"|physio)( or .*)?|what can (you|i) (do|ask|help with|help me with)( you)?|what do "
            r"you (do|know)"
            r"|help|how does this work|who made you"
        ),
        _say(WHO),
    ),
)
ABOUT_ANSWER: Mapping[str, Talk] = {"repeat": _repeat, "source": _which_article}
