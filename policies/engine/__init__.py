"""One household: who needs what, what it comes to, and why."""
