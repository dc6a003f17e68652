"""The API: a question in, an answer out, at once or event by event. Stateless."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from bot.bot import Bot
from bot.gaplog import Gap
from bot.settings import BotSettings
from bot.types import Answer, Event
from bot.web import problems, sources
from bot.web.answers import Answers
from bot.web.api_page import api_page
from bot.web.asked import LONGEST, Asked, conversation
from bot.web.callers import Callers
from bot.web.events import Record, event_record, name_of
from bot.web.gaps import Gaps
from bot.web.metrics import Counted, Face, Metrics
from bot.web.problems import Problem
from bot.web.reading import Mark
from bot.web.sse import frame, streamed
from bot.web.tokens import LIFE, Tokens

ABOUT = """
Questions about runner's knee, answered with cited sentences of the articles in `/api/sources`.
The server keeps no conversation: a client sends the messages so far with each question.

Who may ask: a browser on a site named in the settings, with a token from `/api/token` in the header
`X-Kneewise-Token`; a program with a key, as `Authorization: Bearer …`; without keys in the
settings, any program that sends no `Origin`, to `/api/chat` only.

Every problem is `{"code", "detail"}`: the code for programs, the detail for people.
"""
Place = Annotated[int, Query(ge=0, le=10_000_000)]


class Thumb(BaseModel):
    """What a visitor thought of an answer.

    The question is kept only after a thumb down and where the clinic keeps such questions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Literal["up", "down"]
    generation: str = Field(default="", max_length=100)
    question: str = Field(default="", max_length=LONGEST)
    searched: str = Field(default="", max_length=LONGEST)
    reason: str = Field(default="", max_length=LONGEST)


@dataclass(frozen=True)
class Api:
    """What the routes share."""

    bot: Bot
    settings: BotSettings
    gaps: Gaps
    metrics: Metrics = field(default_factory=Metrics)

    def build(self) -> FastAPI:
        """The application to mount at `/api`."""
        secret = self.settings.web.secret
        callers = Callers(self.settings, Tokens(secret.get_secret_value() if secret else None))
        answers = Answers(self.bot, self.settings.limits)
        app = FastAPI(
            title=f"{self.settings.clinic.name}: API",
            description=ABOUT,
            version="1",
            docs_url=None,
            redoc_url=None,
        )
        self._chat(app, callers, answers)
        self._rest(app, callers)
        _handle_problems(app, self.metrics)
        paths = frozenset(str(getattr(route, "path", "")) for route in app.routes)
        app.add_middleware(Counted, metrics=self.metrics, paths=paths)
        return app

    def _chat(self, app: FastAPI, callers: Callers, answers: Answers) -> None:
        @app.post("/chat", responses=_may_fail(401, 403, 413, 422, 429, 500, 503, 504))
        async def chat(asked: Asked, request: Request) -> dict[str, Any]:
            """The whole answer at once."""
            callers.admit(request, stream=False)
            wanted = conversation(asked, self.bot.articles, self.settings.limits)
            events = self._records(answers.start(wanted), wanted.message, _face(request))
            *_, (_, record) = [told async for told in events]
            return record

        @app.post(
            "/chat/stream",
            response_class=Response,
            responses={
                200: {"content": {"text/event-stream": {}}},
                **_may_fail(401, 403, 413, 422, 429, 503),
            },
        )
        async def stream(asked: Asked, request: Request) -> Response:
            """The answer as server-sent events.

            `assessed`, then `rewritten`, `retrieved`, `opened` (the line above the answer, where
            there is one), `cited` (one per sentence) as they come, and `answer` at the end with the
            whole reply; or `error` with a problem.
            """
            callers.admit(request, stream=True)
            wanted = conversation(asked, self.bot.articles, self.settings.limits)
            events = answers.start(wanted)
            return streamed(self._frames(events, wanted.message, _face(request)))

    async def _frames(
        self, events: AsyncIterator[Event], asked: str, face: Face
    ) -> AsyncIterator[str]:
        try:
            async for name, record in self._records(events, asked, face):
                yield frame(name, record)
        except Problem as problem:
            self.metrics.problem(face, problem.code)
            yield frame("error", problem.record)

    async def _records(
        self, events: AsyncIterator[Event], asked: str, face: Face
    ) -> AsyncIterator[tuple[str, Record]]:
        with self.metrics.question(face) as seen:
            async for event in events:
                seen(event)
                if isinstance(event, Answer) and event.kind == "refusal":
                    gap = Gap("", "refused", asked, event.standalone)
                    self.gaps.write(replace(gap, generation=event.generation))
                yield name_of(event), event_record(event, self.settings.clinic)

    def _rest(self, app: FastAPI, callers: Callers) -> None:
        @app.post("/token", responses=_may_fail(403))
        def token(request: Request) -> dict[str, Any]:
            """A token for the site that the page is on; it lasts ten minutes."""
            return {"token": callers.token(request), "seconds": LIFE}

        @app.post("/feedback", status_code=204, responses=_may_fail(401, 403, 429))
        def feedback(thumb: Thumb, request: Request) -> None:
            """A thumb up or down."""
            callers.admit(request, stream=True)
            self.metrics.thumb(_face(request), thumb.verdict)
            if thumb.verdict == "down" and thumb.question:
                gap = Gap("", "thumbs_down", thumb.question, thumb.searched, thumb.reason)
                self.gaps.write(replace(gap, generation=thumb.generation))

        @app.get("/sources")
        def articles() -> list[dict[str, Any]]:
            """The articles that answers are made of."""
            return sources.listed(self.bot.articles)

        @app.get("/sources/{name}", responses=_may_fail(404))
        def section(
            name: str,
            start: Annotated[Place, Query(alias="from")],
            end: Annotated[Place, Query(alias="to")],
        ) -> dict[str, Any]:
            """The section of an article around the characters `from` … `to`."""
            return sources.passage(self.bot.articles, name, Mark(start, end))

        @app.get("/", include_in_schema=False)
        def page() -> HTMLResponse:
            return HTMLResponse(api_page(app.openapi()))


def _face(request: Request) -> Face:
    """A browser says on which site its page is, and a program does not."""
    return "widget" if "origin" in request.headers else "api"


def _may_fail(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": WHY[status]} for status in statuses}


WHY = {
    401: "`token` missing or run out, or `key` wrong",
    403: "`site_not_allowed`",
    404: "`not_found`",
    413: "`too_large`: the body is over 64 kB",
    422: "`message_too_long`, `conversation_too_long` or `invalid`",
    429: "`too_many`: wait as long as `Retry-After` says",
    500: "`failed`",
    503: "`busy`: wait as long as `Retry-After` says",
    504: "`timeout`",
}


def _handle_problems(app: FastAPI, metrics: Metrics) -> None:
    """Every way to fail has the same shape, and none says more than it must."""

    def told(request: Request, problem: Problem) -> JSONResponse:
        metrics.problem(_face(request), problem.code)
        return problem.response()

    @app.exception_handler(Problem)
    async def expected(request: Request, problem: Problem) -> JSONResponse:
        return told(request, problem)

    @app.exception_handler(RequestValidationError)
    async def unusable(request: Request, error: RequestValidationError) -> JSONResponse:
        rows = (f"{'.'.join(map(str, e['loc'][1:])) or 'body'}: {e['msg']}" for e in error.errors())
        return told(request, problems.invalid("; ".join(rows)[:500]))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        code = "not_found" if error.status_code == 404 else "refused"
        detail = problems.MISSING.detail if error.status_code == 404 else str(error.detail)
        return told(request, Problem(error.status_code, code, detail, dict(error.headers or {})))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, _: Exception) -> JSONResponse:
        return told(request, problems.BROKEN)
