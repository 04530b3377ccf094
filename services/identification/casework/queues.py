"""Work queues and search: whose turn it is, what is due, and where a case is found again."""

from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers
from services.identification.areas import of_areas
from services.identification.casework.applicants import unsent
from services.identification.casework.paths import all_paths
from services.identification.models import CaseFile, CasePerson
from services.identification.people import index_of
from services.identification.places import Place
from shared.callers import Caller
from shared.database import run
from shared.secrets import KeyRing

PAGE_MAX: Final = 100
_LINE: Final = tuple(
    col(each)
    for each in (
        CaseFile.id, CaseFile.receipt, CaseFile.category, CaseFile.state, CaseFile.village,
        CaseFile.head_name, CaseFile.state_since, CaseFile.state_due_on, CaseFile.due_on,
        CaseFile.stopped_on, CaseFile.version,
    )
)  # fmt: skip


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
    mine, untold = _waiting_for(caller.scopes)
    if state:
        mine, untold = mine & {state}, untold & {state}
    if not mine | untold:
        return []
    waits = or_(
        col(CaseFile.state).in_(sorted(mine)),
        and_(col(CaseFile.state).in_(sorted(untold)), col(CaseFile.due_on).is_not(None)),
    )
    statement = (
        select(*_LINE)
        .where(waits, visible(caller))
        .order_by(_urgent_on(), col(CaseFile.id))
        .limit(min(limit, PAGE_MAX))
    )
    if village is not None:
        statement = statement.where(col(CaseFile.village) == village)
    if overdue:
        statement = statement.where(_urgent_on() < today, col(CaseFile.stopped_on).is_(None))
    if after is not None:
        last = await session.get(CaseFile, after)
        if last is not None:
            statement = statement.where(_behind(last))
    return [row(case, today) for case in await run(session, statement)]


async def search(
    session: AsyncSession, keys: KeyRing, place: Place, caller: Caller, today: date, query: str
) -> list[dict[str, Any]]:
    """Cases by receipt, ID number, name, the beginning of its pinyin, or village; at most 100."""
    words = " ".join(query.replace("\x00", " ").split())
    if not words:
        return []
    statement = (
        select(*_LINE)
        .where(_matches(keys, place, words), visible(caller))
        .order_by(col(CaseFile.id).desc())
        .limit(PAGE_MAX)
    )
    return [row(case, today) for case in await run(session, statement)]


def row(case: CaseFile | Row[Any], today: date) -> dict[str, Any]:
    """One line of a queue, of a case or of its columns that are in a line."""
    state = all_paths()[case.category].states[case.state]
    urgent_on = _first_due_on(case) if case.stopped_on is None else None
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
        "overdue": urgent_on is not None and urgent_on < today,
        "version": case.version,
    }


@lru_cache
def _waiting_for(scopes: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The states in which a case waits for somebody with such scopes; and those in which one that
    is decided does, as long as it has a day."""
    acts = [
        (path, act)
        for path in all_paths().values()
        for act in path.acts.values()
        if not act.aside and not scopes.isdisjoint(act.scopes)
    ]
    mine = {name for path, act in acts for name in act.sources if not path.states[name].ends}
    return frozenset(mine), frozenset(name for _, act in acts if act.stops for name in act.sources)


def _urgent_on() -> ColumnElement[date]:
    """The day on which the first of a case's two clocks runs out, as an index has it."""
    return func.least(col(CaseFile.due_on), col(CaseFile.state_due_on))


def _first_due_on(case: CaseFile | Row[Any]) -> date | None:
    """The same of one case."""
    return min(filter(None, (case.due_on, case.state_due_on)), default=None)


def _behind(last: CaseFile) -> ColumnElement[bool]:
    """What comes after a case in the order of the queue."""
    day, last_day, further = _urgent_on(), _first_due_on(last), col(CaseFile.id) > last.id
    if last_day is None:
        return and_(day.is_(None), further)
    return or_(day > last_day, and_(day == last_day, further), day.is_(None))


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
