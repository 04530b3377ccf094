"""The rows a chunk of a roster writes: new ones by COPY, changes row by row."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import copy_rows, run

# Row security keeps names from all but us, and forbids COPY; arrays are as fast.
_PEOPLE: Final = text("""
    INSERT INTO person (
        county, id, name, name_sort, id_sealed, id_index, died_on,
        temporary_code, no_id_reason_sealed
    )
    SELECT * FROM unnest(
        CAST(:county AS text[]), CAST(:id AS uuid[]), CAST(:name AS text[]),
        CAST(:name_sort AS text[]), CAST(:id_sealed AS text[]), CAST(:id_index AS bytea[]),
        CAST(:died_on AS date[]), CAST(:temporary_code AS text[]),
        CAST(:no_id_reason_sealed AS text[])
    )
""")
_PERSON: Final = (
    "county", "id", "name", "name_sort", "id_sealed", "id_index", "died_on", "temporary_code",
    "no_id_reason_sealed",
)  # fmt: skip
_HOUSEHOLD: Final = ("county", "id", "number", "village", "registration")
_MEMBERSHIP: Final = ("county", "id", "household_id", "person_id", "relation", "since", "until")
_DETERMINATION: Final = (
    "county", "id", "household_id", "import_id", "village", "from_month", "decided_on",
    "decision_number", "recorded_at", "content_index", "content_sealed",
)  # fmt: skip
_CHANGE_PERSON: Final = text(
    "UPDATE person SET name = :name, name_sort = :name_sort, died_on = :died_on WHERE id = :id"
)
_CHANGE_HOUSEHOLD: Final = text(
    "UPDATE household SET village = :village, registration = :registration WHERE id = :id"
)
_CHANGE_MEMBERSHIP: Final = text(
    "UPDATE membership SET relation = :relation, since = :since, until = :until WHERE id = :id"
)
_END_MEMBERSHIP: Final = text("UPDATE membership SET until = :until WHERE id = :id")


@dataclass
class Changes:
    """Rows to be written."""

    people: list[tuple[Any, ...]] = field(default_factory=list)
    households: list[tuple[Any, ...]] = field(default_factory=list)
    memberships: list[tuple[Any, ...]] = field(default_factory=list)
    determinations: list[tuple[Any, ...]] = field(default_factory=list)
    person_changes: list[dict[str, Any]] = field(default_factory=list)
    household_changes: list[dict[str, Any]] = field(default_factory=list)
    membership_changes: list[dict[str, Any]] = field(default_factory=list)
    membership_ends: list[dict[str, Any]] = field(default_factory=list)
    deaths: list[tuple[UUID, date]] = field(default_factory=list)

    async def write(self, session: AsyncSession) -> None:
        """Changes first: a stay that ends makes room for the one that begins."""
        for statement, rows in (
            (_CHANGE_PERSON, self.person_changes),
            (_CHANGE_HOUSEHOLD, self.household_changes),
            (_END_MEMBERSHIP, self.membership_ends),
            (_CHANGE_MEMBERSHIP, self.membership_changes),
        ):
            if rows:
                await run(session, statement, rows)
        if self.people:
            values = zip(*self.people, strict=True)
            columns_of_people = {
                name: list(them) for name, them in zip(_PERSON, values, strict=True)
            }
            await run(session, _PEOPLE, columns_of_people)
        for table, columns, loaded in (
            ("household", _HOUSEHOLD, self.households),
            ("membership", _MEMBERSHIP, self.memberships),
            ("determination", _DETERMINATION, self.determinations),
        ):
            if loaded:
                await copy_rows(session, table, columns, loaded)
