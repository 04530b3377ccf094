"""A change that a citizen of a household on assistance asks for: begun on their telephone, and what
it would change of their own household, before anybody decides.
"""

from typing import Any, Final

from services.identification import assistance, decisions, people
from services.identification.casework import applicants, care, cases, households, opening
from services.identification.casework.applicants import Identity
from services.identification.casework.channels import OWN as OWN_CHANNEL
from services.identification.casework.decisions import payees
from services.identification.casework.foresight import foresee
from services.identification.casework.homes import shown
from services.identification.casework.own import doors
from services.identification.casework.own.doors import IdentityNotSeen
from services.identification.casework.paths import all_paths, may_applicant
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.determinations import is_away
from services.identification.grammar.acts import Act
from services.identification.models import Household
from shared.problems import Conflict, Problem

CHANGE: Final = "change"
_OF_ANY_CASE: Final = {"start-over", "say-relative"}


class NothingGranted(Conflict):
    """Nothing is granted to this household here: what is new is an application."""


def draft(own: list[Standing]) -> Standing | None:
    """Of one's own cases the change that is still being written."""
    for at in own:
        mine = at.case.opened_by == at.caller.subject
        if at.case.category == CHANGE and mine and at.case.state == at.path.begins:
            return at
    return None


async def begin(desk: Desk) -> Standing:
    """A change of the household the caller lives in.

    Raises:
        IdentityNotSeen: nobody has seen who holds this telephone; what the register knows is not
            told to it.
        NothingGranted: nothing is granted to the household they live in, or they live in none.
    """
    if not await doors.is_holder_seen(desk):
        raise IdentityNotSeen()
    identity = await applicants.identity(desk.session, desk.keys, desk.caller)
    household = await _home(desk, identity)
    application = await households.as_application(desk.session, desk.keys, household)
    case = await opening.begin(
        desk,
        all_paths()[CHANGE],
        household.village,
        OWN_CHANNEL,
        application.model_copy(update={"phone": identity.phone}),
        household_id=household.id,
        applicant_id=identity.applicant_id,
    )
    return await cases.stand(desk, case.id)


async def effect(desk: Desk, at: Standing) -> dict[str, Any] | None:
    """What an open change would change of the household it is about, as one of it reads it: of
    nobody else's, and nothing of who the register knows."""
    if not at.path.about_household or at.case.closed_at is not None:
        return None
    try:
        found = await foresee(desk.session, desk.keys, at)
    except Problem as problem:
        return {"impossible": f"/problems/{problem.slug()}"}
    number = found.own.household.number if found.own.household else None
    (home,) = [each for each in shown(found) if each["household"] == number] or [{}]
    comes = [{k: v for k, v in each.items() if k != "known"} for each in home.get("comes", ())]
    facts = home.get("facts", {})
    return {
        "comes": comes,
        "goes": home.get("goes", []),
        "relations": home.get("relations", []),
        "moves": home.get("moves"),
        "head_wanted": home.get("head_wanted", False),
        "two_heads": home.get("two_heads", False),
        "income": facts.get("income_fen_monthly"),
        "counts": [
            {"name": each["name"], "counts": not is_away(each["facts"])}
            for each in home.get("members", ())
            if "away" in each["facts"]
        ],
        "care": care.shown(at),
        "payees": payees.shown(at),
    }


def reports(at: Standing) -> list[Act]:
    """What a citizen may report while it is being written, each a form of its own."""
    if not at.path.about_household or at.case.state != at.path.begins:
        return []
    return [
        act
        for act in at.path.acts_from(at.case.state)
        if may_applicant(act) and act.way is None and act.name not in _OF_ANY_CASE
    ]


async def _home(desk: Desk, identity: Identity) -> Household:
    """The household the caller lives in, where anything is granted to it, or fades out."""
    person_id = await people.resolve(
        desk.session, desk.keys, desk.caller.county, identity.id_number
    )
    household = await households.home_of(desk.session, person_id) if person_id else None
    last = await decisions.last(desk.session, desk.keys, household.id) if household else None
    if household is None or last is None or not assistance.drawn(last):
        raise NothingGranted()
    return household
