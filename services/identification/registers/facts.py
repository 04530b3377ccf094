"""What fell due in an area and a period, and whether it was done in time: counted, never typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, exists, select

from services.identification.casework import whole_clock
from services.identification.casework.looking_again import reviews as calendar
from services.identification.casework.paths import UNDECIDED, CasePath, all_paths
from services.identification.casework.queues import of_lapsing
from services.identification.casework.visits import NOT_DUE
from services.identification.casework.whole_clock import Step
from services.identification.desk import Desk
from services.identification.models import (
    CaseAct,
    CaseFile,
    Household,
    RegisterAct,
    RegisterEntry,
    Review,
)
from services.identification.registers.as_it_stood import stretches
from services.identification.registers.tables import all_registers
from shared.months import Month, months_between

DECIDING: Final = "cases:decide"
CASE: Final = "case"
HOUSEHOLD: Final = "household"


@dataclass(frozen=True)
class Period:
    """From the first day of one month to the last of another, in one area."""

    area: str
    first: Month
    last: Month

    @property
    def first_day(self) -> date:
        return self.first.first_day()

    @property
    def last_day(self) -> date:
        return self.last.last_day()


@dataclass(frozen=True)
class Fact:
    """One thing that fell due, by the number it is found by, and whether it was done in time.

    It is a `case`, an entry (by the kind of its register), or a `household` without its review.
    """

    kind: str
    number: str
    in_time: bool


async def decisions(desk: Desk, period: Period) -> list[Fact]:
    """Cases decided in the period, within the working days their path gives; and those overdue, as
    is what waits for an office beyond its days while the whole clock stands still."""
    decided = select(col(CaseAct.case_id)).where(
        col(CaseAct.done_on).between(period.first_day, period.last_day),
        col(CaseAct.from_state) != col(CaseAct.to_state),
    )
    statement = (
        select(CaseFile, CaseAct)
        .join(CaseAct, col(CaseAct.case_id) == col(CaseFile.id))
        .where(col(CaseFile.village).startswith(period.area), col(CaseFile.id).in_(decided))
        .order_by(col(CaseFile.receipt), col(CaseAct.number))
    )
    rows = (await desk.session.exec(statement)).all()
    found = []
    for case, acts in groupby(rows, key=lambda row: row[0]):
        ran = _decided(desk, all_paths()[case.category], [act for _, act in acts], period)
        found += [Fact(CASE, case.receipt, ran.in_time)] if ran else []
    stands_still = col(CaseFile.stopped_on).is_not(None)
    waiting = select(col(CaseFile.receipt)).where(
        col(CaseFile.village).startswith(period.area),
        col(CaseFile.closed_at).is_(None),
        or_(
            and_(~stands_still, _ran_out(desk, period, col(CaseFile.due_on))),
            and_(
                stands_still,
                ~of_lapsing(),
                _ran_out(desk, period, col(CaseFile.state_due_on)),
            ),
        ),
    )
    known = {fact.number for fact in found}
    late = {str(each) for each in await desk.session.exec(waiting)} - known
    return found + [Fact(CASE, each, in_time=False) for each in sorted(late)]


async def reviews(desk: Desk, period: Period) -> list[Fact]:
    """Households that were to be looked at again in the period: in time is in their own month.

    One that was due and whose review nobody opened counts as one that was not.
    """
    months = [str(each) for each in months_between(period.first, period.last)]
    statement = (
        select(col(CaseFile.receipt), col(Review.due_month), col(Review.visited_on))
        .join(Household, col(Household.id) == col(Review.household_id))
        .join(CaseFile, col(CaseFile.id) == col(Review.case_id))
        .where(col(Household.village).startswith(period.area), col(Review.due_month).in_(months))
        .where(col(Review.outcome).is_distinct_from(NOT_DUE))
        .order_by(col(CaseFile.receipt))
    )
    opened = [
        Fact(CASE, receipt, visited is not None and visited <= Month.parse(str(month)).last_day())
        for receipt, month, visited in (await desk.session.exec(statement)).all()
    ]
    due = await calendar.due(desk, period.last, period.area)
    unopened = [each.number for each in due if str(each.due_month) in months]
    return opened + [Fact(HOUSEHOLD, each, in_time=False) for each in unopened]


async def entries(
    desk: Desk, period: Period, register: str, met: Sequence[str], undone: Sequence[str] = ()
) -> list[Fact]:
    """Entries of a register that fell due in the period, each time they did: in time is one of the
    acts by the day they were due first, wherever that was put off to.

    It is the act that stands: one that was undone afterwards, as by sending it back, is none.
    """
    statement = (
        select(col(RegisterEntry.number), RegisterAct)
        .join(RegisterAct, col(RegisterAct.entry_id) == col(RegisterEntry.id))
        .where(
            col(RegisterEntry.kind) == register,
            col(RegisterEntry.area).startswith(period.area),
            col(RegisterEntry.opened_on) <= period.last_day,
        )
        .order_by(col(RegisterEntry.number), col(RegisterAct.number))
    )
    rows = (await desk.session.exec(statement)).all()
    table = all_registers()[register]
    return [
        Fact(register, number, each.is_in_time(met, undone))
        for number, acts in groupby(rows, key=lambda row: row[0])
        for each in stretches(desk, table, [act for _, act in acts])
        if period.first_day <= each.due_on <= period.last_day
    ]


async def monthly(desk: Desk, period: Period, register: str, met: Sequence[str]) -> list[Fact]:
    """Each entry in each month it was open to the end: in time is one of the acts of that month."""
    found = []
    for month in months_between(period.first, period.last):
        first, last = month.first_day(), month.last_day()
        done = exists().where(
            col(RegisterAct.entry_id) == col(RegisterEntry.id),
            col(RegisterAct.act).in_(list(met)),
            func.coalesce(col(RegisterAct.happened_on), col(RegisterAct.done_on)).between(
                first, last
            ),
        )
        statement = (
            select(col(RegisterEntry.number), done)
            .where(
                col(RegisterEntry.kind) == register,
                col(RegisterEntry.area).startswith(period.area),
                col(RegisterEntry.opened_on) < first,
                or_(col(RegisterEntry.closed_on).is_(None), col(RegisterEntry.closed_on) > last),
            )
            .order_by(col(RegisterEntry.number))
        )
        rows = (await desk.session.exec(statement)).all()
        found += [Fact(register, number, bool(visited)) for number, visited in rows]
    return found


def _ran_out(desk: Desk, period: Period, day: Mapped[date | None]) -> ColumnElement[bool]:
    """Whether a clock ran out in the period, and the day is past."""
    return and_(day.between(period.first_day, period.last_day), day < desk.today)


def _decided(
    desk: Desk, path: CasePath, acts: Sequence[CaseAct], period: Period
) -> whole_clock.Ran | None:
    """How long a decision in the period took; a case nobody decided in it is none."""
    steps = [Step(each.act, each.from_state, each.to_state, each.done_on) for each in acts]
    last = whole_clock.decided(path, steps)
    if last is None or last.after in UNDECIDED or last.act not in path.acts:
        return None
    in_period = period.first_day <= last.on <= period.last_day
    if not in_period or DECIDING not in path.acts[last.act].scopes:
        return None
    return whole_clock.ran(path, steps, desk.settings, last.on)
