"""A change is handed in: it names who comes and who will live there, and whether money may rise.

Each has the means that were decided of them, with what this case alone says: who asks, and the
guardians who were named.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.identification.casework import (
    classes,
    guardians,
    heads,
    households,
    means,
    merged_homes,
)
from services.identification.casework.applications import Application
from services.identification.casework.decisions import payees
from services.identification.casework.foresight import foresee
from services.identification.casework.homes import Foresight, Home
from services.identification.casework.needs import findings
from services.identification.casework.needs.raising import FALLS, FOUND, MAY_RISE, MONEY, raises
from services.identification.casework.opening import put_application
from services.identification.casework.standing import (
    OTHER_TOWNSHIPS,
    TOWNSHIP_REACH,
    Standing,
)
from services.identification.casework.tools import Tools
from services.identification.desk import Desk
from services.identification.means import questions
from services.identification.models import Household


async def hand_in(desk: Desk, at: Standing) -> Mapping[str, Any]:
    """The case names who comes and who will live there, and says whether money may rise by it.

    Raises:
        TooEarly, NoLongerThere, LivesHere, NamedTwice, NoOtherHousehold, NameDiffers: it cannot be
            carried out.
        LivesElsewhereNow: nobody lives in the household any more.
        GuardianUnfit: whom it names as a guardian cannot be one.
        HeadWanted, TwoHeads: it would leave a household without a head, or with two.
    """
    found = await foresee(desk.session, desk.keys, at)
    merged_homes.refuse_later(found)
    heads.insist(found.homes)
    await payees.insist(desk, at, found.own)
    await guardians.insist_fit(desk, at)
    will_be = await as_it_will_be(desk, at, found.own)
    await put_application(desk, at.case, will_be)
    alone = guardians.left_alone(will_be, found.own.leaving, at.today)
    words = {
        MONEY: MAY_RISE if raises(found) else FALLS,
        **await classes.stood(desk, at, found.own),
        means.NOT_COUNTED: found.own.away,
        guardians.LEFT_ALONE: [each.key for each in alone],
        OTHER_TOWNSHIPS: other_townships(at, found),
    }
    described = replace(at, application=will_be, words=words)
    if classes.moves(described):
        if words[MONEY] == FALLS and classes.falls(described):
            words[classes.CLASS_FALLS] = True
        words[MONEY] = MAY_RISE
    words[findings.WANTED] = wanted = findings.rests_on(at)
    if words[MONEY] == FALLS and "visit" in wanted:
        words[MONEY] = FOUND
    return {name: said for name, said in words.items() if said not in ([], {})}


def other_townships(at: Standing, found: Foresight) -> list[str]:
    """Where else somebody goes to or comes from by it, in the county."""
    villages = {each.household.village for each in found.homes if each.household is not None}
    villages |= {found.own.village} if found.own.village is not None else set()
    villages |= found.beyond
    return sorted({each[:TOWNSHIP_REACH] for each in villages} - {at.case.village[:TOWNSHIP_REACH]})


async def describe_anew(desk: Desk, at: Standing) -> None:
    """The case names whoever lives there now."""
    household = await desk.session.get(Household, at.case.household_id)
    assert household is not None, "a change is about a household"
    now = await households.as_application(desk.session, desk.keys, household)
    await put_application(desk, at.case, _as_said_here(now, at))


async def as_it_will_be(tools: Tools, at: Standing, home: Home) -> Application:
    """Who lives there and who comes, each with the means that were decided of them and with the
    guardian who was named; who goes or is away no longer lives there."""
    assert home.household is not None, "a change is about a household"
    now = await households.as_application(tools.session, tools.keys, home.household)
    gone = {str(person.id) for _, person, _ in home.goes}
    will_be = {str(person_id): facts for person_id, facts in home.of_members.items()}
    related = {str(person.id): relation for _, person, relation in home.relations}
    members = []
    for each in now.members:
        facts = {**home.members_before.get(each.key, {}), **will_be.get(each.key, {})}
        counts = each.key not in gone and each.key not in home.away
        said = {"lives_together": counts, "relation": related.get(each.key, each.relation)}
        members.append(households.with_means(each, facts).model_copy(update=said))
    members += [households.with_means(each.member, each.facts) for each in home.comes]
    whole = {
        **dict(now),
        "members": tuple(members),
        "means": questions.known("household", home.facts_before),
    }
    return _as_said_here(Application.model_validate(whole), at)


def _as_said_here(now: Application, at: Standing) -> Application:
    """The household with what only this case says of it: who asks, and the guardians named."""
    now = now.model_copy(update={"phone": at.application.phone, "proxy": at.application.proxy})
    return guardians.as_named(now, at.since("start-over"))
