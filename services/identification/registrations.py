"""Where a household is registered: urban or rural, by the register's code and in words."""

from typing import Final

URBAN: Final = 1
RURAL: Final = 2


def word_of(code: int) -> str:
    """The word for a code."""
    return "urban" if code == URBAN else "rural"


def code_of(word: str | None) -> int:
    """The code for a word; rural where nothing is said."""
    return URBAN if word == "urban" else RURAL
