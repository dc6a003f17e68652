"""The hard-coded red flags: rules, levels, the words shown, and what a clinic may add."""
