"""What casework prints: the file of a household as one PDF, and letters."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.identification.api.cases import Reader, desk_of
from services.identification.casework import cases, documents, letters, printing
from services.identification.settings import Settings
from shared.routes import CommittedRoute, Now, Transaction

router = APIRouter(route_class=CommittedRoute)

HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}


@router.get("/cases/{case_id}/file")
async def whole_file(
    case_id: UUID, request: Request, session: Transaction, caller: Reader, now: Now
) -> Response:
    """The file of a household as one PDF; that it was read is written down."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    return _pdf(await documents.whole_file(desk, settings.files_dir, case_id))


@router.get("/cases/{case_id}/letters/{letter}")
async def letter(
    case_id: UUID, letter: str, request: Request, session: Transaction, caller: Reader, now: Now
) -> Response:
    """A letter of a case, once what it tells was done; that it was printed is written down."""
    desk = desk_of(request, session, caller, now)
    at = await cases.stand(desk, case_id)
    return _pdf(await letters.printed(desk, request.app.state.place, at, letter))


def _pdf(content: bytes) -> Response:
    return Response(content, media_type=printing.PDF, headers=HEADERS)
