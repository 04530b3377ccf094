"""One household decided by itself, outside a roster: a new determination, told at once."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.identification import determinations
from services.identification.determinations import NOT_APPLICABLE
from services.identification.in_place_of import settled
from services.identification.low_income import decided as low_income
from services.identification.models import Determination, Household, Membership, Person
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


_BORN_AND_DIED: Final = {"born_on", "died_on"}
"""A birth or a death is a fact and no decision."""


class NoSuchHousehold(NotFound):
    """There is no such household here."""


class DecisionKnown(Conflict):
    """This decision, or a later one, is recorded already."""


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
    programme: str | None = None,
    holds_months: int | None = None,
) -> Determination:
    """Record a decision; what it does not name stays as it was decided before.

    A status of low income holds for `holds_months`, where they are said.

    One that names a programme given once is for its month alone, and changes nothing of how the
    household stands.

    Raises:
        NoSuchHousehold: there is none, or it is not of the caller's area.
        DecisionKnown: it is recorded, or a later one is.
        NotOfTheHousehold: it names a stranger.
    """
    household = await session.get(Household, household_id, with_for_update=True)
    if household is None or not caller.may_see(household.village):
        raise NoSuchHousehold()
    before = await last(session, keys, household_id)
    if (
        before is not None
        and programme is None
        and (before["decision_number"] == decision_number or before["decided_on"] > str(decided_on))
    ):
        raise DecisionKnown()
    stays = await stays_in(session, keys, household_id)
    decided = {
        **content(before, household.registration, stays, facts, members),
        "decision_number": decision_number,
        "decided_on": str(decided_on),
        "from_month": str(from_month),
    }
    row = Determination(
        county=household.county,
        id=(determination_id := new_id()),
        household_id=household_id,
        village=household.village,
        from_month=str(from_month),
        until_month=str(from_month) if programme else None,
        programme=programme,
        decided_on=decided_on,
        decision_number=decision_number,
        recorded_at=now,
        content_index=determinations.fingerprint(household.village, decided, keys),
        content_sealed=determinations.seal(determination_id, decided, keys),
    )
    session.add(row)
    if programme is None:
        await low_income.follow(
            session,
            keys,
            caller.subject,
            household,
            determination_id,
            before,
            decided,
            now,
            holds_months,
        )
    await announce(
        session,
        HouseholdDetermined(
            county=household.county,
            occurred_at=now,
            determination_id=determination_id,
            household_id=household_id,
            from_month=from_month,
        ),
    )
    await audit.record(
        session,
        household.county,
        actor=caller.subject,
        act="household-determined",
        subject=str(household_id),
        details={"determination_id": str(determination_id), "from_month": str(from_month)},
    )
    return row


async def last(session: AsyncSession, keys: KeyRing, household_id: UUID) -> dict[str, Any] | None:
    """How a household stands by its last decision; None when nothing ever was decided."""
    row = await last_row(session, household_id)
    return None if row is None else determinations.unseal(row.id, row.content_sealed, keys)


async def last_row(session: AsyncSession, household_id: UUID) -> Determination | None:
    """The row of the last decision on how a household stands."""
    newest_first = _as_a_whole(household_id).order_by(col(Determination.id).desc())
    return (await session.exec(newest_first.limit(1))).first()


async def decided_under(
    session: AsyncSession, decision_number: str, recorded_at: datetime
) -> list[UUID]:
    """The households that were decided under a number at an instant, in the order of their ids."""
    found = await session.exec(
        select(col(Determination.household_id))
        .where(
            col(Determination.decision_number) == decision_number,
            col(Determination.recorded_at) == recorded_at,
        )
        .order_by(col(Determination.household_id))
        .distinct()
    )
    return list(found.all())


async def stood(
    session: AsyncSession, keys: KeyRing, household_id: UUID, from_month: Month
) -> list[dict[str, Any]]:
    """How a household stood in the months from one on, before the first of the last decision: by
    each decision that held for some of them, and by none at all where none did."""
    newest_first = _as_a_whole(household_id).order_by(col(Determination.id).desc())
    rows = (await session.exec(newest_first)).all()
    first = rows[0].from_month if rows else str(from_month)
    found = []
    for row in rows[1:]:
        if str(from_month) < first and row.from_month < first:
            found.append(determinations.unseal(row.id, row.content_sealed, keys))
            first = row.from_month
    return found if first <= str(from_month) else [*found, {"facts": {}, "members": []}]


def _as_a_whole(household_id: UUID) -> SelectOfScalar[Determination]:
    """What was decided of a household, but for what is given once."""
    return select(Determination).where(
        col(Determination.household_id) == household_id,
        col(Determination.programme).is_(None),
    )


async def around(
    session: AsyncSession, keys: KeyRing, household_id: UUID, numbers: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """How a household stood before the first decision under one of these numbers, and by it; None
    where that was the first decision of all."""
    async for before, stood in _in_turn(session, keys, household_id):
        if stood["decision_number"] in numbers and before is not None:
            return before, stood
    return None


async def by_number(
    session: AsyncSession, keys: KeyRing, household_id: UUID, number: str
) -> tuple[dict[str, Any] | None, dict[str, Any]] | None:
    """How a household stood by the decision under a number, and before it, where anything was
    decided before."""
    async for before, stood in _in_turn(session, keys, household_id):
        if stood["decision_number"] == number:
            return before, stood
    return None


async def since(
    session: AsyncSession, keys: KeyRing, household_id: UUID, numbers: Collection[str]
) -> list[dict[str, Any]]:
    """How a household stood before the first decision under one of these numbers, by it, and by
    each since; nothing, where there is none, or it was the first decision of all."""
    found: list[dict[str, Any]] = []
    async for before, stood in _in_turn(session, keys, household_id):
        if found:
            found.append(stood)
        elif stood["decision_number"] in numbers and before is not None:
            found = [before, stood]
    return found


async def around_death(
    session: AsyncSession, keys: KeyRing, household_id: UUID, person_id: UUID
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """How a household stood before the decision that first counts somebody as dead, and by it."""
    async for before, stood in _in_turn(session, keys, household_id):
        if before is None:
            continue
        if not _is_dead(before, person_id) and _is_dead(stood, person_id):
            return before, stood
    return None


async def _in_turn(
    session: AsyncSession, keys: KeyRing, household_id: UUID
) -> AsyncIterator[tuple[dict[str, Any] | None, dict[str, Any]]]:
    """Each decision on how a household stands, with the one before it; the first with none."""
    rows = await session.exec(_as_a_whole(household_id).order_by(col(Determination.id)))
    before: dict[str, Any] | None = None
    for row in rows:
        stood = determinations.unseal(row.id, row.content_sealed, keys)
        yield before, stood
        before = stood


def _is_dead(stood: Mapping[str, Any], person_id: UUID) -> bool:
    return any(
        one["person_id"] == str(person_id) and one["facts"]["died_on"] != NOT_APPLICABLE
        for one in stood["members"]
    )


def decided_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a decision says of a member."""
    return {name: said for name, said in facts.items() if name not in _BORN_AND_DIED}


@dataclass(frozen=True)
class Stay:
    """Somebody who lives or lived in a household, as the register knows them."""

    born_on: int
    died_on: int | str
    since: str
    until: str | None


async def stays_in(session: AsyncSession, keys: KeyRing, household_id: UUID) -> dict[str, Stay]:
    """Everybody who lives or lived there, by id; who left and came back by the last stay."""
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.household_id) == household_id)
        .order_by(col(Membership.since))
    )
    found = {}
    for person, stay in await session.exec(statement):
        number = keys.decrypt(person.id_sealed, table="person", column="id_sealed", row=person.id)
        died_on = day_of(person.died_on) if person.died_on else NOT_APPLICABLE
        found[str(person.id)] = Stay(int(number[6:14]), died_on, stay.since, stay.until)
    return found


def content(
    before: Mapping[str, Any] | None,
    registration: int | None,
    stays: Mapping[str, Stay],
    facts: Mapping[str, Any],
    named: Mapping[UUID, Mapping[str, Any]],
) -> dict[str, Any]:
    """What a decision comes to: the facts it names in the place of those before, of the household
    and of everybody who lives or lived there; without what another grant took the place of.

    Raises:
        NotOfTheHousehold: it names a stranger.
    """
    said = {str(person_id): said for person_id, said in named.items()}
    if strangers := said.keys() - stays.keys():
        raise NotOfTheHousehold(f"{len(strangers)} of those named")
    # Once, what was replaced stood on beside it.
    before = settled(before) if before else None
    earlier = {one["person_id"]: one["facts"] for one in before["members"]} if before else {}
    after = {
        "facts": {
            "on_dibao": 0,
            "income_fen_monthly": None,
            **(before["facts"] if before else {}),
            **facts,
            "registration": registration,
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
                    **decided_of(earlier.get(key, {})),
                    **said.get(key, {}),
                },
            }
            for key, stay in sorted(stays.items())
        ],
    }
    return settled(after)


def day_of(day: date) -> int:
    """A day as the law's facts write it."""
    return int(f"{day:%Y%m%d}")
