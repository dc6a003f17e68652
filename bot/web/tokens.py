"""Short-lived tokens that tie a stream to the site it was opened from.

A token says nothing about who a visitor is. It keeps another site from spending this one's
allowance with an address it has copied, and it runs out by itself.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

LIFE = 600
"""Seconds."""


class Tokens:
    """Issues and checks tokens: `<expires>.<signature of expires and origin>`."""

    def __init__(self, secret: str | None, now: Callable[[], float] = time.time) -> None:
        """Without a secret, one is drawn, and tokens end with the process."""
        self._secret = (secret or secrets.token_hex(32)).encode()
        self._now = now

    def issue(self, origin: str) -> str:
        """A token for this origin."""
        expires = str(int(self._now()) + LIFE)
        return f"{expires}.{self._sign(expires, origin)}"

    def valid(self, token: str, origin: str) -> bool:
        """Whether the token was issued here, for this origin, and has not run out."""
        expires, _, signature = token.partition(".")
        if not (expires.isascii() and expires.isdecimal() and len(expires) < 15):
            return False
        right = hmac.compare_digest(signature.encode(), self._sign(expires, origin).encode())
        return right and int(expires) > self._now()

    def _sign(self, expires: str, origin: str) -> str:
        message = f"{expires} {origin}".encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()
