"""Which cases the county visits itself: where an officer or a relative of one is in it, somebody
objected while it was shown, or somebody complained of it.

A complaint names a case, a household or a person; it counts for every case of theirs that it was
open beside.
"""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Uuid, and_, case, cast, false, func, or_, union_all
from sqlmodel import col, select

from services.identification import near_relatives
from services.identification.casework import queues
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import DECLARED, Standing
from services.identification.casework.visits import LOOKED_AT_AGAIN
from services.identification.desk import Desk
from services.identification.models import (
    CaseAct,
    CaseFile,
    CasePerson,
    Membership,
    Person,
    RegisterEntry,
)
from shared.database import among_those, those

HOME_CHECK: Final = "home-check"
OBJECTION: Final = "object"
LISTED_MAX: Final = 1_000
_ANEW: Final = (OBJECTION, *LOOKED_AT_AGAIN)
"""Acts before which a visit of the county was of another time."""
_COMPLAINT: Final = "complaint"
_ABOUT: Final = ("case", "household", "person")
_THEMSELVES: Final = ("applicant", "member")


def done_where_due(at: Standing) -> bool:
    """Whether the county has visited, if it is to: anew after an objection or a complaint, and
    after it was sent back and described anew."""
    visits = [each for each in at.since(*_ANEW) if each.act == HOME_CHECK]
    if not visits:
        return not (at.done(*DECLARED, OBJECTION) or at.related or at.complained_on)
    return at.complained_on is None or visits[-1].done_on >= at.complained_on


def made_since_complained(at: Standing) -> bool:
    """Whether the visit that is written down was made after the last complaint, or on its day."""
    return at.complained_on is None or str(at.words["visited_on"]) >= at.complained_on.isoformat()


async def complained_of(desk: Desk, case_ids: Collection[UUID]) -> dict[UUID, date]:
    """Which of these cases somebody complained of, and on which day last."""
    found = await desk.session.exec(_complained_of(), params=those(case_ids))
    return dict(found.all())


async def listed(desk: Desk) -> list[dict[str, Any]]:
    """Every case of the caller's areas that the county is to visit, and whether it did."""
    asked = [each.category for each in all_paths().values() if HOME_CHECK in each.acts]
    acts, complained = _acts(), _complained()
    done = and_(
        acts.c.visit > func.coalesce(acts.c.anew, -1),
        acts.c.visited_on >= func.coalesce(complained.c.complained_on, acts.c.visited_on),
    )
    found = await desk.session.exec(
        select(CaseFile, func.coalesce(done, false()))
        .outerjoin(acts, acts.c.case_id == col(CaseFile.id))
        .outerjoin(complained, complained.c.case_id == col(CaseFile.id))
        .where(
            queues.visible(desk.caller),
            col(CaseFile.category).in_(asked),
            or_(
                col(CaseFile.id).in_(near_relatives.flagged()),
                func.coalesce(acts.c.declaration, acts.c.objection).is_not(None),
                complained.c.case_id.is_not(None),
            ),
        )
        .order_by(col(CaseFile.village), col(CaseFile.id))
        .limit(LISTED_MAX)
    )
    return [{**queues.row(each, desk.today), "visited": seen} for each, seen in found]


def _acts() -> Any:
    """By case, which act was the last visit of the county, the last objection, a declaration, and
    the last before which a visit was of another time."""
    number, act = col(CaseAct.number), col(CaseAct.act)
    return (
        sa.select(
            col(CaseAct.case_id),
            func.max(number).filter(act == HOME_CHECK).label("visit"),
            func.max(col(CaseAct.done_on)).filter(act == HOME_CHECK).label("visited_on"),
            func.max(number).filter(act == OBJECTION).label("objection"),
            func.max(number).filter(act.in_(_ANEW)).label("anew"),
            func.max(number).filter(act.in_(DECLARED)).label("declaration"),
        )
        .where(act.in_((HOME_CHECK, *_ANEW, *DECLARED)))
        .group_by(col(CaseAct.case_id))
        .subquery()
    )


@cache
def _complained_of() -> Any:
    """What is asked whenever a case is looked at; put together once."""
    found = _complained()
    return select(found.c.case_id, found.c.complained_on).where(among_those(found.c.case_id))


def _complained() -> Any:
    """Cases with the last day on which a complaint about them came in, as the database finds it."""
    # What is about a unit names no id; the database may read a column before it narrows the rows.
    about = case((col(RegisterEntry.about_kind).in_(_ABOUT), cast(RegisterEntry.about, Uuid)))
    complaints = (
        select(
            about.label("about"),
            col(RegisterEntry.about_kind),
            col(RegisterEntry.opened_on),
            col(RegisterEntry.closed_at),
        )
        .where(col(RegisterEntry.kind) == _COMPLAINT, col(RegisterEntry.about_kind).in_(_ABOUT))
        .subquery()
    )
    columns = (complaints.c.opened_on, complaints.c.closed_at)
    named = select(complaints.c.about.label("case_id"), *columns).where(
        complaints.c.about_kind == "case"
    )
    of_household = select(col(CaseFile.id), *columns).join(
        complaints,
        (complaints.c.about_kind == "household")
        & (complaints.c.about == col(CaseFile.household_id)),
    )
    people = select(col(CasePerson.case_id), *columns).where(
        col(CasePerson.role).in_(_THEMSELVES), col(CasePerson.id_index) == col(Person.id_index)
    )
    of_person = people.where(
        complaints.c.about_kind == "person", col(Person.id) == complaints.c.about
    )
    of_home = people.where(
        complaints.c.about_kind == "household",
        col(Membership.household_id) == complaints.c.about,
        col(Membership.until).is_(None),
        col(Person.id) == col(Membership.person_id),
    )
    every = union_all(named, of_household, of_person, of_home).subquery()
    return (
        select(every.c.case_id, func.max(every.c.opened_on).label("complained_on"))
        .join(CaseFile, col(CaseFile.id) == every.c.case_id)
        .where(or_(every.c.closed_at.is_(None), every.c.closed_at >= col(CaseFile.opened_at)))
        .group_by(every.c.case_id)
        .subquery()
    )
