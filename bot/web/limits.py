"""How often one address, one site, one key may ask: windows of a minute, kept in memory.

They hang on what a caller cannot choose anew with each request (the network address, the signed
site, the key) and never on a session.
"""

import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from bot.web.problems import too_many

WINDOW = 60.0
"""Seconds."""

REMEMBERED = 20_000
"""Names kept per limit; the least recently seen one is forgotten first."""


class Window:
    """At most `limit` requests of one name in any 60 seconds."""

    def __init__(self, limit: int, now: Callable[[], float] = time.monotonic) -> None:
        """Start empty."""
        self.limit = limit
        self._now = now
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str) -> None:
        """Count one request.

        Raises:
            Problem: 429, with the seconds after which the next one is let through.
        """
        with self._lock:
            now = self._now()
            times = self._seen.setdefault(name, deque())
            self._seen.move_to_end(name)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            if len(times) >= self.limit:
                raise too_many(max(1, math.ceil(times[0] + WINDOW - now)))
            times.append(now)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)


def network(address: str) -> str:
    """The address as counted: IPv6 by /64, for a household has all of one to choose from."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network(f"{found}/64", strict=False))
