"""A pay month in sums, and whether what it rests on was learned."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request

from services.benefits import facts, overview, villages
from services.benefits.api.reading import MONTH_TEXT, OFFICES, READING, law_of
from shared.callers import Caller, Kind, needs
from shared.months import Month
from shared.routes import CommittedRoute, Reading

router = APIRouter(route_class=CommittedRoute)

Reader = Annotated[Caller, needs(*READING, kinds=OFFICES)]
VillageReader = Annotated[Caller, needs("lines:read", kinds=OFFICES)]
Importer = Annotated[Caller, needs("roster:import", *READING, kinds=OFFICES)]


@router.get("/months/{pay_month}")
async def read_month(
    pay_month: Annotated[str, Path(pattern=MONTH_TEXT)],
    request: Request,
    session: Reading,
    caller: Reader,
) -> dict[str, Any]:
    """Granted, proposed for recovery and held; and by which law and facts."""
    return await overview.month(session, law_of(request), caller.county, Month.parse(pay_month))


@router.get("/villages/{village}/months/{pay_month}")
async def read_village(
    village: Annotated[str, Path(pattern=r"^\d{12}$")],
    pay_month: Annotated[str, Path(pattern=MONTH_TEXT)],
    request: Request,
    session: Reading,
    caller: VillageReader,
) -> dict[str, Any]:
    """What a village's households are granted, what they were a month before, and who is held."""
    law, month = law_of(request), Month.parse(pay_month)
    return await villages.month(session, law, caller, village, month)


@router.get("/areas/{area}/board-sums")
async def read_board_sums(
    area: Annotated[str, Path(pattern=r"^\d{9}(\d{3})?$")],
    session: Reading,
    caller: Annotated[Caller, needs("publicity:read", kinds=(Kind.SERVICE,))],
) -> dict[str, Any]:
    """The sums a village's or township's board shows, by opaque ids."""
    return await villages.board_sums(session, caller.county, area)


@router.get("/learned/rosters/{import_id}")
async def is_learned(import_id: UUID, session: Reading, caller: Importer) -> dict[str, Any]:
    """Whether the determinations of a roster's import are in, so that a run may be opened."""
    learned = await facts.is_learned(session, "roster", import_id)
    return {"import_id": str(import_id), "learned": learned}
