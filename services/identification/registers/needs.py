"""What must be there before an act on an entry: each need by the name the tables use."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from services.identification.grammar.acts import TableUnreadable, Words, read_words
from services.identification.grammar.history import dates_are_past
from services.identification.registers.standing import EntryStanding
from services.identification.tables import read_table

Need = Callable[[EntryStanding], bool]
WORDS: Final = Path(__file__).with_name("needs.yaml")


def _date_not_to_come(at: EntryStanding) -> bool:
    return dates_are_past(at.table.all_acts.values(), at)


def _is_owner(at: EntryStanding) -> bool:
    return at.entry.owner in {at.caller.subject, f"staff:{at.caller.person}"}


def _not_the_owner(at: EntryStanding) -> bool:
    return not _is_owner(at)


def _due_day_to_come(at: EntryStanding) -> bool:
    return all(
        str(at.words[act.due]) >= at.today.isoformat()
        for act in at.table.all_acts.values()
        if act.due and act.due in at.words
    )


NEEDS: Final[Mapping[str, Need]] = {
    "date-not-to-come": _date_not_to_come,
    "is-owner": _is_owner,
    "not-the-owner": _not_the_owner,
    "due-day-to-come": _due_day_to_come,
}
"""Every need by the word the tables use; what an officer reads of it is in needs.yaml."""


@lru_cache
def needs_in_words() -> Mapping[str, Words]:
    """What an officer reads of each need."""
    found = read_table(WORDS, TableUnreadable)
    return {name: read_words(WORDS, name, each) for name, each in found.items()}
