"""Money leaves once, and can be found again."""
