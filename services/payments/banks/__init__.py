"""What a bank wants to be sent and how it answers, as settings: no database, no network."""
