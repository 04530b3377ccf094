"""The four lists of the province, united without doubles, and where they say different things."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from services.identification import registrations
from services.identification.low_income import entries
from services.identification.low_income.entries import Claim, Hand
from services.identification.low_income.groups import all_groups, valid_until
from services.identification.low_income.settled import Settled
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller
from shared.database import copy_rows, new_id, run

PREFIX: Final = "low-income-"
_LISTED: Final = ("county", "id", "file_id", "holder_id", "group_name")
_NEWEST: Final = """
    SELECT DISTINCT ON (template) id, template, rows, at FROM exchange_file
    WHERE template LIKE 'low-income-%' AND direction = 'in' AND state = 'applied'
    ORDER BY template, at DESC, id DESC
"""
_COUNTS: Final = text(f"""
    SELECT newest.id, newest.template, newest.rows, newest.at, count(listed.holder_id) AS people,
        count(*) FILTER (WHERE entry.group_name = listed.group_name) AS in_this_group
    FROM ({_NEWEST}) newest
    LEFT JOIN low_income_listed listed ON listed.file_id = newest.id
    LEFT JOIN low_income_entry entry
        ON entry.holder_id = listed.holder_id AND entry.until IS NULL
    GROUP BY newest.id, newest.template, newest.rows, newest.at ORDER BY newest.template
""")  # noqa: S608 # Both are words of this file.
_UNITED: Final = text(f"""
    SELECT count(DISTINCT listed.holder_id) AS people
    FROM low_income_listed listed JOIN ({_NEWEST}) newest ON newest.id = listed.file_id
""")  # noqa: S608 # The same.
_CONFLICTS: Final = f"""
    SELECT listed.holder_id, array_agg(DISTINCT listed.group_name) AS on_lists,
        min(entry.group_name) AS in_group
    FROM low_income_listed listed JOIN ({_NEWEST}) newest ON newest.id = listed.file_id
    LEFT JOIN low_income_entry entry
        ON entry.holder_id = listed.holder_id AND entry.until IS NULL
    GROUP BY listed.holder_id
    HAVING count(DISTINCT listed.group_name) > 1
        OR min(listed.group_name) IS DISTINCT FROM min(entry.group_name)
"""  # noqa: S608 # The same.
_GONE: Final = f"""
    SELECT entry.holder_id, entry.group_name
    FROM low_income_entry entry
    JOIN ({_NEWEST}) newest ON newest.template = 'low-income-' || entry.group_name
    WHERE entry.until IS NULL AND entry.source = 'list' AND NOT EXISTS (
        SELECT FROM low_income_listed listed
        WHERE listed.file_id = newest.id AND listed.holder_id = entry.holder_id)
"""  # noqa: S608 # The same.
_OF_AREAS: Final = """
    FROM ({found}) found JOIN low_income_person person ON person.id = found.holder_id
    WHERE person.village LIKE ANY(CAST(:areas AS text[]))
"""
_PAGE: Final = (
    "SELECT found.*, person.name, person.village"
    + _OF_AREAS
    + ("ORDER BY person.village, person.id LIMIT :most OFFSET :offset")
)
_TOTAL: Final = "SELECT count(*)" + _OF_AREAS
PAGE_MAX: Final = 200


async def take(
    hand: Hand, settings: PlaceSettings, group: str, file_id: UUID, rows: Sequence[dict[str, Any]]
) -> Settled:
    """Bring everybody of a list into its group, or into the stronger one they are in."""
    claims = [_claim(settings, group, each) for each in rows]
    settled = await entries.settle(hand, claims, entries.LIST, file_id)
    listed = [
        (hand.county, new_id(), file_id, person_id, group)
        for person_id in settled.people
        if person_id is not None
    ]
    await copy_rows(hand.session, "low_income_listed", _LISTED, listed)
    return settled


async def united(hand: Hand, caller: Caller, offset: int) -> dict[str, Any]:
    """The newest list of each group beside its source, the union, and a page of what does not
    agree of the caller's areas."""
    counted = await run(hand.session, _COUNTS)
    sources = [
        {
            "group": each.template.removeprefix(PREFIX),
            "file_id": str(each.id),
            "received_at": each.at.isoformat(),
            "rows": each.rows,
            "people": each.people,
            "in_this_group": each.in_this_group,
        }
        for each in counted
    ]
    people = (await run(hand.session, _UNITED)).scalar_one()
    conflicts, conflicts_total = await _page(hand, caller, _CONFLICTS, offset)
    gone, gone_total = await _page(hand, caller, _GONE, offset)
    return {
        "sources": sources,
        "union": people,
        "conflicts": [
            {**_named(each), "on_lists": _in_order(each.on_lists), "in": each.in_group}
            for each in conflicts
        ],
        "conflicts_total": conflicts_total,
        "gone": [{**_named(each), "group": each.group_name} for each in gone],
        "gone_total": gone_total,
    }


async def _page(hand: Hand, caller: Caller, found: str, offset: int) -> tuple[list[Any], int]:
    """A page of those of the caller's areas, village by village, and how many there are."""
    areas = {"areas": [f"{each}%" for each in caller.divisions]}
    page = {**areas, "most": PAGE_MAX, "offset": offset}
    rows = (await run(hand.session, text(_PAGE.format(found=found)), page)).all()
    return list(rows), (
        await run(hand.session, text(_TOTAL.format(found=found)), areas)
    ).scalar_one()


def _named(row: Any) -> dict[str, Any]:
    return {"low_income_id": str(row.holder_id), "name": row.name, "village": row.village}


def _in_order(names: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda name: all_groups()[name].rank)


def _claim(settings: PlaceSettings, group: str, words: dict[str, Any]) -> Claim:
    grade, registration = words.get("disability_grade"), words.get("registration")
    since = date.fromisoformat(words["since"])
    return Claim(
        name=words["name"],
        id_number=words["id_number"],
        village=words["village"],
        registration=registrations.code_of(registration) if registration else None,
        group=group,
        since=since,
        valid_until=valid_until(settings, group, since),
        disability_grade=int(grade) if grade else None,
    )
