"""Towns and villages by the names people know; a code nobody named is shown as it is."""

from pathlib import Path
from typing import Any

from shared.tables import read_table


class DivisionsUnreadable(Exception):
    """The file of divisions cannot be used."""


class Divisions:
    """The county's divisions by code."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    @classmethod
    def read(cls, path: Path | None) -> "Divisions":
        """Read the file identification reads; without one, codes stay codes.

        Raises:
            DivisionsUnreadable: it is there and cannot be read.
        """
        if path is None:
            return cls({})
        try:
            words: dict[str, Any] = read_table(path, DivisionsUnreadable)
            names = {str(words["code"]): str(words["name"])}
            for town in words["towns"]:
                names[str(town["code"])] = str(town["name"])
                for village in town["villages"]:
                    names[str(village["code"])] = f"{town['name']}{village['name']}"
        except (KeyError, TypeError) as problem:
            raise DivisionsUnreadable(f"{path}: {problem}") from problem
        return cls(names)

    def towns(self) -> dict[str, str]:
        """The towns by code, in the order of their codes."""
        return {code: name for code, name in sorted(self._names.items()) if len(code) == 9}

    def villages(self) -> dict[str, str]:
        """The villages by code, in the order of their codes."""
        return {code: name for code, name in sorted(self._names.items()) if len(code) == 12}

    def all(self) -> dict[str, str]:
        """County, towns and villages, each town's villages after it."""
        return dict(sorted(self._names.items()))

    def name(self, code: str) -> str:
        """A division's name; a village's with its town's before it."""
        return self._names.get(code, code)
