"""Telephone numbers as people type them at the door."""

import re
import unicodedata
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s()\-.]")
_MOBILE: Final = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")


def read_phone(said: str) -> str | None:
    """A mobile number in its eleven digits; None for anything else."""
    found = _MOBILE.fullmatch(_SEPARATORS.sub("", unicodedata.normalize("NFKC", said)))
    return found[1] if found else None
