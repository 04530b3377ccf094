"""Where a case is found again: by receipt, ID number, name, its pinyin, or village."""

from datetime import date
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers, names
from services.identification.areas import within
from services.identification.casework.applicants import unsent
from services.identification.casework.queues import LINE, row, seen_from
from services.identification.casework.waits import STATEMENTS_KEPT
from services.identification.models import CaseFile, CasePerson, Household
from services.identification.people import index_of
from services.identification.places import Place
from shared.callers import Caller
from shared.database import run
from shared.secrets import KeyRing

FOUND_MAX: Final = 100


class How(Enum):
    """By what a case is looked for."""

    VILLAGE = auto()
    VILLAGES = auto()
    RECEIPT = auto()
    NUMBER = auto()
    PINYIN = auto()
    NAME = auto()


async def search(
    session: AsyncSession, keys: KeyRing, place: Place, caller: Caller, today: date, query: str
) -> list[dict[str, Any]]:
    """Cases by receipt, ID number, name, the beginning of its pinyin, or village; at most 100."""
    words = " ".join(query.replace("\x00", " ").split())
    if not words:
        return []
    sought = _sought(keys, place, words)
    if sought is None:
        return []
    how, what = sought
    statement = _finding(how, caller.divisions)
    return [row(case, today) for case in await run(session, statement, {"what": what})]


@lru_cache(maxsize=STATEMENTS_KEPT)
def _finding(how: How, divisions: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """The statement of a search."""
    what: BindParameter[Any] = bindparam("what")
    found = {
        How.VILLAGE: col(CaseFile.village) == what,
        How.VILLAGES: col(CaseFile.village) == func.any(bindparam("what", type_=ARRAY(Text))),
        How.RECEIPT: col(CaseFile.receipt) == what,
        How.NUMBER: _of_somebody(col(CasePerson.id_index) == what),
        How.PINYIN: _of_somebody(names.begins(col(CasePerson.name_sort), what)),
        How.NAME: _of_somebody(names.begins(col(CasePerson.name), what)),
    }
    seen = seen_from(divisions)
    if how not in {How.VILLAGE, How.VILLAGES}:
        seen = or_(seen, and_(_of_who_came_to(divisions), ~unsent()))
    newest = col(CaseFile.id).desc()
    return select(*LINE).where(found[how], seen).order_by(newest).limit(FOUND_MAX)


def _of_who_came_to(divisions: tuple[str, ...]) -> ColumnElement[bool]:
    """What was decided elsewhere of a household that lives here now."""
    here = select(col(Household.id)).where(
        col(Household.id) == col(CaseFile.household_id), within(divisions, col(Household.village))
    )
    return here.correlate(CaseFile).exists()


def _of_somebody(person: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(CaseFile.id).in_(select(col(CasePerson.case_id)).where(person))


def _sought(keys: KeyRing, place: Place, words: str) -> tuple[How, Any] | None:
    """How a case is looked for by such words, and what is looked for; none finds nothing."""
    if villages := place.villages_called(words):
        return (How.VILLAGES, villages) if len(villages) > 1 else (How.VILLAGE, villages[0])
    number = id_numbers.normalise(words)
    if len(number) == 18 and number[:17].isdigit():
        return How.NUMBER, index_of(keys, number)
    if "-" in words and words.isascii():
        return How.RECEIPT, words.upper()
    if (found := names.sought(words)) is None:
        return None
    is_pinyin, beginning = found
    return (How.PINYIN if is_pinyin else How.NAME), beginning
