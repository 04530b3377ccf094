"""What a policy officer asks on the command line."""
