"""The low-income database: found, counted, filed, and read by other departments. What is done to it
by hand is asked for in a register."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.cases import desk_of
from services.identification.api.patterns import AREA
from services.identification.low_income import filings, lists, records, slices
from services.identification.low_income.entries import Hand
from services.identification.low_income.records import Asked
from services.identification.place_settings import PlaceSettings
from services.identification.places import Place
from shared.callers import Caller, Kind, needs
from shared.look_ups import LookUp, searched
from shared.routes import After, CommittedRoute, LookedUp, Now, Reading, Transaction
from shared.searching import Searched

router = APIRouter(route_class=CommittedRoute)

Trait = Literal["urban", "rural", "elderly", "minor", "disabled", "women"]
Reader = Annotated[Caller, needs("low-income:read", kinds=(Kind.STAFF,))]
Filer = Annotated[Caller, needs("low-income:file", kinds=(Kind.STAFF,))]
Department = Annotated[Caller, needs("low-income:slice", kinds=(Kind.PARTNER,))]


class Filing(BaseModel):
    """Whose table is filed."""

    model_config = ConfigDict(extra="forbid")

    town: str = Field(pattern=r"^[0-9]{9}$")


@router.get("/low-income")
async def listed(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    looked_up: LookedUp,
    query: Searched,
    group: Annotated[str | None, Query(max_length=40)] = None,
    area: Annotated[str | None, Query(pattern=AREA)] = None,
    trait: Trait | None = None,
    expired: bool = False,
    offset: After = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> dict[str, Any]:
    """Who is in the database: found by ID number or name, or listed as the counts go; audited."""
    hand, place = _hand(request, session, caller, now), _place(request)
    if query is not None:
        items = await records.find(hand, caller, query, place)
        total = len(items)
    else:
        found = await records.current(hand, caller, Asked(area, group, trait, expired))
        total = len(found)
        items = [
            records.row(each.person, each.entry, place, hand.today)
            for each in found[offset : offset + limit]
        ]
    looked_up.append(searched(caller, "low-income", items))
    return {"items": items, "total": total}


@router.get("/low-income/statistics")
async def statistics(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    area: Annotated[str | None, Query(pattern=AREA)] = None,
) -> dict[str, Any]:
    """How many there are in the caller's areas: by group, by place, and by what they are like."""
    hand = _hand(request, session, caller, now)
    found = await records.current(hand, caller, Asked(area=area, expired=None))
    return records.counts(found, _place(request), hand.today)


@router.get("/low-income/lists")
async def united(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    looked_up: LookedUp,
    offset: After = 0,
) -> dict[str, Any]:
    """The province's four lists, united: each beside its source, and what does not agree;
    audited."""
    found = await lists.united(_hand(request, session, caller, now), caller, offset)
    people = len(found["conflicts"]) + len(found["gone"])
    looked_up.append(LookUp(caller.subject, "low-income-lists-read", "low-income", people))
    return found


@router.get("/low-income/filings")
async def filed(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    year: Annotated[int | None, Query(ge=2000, le=2200)] = None,
) -> dict[str, Any]:
    """What townships filed in a year, in time or late, and who waits."""
    hand = _hand(request, session, caller, now)
    return await filings.listed(
        hand, _settings(request), caller, _place(request), year or hand.today.year
    )


@router.post("/low-income/filings", status_code=201)
async def file(
    words: Filing, request: Request, session: Transaction, caller: Filer, now: Now
) -> dict[str, Any]:
    """File a township's table with the county."""
    hand = _hand(request, session, caller, now)
    return await filings.file(hand, _settings(request), caller, _place(request), words.town)


@router.get("/low-income/filings/{filing_id}")
async def filing(
    filing_id: UUID,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    looked_up: LookedUp,
) -> dict[str, Any]:
    """One filing with its table; audited."""
    hand = _hand(request, session, caller, now)
    found = await filings.show(hand, caller, _place(request), filing_id)
    people = len(found["items"])
    looked_up.append(LookUp(caller.subject, "low-income-filing-read", str(filing_id), people))
    return found


@router.get("/low-income/slice")
async def own_slice(
    request: Request,
    session: Reading,
    caller: Department,
    now: Now,
    looked_up: LookedUp,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> dict[str, Any]:
    """What another department may read, and no more; audited. It may read all of it every day, so
    its people do not count."""
    hand = _hand(request, session, caller, now)
    page = await slices.page(hand, _settings(request), caller, after, limit)
    details = {"people": len(page["items"]), "fields": page["fields"]}
    looked_up.append(LookUp(caller.subject, "low-income-slice-read", caller.subject, 0, details))
    return page


@router.get("/low-income/{low_income_id}")
async def show(
    low_income_id: UUID,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    looked_up: LookedUp,
) -> dict[str, Any]:
    """One person with every group they were in; audited."""
    hand = _hand(request, session, caller, now)
    found = await records.show(hand, caller, _place(request), low_income_id)
    looked_up.append(LookUp(caller.subject, "low-income-person-read", str(low_income_id)))
    return found


def _hand(request: Request, session: Transaction, caller: Caller, now: Now) -> Hand:
    return Hand.of(desk_of(request, session, caller, now))


def _place(request: Request) -> Place:
    place: Place = request.app.state.place
    return place


def _settings(request: Request) -> PlaceSettings:
    settings: PlaceSettings = request.app.state.casework
    return settings
