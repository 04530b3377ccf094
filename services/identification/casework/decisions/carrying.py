"""What is open about a household or a person is theirs who are where those live, from the decision
by which they live there on, and again where they lived before once that is undone.
"""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework import households
from services.identification.disputes import COUNTY_OFFICE
from services.identification.models import Household, Membership
from shared.database import run

_WENT: Final = """
    WITH went AS (
        SELECT * FROM unnest(
            CAST(:ids AS uuid[]), CAST(:was AS text[]), CAST(:now AS text[])
        ) AS each (id, was, now)
    ), known AS (
        SELECT went.*, watched.id AS watched FROM went
        LEFT JOIN person ON person.id = went.id
        LEFT JOIN low_income_person watched
            ON watched.county = person.county AND watched.id_index = person.id_index
    )
"""
_ALERTS: Final = text(f"""
    {_WENT}
    UPDATE alert SET village = known.now FROM known
    WHERE county = :county AND closed_at IS NULL AND alert.village = known.was AND (
        known.id IN (person_id, case_id) OR known.watched = low_income_id
        OR household_id = known.id
            AND (person_id IS NULL OR person_id <> ALL(CAST(:ids AS uuid[])))
    )
""")  # noqa: S608  # Words of this file alone.
"""That of a household about one of it goes where they go."""
_ENTRIES: Final = text(f"""
    {_WENT}
    UPDATE register_entry SET area = left(known.now, length(area)) FROM known
    WHERE county = :county AND (closed_at IS NULL OR only_key IS NOT NULL)
        AND starts_with(known.was, area) AND (
            about = CAST(known.id AS text) AND about_kind IN ('household', 'person', 'case')
            OR about = CAST(known.watched AS text) AND about_kind = 'low-income'
        )
""")  # noqa: S608  # Words of this file alone.
"""One that is closed goes too where there is only one for good: there it comes back."""
_ITEMS: Final = text(f"""
    {_WENT}
    UPDATE exchange_item SET village = known.now, owner = CASE
        WHEN owner = :county_office OR left(known.was, 9) = left(known.now, 9) THEN owner
        ELSE 'town:' || left(known.now, 9) END
    FROM known
    WHERE county = :county AND answered_on IS NULL AND exchange_item.village = known.was
        AND (known.id = case_id OR known.id = person_id AND case_id IS NULL)
""")  # noqa: S608  # Words of this file alone.
"""What is asked about for a case is where the case is."""


async def whereabouts(session: AsyncSession, homes: Iterable[UUID]) -> dict[UUID, str]:
    """The village of each household and of every one that merged into it, or of that its people
    live in now, and of whoever lives or lived there, by their ids."""
    found: dict[UUID, str] = {}
    people = set[UUID]()
    for home_id in {one for each in homes for one in await households.now_in(session, each)}:
        now = await households.now_of(session, home_id)
        found[home_id] = (await session.get_one(Household, now)).village
        people |= set(
            await session.exec(
                select(col(Membership.person_id)).where(col(Membership.household_id) == home_id)
            )
        )
    for person_id in people:
        home = await households.home_of(session, person_id)
        if home is not None:
            found[person_id] = home.village
    return found


async def carry(
    session: AsyncSession, county: str, before: Mapping[UUID, str], now: Mapping[UUID, str]
) -> None:
    """Alerts, entries and what the province asked, as far as it is open, about whatever has these
    ids (households, people, cases) and is in another village now than before."""
    went = [each for each, was in before.items() if now.get(each, was) != was]
    if not went:
        return
    words = {
        "county": county,
        "ids": went,
        "was": [before[each] for each in went],
        "now": [now[each] for each in went],
    }
    await run(session, _ALERTS, words)
    await run(session, _ENTRIES, words)
    await run(session, _ITEMS, {**words, "county_office": COUNTY_OFFICE})
