"""Cases read from their rows: where each stands, with everything done to it so far."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.identification.casework import applicants, hidden_words, register_homes
from services.identification.casework.lists import secrecy
from services.identification.casework.looking_again import samples
from services.identification.casework.needs import county_visits
from services.identification.casework.oversight import relatives
from services.identification.casework.papers import filed_before
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import DECLARED, Standing, declared_near
from services.identification.casework.tools import application_of
from services.identification.desk import Desk
from services.identification.grammar import rows
from services.identification.grammar.history import Done
from services.identification.models import CaseAct, CaseDocument, CaseFile, Posting
from shared.database import among_those, one_of, those
from shared.problems import NotFound

OfCase = TypeVar("OfCase", CaseAct, CaseDocument, Posting)


class NoSuchCase(NotFound):
    """There is no such case here."""


async def stand(desk: Desk, case_id: UUID, *, lock: bool = False) -> Standing:
    """Where a case stands, when the caller may know of it.

    Raises:
        NoSuchCase: there is none, or it is not of the caller's area, nor a citizen's own.
    """
    case = await desk.session.get(CaseFile, case_id, with_for_update=lock, populate_existing=True)
    if case is None or not await applicants.may_know(desk.session, desk.caller, case):
        raise NoSuchCase()
    (at,) = await standings(desk, [case])
    at = replace(at, filed_before=await filed_before.of(desk, at))
    at = await register_homes.with_home(desk, at)
    if case.about_case_id is not None:
        # Whoever sees an appeal sees what it is about: both are of one village.
        at = replace(at, about=await stand(desk, case.about_case_id, lock=lock))
    return at


async def hold(desk: Desk, ids: Collection[UUID]) -> None:
    """Take the locks of several cases that are written to in one transaction: all at once, in one
    order and before anything else of it, so that no two of them wait for each other."""
    statement = select(col(CaseFile.id)).where(col(CaseFile.id).in_(ids)).order_by(col(CaseFile.id))
    await desk.session.exec(statement.with_for_update())


async def id_of(desk: Desk, receipt: str) -> UUID:
    """The case of the caller's area that has a receipt number.

    Raises:
        NoSuchCase: there is none, or it is not of the caller's area.
    """
    statement = select(CaseFile).where(
        col(CaseFile.county) == desk.caller.county, col(CaseFile.receipt) == receipt.strip().upper()
    )
    case = (await desk.session.exec(statement)).first()
    if case is None or not desk.caller.may_see(case.village):
        raise NoSuchCase()
    return case.id


async def standings(desk: Desk, found: Sequence[CaseFile]) -> list[Standing]:
    """Where cases stand that were found, in their order; whether they may be seen was asked."""
    if not found:
        return []
    ids = [case.id for case in found]
    acts = await acts_of(desk, ids)
    documents = await _by_case(desk, CaseDocument, ids, col(CaseDocument.id))
    postings = await _by_case(desk, Posting, ids, col(Posting.id))
    related = await relatives.of_cases(desk, ids)
    near = await _near_elsewhere(desk, ids)
    secret = await secrecy.elsewhere(desk.session, desk.keys, ids)
    picked = await samples.picked(desk, ids)
    complained = await county_visits.complained_of(desk, ids)
    seen = await applicants.seen(desk.session, [case.applicant_id for case in found])
    found_at = (
        Standing(
            case=case,
            path=all_paths()[case.category],
            settings=desk.settings,
            application=application_of(desk.keys, case),
            acts=acts.get(case.id, []),
            documents=documents.get(case.id, []),
            postings=postings.get(case.id, []),
            caller=desk.caller,
            today=desk.today,
            words={},
            related=related.get(case.id, ()),
            applicant_seen=case.applicant_id in seen,
            picked=picked.get(case.id, {}),
            near_elsewhere=frozenset(near.get(case.id, ())),
            secret_elsewhere=frozenset(secret.get(case.id, ())),
            complained_on=complained.get(case.id),
        )
        for case in found
    )
    return [hidden_words.as_read(at) for at in found_at]


async def acts_of(
    desk: Desk, ids: Sequence[UUID], only: Collection[str] = ()
) -> dict[UUID, list[Done]]:
    """What was done to cases, in its order, or `only` acts of some names; a case to which nothing
    was done is not in it."""
    named = (one_of(col(CaseAct.act), only),) if only else ()
    found = await _by_case(desk, CaseAct, ids, col(CaseAct.number), *named)
    return {case_id: [rows.done(desk.keys, act) for act in acts] for case_id, acts in found.items()}


async def _near_elsewhere(desk: Desk, ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Who was declared near to somebody in another case of the same household, by case."""
    found: dict[UUID, set[str]] = {}
    for case_id, act in await desk.session.exec(_declared_elsewhere(), params=those(ids)):
        found.setdefault(case_id, set()).update(declared_near([rows.done(desk.keys, act)]))
    return found


@cache
def _declared_elsewhere() -> Any:
    """What is asked whenever a case is looked at; put together once."""
    other = aliased(CaseFile)
    return (
        select(col(CaseFile.id), CaseAct)
        .join(other, col(other.household_id) == col(CaseFile.household_id))
        .join(CaseAct, col(CaseAct.case_id) == col(other.id))
        .where(
            among_those(col(CaseFile.id)),
            col(other.id) != col(CaseFile.id),
            col(CaseAct.act) == DECLARED[0],
        )
    )


async def _by_case(
    desk: Desk, kind: type[OfCase], ids: Sequence[UUID], order: Any, *wanted: ColumnElement[bool]
) -> dict[UUID, list[OfCase]]:
    """The rows of a kind that belong to cases, by case."""
    theirs = select(kind).where(col(kind.case_id).in_(ids), *wanted).order_by(order)
    found: dict[UUID, list[OfCase]] = {}
    for row in await desk.session.exec(theirs):
        found.setdefault(row.case_id, []).append(row)
    return found
