"""Articles to index: read, clean, split, embed, publish. Start with run.py."""
