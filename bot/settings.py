"""What a clinic can set: one TOML file, every key optional, unknown keys refused."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.settings import IndexSettings

Locale = Literal["GB", "IE", "US", "CA", "AU", "NZ", "IN", "EU"]


class SettingsError(Exception):
    """The settings file cannot be used; the message names the key and what to do."""


class ClinicSettings(BaseModel):
    """Who runs the bot, and where its visitors are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="Kneewise", min_length=1, max_length=80)
    locale: Locale = "GB"
    phone: str | None = Field(default=None, pattern=r"^[+0-9][0-9 ()-]{2,24}$")


class BotSettings(BaseModel):
    """All settings of the bot; `[index]` and `[clinic]` are tables of the TOML file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: IndexSettings = IndexSettings()
    clinic: ClinicSettings = ClinicSettings()
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)


def load_settings(path: Path | None) -> BotSettings:
    """Read a TOML file, or the defaults where no path is given.

    Raises:
        SettingsError: The file is missing, is not TOML, or holds an unknown key or a bad value.
    """
    if path is None:
        return BotSettings()
    try:
        return BotSettings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        message = f"Settings file '{path}' cannot be read: {error.strerror}. Check the path."
    except tomllib.TOMLDecodeError as error:
        message = f"Settings file '{path}' is not valid TOML: {error}."
    except ValidationError as error:
        rows = (f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        message = f"Settings file '{path}' has values that cannot be used:\n" + "\n".join(rows)
    raise SettingsError(message)
