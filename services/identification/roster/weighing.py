"""What a roster would change, in sums before and after: for whoever accepts what another brought.

Counted are the households of the file that were found whole, as they were last decided and as the
file says; whoever is not in it stays as they are. Sums of money are reckoned by others, later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import determinations
from services.identification.roster.entries import HouseholdEntry
from shared.database import run
from shared.secrets import KeyRing

_DECIDED: Final = text("""
    SELECT DISTINCT ON (d.household_id) h.number, d.id, d.content_sealed
    FROM household h JOIN determination d ON d.household_id = h.id AND d.programme IS NULL
    WHERE h.county = :county AND h.number = ANY(CAST(:numbers AS text[]))
    ORDER BY d.household_id, d.id DESC
""")


@dataclass
class Sums:
    """Who is on what, and on how little."""

    households: int = 0
    people: int = 0
    dibao_households: int = 0
    dibao_people: int = 0
    dibao_income_fen_monthly: int = 0
    tekun: int = 0
    disability_living: int = 0
    disability_nursing: int = 0
    old_age: int = 0

    def add(self, facts: Mapping[str, Any], members: Iterable[Mapping[str, Any]]) -> None:
        """Count one household by what is decided of it and of those who live."""
        people = list(members)
        self.households += 1
        self.people += len(people)
        if facts["on_dibao"] == 1:
            self.dibao_households += 1
            self.dibao_people += len(people)
            self.dibao_income_fen_monthly += facts["income_fen_monthly"] or 0
        for each in people:
            self.tekun += each["on_tekun"] == 1
            self.disability_living += each["on_disability_living"] == 1
            self.disability_nursing += each["on_disability_nursing"] == 1
            self.old_age += each["on_old_age"] == 1


class Weighing:
    """Sums over a roster, a chunk at a time."""

    def __init__(self, county: str, keys: KeyRing) -> None:
        self.before, self.after = Sums(), Sums()
        self._county = county
        self._keys = keys

    async def add(self, session: AsyncSession, households: list[HouseholdEntry]) -> None:
        """A chunk's households."""
        words = {"county": self._county, "numbers": [each.number for each in households]}
        for row in await run(session, _DECIDED, words):
            known = determinations.unseal(row.id, row.content_sealed, self._keys)
            living = determinations.living(known)
            self.before.add(known["facts"], (member["facts"] for member in living))
        for household in households:
            said = determinations.content_of(household, [UUID(int=0)] * len(household.members))
            living = determinations.living(said)
            self.after.add(said["facts"], (member["facts"] for member in living))

    def in_words(self) -> dict[str, dict[str, int]]:
        """Both, as they are kept and shown."""
        return {"before": asdict(self.before), "after": asdict(self.after)}
