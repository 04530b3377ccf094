"""Lists of a register: what stands on each, and which entries a question is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, exists, select

from services.identification.desk import Desk
from services.identification.models import RegisterAct, RegisterEntry
from services.identification.registers import subjects, tags
from services.identification.registers.standing import content_of, seen_by, there_for
from services.identification.registers.tables import During, Listing, RegisterTable
from shared.months import Month
from shared.problems import Malformed

Named = TypeVar("Named")

PAGE_MAX: Final = 100
NOBODY: Final = "nobody"
"""How a list is asked for entries that are nobody's."""


class NoSuchList(Malformed):
    """This register has no such list or state."""


@dataclass(frozen=True)
class Filter:
    """Which entries of a register are asked for; each word narrows the list."""

    listing: str | None = None
    state: str | None = None
    owner: str | None = None
    month: Month | None = None
    area: str | None = None
    about: str | None = None
    number: str | None = None
    found: tuple[str, ...] = ()
    is_open: bool = False


async def page(
    desk: Desk, table: RegisterTable, asked: Filter, *, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Entries the caller may know of, the newest first.

    Raises:
        NoSuchList: the register has no such list or state.
    """
    statement = (
        select(RegisterEntry)
        .where(*narrowed(desk, table, asked))
        .order_by(col(RegisterEntry.id).desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(col(RegisterEntry.id) < after)
    return await rows(desk, table, (await desk.session.exec(statement)).all())


async def rows(
    desk: Desk, table: RegisterTable, entries: Sequence[RegisterEntry]
) -> list[dict[str, Any]]:
    """The lines of a list, each with the fields its table shows."""
    called = await subjects.labels(desk, entries)
    return [
        {**row(desk, table, each), "about_words": called[each.id], "shown": shown}
        for each in entries
        for said in [seen_by(desk.caller, table, content_of(desk, each))]
        for shown in [{name: said.get(name) for name in table.shown}]
    ]


def row(desk: Desk, table: RegisterTable, entry: RegisterEntry) -> dict[str, Any]:
    """What stands of an entry beside its words."""
    state = table.states[entry.state]
    return {
        "entry_id": str(entry.id),
        "kind": entry.kind,
        "number": entry.number,
        "state": entry.state,
        "state_words": state.words.both(),
        "version": entry.version,
        "area": entry.area,
        "about_kind": entry.about_kind,
        "about": entry.about,
        "owner": entry.owner,
        "opened_by": entry.opened_by,
        "opened_on": entry.opened_on.isoformat(),
        "state_since": entry.state_since.isoformat(),
        "state_due_on": entry.state_due_on and entry.state_due_on.isoformat(),
        "due_on": entry.due_on and entry.due_on.isoformat(),
        "closed_on": entry.closed_on and entry.closed_on.isoformat(),
        "public_since": entry.public_since and entry.public_since.isoformat(),
        "overdue": _is_overdue(desk, table, entry),
    }


def narrowed(desk: Desk, table: RegisterTable, asked: Filter) -> list[ColumnElement[bool]]:
    """The conditions of a list, with those of who asks."""
    entry = RegisterEntry
    found = [col(entry.kind) == table.kind, there_for(desk.caller)]
    listing = _known(asked.listing, table.lists) if asked.listing is not None else None
    if listing is not None:
        found += listed(desk, table, listing, asked.month)
    if asked.state is not None:
        _known(asked.state, table.states)
    if asked.month is not None:
        found.append(col(entry.opened_on) < asked.month.plus(1).first_day())
        if listing is None or not listing.stretched:
            found.append(col(entry.opened_on) >= asked.month.first_day())
    if asked.area is not None:
        found.append(col(entry.area).startswith(asked.area))
    same = {
        col(entry.state): asked.state,
        col(entry.about): asked.about,
        col(entry.number): asked.number and asked.number.strip().upper(),
        col(entry.owner): None if asked.owner == NOBODY else asked.owner,
    }
    found += [column == word for column, word in same.items() if word is not None]
    if asked.is_open:
        found.append(col(entry.closed_on).is_(None))
    if asked.owner == NOBODY:
        found.append(col(entry.owner).is_(None))
    return found + [_saying(desk, table, each) for each in asked.found]


def _saying(desk: Desk, table: RegisterTable, asked: str) -> ColumnElement[bool]:
    """The entries that say what is asked for as field:word, or of field: nothing yet."""
    name, colon, word = asked.partition(":")
    if name not in seen_by(desk.caller, table, dict.fromkeys(table.found_by)) or not colon:
        raise NoSuchList(f"entries are found by {', '.join(table.found_by) or 'no word'}")
    return tags.saying(desk, name, word) if word else tags.silent(name)


def _known(name: str, among: Mapping[str, Named]) -> Named:
    if name not in among:
        raise NoSuchList(f"there are {', '.join(among)}")
    return among[name]


def listed(
    desk: Desk, table: RegisterTable, listing: Listing, month: Month | None = None
) -> list[ColumnElement[bool]]:
    """Which entries stand on a list; where a month is asked, what was done in it."""
    entry = RegisterEntry
    open_now, today = col(entry.closed_on).is_(None), desk.today
    waits = col(entry.state).not_in(sorted(table.met_states))
    due = or_(and_(col(entry.due_on) < today, waits), col(entry.state_due_on) < today)
    wanted = (
        (bool(listing.states), col(entry.state).in_(sorted(listing.states))),
        (listing.open is True, open_now),
        (listing.open is False, ~open_now),
        (listing.overdue, and_(open_now, col(entry.stopped_on).is_(None), due)),
        (listing.late, col(entry.closed_on) > col(entry.due_on)),
        (listing.in_time, col(entry.closed_on) <= col(entry.due_on)),
        (listing.ownerless, col(entry.owner).is_(None)),
        (bool(listing.last), col(entry.last_act).in_(sorted(listing.last))),
        (bool(listing.done), _was_done(listing.done)),
        (bool(listing.not_done), ~_was_done(listing.not_done)),
        *((True, ~_during(desk, each, month)) for each in [listing.idle] if each),
        *((True, _during(desk, each, month)) for each in [listing.busy] if each),
        *((True, ~_done_often(act, times)) for act, times in listing.fewer.items()),
        *((True, tags.saying(desk, name, *sorted(of))) for name, of in listing.says.items()),
        *((True, or_(~tags.silent(name), _was_done(of))) for name, of in listing.tells.items()),
        *((True, tags.having_said(desk, name, *sorted(of))) for name, of in listing.said.items()),
    )
    return [condition for asked, condition in wanted if asked]


def _was_done(acts: frozenset[str]) -> ColumnElement[bool]:
    return exists().where(
        col(RegisterAct.entry_id) == col(RegisterEntry.id), col(RegisterAct.act).in_(sorted(acts))
    )


def _during(desk: Desk, asked: During, month: Month | None) -> ColumnElement[bool]:
    """Whether an act was done of a day in a stretch of time: of today's, or of another month's."""
    month = month or Month.of(desk.today)
    first = {
        "this": month.first_day(),
        "last": month.previous().first_day(),
        "year": date(month.first_day().year, 1, 1),
    }[asked.stretch]
    behind = month.first_day() if asked.stretch == "last" else month.plus(1).first_day()
    happened = func.coalesce(col(RegisterAct.happened_on), col(RegisterAct.done_on))
    return exists().where(
        col(RegisterAct.entry_id) == col(RegisterEntry.id),
        col(RegisterAct.act) == asked.act,
        happened >= first,
        happened < behind,
    )


def _done_often(act: str, times: int) -> ColumnElement[bool]:
    """Whether an act was done so many times at least."""
    often = (
        select(col(RegisterAct.entry_id))
        .where(col(RegisterAct.act) == act)
        .group_by(col(RegisterAct.entry_id))
        .having(func.count() >= times)
    )
    return col(RegisterEntry.id).in_(often)


def _is_overdue(desk: Desk, table: RegisterTable, entry: RegisterEntry) -> bool:
    """A clock that runs has run out; one that is stopped has not, nor one of what is closed, nor
    the whole clock where what was due is done."""
    if entry.stopped_on is not None or entry.closed_on is not None:
        return False
    whole = None if entry.state in table.met_states else entry.due_on
    return any(due is not None and due < desk.today for due in (whole, entry.state_due_on))
