"""A made-up population of any size for the demonstration county, the same for the same seed."""
