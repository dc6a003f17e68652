"""The settings of an optional chat model; apart, so that reading them loads no model."""

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
        default=None, description="Address of an OpenAI-compatible server, where it is not the own."
    )
    api_key: SecretStr | None = Field(
        default=None, description="Key of the provider; else its usual environment variable."
    )
    seconds: float = Field(
        default=20.0, gt=0, le=120, description="After this time the quotes are shown instead."
    )
    tokens: int = Field(default=300, ge=50, le=2000, description="Most tokens the model may write.")
