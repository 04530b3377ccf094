"""Calls of the hotline: what each leads to, and in how many minutes it got there."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import col, func, select

from services.identification.casework import drafts
from services.identification.casework.applications import Application, Member
from services.identification.casework.paths import all_paths
from services.identification.desk import Desk
from services.identification.grammar.moving import NotYours
from services.identification.models import RegisterAct, RegisterEntry
from services.identification.registers.standing import EntryStanding, there_for
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import all_registers
from services.identification.registers.tools import Tools
from services.identification.roster.columns import HEAD
from shared.months import Month
from shared.problems import Malformed

CALL: Final = "call"
CHANNEL: Final = "phone"
ROUTING: Final = ("open-case", "report-lead", "order-service", "refer")
VILLAGE_DIGITS: Final = 12
LISTED_MAX: Final = 2_000
_SECONDS_A_MINUTE: Final = 60


class VillageWanted(Malformed):
    """An application is made in a village: say which, by its twelve digits."""


async def open_case(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """The application a call asks for, with what was said; its receipt is on the call. Where one is
    open already, or being written, it is that one.

    Raises:
        VillageWanted, NotYours: where they live is not said, or not of the caller's area.
    """
    village = str(at.words["village"])
    if len(village) != VILLAGE_DIGITS:
        raise VillageWanted()
    if not tools.desk.caller.may_see(village):
        raise NotYours("the village is not of your area")
    number = at.words.get("id_number")
    name = str(at.content["caller"])
    head = Member(key="head", name=name, relation=HEAD, id_number=number) if number else None
    application = Application(
        phone=str(at.content["caller_number"])[:20],
        reason=str(at.content["situation"]),
        members=(head,) if head else (),
    )
    path = all_paths()[str(at.words["programme"])]
    case = await drafts.begin(tools.desk, path, village, CHANNEL, application)
    at.entry.led_to_id = case.id
    return {"receipt": case.receipt, "case_id": str(case.id)}


async def open_lead(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """A lead to whoever looks after the place, from the hotline."""
    said = {
        "source": "hotline",
        "found_on": at.today.isoformat(),
        "visitor": "12349",
        "name": at.content["caller"],
        "phone": str(at.content["caller_number"])[:20],
        "programme": at.words["programme"],
        "situation": at.content["situation"],
        "source_number": at.entry.number,
    }
    opened = await tools.open_entry(tools.desk, all_registers()["lead"], _same(at), said)
    return {"lead": opened.number}


async def open_order(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """An order of the service the call asks for."""
    said = {
        "service": at.content["category"],
        "client": at.content["caller"],
        "provider": at.words["provider"],
        "need": at.content["situation"],
        "due_on": at.words["due_on"],
        "call": at.entry.number,
    }
    table = all_registers()["service-order"]
    return {"order": (await tools.open_entry(tools.desk, table, _same(at), said)).number}


async def open_referral(tools: Tools, at: EntryStanding) -> Mapping[str, Any]:
    """What is another department's is handed on, and followed there."""
    said = {
        "matter": at.words["matter"],
        "department": at.words["department"],
        "applicant": at.content["caller"],
        "need": at.content["situation"],
        "request": at.entry.number,
    }
    subject = Subject("nothing", None, at.entry.area)
    opened = await tools.open_entry(tools.desk, all_registers()["referral"], subject, said)
    return {"referral": opened.number}


async def times(desk: Desk, month: Month) -> dict[str, Any]:
    """The calls of a month, of the caller's areas: minutes from the call to where it was routed."""
    limit = desk.settings.number("call_case_minutes")
    entry, act = RegisterEntry, RegisterAct
    routed = (
        select(act.entry_id, func.min(col(act.done_at)).label("at"))
        .where(col(act.act).in_(ROUTING))
        .group_by(col(act.entry_id))
        .subquery()
    )
    statement = (
        select(entry, routed.c.at)
        .outerjoin(routed, routed.c.entry_id == col(entry.id))
        .where(
            col(entry.kind) == CALL,
            col(entry.opened_on) >= month.first_day(),
            col(entry.opened_on) < month.next().first_day(),
            there_for(desk.caller),
        )
        .order_by(col(entry.id))
        .limit(LISTED_MAX)
    )
    items = [_timed(each, at, desk, limit) for each, at in await desk.session.exec(statement)]
    measured = [each["minutes"] for each in items if each["minutes"] is not None]
    return {
        "month": str(month),
        "limit_minutes": limit,
        "calls": len(items),
        "routed": len(measured),
        "late": sum(each["late"] for each in items),
        "items": items,
    }


def _timed(entry: RegisterEntry, routed_at: Any, desk: Desk, limit: int) -> dict[str, Any]:
    """A call that was answered and closed on the spot went nowhere, and is late nowhere."""
    until = routed_at or (None if entry.closed_on else desk.now)
    seconds = int((until - entry.opened_at).total_seconds()) if until else None
    waited = None if seconds is None else seconds // _SECONDS_A_MINUTE
    return {
        "entry_id": str(entry.id),
        "number": entry.number,
        "area": entry.area,
        "state": entry.state,
        "opened_at": entry.opened_at.isoformat(),
        "minutes": waited if routed_at else None,
        "late": waited is not None and waited > limit,
    }


def _same(at: EntryStanding) -> Subject:
    return Subject(at.entry.about_kind, at.entry.about, at.entry.area)
