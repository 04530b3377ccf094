"""What the register knows of people by their numbers: who died, what a decision says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import determinations
from services.identification.assistance import drawn_by
from services.identification.casework.paths import endable
from services.identification.determinations import NOT_APPLICABLE
from services.identification.low_income.groups import DIBAO, EDGE, EXPENDITURE, TEKUN, strongest
from shared.database import run
from shared.secrets import KeyRing

ASSISTED: Final = frozenset({DIBAO, TEKUN})
_GROUP_OF: Final = {
    "tekun": TEKUN,
    "dibao": DIBAO,
    "single-person": DIBAO,
    "edge": EDGE,
    "rigid-spending": EXPENDITURE,
}
"""The group of whoever draws what a category grants."""
# Whoever lives nowhere any more is as the last decision left them on where they lived.
_LAST: Final = text("""
    SELECT person.id_index, person.id AS person_id, person.name, person.died_on,
        household.village, household.registration,
        home.household_id IS NOT NULL AND home.until IS NULL AS lives_there,
        decided.id, decided.content_sealed
    FROM unnest(CAST(:indexes AS bytea[])) AS wanted (id_index)
    JOIN person ON person.county = :county AND person.id_index = wanted.id_index
    LEFT JOIN LATERAL (
        SELECT stay.household_id, stay.until FROM membership stay
        WHERE stay.person_id = person.id
        ORDER BY stay.until DESC NULLS FIRST, stay.since DESC LIMIT 1
    ) home ON true
    LEFT JOIN household ON household.id = home.household_id
    LEFT JOIN LATERAL (
        SELECT last.id, last.content_sealed FROM determination last
        WHERE last.household_id = home.household_id AND last.programme IS NULL
        ORDER BY last.id DESC LIMIT 1
    ) decided ON true
""")
_AT_ONCE: Final = 5_000


class Said(NamedTuple):
    """What the register says of whoever lives in a household of it, whatever else is said."""

    name: str
    village: str
    registration: int


@dataclass(frozen=True)
class Registered:
    """Somebody of the register: whether they died, and the facts of the last decision on where they
    live, the household's and their own."""

    died: bool
    lives_there: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    member: Mapping[str, Any] | None = None
    said: Said | None = None
    """What they are called and where they live; nothing, where they died or live nowhere."""

    @property
    def group(self) -> str | None:
        """The group that the last decision draws for them; whoever died or left is in none."""
        if self.died or not self.lives_there:
            return None
        return group_of(self.facts, self.member or _UNNAMED)

    def is_decided_otherwise(self, group: str) -> bool:
        """Whether by what was decided they are not in a group: of dibao and tekun a roster says so
        of everybody, of a status only a decision that spoke of it."""
        spoken = group in ASSISTED or self._spoken_of(group)
        return spoken and self.group != group

    def _spoken_of(self, group: str) -> bool:
        own = (self.member or _UNNAMED)["facts"]
        return any(flag in self.facts or flag in own for flag in _flags_of(group))


_UNNAMED: Final[Mapping[str, Any]] = {"until": None, "facts": {"died_on": NOT_APPLICABLE}}
"""Whoever came to live there since: what is the household's is theirs too."""


async def look_up(
    session: AsyncSession, keys: KeyRing, county: str, indexes: Sequence[bytes]
) -> dict[bytes, Registered]:
    """Whom of these numbers the register knows."""
    known: dict[bytes, Registered] = {}
    for start in range(0, len(indexes), _AT_ONCE):
        asked = {"county": county, "indexes": list(indexes[start : start + _AT_ONCE])}
        for row in await run(session, _LAST, asked):
            known[bytes(row.id_index)] = _registered(row, keys)
    return known


async def is_dead(session: AsyncSession, keys: KeyRing, county: str, index: bytes) -> bool:
    """Whether the register knows somebody as dead."""
    known = await look_up(session, keys, county, [index])
    return index in known and known[index].died


def group_of(facts: Mapping[str, Any], member: Mapping[str, Any]) -> str | None:
    """The group a decision puts a member in; whoever left, died, or is away is in none."""
    own = member["facts"]
    if member["until"] is not None or not is_alive(member) or determinations.is_away(own):
        return None
    return strongest({_GROUP_OF[each] for each in drawn_by(facts, own) & _GROUP_OF.keys()})


def is_alive(member: Mapping[str, Any]) -> bool:
    """Whether a decision knows a member as living."""
    return bool(member["facts"]["died_on"] == NOT_APPLICABLE)


def _registered(row: Any, keys: KeyRing) -> Registered:
    lives_there = bool(row.lives_there)
    if row.died_on is not None:
        return Registered(died=True, lives_there=lives_there)
    said = Said(row.name, row.village, row.registration) if lives_there else None
    if row.id is None:
        return Registered(died=False, lives_there=lives_there, said=said)
    decided = determinations.unseal(row.id, row.content_sealed, keys)
    own = next((one for one in decided["members"] if one["person_id"] == str(row.person_id)), None)
    return Registered(False, lives_there, decided["facts"], own, said)


@cache
def _flags_of(group: str) -> Sequence[str]:
    """The facts that say somebody draws what puts them in a group."""
    return [flag for name, of in _GROUP_OF.items() if of == group for flag in endable()[name].flags]
