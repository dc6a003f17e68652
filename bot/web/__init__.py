"""Everything that knows HTTP: the chat page, the API and their limits."""
