"""The four rooms of the house: who people are, what they are owed, what was paid, what they hear."""
