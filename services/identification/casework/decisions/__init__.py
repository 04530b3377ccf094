"""What a decision does to its household: grants, changes, ends; and what an appeal does to it."""
