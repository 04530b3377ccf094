"""A citizen signs in: the ID number, then the code sent to the phone on record.

What the browser is told, and when, is the same whether the number is on record or not.
"""

import asyncio
import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from stdnum.cn import ric

from gateway import codes, forms, limits, sessions
from gateway.forms import DoorForm, FormOf
from gateway.pages import door_page, pages_of, see
from gateway.quotas import peer_of
from gateway.settings import Settings
from shared import audit, telemetry
from shared.calls import Peer
from shared.database import Database
from shared.ids import new_id
from shared.problems import Problem
from shared.secrets import KeyRing

router = APIRouter()

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９ｘＸ", "0123456789xX")
_SEPARATORS: Final = re.compile(r"[\s\-]")


@router.get("/sign-in")
async def ask_for_number(request: Request) -> Response:
    """The first page: one question, the ID number."""
    return _number_page(request)


@router.post("/sign-in")
async def send_code(request: Request, form: DoorForm) -> Response:
    """Send a code.

    1. Read the number; one that cannot be is sent back with what is wrong with it.
    2. Count the asking; 3. ask who it is; 4. make a code, for nobody if need be;
    5. answer, and only then, if it is somebody, have the code sent.
    """
    settings, database, keys = parts_of(request)
    number = read_number(form.word("id_number"))
    if fault := number_fault(number):
        return _number_page(request, fault, form.word("id_number"), 422)
    browser, now = forms.browser_secret(request), datetime.now(UTC)
    subject = codes.subject_hash(keys, number)
    try:
        async with database.transaction() as session:
            if await codes.asked_before(session, browser, form.key):
                return see("/sign-in/code")
            await limits.ask_for_code(
                session, settings, subject_hash=subject, peer=peer_of(request), now=now
            )
    except limits.AskedTooOften:
        return _number_page(request, "刚发过验证码，请过一会儿再试。", "", 429)
    except limits.TriedTooOften:
        words = "今天试的次数太多了。请带身份证到村委会或镇民政办，工作人员帮您查。"
        return _number_page(request, words, "", 429)
    identification: Peer = request.app.state.peers["identification"]
    found = await identification.post("/people/resolve", {"id_number": number}, key=str(new_id()))
    person_id = UUID(found["person_id"]) if found["person_id"] else None
    async with database.transaction() as session:
        code = await codes.make(
            session,
            settings,
            keys,
            browser=browser,
            form_key=form.key,
            subject=subject,
            person_id=person_id,
            now=now,
        )
    if person_id is not None:
        send_later(request, code, person_id=str(person_id))
    return see("/sign-in/code")


@router.get("/sign-in/code")
async def ask_for_code(request: Request, new: str = "") -> Response:
    """The second page: one question, the code; a `new` applicant's went to the phone they named."""
    if not forms.browser_secret(request):
        return see("/apply/sign-in" if new else "/sign-in")
    return _code_page(request, is_new=bool(new))


@router.post("/sign-in/code")
async def use_code(request: Request, form: DoorForm) -> Response:
    """Let in whom the code opens for: to their assistance, or to their applications alone."""
    settings, database, keys = parts_of(request)
    said = form.word("code").translate(_FULL_WIDTH).replace(" ", "")
    now = datetime.now(UTC)
    async with database.transaction() as session:
        opened = await codes.use(
            session,
            settings,
            keys,
            browser=forms.browser_secret(request),
            said=said,
            peer=peer_of(request),
            now=now,
        )
        if opened is not None:
            person_id = opened.person_id or await _applicant(request, opened.proven)
            applicant = opened.person_id is None
            secret = await sessions.begin(
                session, settings, now, person_id=person_id, applicant=applicant
            )
            await audit.record(
                session,
                settings.county,
                actor=f"citizen:{person_id}",
                act="applicant-signed-in" if applicant else "citizen-signed-in",
                subject=f"citizen:{person_id}",
            )
    if opened is None:
        words = "验证码不对，或已过期。请看清短信再试，或重新发一次。"
        return _code_page(request, words, 401, is_new=bool(form.word("new")))
    answer = see("/my/cases" if applicant else "/my")
    forms.remember_session(request, answer, secret)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, form: FormOf) -> Response:
    """End the session, here and now; open to whoever holds one."""
    database: Database = request.app.state.database
    secret = request.cookies[forms.cookie_names(request).session]
    async with database.transaction() as session:
        await sessions.end(session, secret)
    answer = see("/")
    forms.forget_session(request, answer)
    return answer


def read_number(said: str) -> str:
    """An ID number as typed, in its one writing: half-width, without blanks, X large."""
    return _SEPARATORS.sub("", said.translate(_FULL_WIDTH)).upper()


def number_fault(number: str) -> str | None:
    """What is wrong with an ID number, in words for whoever typed it; None when nothing is."""
    if len(number) != 18:
        few = len(number) < 18
        return f"身份证号{'少' if few else '多'}了{abs(18 - len(number))}位，请再看看。"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "身份证号只有数字，最后一位可以是 X。"
    # An abolished region prefix is still a valid number, so only digits and the date are checked.
    try:
        ric.get_birth_date(number)
    except ValueError:
        return "身份证号里的出生日期不对，请再看看。"
    if ric.calc_check_digit(number) != number[-1]:
        return "身份证号有一位不对，请再看看。"
    return None


async def _applicant(request: Request, proven: codes.Said | None) -> UUID:
    """The applicant whom identification knows by what was proven."""
    assert proven is not None, "a right code opens for somebody"
    identification: Peer = request.app.state.peers["identification"]
    found = await identification.post("/applicants", asdict(proven), key=str(new_id()))
    return UUID(found["applicant_id"])


def send_later(request: Request, code: str, **to: str) -> None:
    """Have a code sent once the answer has left: to a person by id, or to a telephone."""
    settings: Settings = request.app.state.settings
    notifications: Peer = request.app.state.peers["notifications"]

    async def send() -> None:
        words = {
            **to,
            "code": code,
            "minutes": settings.code_minutes_said,
        }
        try:
            await notifications.post("/codes", words, key=str(new_id()))
        except Problem as problem:
            telemetry.log.warning("code-not-sent", because=type(problem).__name__)

    errands: set[asyncio.Task[None]] = request.app.state.errands
    errand = asyncio.create_task(send())
    errands.add(errand)
    errand.add_done_callback(errands.discard)


def parts_of(request: Request) -> tuple[Settings, Database, KeyRing]:
    state = request.app.state
    return state.settings, state.database, state.keys


def _number_page(
    request: Request, problem: str = "", said: str = "", status: int = 200
) -> Response:
    return door_page(request, "palmtop/sign_in.html", status=status, problem=problem, said=said)


def _code_page(
    request: Request, problem: str = "", status: int = 200, *, is_new: bool = False
) -> Response:
    forms.greet_browser(request)
    minutes = request.app.state.settings.code_minutes_said
    return pages_of(request).render(
        request, "palmtop/code.html", status=status, problem=problem, minutes=minutes, is_new=is_new
    )
