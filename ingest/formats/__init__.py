"""One format a file: bytes to front matter and Markdown."""
