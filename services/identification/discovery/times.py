"""How fast help came to whoever was found: from the lead to the first act that helps or decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.discovery.reporting import LEAD
from services.identification.models import CaseAct, RegisterAct, RegisterEntry
from services.identification.registers.standing import content_of, there_for
from services.identification.registers.tables import all_registers
from shared.months import Month

HELPS: Final = ("advance", "confirm")
"""The acts that pay first, or decide that money is owed."""
LISTED_MAX: Final = 2_000
_HOUR_SECONDS: Final = 3_600


async def of_month(desk: Desk, month: Month) -> dict[str, Any]:
    """Every lead of a month, of the caller's areas, with its times; the median of those helped."""
    first, behind = month.first_day(), month.next().first_day()
    rows = await desk.session.exec(
        select(RegisterEntry)
        .where(
            col(RegisterEntry.kind) == LEAD,
            col(RegisterEntry.opened_on) >= first,
            col(RegisterEntry.opened_on) < behind,
            there_for(desk.caller),
        )
        .order_by(col(RegisterEntry.id))
        .limit(LISTED_MAX)
    )
    leads = list(rows)
    said = {lead.id: content_of(desk, lead) for lead in leads}
    cases = {
        lead.id: UUID(said[lead.id]["case_id"]) for lead in leads if "case_id" in said[lead.id]
    }
    contacted = await _first(desk, RegisterAct, [lead.id for lead in leads], ("contact",))
    helped = await _first(desk, CaseAct, list(cases.values()), HELPS)
    items = [
        _shown(lead, said[lead.id], contacted.get(lead.id), helped.get(cases.get(lead.id)))
        for lead in leads
    ]
    hours = [each["hours_to_help"] for each in items if each["hours_to_help"] is not None]
    return {
        "month": str(month),
        "leads": len(items),
        "opened": sum(each["case_id"] is not None for each in items),
        "helped": len(hours),
        "median_hours_to_help": round(median(hours)) if hours else None,
        "items": items,
    }


async def _first(
    desk: Desk, kind: type[RegisterAct] | type[CaseAct], ids: Sequence[UUID], acts: Sequence[str]
) -> Mapping[UUID | None, datetime]:
    """When one of these acts was first done, by entry or case."""
    of = col(kind.entry_id) if kind is RegisterAct else col(CaseAct.case_id)
    rows = await desk.session.exec(
        select(of, func.min(col(kind.done_at)))
        .where(of.in_(ids), col(kind.act).in_(acts))
        .group_by(of)
    )
    return dict(rows.all())


def _shown(
    lead: RegisterEntry,
    said: Mapping[str, Any],
    contacted_at: datetime | None,
    helped_at: datetime | None,
) -> dict[str, Any]:
    words = all_registers()[LEAD].states[lead.state].words
    return {
        "entry_id": str(lead.id),
        "number": lead.number,
        "area": lead.area,
        "source": said["source"],
        "programme": said["programme"],
        "owner": lead.owner,
        "state": lead.state,
        "state_words": words.both(),
        "found_on": said["found_on"],
        "reported_at": lead.opened_at.isoformat(),
        "contacted_at": contacted_at.isoformat() if contacted_at else None,
        "case_id": said.get("case_id"),
        "receipt": said.get("receipt"),
        "helped_at": helped_at.isoformat() if helped_at else None,
        "hours_to_help": _hours(lead.opened_at, helped_at),
    }


def _hours(first: datetime, last: datetime | None) -> int | None:
    return None if last is None else int((last - first).total_seconds()) // _HOUR_SECONDS
