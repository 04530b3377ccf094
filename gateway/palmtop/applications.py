"""My applications: what I applied for, where it stands, what comes next, and what I can do."""

import re
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import sums
from gateway.fields import words_of
from gateway.forms import FormOf, FormUnreadable, signed_in
from gateway.pages import pages_of, see
from gateway.palmtop import plain
from gateway.palmtop.plain import NoSuchStep, Steps
from shared.callers import Caller, needs
from shared.calls import Peer
from shared.problems import Problem, SpokenByPeer

router = APIRouter(prefix="/my/cases", dependencies=[Depends(signed_in)])

Own = Annotated[Caller, needs("cases:own", kinds=("citizen",))]

TOWN: Final = re.compile(r"[0-9]{9}")
REASON_MAX: Final = 400
ANSWER_MAX: Final = 2000
GROUNDS_MAX: Final = 4000


@router.get("")
async def mine(request: Request, caller: Own) -> Response:
    """What I applied for, the newest first, and what else there is."""
    found = await office(request, caller).get("/my/cases")
    programmes = await _programmes(request)
    open_ones = {each["category"] for each in found["items"] if not each["ended"]}
    return pages_of(request).render(
        request,
        "palmtop/cases.html",
        called=found["called"],
        to_answer=await to_answer(request, caller),
        cases=found["items"],
        programmes=[each for each in programmes if each["category"] not in open_ones],
    )


@router.get("/new/{category}")
async def where(category: str, request: Request, caller: Own, town: str = "") -> Response:
    """In which village: the one of the register, or town first and then the village."""
    programmes = {each["category"]: each for each in await _programmes(request)}
    if category not in programmes:
        raise NoSuchStep()
    found = await office(request, caller).get("/my/cases")
    pages = pages_of(request)
    own = "" if town else found["village"] or ""
    villages = pages.divisions.villages()
    chosen = town if TOWN.fullmatch(town) else own[:9]
    return pages.render(
        request,
        "palmtop/where.html",
        programme=programmes[category],
        towns=pages.divisions.towns(),
        town=chosen,
        village=own,
        villages={code: name for code, name in villages.items() if code[:9] == chosen and chosen},
    )


@router.post("")
async def begin(request: Request, form: FormOf, caller: Own) -> Response:
    """Begin to apply; or go on where one left."""
    words = {"category": form.word("category"), "village": form.word("village")}
    opened = await office(request, caller).post("/my/cases", words, key=form.key)
    return see(f"/my/cases/{opened['case_id']}")


@router.get("/{case_id}")
async def look(case_id: UUID, request: Request, caller: Own) -> Response:
    """One application: what is left to write, or where it stands and what comes next."""
    identification, path = office(request, caller), f"/my/cases/{case_id}"
    case = await identification.get(path)
    paid = await sums.of_case(identification, path) if case["effect"] or case["outcome"] else None
    return status_page(request, case, paid)


@router.get("/{case_id}/check")
async def check(case_id: UUID, request: Request, caller: Own) -> Response:
    """Everything that was written, once more; and the declaration last."""
    case = await office(request, caller).get(f"/my/cases/{case_id}")
    return await _check_page(request, caller, case)


@router.post("/{case_id}/check")
async def hand_in(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Sign, where it is signed on the phone, and hand in; pressed twice it is done once."""
    identification = office(request, caller)
    case = await identification.get(f"/my/cases/{case_id}")
    name = form.word("name", most=60)
    if case["signs_on_phone"] and not name:
        return await _check_page(request, caller, case, "请写上您的姓名，算是签字。", 422)
    try:
        if case["signs_on_phone"]:
            await _sign(request, caller, case_id, name, f"{form.key}.sign")
    except SpokenByPeer as refused:
        if plain.slug_of(refused) != "another-name":
            raise
        return await _check_page(request, caller, case, "签的名字和申请人不一样，请再看看。", 422)
    if case["hands_in"]:
        act, asked = case["hands_in"]["act"], case["hands_in"]["fields"]
        try:
            words = {"words": words_of(form, asked)}
            await identification.post(
                f"/my/cases/{case_id}/acts/{act}", words, key=f"{form.key}.submit"
            )
        except SpokenByPeer as refused:
            if refused.status != 422:
                raise
            case = await identification.get(f"/my/cases/{case_id}")
            return await _check_page(
                request, caller, case, "有一项没填，或者填得不对，请再看看。", 422
            )
    return see(f"/my/cases/{case_id}")


@router.post("/{case_id}/signature")
async def sign(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Sign one's own letter of authorisation, after it was handed in."""
    await _sign(request, caller, case_id, form.word("name", most=60), form.key)
    return see(f"/my/cases/{case_id}")


@router.post("/{case_id}/bring-papers")
async def bring(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """What was missing is there now."""
    await _act(request, caller, case_id, "bring-papers", {}, form.key)
    return see(f"/my/cases/{case_id}")


@router.post("/{case_id}/answer")
async def answer(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Answer what a comparison hit."""
    said = form.word("explanation", most=ANSWER_MAX)
    if not said:
        raise FormUnreadable("explanation is missing")
    await _act(request, caller, case_id, "explain-hits", {"explanation": said}, form.key)
    return see(f"/my/cases/{case_id}")


@router.post("/{case_id}/agree")
async def agree(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Say that what was found is so."""
    await _act(request, caller, case_id, "agree", {}, form.key)
    return see(f"/my/cases/{case_id}")


@router.post("/{case_id}/appeal")
async def appeal(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Appeal against what was decided."""
    grounds = form.word("grounds", most=GROUNDS_MAX)
    if not grounds:
        raise FormUnreadable("grounds are missing")
    path = f"/my/cases/{case_id}/appeals"
    lodged = await office(request, caller).post(path, {"grounds": grounds}, key=form.key)
    return see(f"/my/cases/{lodged['case_id']}")


@router.post("/{case_id}/withdraw")
async def withdraw(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Take an application back."""
    words = {"reason": form.word("reason", most=REASON_MAX)}
    await _act(request, caller, case_id, "withdraw", words, form.key)
    return see(f"/my/cases/{case_id}")


def status_page(
    request: Request, case: dict[str, Any], paid: dict[str, Any] | None = None
) -> Response:
    """An application still to be handed in, by its steps; or one that is under way."""
    if case["state"] == "draft":
        return pages_of(request).render(
            request, "palmtop/application.html", case=case, steps=Steps.of(case).shown
        )
    if case["state"] == "open" and case["reports"]:
        return _change_page(request, case, paid)
    return pages_of(request).render(
        request,
        "palmtop/case.html",
        case=case,
        sums=paid,
        may={act["act"] for act in case["acts"]},
        papers=plain.PAPERS,
        unsigned=plain.unsigned(case),
    )


def _change_page(request: Request, case: dict[str, Any], paid: dict[str, Any] | None) -> Response:
    """A change that is still being written: what it would change and come to, and what may be
    reported."""
    reports = sorted(case["reports"], key=lambda each: plain.place_of(each["act"]))
    effect = case["effect"]
    return pages_of(request).render(
        request,
        "palmtop/change.html",
        case=case,
        sums=paid,
        reports=reports,
        described="impossible" in effect or any(effect.values()),
        papers=sum(plain.paper_counts(case).values()),
    )


def office(request: Request, caller: Caller) -> Peer:
    """Identification, asked for the citizen who waits."""
    found: Peer = request.app.state.peers["identification"].on_behalf_of(caller)
    return found


async def to_answer(request: Request, caller: Caller) -> list[dict[str, Any]]:
    """What waits for an answer, for a first page; the page does without."""
    try:
        found = await office(request, caller).get("/my/alerts")
    except Problem:
        return []
    return [each for each in found["items"] if each["may_answer"] and not each["answers"]]


async def _check_page(
    request: Request, caller: Caller, case: dict[str, Any], problem: str = "", status: int = 200
) -> Response:
    asked = await office(request, caller).get(f"/my/cases/{case['case_id']}/means")
    return pages_of(request).render(
        request,
        "palmtop/check.html",
        status=status,
        case=case,
        problem=problem,
        steps=Steps.of(case).shown,
        told=plain.told(case, asked),
        papers=plain.paper_counts(case),
        unsigned=plain.unsigned(case),
    )


async def _sign(request: Request, caller: Caller, case_id: UUID, name: str, key: str) -> None:
    path = f"/my/cases/{case_id}/signature"
    await office(request, caller).post(path, {"name": name}, key=key)


async def _act(
    request: Request, caller: Caller, case_id: UUID, act: str, words: dict[str, Any], key: str
) -> None:
    path = f"/my/cases/{case_id}/acts/{act}"
    await office(request, caller).post(path, {"words": words}, key=key)


async def _programmes(request: Request) -> list[dict[str, Any]]:
    identification: Peer = request.app.state.peers["identification"]
    found: list[dict[str, Any]] = (await identification.get("/programmes"))["items"]
    return found
