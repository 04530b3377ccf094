"""When two papers name the same person."""

import unicodedata
from typing import Final

DOTS: Final = "·•‧・.．∙"
MORE_DOTS: Final = "⋅●ꞏ⸱᛫ᐧ"
_UNSEEN: Final = {"Pd", "Pc", "Cf", "Cc", "Mn"}
"""Categories of what joins or follows letters: hyphens of every length, what has no width."""


def plain(name: str) -> str:
    """A name as two papers agree on it: half width, no blanks, one kind of middle dot."""
    text = unicodedata.normalize("NFKC", name)
    return "".join("·" if each in DOTS else each for each in text if not each.isspace())


def bare(text: str) -> str:
    """What a reader knows a name by, however it is written: letters and figures close together,
    with no blanks, dots, hyphens, or marks that nobody sees."""
    return "".join(
        each
        for each in plain(text)
        if each not in f"·{MORE_DOTS}" and unicodedata.category(each) not in _UNSEEN
    ).casefold()
