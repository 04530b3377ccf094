"""A person's own inbox: every message about money and cases, with or without a telephone."""
