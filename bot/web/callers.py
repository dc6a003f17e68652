"""Who asks: a browser on an allowed site, a program with a key, or a program without one."""

import hmac
from collections.abc import Mapping

from starlette.requests import Request

from bot.settings import BotSettings
from bot.web import problems
from bot.web.limits import Window, network
from bot.web.tokens import Tokens

TOKEN_HEADER = "X-Kneewise-Token"


def allowed(headers: Mapping[str, str], sites: tuple[str, ...]) -> str | None:
    """The request's origin, if it is one of the sites or our own; None without an origin.

    Raises:
        Problem: 403, any other site.
    """
    origin = headers.get("origin")
    if origin is None:
        return None
    if origin.lower() in sites or origin.partition("://")[2] == headers.get("host"):
        return origin.lower()
    raise problems.site_not_allowed(origin[:100])


class Callers:
    """Lets a request through or says why not; each that passes is counted against its limits."""

    def __init__(self, settings: BotSettings, tokens: Tokens) -> None:
        """Limits as the settings say."""
        self.sites = settings.web.sites
        self.keys = {key.key.get_secret_value(): key.name for key in settings.keys}
        self.tokens = tokens
        self._by_address = Window(settings.limits.per_address)
        self._by_site = Window(settings.limits.per_site)
        self._by_key = {key.name: Window(key.per_minute) for key in settings.keys}

    def admit(self, request: Request, *, stream: bool) -> None:
        """Check site, token or key, then count.

        Raises:
            Problem: 401, 403 or 429.
        """
        name = self._key(request)
        if name is not None:
            self._by_key[name].take(name)
            return
        origin = allowed(request.headers, self.sites)
        token = request.headers.get(TOKEN_HEADER, "")
        if origin is None and self.keys:
            raise problems.KEY
        if (origin is not None or stream) and not self.tokens.valid(token, origin or ""):
            raise problems.TOKEN
        self._by_address.take(network(request.client.host if request.client else ""))
        if origin is not None:
            self._by_site.take(origin)

    def token(self, request: Request) -> str:
        """A token for the site that the request comes from.

        Raises:
            Problem: 403, no site or one that is not allowed.
        """
        origin = allowed(request.headers, self.sites)
        if origin is None:
            raise problems.site_not_allowed("(none named)")
        return self.tokens.issue(origin)

    def _key(self, request: Request) -> str | None:
        """The name behind the request's key; None if it sends none."""
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        for key, name in self.keys.items():
            if hmac.compare_digest(sent.encode(), key.encode()):
                return name
        raise problems.KEY
