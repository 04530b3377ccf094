"""The law as code: dated numbers, small rules, worked cases; pure, without clock or database."""
