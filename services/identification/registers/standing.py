"""Where an entry stands: its row, what it says, everything done to it, and who may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, and_, cast, or_
from sqlmodel import col

from services.identification.grammar.history import History
from services.identification.models import RegisterEntry, RegisterPaper
from services.identification.registers.tables import LEVELS, RegisterTable
from shared.callers import Caller


@dataclass(frozen=True)
class EntryStanding(History):
    """An entry as an act finds it; `content` is what was said last under each name.

    `names` are those of the people it is about: what is published is held against them.
    """

    entry: RegisterEntry
    table: RegisterTable
    content: Mapping[str, Any]
    names: frozenset[str]
    papers: Sequence[RegisterPaper]

    def paper(self, paper_id: str) -> RegisterPaper | None:
        """A paper of this entry by its id."""
        return next((each for each in self.papers if str(each.id) == paper_id), None)

    @property
    def said(self) -> Mapping[str, Any]:
        """What the entry will say when the act that is asked for is done."""
        return {**self.content, **self.words}


def is_there_for(caller: Caller, table: RegisterTable, entry: RegisterEntry) -> bool:
    """Whether a caller may know of an entry: by scope, by area, and not accused in it.

    Whoever opened it, and whose it is, may know of it wherever it lies.
    """
    return (
        any(caller.has(scope) for scope in table.read)
        and (caller.may_see(entry.area) or caller.subject in {entry.owner, entry.opened_by})
        and not set(entry.against) & known_as(caller)
    )


def there_for(caller: Caller) -> ColumnElement[bool]:
    """The same of areas and of whom entries are against, as the database filters by them."""
    mine = [col(RegisterEntry.area).startswith(area) for area in caller.divisions]
    mine += [col(each) == caller.subject for each in (RegisterEntry.owner, RegisterEntry.opened_by)]
    return and_(
        or_(*mine),
        ~col(RegisterEntry.against).bool_op("&&")(cast(sorted(known_as(caller)), ARRAY(Text))),
    )


def known_as(caller: Caller) -> set[str]:
    """Every word an entry may name a caller by: the account, the person, the town or village.

    Not the county: an entry against the bureau itself names accounts, or nobody could handle it.
    """
    accounts = {caller.subject, caller.person, f"staff:{caller.person}"}
    lengths = [length for level, length in LEVELS.items() if level != "county"]
    return accounts | {
        area[:length] for area in caller.areas for length in lengths if len(area) >= length
    }


def seen_by(caller: Caller, table: RegisterTable, words: Mapping[str, Any]) -> dict[str, Any]:
    """The words of an entry or an act that a caller may read."""
    hidden = table.hidden
    return {
        name: word
        for name, word in words.items()
        if name not in hidden or any(caller.has(scope) for scope in hidden[name])
    }
