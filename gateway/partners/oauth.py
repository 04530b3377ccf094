"""Where machines get their tokens, and what they need to know to ask for one."""

from typing import Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from gateway import tokens
from gateway.quotas import spend_by_peer
from gateway.settings import Settings
from shared import audit
from shared.database import Database
from shared.problems import TooLarge

REQUEST_BYTES_MAX: Final = 16 * 1024
FIELDS_MAX: Final = 20
PER_PEER_AND_MINUTE: Final = 120

router = APIRouter()


class RequestTooLarge(TooLarge):
    """This is larger than any request for a token."""


@router.post("/oauth/token")
async def token(request: Request) -> JSONResponse:
    """Give a client its token; what its assertion used up is committed before the answer leaves."""
    spend_by_peer(request, "token", PER_PEER_AND_MINUTE)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > REQUEST_BYTES_MAX:
            raise RequestTooLarge()
    form = _form(request.headers.get("content-type", ""), body)
    if form is None:
        return JSONResponse({"error": "invalid_request"}, 400)
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    async with database.transaction() as session:
        said = await tokens.answer(session, settings, request.app.state.keys, form, {})
        if said.client_id is not None:
            await audit.record(
                session,
                settings.county,
                actor=f"client:{said.client_id}",
                act="token-given",
                subject=f"client:{said.client_id}",
                details={"scope": said.body["scope"]},
            )
    return JSONResponse(said.body, said.status, headers={"Cache-Control": "no-store"})


@router.get("/.well-known/oauth-authorization-server")
async def metadata(request: Request) -> dict[str, Any]:
    """What this authorization server can do (RFC 8414)."""
    return tokens.metadata(request.app.state.settings)


@router.get("/.well-known/jwks.json")
async def public_keys(request: Request) -> dict[str, Any]:
    """The key by which our tokens are checked (RFC 7517)."""
    return tokens.public_key_set(request.app.state.keys)


def _form(content_type: str, body: bytes) -> dict[str, list[str]] | None:
    """The fields, each once (RFC 6749, 3.2); None when it is no such form."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return None
    try:
        form = parse_qs(body.decode("ascii"), max_num_fields=FIELDS_MAX, strict_parsing=True)
    except ValueError:
        return None
    return form if all(len(values) == 1 for values in form.values()) else None
