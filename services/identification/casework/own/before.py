"""What citizens were told in their other cases: what was decided of each, with the reasons."""

from typing import Any, Final

from sqlmodel import col, select

from services.identification.casework import applicants
from services.identification.casework.own import doors, view
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseFile

CASES_MAX: Final = 20


async def told(desk: Desk, at: Standing) -> list[dict[str, Any]]:
    """Of the caller's own cases but this one those that were decided, the newest first; nothing
    to a telephone whose holder nobody has seen."""
    if not doors.is_seen(at):
        return []
    statement = (
        select(CaseFile)
        .where(
            applicants.theirs(desk.caller),
            col(CaseFile.id) != at.case.id,
            col(CaseFile.closed_at).is_not(None),
        )
        .order_by(col(CaseFile.id).desc())
        .limit(CASES_MAX)
    )
    found = await standings(desk, (await desk.session.exec(statement)).all())
    return [
        {**view.row(each), "decision": decision}
        for each in found
        if doors.is_seen(each) and (decision := view.decision(each)) is not None
    ]
