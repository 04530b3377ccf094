"""The grammar of things that are done step by step: states, acts, their words, and their clocks."""
