"""The table of a category of cases: what is applied for, and whom it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from services.identification.grammar.acts import (
    PLAIN_TYPES,
    Act,
    Table,
    TableUnreadable,
    Words,
    read_rows,
    read_whole,
    read_words,
)
from services.identification.tables import read_table
from shared.contracts.identification import Happened

PATHS: Final = Path(__file__).resolve().parent / "paths"
TYPES: Final = PLAIN_TYPES | {"application", "document", "person"}
HOUSEHOLD: Final = "household"
CASE: Final = "case"
OWN: Final = "cases:own"
"""The scope of whoever applies for themselves."""


@dataclass(frozen=True)
class CasePath(Table):
    """The whole table of one category; `plain` says for whom it is, where one may apply oneself."""

    category: str
    about: str | None
    plain: Words | None

    @property
    def is_own(self) -> bool:
        """Whether an applicant may follow a case of it, and do some of its acts."""
        return any(may_applicant(act) for act in self.acts.values())

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
    words = read_whole(path, {"category", "about", "plain"})
    table = read_rows(path, words, TYPES)
    if any(field.seen_by for act in table.acts.values() for field in act.fields.values()):
        raise TableUnreadable(f"{path}: what a case says is read by all who may read the case")
    about = words.get("about")
    if about not in {None, HOUSEHOLD, CASE}:
        raise TableUnreadable(f"{path}: a case is about a {HOUSEHOLD} or a {CASE}, or says nothing")
    for act in table.acts.values():
        if act.tells is not None and act.tells not in list(Happened):
            raise TableUnreadable(f"{path}: {act.name} tells {act.tells}, which has no words")
    said = read_table(path, TableUnreadable).get("plain")  # Another's is not said of this.
    found = CasePath(
        **vars(table),
        category=str(words["category"]),
        about=about,
        plain=read_words(path, "plain", said) if said else None,
    )
    if said and not found.is_own:
        raise TableUnreadable(f"{path}: it says for whom it is, and nobody applies for themselves")
    return found


def may_applicant(act: Act) -> bool:
    """Whether an applicant may do it to their own case."""
    return OWN in act.scopes


@lru_cache
def all_paths(folder: Path = PATHS) -> Mapping[str, CasePath]:
    """Every category by its name."""
    found = [read_path(path) for path in sorted(folder.glob("*.yaml"))]
    return {each.category: each for each in found}
