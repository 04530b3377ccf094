"""The table of a category of cases: what is applied for, and whom it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from services.identification.grammar.acts import (
    PLAIN_TYPES,
    Table,
    TableUnreadable,
    read_rows,
    read_whole,
)

PATHS: Final = Path(__file__).resolve().parent / "paths"
TYPES: Final = PLAIN_TYPES | {"application", "document", "person"}
HOUSEHOLD: Final = "household"
CASE: Final = "case"


@dataclass(frozen=True)
class CasePath(Table):
    """The whole table of one category."""

    category: str
    about: str | None

    @property
    def about_household(self) -> bool:
        """Whether a case of it is about a household of the register, and so begins with one."""
        return self.about == HOUSEHOLD

    @property
    def about_case(self) -> bool:
        """Whether a case of it is about another case that was decided."""
        return self.about == CASE


@lru_cache
def read_path(path: Path) -> CasePath:
    """A category's table.

    Raises:
        TableUnreadable: it names what is not there, or says something that is not known.
    """
    words = read_whole(path, {"category", "about"})
    table = read_rows(path, words, TYPES)
    if any(field.seen_by for act in table.acts.values() for field in act.fields.values()):
        raise TableUnreadable(f"{path}: what a case says is read by all who may read the case")
    about = words.get("about")
    if about not in {None, HOUSEHOLD, CASE}:
        raise TableUnreadable(f"{path}: a case is about a {HOUSEHOLD} or a {CASE}, or says nothing")
    return CasePath(**vars(table), category=str(words["category"]), about=about)


@lru_cache
def all_paths(folder: Path = PATHS) -> Mapping[str, CasePath]:
    """Every category by its name."""
    found = [read_path(path) for path in sorted(folder.glob("*.yaml"))]
    return {each.category: each for each in found}
