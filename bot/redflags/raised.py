"""What a clinic may change about red flags: raise a level, add a rule."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.redflags.table import BY_ID
from bot.types import LEVELS


class RaisedLevel(BaseModel):
    """A red flag that the clinic takes more seriously than the shipped table; never less."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    flag: str = Field(description="The flag, as in docs/red-flags.md.")
    level: Literal["urgent", "emergency"] = Field(description="Its level from now on.")

    @model_validator(mode="after")
    def _higher(self) -> "RaisedLevel":
        if self.flag not in BY_ID:
            message = f"there is no red flag '{self.flag}'; see docs/red-flags.md"
            raise ValueError(message)
        shipped = BY_ID[self.flag].level
        if LEVELS.index(self.level) <= LEVELS.index(shipped):
            message = f"'{self.flag}' is {shipped} already; a level can only be raised"
            raise ValueError(message)
        return self


class OwnRule(BaseModel):
    """A red flag of the clinic's own, beside the shipped ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^clinic_[a-z_]{2,40}$", description="Begins with `clinic_`.")
    level: Literal["see_professional", "urgent", "emergency"] = Field(description="Its level.")
    looks_for: str = Field(
        min_length=1, max_length=160, description="What it looks for, in plain words."
    )
    phrases: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z ]{2,79}$")], ...] = Field(
        min_length=1, max_length=50, description="Words of visitors, lower case; any form counts."
    )
