"""Parties outside the county, played by small real servers with books of their own."""
