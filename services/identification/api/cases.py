"""Cases: opened, written, moved by acts; their queue, their search, their papers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api.forms import done_of, form_of
from services.identification.api.patterns import PERSON_KEY, VILLAGE
from services.identification.api.workdays import settings_of
from services.identification.casework import (
    applicants,
    care,
    cases,
    doubts,
    finding,
    foresight,
    guardians,
    handing_in,
    homes,
    households,
    masks,
    objections,
    queues,
    said_of_members,
    said_relatives,
)
from services.identification.casework.decisions import (
    advances,
    appeals,
    certificates,
    moving_home,
    payee_answers,
    payees,
)
from services.identification.casework.lists import postings
from services.identification.casework.looking_again import samples
from services.identification.casework.needs import findings, raising
from services.identification.casework.papers import (
    archive,
    blank_forms,
    documents,
    filed_before,
    letters,
)
from services.identification.casework.paths import all_paths, called
from services.identification.casework.standing import Standing
from services.identification.comparison import traces
from services.identification.desk import Desk
from services.identification.places import Place
from services.identification.settings import Settings
from services.identification.workdays import naming
from shared.callers import Caller, Kind, needs
from shared.look_ups import searched
from shared.problems import Problem
from shared.routes import CommittedRoute, LookedUp, Now, Reading, Transaction
from shared.searching import Searched

plain = APIRouter(route_class=CommittedRoute)

SCOPES = (
    "cases:read", "cases:apply", "cases:accept", "cases:survey", "cases:review", "cases:check",
    "cases:decide", "cases:hear", "cases:identify",
)  # fmt: skip
Reader = Annotated[Caller, needs(*SCOPES, kinds=(Kind.STAFF,))]
Opener = Annotated[Caller, needs("cases:apply", "cases:hear", kinds=(Kind.STAFF,))]
Bringer = Annotated[Caller, needs(*SCOPES[1:], kinds=(Kind.STAFF,))]
Doer = Annotated[Caller, needs(*SCOPES, kinds=(Kind.STAFF,))]


class Opening(BaseModel):
    """A case to be opened."""

    model_config = ConfigDict(extra="forbid")

    category: str = Field(max_length=40)
    village: str | None = Field(default=None, pattern=VILLAGE)
    household_id: UUID | None = None
    household_number: str | None = Field(default=None, min_length=1, max_length=100)
    about_case_id: UUID | None = None
    about_receipt: str | None = Field(default=None, min_length=1, max_length=20)
    channel: str | None = Field(default=None, max_length=20)


class Doing(BaseModel):
    """An act to be done to a case that stands at a version."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=0)
    words: dict[str, Any] = Field(default_factory=dict, max_length=60)


@plain.post("/cases", status_code=201)
async def open_case(
    words: Opening, request: Request, session: Transaction, caller: Opener, now: Now
) -> dict[str, Any]:
    """Open a case; its receipt number is what the applicant is told."""
    desk = desk_of(request, session, caller, now)
    household_id = words.household_id
    if household_id is None and words.household_number is not None:
        household_id = await households.id_of(session, caller, words.household_number)
    if words.category == certificates.CATEGORY:
        await certificates.refuse_second(desk, household_id)
    about_id = words.about_case_id
    if about_id is None and words.about_receipt is not None:
        about_id = await cases.id_of(desk, words.about_receipt)
    case = await cases.open_case(
        desk, words.category, words.village, household_id, about_id, said=words.channel
    )
    return queues.row(case, desk.today)


@plain.get("/case-queues")
async def queue_counts(
    request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """How many cases of each category and state wait for the caller."""
    desk = desk_of(request, session, caller, now)
    return {"items": await queues.counts(session, caller, desk.today)}


@plain.get("/cases")
async def queue(
    request: Request,
    session: Reading,
    caller: Reader,
    now: Now,
    looked_up: LookedUp,
    query: Searched,
    category: Annotated[str | None, Query(max_length=40)] = None,
    state: Annotated[str | None, Query(max_length=40)] = None,
    village: Annotated[str | None, Query(pattern=VILLAGE)] = None,
    overdue: bool = False,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """The caller's queue, the most urgent first; or what is searched for, audited."""
    desk = desk_of(request, session, caller, now)
    if query is not None:
        place: Place = request.app.state.place
        found = await finding.search(session, desk.keys, place, caller, desk.today, query)
        looked_up.append(searched(caller, "cases", found))
        return {"items": found}
    items = await queues.queue(
        session,
        caller,
        desk.today,
        category=category,
        state=state,
        village=village,
        overdue=overdue,
        after=after,
        limit=limit,
    )
    return {"items": items, "next": items[-1]["case_id"] if len(items) == limit else None}


@plain.get("/case-paths")
async def paths(caller: Reader) -> dict[str, Any]:
    """Every category's table, as pages draw their forms from it."""
    del caller
    return {
        "items": [
            {
                "category": path.category,
                "name": path.words.both(),
                "states": {
                    name: {**each.words.both(), "ends": each.ends}
                    for name, each in path.states.items()
                },
            }
            for path in all_paths().values()
        ]
    }


@plain.get("/cases/{case_id}")
async def show(
    case_id: UUID, request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """A case whole, with ID numbers masked: what it says, what was done, its papers, and what the
    caller may do next."""
    desk = desk_of(request, session, caller, now)
    return await shown(desk, await cases.stand(desk, case_id))


@plain.post("/cases/{case_id}/acts/{act}")
async def do(
    case_id: UUID,
    act: str,
    words: Doing,
    request: Request,
    session: Transaction,
    caller: Doer,
    now: Now,
) -> dict[str, Any]:
    """Do one act of the table; the case as it stands then."""
    desk = desk_of(request, session, caller, now)
    try:
        at = await cases.do(desk, case_id, act, words.version, words.words)
    except applicants.TelephoneDiffers:
        await applicants.count_wrong_ending(request.app.state.database, desk, case_id)
        raise
    return await shown(desk, at)


@plain.post("/cases/{case_id}/papers", status_code=201)
async def add_paper(
    case_id: UUID,
    request: Request,
    session: Transaction,
    caller: Bringer,
    now: Now,
    kind: Annotated[str, Query(max_length=40)],
    of_person: Annotated[str | None, Query(pattern=PERSON_KEY)] = None,
    adds: bool = False,
) -> dict[str, Any]:
    """Put a paper on a case (raw body), in the place of the earlier one or as a further page."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    content, by = await request.body(), documents.Hand.AT_A_DESK
    paper = await documents.add(
        desk, settings.files_dir, case_id, kind, of_person, content, by, adds=adds
    )
    return {"document_id": str(paper.id), "sha256": paper.sha256, "media_type": paper.media_type}


@plain.get("/cases/{case_id}/papers/{document_id}")
async def read_paper(
    case_id: UUID,
    document_id: UUID,
    request: Request,
    session: Transaction,
    caller: Reader,
    now: Now,
) -> Response:
    """A paper's content; that it was read is written down."""
    desk = desk_of(request, session, caller, now)
    settings: Settings = request.app.state.settings
    media_type, content = await documents.read(desk, settings.files_dir, case_id, document_id)
    return attached(media_type, content)


def desk_of(request: Request, session: Transaction, caller: Caller, now: Now) -> Desk:
    """What casework works with in this request."""
    state = request.app.state
    return Desk(
        session,
        state.keys,
        settings_of(request),
        caller,
        now,
        state.clock.today(),
        payments=state.peers["payments"],
        benefits=state.peers["benefits"],
        villages=state.place.called_in_full,
        files_dir=state.settings.files_dir,
    )


def attached(media_type: str, content: bytes, name: str | None = None) -> Response:
    """A file as an answer: kept, never opened in the page."""
    disposition = f'attachment; filename="{name}"' if name else "attachment"
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
    )


async def shown(desk: Desk, at: Standing) -> dict[str, Any]:
    """A case whole and masked; while it is open, with what it would change of the register."""
    case = whole(at) | {
        "alerts": await traces.leading_to(desk, at.case.id),
        "moves": await naming.moves_of(desk.session, at.case.id),
        "payees_not_taken": await payee_answers.of_case(desk, at),
        "register_differs": await said_of_members.shown(desk, at),
    }
    case["queries"] += await doubts.of_register(desk, at)
    if at.path.about_household and at.case.closed_at is None:
        try:
            found = await foresight.foresee(desk.session, desk.keys, at)
            case["effect"] = {
                "households": homes.shown(found),
                "care": care.shown(at),
                "payees": payees.shown(at),
                "goes_along": await moving_home.shown(desk, at, found.own),
                "may_rise": raising.raises(found),
                "counts_again": found.own.counts_again,
                "rests_on": sorted(findings.wanted(at)),
                "over_townships": bool(handing_in.other_townships(at, found)),
                "left_alone": await _left_alone(desk, at, found),
            }
            if found.merged is not None:
                until = str(found.merged.until)
                case["effect"]["merged"] = {"into": found.merged.into, "until": until}
        except Problem as problem:
            # A request that cannot be carried out is shown as such, and is begun anew.
            case["effect"] = {
                "impossible": {"type": f"/problems/{problem.slug()}", "en": problem.title()}
            }
    return masks.masked(case)


async def _left_alone(desk: Desk, at: Standing, found: homes.Foresight) -> list[dict[str, Any]]:
    """Whom it leaves without anybody who could act for them, and who of them has a guardian."""
    will_be = await handing_in.as_it_will_be(desk, at, found.own)
    return [
        {"name": each.name, "guarded": guardians.is_guarded(will_be, each, at.today)}
        for each in guardians.left_alone(will_be, found.own.leaving, at.today)
    ]


def whole(at: Standing) -> dict[str, Any]:
    """A case as its readers see it."""
    return {
        **queues.row(at.case, at.today),
        "channel": at.case.channel,
        "accepted_on": at.case.accepted_on and at.case.accepted_on.isoformat(),
        "household_id": at.case.household_id and str(at.case.household_id),
        "about": at.about
        and {
            "case_id": str(at.about.case.id),
            "receipt": at.about.case.receipt,
            "last_day": (until := appeals.last_day(at)) and until.isoformat(),
        },
        "relatives": [
            {
                "officer": each.called or each.officer,
                "relation": each.relation,
                "person_key": each.person_key,
            }
            for each in at.related
        ],
        "paid_first": advances.shown(at),
        "objections": objections.shown(at),
        "relatives_said": said_relatives.shown(at),
        "form": at.case.form_number and {"year": at.case.form_year, "number": at.case.form_number},
        "may_be_appealed": not at.path.about_case and at.decided is not None,
        "application": at.application.model_dump(mode="json"),
        "asks_whose": at.path.is_of_one,
        "queries": at.application.flaws(at.today),
        "visits_awaiting": sorted({e for survey, _ in at.surveys() for e in at.awaited(survey)}),
        "visit_first": samples.unvisited(at),
        "history": [
            done_of(
                each,
                called(at.path, each.act),
                {k: v for k, v in each.words.items() if k != "application"},
            )
            for each in at.acts
        ],
        "papers": [
            {
                "document_id": str(each.id),
                "kind": each.kind,
                "of_person": each.of_person,
                "media_type": each.media_type,
                "size_bytes": each.size_bytes,
                "sha256": each.sha256,
                "replaced": each.replaced_by is not None,
            }
            for each in at.documents
        ],
        "letters": [
            {"letter": each.name, "name": each.words.both()} for each in letters.of_case(at)
        ],
        "forms": blank_forms.of_case(at),
        "to_bring": archive.brought_by_applicants(at),
        "archive": [_item(at, each) for each in archive.items(at)],
        "postings": [
            {
                "stage": each.stage,
                "list": postings.BOARDS[each.stage].both(),
                "round": each.round,
                "first_day": each.first_day.isoformat(),
                "last_day": each.last_day.isoformat(),
                "taken_down_on": each.taken_down_on and each.taken_down_on.isoformat(),
            }
            for each in at.postings
        ],
        "acts": [
            form_of(act, missing, cases.needs_in_words()) for act, missing in cases.lawful(at)
        ],
    }


def _item(at: Standing, item: archive.Item) -> dict[str, Any]:
    """One of the nine items of the file, how it stands, and what counts of other cases; of those
    that are not the caller's only until when."""
    name, state = archive.ITEMS[item.kind], archive.STATES[item.state]
    called = {each.key: each.name for each in at.application.members}
    return {
        "kind": item.kind,
        "name": name.both(),
        "state": item.state.value,
        "state_words": state.both(),
        "papers": len(item.papers),
        "earlier": len(item.earlier),
        "lacks": [each.name for each in item.lacks],
        "before": [filed_before.shown(each, called, at.caller) for each in item.before],
    }
