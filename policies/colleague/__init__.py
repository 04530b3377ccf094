"""The careful colleague: what is wrong, missing or unproved in packs and places."""
