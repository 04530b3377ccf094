"""A person's own inbox: every message about their money, also for those without a telephone."""
