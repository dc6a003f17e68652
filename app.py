"""The web server: `create_app` puts the rooms together, `python app.py` serves them."""

import gc
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

from bot.bot import Bot
from bot.settings import BotSettings, SettingsError, load_settings
from bot.web.chat import mount_chat
from bot.web.metrics import Metrics
from bot.web.site import site
from ingest.errors import IngestError


def create_app(settings: BotSettings, bot: Bot | None = None) -> FastAPI:
    """The whole site; without a bot, the one that the settings describe."""
    if bot is None:
        # Models and the index take seconds to load; a caller with its own bot needs neither.
        from bot.build import build_bot, ensure_index

        ensure_index(settings)
        built = build_bot(settings)
        built.warm()
        bot = built
    metrics = Metrics()
    app = site(bot, settings, metrics)
    mount_chat(app, bot, settings, metrics)
    if settings.desk.password is not None:
        # The evals are for the content team; a server without its page does without them.
        from evals.desk.page import mount_desk

        mount_desk(app, bot, settings)
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
    except (IngestFailed, IngestError, SettingsError) as error:
        sys.exit(str(error))
    sites = ", ".join(settings.web.sites) or "none; name them under [web] in the settings"
    sys.stdout.write(f"{settings.clinic.name}: http://{settings.host}:{settings.port}\n")
    sys.stdout.write(f"Sites that may show the widget: {sites}\n")
    sys.stdout.flush()
    # What was loaded stays: a collection that goes through it all stops every answer for 0.1-0.3 s.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=list(settings.web.proxies),
        root_path=settings.web.root_path,
    )


if __name__ == "__main__":
    main()
