"""One door: requests taken in under one receipt, their parts, their papers, their receipt."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.identification.api.cases import Reader, desk_of
from services.identification.api.forms import field_of
from services.identification.api.patterns import VILLAGE
from services.identification.api.prints import pdf
from services.identification.casework.applications import Application
from services.identification.casework.opening import NoSuchVillage
from services.identification.casework.paths import applied_for
from services.identification.intake import requests
from services.identification.intake.requests import Asked
from services.identification.places import Place
from services.identification.registers.tables import all_registers
from services.identification.settings import Settings
from shared.callers import Caller, Kind, needs
from shared.look_ups import searched
from shared.routes import CommittedRoute, LookedUp, Now, Reading, Transaction
from shared.searching import Searched

router = APIRouter(route_class=CommittedRoute)

Taker = Annotated[Caller, needs("requests:take", kinds=(Kind.STAFF,))]


class Call(BaseModel):
    """Who rang, and when; the number is kept sealed."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(pattern=r"^[0-9+ -]{3,24}$")
    began_at: AwareDatetime


class Programme(BaseModel):
    """A programme that is asked for, with the words its act of handing in asks for; whose it is, by
    key, where it is a person's and the application does not say."""

    model_config = ConfigDict(extra="forbid")

    category: str = Field(max_length=40)
    words: dict[str, Any] = Field(default_factory=dict, max_length=60)
    whose: str | None = Field(default=None, max_length=40)


class Matter(BaseModel):
    """A matter of another department."""

    model_config = ConfigDict(extra="forbid")

    matter: str = Field(max_length=40)
    department: str = Field(max_length=40)
    need: str | None = Field(default=None, max_length=2000)


class Taking(BaseModel):
    """A request: one application, and everything that is asked for with it."""

    model_config = ConfigDict(extra="forbid")

    village: str = Field(pattern=VILLAGE)
    channel: str | None = Field(default=None, max_length=20)
    application: Application
    programmes: list[Programme] = Field(default_factory=list, max_length=20)
    matters: list[Matter] = Field(default_factory=list, max_length=20)
    call: Call | None = None


@router.get("/request-options")
async def options(caller: Taker) -> dict[str, Any]:
    """What may be asked for at the door: programmes, and matters of other departments."""
    del caller
    fields = all_registers()[requests.REFERRAL].opens.fields
    return {
        "programmes": [
            {
                "category": path.category,
                "name": path.words.both(),
                "asks_whose": path.is_of_one,
                "fields": {name: field_of(field) for name, field in act.fields.items()},
            }
            for path in applied_for().values()
            if (act := path.hand_in) is not None
        ],
        "matters": field_of(fields["matter"])["choices"],
        "departments": field_of(fields["department"])["choices"],
    }


@router.post("/requests", status_code=201)
async def receive(
    words: Taking, request: Request, session: Transaction, caller: Taker, now: Now
) -> dict[str, Any]:
    """Take a request in and split it; its receipt is what the applicant is told."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    if words.village not in place.villages:
        raise NoSuchVillage()
    asked = Asked(
        [requests.Programme(**dict(each)) for each in words.programmes],
        [each.model_dump(exclude_none=True) for each in words.matters],
    )
    call = words.call.model_dump(mode="json") if words.call else None
    taken = await requests.receive(
        desk, words.village, words.channel, words.application, asked, call
    )
    return await requests.shown(desk, taken)


@router.get("/requests")
async def page(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    looked_up: LookedUp,
    query: Searched,
) -> dict[str, Any]:
    """The newest requests of the caller's areas; or those of a receipt or a name, audited."""
    desk = desk_of(request, session, caller, now)
    items = await requests.listed(desk, query)
    if query is not None:
        looked_up.append(searched(caller, "requests", items))
    return {"items": items}


@router.get("/requests/{request_id}")
async def look(
    request_id: UUID, request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """A request with its parts as they stand now."""
    desk = desk_of(request, session, caller, now)
    return await requests.shown(desk, await requests.stand(desk, request_id))


@router.post("/requests/{request_id}/papers", status_code=201)
async def add_paper(
    request_id: UUID,
    request: Request,
    session: Transaction,
    caller: Taker,
    now: Now,
    kind: Annotated[str, Query(max_length=40)],
) -> dict[str, Any]:
    """A paper given once (raw body) goes to every open case of the request."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    taken = await requests.stand(desk, request_id)
    content = await request.body()
    return {
        "document_ids": await requests.add_paper(desk, settings.files_dir, taken, kind, content)
    }


@router.get("/requests/{request_id}/receipt")
async def receipt(
    request_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> Response:
    """The receipt as PDF: every part and how it stands; that it was printed is written down."""
    desk = desk_of(request, session, caller, now)
    taken = await requests.stand(desk, request_id)
    return pdf(await requests.receipt(desk, request.app.state.place, taken))
