"""Contrast of two colours, by the formula of WCAG 2.2."""

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, from 1 (equal) to 21 (black on white).

    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` (0 to 1) of one colour in the other, in sRGB, as CSS `color-mix` does it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (share * a + (1 - share) * b)):02x}" for a, b in pairs)


def readable_on(colour: str, dark: str = "#0c201a") -> str:
    """White or the dark colour, whichever reads better on `colour`."""
    return max(("#ffffff", dark), key=lambda ink: contrast(ink, colour))


def _luminance(colour: str) -> float:
    """Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    linear = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    )
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, ...]:
    if not HEX.fullmatch(colour):
        message = f"'{colour}' is not a colour like #17614f"
        raise ValueError(message)
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
