"""Messages that ask nothing of the articles: greetings, thanks, and questions about the answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.types import Answer, Conversation, Source
from bot.stems import plain
from ingest.types import Article

HELLO = (
    "Hello! I answer questions about runner's knee from {count} articles, and show where each sentence "
    "comes from. Ask about causes, exercises, running with it, or recovery. This is education, not "
    "medical advice."
)
THANKS = "You're welcome. Ask again whenever you like, and see a professional if it isn't getting better."
BYE = "Goodbye, and take care of that knee."
WHO = (
    "I'm Kneewise, a chatbot about runner's knee. I am not a person and not a doctor: I pick sentences "
    "out of {count} articles and show the source of each. I can't examine you or make a diagnosis."
)
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
    text = re.sub(r"[^\w\s']+", " ", plain(conversation.message)).strip()
    row = next((row for row in ROWS if row.says.fullmatch(re.sub(r"\s+", " ", text))), None)
    return row.reply(conversation, articles) if row else None


def wants_more(message: str) -> bool:
    """Whether the message asks for more of the last answer."""
    text = re.sub(r"[^\w\s']+", " ", plain(message)).strip()
    return bool(_MORE.fullmatch(re.sub(r"\s+", " ", text)))


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


def _credit(source: Source, articles: Mapping[str, Article]) -> str:
    article = articles.get(source.article)
    who = [article.author, article.credentials, article.publisher] if article else []
    named = ", ".join(filter(None, who)) or "author not named"
    return f"[{source.n}] “{source.title}”, section “{source.section}” ({named})"


_POLITE = (
    r"( (there|all|so much|very much|a lot|a million|mate|man|doc|bot|again|everyone|loads|heaps))*"
)
_MORE = re.compile(
    r"(ok |okay |and |please )*(more|tell me more|say more|go on|continue|anything else|what else|more please"
    r"|more details?|can you (tell me|say) more|keep going|any more|is there more)( please)?"
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
            rf"((ok|okay|great|perfect|cool|brilliant|awesome|lovely|nice|good|super|that helps?|that's"
            rf" (great|helpful|good|all)) ?)*(thanks|thank you|thankyou|thx|ty|cheers|ta|much appreciated"
            rf"|appreciate it|many thanks|tysm){_POLITE}( for (your|the|that|all your)? ?\w*)?"
            r"|(ok|okay|great|perfect|cool|brilliant|awesome|lovely|nice|good|got it|alright|makes sense)"
            r"( (ok|okay|great|perfect|cool|got it|then))*"
        ),
        _say(THANKS),
    ),
    Row(re.compile(rf"(bye|goodbye|bye bye|see you|see ya|cya|good ?night){_POLITE}"), _say(BYE)),
    Row(
        re.compile(
            r"(so |and )?(who|what) (are|r) (you|u)|are you (a |an )?(real )?(person|human|bot|robot|doctor|ai"
            r"|physio)( or .*)?|what can (you|i) (do|ask|help with|help me with)( you)?|what do you (do|know)"
            r"|help|how does this work|who made you"
        ),
        _say(WHO),
    ),
    Row(
        re.compile(
            r"(ok |okay |and |so |but )*((which|what) (article|source|page|site|website|one|paper)s?"
            r"( (says?|said|is|was|does|did) .{0,40}|)|where (does|did|do|is|are) (that|this|it|you)( \w+){0,4}"
            r"( from| say that| say this| say it)|who (says?|said|wrote|writes?)( that| this| it| so| these"
            r"| those| the article| that article)*|what('s| is| are| was) (the|your) sources?( for .{0,30})?"
            r"|says who|sources?( please)?|source for that|can you cite( that| it| your sources)?"
            r"|where('s| is) (that|this|it) from|how do you know( that| this)?)"
        ),
        _which_article,
    ),
)
