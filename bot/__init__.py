"""A message to an answer. Start with bot.py."""
