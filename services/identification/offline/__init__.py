"""Visits without a network: a list taken along, and packages brought back."""
