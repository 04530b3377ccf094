"""What an alert led to, found by its number and held against whom the alert is about; and which
alerts led to a case or an entry."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from services.identification.casework import applicants
from services.identification.casework.paths import AGAINST, UNDECIDED
from services.identification.comparison.kinds import Outcome
from services.identification.desk import Desk
from services.identification.models import Alert, CaseFile, CasePerson, RegisterEntry
from shared.months import civil_date
from shared.problems import Conflict

CASE: Final = "case"
GROUP: Final = "low-income"
THEMSELVES: Final = ("applicant", "member")
LOOKING: Final = ("alerts:read", "alerts:assign", "alerts:check", "alerts:decide")


class LeadsNowhere(Conflict):
    """Nothing is open for this, and nothing begins of itself: say the number of what was done."""


class NotForThisAlert(Conflict):
    """What has that number is not about them, is of another kind, was over before, or ended with
    nothing changed."""


@dataclass(frozen=True)
class Led:
    """What an alert led to: a case, an entry of a register by its kind, or a low-income group."""

    kind: str
    id: UUID
    number: str | None


@dataclass(frozen=True)
class About:
    """Whom an alert is about: ids of people and their household, and the indexes of ID numbers; and
    the ids of that household and of every one that merged into it."""

    people: Set[UUID]
    household_id: UUID | None
    indexes: Set[bytes]
    homes: Set[UUID]


async def named(desk: Desk, outcome: Outcome, about: About, number: str, since: date) -> Led:
    """The case or entry of a number, if it is what an outcome leads to: about them, not over
    before the alert was raised, nor decided against what the outcome says.

    Raises:
        NotForThisAlert: it is not.
    """
    said = number.strip().upper()
    case = (await desk.session.exec(_cases(about).where(col(CaseFile.receipt) == said))).first()
    vain = UNDECIDED if outcome.against else UNDECIDED | AGAINST
    if case is not None and case.category in outcome.cases and case.state not in vain:
        over = case.closed_at and civil_date(case.closed_at)
        if desk.caller.may_see(case.village) and (over is None or over >= since):
            return Led(CASE, case.id, case.receipt)
    entry = (
        await desk.session.exec(_entries(about).where(col(RegisterEntry.number) == said))
    ).first()
    if entry is not None and entry.kind in outcome.registers:
        over = entry.closed_on
        if desk.caller.may_see(entry.area) and (over is None or over >= since):
            return Led(entry.kind, entry.id, entry.number)
    raise NotForThisAlert()


async def open_cases(desk: Desk, about: About, category: str) -> Sequence[CaseFile]:
    """The open cases of a category about them, the first first."""
    asked = _cases(about).where(
        col(CaseFile.category) == category, col(CaseFile.closed_at).is_(None)
    )
    return list(await desk.session.exec(asked.order_by(col(CaseFile.id))))


async def open_entry(desk: Desk, about: About, kind: str) -> Led | None:
    """The open entry of a register about them, if there is one."""
    asked = _entries(about).where(
        col(RegisterEntry.kind) == kind, col(RegisterEntry.closed_at).is_(None)
    )
    entry = (await desk.session.exec(asked.limit(1))).first()
    return Led(kind, entry.id, entry.number) if entry else None


async def leading_to(desk: Desk, thing_id: UUID) -> list[dict[str, Any]]:
    """The alerts that led to a case or an entry, for those who look into alerts: where, not why."""
    if not any(desk.caller.has(scope) for scope in LOOKING):
        return []
    found = await desk.session.exec(
        select(Alert).where(col(Alert.led_to_id) == thing_id).order_by(col(Alert.id))
    )
    return [
        {"alert_id": str(each.id), "month": each.month, "raised_on": each.raised_on.isoformat()}
        for each in found
        if desk.caller.may_see(each.village)
    ]


def _cases(about: About) -> Any:
    """Cases about them or their household that were handed in; of whoever only supports somebody,
    none."""
    theirs = select(col(CasePerson.case_id)).where(
        col(CasePerson.id_index).in_(about.indexes), col(CasePerson.role).in_(THEMSELVES)
    )
    return select(CaseFile).where(
        or_(col(CaseFile.household_id).in_(about.homes), col(CaseFile.id).in_(theirs)),
        ~applicants.unsent(),
    )


def _entries(about: About) -> Any:
    ids = [str(each) for each in about.people | about.homes]
    return select(RegisterEntry).where(col(RegisterEntry.about).in_(ids))
