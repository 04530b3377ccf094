"""Cases of citizens themselves: written part by part, shown in plain words, and how far open."""
