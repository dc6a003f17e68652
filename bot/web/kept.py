"""The conversation as the visitor's browser keeps it, and how it is believed when it comes back.

The server keeps nothing beyond the session, so that a reload needs the browser's copy. What comes
back is a stranger's text: only what carries our own signature is read at all, and an answer is
shown, and counts as one, only if today's articles still say every sentence that it quotes.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from bot.types import Article
from bot.web.exchange import Exchange

Exchanges = tuple[Exchange, ...]

LONGEST = 36_000
"""Characters; with the newest message it has to fit into one request (`security.BODY_LIMIT`)."""

NOTHING = "-"
"""What is stored after "New conversation": Gradio does not store an empty text."""

DAYS = 7
"""Then a conversation is not shown again: others may use the same computer."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is packed: when (seconds since 1970), and the conversation."""

    at: int
    exchanges: Exchanges


_KEPT = TypeAdapter(Kept)


class Keeper:
    """Packs and signs conversations, and reads back what it has signed itself."""

    def __init__(self, secret: str | None, now: Callable[[], float] = time.time) -> None:
        """Without a secret, one is drawn, and what browsers keep ends with the process."""
        self._key = hashlib.sha256(f"kept {secret or secrets.token_hex(32)}".encode()).digest()
        self._now = now

    def pack(self, exchanges: Exchanges) -> str:
        """The conversation as a signed text; its oldest part is left out if it gets too long."""
        slim = tuple(map(_slim, exchanges))
        while slim:
            kept = self._packed(Kept(int(self._now()), slim))
            if len(kept) <= LONGEST:
                return kept
            slim = slim[1:]
        return ""

    def unpack(self, kept: object, articles: Mapping[str, Article]) -> Exchanges:
        """The conversation; empty if it is not ours, is too old, or cannot be read any more."""
        if not isinstance(kept, str) or len(kept) > LONGEST:
            return ()
        signature, _, body = kept.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(body).encode()):
            return ()
        try:
            found = _KEPT.validate_json(zlib.decompress(base64.urlsafe_b64decode(body)))
        except (ValidationError, binascii.Error, zlib.error):
            return ()  # signed by another version of ours
        if self._now() - found.at > DAYS * 24 * 3600:
            return ()
        return tuple(_today(exchange, articles) for exchange in found.exchanges)

    def _packed(self, kept: Kept) -> str:
        body = base64.urlsafe_b64encode(zlib.compress(_KEPT.dump_json(kept), 9)).decode()
        return f"{self._sign(body)}.{body}"

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()


def _slim(exchange: Exchange) -> Exchange:
    """The exchange without what it holds twice."""
    answer = exchange.answer
    if answer is None:
        return exchange
    text = "" if exchange.statements else answer.text
    return replace(exchange, answer=replace(answer, text=text, statements=(), sources=(), ms={}))


def _today(exchange: Exchange, articles: Mapping[str, Article]) -> Exchange:
    """The exchange as the articles are now; an answer that they no longer give is gone."""
    if exchange.state == "answering":
        exchange = replace(exchange, state="stopped")
    for source in exchange.sources:
        article = articles.get(source.article)
        if article is None or article.text[source.start : source.end] != source.quote:
            return replace(exchange, state="gone", statements=(), sources=(), answer=None)
    if exchange.answer is None:
        return exchange
    answer = replace(exchange.answer, statements=exchange.statements, sources=exchange.sources)
    return replace(exchange, answer=answer)
