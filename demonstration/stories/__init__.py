"""What staff and citizens of the demonstration do, so that no desk is empty."""
