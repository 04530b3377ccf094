"""Papers of other cases of the same people that count in this one, as long as they are valid.

An officer took the other case in, the paper counts there, and its kind is valid for so many months
(`papers_valid_months`). What is of one person counts for them alone; the household's own only where
everybody with a number who lives there now was of that case.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import same_people
from services.identification.casework.standing import FiledBefore, Standing
from services.identification.desk import Desk
from services.identification.models import CaseDocument, CaseFile, CasePerson
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller
from shared.months import Month, civil_date

OF_THE_HOUSEHOLD: Final = frozenset({"household-register"})
"""Kinds that are of everybody who lives together; any other is of one person."""


async def of(desk: Desk, at: Standing) -> tuple[FiledBefore, ...]:
    """What was filed before and counts for whoever lives there now; of what nobody applies for,
    nothing."""
    months = _months(desk.settings)
    living = same_people.numbered(desk.keys, at.application)
    if at.path.grant is None or not living or not months:
        return ()
    statement = (
        select(CaseDocument, CaseFile)
        .join(CaseFile, col(CaseFile.id) == col(CaseDocument.case_id))
        .where(
            col(CaseFile.county) == at.case.county,
            col(CaseFile.id) != at.case.id,
            col(CaseDocument.kind).in_(months),
            col(CaseDocument.replaced_by).is_(None),
            same_people.name_one_of(living),
            same_people.looked_at(),
        )
        .order_by(col(CaseDocument.id))
    )
    papers = (await desk.session.exec(statement)).all()
    if not papers:
        return ()
    people = await _people(desk, {case.id for _, case in papers})
    newest: dict[tuple[str, frozenset[str]], list[FiledBefore]] = {}
    for paper, case in papers:
        until = valid_until(paper, months[paper.kind])
        whose = _whose(paper, people[case.id], living)
        if not whose or until < at.today:
            continue
        known = newest.setdefault((paper.kind, whose), [])
        if known and known[-1].paper.case_id != case.id:
            known.clear()
        known.append(FiledBefore(paper, case.receipt, case.village, whose, until))
    return tuple(each for pages in newest.values() for each in pages)


def shown(filed: FiledBefore, called: Mapping[str, str], caller: Caller) -> dict[str, Any]:
    """For whom a paper counts and until when; where it was filed, for who may know of that case.

    Args:
        called: the names of whoever is of the case it counts in, by their keys.
    """
    said = {
        "whose": [called[key] for key in called if key in filed.whose],
        "until": filed.until.isoformat(),
        "yours": caller.may_see(filed.village),
    }
    if not said["yours"]:
        return said
    return {
        **said,
        "document_id": str(filed.paper.id),
        "case_id": str(filed.paper.case_id),
        "receipt": filed.receipt,
        "filed_on": civil_date(filed.paper.added_at).isoformat(),
    }


def valid_until(paper: CaseDocument, months: int) -> date:
    """The last day on which a paper counts: the end of the month so many after it was filed."""
    return Month.of(civil_date(paper.added_at)).plus(months).last_day()


def _months(settings: PlaceSettings) -> dict[str, int]:
    """For how many months each kind is valid, where it counts again at all."""
    valid: Mapping[str, int] = settings.words["papers_valid_months"]
    return {kind: months for kind, months in valid.items() if months}


async def _people(desk: Desk, case_ids: set[UUID]) -> dict[UUID, list[CasePerson]]:
    """Who was of each case."""
    statement = select(CasePerson).where(same_people.members_of(case_ids))
    found: dict[UUID, list[CasePerson]] = {}
    for each in await desk.session.exec(statement):
        found.setdefault(each.case_id, []).append(each)
    return found


def _whose(
    paper: CaseDocument, people: list[CasePerson], living: Mapping[bytes, str]
) -> frozenset[str]:
    """By their keys in this case, for whom a paper counts; nobody, where it counts no more."""
    if paper.kind in OF_THE_HOUSEHOLD:
        were = {each.id_index for each in people}
        return frozenset(living.values()) if were >= living.keys() else frozenset()
    # One that names nobody is of whoever it was asked for, where that was one alone.
    named = [each for each in people if each.person_key == paper.of_person]
    whose = named if paper.of_person else [each for each in people if each.asked_for]
    if len(whose) != 1:
        return frozenset()
    return frozenset(key for index, key in living.items() if index == whose[0].id_index)
