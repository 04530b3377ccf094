"""What a household lives on, asked on the phone: of each member, and step by step of them all."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import means
from gateway.forms import FormOf, NotANumber, Posted, signed_in
from gateway.means import HOUSEHOLD
from gateway.pages import pages_of, see
from gateway.palmtop.applications import Own, office
from gateway.palmtop.plain import SUPPORT_STEP, NoSuchStep, Steps
from gateway.palmtop.writing import Fault
from shared.callers import Caller

router = APIRouter(prefix="/my/cases/{case_id}", dependencies=[Depends(signed_in)])

Words = dict[str, Any]


@router.get("/income/{key}")
async def of_member(case_id: UUID, key: str, request: Request, caller: Own) -> Response:
    """What one of the household earns, is given, and needs."""
    case, asked = await _read(request, caller, case_id)
    return _drawn(request, case, _of_member(case, asked, key), key)


@router.post("/income/{key}")
async def say_of_member(
    case_id: UUID, key: str, request: Request, form: FormOf, caller: Own
) -> Response:
    """Keep it."""
    case, asked = await _read(request, caller, case_id)
    return await _keep(request, caller, case, _of_member(case, asked, key), key, form)


@router.get("/means/{step}")
async def of_household(case_id: UUID, step: str, request: Request, caller: Own) -> Response:
    """One step of what the household has together."""
    case, asked = await _read(request, caller, case_id)
    return _drawn(request, case, _of_household(asked, step), HOUSEHOLD)


@router.post("/means/{step}")
async def say_of_household(
    case_id: UUID, step: str, request: Request, form: FormOf, caller: Own
) -> Response:
    """Keep it."""
    case, asked = await _read(request, caller, case_id)
    return await _keep(request, caller, case, _of_household(asked, step), HOUSEHOLD, form)


async def _read(request: Request, caller: Caller, case_id: UUID) -> tuple[Words, Words]:
    service, path = office(request, caller), f"/my/cases/{case_id}"
    return await service.get(path), await service.get(f"{path}/means")


def _of_member(case: Words, asked: Words, key: str) -> list[Words]:
    if key not in {each["key"] for each in case["application"]["members"]}:
        raise NoSuchStep()
    return [step for step in asked["steps"] if step["of"] != HOUSEHOLD]


def _of_household(asked: Words, name: str) -> list[Words]:
    known = {each["step"]: each for each in asked["steps"] if each["of"] == HOUSEHOLD}
    found = [step for key, step in known.items() if key == name != SUPPORT_STEP]
    if not found:
        raise NoSuchStep()
    return found


async def _keep(
    request: Request, caller: Caller, case: Words, steps: list[Words], whose: str, form: Posted
) -> Response:
    """Keep what a page says.

    Raises:
        Fault: an answer is no number.
    """
    questions = [each for step in steps for each in step["asks"]]
    try:
        facts = means.facts_of(form, questions, whose)
    except NotANumber as wrong:
        raise Fault(f"{wrong.detail}：只写数字，例如 3600。", **wrong.members) from wrong
    path = f"/my/cases/{case['case_id']}"
    if whose != HOUSEHOLD:
        part: Words = {"means": facts, "key": whose}
        await office(request, caller).post(f"{path}/parts/member-means", part, key=form.key)
        return see(f"{path}/income")
    case = await office(request, caller).post(f"{path}/parts/means", {"means": facts}, key=form.key)
    return see(Steps.of(case).after(f"means/{steps[0]['step']}", case))


def _drawn(request: Request, case: Words, steps: list[Words], whose: str) -> Response:
    members = case["application"]["members"]
    member = next((each for each in members if each["key"] == whose), None)
    said = case["application"]["means"] if member is None else member["means"]
    known = {
        f"{whose}.{each['fact']}": means.typed(each, said.get(each["fact"]))
        for step in steps
        for each in step["asks"]
    }
    return pages_of(request).render(
        request,
        "palmtop/means.html",
        case=case,
        steps=steps,
        whose=whose,
        member=member,
        path=request.url.path,
        said=defaultdict(str, known),
    )
