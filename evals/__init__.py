"""Is the bot any good? Golden sets, metrics, reports, gate."""
