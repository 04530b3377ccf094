"""The citizens' face: large, plain, usable on an old phone without scripts."""
