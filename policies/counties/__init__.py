"""A county at once: the same rules compiled, over columns."""
