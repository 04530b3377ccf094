"""A change in one's household, reported on the phone: one kind a page, looked over, handed in."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.fields import words_of
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.palmtop.applications import Own, office
from gateway.palmtop.plain import NoSuchStep
from gateway.palmtop.writing import Fault
from shared.problems import SpokenByPeer

router = APIRouter(dependencies=[Depends(signed_in)])

CHANGE: Final = "change"
NEEDS: Final[Mapping[str, str]] = {
    "date-not-to-come": "日期不能晚于今天。",
    "month-at-hand": "月份最晚写下个月；更晚的，到时候再报。",
    "here-since-birth": "入户的月份不能早于出生的月份。",
    "one-head-named": "请选您家里的新户主，身份证号不用填。",
    "guardian-able": "监护人要成年、在世；被监护的是孩子，或者自己不能办事的人。",
}


@router.post("/my/changes")
async def begin(request: Request, form: FormOf, caller: Own) -> Response:
    """Begin to report; or go on where one left."""
    opened = await office(request, caller).post("/my/cases", {"category": CHANGE}, key=form.key)
    return see(f"/my/cases/{opened['case_id']}")


@router.get("/my/cases/{case_id}/reports/{act}")
async def report(case_id: UUID, act: str, request: Request, caller: Own) -> Response:
    """The form of one kind of change."""
    case = await office(request, caller).get(f"/my/cases/{case_id}")
    return pages_of(request).render(
        request,
        "palmtop/report.html",
        case=case,
        form=_form(case, act),
        villages=pages_of(request).divisions.villages(),
    )


@router.post("/my/cases/{case_id}/reports/{act}")
async def say(case_id: UUID, act: str, request: Request, form: FormOf, caller: Own) -> Response:
    """Keep one.

    Raises:
        Fault: it cannot be so.
    """
    identification = office(request, caller)
    case = await identification.get(f"/my/cases/{case_id}")
    asked = _form(case, act)["fields"]
    said = {name: word for name, word in words_of(form, asked).items() if word is not None}
    try:
        await identification.post(f"/my/cases/{case_id}/acts/{act}", {"words": said}, key=form.key)
    except SpokenByPeer as refused:
        for need in refused.document().get("needs", ()):
            if need in NEEDS:
                raise Fault(NEEDS[need]) from refused
        raise
    return see(f"/my/cases/{case_id}")


@router.post("/my/cases/{case_id}/start-over")
async def start_over(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Take off everything that was reported, and begin anew."""
    path = f"/my/cases/{case_id}/acts/start-over"
    await office(request, caller).post(path, {"words": {}}, key=form.key)
    return see(f"/my/cases/{case_id}")


@router.post("/my/cases/{case_id}/hand-in")
async def hand_in(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Hand in what was reported; pressed twice it is done once."""
    path = f"/my/cases/{case_id}/acts/submit"
    await office(request, caller).post(path, {"words": {}}, key=form.key)
    return see(f"/my/cases/{case_id}")


def _form(case: Mapping[str, Any], act: str) -> Mapping[str, Any]:
    for each in case["reports"]:
        if each["act"] == act:
            return dict(each)
    raise NoSuchStep()
