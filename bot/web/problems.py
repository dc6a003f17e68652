"""What the API says when it cannot answer: a status, a code for programs, a sentence for people."""

from dataclasses import dataclass, field

from starlette.responses import JSONResponse


@dataclass
class Problem(Exception):  # noqa: N818 - reads as what it is to the caller
    """A request that gets no answer. `detail` is shown to visitors: no paths, no traces."""

    status: int
    code: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def record(self) -> dict[str, str]:
        """The body of the response, and the data of the stream's `error` event."""
        return {"code": self.code, "detail": self.detail}

    def response(self) -> JSONResponse:
        """The whole response."""
        return JSONResponse(self.record, self.status, {"Cache-Control": "no-store", **self.headers})


def too_many(seconds: int) -> Problem:
    """More questions than a limit allows."""
    wait = "a moment" if seconds < 10 else f"{seconds} seconds"
    return Problem(
        429,
        "too_many",
        f"Too many questions in a short time. Please wait {wait} and ask again.",
        {"Retry-After": str(seconds)},
    )


def message_too_long(length: int, limit: int) -> Problem:
    """One message over the limit."""
    said = f"The message has {length:,} characters and the limit is {limit:,}. Please shorten it."
    return Problem(422, "message_too_long", said)


def conversation_too_long(limit: int) -> Problem:
    """More messages than one conversation may have."""
    said = f"A conversation has at most {limit} messages. Please start a new one."
    return Problem(422, "conversation_too_long", said)


def invalid(what: str) -> Problem:
    """The body is not what the API reads."""
    return Problem(422, "invalid", f"The request cannot be used: {what}")


def site_not_allowed(origin: str) -> Problem:
    """A browser on a site that the clinic has not named."""
    said = f"The site {origin} is not allowed to use this service."
    return Problem(403, "site_not_allowed", said)


TOKEN = Problem(
    401, "token", "The page's token is missing or has run out. Fetch a new one from /api/token."
)
KEY = Problem(
    401,
    "key",
    "A valid key is needed, sent as `Authorization: Bearer …`.",
    {"WWW-Authenticate": "Bearer"},
)
BUSY = Problem(
    503,
    "busy",
    "Many people are asking at the moment. Please try again in half a minute.",
    {"Retry-After": "30"},
)
TIMEOUT = Problem(504, "timeout", "The answer took too long and was stopped. Please try again.")
BROKEN = Problem(500, "failed", "Something went wrong on our side. Please try again in a moment.")
MISSING = Problem(404, "not_found", "There is nothing at this address.")
