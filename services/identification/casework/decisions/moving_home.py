"""A household moves to another village of the county, and what is open of it goes with it.

Its file is the household's, so it is there already. What hangs on a board of the old village, or
has an opinion and a number of it, is decided first: nothing of that is another village's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, or_, select

from services.identification.casework import households, moving, same_people
from services.identification.casework.decisions import carrying
from services.identification.casework.homes import Foresight, Home
from services.identification.casework.paths import ONCE, all_paths
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.grammar.asking import read_as
from services.identification.models import CaseFile, Household
from shared.database import run
from shared.problems import Conflict

MOVE: Final = "move-home"
MOVED_FROM: Final = "moved_from"
"""The word of a decision under which stands where the household was before it."""
_BOUND: Final = {"to-post", "posted", "objected", "confirming"}
"""States in which a case is on a board, or before the county with the township's opinion."""
_ROUNDS: Final = text("""
    UPDATE campaign_household one SET village = :to FROM campaign_round round
    WHERE round.id = one.round_id AND one.county = :county AND one.village = :was
        AND round.closed_at IS NULL AND starts_with(:to, round.area)
        AND (one.finding IS NULL OR one.signed_on IS NOT NULL)
        AND (one.household_id = :household OR one.case_id = ANY(:cases))
""")
"""What one has found and another has still to sign is theirs who were there."""


class CaseToDecideFirst(Conflict):
    """Another case of this household is on a board or before the county: it is decided first."""


class MovesBeyondYou(Conflict):
    """Somebody moves to or from where you decide nothing: whoever is over both places decides."""


async def find_village(desk: Desk, at: Standing) -> None:
    """It moves to another village of the county.

    Raises:
        ActNotUnderstood: there is no such village here, or it lives there already.
    """
    said = str(at.words["village"])
    with read_as("village"):
        if said not in desk.villages or said == at.case.village:
            raise ValueError("another village of the county is wanted")


async def insist(desk: Desk, at: Standing, found: Foresight) -> None:
    """Whoever decides is over every place somebody comes from or goes to, and of a household that
    moves nothing is bound to the old one.

    Raises:
        MovesBeyondYou, CaseToDecideFirst: or not.
    """
    if found.beyond:
        raise MovesBeyondYou()
    home = found.own
    if home.village is not None and home.household is not None:
        await _insist(desk, at, home.household, home.village)


async def _insist(desk: Desk, at: Standing, household: Household, village: str) -> None:
    if not desk.caller.may_see(village):
        raise MovesBeyondYou()
    bound = [each.receipt for each in await _open(desk, at, household) if _is_bound(each)]
    if bound:
        raise CaseToDecideFirst(", ".join(bound), receipts=bound)


async def shown(desk: Desk, at: Standing, home: Home) -> list[dict[str, Any]]:
    """What is open of a household that moves, and whether it goes along or is decided first."""
    if home.village is None or home.household is None:
        return []
    return [
        {
            "receipt": each.receipt,
            "name": all_paths()[each.category].words.both(),
            "first": _is_bound(each),
        }
        for each in await _open(desk, at, home.household)
    ]


async def move(desk: Desk, at: Standing, home: Home) -> Mapping[str, Any]:
    """The household lives there, and all that is open of it is theirs who are there."""
    household = home.household
    if home.village is None or household is None:
        return {}
    was = {"village": household.village, "registration": household.registration}
    await _settle(desk, at, household, home.village, home.registration)
    return {MOVED_FROM: was}


async def put_back(desk: Desk, at: Standing) -> bool:
    """Where the decision that stands moved the household, it lives where it did before, unless it
    was moved on since; whether it does.

    Raises:
        MovesBeyondYou, CaseToDecideFirst: whoever says so is not over both places, or something is
            bound to the one it goes from.
    """
    decided, asked = at.decided, at.last(MOVE)
    if decided is None or asked is None or MOVED_FROM not in decided.words:
        return False
    assert at.case.household_id is not None, "who moves is a household of the register"
    household = await desk.session.get_one(Household, at.case.household_id, with_for_update=True)
    was = decided.words[MOVED_FROM]
    village, registration = str(was["village"]), int(was["registration"])
    if household.village != asked.words["village"]:
        return False
    await _insist(desk, at, household, village)
    await _settle(desk, at, household, village, registration)
    return True


async def _settle(
    desk: Desk, at: Standing, household: Household, village: str, registration: int | None
) -> None:
    found = await _open(desk, at, household)
    for each in await standings(desk, found):
        each.case.village = village
        each = replace(each, words={"village": village, "case": at.case.receipt})
        await moving.note(desk, each, MOVE)
    was, cases = household.village, [each.id for each in found]
    people = [person.id for person, _ in await households.living(desk.session, household.id)]
    went = (*await households.now_in(desk.session, household.id), *people, *cases)
    there = dict.fromkeys(went, village)
    await carrying.carry(desk.session, household.county, dict.fromkeys(went, was), there)
    await _move_in_rounds(desk, household, village, cases)
    await desk.note(
        "household-moved",
        str(household.id),
        {"from": was, "to": village, "cases": len(cases)},
    )
    household.village = village
    household.registration = registration or household.registration
    desk.session.add(household)
    await desk.session.flush()


async def _move_in_rounds(
    desk: Desk, household: Household, village: str, cases: Sequence[UUID]
) -> None:
    """What an open round has of them is of the new village, where it goes over both."""
    where = {"county": household.county, "was": household.village, "to": village}
    seen = {"household": household.id, "cases": list(cases)}
    await run(desk.session, _ROUNDS, {**where, **seen})


async def _open(desk: Desk, at: Standing, household: Household) -> list[CaseFile]:
    """What is open of the household or of who lives there, in its village, but for this case."""
    people = [person for person, _ in await households.living(desk.session, household.id)]
    statement = (
        select(CaseFile)
        .where(
            col(CaseFile.county) == household.county,
            col(CaseFile.village) == household.village,
            col(CaseFile.closed_at).is_(None),
            col(CaseFile.id) != at.case.id,
            or_(
                col(CaseFile.household_id) == household.id,
                same_people.name_one_of(person.id_index for person in people),
            ),
        )
        .order_by(col(CaseFile.id))
    )
    return list((await desk.session.exec(statement)).all())


def _is_bound(case: CaseFile) -> bool:
    """Help at once is given from the township's own reserve, and is finished there."""
    grant = all_paths()[case.category].grant
    once = grant is not None and grant.whose == ONCE and case.accepted_on is not None
    return once or case.state in _BOUND or case.form_number is not None
