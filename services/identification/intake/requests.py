"""One door: a hardship is taken in once, under one receipt, and split to the programmes it needs.

Each programme of ours gets a case with the same application, handed in at once; what is another
department's is handed on and followed. All of it happens, or none.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import id_numbers, phones
from services.identification.areas import of_areas
from services.identification.casework import cases, channels, drafts, opening, queues, reading
from services.identification.casework.applications import Application, new_receipt
from services.identification.casework.needs import temporary
from services.identification.casework.papers import documents, printing
from services.identification.casework.paths import ONCE, CasePath, all_paths, applied_for
from services.identification.casework.tools import application_of
from services.identification.desk import Desk
from services.identification.grammar.acts import Act
from services.identification.grammar.asking import read_as
from services.identification.grammar.moving import NotYours
from services.identification.models import CaseFile, RegisterEntry, Request, RequestPart
from services.identification.places import Place
from services.identification.registers import entries, lists
from services.identification.registers.standing import content_of, is_there_for
from services.identification.registers.subjects import Subject
from services.identification.registers.tables import LEVELS, all_registers
from shared.database import new_id
from shared.months import written
from shared.problems import Malformed, NotFound

REFERRAL: Final = "referral"
LISTED_MAX: Final = 100


class NoSuchRequest(NotFound):
    """There is no such request here."""


class NothingAsked(Malformed):
    """A request is by somebody who is named, and asks for something, each once."""


class NotAtThisDoor(Malformed):
    """This is not applied for at the door."""


@dataclass(frozen=True)
class Programme:
    """A programme that is asked for, with the words of handing in; by key whose it is, where it is
    a person's and the application does not say."""

    category: str
    words: Mapping[str, Any]
    whose: str | None = None


@dataclass(frozen=True)
class Asked:
    """What a request asks for: programmes, and other matters."""

    programmes: Sequence[Programme]
    matters: Sequence[Mapping[str, Any]]


async def receive(
    desk: Desk,
    village: str,
    said: str | None,
    application: Application,
    asked: Asked,
    call: Mapping[str, Any] | None = None,
) -> Request:
    """Take a request in: one receipt, a part for everything it asks for.

    A programme somebody it is asked for has an open case of gets no second one: that case is the
    part. A draft is no such case: what is said here is written in it, and it is handed in.

    Raises:
        NothingAsked, NotAtThisDoor, NotYours, ChannelNotYours: before anything is kept.
        NotYet, ActNotUnderstood: a part cannot be handed in so; then no part is.
        MovedOn: somebody went on with a draft in the same moment.
    """
    applicant = application.applicant
    if applicant is None or not (asked.programmes or asked.matters):
        raise NothingAsked()
    if not desk.caller.may_see(village):
        raise NotYours("the village is not of your area")
    channel = channels.through(desk.caller, village, said, channels.ONE_DOOR)
    application = await _with_codes(desk, application, asked)
    request_id, receipt = new_id(), new_receipt("request")
    content = {"phone": application.phone, "reason": application.reason, "call": call}
    request = Request(
        id=request_id,
        county=desk.caller.county,
        receipt=receipt,
        village=village,
        channel=channel,
        head_name=applicant.name,
        received_by=desk.caller.subject,
        received_at=desk.now,
        content_sealed=desk.keys.encrypt(
            json.dumps(content, ensure_ascii=False),
            table="request",
            column="content_sealed",
            row=request_id,
        ),
    )
    desk.session.add(request)
    await desk.session.flush()
    parts = [await _programme(desk, request, application, each) for each in asked.programmes]
    parts += [await _matter(desk, request, words) for words in asked.matters]
    for number, part in enumerate(parts, 1):
        part.number = number
        desk.session.add(part)
    await desk.session.flush()
    await desk.note("request-received", str(request_id), {"channel": channel, "parts": len(parts)})
    return request


async def stand(desk: Desk, request_id: UUID) -> Request:
    """A request the caller may know of.

    Raises:
        NoSuchRequest: there is none, or it is not of the caller's area.
    """
    request = await desk.session.get(Request, request_id)
    if request is None or not desk.caller.may_see(request.village):
        raise NoSuchRequest()
    return request


async def listed(desk: Desk, query: str | None) -> list[dict[str, Any]]:
    """The newest requests of the caller's areas, or those of a receipt or a name."""
    statement = (
        select(Request)
        .where(of_areas(desk.caller, col(Request.village)))
        .order_by(col(Request.id).desc())
        .limit(LISTED_MAX)
    )
    if query:
        word = query.strip()
        named = col(Request.head_name).startswith(word, autoescape=True)
        statement = statement.where((col(Request.receipt) == word.upper()) | named)
    return [row(each) for each in await desk.session.exec(statement)]


def row(request: Request) -> dict[str, Any]:
    """One line of the list of requests."""
    return {
        "request_id": str(request.id),
        "receipt": request.receipt,
        "village": request.village,
        "channel": request.channel,
        "head_name": request.head_name,
        "received_by": request.received_by,
        "received_at": request.received_at.isoformat(),
    }


async def shown(desk: Desk, request: Request) -> dict[str, Any]:
    """A request with all its parts as they stand now; it is open while one of them is.

    Numbers are masked: the telephone is looked at in one of its cases, where that is audited.
    """
    content = json.loads(
        desk.keys.decrypt(
            request.content_sealed, table="request", column="content_sealed", row=request.id
        )
    )
    call, phone = content["call"], phones.masked_to_officers(content["phone"])
    parts = [await _part(desk, each) for each in await _parts(desk, request)]
    return {
        **row(request),
        **id_numbers.masked_within(content),
        "phone": phone,
        "call": call and {**call, "number": phones.masked_to_officers(call["number"])},
        "parts": parts,
        "open": any(not part["ended"] for part in parts),
    }


async def add_paper(
    desk: Desk, files: Path, request: Request, kind: str, content: bytes
) -> list[str]:
    """A paper given once goes to every case of the request that is still open, as the applicant's:
    a further page, which takes no other's place.

    Raises:
        NothingAsked: no case of it is open.
        NearRelative, OfficersPaper, NotInYourHands, NoPaper, PaperTooLarge: of any of them, before
            anything is kept.
    """
    added, parts = [], await _parts(desk, request)
    await reading.hold(desk, {each.case_id for each in parts if each.case_id})
    for part in parts:
        case = await desk.session.get(CaseFile, part.case_id) if part.case_id else None
        if case is not None and case.closed_at is None:
            paper = await documents.add(
                desk, files, case.id, kind, None, content, documents.Hand.AT_A_DESK, adds=True
            )
            added.append(str(paper.id))
    if not added:
        raise NothingAsked("no case of this request is open")
    return added


async def receipt(desk: Desk, place: Place, request: Request) -> bytes:
    """The receipt as PDF: every part, where it is, and how it stands."""
    found = await shown(desk, request)
    town = place.towns.get(request.village[:9], request.village[:9])
    day = desk.today
    lines = [f"{part['number']}. {_in_words(part)}" for part in found["parts"]]
    await desk.note("request-receipt-printed", str(request.id))
    return printing.sheet(
        "letter",
        {
            "title": "受理单",
            "number": f"编号 {request.receipt}",
            "text": [
                f"{request.head_name}：",
                "您反映的困难已经一次受理，分为下列事项，由我们分头办理，您不必再跑其他窗口：",
                *lines,
                f"凭编号可随时向村（居）委会或{town}查询各项进度。办理不收任何费用。",
            ],
            "body": f"{place.name}民政局",
            "seal": "一门受理窗口印章",
            "on": written(day),
            "entrusted": None,
        },
    )


def _in_words(part: Mapping[str, Any]) -> str:
    where = f"（{part['reference']}）"
    said = f"{part['name']['zh']}{where}：{part['state_words']['zh']}"
    return f"{said}，此前已在办" if part["was_open"] else said


async def _programme(
    desk: Desk,
    request: Request,
    application: Application,
    asked: Programme,
) -> RequestPart:
    """The case of a programme that was handed in and is open; or one that is handed in with the
    application: the draft that somebody left, or a new one.

    Raises:
        NotAtThisDoor: it is not applied for.
        ActNotUnderstood: whose it is said to be is nobody of the application.
    """
    path, hand_in, application = _applied_for(asked, application)
    found = await drafts.open_of(desk, path, application)
    part = RequestPart(county=request.county, request_id=request.id, number=0)
    for case in found:
        if not drafts.is_one(case, path) and await _is_the_same(desk, path, case, asked):
            part.case_id, part.was_open = case.id, True
            return part
    how = (request.village, request.channel, application)
    draft = next((each for each in found if drafts.is_one(each, path)), None)
    if draft is None:
        case = await opening.begin(desk, path, *how)
    else:
        case = await drafts.go_on(desk, draft, *how)
    await cases.do(desk, case.id, hand_in.name, case.version, asked.words)
    part.case_id = case.id
    return part


def _applied_for(asked: Programme, application: Application) -> tuple[CasePath, Act, Application]:
    """The table of a programme with its act of handing in, and the application for whom it is."""
    path = applied_for().get(asked.category)
    if path is None or path.hand_in is None:
        raise NotAtThisDoor(f"there are {', '.join(applied_for())}")
    if asked.whose is not None:
        with read_as("whose"):
            application = Application.model_validate({**dict(application), "whose": asked.whose})
    return path, path.hand_in, application


async def _is_the_same(desk: Desk, path: CasePath, case: CaseFile, asked: Programme) -> bool:
    """Whether an open case is what is asked for; of what is given once, for the same cause."""
    if path.grant is None or path.grant.whose != ONCE:
        return True
    (at,) = await reading.standings(desk, [case])
    return bool(temporary.reported(at)["cause"] == asked.words.get("cause"))


async def _with_codes(desk: Desk, application: Application, asked: Asked) -> Application:
    """The application with a code for whoever has no number: that of a draft, or a new one; so it
    is one code in every part."""
    for each in asked.programmes:
        path, _, said = _applied_for(each, application)
        for case in await drafts.open_of(desk, path, said):
            application = drafts.codes_of(application_of(desk.keys, case), application)
    return application.coded()


async def _matter(desk: Desk, request: Request, words: Mapping[str, Any]) -> RequestPart:
    """A matter of another department, on the register of what was handed on."""
    table = all_registers()[REFERRAL]
    subject = Subject("nothing", None, request.village[: LEVELS[table.level]])
    said = {**words, "applicant": request.head_name, "request": request.receipt}
    entry = await entries.open_entry(desk, table, subject, said)
    return RequestPart(
        county=request.county,
        request_id=request.id,
        number=0,
        entry_id=entry.id,
        matter=str(words["matter"]),
    )


async def _parts(desk: Desk, request: Request) -> Sequence[RequestPart]:
    statement = (
        select(RequestPart)
        .where(col(RequestPart.request_id) == request.id)
        .order_by(col(RequestPart.number))
    )
    return (await desk.session.exec(statement)).all()


async def _part(desk: Desk, part: RequestPart) -> dict[str, Any]:
    """A part as it stands now: where it is, and whether it has ended."""
    found: dict[str, Any]
    if part.case_id is not None:
        case = await desk.session.get(CaseFile, part.case_id)
        assert case is not None, "cases are never taken away"
        path = all_paths()[case.category]
        line = queues.row(case, desk.today)
        found = {
            "kind": "case",
            "case_id": str(case.id),
            "reference": case.receipt,
            "name": path.words.both(),
            "ended": case.closed_at is not None,
        }
    else:
        entry = await desk.session.get(RegisterEntry, part.entry_id)
        assert entry is not None, "entries are never taken away"
        table = all_registers()[REFERRAL]
        line = lists.row(desk, table, entry)
        said = content_of(desk, entry)
        matter = table.fields["matter"].choices[str(said["matter"])]
        office = table.fields["department"].choices[str(said["department"])]
        found = {
            "kind": "matter",
            "entry_id": str(entry.id) if is_there_for(desk.caller, table, entry) else None,
            "reference": entry.number,
            "name": {"zh": f"{matter.zh}，{office.zh}", "en": f"{matter.en}, {office.en}"},
            "outcome": said.get("outcome"),
            "ended": entry.closed_on is not None,
        }
    return {
        "number": part.number,
        "was_open": part.was_open,
        **found,
        **{name: line[name] for name in ("state", "state_words", "due_on", "overdue")},
    }
