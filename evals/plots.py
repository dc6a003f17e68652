"""Small plots as inline SVG: numbers in, markup out, every text escaped, colours from the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 520, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 176, 14, 34


@dataclass(frozen=True, slots=True)
class Series:
    """A named line; None leaves a gap. Values are shares, 0–1."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart: `value` of `most`, and what is written behind it."""

    name: str
    value: float
    label: str
    mark: float | None = None


def _svg(width: float, height: float, title: str, body: Sequence[str]) -> Markup:
    size = f'width="{width:g}" viewBox="0 0 {width:g} {height:g}"'
    head = f'<svg {size} role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
    return Markup(head + "".join(body) + "</svg>")


def _text(x: float, y: float, text: object, style: str = "", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" class="{style}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _line(points: Sequence[tuple[float, float]], style: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" class="{style}" fill="none"/>'


def _dot(x: float, y: float, style: str, title: str) -> str:
    place = f'cx="{x:.1f}" cy="{y:.1f}" r="4" class="{style}"'
    return f"<circle {place}><title>{escape(title)}</title></circle>"


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _grid() -> list[str]:
    rows = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        rows.append(_line([(LEFT, _y(share)), (WIDTH - RIGHT, _y(share))], "grid"))
        rows.append(_text(LEFT - 6, _y(share) + 4, f"{share:.0%}", "tick", "end"))
    return rows


def lines(title: str, ticks: Sequence[str], series: Sequence[Series]) -> Markup:
    """Shares over runs; the newest value stands behind each line's name."""
    last = max(1, len(ticks) - 1)
    body = _grid()
    for i, line in enumerate(series):
        points = [(_x(j / last), _y(v)) for j, v in enumerate(line.values) if v is not None]
        body.append(_line(points, f"line c{i}"))
        body += [
            _dot(_x(j / last), _y(v), f"dot c{i}", f"{line.name}, {ticks[j]}: {v:.1%}")
            for j, v in enumerate(line.values)
            if v is not None
        ]
    body += _names(series)
    shown = {0: ticks[0], last: ticks[-1]} if len(ticks) > 1 else {0: ticks[0]} if ticks else {}
    anchors = ("start", "end")
    body += [
        _text(_x(j / last), HEIGHT - 12, name, "tick", anchors[j > 0]) for j, name in shown.items()
    ]
    return _svg(WIDTH, HEIGHT, title, body)


def _names(series: Sequence[Series]) -> list[str]:
    """Names at the lines' ends, pushed apart where they would cover each other."""
    ends = [(_y(line.values[-1] or 0), i) for i, line in enumerate(series) if line.values]
    rows, floor = [], 0.0
    for y, i in sorted(ends):
        floor = max(y + 4, floor + 15)
        value = series[i].values[-1]
        label = f"{series[i].name} {value:.0%}" if value is not None else series[i].name
        rows.append(_text(WIDTH - RIGHT + 10, floor, label, f"name c{i}"))
    return rows


def curve(
    title: str,
    axes: tuple[str, str],
    points: Sequence[tuple[float, float]],
    mark: tuple[float, float] | None,
) -> Markup:
    """One share against another, and where the bot stands now."""
    size = 300
    left, low = 62.0, size - 46.0

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return left + point[0] * (size - left - 24), low - point[1] * (low - 14)

    body = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        body.append(_line([at((0, share)), at((1, share))], "grid"))
        body.append(_text(left - 6, at((0, share))[1] + 4, f"{share:.0%}", "tick", "end"))
        body.append(_text(at((share, 0))[0], low + 16, f"{share:.0%}", "tick", "middle"))
    body.append(_line([at(point) for point in points], "line c0"))
    if mark:
        body.append(_dot(*at(mark), "dot c1", f"now: {mark[0]:.1%} and {mark[1]:.1%}"))
        body.append(_text(at(mark)[0] + 8, at(mark)[1] - 6, "now", "name c1"))
    body.append(_text((left + size) / 2, size - 8, axes[0], "tick", "middle"))
    body.append(f'<g transform="translate(12 {size / 2 - 10:.0f}) rotate(-90)">')
    body.append(_text(0, 0, axes[1], "tick", "middle") + "</g>")
    return _svg(size, size, title, body)


def matrix(title: str, names: Sequence[str], counts: Mapping[tuple[str, str], int]) -> Markup:
    """A confusion matrix: rows are what was expected, columns what was found."""
    cell, left, top = 74, 130, 44
    body = [_text(left, 14, "found →", "tick"), _text(4, top - 10, "expected ↓", "tick")]
    for i, expected in enumerate(names):
        body.append(_text(left + i * cell + cell / 2, 34, expected, "tick", "middle"))
        body.append(_text(left - 8, top + i * 40 + 25, expected, "tick", "end"))
        total = sum(counts.get((expected, found), 0) for found in names)
        for j, found in enumerate(names):
            count = counts.get((expected, found), 0)
            body.append(_cell((left + j * cell, top + i * 40), count, total, i - j))
    return _svg(left + len(names) * cell + 4, top + len(names) * 40 + 6, title, body)


def _cell(corner: tuple[float, float], count: int, total: int, below: int) -> str:
    """A cell; `below` > 0 means that too low a level was found, the dangerous side."""
    style = "right" if below == 0 else "under" if below > 0 else "over"
    share = count / total if total else 0.0
    opacity = 0.0 if not count else 0.18 + 0.72 * share
    x, y = corner
    box = (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="70" height="36" rx="4" class="cell {style}" '
        f'fill-opacity="{opacity:.2f}"/>'
    )
    return box + _text(x + 35, y + 23, count or "·", "count", "middle")


def bars(title: str, rows: Sequence[Bar], most: float, left: int = 190) -> Markup:
    """Horizontal bars with their figures; `mark` is a second point on the bar."""
    body = []
    for i, bar in enumerate(rows):
        y, scale = 4 + i * 24, (WIDTH - left - 110) / most if most else 0
        body.append(_text(left - 8, y + 13, bar.name, "tick", "end"))
        size = f'width="{max(1.0, bar.value * scale):.1f}" height="17" rx="3"'
        body.append(f'<rect x="{left}" y="{y}" {size} class="bar"/>')
        end = max(bar.value, bar.mark or 0) * scale
        if bar.mark is not None:
            body.append(_line([(left + bar.value * scale, y + 8), (left + end, y + 8)], "whisker"))
        body.append(_text(left + end + 6, y + 13, bar.label, "tick"))
    return _svg(WIDTH, 8 + 24 * len(rows), title, body)
