"""The small kit that two or more rooms stand on; it knows no word of social assistance."""
