"""The widget: one script for other people's pages, and `/embed` for a frame in them.

The script is put together once, at the start: the clinic's data, the style, then the files of
`widget/` in the order in which they need each other. It needs no build and no other file.
"""

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from bot.redflags.clinic import rules_for
from bot.settings import LOGOS, BotSettings
from bot.types import Level
from bot.web.look import palette
from bot.web.problems import MISSING

FOLDER = Path(__file__).parent / "widget"
FILES = ("texts.js", "dom.js", "net.js", "draw.js", "panel.js", "main.js")
SHORT = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Widget:
    """The finished script."""

    settings: BotSettings

    @cached_property
    def script(self) -> bytes:
        """The script for this clinic."""
        code = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in FILES)
        style = palette(self.settings.clinic.colours)
        css = (FOLDER / "style.css").read_text(encoding="utf-8")
        values = "".join(f"--{name}: {value};" for name, value in style.items())
        parts = (
            '(() => {\n"use strict";',
            f"const CLINIC = {json.dumps(self._clinic(), ensure_ascii=True)};",
            f"const CSS = {json.dumps(f'.frame {{ {values} }}' + css)};",
            code,
            "})();",
        )
        return "\n".join(parts).encode()

    @cached_property
    def packed(self) -> bytes:
        """The script as most browsers fetch it."""
        return gzip.compress(self.script, mtime=0)

    @cached_property
    def integrity(self) -> str:
        """For `<script integrity=…>`; it changes with the settings and with each release."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.script).digest()).decode()

    @cached_property
    def fixed(self) -> str:
        """The path of exactly this script."""
        return f"widget-{hashlib.sha256(self.script).hexdigest()[:16]}.js"

    def _clinic(self) -> dict[str, object]:
        clinic, limits, log = self.settings.clinic, self.settings.limits, self.settings.log
        return {
            "name": clinic.name,
            "phone": clinic.phone,
            "emergency": clinic.emergency_number,
            "emergencies": self._flags("emergency"),
            "urgent": self._flags("urgent"),
            "greeting": clinic.greeting,
            "examples": clinic.examples,
            "privacy": clinic.privacy,
            "privacyLink": clinic.privacy_link,
            "logo": clinic.logo is not None,
            "days": log.days if log.gaps else 0,
            "characters": limits.message_characters,
            "messages": limits.messages,
            "seconds": limits.seconds,
        }

    def _flags(self, level: Level) -> list[str]:
        """What the clinic's rules of this level look for: shown when the server is out of reach."""
        rules = rules_for(self.settings.clinic)
        return [rule.looks_for for rule in rules if rule.level == level]


def embed_routes(settings: BotSettings) -> APIRouter:
    """`/widget.js`, the same under a name that never changes, `/widget.json`, `/embed`."""
    routes = APIRouter(include_in_schema=False)
    widget = Widget(settings)
    frame = Template((FOLDER / "embed.html").read_text(encoding="utf-8"))

    @routes.get("/widget.js")
    def newest(request: Request) -> Response:
        return _script(widget, request, SHORT)

    @routes.get("/widget.json")
    def address() -> dict[str, str]:
        """For a page that pins the script."""
        return {"src": widget.fixed, "integrity": widget.integrity}

    @routes.get("/widget-logo")
    def logo() -> Response:
        path = settings.clinic.logo
        if path is None:
            return MISSING.response()
        return FileResponse(path, media_type=LOGOS[path.suffix.lower()])

    @routes.get("/widget-{digest}.js")
    def pinned(digest: str, request: Request) -> Response:
        if f"widget-{digest}.js" != widget.fixed:
            return MISSING.response()
        return _script(widget, request, FOREVER)

    @routes.get("/embed")
    def embed(theme: Annotated[str, Query(pattern="^(auto|light|dark)$")] = "auto") -> HTMLResponse:
        phone = settings.clinic.phone
        call = f", or call {escape(phone)}." if phone else "."
        name = escape(settings.clinic.name)
        return HTMLResponse(frame.substitute(name=name, phone=call, theme=theme))

    return routes


def _script(widget: Widget, request: Request, cache: str) -> Response:
    headers = {"Cache-Control": cache, "ETag": f'"{widget.fixed}"', "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = widget.packed if packed else widget.script
    return Response(body, media_type="text/javascript", headers=headers)
