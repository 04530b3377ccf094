"""Towns and villages by the names people know, and the telephones of towns.

A code nobody named is shown as it is.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from shared.tables import read_table

TOWN_DIGITS: Final = 9
_PHONE: Final = re.compile(r"[0-9][0-9-]{2,19}")


class DivisionsUnreadable(Exception):
    """The file of divisions cannot be used."""


class Divisions:
    """The county's divisions by code."""

    def __init__(self, names: Mapping[str, str], phones: Mapping[str, str]) -> None:
        self._names = names
        self._phones = phones

    @classmethod
    def read(cls, path: Path | None) -> "Divisions":
        """Read the file identification reads, in which a town may say its `phone`; without one,
        codes stay codes.

        Raises:
            DivisionsUnreadable: it is there and cannot be read.
        """
        if path is None:
            return cls({}, {})
        try:
            words: dict[str, Any] = read_table(path, DivisionsUnreadable)
            names, phones = {str(words["code"]): str(words["name"])}, dict[str, str]()
            for town in words["towns"]:
                names[str(town["code"])] = str(town["name"])
                if "phone" in town:
                    phones[str(town["code"])] = _phone(path, town["phone"])
                for village in town["villages"]:
                    names[str(village["code"])] = f"{town['name']}{village['name']}"
        except (KeyError, TypeError) as problem:
            raise DivisionsUnreadable(f"{path}: {problem}") from problem
        return cls(names, phones)

    def towns(self) -> dict[str, str]:
        """The towns by code, in the order of their codes."""
        return {code: name for code, name in sorted(self._names.items()) if len(code) == 9}

    def villages(self) -> dict[str, str]:
        """The villages by code, in the order of their codes."""
        return {code: name for code, name in sorted(self._names.items()) if len(code) == 12}

    def all(self) -> dict[str, str]:
        """County, towns and villages, each town's villages after it."""
        return dict(sorted(self._names.items()))

    def phone(self, code: str) -> str | None:
        """The telephone of the town an area is, or lies in; none where nobody said one."""
        return self._phones.get(code[:TOWN_DIGITS])

    def name(self, code: str) -> str:
        """A division's name; a village's with its town's before it."""
        return self._names.get(code, code)


def _phone(path: Path, said: Any) -> str:
    # YAML reads a number that begins with 0 as another one.
    if not isinstance(said, str) or not _PHONE.fullmatch(said):
        raise DivisionsUnreadable(f"{path}: a telephone is digits in quotes, not {said!r}")
    return said
