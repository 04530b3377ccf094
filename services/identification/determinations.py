"""Decisions about households, from a month, with the facts they rest on; sealed, fetched in pages.

A determination is never changed: the next one follows it. Facts have the names and units of the
law's own list; a value is a number, null (unknown) or "not-applicable".
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.models import Determination, RosterImport
from services.identification.roster.entries import Entry, HouseholdEntry
from shared.contracts.digest import ListDigest
from shared.months import Month, day_number
from shared.problems import NotFound
from shared.secrets import KeyRing

PAGE_MAX: Final = 2_000
NOT_APPLICABLE: Final = "not-applicable"
_DECIDED: Final = (
    "on_tekun", "care_mode", "self_care", "disability_grade", "disability_kind",
    "on_disability_living", "on_disability_nursing", "on_old_age",
)  # fmt: skip
_FLAGS: Final = ("on_tekun", "on_disability_living", "on_disability_nursing", "on_old_age")
SAID_OF_HOMES: Final = ("registration", "on_dibao", "income_fen_monthly")
SAID_OF_PEOPLE: Final = ("born_on", *_DECIDED)
"""The facts a roster has columns for."""


class NoSuchDetermination(NotFound):
    """There is no such determination."""


class NoSuchImport(NotFound):
    """There is no such roster import."""


def household_facts(household: HouseholdEntry) -> dict[str, Any]:
    """What a decision knows of a household."""
    return {
        "registration": household.registration,
        "on_dibao": int(household.dibao),
        "income_fen_monthly": household.income_fen,
    }


def person_facts(entry: Entry) -> dict[str, Any]:
    """What a decision knows of a member."""
    certified = entry.disability_grade is not None or entry.disability_kind is not None
    # On a disability subsidy without a grade: there is one, and nobody wrote it down.
    certified = certified or entry.disability_living or entry.disability_nursing
    return {
        "born_on": int(entry.id_number[6:14]),
        "died_on": NOT_APPLICABLE if entry.died_on is None else day_number(entry.died_on),
        "on_tekun": int(entry.tekun),
        "care_mode": entry.care_mode if entry.tekun else NOT_APPLICABLE,
        "self_care": entry.self_care if entry.tekun else NOT_APPLICABLE,
        "disability_grade": entry.disability_grade if certified else NOT_APPLICABLE,
        "disability_kind": entry.disability_kind if certified else NOT_APPLICABLE,
        "on_disability_living": int(entry.disability_living),
        "on_disability_nursing": int(entry.disability_nursing),
        "on_old_age": int(entry.old_age),
        **({} if entry.no_id_reason is None else {"has_temporary_code": 1}),
    }


def content_of(household: HouseholdEntry, ids: Sequence[UUID]) -> dict[str, Any]:
    """The facts of a household and of its members, who stand in the order of their ids."""
    members = [
        {
            "person_id": str(person_id),
            "since": entry.since,
            "until": entry.until,
            "facts": person_facts(entry),
        }
        for person_id, entry in zip(ids, household.members, strict=True)
    ]
    members.sort(key=lambda member: str(member["person_id"]))
    return {"facts": household_facts(household), "members": members}


def fingerprint(village: str, decided: Mapping[str, Any], keys: KeyRing) -> bytes:
    """Equal for equal decisions, and of no use without the key."""
    words = [village, *(decided[name] for name in ("from_month", "decided_on", "decision_number"))]
    words.append({"facts": decided["facts"], "members": decided["members"]})
    return keys.blind_index(_compact(words), column="determination.content")


def seal(determination_id: UUID, content: Mapping[str, Any], keys: KeyRing) -> str:
    """The content as it lies in the database."""
    return keys.encrypt(
        _compact(content), table="determination", column="content_sealed", row=determination_id
    )


def unseal(determination_id: UUID, sealed: str, keys: KeyRing) -> dict[str, Any]:
    """The content again."""
    content: dict[str, Any] = json.loads(
        keys.decrypt(sealed, table="determination", column="content_sealed", row=determination_id)
    )
    return content


def needs_new_decision(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether something changed that only a decision may change: a sum rests on it.

    Deaths, births, and coming and going are facts with a date; they need none.
    """
    if before["facts"] != after["facts"]:
        return True
    earlier = {member["person_id"]: member["facts"] for member in before["members"]}
    for member in living(after):
        facts = member["facts"]
        known = earlier.get(member["person_id"])
        if known is None:
            if any(facts[name] for name in _FLAGS):
                return True
        elif any(known[name] != facts[name] for name in _DECIDED):
            return True
    return False


def keep_what_no_roster_says(before: Mapping[str, Any], content: dict[str, Any]) -> None:
    """Facts that were decided and have no column in a roster stay as they were decided."""
    content["facts"] = {**before["facts"], **content["facts"]}
    earlier = {member["person_id"]: member["facts"] for member in before["members"]}
    for member in content["members"]:
        known = earlier.get(member["person_id"], {})
        # Whoever had a code and is on the roster with a number has it no more.
        none = {"has_temporary_code": 0} if known.get("has_temporary_code") == 1 else {}
        member["facts"] = {**known, **none, **member["facts"]}
        if known.get("on_children_living") == 1 and not member["facts"]["on_tekun"]:
            # A roster says where somebody on tekun is cared for, and nothing of a child.
            member["facts"]["care_mode"] = known["care_mode"]


def living(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The members who neither left nor died."""
    return [
        member
        for member in content["members"]
        if member["until"] is None and member["facts"]["died_on"] == NOT_APPLICABLE
    ]


def is_away(facts: Mapping[str, Any]) -> bool:
    """Whether a decision says that a member is of the household and does not count in it: in prison
    or treatment, missing, out of reach."""
    return facts.get("away") not in {None, NOT_APPLICABLE}


def counted(content: Mapping[str, Any], from_month: Month) -> list[dict[str, Any]]:
    """The members as money is reckoned from a month on: whoever is away left with the month before,
    which is how the law takes it."""
    before = str(from_month.previous())
    return [
        {**each, "until": min(each["until"] or before, before)} if is_away(each["facts"]) else each
        for each in content["members"]
    ]


def in_a_roster(content: Mapping[str, Any]) -> bool:
    """Whether it decided anything a roster has a column for, of whoever lives there or did."""
    return bool(content["facts"]["on_dibao"]) or any(
        member["facts"][name] for member in content["members"] for name in _FLAGS
    )


async def page(
    session: AsyncSession, keys: KeyRing, import_id: UUID, after: UUID | None, limit: int
) -> dict[str, Any]:
    """A page of an import's determinations, in the order of their ids.

    Raises:
        NoSuchImport: there is none.
    """
    if await session.get(RosterImport, import_id) is None:
        raise NoSuchImport()
    statement = (
        select(Determination)
        .where(col(Determination.import_id) == import_id)
        .order_by(col(Determination.id))
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(col(Determination.id) > after)
    rows = (await session.exec(statement)).all()
    items = [words(row, keys) for row in rows[:limit]]
    more = len(rows) > limit
    return {"items": items, "next": items[-1]["determination_id"] if more else None}


async def one(session: AsyncSession, keys: KeyRing, determination_id: UUID) -> dict[str, Any]:
    """One determination.

    Raises:
        NoSuchDetermination: there is none.
    """
    row = await session.get(Determination, determination_id)
    if row is None:
        raise NoSuchDetermination()
    return words(row, keys)


def words(row: Determination, keys: KeyRing) -> dict[str, Any]:
    """A determination in the words of the contract."""
    content = unseal(row.id, row.content_sealed, keys)
    return {
        "determination_id": str(row.id),
        "household_id": str(row.household_id),
        "village": row.village,
        "from_month": row.from_month,
        "until_month": row.until_month,
        **({"programme": row.programme} if row.programme else {}),
        "decided_on": row.decided_on.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "facts": content["facts"],
        "members": counted(content, Month.parse(row.from_month)),
    }


async def digest(session: AsyncSession, keys: KeyRing, import_id: UUID) -> ListDigest:
    """The hash over all of an import's determinations, as their reader will reckon it."""
    list_digest, after = ListDigest(), None
    while True:
        part = await page(session, keys, import_id, after, PAGE_MAX)
        for item in part["items"]:
            list_digest.add(item)
        session.expunge_all()
        if part["next"] is None:
            return list_digest
        after = UUID(part["next"])


def _compact(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
