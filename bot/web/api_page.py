"""The API's description as one plain page: no script, nothing fetched from elsewhere."""

from collections.abc import Iterator
from html import escape
from typing import Any

FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="../static/tokens.css">
<link rel="stylesheet" href="../static/article.css"></head>
<body><main><h1>{title}</h1>{body}
<p><a href="openapi.json">openapi.json</a> describes the same for programs.</p></main></body></html>
"""


def api_page(schema: dict[str, Any]) -> str:
    """The OpenAPI description as HTML."""
    about = "".join(
        f"<p>{_code(part)}</p>" for part in schema["info"]["description"].strip().split("\n\n")
    )
    calls = "".join(
        _call(method, path, call)
        for path, methods in schema["paths"].items()
        for method, call in methods.items()
    )
    shapes = "".join(
        _shape(name, shape)
        for name, shape in schema["components"]["schemas"].items()
        if "Validation" not in name and "properties" in shape
    )
    body = f"{about}{calls}<h2>What is sent</h2>{shapes}"
    return FRAME.format(title=escape(schema["info"]["title"]), body=body)


def _call(method: str, path: str, call: dict[str, Any]) -> str:
    told = "".join(f"<p>{_code(part)}</p>" for part in call.get("description", "").split("\n\n"))
    rows = "".join(
        f"<li><b>{escape(status)}</b> {_code(response.get('description', ''))}</li>"
        for status, response in sorted(call["responses"].items())
    )
    title = f"<h2><code>{method.upper()} /api{escape(path)}</code></h2>"
    return f"{title}{told}{_sent(call)}<ul>{rows}</ul>"


def _sent(call: dict[str, Any]) -> str:
    names = [parameter["name"] for parameter in call.get("parameters", ())]
    content = call.get("requestBody", {}).get("content", {})
    shapes = [_kind(kind["schema"]) for kind in content.values()]
    parts = [f"Parameters: {', '.join(names)}."] if names else []
    parts += [f"Body: {shape}." for shape in shapes]
    return f"<p>{escape(' '.join(parts))}</p>" if parts else ""


def _shape(name: str, shape: dict[str, Any]) -> str:
    rows = "".join(
        f"<li><code>{escape(key)}</code>: {escape(', '.join(_facts(key, value, shape)))}</li>"
        for key, value in shape["properties"].items()
    )
    return f"<h3>{escape(name)}</h3><p>{_code(shape.get('description', ''))}</p><ul>{rows}</ul>"


def _facts(key: str, value: dict[str, Any], shape: dict[str, Any]) -> Iterator[str]:
    yield _kind(value)
    if key in shape.get("required", ()):
        yield "must be given"
    for fact, words in (
        ("minLength", "characters or more"), ("maxLength", "characters at most"),
        ("maxItems", "at most"), ("minimum", "at least"), ("maximum", "at most"),
    ):  # fmt: skip
        if fact in value:
            yield f"{value[fact]} {words}"


def _kind(value: dict[str, Any]) -> str:
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "enum" in value:
        return " or ".join(map(str, value["enum"]))
    if value.get("type") == "array":
        return f"list of {_kind(value['items'])}"
    return str(value.get("type", "value"))


def _code(text: str) -> str:
    """Escaped, with `backticks` as code."""
    parts = escape(" ".join(text.split())).split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))
