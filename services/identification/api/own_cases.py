"""What a citizen does about their own cases; somebody else's case is not there for them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.identification import id_numbers, phones
from services.identification.api.cases import desk_of
from services.identification.api.forms import field_of
from services.identification.api.patterns import PERSON_KEY, VILLAGE
from services.identification.api.prints import HEADERS, pdf
from services.identification.casework import applicants, cases, outcomes
from services.identification.casework.own import applying, before, changing, doors, view
from services.identification.casework.own.doors import IdentityNotSeen
from services.identification.casework.papers import blank_forms, documents, letters
from services.identification.casework.paths import OWN
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.grammar.acts import Act
from services.identification.sealed_papers import NoSuchPaper
from services.identification.settings import Settings
from shared.callers import Caller, Kind, needs
from shared.problems import Malformed
from shared.routes import CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

Own = Annotated[Caller, needs(OWN, kinds=(Kind.CITIZEN,))]
Words = dict[str, Any]


class NotAnIdNumber(Malformed):
    """An ID number that holds is wanted."""


class NotAMobile(Malformed):
    """A mobile telephone's number is wanted."""


class Proven(BaseModel):
    """Somebody who said back the code that was sent to this telephone."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    id_number: str = Field(min_length=1, max_length=40)
    phone: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=60)


class Opening(BaseModel):
    """A case to be opened for oneself."""

    model_config = ConfigDict(extra="forbid")

    category: str = Field(max_length=40)
    village: str | None = Field(default=None, pattern=VILLAGE)


class Doing(BaseModel):
    """An act to one's own case; with a version only if it stands at that one."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = Field(default=None, ge=0)
    words: Words = Field(default_factory=dict, max_length=60)


class Signing(BaseModel):
    """Signing on the phone, by one's name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=60)


class Appealing(BaseModel):
    """What is asked for in an appeal, and why."""

    model_config = ConfigDict(extra="forbid")

    grounds: str = Field(min_length=1, max_length=4000)


@router.post("/applicants")
async def admit(
    words: Proven,
    request: Request,
    session: Transaction,
    caller: Annotated[Caller, needs("applicants:admit", kinds=(Kind.SERVICE,))],
    now: Now,
) -> dict[str, UUID]:
    """The applicant of an ID number and a proven telephone; the same two are the same one."""
    number, phone = id_numbers.normalise(words.id_number), phones.mobile(words.phone)
    if id_numbers.flaw(number, request.app.state.clock.today()) is not None:
        raise NotAnIdNumber()
    if phone is None:
        raise NotAMobile()
    applicant_id = await applicants.admit(
        session,
        request.app.state.keys,
        caller.county,
        id_number=number,
        phone=phone,
        name=words.name.strip(),
        now=now,
        proven=True,
    )
    return {"applicant_id": applicant_id}


@router.get("/programmes")
async def programmes(
    request: Request,
    caller: Annotated[Caller, needs("publicity:read", kinds=(Kind.SERVICE,))],
) -> dict[str, Any]:
    """What one may apply for, and for whom it is, in plain words."""
    del caller
    return {
        "items": [
            {
                "category": path.category,
                "name": path.words.both(),
                "plain": view.in_plain_words(path, request.app.state.casework),
            }
            for path in view.offered()
        ]
    }


@router.post("/my/cases", status_code=201)
async def open_own(
    words: Opening, request: Request, session: Transaction, caller: Own, now: Now
) -> Words:
    """Begin to apply; or go on, where an application of that kind is open."""
    desk = desk_of(request, session, caller, now)
    at = await applying.open_own(desk, request.app.state.place, words.category, words.village)
    return await _whole(desk, at)


@router.get("/my/cases")
async def mine(request: Request, session: Reading, caller: Own, now: Now) -> Words:
    """One's own cases, the newest first."""
    desk = desk_of(request, session, caller, now)
    identity = await applicants.identity(session, desk.keys, caller)
    return {
        "items": [view.row(at) for at in await applying.mine(desk)],
        "called": identity.name,
        "village": identity.village,
    }


@router.get("/my/cases/{case_id}")
async def look(case_id: UUID, request: Request, session: Reading, caller: Own, now: Now) -> Words:
    """One of one's own cases, as far as it is one's own business."""
    desk = desk_of(request, session, caller, now)
    return await _whole(desk, await cases.stand(desk, case_id))


@router.post("/my/cases/{case_id}/parts/{part}")
async def write(
    case_id: UUID,
    part: str,
    words: Words,
    request: Request,
    session: Transaction,
    caller: Own,
    now: Now,
) -> Words:
    """Say one part of an application anew; it is kept at once."""
    desk = desk_of(request, session, caller, now)
    return await _whole(desk, await applying.write(desk, case_id, part, words))


@router.post("/my/cases/{case_id}/acts/{act}")
async def do(
    case_id: UUID,
    act: str,
    words: Doing,
    request: Request,
    session: Transaction,
    caller: Own,
    now: Now,
) -> Words:
    """Hand in, bring what was missing, answer, withdraw: an act the table opens to applicants."""
    desk = desk_of(request, session, caller, now)
    return await _whole(desk, await applying.do(desk, case_id, act, words.version, words.words))


@router.post("/my/cases/{case_id}/signature")
async def sign(
    case_id: UUID,
    words: Signing,
    request: Request,
    session: Transaction,
    caller: Own,
    now: Now,
) -> Words:
    """Sign authorisation and commitment on the phone."""
    desk, settings = desk_of(request, session, caller, now), _settings(request)
    place = request.app.state.place
    at = await applying.sign(desk, place, settings.files_dir, case_id, words.name)
    return await _whole(desk, at)


@router.post("/my/cases/{case_id}/appeals", status_code=201)
async def appeal(
    case_id: UUID,
    words: Appealing,
    request: Request,
    session: Transaction,
    caller: Own,
    now: Now,
) -> Words:
    """Appeal against what was decided: heard by others than those who decided."""
    desk = desk_of(request, session, caller, now)
    return await _whole(desk, await applying.appeal(desk, case_id, words.grounds))


@router.post("/my/cases/{case_id}/papers", status_code=201)
async def add_paper(
    case_id: UUID,
    request: Request,
    session: Transaction,
    caller: Own,
    now: Now,
    kind: Annotated[str, Query(max_length=40)],
    of_person: Annotated[str | None, Query(pattern=PERSON_KEY)] = None,
    adds: bool = True,
) -> Words:
    """File a photo of a paper (raw body), as a further page or in the place of the earlier one."""
    desk, settings = desk_of(request, session, caller, now), _settings(request)
    paper = await applying.add_paper(
        desk,
        settings.files_dir,
        case_id,
        kind=kind,
        of_person=of_person,
        content=await request.body(),
        adds=adds,
    )
    return {"document_id": str(paper.id), "media_type": paper.media_type}


@router.get("/my/cases/{case_id}/papers/{document_id}")
async def read_paper(
    case_id: UUID,
    document_id: UUID,
    request: Request,
    session: Transaction,
    caller: Own,
    now: Now,
) -> Response:
    """One's own paper's content; that it was read is written down."""
    desk, settings = desk_of(request, session, caller, now), _settings(request)
    at = await cases.stand(desk, case_id)
    paper = at.document(str(document_id))
    if paper is None or not doors.may_read_paper(at, paper):
        raise NoSuchPaper()
    media_type, content = await documents.read(desk, settings.files_dir, case_id, document_id)
    return Response(content, media_type=media_type, headers=HEADERS)


@router.get("/my/cases/{case_id}/letters/{letter}")
async def letter(
    case_id: UUID, letter: str, request: Request, session: Transaction, caller: Own, now: Now
) -> Response:
    """A letter to the applicant as PDF – receipt, what is missing, decision – which is audited."""
    desk = desk_of(request, session, caller, now)
    at = await cases.stand(desk, case_id)
    if not doors.may_read_letter(at, letter):
        raise IdentityNotSeen()
    return pdf(await letters.printed(desk, request.app.state.place, at, letter))


@router.get("/my/cases/{case_id}/forms/{form}")
async def form(
    case_id: UUID, form: str, request: Request, session: Transaction, caller: Own, now: Now
) -> Response:
    """A form to be signed on paper, of what this telephone wrote or once seen; it is audited."""
    desk = desk_of(request, session, caller, now)
    at = await cases.stand(desk, case_id)
    if not doors.may_print_form(at):
        raise IdentityNotSeen()
    return pdf(await blank_forms.printed(desk, request.app.state.place, at, form, own=True))


async def _whole(desk: Desk, at: Standing) -> Words:
    """A case as its applicant reads it, with the form it is handed in by; of a change, with what
    may be reported and what it would change; and what was decided of their other cases."""
    case = view.whole(at)
    words_open = doors.may_read_words(at)
    return {
        **case,
        "hands_in": case["hands_in"] and _form(case["hands_in"]),
        "reports": [_form(act) for act in changing.reports(at)] if words_open else [],
        "effect": await changing.effect(desk, at) if words_open else None,
        "outcome": await outcomes.shown(desk, at) if doors.is_seen(at) else None,
        "before": await before.told(desk, at),
    }


def _form(act: Act) -> Words:
    fields = {name: field_of(field) for name, field in act.fields.items()}
    return {"act": act.name, "name": act.words.both(), "fields": fields}


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
