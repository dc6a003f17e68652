"""The whole site but the chat page: articles, API, widget, health, and what guards them."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from bot.bot import Bot
from bot.settings import BotSettings
from bot.web.api import Api
from bot.web.articles import article_routes
from bot.web.embed import embed_routes
from bot.web.gaps import Gaps
from bot.web.health import health_routes
from bot.web.look import page_colours
from bot.web.metrics import Metrics
from bot.web.problems import BROKEN
from bot.web.security import BASE_POLICY, HEADERS, Gate
from bot.web.sites import Sites

STATIC = Path(__file__).parent / "static"


def site(bot: Bot, settings: BotSettings, metrics: Metrics | None = None) -> FastAPI:
    """All of it, for this bot; the chat page is mounted into it."""
    app = FastAPI(title=settings.clinic.name, docs_url=None, redoc_url=None, openapi_url=None)
    # With a CORS policy here Gradio leaves out its own, which lets in every origin. Ours: none;
    # `Sites` opens API and widget to the sites of the settings.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(Gate)
    app.add_middleware(Sites, sites=settings.web.sites)
    api = Api(bot, settings, Gaps(settings.log), metrics or Metrics())
    app.mount("/api", api.build())
    app.include_router(health_routes(bot, settings, api.metrics))
    app.include_router(article_routes(bot, settings))
    app.include_router(embed_routes(settings))

    @app.exception_handler(Exception)
    async def broken(_request: Request, _error: Exception) -> PlainTextResponse:
        # Starlette says this outside of `Gate`, which therefore cannot add its headers.
        headers = {"Content-Security-Policy": BASE_POLICY, "Cache-Control": "no-store"}
        return PlainTextResponse(BROKEN.detail, BROKEN.status, {**HEADERS, **headers})

    @app.get("/static/tokens.css", include_in_schema=False)
    def tokens() -> Response:
        css = (STATIC / "tokens.css").read_text(encoding="utf-8")
        return Response(css + page_colours(settings.clinic.colours), media_type="text/css")

    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse("chat/")

    @app.get("/manifest.json", include_in_schema=False)
    def manifest() -> dict[str, str]:
        # Gradio's page names this address, from the root, whatever it is mounted under.
        return {"name": settings.clinic.name, "start_url": "chat/", "display": "browser"}

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        return FileResponse(STATIC / "mark.svg")

    return app
