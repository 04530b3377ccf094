"""Which characters may stand in a bank's file, and what is done with the others.

Stated policy, the same for every format:
1. A profile's substitutes come first (a bank that spells 阿依古丽·买买提 with • instead of ·).
2. Characters nobody can see (zero width, direction marks and overrides such as U+202E, joiners,
   soft hyphen, variation selectors, byte order mark) are dropped, or the line is refused where the
   profile says so. The stored name keeps them; a bank would only answer "name mismatch".
3. White space around a value is dropped; inside it only the plain and the ideographic space stand.
4. Control characters, line and paragraph separators, lone surrogates, non-characters, formatting
   signs of other scripts and, unless the profile passes them, private-use characters are refused:
   they would break the line or mean another character at the bank. So is what its encoding cannot
   hold. Such a line is held singly.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Compared with the Unicode categories by a test; written out because scanning them costs a second.
_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_PRIVATE_USE: Final = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_NEVER: Final = "\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}-{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_SIGNS_OF_OTHER_SCRIPTS: Final = (
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U00013438"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
_ODD_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f"

_invisible = re.compile(f"[{_INVISIBLE}]")
_refused = _NEVER + _SIGNS_OF_OTHER_SCRIPTS + _ODD_SPACES
_never = re.compile(f"[{_refused}]")
_never_nor_private = re.compile(f"[{_refused}{_PRIVATE_USE}]")


@dataclass(frozen=True, slots=True)
class Policy:
    """One bank's policy, as its profile states it."""

    encoding: str
    drop_invisible: bool = True
    pass_private_use: bool = False
    substitutes: tuple[tuple[str, str], ...] = ()

    def clean(self, value: str) -> str:
        """The value as it goes into the file; `fault` says whether it may."""
        for ours, theirs in self.substitutes:
            value = value.replace(ours, theirs)
        if self.drop_invisible and not value.isascii():
            value = _invisible.sub("", value)
        return value.strip(" \u3000")

    def fault(self, cleaned: str) -> str | None:
        """Why a cleaned value may not stand in the file; None when it may."""
        if cleaned.isascii() and cleaned.isprintable():
            return None
        found = (_never if self.pass_private_use else _never_nor_private).search(cleaned)
        if found is None and not self.drop_invisible:
            found = _invisible.search(cleaned)
        if found is not None:
            return f"the character {_named(found[0])} may not stand in a bank's file"
        try:
            cleaned.encode(self.encoding)
        except UnicodeEncodeError as problem:
            return f"{self.encoding} cannot hold {_named(cleaned[problem.start])}"
        return None


def policy_of(
    encoding: str, invisible: str, private_use: str, substitutes: Mapping[str, str]
) -> Policy:
    """The policy a profile's words state."""
    return Policy(
        encoding=encoding,
        drop_invisible=invisible == "drop",
        pass_private_use=private_use == "pass",
        substitutes=tuple(substitutes.items()),
    )


def _named(character: str) -> str:
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name.lower()})" if name else "")
