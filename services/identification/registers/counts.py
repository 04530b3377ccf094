"""Counts of a register, each with the query that opens the entries behind it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, true, tuple_
from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.models import RegisterEntry
from services.identification.registers import tags
from services.identification.registers.lists import NOBODY, Filter, listed, narrowed
from services.identification.registers.tables import Listing, RegisterTable

GROUPS: Final = ("state", "owner", "month")
ALL_GROUPS: Final = (1 << len(GROUPS)) - 1


async def counted(desk: Desk, table: RegisterTable, asked: Filter) -> dict[str, Any]:
    """How many entries: by list, by state, by owner, by month; `query` opens those behind each.

    Of each owner's also how many are open: whoever left has some that are nobody's now.
    """
    where = narrowed(desk, table, asked)
    found = await _in_one_pass(desk, table, where)
    for each in table.lists.values():
        if asked.month is not None and each.stretched:
            behind = narrowed(desk, table, replace(asked, listing=each.name))
            statement = select(func.count()).select_from(RegisterEntry).where(*behind)
            found["list", each.name] = (await desk.session.exec(statement)).one()
    states = {state: count for (by, state), count in found.items() if by == "state"}
    return {
        "all": sum(states.values()),
        "lists": [
            {
                "list": each.name,
                "words": each.words.both(),
                "count": found["list", each.name],
                "target": _target(desk, table, each),
                "query": {"list": each.name},
            }
            for each in table.lists.values()
        ],
        "states": [
            {
                "state": name,
                "words": state.words.both(),
                "count": states.get(name, 0),
                "query": {"state": name},
            }
            for name, state in table.states.items()
        ],
        "owners": [
            {
                "owner": owner,
                "count": count,
                "open": found["open", owner],
                "query": {"owner": owner or NOBODY},
            }
            for (by, owner), count in found.items()
            if by == "owner"
        ],
        "months": [
            {"month": month, "count": count, "query": {"month": month}}
            for (by, month), count in found.items()
            if by == "month"
        ],
        "fields": await tags.counts(desk, table, where),
    }


async def _in_one_pass(
    desk: Desk, table: RegisterTable, where: Sequence[ColumnElement[bool]]
) -> dict[tuple[str, str | None], int]:
    """The entries by state, owner, month and list, counted in one pass over them."""
    month = func.to_char(col(RegisterEntry.opened_on), "YYYY-MM").label("month")
    lists = [and_(true(), *listed(desk, table, each)) for each in table.lists.values()]
    entries = (
        select(
            col(RegisterEntry.state).label("state"),
            col(RegisterEntry.owner).label("owner"),
            month,
            col(RegisterEntry.closed_on).is_(None).label("is_open"),
            *(each.label(f"list_{place}") for place, each in enumerate(lists)),
        )
        .where(*where)
        .subquery()
    )
    by = [entries.c[name] for name in GROUPS]
    statement = (
        select(  # type: ignore[call-overload] # As many columns as the table has lists.
            func.grouping(*by),
            *by,
            func.count(),
            func.count().filter(entries.c.is_open),
            *(
                func.count().filter(entries.c[f"list_{place}"])
                for place, _ in enumerate(table.lists)
            ),
        )
        .group_by(func.grouping_sets(*(tuple_(each) for each in by), tuple_()))
        .order_by(*by)
    )
    found: dict[tuple[str, str | None], int] = {}
    for left_out, *rest in (await desk.session.exec(statement)).all():
        words, (count, still_open, *on_lists) = rest[: len(by)], rest[len(by) :]
        # `grouping` has a bit for each column that is left out of the row's own group.
        for place, name in enumerate(GROUPS):
            if left_out == ALL_GROUPS - (1 << (len(GROUPS) - 1 - place)):
                found[name, words[place]] = int(count)
                if name == "owner":
                    found["open", words[place]] = int(still_open)
        if left_out == ALL_GROUPS:
            found |= {
                ("list", name): int(each) for name, each in zip(table.lists, on_lists, strict=True)
            }
    return found


def _target(desk: Desk, table: RegisterTable, listing: Listing) -> int | None:
    """How many are to be on a list, where the place has set itself a number."""
    name = table.targets.get(listing.name)
    return (desk.settings.number(name) or None) if name else None
