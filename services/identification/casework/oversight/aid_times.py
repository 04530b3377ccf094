"""How fast help came: every case of temporary assistance, from its report to help in hand."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text

from services.identification.casework.decisions.aid import HELPED, PROGRAMME
from services.identification.casework.paths import all_paths
from services.identification.desk import Desk
from shared.database import run
from shared.months import Month, civil_date

_SECONDS_A_MINUTE: Final = 60
LISTED_MAX: Final = 2_000
_TIMES: Final = text("""
    SELECT id, receipt, village, head_name, state, state_due_on, reported_at, accepted_at,
        helped_at
    FROM (
        SELECT c.id, c.receipt, c.village, c.head_name, c.state, c.state_due_on,
            min(a.done_at) FILTER (WHERE a.act = 'report') AS reported_at,
            min(a.done_at) FILTER (WHERE a.act = 'accept') AS accepted_at,
            min(a.done_at) FILTER (WHERE a.act = ANY(:helped)) AS helped_at
        FROM case_file c JOIN case_act a ON a.case_id = c.id
        WHERE c.category = :category AND c.village LIKE ANY(CAST(:areas AS text[]))
        GROUP BY c.id
    ) AS times
    WHERE reported_at IS NOT NULL AND reported_at >= CAST(:since AS date) - 1
        AND reported_at < CAST(:until AS date) + 1
    ORDER BY reported_at, id
    LIMIT :most
""")


async def of_month(desk: Desk, month: Month) -> dict[str, Any]:
    """Every case reported in a month, of the caller's areas, with its times; and how many wait."""
    areas = [f"{area}%" for area in desk.caller.divisions]
    words = {
        "category": PROGRAMME,
        "helped": list(HELPED),
        "areas": areas,
        "since": month.first_day(),
        "until": month.next().first_day(),
        "most": LISTED_MAX,
    }
    # Days are the county's: what the database brings too many at either end is left out here.
    rows = [
        row
        for row in await run(desk.session, _TIMES, words)
        if Month.of(civil_date(row.reported_at)) == month
    ]
    items = [_shown(desk, row) for row in rows]
    return {
        "month": str(month),
        "reported": len(items),
        "helped": sum(each["helped_at"] is not None for each in items),
        "papers_overdue": sum(each["papers_overdue"] for each in items),
        "items": items,
    }


def _shown(desk: Desk, row: Any) -> dict[str, Any]:
    words = all_paths()[PROGRAMME].states[row.state].words
    late = row.state == "advanced" and row.state_due_on is not None
    return {
        "case_id": str(row.id),
        "receipt": row.receipt,
        "village": row.village,
        "head_name": row.head_name,
        "state": row.state,
        "state_words": words.both(),
        "reported_at": _said(row.reported_at),
        "accepted_at": _said(row.accepted_at),
        "helped_at": _said(row.helped_at),
        "minutes_to_help": _minutes(row.reported_at, row.helped_at),
        "papers_due_on": row.state_due_on.isoformat() if late else None,
        "papers_overdue": bool(late and row.state_due_on < desk.today),
    }


def _minutes(first: datetime, last: datetime | None) -> int | None:
    return None if last is None else int((last - first).total_seconds()) // _SECONDS_A_MINUTE


def _said(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat()
