"""Work queues and search: whose turn it is, what is due, and where a case is found again."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.identification import id_numbers
from services.identification.areas import of_areas
from services.identification.casework.applicants import unsent
from services.identification.casework.paths import all_paths
from services.identification.models import CaseFile, CasePerson
from services.identification.people import index_of
from services.identification.places import Place
from shared.callers import Caller
from shared.secrets import KeyRing

PAGE_MAX: Final = 100


async def queue(
    session: AsyncSession,
    caller: Caller,
    today: date,
    *,
    state: str | None,
    village: str | None,
    overdue: bool,
    after: UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Cases of the caller's areas that wait for an act of theirs, the most urgent first.

    They are open, or decided with something still to be done by a day: reasons to be handed over.
    With a village, those of that village alone.
    """
    acts = [
        (path, act)
        for path in all_paths().values()
        for act in path.acts.values()
        if not act.aside and any(caller.has(scope) for scope in act.scopes)
    ]
    mine = {name for path, act in acts for name in act.sources if not path.states[name].ends}
    untold = {name for _, act in acts if act.stops for name in act.sources}
    if state:
        mine, untold = mine & {state}, untold & {state}
    if not mine | untold:
        return []
    due = or_(col(CaseFile.due_on) < today, col(CaseFile.state_due_on) < today)
    waits = or_(
        col(CaseFile.state).in_(sorted(mine)),
        and_(col(CaseFile.state).in_(sorted(untold)), col(CaseFile.due_on).is_not(None)),
    )
    statement = (
        _lines()
        .where(waits, visible(caller))
        .order_by(col(CaseFile.due_on).asc().nulls_last(), col(CaseFile.id))
        .limit(min(limit, PAGE_MAX))
    )
    if village is not None:
        statement = statement.where(col(CaseFile.village) == village)
    if overdue:
        statement = statement.where(due, col(CaseFile.stopped_on).is_(None))
    if after is not None:
        last = await session.get(CaseFile, after)
        if last is not None:
            statement = statement.where(_behind(last))
    return [row(case, today) for case in await session.exec(statement)]


async def search(
    session: AsyncSession, keys: KeyRing, place: Place, caller: Caller, today: date, query: str
) -> list[dict[str, Any]]:
    """Cases by receipt, ID number, name, the beginning of its pinyin, or village; at most 100."""
    words = " ".join(query.replace("\x00", " ").split())
    if not words:
        return []
    statement = (
        _lines()
        .where(_matches(keys, place, words), visible(caller))
        .order_by(col(CaseFile.id).desc())
        .limit(PAGE_MAX)
    )
    return [row(case, today) for case in await session.exec(statement)]


def row(case: CaseFile, today: date) -> dict[str, Any]:
    """One line of a queue."""
    state = all_paths()[case.category].states[case.state]
    return {
        "case_id": str(case.id),
        "receipt": case.receipt,
        "category": case.category,
        "state": case.state,
        "state_words": state.words.both(),
        "village": case.village,
        "head_name": case.head_name,
        "state_since": case.state_since.isoformat(),
        "state_due_on": case.state_due_on and case.state_due_on.isoformat(),
        "due_on": case.due_on and case.due_on.isoformat(),
        "overdue": _overdue(case, today),
        "version": case.version,
    }


def _lines() -> SelectOfScalar[CaseFile]:
    """Cases as lines of a list: what they say stays sealed where it is."""
    sealed: Any = CaseFile.content_sealed
    return select(CaseFile).options(defer(sealed))


def _overdue(case: CaseFile, today: date) -> bool:
    """A clock that runs has run out; one that is stopped has not."""
    if case.stopped_on is not None:
        return False
    return any(due is not None and due < today for due in (case.due_on, case.state_due_on))


def _behind(last: CaseFile) -> ColumnElement[bool]:
    """What comes after a case in the order of the queue."""
    later = and_(col(CaseFile.due_on) == last.due_on, col(CaseFile.id) > last.id)
    if last.due_on is None:
        return and_(col(CaseFile.due_on).is_(None), col(CaseFile.id) > last.id)
    return or_(col(CaseFile.due_on) > last.due_on, later, col(CaseFile.due_on).is_(None))


def _matches(keys: KeyRing, place: Place, words: str) -> ColumnElement[bool]:
    if villages := place.villages_called(words):
        return col(CaseFile.village).in_(villages)
    number = id_numbers.normalise(words)
    person: ColumnElement[bool]
    if len(number) == 18 and number[:17].isdigit():
        person = col(CasePerson.id_index) == index_of(keys, number)
    elif "-" in words and words.isascii():
        return col(CaseFile.receipt) == words.upper()
    elif words.isascii():
        if not words.replace(" ", "").isalpha():
            return false()
        person = col(CasePerson.name_sort).startswith(words.lower(), autoescape=True)
    else:
        person = col(CasePerson.name).startswith(words, autoescape=True)
    return col(CaseFile.id).in_(select(col(CasePerson.case_id)).where(person))


def visible(caller: Caller) -> ColumnElement[bool]:
    """The caller's areas, as the database filters cases by them; not what is still a citizen's."""
    return and_(of_areas(caller, col(CaseFile.village)), ~unsent())
