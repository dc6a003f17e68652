"""The hard-coded red flags. The table is signed by a clinician: see docs/red-flags.md."""

import hashlib

from bot.rule import Rule
from bot.rules_emergency import EMERGENCY
from bot.rules_professional import PROFESSIONAL
from bot.rules_urgent import URGENT

RULES: tuple[Rule, ...] = (*EMERGENCY, *URGENT, *PROFESSIONAL)
BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}


def version(rules: tuple[Rule, ...] = RULES) -> str:
    """A short fingerprint of the table; it changes with any word of it."""
    return hashlib.sha256(repr(rules).encode()).hexdigest()[:12]


VERSION = version()
