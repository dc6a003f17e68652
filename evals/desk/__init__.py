"""The content team's page at `/desk`: the evals of the terminal behind a password."""
