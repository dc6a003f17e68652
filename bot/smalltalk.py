"""Messages that ask nothing of the articles: greetings, thanks, and questions about the answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

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
    text = _bare(conversation.message)
    row = next((row for row in ROWS if row.says.fullmatch(text)), None)
    return row.reply(conversation, articles) if row else None


def wants_more(message: str) -> bool:
    """Whether the message asks for more of the last answer."""
    return bool(_MORE.fullmatch(_bare(message)))


def wants_brief(message: str) -> bool:
    """Whether the message asks for the last answer in fewer or simpler words."""
    return bool(_BRIEF.fullmatch(_bare(message)))


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
    who = [article.author, article.credentials, article.publisher] if article else []
    named = ", ".join(filter(None, who)) or "author not named"
    return f"[{source.n}] “{source.title}”, section “{source.section}” ({named})"


_POLITE = (
    r"( (there|all|so much|very much|a lot|a million|mate|man|doc|bot|again|everyone|loads|heaps))*"
)
_MORE = re.compile(
    r"(ok |okay |and |please )*(more|tell me more|say more|go on|continue|anything else|what "
    r"else|more please"
    r"|more details?|can you (tell me|say) more|keep going|any more|is there more)( please)?"
)
_ASKING = r"(ok |okay |and |so |but |please |sorry |um |can you |could you |would you |pls )*"
_BRIEF = re.compile(
    _ASKING + r"((say|put|explain|tell me|give me|make|write) )?(that|it|this|me)?( again)? ?"
    r"((in |a |bit |much |more |the |to )*(short(er)?|brief(ly)?|simpl(y|er|e)|simple words"
    r"|plain words"
    r"|plain english|easy words|easier words|fewer words|one sentence|one line|nutshell|tl ?dr"
    r"|summary"
    r"|short version|gist|like i'm (five|5)|like im (five|5)|eli5))( words| version| way| terms)?"
    r"( please| pls)?"
    r"|" + _ASKING + r"(too long|shorten (it|that|this)|simplify( it| that| this)?|sum (it|that) up"
    r"|summari[sz]e( it| that| this)?|what does (that|it|this) mean|i don'?t (get|understand)( "
    r"it| that)?"
    r"|tl ?dr)( please| pls)?"
)
_REPEAT = re.compile(
    _ASKING + r"(repeat|say|show|give|list|read|tell)( me)?( that| it| them| those| this| the)*"
    r"( steps?| list| exercises?| answer| last (bit|part|answer|one))?"
    r"( (again|once more|one more time|over))( please| pls)?"
    r"|" + _ASKING + r"repeat( that| it| them| those| this)?( the)?"
    r"( steps?| list| exercises?| answer| last (bit|part|answer))?( of (steps|exercises))?( "
    r"please| pls)?"
    r"|(come again|say again|pardon|what were (the|those|they)( steps| exercises)?( again)?)"
)
ROWS = (
    Row(_REPEAT, _repeat),
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
    Row(
        re.compile(
            r"(ok |okay |and |so |but )*((which|what) (article|source|page|site|website|one"
            r"|paper)s?"
            r"( (says?|said|is|was|does|did) .{0,40}|)|where (does|did|do|is|are) (that|this|it"
            r"|you)( \w+){0,4}"
            r"( from| say that| say this| say it)|who (says?|said|wrote|writes?)( that| this| it"
            r"| so| these"
            r"| those| the article| that article)*|what('s| is| are| was) (the|your) sources?( "
            r"for .{0,30})?"
            r"|says who|sources?( please)?|source for that|can you cite( that| it| your sources)?"
            r"|where('s| is) (that|this|it) from|how do you know( that| this)?)"
        ),
        _which_article,
    ),
)
