"""One household decided by itself, outside a roster: a new determination, told at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ScalarSelect
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.identification import determinations
from services.identification.determinations import NOT_APPLICABLE
from services.identification.histories import GAVE_WAY, LAID_OVER, UNDOES, History, Stretch
from services.identification.in_place_of import none_of_person, settled
from services.identification.low_income import decided as low_income
from services.identification.models import Determination, Household
from services.identification.stays import Stay, stays_in
from shared import audit
from shared.callers import Caller
from shared.contracts.identification import HouseholdDetermined
from shared.database import new_id
from shared.months import Month
from shared.outbox import announce
from shared.problems import Conflict, Malformed, NotFound
from shared.secrets import KeyRing

_NOTHING: Final = {
    "on_tekun": 0, "care_mode": NOT_APPLICABLE, "self_care": NOT_APPLICABLE,
    "disability_grade": NOT_APPLICABLE, "disability_kind": NOT_APPLICABLE,
    "on_disability_living": 0, "on_disability_nursing": 0, "on_old_age": 0,
}  # fmt: skip


_NOTHING_OF_HOUSEHOLD: Final = {"on_dibao": 0, "income_fen_monthly": None}
_BORN_AND_DIED: Final = {"born_on", "died_on"}
"""A birth or a death is a fact and no decision."""


class NoSuchHousehold(NotFound):
    """There is no such household here."""


class DecisionKnown(Conflict):
    """A decision of this household under this number, or a later one, is recorded already."""


class NotOfTheHousehold(Malformed):
    """The decision names somebody who does not belong to the household."""


async def decide(
    session: AsyncSession,
    keys: KeyRing,
    caller: Caller,
    household_id: UUID,
    decision_number: str,
    decided_on: date,
    from_month: Month,
    facts: Mapping[str, Any],
    members: Mapping[UUID, Mapping[str, Any]],
    now: datetime,
    holds_months: int | None = None,
    beside: list[low_income.Said] | None = None,
) -> None:
    """Record a decision; what it does not name stays as it was decided before, in each month as it
    was decided for that.

    A status of low income holds for `holds_months`, where they are said. What it says of low income
    is settled at once; or added to `beside`, to be settled with what is said of other households.

    Raises:
        NoSuchHousehold: there is none, or it is not of the caller's area.
        DecisionKnown: it is recorded, or a later one is.
        NotOfTheHousehold: it names a stranger.
    """
    household = await _held(session, caller, household_id)
    said = Decided(decision_number, decided_on, now)
    named = facts, members
    hand = (session, keys, caller, household)
    await _lay(*hand, said, from_month, lambda _: named, beside, holds_months)


async def decide_once(
    session: AsyncSession,
    keys: KeyRing,
    caller: Caller,
    household: Household,
    said: "Decided",
    month: Month,
    programme: str,
    facts: Mapping[str, Any],
) -> None:
    """Record a decision about a programme that is given once: for its month alone, and it changes
    nothing of how the household stands. Its transaction holds the household already.

    Whoever decides such a case does so wherever in the county the household lives.
    """
    before = await last(session, keys, household.id)
    stays = await stays_in(session, keys, household.id)
    once = content(before, household.registration, stays, facts, {})
    await _record(session, keys, caller, household, said, month, once, programme)


async def decide_anew(
    session: AsyncSession,
    keys: KeyRing,
    caller: Caller,
    household_id: UUID,
    said: "Decided",
    from_month: Month,
    named: Callable[[Stretch], "Named"],
    beside: list[low_income.Said] | None = None,
    holds_months: int | None = None,
) -> list[dict[str, Any]]:
    """The same of what is not one thing in all months: `named` is asked of each stretch of them
    what is decided over how the household stood in it. How it stands by that, the first months
    first.

    Raises:
        NoSuchHousehold, DecisionKnown, NotOfTheHousehold: as `decide` does.
    """
    household = await _held(session, caller, household_id)
    hand = (session, keys, caller, household)
    return await _lay(*hand, said, from_month, named, beside, holds_months)


@dataclass(frozen=True)
class Decided:
    """Under which number, on which day, and when it is recorded; the numbers it undoes; and what of
    a stretch of months it would say if others had not decided otherwise, and says once theirs are
    undone."""

    number: str
    on: date
    now: datetime
    undoes: Collection[str] = ()
    gave_way: "Callable[[Stretch], Named] | None" = None


Named = tuple[Mapping[str, Any], Mapping[UUID, Mapping[str, Any]]]
"""What a decision names of the household, and of each of its members."""


async def _held(session: AsyncSession, caller: Caller, household_id: UUID) -> Household:
    return of_area(caller, await session.get(Household, household_id, with_for_update=True))


def of_area(caller: Caller, household: Household | None) -> Household:
    """A household that is there and of the caller's area.

    Raises:
        NoSuchHousehold: there is none, or it is not of the caller's area.
    """
    if household is None or not caller.may_see(household.village):
        raise NoSuchHousehold()
    return household


async def _lay(
    session: AsyncSession,
    keys: KeyRing,
    caller: Caller,
    household: Household,
    said: Decided,
    from_month: Month,
    named: Callable[[Stretch], Named],
    beside: list[low_income.Said] | None,
    holds_months: int | None = None,
) -> list[dict[str, Any]]:
    """Record what is named over how the household stood in each stretch of months from one on; and
    once, where it stands in two of them alike."""
    history = await History.read(session, keys, household.id)
    stretches = history.stretches(from_month)
    before = stretches[-1].content
    if any(each.number == said.number for each in history.recorded):
        raise DecisionKnown()  # By its number it is undone, and nothing else with it.
    if before is not None and before["decided_on"] > str(said.on):
        raise DecisionKnown()
    laid: list[tuple[Month, Stretch, dict[str, Any]]] = []
    until = [*(each.first for each in stretches[1:]), None]
    for each, ends in zip(stretches, until, strict=True):
        stays = await stays_in(session, keys, household.id, ends)
        stands = content(each.content, _registered(household, each, ends), stays, *named(each))
        stands |= _gave_way(said, each)
        first = laid.pop()[0] if laid and laid[-1][2] == stands else each.first
        laid.append((first, each, stands))
    whole: dict[str, Any] = {"from_month": str(from_month)}
    if said.undoes:
        whole[UNDOES] = sorted(said.undoes)
    for first, each, stands in laid[:-1]:
        over = {LAID_OVER: str(each.by.id) if each.by else None}
        await _record(session, keys, caller, household, said, first, stands | over | whole)
    first, _, stands = laid[-1]
    stands |= whole
    determination_id = await _record(session, keys, caller, household, said, first, stands)
    hand = (session, keys, caller.subject, household, determination_id)
    found = await low_income.said_of(*hand, before, stands, said.now, holds_months)
    if beside is None:
        await low_income.settle([found])
    else:
        beside.append(found)
    return [stands for *_, stands in laid]


def _registered(household: Household, stretch: Stretch, ends: Month | None) -> int | None:
    """As what a household is registered over a stretch of months: as it is, in the last of them; as
    it was decided, in months before."""
    if ends is None or stretch.content is None:
        return household.registration
    registration: int | None = stretch.content["facts"]["registration"]
    return registration


def _gave_way(said: Decided, stretch: Stretch) -> dict[str, Any]:
    """What gave way to others' decisions in a stretch of months, as a row keeps it."""
    facts, of_members = said.gave_way(stretch) if said.gave_way else ({}, {})
    kept = {"facts": dict(facts), "members": {str(key): dict(of) for key, of in of_members.items()}}
    return {GAVE_WAY: kept} if facts or any(of_members.values()) else {}


async def _record(
    session: AsyncSession,
    keys: KeyRing,
    caller: Caller,
    household: Household,
    said: Decided,
    from_month: Month,
    stands: Mapping[str, Any],
    programme: str | None = None,
) -> UUID:
    """One row from a month, announced and audited; its id. Its words name the month of the decision
    as a whole, by which a roster knows it again."""
    decided = {
        "from_month": str(from_month),
        **stands,
        "decision_number": said.number,
        "decided_on": str(said.on),
    }
    row = Determination(
        county=household.county,
        id=(determination_id := new_id()),
        household_id=household.id,
        village=household.village,
        from_month=str(from_month),
        until_month=str(from_month) if programme else None,
        programme=programme,
        decided_on=said.on,
        decision_number=said.number,
        recorded_at=said.now,
        content_index=determinations.fingerprint(household.village, decided, keys),
        content_sealed=determinations.seal(determination_id, decided, keys),
    )
    session.add(row)
    await announce(
        session,
        HouseholdDetermined(
            county=household.county,
            occurred_at=said.now,
            determination_id=determination_id,
            household_id=household.id,
            from_month=from_month,
        ),
    )
    await audit.record(
        session,
        household.county,
        actor=caller.subject,
        act="household-determined",
        subject=str(household.id),
        details={"determination_id": str(determination_id), "from_month": str(from_month)},
    )
    return determination_id


async def last(session: AsyncSession, keys: KeyRing, household_id: UUID) -> dict[str, Any] | None:
    """How a household stands by its last decision; None when nothing ever was decided."""
    row = await last_row(session, household_id)
    return None if row is None else determinations.unseal(row.id, row.content_sealed, keys)


async def last_row(session: AsyncSession, household_id: UUID) -> Determination | None:
    """The row of the last decision on how a household stands."""
    return (await session.exec(_newest(household_id))).first()


def last_id(household_id: Mapped[UUID]) -> ScalarSelect[UUID]:
    """The last decision on how a household stands that a statement is about, as the database finds
    it."""
    newest = _newest(household_id).with_only_columns(col(Determination.id))
    return newest.correlate_except(Determination).scalar_subquery()


async def decided_under(
    session: AsyncSession, decision_number: str, recorded_at: datetime
) -> list[UUID]:
    """The households of which it was decided under a number at an instant how they stand, in the
    order of their ids."""
    found = await session.exec(
        select(col(Determination.household_id))
        .where(
            col(Determination.programme).is_(None),
            col(Determination.decision_number) == decision_number,
            col(Determination.recorded_at) == recorded_at,
        )
        .order_by(col(Determination.household_id))
        .distinct()
    )
    return list(found.all())


async def stood(
    session: AsyncSession, keys: KeyRing, household_id: UUID, from_month: Month
) -> list[Mapping[str, Any]]:
    """How a household stood in the months from one on, before the first of the last decision: by
    each decision that held for some of them, and by none at all where none did."""
    history = await History.read(session, keys, household_id)
    nothing: dict[str, Any] = {"facts": {}, "members": []}
    return [each.content or nothing for each in history.stretches(from_month)[:-1]]


def _newest(household_id: UUID | Mapped[UUID]) -> SelectOfScalar[Determination]:
    return _as_a_whole(household_id).order_by(col(Determination.id).desc()).limit(1)


def _as_a_whole(household_id: UUID | Mapped[UUID]) -> SelectOfScalar[Determination]:
    """What was decided of a household, but for what is given once."""
    return select(Determination).where(
        col(Determination.household_id) == household_id,
        col(Determination.programme).is_(None),
    )


def decided_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a decision says of a member."""
    return {name: said for name, said in facts.items() if name not in _BORN_AND_DIED}


def content(
    before: Mapping[str, Any] | None,
    registration: int | None,
    stays: Mapping[str, Stay],
    facts: Mapping[str, Any],
    named: Mapping[UUID, Mapping[str, Any]],
) -> dict[str, Any]:
    """What a decision comes to: the facts it names in the place of those before, of the household,
    registered as is said unless it names that, and of everybody who lives or lived there; without
    what another grant took the place of.

    Raises:
        NotOfTheHousehold: it names a stranger.
    """
    said = {str(person_id): said for person_id, said in named.items()}
    if strangers := said.keys() - stays.keys():
        raise NotOfTheHousehold(f"{len(strangers)} of those named")
    # Once, what was replaced stood on beside it.
    before = settled(before) if before else None
    earlier = {one["person_id"]: one for one in before["members"]} if before else {}
    after = {
        "facts": {
            **_NOTHING_OF_HOUSEHOLD,
            **(before["facts"] if before else {}),
            "registration": registration,
            **facts,
        },
        "members": [
            {
                "person_id": key,
                "since": stay.since,
                "until": stay.until,
                "facts": {
                    "born_on": stay.born_on,
                    "died_on": stay.died_on,
                    **_NOTHING,
                    **_kept(earlier.get(key), stay),
                    **said.get(key, {}),
                },
            }
            for key, stay in sorted(stays.items())
        ],
    }
    return settled(after)


def _kept(earlier: Mapping[str, Any] | None, stay: Stay) -> dict[str, Any]:
    """What was decided of somebody before; of who left and comes back later than with the month
    after, without what was granted to them: that they apply for anew."""
    if earlier is None:
        return {}
    facts, left = decided_of(earlier["facts"]), earlier["until"]
    if left is None or stay.since <= left or goes_on(left, Month.parse(stay.since)):
        return facts
    return facts | none_of_person(facts)


def goes_on(left: str, comes: Month) -> bool:
    """Whether who left with a month comes with the next one, so that nothing of theirs ends."""
    return Month.parse(left).next() == comes


def nothing_decided(stood: Mapping[str, Any]) -> dict[str, Any]:
    """How the same household would stand by no decision at all."""
    members = [
        {**each, "facts": {**_NOTHING, **_born_and_died(each["facts"])}}
        for each in stood["members"]
    ]
    return {"facts": dict(_NOTHING_OF_HOUSEHOLD), "members": members}


def _born_and_died(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in facts.items() if name in _BORN_AND_DIED}
