"""What every format shares: bytes to text, and the front matter on top of it."""

import re
from typing import Any

import yaml

Front = dict[str, Any]

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


class _Loader(yaml.SafeLoader):
    """Leaves dates as written, so that a wrong one can be named with its key."""


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: str(node.value))


def decode(data: bytes) -> str:
    r"""Turn bytes into text with `\n` line ends.

    UTF-8 (with or without a byte order mark) or UTF-16 with one; else Windows-1252, but only if
    that leaves no control characters, since any bytes at all would "decode" otherwise.

    Raises:
        ValueError: the bytes are no text in any of these encodings.
    """
    text = _decode(data)
    control = _CONTROL.search(text)
    if control:
        raise ValueError(
            f"not a text file: control character U+{ord(control[0]):04X} at character "
            f"{control.start()}; save it as UTF-8"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError:
            raise ValueError(
                f"not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}; "
                "save it as UTF-8"
            ) from None


def split_front(text: str) -> tuple[Front, str]:
    """Split YAML front matter (between two `---` lines at the top) from the body.

    Raises:
        ValueError: the block is no YAML mapping.
    """
    match = _FRONT.match(text)
    if not match:
        return {}, text
    try:
        front = yaml.load(match[1], _Loader)
    except yaml.YAMLError as error:
        raise ValueError(f"front matter is not YAML: {' '.join(str(error).split())}") from None
    if front is None:
        front = {}
    if not isinstance(front, dict):
        raise ValueError(f"front matter must be 'key: value' lines, found {front!r}")
    return {str(key): value for key, value in front.items()}, text[match.end() :]
