"""Where questions that went unanswered are kept, if the clinic has switched logging on."""

import logging
from datetime import date, timedelta
from pathlib import Path
from threading import Lock

from bot.gaplog import Gap, line
from bot.settings import LogSettings
from bot.web.articles import Clock, today

FILE = "gaps-{day}.jsonl"
LARGEST = 5_000_000
"""Bytes of one day's file; then nothing more is kept that day."""

log = logging.getLogger(__name__)


class Gaps:
    """One file a day, deleted after the days that the settings say."""

    def __init__(self, settings: LogSettings, now: Clock = today) -> None:
        """Nothing is written, and no folder made, while logging is off."""
        self.on = settings.conversations
        self.folder, self.days = settings.folder, settings.days
        self._now = now
        self._lock = Lock()

    @property
    def day(self) -> date:
        """Today, in UTC."""
        return self._now()

    def write(self, gap: Gap) -> None:
        """Keep one gap; a disk that is full must not keep anybody from an answer."""
        if not self.on:
            return
        try:
            with self._lock:
                self._write(gap)
        except OSError:
            log.exception("The gap could not be written to '%s'", self.folder)

    def _write(self, gap: Gap) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / FILE.format(day=self.day.isoformat())
        if not path.exists():
            self._forget()
        elif path.stat().st_size > LARGEST:
            return
        with path.open("a", encoding="utf-8") as file:
            file.write(line(gap))

    def _forget(self) -> None:
        first = FILE.format(day=(self.day - timedelta(days=self.days)).isoformat())
        for path in self.folder.glob(FILE.format(day="*")):
            if path.name <= first:
                Path(path).unlink(missing_ok=True)
