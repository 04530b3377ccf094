"""Numbers that lead to a person: how they are known among other words, and taken out of them.

ID numbers, card and account numbers from sixteen places, mobile numbers. Codes of villages, ids and
hashes are none.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

WITHHELD: Final = "[withheld]"
_NUMBER: Final = re.compile(r"(?<![\w-])(?:\d{16,19}|\d{17}[Xx]|1[3-9]\d{9})(?![\w-])", re.ASCII)


def has_number(words: str) -> bool:
    """Whether such a number stands in some words, in whatever width it is written."""
    return _NUMBER.search(unicodedata.normalize("NFKC", words)) is not None


def without_numbers(said: Any) -> Any:
    """The same, however deep it lies, with such numbers withheld."""
    if isinstance(said, str) and has_number(said):
        return _NUMBER.sub(WITHHELD, unicodedata.normalize("NFKC", said))
    if isinstance(said, Mapping):
        return {name: without_numbers(each) for name, each in said.items()}
    if isinstance(said, list | tuple):
        return [without_numbers(each) for each in said]
    return said
