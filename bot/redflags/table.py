"""The hard-coded red flags. The table is signed by a clinician: see docs/red-flags.md."""

import hashlib

from bot.reading.concepts import LEXICON
from bot.reading.words import HERE
from bot.redflags.emergency import EMERGENCY
from bot.redflags.injury import INJURY
from bot.redflags.professional import PROFESSIONAL
from bot.redflags.rule import Rule
from bot.redflags.urgent import URGENT

RULES: tuple[Rule, ...] = (*EMERGENCY, *URGENT, *INJURY, *PROFESSIONAL)
BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}


def version(rules: tuple[Rule, ...] = RULES) -> str:
    """A short fingerprint of the table and its lexicon; it changes with any word of them."""
    digest = hashlib.sha256(repr(rules).encode())
    for name in LEXICON:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:12]


VERSION = version()
