"""Whoever stands on a roster without an ID number: under the code they have, or one that is issued.

Nobody becomes two by it. In a household a person without number is known by name and day of birth,
whether a case or a roster brought them; a code that a file says is held against whose it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import coded, id_numbers
from services.identification.coded import Coded, CodeOfAnother
from services.identification.roster.entries import Entry, HouseholdEntry
from services.identification.roster.faults import Code
from shared.database import run
from shared.names import plain
from shared.secrets import KeyRing

_LIVED: Final = text("""
    SELECT DISTINCT h.number, p.id, p.name, p.id_sealed, p.temporary_code
    FROM household h
    JOIN membership m ON m.household_id = h.id JOIN person p ON p.id = m.person_id
    WHERE h.county = :county AND h.number = ANY(CAST(:numbers AS text[]))
""")


@dataclass(frozen=True)
class _Known:
    """Somebody who lives in a household, or did; by a code, while they have no number."""

    name: str
    born_on: date | None
    code: str | None


async def say(
    session: AsyncSession,
    keys: KeyRing,
    county: str,
    households: Sequence[HouseholdEntry],
    *,
    count: bool,
) -> None:
    """Write beside everybody without a number under which code they stand, or what is against it.

    Args:
        count: whether the place counts such people at all.
    """
    homes = [h for h in households if any(e.no_id_reason is not None for e in h.members)]
    if not homes:
        return
    lived = await _lived(session, keys, county, [each.number for each in homes])
    for home in homes:
        for entry in home.members:
            if entry.no_id_reason is None:
                continue
            assert entry.born_on is not None, "the survey names whoever has no day of birth"
            entry.code_flaw = None if count else Code.NOT_COUNTED
            await _say(session, keys, county, home.number, entry, lived.get(home.number, []))
            assert entry.code is not None
            entry.id_number = coded.in_its_place(entry.code, entry.born_on)


async def _say(
    session: AsyncSession,
    keys: KeyRing,
    county: str,
    household: str,
    entry: Entry,
    lived: Sequence[_Known],
) -> None:
    assert entry.born_on is not None
    same = [
        each
        for each in lived
        if plain(each.name) == plain(entry.name) and each.born_on == entry.born_on
    ]
    issued = coded.code_by(keys, household, entry.name, entry.born_on)
    known = same[0].code if same else None
    if same and known is None:
        entry.code_flaw = Code.ID_KNOWN
    elif known is not None and entry.code not in (None, known):
        entry.code_flaw = Code.CODE_DIFFERS
    elif entry.code is not None:
        said = Coded("", entry.code, entry.name, entry.born_on, entry.no_id_reason or "")
        try:
            await coded.known(session, keys, county, said)
        except CodeOfAnother:
            entry.code_flaw = Code.CODE_DIFFERS
    entry.code = entry.code or known or issued


async def _lived(
    session: AsyncSession, keys: KeyRing, county: str, numbers: list[str]
) -> dict[str, list[_Known]]:
    found: dict[str, list[_Known]] = {}
    for row in await run(session, _LIVED, {"county": county, "numbers": numbers}):
        person_id: UUID = row.id
        number = keys.decrypt(row.id_sealed, table="person", column="id_sealed", row=person_id)
        known = _Known(row.name, id_numbers.birth_date(number), row.temporary_code)
        found.setdefault(row.number, []).append(known)
    return found
