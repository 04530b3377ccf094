"""How long officers wait: queues and search at the service, with a county's cases and histories."""
