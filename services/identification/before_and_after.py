"""How a household stood before what was decided of it, and by that."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.determinations import NOT_APPLICABLE
from services.identification.histories import History
from shared.secrets import KeyRing


async def around(
    session: AsyncSession, keys: KeyRing, household_id: UUID, numbers: Collection[str]
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """How a household stood before the first decision under one of these numbers, and by it; None
    where that was the first decision of all."""
    for each in (await History.read(session, keys, household_id)).in_turn():
        if each.number in numbers and each.before is not None:
            return each.before.content, each.content
    return None


async def by_number(
    session: AsyncSession, keys: KeyRing, household_id: UUID, number: str
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any]] | None:
    """How a household stood by the decision under a number in the first month that is for, and how
    it stood in that before, where anything was decided."""
    for each in (await History.read(session, keys, household_id)).recorded:
        if each.number == number:
            return each.before.content if each.before else None, each.content
    return None


async def around_death(
    session: AsyncSession, keys: KeyRing, household_id: UUID, person_id: UUID
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """How a household stood before the decision that last began to count somebody as dead, or as
    never in where they died before they came in; and by it."""
    found = None
    for each in (await History.read(session, keys, household_id)).in_turn():
        if each.before is None:
            continue
        was, is_now = (_is_dead(one, person_id) for one in (each.before.content, each.content))
        if (not was and is_now) or (was is False and is_now is None):
            found = each.before.content, each.content
    return found


def _is_dead(stood: Mapping[str, Any], person_id: UUID) -> bool | None:
    """Whether a decision counts somebody as dead; None where it names them not at all."""
    said = (one["facts"] for one in stood["members"] if one["person_id"] == str(person_id))
    return next((facts["died_on"] != NOT_APPLICABLE for facts in said), None)
