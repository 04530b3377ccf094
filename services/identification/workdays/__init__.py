"""On which days offices are open: the nation's calendar, and what the county names of it."""
