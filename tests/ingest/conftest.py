"""What the tests of ingest share."""

from hypothesis import settings

# A busy machine is no failure: how long an example takes says nothing about the rule it tests.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
