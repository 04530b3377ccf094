"""What a decision on assistance does to the database: on dibao or tekun, or off both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.determinations import NOT_APPLICABLE
from services.identification.low_income import entries
from services.identification.low_income.entries import Claim, Hand, Settled
from services.identification.low_income.groups import DECISION, DIBAO, TEKUN, all_groups
from services.identification.models import Household, Person
from services.identification.roster.entries import Entry
from shared.months import Month, civil_date
from shared.secrets import KeyRing

ASSISTED: Final = frozenset({DIBAO, TEKUN})


@dataclass(frozen=True)
class Listed:
    """A household of a roster: who of its rows counts here, each with what is known of them."""

    village: str
    registration: int
    dibao: bool
    from_month: str | None
    members: Sequence[tuple[Entry, Mapping[str, Any]]]


async def follow(
    session: AsyncSession,
    keys: KeyRing,
    actor: str,
    household: Household,
    determination_id: UUID,
    decided: Mapping[str, Any],
    now: datetime,
) -> Settled:
    """Bring everybody of a household where the decision puts them."""
    members = {UUID(each["person_id"]): each for each in decided["members"]}
    people = await session.exec(select(Person).where(col(Person.id).in_(members)))
    since = Month.parse(decided["from_month"]).first_day()
    claims = [
        _claim(
            person.name,
            keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id),
            household,
            group_of(decided["facts"], members[person.id]),
            since,
            members[person.id]["facts"],
        )
        for person in people
    ]
    hand = Hand(session, keys, household.county, actor, now, civil_date(now))
    return await entries.settle(hand, claims, DECISION, determination_id)


async def follow_roster(hand: Hand, households: Sequence[Listed], import_id: UUID) -> Settled:
    """The same for a chunk of a roster; who is on nothing any more leaves too."""
    claims = []
    for each in households:
        # A household on nothing has no month of its own: it is so from the day it was read.
        since = Month.parse(each.from_month).first_day() if each.from_month else hand.today
        for entry, own in each.members:
            member = {"until": entry.until, "facts": own}
            group = group_of({"on_dibao": each.dibao}, member)
            claims.append(_claim(entry.name, entry.id_number, each, group, since, own))
    return await entries.settle(hand, claims, entries.ROSTER, import_id)


def group_of(facts: Mapping[str, Any], member: Mapping[str, Any]) -> str | None:
    """The group a decision puts a member in; whoever left or died is in none."""
    own = member["facts"]
    if member["until"] is not None or own["died_on"] != NOT_APPLICABLE:
        return None
    if own["on_tekun"]:
        return TEKUN
    return DIBAO if facts["on_dibao"] else None


class Home(Protocol):
    """Where somebody lives: a household of the register, or of a roster."""

    @property
    def village(self) -> str:
        """Its village, by code."""

    @property
    def registration(self) -> int:
        """Urban or rural."""


def _claim(
    name: str,
    id_number: str,
    home: Home,
    group: str | None,
    since: date,
    facts: Mapping[str, Any],
) -> Claim:
    died = facts["died_on"] != NOT_APPLICABLE
    grade = facts["disability_grade"]
    return Claim(
        name=name,
        id_number=id_number,
        village=home.village,
        registration=home.registration,
        group=group,
        since=since,
        disability_grade=grade if isinstance(grade, int) else None,
        leaves=frozenset(all_groups()) if died else ASSISTED,
    )
