"""The hard-coded red flags. The table is signed by a clinician: see docs/red-flags.md."""

import hashlib
from pathlib import Path

from bot.redflags.emergency import EMERGENCY
from bot.redflags.injury import INJURY
from bot.redflags.professional import PROFESSIONAL
from bot.redflags.rule import Rule
from bot.redflags.urgent import URGENT

RULES: tuple[Rule, ...] = (*EMERGENCY, *URGENT, *INJURY, *PROFESSIONAL)
BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}
_BOT = Path(__file__).parents[1]
_READ = (*sorted((_BOT / "reading" / "lexicon").iterdir()), *sorted(_BOT.glob("net*.t*")))
"""What the guard reads beside the table: words, closed lists, the net's weights."""


def version(rules: tuple[Rule, ...] = RULES) -> str:
    """A short fingerprint of the table and all data that decide; any change of them changes it."""
    digest = hashlib.sha256(repr(rules).encode())
    for path in _READ:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


VERSION = version()
