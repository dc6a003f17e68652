"""The kinds of values a clinic's settings hold, each with the reason why one is refused."""

import os
import re
import unicodedata
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.colours import HEX

USUAL_PORTS = {"https": 443, "http": 80}
_LOCAL = ("localhost", "127.0.0.1", "[::1]")
_SITE = re.compile(r"(https?)://([a-z0-9_.\-\x80-\U0010ffff]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")


def _colour(value: str) -> str:
    if not HEX.fullmatch(value):
        message = f"'{value}' is not a colour like #155d4b"
        raise ValueError(message)
    return value.lower()


def _link(value: str) -> str:
    if not value.startswith("https://"):
        message = f"'{value}' is not a link that begins with https://"
        raise ValueError(message)
    return value


def _origin(value: str) -> str:
    """An origin as browsers send it: scheme, host and, where it is not the usual one, port."""
    parts = _SITE.fullmatch(unicodedata.normalize("NFKC", value).lower())
    http_elsewhere = parts and parts[1] == "http" and parts[2] not in _LOCAL
    if not parts or http_elsewhere or int(parts[3] or 1) not in range(1, 65536):
        message = f"'{value}' is not a site like https://www.clinic.example: https (http only for "
        raise ValueError(message + "localhost), no path, no slash at the end, no wildcard")
    scheme, host, port = parts[1], parts[2], int(parts[3] or USUAL_PORTS[parts[1]])
    sent = f"{scheme}://{'.'.join(map(_in_ascii, host.split('.')))}"
    sent += "" if port == USUAL_PORTS[scheme] else f":{port}"
    if sent != value.lower():
        message = f"no browser sends '{value}': write '{sent}' (letters beyond a-z in punycode, no "
        raise ValueError(message + "port where it is the usual one)")
    return sent


def _in_ascii(label: str) -> str:
    """One part of a host's name; in punycode where it has letters beyond ASCII."""
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _proxy(value: str) -> str:
    """A proxy as the server compares it; anything else would be kept there and never match."""
    if value == "*":
        return value
    read = ip_network if "/" in value else ip_address
    try:
        read(value)
    except ValueError as error:
        message = f"{error}. Write a proxy's IP address like 10.0.0.2, a network like 10.0.0.0/8 "
        raise ValueError(message + 'or, for all, "*" alone') from error
    return value


def _all_or_some(values: tuple[str, ...]) -> tuple[str, ...]:
    if "*" in values and len(values) > 1:
        message = 'with "*" every proxy is believed: write ["*"] alone, or leave it out'
        raise ValueError(message)
    return values


def writable(file: Path) -> Path:
    """A file that can be written, or made together with its folders; nothing is made yet."""
    places = (file, *file.absolute().parents)
    there = next(place for place in places if os.access(place, os.F_OK))
    if there == file and file.is_dir():
        reason = "it is a folder"
    elif there != file and not there.is_dir():
        reason = f"'{there}' is not a folder"
    elif not os.access(there, os.W_OK):
        reason = f"'{there}' may not be written to"
    else:
        return file
    message = f"'{file}' cannot be written: {reason}. Name another file, or set gaps = false"
    raise ValueError(message)


Colour = Annotated[str, AfterValidator(_colour)]
Link = Annotated[str, AfterValidator(_link), Field(max_length=300)]
Origin = Annotated[str, AfterValidator(_origin), Field(max_length=200)]
Proxies = Annotated[
    tuple[Annotated[str, AfterValidator(_proxy)], ...], AfterValidator(_all_or_some)
]
Phone = Annotated[str, Field(pattern=r"^[+0-9][0-9 ()-]{2,24}$")]
Line = Annotated[str, Field(min_length=1, max_length=160)]
