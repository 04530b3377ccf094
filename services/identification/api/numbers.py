"""ID numbers and telephones in clear, of a case and of an entry: who looked at them is audited."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from services.identification import id_numbers
from services.identification.api import registers
from services.identification.api.cases import Bringer, desk_of
from services.identification.casework import cases, masks
from services.identification.registers import entries
from shared.look_ups import LookUp
from shared.routes import CommittedRoute, LookedUp, Now, Reading

router = APIRouter(route_class=CommittedRoute)

LOOKED_AT = "numbers-looked-at"


@router.get("/cases/{case_id}/numbers")
async def of_case(
    case_id: UUID,
    request: Request,
    session: Reading,
    caller: Bringer,
    now: Now,
    looked_up: LookedUp,
) -> dict[str, Any]:
    """The ID numbers and the telephone of a case, for whoever handles cases; audited."""
    at = await cases.stand(desk_of(request, session, caller, now), case_id)
    looked_up.append(LookUp(caller.subject, LOOKED_AT, str(at.case.id)))
    return masks.in_clear(at)


@router.get("/entries/{entry_id}/numbers")
async def of_entry(
    entry_id: UUID,
    request: Request,
    session: Reading,
    caller: registers.Reader,
    now: Now,
    looked_up: LookedUp,
) -> dict[str, Any]:
    """The ID numbers and telephones an entry says, as far as the caller may read it; audited."""
    at = await entries.stand(desk_of(request, session, caller, now), entry_id)
    said = [at.readable(words) for words in (at.content, *(each.words for each in at.acts))]
    found = [number for words in said for number in id_numbers.all_within(words)]
    called = [str(words[name]) for words in said for name in at.phones(words)]
    looked_up.append(LookUp(caller.subject, LOOKED_AT, str(at.entry.id)))
    return {
        "number": at.entry.number,
        "id_numbers": list(dict.fromkeys(found)),
        "phones": list(dict.fromkeys(called)),
    }
