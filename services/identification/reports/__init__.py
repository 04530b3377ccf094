"""Reports: how many, of whom, where; each number with the records it counts behind it."""
