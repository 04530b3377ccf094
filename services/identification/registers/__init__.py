"""Typed registers: entries with a number, an owner and a day, each kind one table."""
