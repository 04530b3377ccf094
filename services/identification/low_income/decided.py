"""What a decision does to the database: on tekun, on dibao, just above it, in hard spending."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.determinations import NOT_APPLICABLE, person_facts
from services.identification.low_income import entries
from services.identification.low_income.entries import Claim, Hand
from services.identification.low_income.groups import (
    DECISION,
    EDGE,
    EXPENDITURE,
    all_groups,
    last_day,
)
from services.identification.low_income.known import held
from services.identification.low_income.registered import ASSISTED, group_of, is_alive
from services.identification.low_income.settled import Settled
from services.identification.models import (
    Determination,
    Household,
    LowIncomeEntry,
    LowIncomePerson,
    Membership,
    Person,
)
from services.identification.roster.entries import Entry
from shared.months import Month, civil_date
from shared.secrets import KeyRing

_STATUSES: Final = frozenset({EDGE, EXPENDITURE})
_FOUND: Final = ("on_edge", "on_rigid_spending")


@dataclass(frozen=True)
class Listed:
    """A household of a roster: how it stands, and who of its rows counts here, each by id."""

    household_id: UUID
    village: str
    registration: int
    from_month: str | None
    decided: Mapping[str, Any] | None
    members: Sequence[tuple[Entry, UUID, bytes]]


@dataclass(frozen=True)
class Said:
    """What a decision says of everybody in one household, before it is settled."""

    hand: Hand
    determination_id: UUID
    claims: Sequence[Claim]


async def settle(said: Sequence[Said]) -> None:
    """Settle what one decision says of every household it touches.

    Whoever left one of them for another is in no group by the first and in one by the second: there
    they are, in whatever order the two are decided.
    """
    grouped = {each.id_number for home in said for each in home.claims if each.group is not None}
    for home in said:
        claims = [e for e in home.claims if e.group is not None or e.id_number not in grouped]
        await entries.settle(home.hand, claims, DECISION, home.determination_id)


async def said_of(
    session: AsyncSession,
    keys: KeyRing,
    actor: str,
    household: Household,
    determination_id: UUID,
    before: Mapping[str, Any] | None,
    decided: Mapping[str, Any],
    now: datetime,
    holds_months: int | None,
) -> Said:
    """Where the decision puts everybody of a household, each from the month it is so of them.

    Who stood so before the decision too is left where they are, but on dibao or tekun, and where a
    status is found anew: then it holds from this decision. Whoever comes into a status that was
    found before, or back into it, is in it for as long as it holds for the others. Who was found
    never to have been in it, and lives nowhere else, leaves.
    """
    members = {UUID(each["person_id"]): each for each in decided["members"]}
    members |= await _never_in(session, before, members)
    people = (await session.exec(select(Person).where(col(Person.id).in_(members)))).all()
    from_month = Month.parse(decided["from_month"])
    earlier = _groups(before)
    held_until = await _held_in(session, household, decided)
    claims = []
    for person in people:
        member = members[person.id]
        group = group_of(decided["facts"], member)
        renewed = holds_months is not None and group == _found(decided["facts"])
        stands = earlier.get(person.id) == group and not renewed
        if person.temporary_code is not None:
            continue  # The list knows people by their number.
        if stands and group not in ASSISTED and is_alive(member):
            continue
        since = _so_since(member, from_month).first_day()
        claim = _claim_of(person, keys, household, group, since, member["facts"])
        if (left := earlier.get(person.id)) is not None:
            claim = replace(claim, leaves=claim.leaves | {left})
        until = held_until.get(group)
        if holds_months is not None and group in _STATUSES:
            until = last_day(from_month.first_day(), holds_months)
        claims.append(replace(claim, valid_until=until))
    hand = Hand(session, keys, household.county, actor, now, civil_date(now))
    return Said(hand, determination_id, claims)


async def _never_in(
    session: AsyncSession, before: Mapping[str, Any] | None, members: Collection[UUID]
) -> Mapping[UUID, Mapping[str, Any]]:
    """Whom the decision before named and this one does not, unless they live elsewhere: as who left
    it before they came, and died where they did."""
    named = {UUID(each["person_id"]): each for each in before["members"]} if before else {}
    gone = named.keys() - set(members)
    if not gone:
        return {}
    statement = (
        select(Person)
        .outerjoin(
            Membership,
            (col(Membership.person_id) == col(Person.id)) & col(Membership.until).is_(None),
        )
        .where(col(Person.id).in_(gone), col(Membership.id).is_(None))
    )
    found = {}
    for person in await session.exec(statement):
        said = named[person.id]
        died_on = person.died_on.isoformat() if person.died_on else NOT_APPLICABLE
        until = str(Month.parse(said["since"]).previous())
        left = {"until": until, "facts": {**said["facts"], "died_on": died_on}}
        found[person.id] = {**said, **left}
    return found


async def follow_number(
    hand: Hand,
    household: Household,
    person: Person,
    determination_id: UUID,
    decided: Mapping[str, Any],
) -> None:
    """Somebody whose ID number was found comes to where the household's last decision puts them."""
    found = (one for one in decided["members"] if one["person_id"] == str(person.id))
    member = next(found, None)
    group = group_of(decided["facts"], member) if member else None
    if member is None or group is None:
        return
    since = _so_since(member, Month.parse(decided["from_month"])).first_day()
    claim = _claim_of(person, hand.keys, household, group, since, member["facts"])
    held_until = await _held_in(hand.session, household, decided)
    whole = replace(claim, valid_until=held_until.get(group))
    await entries.settle(hand, [whole], DECISION, determination_id)


async def follow_roster(hand: Hand, households: Sequence[Listed], import_id: UUID) -> Settled:
    """The same for a chunk of a roster; who is on nothing any more leaves too."""
    idle = [index for each in households if each.decided is None for *_, index in each.members]
    known = await held(hand.session, hand.county, idle)
    found = [each for each in households if each.decided and _is_found(each.decided)]
    homes = [each.household_id for each in found]
    indexes = [index for each in found for *_, index in each.members]
    held_until = await _held_until(hand.session, hand.county, homes, indexes)
    claims = [
        replace(claim, valid_until=held_until.get(each.household_id, {}).get(claim.group))
        for each in households
        if each.decided is not None or any(index in known for *_, index in each.members)
        for claim in _claims(hand, each)
    ]
    return await entries.settle(hand, claims, entries.ROSTER, import_id)


def _claims(hand: Hand, home: Listed) -> Iterator[Claim]:
    """What a roster says of everybody in a household."""
    # A household on nothing has no month of its own: it is so from the day it was read.
    since = Month.parse(home.from_month).first_day() if home.from_month else hand.today
    decided = home.decided or {"facts": {"on_dibao": 0}, "members": ()}
    before = {each["person_id"]: each["facts"] for each in decided["members"]}
    for entry, person_id, index in home.members:
        own = {**before.get(str(person_id), {}), **person_facts(entry)}
        group = group_of(decided["facts"], {"until": entry.until, "facts": own})
        left = Month.parse(entry.until).next().first_day() if entry.until else since
        claim = _claim(entry.name, entry.id_number, home, group, max(since, left), own)
        yield replace(claim, index=index)


def _so_since(member: Mapping[str, Any], from_month: Month) -> Month:
    """From when a decision is so of a member: who comes or goes later is there from then, and here
    to the end of the month they leave with; who left before they came was never in."""
    until, since = member["until"], Month.parse(member["since"])
    if until is None:
        return max(from_month, since)
    turns = Month.parse(until).next()
    return turns if turns <= since else max(from_month, turns)


def _found(facts: Mapping[str, Any]) -> str:
    """The group of a status that is found anew; hard spending beside edge leaves that as it is."""
    return EXPENDITURE if facts.get("on_rigid_spending") == 1 else EDGE


def _groups(decided: Mapping[str, Any] | None) -> Mapping[UUID, str | None]:
    """The group of everybody a decision names."""
    if decided is None:
        return {}
    return {
        UUID(each["person_id"]): group_of(decided["facts"], each) for each in decided["members"]
    }


def _is_found(decided: Mapping[str, Any]) -> bool:
    """Whether a status was found of a household."""
    return any(decided["facts"].get(each) == 1 for each in _FOUND)


async def _held_in(
    session: AsyncSession, household: Household, decided: Mapping[str, Any]
) -> Mapping[str | None, date]:
    """By group, the last day of the status that was found of one household last."""
    if not _is_found(decided):
        return {}
    members = [UUID(each["person_id"]) for each in decided["members"]]
    people = await session.exec(select(col(Person.id_index)).where(col(Person.id).in_(members)))
    county, indexes = household.county, people.all()
    return (await _held_until(session, county, [household.id], indexes)).get(household.id, {})


async def _held_until(
    session: AsyncSession, county: str, household_ids: Sequence[UUID], indexes: Sequence[bytes]
) -> Mapping[UUID, Mapping[str | None, date]]:
    """By household and group, the last day of the status that was found of it last, as it stands in
    its members' stays that its decisions began, ended or not."""
    if not household_ids:
        return {}
    stays = await session.exec(
        select(
            col(Determination.household_id),
            col(LowIncomeEntry.group_name),
            col(LowIncomeEntry.valid_until),
        )
        .join(LowIncomeEntry, col(LowIncomeEntry.source_id) == col(Determination.id))
        .join(LowIncomePerson, col(LowIncomePerson.id) == col(LowIncomeEntry.holder_id))
        .where(
            col(LowIncomePerson.county) == county,
            col(LowIncomePerson.id_index).in_(indexes),
            col(Determination.household_id).in_(household_ids),
            col(LowIncomeEntry.group_name).in_(_STATUSES),
            col(LowIncomeEntry.valid_until).is_not(None),
        )
        .order_by(col(LowIncomeEntry.learned_at))
    )
    found: dict[UUID, dict[str | None, date]] = {}
    for household_id, group, until in stays:
        if until is not None:
            found.setdefault(household_id, {})[group] = until
    return found


def _claim_of(
    person: Person,
    keys: KeyRing,
    household: Household,
    group: str | None,
    since: date,
    facts: Mapping[str, Any],
) -> Claim:
    number = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
    return _claim(person.name, number, household, group, since, facts)


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
