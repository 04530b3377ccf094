"""Texts to mobile telephones through a carrier's SMS centre, spoken in SMPP 3.4."""
