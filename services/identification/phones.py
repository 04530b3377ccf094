"""Telephone numbers as people write them: read into one form, so that one number is one."""

import re
import unicodedata
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s()\-.]")
_MOBILE: Final = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")


def mobile(said: str) -> str | None:
    """A Chinese mobile number in its eleven digits; None for anything else."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", said))
    found = _MOBILE.fullmatch(plain)
    return found[1] if found else None


def masked_to_officers(said: str) -> str:
    """As an officer reads it: whoever is seen with an ID card says its last digits by heart."""
    return f"{said[:3]}{'*' * (len(said) - 3)}"


def masked(number: str) -> str:
    """As its holder sees it on a screen: 138****5678."""
    return f"{number[:3]}****{number[-4:]}"
