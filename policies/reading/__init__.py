"""Packs and places as they are written: read strictly, or refused with file and line."""
