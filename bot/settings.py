"""What a clinic can set: one TOML file, every key optional, unknown keys refused.

`docs/settings.md` is made from these classes by `python -m bot.settings_page`.
"""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.chat_settings import ChatSettings
from bot.colours import contrast, mix, readable_on
from bot.redflags.raised import OwnRule, RaisedLevel
from bot.setting_values import Colour, Line, Link, Origin, Phone, Proxies, writable
from bot.toml_lines import line_of
from ingest.settings import IndexSettings, reachable

Locale = Literal["GB", "IE", "US", "CA", "AU", "NZ", "IN", "EU"]
EMERGENCY: dict[Locale, str] = {
    "GB": "999", "IE": "112 or 999", "US": "911", "CA": "911", "AU": "000", "NZ": "111",
    "IN": "112", "EU": "112",
}  # fmt: skip
ENOUGH = 4.5
"""Contrast of text: WCAG 2.2, success criterion 1.4.3 (AA)."""

LOGOS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
LOGO_BYTES = 200_000


class SettingsError(Exception):
    """The settings file cannot be used; the message names line, key and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Colours(_Strict):
    """The clinic's colour for buttons and links, on light and on dark ground."""

    accent: Colour = Field(default="#155d4b", description="Buttons and links on light ground.")
    accent_dark: Colour = Field(default="#83cfb7", description="The same on dark ground.")

    @field_validator("accent")
    @classmethod
    def _on_light(cls, value: str) -> str:
        return _readable(value, {"white": "#ffffff", "the page": "#faf9f5"}, 0.1, "a darker")

    @field_validator("accent_dark")
    @classmethod
    def _on_dark(cls, value: str) -> str:
        return _readable(value, {"the dark page": "#182425"}, 0.15, "a lighter")


def _readable(colour: str, grounds: dict[str, str], share: float, better: str) -> str:
    """The colour, if it can be read on each ground, on its own tint and under a button's words."""
    tint = mix(colour, next(iter(grounds.values())), share)
    grounds = {**grounds, "its own tint": tint, "a button's words": readable_on(colour)}
    for name, ground in grounds.items():
        found = contrast(colour, ground)
        if found < ENOUGH:
            message = f"{colour} has a contrast of {found:.2f}:1 with {name} ({ground}); WCAG AA "
            raise ValueError(message + f"asks for {ENOUGH}:1. Choose {better} colour")
    return colour


class ClinicSettings(_Strict):
    """Who runs the bot, and where its visitors are."""

    name: str = Field(
        default="Kneewise", min_length=1, max_length=80, description="The clinic's name."
    )
    locale: Locale = Field(
        default="GB", description="Where visitors are: decides whom they can call."
    )
    emergency: Phone | None = Field(
        default=None, description="The emergency number, if not the locale's own."
    )
    phone: Phone | None = Field(default=None, description="The clinic's phone.")
    booking: Link | None = Field(default=None, description="Where an appointment is booked.")
    logo: Path | None = Field(
        default=None,
        description="SVG, PNG, WebP or JPEG up to 200 kB, relative to the settings file.",
    )
    greeting: Line = Field(
        default="What would you like to know about runner's knee?",
        description="Above the first question.",
    )
    examples: tuple[Line, ...] = Field(
        default=(
            "Can I keep running with runner's knee?",
            "Which exercises help, and how often?",
            "How long does it take to get better?",
            "When should I see a professional?",
        ),
        max_length=6,
        description="Questions that a visitor can tap.",
    )
    privacy: str | None = Field(
        default=None, max_length=400, description="Privacy notice, in place of the built-in one."
    )
    privacy_link: Link | None = Field(default=None, description="The clinic's privacy page.")
    colours: Colours = Colours()
    raised: tuple[RaisedLevel, ...] = Field(
        default=(), max_length=50, description="Red flags taken more seriously."
    )
    rules: tuple[OwnRule, ...] = Field(
        default=(), max_length=50, description="Red flags of the clinic's own."
    )

    @field_validator("logo")
    @classmethod
    def _logo(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is None:
            return None
        path = (info.context or {}).get("folder", Path()) / value
        if path.suffix.lower() not in LOGOS:
            message = f"'{value}' is not one of {', '.join(sorted(LOGOS))}"
        elif not path.is_file():
            message = f"there is no file '{path}'"
        elif path.stat().st_size > LOGO_BYTES:
            message = f"'{path}' is larger than {LOGO_BYTES // 1000} kB"
        else:
            return Path(path)
        raise ValueError(message)

    @property
    def emergency_number(self) -> str:
        """The number for emergencies where the visitors are."""
        return self.emergency or EMERGENCY[self.locale]


class WebSettings(_Strict):
    """Which sites may show the chat, and how the server stands on the network."""

    sites: tuple[Origin, ...] = Field(
        default=(),
        max_length=50,
        description="Sites that may show the widget or frame the chat. None else.",
    )
    proxies: Proxies = Field(
        default=("127.0.0.1",),
        description="Reverse proxies whose X-Forwarded-For is believed: addresses or networks.",
    )
    root_path: str = Field(
        default="",
        pattern=r"^(/[\w.~-]+)*$",
        description="The path that a proxy takes off before it passes a request on, like `/knee`.",
    )
    metrics_from: tuple[str, ...] = Field(
        default=("127.0.0.1", "::1"), description="Addresses that may read `/metrics`."
    )
    secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Signs the widget's tokens; without one, a new one at each start.",
    )


class Limits(_Strict):
    """What one visitor, one site and the whole server may ask for."""

    message_characters: int = Field(default=2000, ge=100, le=4000, description="In one message.")
    messages: int = Field(default=40, ge=2, le=50, description="In one conversation.")
    per_address: int = Field(default=20, ge=1, description="Questions a minute from one address.")
    per_site: int = Field(
        default=300, ge=1, description="Questions a minute from one site's visitors."
    )
    seconds: float = Field(default=30.0, gt=0, le=300, description="For one answer.")
    at_once: int = Field(default=4, ge=1, le=64, description="Answers worked on at one time.")
    waiting: int = Field(
        default=64, ge=0, le=1000, description="Questions that may wait for their turn."
    )


class Key(_Strict):
    """A key for a program that asks by itself, sent as `Authorization: Bearer …`."""

    name: Line = Field(description="Who has it; shown in the log.")
    key: SecretStr = Field(min_length=24, description="The key itself, 24 characters or more.")
    per_minute: int = Field(default=60, ge=1, description="Questions a minute with this key.")


class LogSettings(_Strict):
    """Whether questions without a good answer are kept, redacted. By default nothing is."""

    gaps: bool = Field(
        default=False, description="Keep questions that were refused or got a thumb down."
    )
    days: int = Field(default=30, ge=1, le=365, description="Then they are deleted.")
    file: Path = Field(
        default=Path("var/gaps.jsonl"), description="Where they are kept.", validate_default=True
    )

    @field_validator("file")
    @classmethod
    def _file(cls, value: Path, info: ValidationInfo) -> Path:
        return writable(value) if info.context and info.data.get("gaps") else value


class DeskSettings(_Strict):
    """The content team's page."""

    password: SecretStr | None = Field(
        default=None, min_length=12, description="Opens `/desk`; without one there is no such page."
    )


class BotSettings(_Strict):
    """All settings of the bot; each group is a table of the TOML file."""

    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=7860, ge=1, le=65535, description="Port the server listens on.")
    clinic: ClinicSettings = ClinicSettings()
    web: WebSettings = WebSettings()
    limits: Limits = Limits()
    keys: tuple[Key, ...] = Field(default=(), description="Keys for programs; one `[[keys]]` each.")
    log: LogSettings = LogSettings()
    desk: DeskSettings = DeskSettings()
    index: IndexSettings = IndexSettings()
    chat: ChatSettings = ChatSettings()
    cross_encoder: str | None = Field(
        default=None,
        description="A sentence-transformers cross-encoder that also weighs what was found.",
    )

    @field_validator("cross_encoder")
    @classmethod
    def _cross_encoder(cls, value: str | None, info: ValidationInfo) -> str | None:
        return reachable(value) if info.context and value else value

    @model_validator(mode="after")
    def _together(self) -> "BotSettings":
        if len({key.key.get_secret_value() for key in self.keys}) < len(self.keys):
            message = "two entries of [[keys]] have the same key"
            raise ValueError(message)
        if self.chat.model and self.chat.longest >= self.limits.seconds:
            message = f"a chat model may take {self.chat.longest:g} s (chat.seconds and a quarter "
            raise ValueError(message + "for a follow-up); limits.seconds must be more than that")
        return self


def load_settings(path: Path | None) -> BotSettings:
    """Read a TOML file, or the defaults where no path is given.

    Raises:
        SettingsError: The file is missing, is not TOML, or holds an unknown key or a bad value.
    """
    if path is None:
        return BotSettings()
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        return BotSettings.model_validate(tomllib.loads(text), context={"folder": path.parent})
    except OSError as error:
        message = f"Settings file '{path}' cannot be read: {error.strerror}. Check the path."
    except UnicodeDecodeError:
        message = f"Settings file '{path}' is not UTF-8 text. Save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        message = f"Settings file '{path}' is not valid TOML: {error}."
    except ValidationError as error:
        rows = (_row(text, dict(found)) for found in error.errors())
        message = f"Settings file '{path}' has values that cannot be used:\n" + "\n".join(rows)
    raise SettingsError(message)


def _row(text: str, found: dict[str, Any]) -> str:
    """One error as "line 3: clinic.phone: what is wrong"."""
    where = ".".join(map(str, found["loc"]))
    line = line_of(text, found["loc"])
    said = found["msg"].removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        said = "there is no such key; docs/settings.md lists them all"
    place = f"line {line}: " if line else ""
    return f"  {place}{where}: {said}" if where else f"  {place}{said}"
