"""What a roster would change, in sums before and after: for whoever accepts what another brought.

Counted are the households of the file that were found whole, as they were last decided and as the
file says; whoever is not in it stays as they are. Sums of money are reckoned by others, later.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import determinations
from services.identification.assistance import drawn
from services.identification.roster.entries import Entry, HouseholdEntry
from shared.database import run
from shared.secrets import KeyRing

_DECIDED: Final = text("""
    SELECT DISTINCT ON (d.household_id) h.number, d.id, d.content_sealed
    FROM (
        SELECT id FROM household
        WHERE county = :county AND number = ANY(CAST(:numbers AS text[]))
        UNION
        SELECT m.household_id FROM person p
        JOIN membership m ON m.person_id = p.id AND m.until IS NULL
        WHERE p.county = :county AND p.id_index = ANY(CAST(:indexes AS bytea[]))
    ) home
    JOIN household h ON h.id = home.id
    JOIN determination d ON d.household_id = h.id AND d.programme IS NULL
    ORDER BY d.household_id, d.id DESC
""")
_GRANTED, _ENDED, _CHANGED = "granted", "ended", "changed"


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


@dataclass
class Weighing:
    """Sums over a roster, a chunk at a time."""

    county: str
    keys: KeyRing
    index_of: Callable[[Entry], bytes]
    before: Sums = field(default_factory=Sums)
    after: Sums = field(default_factory=Sums)
    moves: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((_GRANTED, _ENDED, _CHANGED), 0)
    )
    """Households by what becomes of their assistance: sums alone hide one that takes another's
    place."""
    phones: int = 0
    """Rows that say where somebody is reached: they are told, and known, by it from then on."""
    assists: bool = False
    """Whether anybody it names draws anything, in the register or by the file."""

    @property
    def takes_two(self) -> bool:
        """Whether it goes in on another's word only."""
        return self.assists or self.phones > 0

    async def add(self, session: AsyncSession, households: list[HouseholdEntry]) -> None:
        """A chunk's households."""
        indexes = [self.index_of(entry) for household in households for entry in household.members]
        numbers = [each.number for each in households]
        words = {"county": self.county, "numbers": numbers, "indexes": indexes}
        decided = {
            row.number: determinations.unseal(row.id, row.content_sealed, self.keys)
            for row in await run(session, _DECIDED, words)
        }
        # Whoever lives elsewhere may be told of here as well, by a death or another name.
        self.assists |= any(drawn(each) for each in decided.values())
        for household in households:
            self._weigh(household, decided.get(household.number))

    def _weigh(self, household: HouseholdEntry, before: Mapping[str, Any] | None) -> None:
        said = determinations.content_of(household, [UUID(int=0)] * len(household.members))
        self.assists |= household.assisted
        self.phones += sum(entry.phone is not None for entry in household.members)
        for content, sums in ((before, self.before), (said, self.after)):
            if content is not None:
                living = determinations.living(content)
                sums.add(content["facts"], (member["facts"] for member in living))
        if before is None or not determinations.in_a_roster(before):
            self.moves[_GRANTED] += household.assisted
        elif not household.assisted:
            self.moves[_ENDED] += 1
        else:
            self.moves[_CHANGED] += _as_a_roster_says(before) != _as_a_roster_says(said)

    def in_words(self) -> dict[str, Any]:
        """All of it, as it is kept and shown."""
        return {
            "before": asdict(self.before),
            "after": asdict(self.after),
            "households": self.moves,
            "phones": self.phones,
        }


def _as_a_roster_says(content: Mapping[str, Any]) -> tuple[Any, ...]:
    """A household's facts, and those of who lives in it, as far as a roster has columns."""
    members = sorted(
        tuple(str(member["facts"].get(name)) for name in determinations.SAID_OF_PEOPLE)
        for member in determinations.living(content)
    )
    facts = content["facts"]
    return tuple(facts[name] for name in determinations.SAID_OF_HOMES), members
