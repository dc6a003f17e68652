"""What the rules see in messages, whether it is a finding by itself or a hint."""

from bot.redflags.clinic import matcher_for
from bot.settings import ClinicSettings

_NOBODY = ClinicSettings()


def signs(*messages: str, clinic: ClinicSettings = _NOBODY) -> set[str]:
    """The flags of which a conversation has signs that context does not cancel."""
    matcher = matcher_for(clinic)
    return {m.rule.id for m in matcher.find_any([matcher.read(text) for text in messages])}
