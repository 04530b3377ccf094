"""Registers at the desk, each drawn from its table: a list with counts, an entry, its next acts."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gateway import endings
from gateway.desk.desk import do_act, peer, said_of, together, with_accounts
from gateway.fields import in_words, words_of
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import PAPER, REGISTERS
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller, needs
from shared.months import civil_date
from shared.problems import NotFound

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*REGISTERS, kinds=("staff",))]

ABOUT: Final[Mapping[str, str]] = {
    "household": "户（户号）",
    "person": "人（身份证号）",
    "low-income": "低收入人口库中的人（从本人的页面提请）",
    "village": "村（社区，十二位代码）",
    "case": "申请（编号）",
    "unit": "单位",
    "nothing": "不针对某一个",
}
"""What an entry may be about, and how it is named in the form."""
BEGUN_AT: Final[Mapping[str, str]] = {"low-income-request": "/staff/low-income"}
"""Where a register's entries begin that a form of its own asks for better than its table does."""
FILTERS: Final = ("state", "list", "owner", "month", "area", "about", "number", "found", "open")


class NoSuchRegister(NotFound):
    """There is no such register, or it is not yours to read."""


@router.get("/registers")
async def registers(request: Request, caller: Reader) -> Response:
    """The registers the reader may read."""
    found = await peer(request, "identification").get("/registers")
    return pages_of(request).render(request, "desk/registers.html", registers=found["items"])


@router.get("/registers/{kind}")
async def entries(kind: str, request: Request, caller: Reader) -> Response:
    """A register's list as it is asked for, with counts that open the entries behind them."""
    said = said_of(request, FILTERS)
    if request.query_params.get("field") and request.query_params.get("word"):
        said["found"] = f"{request.query_params['field']}:{request.query_params['word']}"
    after = request.query_params.get("after") or None
    service = peer(request, "identification")
    tables, found, counts = await together(
        service.get("/registers"),
        service.get(f"/registers/{kind}", {**said, "after": after}),
        service.get(f"/registers/{kind}/counts", {"area": said.get("area")}),
    )
    open_of = {each["owner"]: each["open"] for each in counts["owners"] if each["open"]}
    async with request.app.state.database.transaction() as session:
        ended = await endings.ended(session, filter(None, open_of))
    return pages_of(request).render(
        request,
        "desk/register.html",
        left=[
            {"owner": owner, "on": civil_date(when).isoformat(), "count": open_of[owner]}
            for owner, when in sorted(ended.items())
        ],
        register=_of_kind(tables, kind),
        begun_at=BEGUN_AT.get(kind, f"/staff/registers/{kind}/new"),
        entries=found["items"],
        onward=found["next"] and urlencode({**said, "after": found["next"]}),
        counts=counts,
        asked=said,
        opened=request.query_params.get("opened", "")[:40],
        workbook=urlencode(said),
        words=in_words,
        opens=lambda query: urlencode({**query, **{k: said[k] for k in ("area",) if k in said}}),
    )


@router.get("/registers/{kind}/missing")
async def missing(kind: str, request: Request, caller: Reader, entered: str = "") -> Response:
    """Who is to be on a register and is not."""
    service = peer(request, "identification")
    tables, found = await together(
        service.get("/registers"), service.get(f"/registers/{kind}/missing")
    )
    register = _of_kind(tables, kind)
    return pages_of(request).render(
        request, "desk/register_missing.html", register=register, entered=entered[:9], **found
    )


@router.post("/registers/{kind}/missing")
async def enter(kind: str, request: Request, form: FormOf, caller: Reader) -> Response:
    """Enter whoever is missing, so many at a time."""
    done = await peer(request, "identification").post(
        f"/registers/{kind}/missing", {}, key=form.key
    )
    return see(f"/staff/registers/{kind}/missing?{urlencode({'entered': done['entered']})}")


@router.get("/registers/{kind}/new")
async def blank(
    kind: str,
    request: Request,
    caller: Reader,
    about_kind: Annotated[str, Query(max_length=20)] = "",
    about: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The form of a new entry; another page may have said what it is about."""
    register = _of_kind(await peer(request, "identification").get("/registers"), kind)
    if register["opens"] is None:
        raise NoSuchRegister()
    return pages_of(request).render(
        request,
        "desk/register_new.html",
        register=register,
        about_words=ABOUT,
        about_kind=about_kind,
        about=about,
    )


@router.post("/registers/{kind}")
async def open_entry(kind: str, request: Request, form: FormOf, caller: Reader) -> Response:
    """Open an entry with the words of its form; sums are typed in yuan."""
    service = peer(request, "identification")
    register = _of_kind(await service.get("/registers"), kind)
    fields = register["opens"]["fields"] if register["opens"] else {}
    each = form.word("each")
    if each:
        round_of = {
            "each": each,
            "area": form.word("area") or None,
            "words": await with_accounts(request, fields, words_of(form, fields)),
        }
        await service.post(f"/registers/{kind}/each", round_of, key=form.key)
        return see(f"/staff/registers/{kind}")
    said: dict[str, Any] = {"about_kind": form.word("about_kind") or register["about"][0]}
    said |= {name: form.word(name) for name in ("about", "area") if form.word(name)}
    said["words"] = await with_accounts(request, fields, words_of(form, fields))
    opened = await service.post(f"/registers/{kind}", said, key=form.key)
    return see(f"/staff/registers/{kind}?{urlencode({'opened': opened['number']})}")


@router.get("/entries/{entry_id}")
async def look(entry_id: UUID, request: Request, caller: Reader) -> Response:
    """An entry whole, with the acts its reader may do next."""
    entry = await peer(request, "identification").get(f"/entries/{entry_id}")
    return pages_of(request).render(request, "desk/entry.html", entry=entry, words=in_words)


@router.get("/entries/{entry_id}/numbers")
async def numbers(entry_id: UUID, request: Request, caller: Reader) -> Response:
    """The ID numbers and telephones an entry says, in clear; written down."""
    found = await peer(request, "identification").get(f"/entries/{entry_id}/numbers")
    return pages_of(request).render(
        request,
        "desk/numbers.html",
        back=f"/staff/entries/{entry_id}",
        called=found["number"],
        phone="、".join(found["phones"]),
        others=[{"zh": "身份证号", "id_number": each} for each in found["id_numbers"]],
    )


@router.post("/entries/{entry_id}/papers")
async def add_paper(
    entry_id: UUID,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Reader,
) -> Response:
    """Pass a paper on as it comes; nothing of it is kept at the door."""
    await pass_on(request, f"/entries/{entry_id}/papers", file, PAPER)
    return see(f"/staff/entries/{entry_id}")


@router.post("/entries/{entry_id}/acts/{act}")
async def do(entry_id: UUID, act: str, request: Request, form: FormOf, caller: Reader) -> Response:
    """Do an act with the words of its form."""
    await do_act(request, f"/entries/{entry_id}", act, form)
    return see(f"/staff/entries/{entry_id}")


def _of_kind(tables: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    for each in tables["items"]:
        if each["kind"] == kind:
            found: Mapping[str, Any] = each
            return found
    raise NoSuchRegister()
