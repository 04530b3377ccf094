"""What another department may read: its groups and its fields, as the place sets, and no more."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.low_income import entries, records
from services.identification.low_income.entries import Hand
from services.identification.models import LowIncomeEntry, LowIncomePerson
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller
from shared.problems import Forbidden

FIELDS: Final = ("name", "id_number", "village", "group", "since", "valid_until")


class NoSlice(Forbidden):
    """Nothing of the low-income database is set out for this department."""


async def page(
    hand: Hand, settings: PlaceSettings, caller: Caller, after: UUID | None, limit: int
) -> dict[str, Any]:
    """A page of a department's slice: whose days are not over.

    Raises:
        NoSlice: the place sets none for this caller.
    """
    slices: Mapping[str, Any] = settings.words["low_income_slices"]
    own = slices.get(caller.subject.removeprefix("client:"))
    if own is None:
        raise NoSlice()
    statement = (
        select(LowIncomePerson, LowIncomeEntry)
        .join(LowIncomeEntry, col(LowIncomeEntry.holder_id) == col(LowIncomePerson.id))
        .where(
            col(LowIncomePerson.county) == hand.county,
            col(LowIncomeEntry.until).is_(None),
            col(LowIncomeEntry.group_name).in_(own["groups"]),
            ~records.expired(hand.today),
        )
        .order_by(col(LowIncomePerson.id))
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(col(LowIncomePerson.id) > after)
    rows = (await hand.session.exec(statement)).all()
    fields = [name for name in FIELDS if name in own["fields"]]
    items = [_item(hand, person, entry, fields) for person, entry in rows[:limit]]
    return {
        "fields": fields,
        "items": items,
        "next": str(rows[limit - 1][0].id) if len(rows) > limit else None,
    }


def _item(
    hand: Hand, person: LowIncomePerson, entry: LowIncomeEntry, fields: list[str]
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": person.name,
        "village": person.village,
        "group": entry.group_name,
        "since": entry.since.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
    }
    if "id_number" in fields:
        said["id_number"] = entries.content_of(hand.keys, person)["id_number"]
    return {name: said[name] for name in fields}
