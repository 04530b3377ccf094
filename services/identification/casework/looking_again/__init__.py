"""Who is looked at again: by the calendar of reviews, in campaign rounds, or by chance."""
