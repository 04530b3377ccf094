"""An entry of a register: opened under its number, shown, and moved along its table by acts.

An act is done wholly or not at all: its words, its effects, the state and clocks it leads to, and
its row in the history commit together. Of two officers at once the second reads that it moved on.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.identification import near_relatives
from services.identification.desk import Desk
from services.identification.grammar import asking, moving, needs, rows
from services.identification.grammar.acts import Act, Way
from services.identification.grammar.moving import NotYours
from services.identification.models import RegisterAct, RegisterEntry, RegisterPaper
from services.identification.registers import leads_on, scores, subjects, tags
from services.identification.registers.effects import EFFECTS
from services.identification.registers.needs import NEEDS, needs_in_words
from services.identification.registers.standing import (
    EntryStanding,
    content_of,
    is_there_for,
    known_as,
)
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import LEVELS, RegisterTable, all_registers
from services.identification.registers.tools import Tools
from shared.database import new_id, run
from shared.months import Month
from shared.problems import Conflict, NotFound

_COUNT_ON: Final = text(
    "INSERT INTO register_series (id, county, series, year, last)"
    " VALUES (:id, :county, :series, :year, 1) ON CONFLICT (county, series, year)"
    " DO UPDATE SET last = register_series.last + 1 RETURNING last"
)


TAKES: Final = "take_over"
"""Of what is done aside, only this counts as the last act: it is somebody's from then on."""
RELATIVES: Final = "not-a-relative"


class NoSuchRegister(NotFound):
    """There is no such register, or it is not yours to read."""


class NoSuchEntry(NotFound):
    """There is no such entry here."""


class GivenToTheAccused(Conflict):
    """An entry is not given to whom it is against."""


class AlreadyOnRegister(Conflict):
    """This register has its entry already: there is one only."""

    constraint = "uq_register_entry_only_key"


def register_of(desk: Desk, kind: str) -> RegisterTable:
    """A register the caller may read.

    Raises:
        NoSuchRegister: there is none of that kind, or it is not the caller's to read.
    """
    table = all_registers().get(kind)
    if table is None or not any(desk.caller.has(scope) for scope in table.read):
        raise NoSuchRegister()
    return table


async def open_entry(
    desk: Desk, table: RegisterTable, subject: Subject, said: Mapping[str, Any]
) -> RegisterEntry:
    """A new entry under the next number of its series; whoever opens it is on record.

    Raises:
        NotYours, ActNotUnderstood, NotYet: in this order.
        AlreadyOnRegister: there is to be only one, and there is.
    """
    if not any(desk.caller.has(scope) for scope in table.opens.scopes):
        raise NotYours("one of these scopes is needed", scopes=sorted(table.opens.scopes))
    entry = RegisterEntry(
        id=new_id(),
        county=desk.caller.county,
        kind=table.kind,
        number="",
        state="",
        version=-1,
        area=subject.area,
        about_kind=subject.kind,
        about=subject.about,
        owner=desk.caller.subject if table.owner == "opener" else None,
        opened_by=desk.caller.subject,
        opened_at=desk.now,
        opened_on=desk.today,
        last_act="",
        state_since=desk.today,
        against=list(subject.against),
        content_sealed="",
    )
    names = await subjects.names_of(desk, entry)
    at = EntryStanding(desk.settings, (), desk.caller, desk.today, {}, entry, table, {}, names, ())
    opening = replace(table.opens, way=Way(state=table.begins))
    at = await _prepared(desk, at, opening, said)
    entry.number = await _next_number(desk, table)
    await _move(desk, at, opening)
    return entry


async def is_on(
    desk: Desk, table: RegisterTable, subject: Subject, said: Mapping[str, Any]
) -> bool:
    """Whether the register has its one entry of this already.

    Raises:
        ActNotUnderstood: what the entry would say is not understood.
    """
    words = asking.understand(table.opens, said, asking.plain_readers(desk.today))
    key = _only_key(desk, table, subject.about, words, open_still=True)
    statement = select(col(RegisterEntry.id)).where(
        col(RegisterEntry.kind) == table.kind, col(RegisterEntry.only_key) == key
    )
    return key is not None and (await desk.session.exec(statement)).first() is not None


async def do(
    desk: Desk, entry_id: UUID, act_name: str, version: int, said: Mapping[str, Any]
) -> EntryStanding:
    """Do one act; where the entry stands then.

    Raises:
        NoSuchEntry, NotHere, NotYours, MovedOn, ActNotUnderstood, NotYet: in this order.
    """
    at = await stand(desk, entry_id, lock=True)
    act = moving.allowed(at.table, at.entry, desk.caller, act_name, version)
    await _move(desk, await _prepared(desk, at, act, said), act)
    return await stand(desk, entry_id, done_now=True)


async def stand(
    desk: Desk, entry_id: UUID, *, lock: bool = False, done_now: bool = False
) -> EntryStanding:
    """Where an entry stands, when the caller may know of it, or has just moved it.

    Raises:
        NoSuchEntry: there is none, it is not of the caller's area, or it is against the caller.
    """
    entry = await desk.session.get(
        RegisterEntry, entry_id, with_for_update=lock, populate_existing=True
    )
    if entry is None:
        raise NoSuchEntry()
    table = all_registers()[entry.kind]
    if not done_now and not is_there_for(desk.caller, table, entry):
        raise NoSuchEntry()
    acts = (
        select(RegisterAct)
        .where(col(RegisterAct.entry_id) == entry_id)
        .order_by(col(RegisterAct.number))
    )
    papers = (
        select(RegisterPaper)
        .where(col(RegisterPaper.entry_id) == entry_id)
        .order_by(col(RegisterPaper.id))
    )
    content = content_of(desk, entry)
    done = [rows.done(desk.keys, each) for each in await desk.session.exec(acts)]
    named = content.get(leads_on.CASE) if leads_on.CASE in table.adds else None
    led_to = await leads_on.led_to(desk, named)
    return EntryStanding(
        settings=desk.settings,
        acts=done,
        caller=desk.caller,
        today=desk.today,
        words={},
        entry=entry,
        table=table,
        content=content,
        names=await subjects.names_of(desk, entry),
        papers=(await desk.session.exec(papers)).all(),
        is_relatives=await _is_relatives(desk, table, entry),
        led_to=led_to,
        is_mended=await leads_on.is_mended(desk, content.get(leads_on.MONEY), led_to, done),
        told=await scores.told(desk, content),
    )


async def _is_relatives(desk: Desk, table: RegisterTable, entry: RegisterEntry) -> bool:
    """Whether it is about a near relative of the caller's; asked only where the table needs it."""
    if not any(RELATIVES in act.needs for act in table.acts.values()):
        return False
    number = content_of(desk, entry).get("id_number")
    indexes = await subjects.everybody(desk, entry, number)
    return await near_relatives.is_one(desk.session, desk.caller, indexes)


def lawful(at: EntryStanding) -> Iterator[tuple[Act, list[str]]]:
    """The acts of the caller's at this state, each with what is still missing for it."""
    return needs.lawful(NEEDS, at.table.acts_from(at.entry.state), at)


async def _prepared(
    desk: Desk, at: EntryStanding, act: Act, said: Mapping[str, Any]
) -> EntryStanding:
    """The act's words understood, its needs met, its effects had."""
    readers = asking.plain_readers(desk.today) | {"paper": lambda _, word: _paper(word, at)}
    at = replace(at, words=asking.understand(act, said, readers))
    needs.insist(NEEDS, needs_in_words(), at.table, act, at)
    added = await EFFECTS[act.does](Tools(desk, open_entry, do), at) if act.does else {}
    return replace(at, words={**at.words, **added})


def _paper(word: Any, at: EntryStanding) -> str:
    paper = at.paper(str(UUID(asking.plain_text(word, 36))))
    if paper is None:
        raise ValueError("it is no paper of this entry")
    return str(paper.id)


async def _move(desk: Desk, at: EntryStanding, act: Act) -> None:
    """The entry's new state and words, and the row of what was done."""
    entry, table = at.entry, at.table
    before = entry.state or table.begins
    to_state = moving.led_to(act.way, before, at, lambda name: str(at.said.get(name)))
    moving.move(entry, table, act, to_state, at, desk.now)
    if not act.aside or act.does == TAKES:
        entry.last_act = act.name
    entry.owner = at.words.get("owner", entry.owner)
    entry.area = _above(entry.area, at)
    entry.against = at.against
    if entry.owner in entry.against:
        if "owner" in at.words:
            raise GivenToTheAccused()
        entry.owner = None
    elif entry.owner == desk.caller.subject and set(entry.against) & known_as(desk.caller):
        entry.owner = None  # It is against their own unit: it is not there for them any more.
    ended = table.states[to_state].ends
    entry.closed_on = (entry.closed_on or desk.today) if ended else None
    entry.closed_at = entry.closed_at if ended else None
    entry.only_key = _only_key(desk, table, entry.about, at.said, open_still=not ended)
    entry.content_sealed = desk.keys.encrypt(
        json.dumps(at.said, ensure_ascii=False),
        table="register_entry",
        column="content_sealed",
        row=entry.id,
    )
    desk.session.add(entry)
    await desk.session.flush()
    await tags.keep(desk, table, entry, at.said)
    _, witness = rows.write_down(
        desk,
        RegisterAct,
        entry,
        act.name,
        before,
        at.words,
        entry_id=entry.id,
        happened_on=_happened_on(act, at.words, desk.today),
    )
    await desk.session.flush()
    await desk.note(
        f"{entry.kind}-{act.name}",
        str(entry.id),
        {
            "number": entry.number,
            "to": to_state,
            "version": entry.version,
            "row": witness,
        },
    )


def _above(area: str, at: EntryStanding) -> str:
    """The area an entry belongs to: of those above whom it is against, by unit or by rank."""
    for name, levels in at.table.lifted.items():
        level = levels.get(str(at.said.get(name)))
        area = area[: LEVELS[level]] if level else area
    for name in at.table.against:
        unit = str(at.said.get(name, ""))
        if unit.isdigit() and area.startswith(unit):
            area = unit[:6] if len(unit) == 9 else unit[:9]
    return area


def _happened_on(act: Act, words: Mapping[str, Any], today: date) -> date:
    """The day an act speaks of: the first date or month it says, or the day it is done."""
    for field in act.fields.values():
        if field.type == "date" and field.name in words and field.name != act.due:
            return date.fromisoformat(words[field.name])
        if field.type == "month" and field.name in words:
            return Month.parse(words[field.name]).first_day()
    return today


def _only_key(
    desk: Desk,
    table: RegisterTable,
    about: str | None,
    said: Mapping[str, Any],
    *,
    open_still: bool,
) -> bytes | None:
    """What no second entry of the register may be about, as a key that says nothing."""
    names = table.one_per or (table.one_open_per if open_still else ())
    if not names:
        return None
    words = [about if name == "about" else said.get(name) for name in names]
    return desk.keys.blind_index(json.dumps(words), column="register_entry.only_key")


async def _next_number(desk: Desk, table: RegisterTable) -> str:
    """The next number of the series: gapless, for it is counted in the entry's own transaction."""
    words = {
        "id": new_id(),
        "county": desk.caller.county,
        "series": table.number,
        "year": desk.today.year,
    }
    last = (await run(desk.session, _COUNT_ON, words)).scalar_one()
    return f"{table.number}-{desk.today.year}-{last:04d}"
