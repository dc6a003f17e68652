"""Serve the site with the fake bot: `python -m tests.web.serve PORT [SETTINGS.toml]`.

A process of its own, as in real life. Gradio also leaves event loops unclosed, which would fail
the test that happens to run when they are collected.
"""

import sys
from pathlib import Path

import uvicorn

import app
from bot.settings import load_settings
from tests.web.fakes import FakeBot

if __name__ == "__main__":
    named = sys.argv[2:]
    settings = load_settings(Path(named[0]) if named else None)
    # All visitors of the tests come from one address.
    limits = settings.limits.model_copy(update={"per_address": 100_000})
    site = app.create_app(settings.model_copy(update={"limits": limits}), FakeBot())
    uvicorn.run(site, port=int(sys.argv[1]), log_level="error")
