"""The four rooms of the house: who people are, what they are owed, what is paid, who is told."""
