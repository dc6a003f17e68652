"""The settings of an optional chat model; apart, so that reading them loads no model."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class ChatSettings(BaseModel):
    """A chat model that writes the answer; every sentence of it is checked before it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str | None = Field(
        default=None,
        min_length=3,
        description="`provider:model` as in LangChain's `init_chat_model`; none: quotes alone.",
    )
    base_url: str | None = Field(
        default=None,
        description="Address of an OpenAI-compatible server or of Ollama, where it is not the "
        "provider's own.",
    )
    api_key: SecretStr | None = Field(
        default=None, description="Key of the provider; better kept in the environment."
    )
    api_key_variable: str | None = Field(
        default=None,
        description="Environment variable that holds the key, where it is not the provider's "
        "usual one.",
    )
    seconds: float = Field(
        default=20.0, gt=0, le=120, description="After this time the quotes are shown instead."
    )
    tokens: int = Field(default=300, ge=50, le=2000, description="Most tokens the model may write.")
    temperature: float = Field(
        default=0.0, ge=0, le=2, description="Some models accept nothing but 1."
    )
    show: Literal["after", "first"] = Field(
        default="after",
        description="`first`: the quotes stand there while the model writes, then its checked "
        "text takes their place. `after`: they are shown only where the model fails.",
    )
    rephrase: bool = Field(
        default=True, description="The model also makes a follow-up stand alone, beside the rules."
    )

    @property
    def to_rephrase(self) -> float:
        """Seconds that the model has to word a follow-up."""
        return self.seconds / 4 if self.rephrase else 0.0

    @property
    def longest(self) -> float:
        """Seconds until the quotes stand there at the latest."""
        return self.seconds + self.to_rephrase
