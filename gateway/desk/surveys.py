"""Visits without a network at the desk: take a list along, bring a package, see what became."""

import json
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import SURVEY, SURVEYS
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/surveys", dependencies=[Depends(signed_in)])

Surveyor = Annotated[Caller, needs("cases:survey", kinds=("staff",))]

OUTCOMES: Final = {
    "taken-in": "已收",
    "came-late": "已收，但调查已结束，或申请已改过：请告诉乡镇选定以哪次为准",
    "known": "早已收过",
    "refused": "没有收",
}
REASONS: Final = {
    "not-here": "这件申请已不在入户调查这一步",
    "not-yet": "还缺条件",
    "act-not-understood": "填写有误",
    "no-such-case": "不在签字人管的地区，或没有这件申请",
    "signed-after-the-end": "签字时账号已经停用，或已没有入户权限",
    "signed-at-no-time": "签字时间不对",
    "signatures-wanting": "没有两名调查人的有效签字",
    "survey-differs": "同一编号的调查早已收过，内容不同",
    "no-paper": "照片打不开",
    "paper-too-large": "照片太大",
    "picture-too-wide": "照片的点数太多",
}


@router.get("")
async def look(request: Request, caller: Surveyor) -> Response:
    """The forms, and what became of the packages the reader brought."""
    found = await peer(request, "identification").get("/survey-packages")
    return pages_of(request).render(
        request,
        "desk/surveys.html",
        packages=found["items"],
        outcomes=OUTCOMES,
        reasons=REASONS,
    )


@router.post("/list")
async def take_along(request: Request, form: FormOf, caller: Surveyor) -> Response:
    """The list as a file for the device; whoever has it can sign as the reader for some days."""
    said = {"area": form.word("area")} if form.word("area") else {}
    taken = await peer(request, "identification").post("/survey-work", said, key=form.key)
    return Response(
        json.dumps(taken, ensure_ascii=False, indent=1),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="survey-work.json"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/packages")
async def bring(
    request: Request, file: Annotated[FormFile, Depends(posted_file)], caller: Surveyor
) -> Response:
    """Pass a package on as it comes; nothing of it is kept at the door."""
    await pass_on(request, "/survey-packages", file, SURVEYS, signed_by=SURVEY)
    return see("/staff/surveys")
