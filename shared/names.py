"""When two papers name the same person."""

import unicodedata


def plain(name: str) -> str:
    """A name as two papers agree on it: half width, no blanks, one kind of middle dot."""
    text = unicodedata.normalize("NFKC", name)
    return "".join("·" if each in "·•‧・.．∙" else each for each in text if not each.isspace())
