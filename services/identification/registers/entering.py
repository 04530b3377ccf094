"""Who is to be on a register and is not: every household on assistance has its card, its helper."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from services.identification import assistance, determinations
from services.identification.desk import Desk
from services.identification.registers.entries import do, open_entry
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import LEVELS, RegisterTable
from shared.database import run
from shared.months import Month
from shared.problems import Malformed

COMES_BACK: Final = "come-back"
"""The act by which the only entry a household ever has on a register is open again."""
BACK_BECAUSE: Final = "又在保，重新纳入"
ENTERED_MAX: Final = 200
"""As many are entered in one request; the rest by the same request again."""
_WITHOUT_ENTRY: Final = text("""
    SELECT DISTINCT ON (h.village, h.number)
        h.id AS household_id, h.number, h.village, d.id, d.content_sealed
    FROM determination d JOIN household h ON h.id = d.household_id
    WHERE h.village LIKE ANY(CAST(:areas AS text[])) AND d.programme IS NULL
        AND NOT EXISTS (
            SELECT FROM register_entry e
            WHERE e.kind = :kind AND e.about = h.id::text AND (:for_good OR e.closed_on IS NULL)
        )
    ORDER BY h.village, h.number, d.id DESC
""")
_LEFT: Final = text("""
    SELECT DISTINCT ON (h.village, h.number)
        h.id AS household_id, h.number, h.village, d.id, d.content_sealed,
        e.id AS entry_id, e.number AS entry, e.version
    FROM register_entry e
    JOIN household h ON h.id::text = e.about
    JOIN determination d ON d.household_id = h.id AND d.programme IS NULL
    WHERE e.kind = :kind AND e.about_kind = 'household' AND e.closed_on IS NOT NULL
        AND h.village LIKE ANY(CAST(:areas AS text[]))
    ORDER BY h.village, h.number, d.id DESC
""")
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext(:kind))")
_ENTERED: Final = text("""
    SELECT e.id AS entry_id, e.number AS entry, h.id AS household_id, h.number, h.village,
        ARRAY(
            SELECT d.id FROM determination d
            WHERE d.household_id = h.id AND d.programme IS NULL AND NOT EXISTS (
                SELECT FROM determination later
                WHERE later.household_id = h.id AND later.programme IS NULL AND later.id > d.id
                    AND later.from_month <= greatest(d.from_month, CAST(:month AS text))
            )
        ) AS decisions
    FROM register_entry e JOIN household h ON h.id::text = e.about
    WHERE e.kind = :kind AND e.about_kind = 'household' AND e.closed_on IS NULL
        AND h.village LIKE ANY(CAST(:areas AS text[]))
    ORDER BY h.village, h.number
""")
_DECISIONS: Final = text(
    "SELECT id, content_sealed FROM determination WHERE id = ANY(CAST(:ids AS uuid[]))"
)


class EntersNobody(Malformed):
    """Nobody has to be on this register."""


@dataclass(frozen=True)
class Missing:
    """A household that is to be on a register and is not."""

    household_id: UUID
    number: str
    village: str


@dataclass(frozen=True)
class Surplus(Missing):
    """A household that is on a register, and no longer on assistance."""

    entry_id: UUID
    entry: str


@dataclass(frozen=True)
class Left(Missing):
    """A household on assistance that left a register on which it has one entry for good."""

    entry_id: UUID
    entry: str
    version: int


async def missing(desk: Desk, table: RegisterTable, area: str | None) -> list[Missing]:
    """Households on assistance without an entry, of the caller's areas, village by village.

    Raises:
        EntersNobody: the register is not one on which everybody is to be.
    """
    words = {**_asked(desk, table, area), "for_good": bool(table.one_per)}
    return [
        Missing(row.household_id, row.number, row.village)
        for row in await run(desk.session, _WITHOUT_ENTRY, words)
        if assistance.is_on_assistance(determinations.unseal(row.id, row.content_sealed, desk.keys))
    ]


async def surplus(desk: Desk, table: RegisterTable, area: str | None) -> list[Surplus]:
    """Households with an open entry that no decision of this month, or of one to come, assists.

    Raises:
        EntersNobody: the register is not one on which everybody is to be.
    """
    words = {**_asked(desk, table, area), "month": str(Month.of(desk.today))}
    entered = (await run(desk.session, _ENTERED, words)).all()
    decisions = sorted({each for row in entered for each in row.decisions})
    assisting = {
        row.id
        for row in await run(desk.session, _DECISIONS, {"ids": decisions})
        if assistance.is_on_assistance(determinations.unseal(row.id, row.content_sealed, desk.keys))
    }
    return [
        Surplus(row.household_id, row.number, row.village, row.entry_id, row.entry)
        for row in entered
        if assisting.isdisjoint(row.decisions)
    ]


async def left(desk: Desk, table: RegisterTable, area: str | None) -> list[Left]:
    """Households that are on assistance again, and whose only entry is closed: they come back.

    Raises:
        EntersNobody: the register is not one on which everybody is to be.
    """
    words = _asked(desk, table, area)
    if not table.one_per:
        return []
    return [
        Left(row.household_id, row.number, row.village, row.entry_id, row.entry, row.version)
        for row in await run(desk.session, _LEFT, words)
        if assistance.is_on_assistance(determinations.unseal(row.id, row.content_sealed, desk.keys))
    ]


def _asked(desk: Desk, table: RegisterTable, area: str | None) -> dict[str, Any]:
    if table.enters is None:
        raise EntersNobody()
    areas = [
        area if area and area.startswith(each) else each
        for each in desk.caller.divisions
        if area is None or area.startswith(each) or each.startswith(area)
    ]
    return {"areas": [f"{each}%" for each in areas], "kind": table.kind}


async def enter(desk: Desk, table: RegisterTable, area: str | None) -> tuple[int, int]:
    """An entry for each that is missing, and each that left comes back where the caller may let
    them: at most 200; how many were entered, and are left for the caller to enter.

    Two at once do not enter the same household twice.

    Raises:
        EntersNobody, NotYours: the register has nobody to enter, or not for this caller.
    """
    await run(desk.session, _ONE_AT_A_TIME, {"kind": f"enter {table.kind}"})
    found = await missing(desk, table, area)
    for each in found[:ENTERED_MAX]:
        at = each.village[: LEVELS[table.level]]
        await open_entry(desk, table, Subject("household", str(each.household_id), at), {})
    again = await _who_may_come_back(desk, table, area)
    room = max(ENTERED_MAX - len(found), 0)
    for each in again[:room]:
        await do(desk, each.entry_id, COMES_BACK, each.version, {"reason": BACK_BECAUSE})
    whole = len(found) + len(again)
    return min(whole, ENTERED_MAX), max(whole - ENTERED_MAX, 0)


async def _who_may_come_back(desk: Desk, table: RegisterTable, area: str | None) -> list[Left]:
    act = table.acts.get(COMES_BACK)
    if act is None or not any(desk.caller.has(scope) for scope in act.scopes):
        return []
    return await left(desk, table, area)
