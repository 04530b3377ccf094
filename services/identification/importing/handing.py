"""Accounts go to payments and contacts to notifications, in chunks under an idempotency key;
identification keeps none of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import names, phones
from services.identification.casework import applicants
from services.identification.importing.loading import Roster, index_of
from services.identification.models import Holder, Household, Person
from services.identification.roster.entries import AccountEntry, Entry, HouseholdEntry
from shared.calls import Peer
from shared.database import new_id, run

_ITEMS_MAX: Final = 1_000
_BENEFICIARIES_MAX: Final = 20
_OWN: Final = ("self", "household")

Item = TypeVar("Item")


@dataclass
class Handed:
    """What one chunk has for the others."""

    accounts: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Ids:
    people: dict[bytes, UUID]
    households: dict[str, UUID]
    holders: dict[bytes, UUID]


async def gather(session: AsyncSession, roster: Roster, households: list[HouseholdEntry]) -> Handed:
    """The accounts and contacts of households that are in the register.

    Only of those on assistance, and of people who gave a phone number; those who applied
    themselves hold it as applicants too.
    """
    wanted = [
        household
        for household in households
        if household.assisted or any(entry.phone for entry in household.members)
    ]
    if not wanted:
        return Handed()
    ids = await _ids(session, roster, wanted)
    handed = Handed()
    for household in wanted:
        household_id = ids.households.get(household.number)
        if household_id is None:
            continue
        handed.accounts.extend(_accounts(household, household_id, ids, roster))
        handed.contacts.extend(_contacts(household, household_id, ids, roster))
    said = (
        (UUID(each["person_id"]), phones.mobile(each["phone"] or "")) for each in handed.contacts
    )
    on_record = {person_id: phone for person_id, phone in said if phone is not None}
    await applicants.follow(session, roster.keys, roster.county, on_record)
    return handed


async def hand_on(handed: Handed, key: str, payments: Peer, notifications: Peer) -> None:
    """Give a chunk away. The same key again changes nothing at the other end."""
    for number, items in enumerate(_slices(handed.accounts)):
        await payments.post("/accounts", {"items": items}, key=f"{key}.{number}")
    for number, items in enumerate(_slices(handed.contacts)):
        await notifications.post("/contacts", {"items": items}, key=f"{key}.{number}")


async def _ids(session: AsyncSession, roster: Roster, households: list[HouseholdEntry]) -> _Ids:
    indexes = {roster.index_of(entry) for household in households for entry in household.members}
    holders = {
        index_of(roster.index_key, account.holder_number): account
        for household in households
        for entry in household.members
        if (account := entry.account) is not None and account.relation not in _OWN
    }
    people = await run(
        session,
        select(col(Person.id_index), col(Person.id)).where(
            col(Person.county) == roster.county,
            col(Person.id_index).in_(sorted(indexes | holders.keys())),
        ),
    )
    numbers = await run(
        session,
        select(col(Household.number), col(Household.id)).where(
            col(Household.county) == roster.county,
            col(Household.number).in_([household.number for household in households]),
        ),
    )
    by_index = {bytes(row.id_index): row.id for row in people}
    strangers = {
        index: account
        for index, account in holders.items()
        if index not in by_index and not roster.found.holds(index)
    }
    return _Ids(
        people=by_index,
        households={row.number: row.id for row in numbers},
        holders=await _holders(session, roster, strangers),
    )


async def _holders(
    session: AsyncSession, roster: Roster, strangers: dict[bytes, AccountEntry]
) -> dict[bytes, UUID]:
    """Homes and people of other counties, each under one id for good."""
    if not strangers:
        return {}
    rows = []
    for index, account in sorted(strangers.items()):
        holder_id = new_id()
        sealed = roster.keys.encrypt(
            account.holder_number, table="holder", column="number_sealed", row=holder_id
        )
        rows.append(
            {
                "county": roster.county,
                "id": holder_id,
                "kind": _kind(account),
                "name": account.holder_name,
                "number_sealed": sealed,
                "number_index": index,
            }
        )
    await run(session, insert(Holder).on_conflict_do_nothing(), rows)
    known = await run(
        session,
        select(col(Holder.number_index), col(Holder.id)).where(
            col(Holder.county) == roster.county, col(Holder.number_index).in_(list(strangers))
        ),
    )
    return {bytes(row.number_index): row.id for row in known}


def _accounts(
    household: HouseholdEntry, household_id: UUID, ids: _Ids, roster: Roster
) -> Iterator[dict[str, Any]]:
    head = household.head
    if household.dibao and head.account is not None:
        yield _account("household", household_id, household, head, ids, roster)
    for entry in household.members:
        if entry.assisted and entry.account is not None:
            person_id = ids.people[roster.index_of(entry)]
            yield _account("person", person_id, household, entry, ids, roster)


def _account(
    kind: str,
    beneficiary_id: UUID,
    household: HouseholdEntry,
    entry: Entry,
    ids: _Ids,
    roster: Roster,
) -> dict[str, Any]:
    account = entry.account
    assert account is not None
    own = account.relation in _OWN
    relation = account.relation
    if own:
        relation = "household" if kind == "household" else "self"
    index = roster.index_of(entry) if own else index_of(roster.index_key, account.holder_number)
    # Somebody in a later chunk of this file has no row yet, but will have this id.
    holder_id = ids.people.get(index) or ids.holders.get(index) or roster.person_id(index)
    return {
        "beneficiary_kind": kind,
        "beneficiary_id": str(beneficiary_id),
        "relation": relation,
        "paper": account.paper,
        "since": account.since or household.from_month or entry.since,
        "holder_kind": _kind(account),
        "holder_id": str(holder_id),
        "holder_name": entry.name if own else account.holder_name,
        "bank": account.bank,
        "account_number": account.number,
        "account_kind": account.kind,
    }


def _contacts(
    household: HouseholdEntry, household_id: UUID, ids: _Ids, roster: Roster
) -> Iterator[dict[str, Any]]:
    """Who hears of what: each of their own matters; the head of the household's, and for those
    who have no phone."""
    here = [
        entry for entry in household.members if entry.died_on is None and entry.until is None
    ] or household.members
    head = household.head if household.head in here else here[0]
    theirs: dict[int, list[UUID]] = {}
    for entry in household.members:
        person_id = ids.people[roster.index_of(entry)]
        told = entry if entry.phone else head
        theirs.setdefault(told.row, []).append(person_id)
    for entry in household.members:
        if not entry.phone and not (entry is head and household.assisted):
            continue
        person_id = ids.people[roster.index_of(entry)]
        matters = [household_id] if entry is head else []
        matters += [person_id, *(one for one in theirs.get(entry.row, []) if one != person_id)]
        yield {
            "person_id": str(person_id),
            "beneficiary_ids": [str(one) for one in matters[:_BENEFICIARIES_MAX]],
            "phone": entry.phone,
            "called": names.called(entry.name),
            "language": "zh",
        }


def _kind(account: AccountEntry) -> str:
    return "institution" if account.relation == "institution" else "person"


def _slices(items: list[Item]) -> Iterator[list[Item]]:
    for start in range(0, len(items), _ITEMS_MAX):
        yield items[start : start + _ITEMS_MAX]
