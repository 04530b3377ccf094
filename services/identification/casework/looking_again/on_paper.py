"""A visit on paper that is typed in later, of a case or of a round: one rule for both.

Nobody signs by being named. Whoever types a form in signs that this is what it says, and names who
signed it; each of those finds it waiting at the desk, and signs by their own account or says what
was found instead. Whose account has ended by then cannot; another than the typist signs even so.
"""

from collections.abc import Set
from typing import Any

from sqlmodel import col, select

from services.identification.casework.known_names import known_as
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.casework.visits import NAMED
from services.identification.desk import Desk
from services.identification.models import (
    CaseFile,
    NamedVisitor,
    Round,
    RoundHousehold,
    RoundSignature,
)


def counts(signed: Set[str], awaited: Set[str], least: int) -> bool:
    """Whether enough people signed by their own accounts, and everybody whom a form names did."""
    return not awaited and len(signed) >= least


async def name_visitors(tools: Tools, at: Standing) -> None:
    """Whom the form of a visit names has to be told that it waits for them."""
    for name in {str(at.words[field]) for field in NAMED if field in at.words}:
        tools.session.add(
            NamedVisitor(
                county=at.case.county,
                person=name,
                case_id=at.case.id,
                named_at=tools.now,
            )
        )


async def waiting(desk: Desk) -> list[dict[str, Any]]:
    """What names the caller and waits for their own signature, in open cases and rounds."""
    return [*await _of_cases(desk), *await _of_rounds(desk)]


async def _of_cases(desk: Desk) -> list[dict[str, Any]]:
    statement = (
        select(CaseFile)
        .join(NamedVisitor, col(NamedVisitor.case_id) == col(CaseFile.id))
        .where(
            col(NamedVisitor.person).in_(known_as(desk.caller)), col(CaseFile.closed_at).is_(None)
        )
        .order_by(col(CaseFile.id))
        .distinct()
    )
    found = await desk.session.exec(statement)
    seen = [each for each in found if desk.caller.may_see(each.village)]
    mine = known_as(desk.caller)
    return [
        {
            "case_id": str(at.case.id),
            "receipt": at.case.receipt,
            "village": at.case.village,
            "head_name": at.case.head_name,
        }
        for at in await standings(desk, seen)
        if any(at.awaited(survey_id) & mine for survey_id, _ in at.surveys())
    ]


async def _of_rounds(desk: Desk) -> list[dict[str, Any]]:
    signed = select(col(RoundSignature.id)).where(
        col(RoundSignature.household_id) == col(NamedVisitor.household_id),
        col(RoundSignature.number) == col(NamedVisitor.number),
        col(RoundSignature.person) == col(NamedVisitor.person),
    )
    statement = (
        select(RoundHousehold, Round)
        .join(Round, col(Round.id) == col(RoundHousehold.round_id))
        .join(NamedVisitor, col(NamedVisitor.household_id) == col(RoundHousehold.id))
        .where(
            col(NamedVisitor.person).in_(known_as(desk.caller)),
            col(NamedVisitor.number) == col(RoundHousehold.finding_number),
            col(Round.closed_at).is_(None),
            ~signed.exists(),
        )
        .order_by(col(RoundHousehold.round_id), col(RoundHousehold.serial))
    )
    return [
        {
            "round_id": str(one.round_id),
            "name": round_.name,
            "serial": one.serial,
            "village": one.village,
            "head_name": one.head_name,
        }
        for one, round_ in await desk.session.exec(statement)
        if desk.caller.may_see(one.village)
    ]
