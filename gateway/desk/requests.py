"""One door at the desk: a request taken in once, its parts as they stand, receipt and papers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.cases import PAPERS
from gateway.desk.desk import peer
from gateway.fields import words_of
from gateway.forms import FormOf, FormUnreadable, Posted, signed_in
from gateway.pages import pages_of, see
from gateway.routes import CASES, PAPER
from gateway.uploads import FormFile, pass_on, posted_file
from gateway.words import AUTHORITIES, AWAY, GRADES, KINDS
from shared import searching
from shared.callers import Caller, needs
from shared.months import COUNTY_ZONE

router = APIRouter(prefix="/staff/requests", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]
Taker = Annotated[Caller, needs("requests:take", kinds=("staff",))]

MEMBERS_SHOWN: Final = 6
OUTSIDE: Final = "outside"
MEMBER_WORDS: Final = (
    "relation", "id_number", "temporary_code", "no_id_reason", "born_on", "disability_grade",
    "disability_kind", "lacks_capacity", "guardian_key", "guardian_authority", "away", "away_since",
)  # fmt: skip
PAPERS_ASKED: Final = (
    "application-form",
    "id-card",
    "household-register",
    "income-proof",
    "illness",
)
CHANNELS: Final = {"one-door": "窗口", "phone": "电话", "village": "村里代办"}


@router.get("")
async def listed(request: Request, caller: Reader) -> Response:
    """The newest requests."""
    return await _listed(request)


@router.post("/searches")
async def find(request: Request, form: FormOf, caller: Reader) -> Response:
    """Those of a receipt or a name; what was searched for stands in no address."""
    return await _listed(request, form.word("query", most=searching.LONGEST))


async def _listed(request: Request, query: str = "") -> Response:
    found = await peer(request, "identification").get("/requests", search=query)
    return pages_of(request).render(
        request,
        "desk/requests.html",
        requests=found["items"],
        query=query,
        channels=CHANNELS,
    )


@router.get("/new")
async def blank(request: Request, caller: Taker) -> Response:
    """The form of a request: who, in which hardship, and everything that is asked for."""
    options = await peer(request, "identification").get("/request-options")
    return pages_of(request).render(
        request,
        "desk/request_new.html",
        options=options,
        rows=range(MEMBERS_SHOWN),
        authorities=AUTHORITIES,
        grades=GRADES,
        kinds=KINDS,
        away=AWAY,
    )


@router.post("")
async def take(request: Request, form: FormOf, caller: Taker) -> Response:
    """Take a request in: every programme and matter that is ticked becomes a part of it."""
    service = peer(request, "identification")
    options = await service.get("/request-options")
    said = {
        "village": form.word("village"),
        "channel": form.word("channel") or None,
        "application": _application(form),
        "programmes": [
            {**whose, "category": category, "words": _of(form, category, each["fields"])}
            for each in options["programmes"]
            if form.word(f"programme-{(category := each['category'])}")
            for whose in _whose(form, category)
        ],
        "matters": [
            _filled(
                matter=matter,
                department=form.word(f"department-{matter}"),
                need=form.word("reason", most=2000),
            )
            for matter in options["matters"]
            if form.word(f"matter-{matter}")
        ],
    }
    if form.word("call_number"):
        said["call"] = {"number": form.word("call_number"), "began_at": _instant(form)}
    taken = await service.post("/requests", said, key=form.key)
    return see(f"/staff/requests/{taken['request_id']}")


@router.get("/{request_id}")
async def look(request_id: UUID, request: Request, caller: Reader) -> Response:
    """A request with all its parts, wherever they are."""
    found = await peer(request, "identification").get(f"/requests/{request_id}")
    return pages_of(request).render(
        request,
        "desk/request.html",
        taken=found,
        papers={kind: PAPERS[kind] for kind in PAPERS_ASKED},
        channels=CHANNELS,
    )


@router.post("/{request_id}/papers/{kind}")
async def add_paper(
    request_id: UUID,
    kind: str,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Taker,
) -> Response:
    """Pass a paper on to every case of the request; nothing of it is kept at the door."""
    if kind not in PAPERS_ASKED:
        raise FormUnreadable(f"{kind} is no kind of paper")
    await pass_on(request, f"/requests/{request_id}/papers?kind={kind}", file, PAPER)
    return see(f"/staff/requests/{request_id}")


def _application(form: Posted) -> dict[str, Any]:
    members: list[dict[str, Any]] = []
    outsiders: dict[str, dict[str, Any]] = {}
    for place in range(MEMBERS_SHOWN):
        name = form.word(f"member-{place}-name")
        if not name:
            continue
        said = {word: form.word(f"member-{place}-{word}") or None for word in MEMBER_WORDS}
        if said["guardian_key"] == OUTSIDE:
            guardian = _outsider(form, place)
            known = outsiders.setdefault(guardian["id_number"], guardian)
            said["guardian_key"] = known["key"]
        members.append({"key": f"m{place}", "name": name, **said})
    return {
        "registration": form.word("registration") or "rural",
        "address": form.word("address"),
        "phone": form.word("phone"),
        "reason": form.word("reason", most=2000),
        "members": members,
        "supporters": list(outsiders.values()),
    }


def _outsider(form: Posted, place: int) -> dict[str, Any]:
    """A guardian who lives elsewhere; one of several children stands there once."""
    words = ("name", "id_number", "relation")
    said = {word: form.word(f"guardian-{place}-{word}") for word in words}
    if not all(said.values()):
        raise FormUnreadable("a guardian who lives elsewhere has a name, an ID number, a relation")
    return {"key": f"guardian-{place}", "lives_together": False, **said}


def _whose(form: Posted, category: str) -> list[dict[str, str]]:
    """For whom a programme is asked, each for themselves; once where nobody is marked."""
    marked = [row for row in range(MEMBERS_SHOWN) if form.word(f"whose-{category}-{row}")]
    return [{"whose": f"m{row}"} for row in marked] or [{}]


def _of(form: Posted, category: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The words of one programme, which stand in the form behind its name."""
    mark = f"{category}-"
    own = {k.removeprefix(mark): v for k, v in form.words.items() if k.startswith(mark)}
    said = words_of(Posted(own, form.key), fields)
    return {name: word for name, word in said.items() if word is not None}


def _filled(**said: str) -> dict[str, str]:
    return {name: word for name, word in said.items() if word}


def _instant(form: Posted) -> str:
    """When a call began: as it is typed, on the county's clock."""
    try:
        began = datetime.fromisoformat(form.word("call_began_at"))
    except ValueError as problem:
        raise FormUnreadable("call_began_at is a day and a time") from problem
    return began.replace(tzinfo=COUNTY_ZONE).isoformat()
