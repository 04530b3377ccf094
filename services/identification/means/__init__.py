"""What a household lives on, in the law's own facts: asked in plain words, reckoned by the law."""
