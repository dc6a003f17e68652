"""Where questions that went unanswered are kept, if the clinic has switched that on."""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Lock

from bot.gaplog import Gap, line, read_line
from bot.settings import LogSettings
from bot.web.articles import Clock, today

LARGEST = 5_000_000
"""Bytes of the file; then nothing more is kept until something in it has run out."""

log = logging.getLogger(__name__)
_one_at_a_time = Lock()
"""The chat page and the API write into the same file."""


class Gaps:
    """One file, whose lines are deleted after the days that the settings say."""

    def __init__(self, settings: LogSettings, now: Clock = today) -> None:
        """Delete what has run out, also where nothing is kept any more."""
        self._settings = settings
        self._now = now
        self._cleaned = ""
        self._safely(self._forget)

    def write(self, gap: Gap) -> None:
        """Keep one gap with today's date, redacted, if the settings say so."""
        if not self._settings.gaps:
            return
        row = line(replace(gap, day=self._now().isoformat()))
        self._safely(lambda: self._append(row))

    def _safely(self, work: Callable[[], None]) -> None:
        """A disk that is full must not keep anybody from an answer."""
        try:
            with _one_at_a_time:
                work()
        except OSError:
            log.exception("'%s' cannot be written", self._settings.file)

    def _append(self, row: str) -> None:
        file = self._settings.file
        if self._cleaned != self._now().isoformat():
            self._forget()
        if file.exists() and file.stat().st_size > LARGEST:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(row)

    def _forget(self) -> None:
        file, now = self._settings.file, self._now()
        self._cleaned = now.isoformat()
        if not file.exists():
            return
        last = (now - timedelta(days=self._settings.days)).isoformat()
        rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [row for row in rows if _day(row) > last]
        if len(kept) < len(rows):
            new = file.with_name(f"{file.name}.new")
            new.write_text("".join(kept), encoding="utf-8")
            os.replace(new, file)


def _day(row: str) -> str:
    """The day of a line; one that cannot be read counts as long past."""
    try:
        return read_line(row).day
    except ValueError:
        return ""
