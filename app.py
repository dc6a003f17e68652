"""The web server: `create_app` puts the rooms together, `python app.py` serves them."""

import os
import sys
from pathlib import Path

# Before anything is imported: Gradio, the model hub, LangSmith, Chroma and FastAPI read these when
# they load and could otherwise call home. Nothing may leave the machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["LANGSMITH_TRACING"] = "false"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["FASTAPI_OTEL_AUTO_CONFIGURE"] = "false"
# OpenMP threads that spin while they wait make a query 35 times slower on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from bot.bot import Bot
from bot.settings import BotSettings, SettingsError, load_settings
from bot.web.articles import article_routes
from bot.web.chat import mount_chat
from bot.web.health import health_routes
from bot.web.security import Gate

STATIC = Path(__file__).parent / "bot" / "web" / "static"


def create_app(settings: BotSettings, bot: Bot | None = None) -> FastAPI:
    """The whole site; without a bot, the one that the settings describe."""
    if bot is None:
        # Models and the index take seconds to load; a caller with its own bot needs neither.
        from bot.build import build_bot, ensure_index

        ensure_index(settings)
        bot = build_bot(settings)
    app = FastAPI(title=settings.clinic.name, docs_url=None, redoc_url=None, openapi_url=None)
    # With a CORS policy here Gradio leaves out its own, which lets in every origin. Ours: none.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(Gate)
    app.include_router(health_routes(bot))
    app.include_router(article_routes(bot, settings))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse("chat/")

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        return FileResponse(STATIC / "mark.svg")

    mount_chat(app, bot, settings)
    return app


def main() -> None:
    """Serve the site; `KNEEWISE_SETTINGS` names a TOML file."""
    named = os.environ.get("KNEEWISE_SETTINGS")
    try:
        settings = load_settings(Path(named) if named else None)
    except SettingsError as error:
        sys.exit(str(error))
    from bot.build import IngestFailed  # loads the libraries of `create_app`'s own bot

    try:
        app = create_app(settings)
    except IngestFailed as error:
        sys.exit(str(error))
    sys.stdout.write(f"{settings.clinic.name}: http://{settings.host}:{settings.port}\n")
    sys.stdout.flush()
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")


if __name__ == "__main__":
    main()
