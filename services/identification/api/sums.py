"""What a case would change of what is paid each month, or changed once it was decided."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.identification import people
from services.identification.api.cases import Reader, desk_of
from services.identification.api.own_cases import Own
from services.identification.casework import applicants, cases, sums
from services.identification.casework.own import doors
from services.identification.casework.own.doors import IdentityNotSeen
from shared.routes import CommittedRoute, Now, Reading

router = APIRouter(route_class=CommittedRoute)


@router.get("/cases/{case_id}/sums")
async def show(
    case_id: UUID, request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """Of every household it touches, what is paid a month before and after, as benefits reckons."""
    desk = desk_of(request, session, caller, now)
    return sums.in_words(await sums.of_case(desk, await cases.stand(desk, case_id)))


@router.get("/my/cases/{case_id}/sums")
async def show_own(
    case_id: UUID, request: Request, session: Reading, caller: Own, now: Now
) -> dict[str, Any]:
    """The same of one's own household: what it is paid together, and oneself."""
    desk = desk_of(request, session, caller, now)
    at = await cases.stand(desk, case_id)
    if not doors.is_seen(at):
        raise IdentityNotSeen()
    found = await sums.of_case(desk, at)
    if found is None:
        return sums.in_words(None)
    identity = await applicants.identity(session, desk.keys, caller)
    oneself = await people.resolve(session, desk.keys, caller.county, identity.id_number)
    own = [each.of(str(oneself)) for each in found.homes[:1]]
    return sums.in_words(replace(found, homes=own))
