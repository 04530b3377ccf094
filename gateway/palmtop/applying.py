"""Before an application: what one may apply for, and signing in by one's own telephone.

Nobody is asked whether the register knows them: the code goes to the telephone that was named, and
opens the applications made with it and nothing else.
"""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from gateway import codes, forms, limits
from gateway.codes import Said
from gateway.forms import DoorForm
from gateway.pages import door_page, pages_of, see
from gateway.palmtop.phones import read_phone
from gateway.palmtop.sign_in import number_fault, parts_of, read_number, send_later
from gateway.quotas import peer_of, spend_by_peer
from shared.calls import Peer

router = APIRouter(prefix="/apply")

PER_PEER_AND_MINUTE: Final = 60
NAME_MAX: Final = 60


@router.get("")
async def programmes(request: Request) -> Response:
    """What one may apply for, in plain words; nobody is turned away here."""
    spend_by_peer(request, "public", PER_PEER_AND_MINUTE)
    identification: Peer = request.app.state.peers["identification"]
    found = await identification.get("/programmes")
    return pages_of(request).render(request, "palmtop/programmes.html", programmes=found["items"])


@router.get("/sign-in")
async def ask_who(request: Request) -> Response:
    """Who applies, and by which telephone they are reached."""
    return _who_page(request)


@router.post("/sign-in")
async def send_code(request: Request, form: DoorForm) -> Response:
    """Send a code to the telephone that was named.

    1. Read what was said; what cannot be is sent back with what is wrong with it.
    2. Count the asking, by telephone; 3. make a code; 4. answer, and only then have it sent.
    """
    settings, database, keys = parts_of(request)
    said = {name: form.word(name) for name in ("name", "id_number", "phone")}
    number, phone = read_number(said["id_number"]), read_phone(said["phone"])
    faults = _faults(said["name"], number, phone)
    if faults or phone is None:
        return _who_page(request, faults, said, 422)
    browser, now = forms.browser_secret(request), datetime.now(UTC)
    subject = codes.subject_hash(keys, phone)
    try:
        async with database.transaction() as session:
            if await codes.asked_before(session, browser, form.key):
                return see("/sign-in/code?new=yes")
            await limits.ask_for_code(
                session, settings, subject_hash=subject, peer=peer_of(request), now=now
            )
            code = await codes.make(
                session,
                settings,
                keys,
                browser=browser,
                form_key=form.key,
                subject=subject,
                person_id=None,
                proves=Said(number, phone, said["name"]),
                now=now,
            )
    except limits.AskedTooOften:
        return _who_page(request, {"phone": "刚发过验证码，请过一会儿再试。"}, said, 429)
    except limits.TriedTooOften:
        words = "今天试的次数太多了。请带身份证到村委会或镇民政办，工作人员帮您申请。"
        return _who_page(request, {"phone": words}, said, 429)
    send_later(request, code, phone=phone)
    return see("/sign-in/code?new=yes")


def _faults(name: str, number: str, phone: str | None) -> dict[str, str]:
    """What is wrong, by field, in words for whoever typed it."""
    found: dict[str, str | None] = {
        "name": None if 1 <= len(name) <= NAME_MAX else "请写姓名，和身份证上一样。",
        "id_number": number_fault(number),
        "phone": None if phone else "手机号是 1 开头的 11 位数字，请再看看。",
    }
    return {field: fault for field, fault in found.items() if fault}


def _who_page(
    request: Request,
    faults: dict[str, str] | None = None,
    said: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    return door_page(
        request,
        "palmtop/who.html",
        status=status,
        faults=defaultdict(str, faults or {}),
        said=defaultdict(str, said or {}),
    )
