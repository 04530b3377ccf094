"""Who this person is, who lives with them, and what has been decided about them."""
