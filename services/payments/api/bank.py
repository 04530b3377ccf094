"""The bank's door: it fetches its own files and brings its answers."""

import base64
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from services.payments import bank_door, results
from services.payments.api.reading import Limit, desk_of, responses
from services.payments.results import Received, ResultUnreadable
from shared.callers import Caller, Kind, needs
from shared.problems import Malformed, TooLarge
from shared.routes import CommittedRoute, Now, Reading, StreamedRoute, Transaction

router = APIRouter(route_class=CommittedRoute)
uploads = APIRouter(route_class=StreamedRoute)

Fetcher = Annotated[Caller, needs("bank:fetch", kinds=(Kind.PARTNER,))]
Answerer = Annotated[Caller, needs("bank:answer", kinds=(Kind.PARTNER,))]


class BankNotNamed(Malformed):
    """This client stands for several banks, or not for this one; name one of its own."""


class DigestDiffers(Malformed):
    """The body comes with its Content-Digest, and is the one it was made from."""


@router.get("/bank/envelopes")
async def list_envelopes(
    session: Reading,
    caller: Fetcher,
    after: Annotated[str, Query(pattern="^([0-9a-f-]{36})?$")] = "",
    limit: Limit = 500,
    unfetched: bool = False,
) -> dict[str, Any]:
    """The bank's own files."""
    return await bank_door.listed(session, caller, after=after, limit=limit, unfetched=unfetched)


@router.get("/bank/envelopes/{envelope_id}/file", responses=responses(404, 409, 503))
async def fetch_file(
    envelope_id: UUID, request: Request, session: Transaction, caller: Fetcher, now: Now
) -> FileResponse:
    """The payout file: the same bytes each time, and each fetch is audited."""
    envelope, place = await bank_door.fetch(
        session, caller, request.app.state.settings.files_dir, envelope_id, now
    )
    assert envelope.file_sha256 is not None
    digest = base64.b64encode(bytes.fromhex(envelope.file_sha256)).decode()
    return FileResponse(
        place,
        media_type="application/octet-stream",
        filename=envelope.file_name,
        headers={"Content-Digest": f"sha-256=:{digest}:", "ETag": f'"{envelope.file_sha256}"'},
    )


@router.get("/bank/envelopes/{envelope_id}/manifest", responses=responses(404))
async def fetch_manifest(envelope_id: UUID, session: Reading, caller: Fetcher) -> Response:
    """Count, total, hash, and the hash of the file before: the bytes that are signed."""
    envelope = await bank_door.seen(session, caller, envelope_id)
    return Response(envelope.manifest, media_type="application/json")


@router.get("/bank/envelopes/{envelope_id}/signature", responses=responses(404))
async def fetch_signature(envelope_id: UUID, session: Reading, caller: Fetcher) -> Response:
    """The detached Ed25519 signature of the manifest: 64 bytes."""
    envelope = await bank_door.seen(session, caller, envelope_id)
    return Response(envelope.signature, media_type="application/octet-stream")


@uploads.post("/bank/results", responses=responses(409, 413, 422))
async def receive(
    request: Request,
    response: Response,
    caller: Answerer,
    now: Now,
    name: Annotated[str, Query(min_length=1, max_length=200)],
    bank: Annotated[str | None, Query(max_length=16)] = None,
) -> dict[str, Any]:
    """A bank's answer: kept whole, read whole, applied once."""
    desk = desk_of(request)
    came = Received(_bank_of(caller, bank, set(desk.banks)), name, await _body(request))
    told = await results.receive(
        request.app.state.database, desk, request.app.state.settings.files_dir, caller, came, now
    )
    response.status_code = 200 if told["already_received"] else 201
    return told


def _bank_of(caller: Caller, named: str | None, known: set[str]) -> str:
    own = bank_door.banks_of(caller)
    bank = named or (own[0] if len(own) == 1 else "")
    if bank not in own or bank not in known:
        raise BankNotNamed("say bank=… in the address")
    return bank


async def _body(request: Request) -> bytes:
    """The whole body, within the limit, and the one its digest names."""
    largest = request.app.state.settings.result_bytes_max
    whole = bytearray()
    async for piece in request.stream():
        whole += piece
        if len(whole) > largest:
            raise TooLarge(f"at most {largest} bytes")
    if not whole:
        raise ResultUnreadable("the file is empty")
    digest = base64.b64encode(sha256(whole).digest()).decode()
    if request.headers.get("content-digest") != f"sha-256=:{digest}:":
        raise DigestDiffers("send Content-Digest: sha-256=:base64 of the body's hash:")
    return bytes(whole)
