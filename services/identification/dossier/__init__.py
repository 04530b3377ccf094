"""Everything known of one household, from wherever somebody comes: cases, entries, alerts."""
