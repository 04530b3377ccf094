"""The demonstration county: a whole month on real parts, with made-up people."""
