"""Serve the desk over the small bot: `python -m tests.evals.serve_desk PORT FOLDER [HOW]`.

HOW is `off` for a site without a desk and `shipped` for the desk as the app mounts it; without it,
cases, runs and gaps are kept in FOLDER. A process of its own, since Gradio leaves event loops open.
"""

import sys
from pathlib import Path

import uvicorn

import app
from bot.settings import DeskSettings
from evals.desk.kit import Places
from evals.desk.page import mount_desk
from ingest.embed import embeddings
from ingest.settings import IndexSettings
from tests.bot.fakes import small_bot
from tests.evals.desk_server import PASSWORD

if __name__ == "__main__":
    folder, how = Path(sys.argv[2]), sys.argv[3:]
    bot = small_bot(folder, embeddings(IndexSettings()))
    password = DeskSettings.model_validate({"password": PASSWORD})
    behind = bot.settings.model_copy(update={"desk": password})
    site = app.create_app(behind if how == ["shipped"] else bot.settings, bot)
    if not how:
        at = (folder / name for name in ("cases", "runs", "gaps.jsonl", "to-write.md"))
        mount_desk(site, bot, behind, Places(*at))
    uvicorn.run(site, port=int(sys.argv[1]), log_level="error")
