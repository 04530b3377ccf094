"""What anybody may read of a village, and who is kept off every list."""
