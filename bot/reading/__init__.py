"""A message as the guard reads it: words, concepts, and the context that cancels them."""
