"""Serve the site with the fake bot: `python -m tests.web.serve PORT`.

A process of its own, as in real life. Gradio also leaves event loops unclosed, which would fail
the test that happens to run when they are collected.
"""

import sys

import uvicorn

import app
from bot.settings import BotSettings
from tests.web.fakes import FakeBot

if __name__ == "__main__":
    site = app.create_app(BotSettings(), FakeBot())
    uvicorn.run(site, port=int(sys.argv[1]), log_level="error")
