"""Who is owed what, for which month, and why."""
