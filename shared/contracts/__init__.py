"""The words services exchange: one file per publisher, versioned; words only, no deeds."""
