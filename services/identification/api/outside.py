"""Registers for whoever is not signed in, asked by the gateway: file, ask after it, and read."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import desk_of
from services.identification.api.forms import field_of
from services.identification.api.patterns import AREA
from services.identification.places import Place
from services.identification.registers import outside
from services.identification.registers.tables import all_registers
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Door = Annotated[Caller, needs("registers:outside", kinds=(Kind.SERVICE,))]


class Filing(BaseModel):
    """What somebody files: of which area, and in which words."""

    model_config = ConfigDict(extra="forbid")

    area: str | None = Field(default=None, pattern=AREA)
    words: dict[str, Any] = Field(default_factory=dict, max_length=40)


class Asking(BaseModel):
    """The number and the code somebody was given."""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(max_length=40)
    code: str = Field(max_length=20)


@router.get("/registers/{kind}/outside")
async def form(kind: str, caller: Door) -> dict[str, Any]:
    """What is asked of whoever files."""
    del caller
    table, asked = outside.filed_at(kind)
    fields = {name: field_of(table.opens.fields[name]) for name in asked.asks}
    return {"kind": kind, "name": table.words.both(), "fields": fields}


@router.post("/registers/{kind}/outside", status_code=201)
async def file(
    kind: str, words: Filing, request: Request, session: Transaction, caller: Door, now: Now
) -> dict[str, Any]:
    """Take in what somebody files; the number and the code are told once."""
    desk = desk_of(request, session, caller, now)
    place: Place = request.app.state.place
    entry, code = await outside.file(desk, place, kind, words.area, words.words)
    return {"number": entry.number, "code": code, "due_on": entry.due_on}


@router.post("/registers/{kind}/outside/state")
async def state(
    kind: str, words: Asking, request: Request, session: Transaction, caller: Door, now: Now
) -> dict[str, Any]:
    """How it stands, for whoever has the number and the code."""
    desk = desk_of(request, session, caller, now)
    entry, told = await outside.told(desk, kind, words.number, words.code)
    table = all_registers()[kind]
    return {
        "number": entry.number,
        "opened_on": entry.opened_on,
        "state_words": table.states[entry.state].words.both(),
        "state_since": entry.state_since,
        "due_on": entry.due_on,
        "told": [{**field_of(table.fields[name]), "said": said} for name, said in told.items()],
    }


@router.get("/registers/{kind}/public")
async def public(
    kind: str,
    request: Request,
    session: Reading,
    caller: Door,
    now: Now,
    area: Annotated[str | None, Query(pattern=AREA)] = None,
) -> dict[str, Any]:
    """What anybody may read of a register."""
    desk = desk_of(request, session, caller, now)
    shown = await outside.published(desk, kind, area)
    table = all_registers()[kind]
    return {
        "kind": kind,
        "name": table.words.both(),
        "items": [
            {
                "area": entry.area,
                "public_since": entry.public_since,
                "state_words": table.states[entry.state].words.both(),
                "says": [
                    {"field": name, **field_of(table.fields[name]), "said": said[name]}
                    for name in table.public
                    if name in said
                ],
            }
            for entry, said in shown
        ],
    }
