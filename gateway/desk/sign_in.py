"""Staff sign in by name and password; what is wrong is never said more closely than that."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from gateway import codes, forms, limits, sessions, staff
from gateway.forms import DoorForm
from gateway.models import Tried
from gateway.pages import door_page, see
from gateway.quotas import peer_of
from gateway.settings import Settings
from shared import audit
from shared.database import Database
from shared.secrets import KeyRing

router = APIRouter()

WRONG = "用户名或密码不对，或者试错太多、账号在休息。过一会儿再试。"


@router.get("/staff/sign-in")
async def ask(request: Request) -> Response:
    """Name and password."""
    return _page(request)


@router.post("/staff/sign-in")
async def sign_in(request: Request, form: DoorForm) -> Response:
    """Let a member of staff in."""
    settings: Settings = request.app.state.settings
    database: Database = request.app.state.database
    keys: KeyRing = request.app.state.keys
    peer = peer_of(request)
    name, password, now = form.word("name"), form.words.get("password", ""), datetime.now(UTC)
    try:
        async with database.transaction() as session:
            await limits.try_password(session, settings, peer=peer, now=now)
    except limits.AskedTooOften:
        return _page(request, WRONG, name, 429)
    member = await staff.check(database, settings, name=name, password=password, now=now)
    async with database.transaction() as session:
        if member is None:
            limits.note(
                session,
                settings,
                Tried.PASSWORD_WRONG,
                subject_hash=codes.subject_hash(keys, f"staff:{name}"),
                peer=peer,
                now=now,
            )
        else:
            secret = await sessions.begin(session, settings, now, staff_id=member.id)
            await audit.record(
                session,
                settings.county,
                actor=f"staff:{member.name}",
                act="staff-signed-in",
                subject=f"staff:{member.name}",
            )
    if member is None:
        return _page(request, WRONG, name, 401)
    answer = see("/staff")
    forms.remember_session(request, answer, secret)
    return answer


def _page(request: Request, problem: str = "", said: str = "", status: int = 200) -> Response:
    return door_page(request, "desk/sign_in.html", status=status, problem=problem, said=said)
