"""The clinic's colours as CSS."""

from bot.colours import mix, readable_on
from bot.settings import Colours

LIGHT, DARK = "#ffffff", "#182425"


def palette(colours: Colours) -> dict[str, str]:
    """The clinic's colour, its tint and what is written on it, for light and dark ground."""
    return {
        "light-accent": colours.accent,
        "light-soft": mix(colours.accent, LIGHT, 0.1),
        "light-on": readable_on(colours.accent),
        "dark-accent": colours.accent_dark,
        "dark-soft": mix(colours.accent_dark, DARK, 0.15),
        "dark-on": readable_on(colours.accent_dark),
    }


def page_colours(colours: Colours) -> str:
    """What `tokens.css` is followed by, for the chat page and the articles."""
    made = palette(colours)
    names = {"accent": "accent", "soft": "accent-soft", "on": "on-accent"}
    pairs = (
        f"--kw-{name}: light-dark({made[f'light-{key}']}, {made[f'dark-{key}']});"
        for key, name in names.items()
    )
    return f":root {{ {' '.join(pairs)} }}\n"
