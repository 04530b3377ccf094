"""Work queues: whose turn it is, and what is due."""

from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.areas import within
from services.identification.casework.applicants import unsent
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import TOWNSHIP_REACH
from services.identification.casework.waits import (
    KIND,
    STATEMENTS_KEPT,
    Waits,
    in_part,
    in_whole,
    is_chosen,
    kind_of,
    waiting,
    waits_of,
)
from services.identification.models import CaseFile
from shared.callers import Caller
from shared.database import one_of, run

PAGE_MAX: Final = 100
LINE: Final = tuple(
    col(each)
    for each in (
        CaseFile.id, CaseFile.receipt, CaseFile.category, CaseFile.state, CaseFile.village,
        CaseFile.head_name, CaseFile.state_since, CaseFile.state_due_on, CaseFile.due_on,
        CaseFile.stopped_on, CaseFile.choice_waits, CaseFile.version,
    )
)  # fmt: skip


async def queue(
    session: AsyncSession,
    caller: Caller,
    today: date,
    *,
    category: str | None,
    state: str | None,
    village: str | None,
    overdue: bool,
    after: UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Cases of the caller's areas that wait for an act of theirs, the most urgent first.

    They are open, or decided with something still to be done by a day: reasons to be handed
    over; or ended undecided, while somebody who objected is to be answered; or over, while what
    one said of a secret is to be looked at by another.
    With a village, those of that village alone.
    """
    waits = waits_of(caller.scopes, category, state)
    if waits is None:
        return []
    statement = _queue(waits, caller.divisions, village is not None, overdue)
    if after is not None:
        last = await session.get(CaseFile, after)
        if last is not None:
            statement = statement.where(_behind(last))
    words = {"today": today, "of_village": village, "most": min(limit, PAGE_MAX)}
    return [row(case, today) for case in await run(session, statement, words)]


async def counts(session: AsyncSession, caller: Caller, today: date) -> list[dict[str, Any]]:
    """How many cases of each category and state wait for the caller, and how many are late."""
    waits = waits_of(caller.scopes, None, None)
    if waits is None:
        return []
    statement, whole = _counted(waits, caller.divisions), waits.whole()
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for each in await run(session, statement, {"today": today}):
        if kind_of(each.category, each.state) in whole or not each.in_whole:
            cases, late = sums.get((each.category, each.state), (0, 0))
            sums[each.category, each.state] = (cases + each.cases, late + each.late)
    return [
        {
            "category": category,
            "category_words": all_paths()[category].words.both(),
            "state": state,
            "state_words": all_paths()[category].states[state].words.both(),
            "count": cases,
            "overdue": late,
        }
        for (category, state), (cases, late) in sorted(sums.items())
    ]


def row(case: CaseFile | Row[Any], today: date) -> dict[str, Any]:
    """One line of a queue, of a case or of its columns that are in a line."""
    path = all_paths()[case.category]
    state = path.states[case.state]
    urgent_on = _late_after(case)
    return {
        "case_id": str(case.id),
        "receipt": case.receipt,
        "category": case.category,
        "category_words": path.words.both(),
        "state": case.state,
        "state_words": state.words.both(),
        "village": case.village,
        "head_name": case.head_name,
        "state_since": case.state_since.isoformat(),
        "state_due_on": case.state_due_on and case.state_due_on.isoformat(),
        "due_on": case.due_on and case.due_on.isoformat(),
        "choice_waits": case.choice_waits,
        "overdue": urgent_on is not None and urgent_on < today,
        "version": case.version,
    }


# A caller asks for the same again and again; a statement is written once, and told the rest.
@lru_cache(maxsize=STATEMENTS_KEPT)
def _queue(
    waits: Waits, divisions: tuple[str, ...], of_village: bool, overdue: bool
) -> Select[*tuple[Any, ...]]:
    """The statement of a queue."""
    here = seen_from(divisions) if of_village else _from_above(divisions)
    wanted = [waiting(waits), here]
    if of_village:
        wanted.append(col(CaseFile.village) == bindparam("of_village"))
    if overdue:
        wanted.append(_late())
    order = (_urgent_on(), col(CaseFile.id))
    return select(*LINE).where(*wanted).order_by(*order).limit(bindparam("most"))


@lru_cache(maxsize=STATEMENTS_KEPT)
def _counted(waits: Waits, divisions: tuple[str, ...]) -> CompoundSelect[Any]:
    """The statement of the counts, in three parts: states all of a kind wait in, in the order of an
    index; kinds of which some wait; and what somebody is to choose, of which there is little."""
    kind = (col(CaseFile.state), col(CaseFile.category))
    cases, late = func.count().label("cases"), func.count().filter(_late()).label("late")
    whole, part = (
        select(*kind, cases, late, literal(each).label("in_whole")).group_by(*kind)
        for each in (True, False)
    )
    return union_all(
        whole.where(in_whole(waits), within(divisions, col(CaseFile.village))),
        part.where(in_part(waits), seen_from(divisions)),
        part.where(is_chosen(waits), seen_from(divisions)),
    )


def _late() -> ColumnElement[bool]:
    """The first of the clocks that run has run out; `_late_after` says the same of one case. That
    the first of both has is asked besides, for an index has that day."""
    own_clock = and_(col(CaseFile.state_due_on) < bindparam("today"), ~of_lapsing())
    runs = or_(col(CaseFile.stopped_on).is_(None), own_clock)
    return and_(_urgent_on() < bindparam("today"), runs)


def _urgent_on() -> ColumnElement[date]:
    """The day on which the first of a case's two clocks runs out, as an index has it."""
    return func.least(col(CaseFile.due_on), col(CaseFile.state_due_on))


def _first_due_on(case: CaseFile | Row[Any]) -> date | None:
    """The same of one case."""
    whole, step = case.due_on, case.state_due_on
    return min(whole, step) if whole and step else whole or step


def of_lapsing() -> ColumnElement[bool]:
    """Whether a case stands where its days are those of whoever is waited for."""
    return one_of(
        KIND,
        (
            kind_of(path.category, name)
            for path in all_paths().values()
            for name, state in path.states.items()
            if state.lapses is not None
        ),
    )


def _late_after(case: CaseFile | Row[Any]) -> date | None:
    """After which day a case is late; while the whole clock stands still, by its state's own alone,
    unless those are the days of whoever is waited for."""
    if case.stopped_on is None:
        return _first_due_on(case)
    state = all_paths()[case.category].states[case.state]
    return case.state_due_on if state.lapses is None else None


def _behind(last: CaseFile) -> ColumnElement[bool]:
    """What comes after a case in the order of the queue."""
    day, last_day, further = _urgent_on(), _first_due_on(last), col(CaseFile.id) > last.id
    if last_day is None:
        return and_(day.is_(None), further)
    return or_(day > last_day, and_(day == last_day, further), day.is_(None))


def visible(caller: Caller) -> ColumnElement[bool]:
    """The caller's areas, as the database filters cases by them; not what is still a citizen's."""
    return seen_from(caller.divisions)


def _from_above(divisions: tuple[str, ...]) -> ColumnElement[bool]:
    """The same of many villages; those of one township are in the order of urgency in an index."""
    if len(divisions) == 1 and len(divisions[0]) == TOWNSHIP_REACH:
        township = func.left(col(CaseFile.village), TOWNSHIP_REACH)
        return and_(township == divisions[0], ~unsent())
    return seen_from(divisions)


def seen_from(divisions: tuple[str, ...]) -> ColumnElement[bool]:
    """What was handed in of such areas, as the database filters cases by it."""
    return and_(within(divisions, col(CaseFile.village)), ~unsent())
