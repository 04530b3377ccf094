"""Everything known of one household, from one of its cases or from the register."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.identification.api.cases import Reader, desk_of
from services.identification.api.comparisons import names_of
from services.identification.casework import cases as casework
from services.identification.desk import Desk
from services.identification.dossier import beside, cases, whom
from services.identification.dossier.whom import Whom
from shared.look_ups import LookUp
from shared.routes import CommittedRoute, LookedUp, Now, Reading

router = APIRouter(route_class=CommittedRoute)

READ = "dossier-read"


@router.get("/cases/{case_id}/dossier")
async def of_case(
    case_id: UUID,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    looked_up: LookedUp,
) -> dict[str, Any]:
    """The households of whoever a case is about, their other cases and what was told in them, the
    entries of registers and the alerts about them; who read it is audited."""
    desk = desk_of(request, session, caller, now)
    at = await casework.stand(desk, case_id)
    looked_up.append(LookUp(caller.subject, READ, str(case_id)))
    return await _shown(request, desk, await whom.of_case(desk, at), case_id)


@router.get("/households/{household_id}/dossier")
async def of_household(
    household_id: UUID,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    looked_up: LookedUp,
) -> dict[str, Any]:
    """The same of a household of the register: every case there ever was."""
    desk = desk_of(request, session, caller, now)
    about = await whom.of_household(desk, household_id)
    looked_up.append(LookUp(caller.subject, READ, str(household_id)))
    return await _shown(request, desk, about, None)


async def _shown(request: Request, desk: Desk, about: Whom, case_id: UUID | None) -> dict[str, Any]:
    theirs = await cases.of(desk, about, case_id)
    ids = [UUID(each["case_id"]) for each in theirs] + ([case_id] if case_id else [])
    return {
        "households": about.shown(),
        "cases": theirs,
        "entries": await beside.entries(desk, about, ids),
        "alerts": await beside.raised(desk, about, ids, names_of(request)),
    }
