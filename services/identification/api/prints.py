"""What casework prints: the file of a household as one PDF, letters, and lists of a village."""

from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath

from services.identification.api.cases import Reader, desk_of
from services.identification.api.patterns import AREA, VILLAGE
from services.identification.casework import cases
from services.identification.casework.decisions import certificates, payee_answers
from services.identification.casework.lists import publicity
from services.identification.casework.papers import (
    blank_forms,
    case_files,
    form_numbers,
    household_files,
    letters,
    printing,
)
from services.identification.settings import Settings
from shared.callers import Caller, Kind, needs
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Village = Annotated[str, InPath(pattern=VILLAGE)]
Board = Annotated[str, InPath(pattern=r"^[0-9]{9}([0-9]{3})?$")]

HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}


@router.get("/cases/{case_id}/file")
async def whole_file(
    case_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> Response:
    """The file of one case as one PDF; that it was read is written down."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    return pdf(await case_files.printed(desk, settings.files_dir, case_id))


@router.get("/households/{household_id}/archive")
async def household_archive(
    household_id: UUID, request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """The file of a household over all its cases: nine items, each with every version."""
    desk = desk_of(request, session, caller, now)
    return household_files.shown(desk, await household_files.of_household(desk, household_id))


@router.get("/households/{household_id}/file")
async def household_file(
    household_id: UUID,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
    earlier: bool = False,
) -> Response:
    """The same as one PDF, with the earlier versions where wanted; that it was read is audited."""
    desk = desk_of(request, session, caller, now)
    state = request.app.state
    files: Path = state.settings.files_dir
    return pdf(
        await household_files.printed(desk, files, state.place, household_id, earlier=earlier)
    )


@router.get("/cases/{case_id}/letters/{letter}")
async def letter(
    case_id: UUID, letter: str, request: Request, session: Transaction, caller: Reader, now: Now
) -> Response:
    """A letter of a case, once what it tells was done; that it was printed is written down."""
    desk = desk_of(request, session, caller, now)
    at = await cases.stand(desk, case_id)
    return pdf(await letters.printed(desk, request.app.state.place, at, letter))


@router.get("/cases/{case_id}/forms/{form}")
async def form(
    case_id: UUID,
    form: str,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
    visit: UUID | None = None,
) -> Response:
    """A form of a case to be filled in and signed on paper, of a visit as it was typed in where one
    is named; that it was printed is written down."""
    desk = desk_of(request, session, caller, now)
    at, place = await cases.stand(desk, case_id), request.app.state.place
    return pdf(await blank_forms.printed(desk, place, at, form, str(visit) if visit else None))


@router.get("/cases/{case_id}/certificate")
async def certificate(
    case_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> Response:
    """The certificate of a household; that it was printed is written down."""
    desk = desk_of(request, session, caller, now)
    at = await cases.stand(desk, case_id)
    return pdf(await certificates.printed(desk, request.app.state.place, at))


@router.get("/certificates")
async def undelivered(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    area: Annotated[str | None, Query(pattern=AREA)] = None,
) -> dict[str, Any]:
    """Certificates that wait to be handed over, and those to be taken back, village by village."""
    return await certificates.undelivered(desk_of(request, session, caller, now), area)


@router.get("/payees-not-taken")
async def payees_not_taken(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    area: Annotated[str | None, Query(pattern=AREA)] = None,
) -> dict[str, Any]:
    """Payees whose money does not go where a case decided: why, and what mends it."""
    return await payee_answers.not_taken(desk_of(request, session, caller, now), area)


@router.get("/cases/{case_id}/review-form")
async def review_form(
    case_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> Response:
    """The one combined review form of a case; that it was printed is written down."""
    desk = desk_of(request, session, caller, now)
    at = await cases.stand(desk, case_id)
    return pdf(await form_numbers.printed_form(desk, request.app.state.place, at))


@router.get("/areas/{area}/posting-list")
async def posting_list(
    area: Board, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """The list of a village's or township's board with whole names, to be printed; that it was read
    is written down."""
    desk = desk_of(request, session, caller, now)
    return {"items": await publicity.posting_list(desk, request.app.state.place, area)}


@router.get("/areas/{area}/board")
async def standing_board(
    area: Board,
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
) -> dict[str, Any]:
    """The standing board of a village or a township, as the register is today."""
    desk = desk_of(request, session, caller, now)
    return {"items": await publicity.standing_board(desk, request.app.state.place, area)}


@router.get("/areas/{area}/board-on-paper")
async def board_on_paper(
    area: Board, request: Request, session: Transaction, caller: Reader, now: Now
) -> dict[str, Any]:
    """The same with whole names, to be printed; that it was read is written down."""
    desk = desk_of(request, session, caller, now)
    return {"items": await publicity.board_on_paper(desk, request.app.state.place, area)}


@router.get("/villages/{village}/public-list")
async def public_list(
    village: Village,
    request: Request,
    session: Reading,
    caller: Annotated[Caller, needs("publicity:read", kinds=(Kind.SERVICE,))],
    now: Now,
) -> dict[str, Any]:
    """What anybody may read of a village: who is posted, and who is granted."""
    desk = desk_of(request, session, caller, now)
    return await publicity.of_village(desk, request.app.state.place, village)


def pdf(content: bytes) -> Response:
    """A printed sheet as an answer."""
    return Response(content, media_type=printing.PDF, headers=HEADERS)
