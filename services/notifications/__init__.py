"""People are told, on a channel they can read; a payment never waits for a message."""
