"""An application, one question a page: each is kept at once, and what was typed is never lost."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import words as said_as
from gateway.forms import FormOf, Posted, signed_in
from gateway.pages import pages_of, see
from gateway.palmtop import plain
from gateway.palmtop.applications import Own, office
from gateway.palmtop.plain import NoSuchStep, Steps
from gateway.palmtop.sign_in import number_fault, read_number
from shared.callers import Caller
from shared.problems import Malformed

router = APIRouter(prefix="/my/cases/{case_id}", dependencies=[Depends(signed_in)])

NOTE_MAX: Final = 400
REASON_MAX: Final = 2000

Words = dict[str, Any]


class Fault(Malformed):
    """What was typed cannot be so."""

    def __init__(self, words: str, **members: str) -> None:
        super().__init__(zh=words.removesuffix("。"), **members)


@router.get("/home")
async def home(case_id: UUID, request: Request, caller: Own) -> Response:
    """Where the household lives."""
    return await _page(request, caller, case_id, "home")


@router.post("/home")
async def say_home(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Keep where the household lives."""
    return await _keep(request, caller, case_id, "home", form, _home)


@router.get("/people")
async def people(case_id: UUID, request: Request, caller: Own) -> Response:
    """Who lives in the household."""
    return await _page(request, caller, case_id, "people")


@router.get("/people/{key}")
async def person(case_id: UUID, key: str, request: Request, caller: Own) -> Response:
    """One of the household, or one more."""
    return await _page(request, caller, case_id, "person", key=key)


@router.post("/people/{key}")
async def say_person(
    case_id: UUID, key: str, request: Request, form: FormOf, caller: Own
) -> Response:
    """Keep one of the household."""
    return await _keep(request, caller, case_id, "person", form, _person, key=key)


@router.post("/people/{key}/gone")
async def gone(case_id: UUID, key: str, request: Request, form: FormOf, caller: Own) -> Response:
    """Somebody does not live there after all."""
    path = f"/my/cases/{case_id}/parts/gone"
    await office(request, caller).post(path, {"key": key}, key=form.key)
    return see(f"/my/cases/{case_id}/people")


@router.post("/whose")
async def say_whose(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Say whose it is that is applied for, and go on."""
    path, words = f"/my/cases/{case_id}/parts/whose", {"key": form.word("whose", most=40)}
    case = await office(request, caller).post(path, words, key=form.key)
    return see(Steps.of(case).after("people", case))


@router.get("/relative")
async def relative(case_id: UUID, request: Request, caller: Own) -> Response:
    """Whether a near relative works for the administration."""
    return await _page(request, caller, case_id, "relative")


@router.post("/relative")
async def say_relative(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Say who works there, where, and whose relative it is; one more may follow."""
    words = {name: form.word(name) for name in ("name", "works_as", "relation")}
    if not all(words.values()):
        raise Fault("三样都要写。")
    path = f"/my/cases/{case_id}/acts/say-relative"
    await office(request, caller).post(path, {"words": words}, key=form.key)
    return see(f"/my/cases/{case_id}/relative")


@router.get("/income")
async def incomes(case_id: UUID, request: Request, caller: Own) -> Response:
    """What each of the household earns, is given, and needs."""
    return await _page(request, caller, case_id, "incomes")


@router.get("/hardship")
async def hardship(case_id: UUID, request: Request, caller: Own) -> Response:
    """What is hard."""
    return await _page(request, caller, case_id, "hardship")


@router.post("/hardship")
async def say_hardship(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Keep what is hard."""
    return await _keep(request, caller, case_id, "hardship", form, _hardship)


NEW: Final = "new"
OUTSIDE: Final = "outside"
"""Stands for a guardian who lives elsewhere, among the keys of whoever lives there."""
_LEADING_ON: Final = {"people", "relative"}
_AFTER: Final = {"person": "people"}
"""Pages one comes back to the list from; the others lead on."""


async def _page(
    request: Request, caller: Caller, case_id: UUID, name: str, *, key: str | None = None
) -> Response:
    case = await office(request, caller).get(f"/my/cases/{case_id}")
    steps, member = Steps.of(case), _member(case, key) if key else None
    return pages_of(request).render(
        request,
        f"palmtop/{name}.html",
        case=case,
        key=key,
        member=member,
        said=defaultdict(str, _said(case, name, member)),
        relations=plain.RELATIONS,
        grades=said_as.GRADES,
        kinds=said_as.KINDS,
        authorities=said_as.AUTHORITIES,
        away=said_as.AWAY,
        onward=steps.after(name if name in _LEADING_ON else "income", case),
    )


async def _keep(
    request: Request,
    caller: Caller,
    case_id: UUID,
    name: str,
    form: Posted,
    read: Callable[[Posted, str | None], Words],
    *,
    key: str | None = None,
) -> Response:
    """Keep a page's words, a part of that name.

    Raises:
        Fault: what was typed cannot be so.
    """
    words = read(form, None if key == NEW else key)
    path = f"/my/cases/{case_id}/parts/{name}"
    case = await office(request, caller).post(path, words, key=form.key)
    if name in _AFTER:
        return see(f"/my/cases/{case_id}/{_AFTER[name]}")
    return see(Steps.of(case).after(name, case))


def _member(case: Words, key: str) -> Words | None:
    """The member of that key; nobody yet when one is added."""
    found = next((each for each in case["application"]["members"] if each["key"] == key), None)
    if found is None and key != NEW:
        raise NoSuchStep()
    return found


def _said(case: Words, name: str, member: Words | None) -> dict[str, str]:
    """What is on file, as the page's fields say it."""
    said = case["application"]
    if name == "home":
        return {"registration": said["registration"], "address": said["address"]}
    if name == "person":
        known = member or {}
        fields = (
            "name", "relation", "no_id_reason", "born_on", "disability_grade", "disability_kind",
            "guardian_key", "guardian_authority", "away", "away_since",
        )  # fmt: skip
        found = {field: str(known.get(field) or "") for field in fields}
        found["lacks_capacity"] = "yes" if known.get("lacks_capacity") else ""
        return found | {"id_number": ""}
    if name == "hardship":
        return {"reason": said["reason"]}
    return {}


def _home(form: Posted, key: str | None) -> Words:
    del key
    address = form.word("address")
    if not address:
        raise Fault("请写住址：哪个组、门牌，或者靠近哪里。")
    return {"registration": form.word("registration"), "address": address}


def _person(form: Posted, key: str | None) -> Words:
    words: Words = {"key": key} if key else {}
    for name in ("disability_grade", "disability_kind"):
        words[name] = int(said) if (said := form.word(name, most=1)).isdigit() else None
    if (words["disability_grade"] is None) != (words["disability_kind"] is None):
        raise Fault("有残疾证的，等级和类别都要选。")
    words |= _guardian(form) | _away(form)
    if form.word("is_applicant"):
        return words
    words |= {"name": form.word("name", most=60), "relation": form.word("relation", most=60)}
    if not words["name"]:
        raise Fault("请写姓名。")
    number = read_number(form.word("id_number"))
    reason, born_on = form.word("no_id_reason", most=NOTE_MAX), form.word("born_on", most=10)
    if number:
        if fault := number_fault(number):
            raise Fault(fault)
        words["id_number"] = number
    elif reason:
        if not born_on:
            raise Fault("没有身份证号的，请写出生日期。")
        words |= {"no_id_reason": reason, "born_on": born_on}
    elif not key:
        raise Fault("请写身份证号；没有的，写上为什么没有。")
    return words


def _away(form: Posted) -> Words:
    """Why somebody is not at home, and since when."""
    why, since = form.word("away", most=20), form.word("away_since", most=10)
    if bool(why) != bool(since):
        raise Fault("不在家的，为什么、从哪天起都要写。")
    return {"away": why or None, "away_since": since or None}


def _guardian(form: Posted) -> Words:
    """Who acts for somebody who cannot, and by what right."""
    key, authority = (form.word(f"guardian_{name}", most=40) for name in ("key", "authority"))
    if key and not authority:
        raise Fault("写了监护人的，凭什么监护也要选。")
    words: Words = {
        "lacks_capacity": bool(form.word("lacks_capacity")),
        "guardian_key": key or None,
        "guardian_authority": (authority or None) if key else None,
    }
    if key == OUTSIDE:
        words |= {"guardian_key": None, "outside_guardian": _outsider(form)}
    return words


def _outsider(form: Posted) -> Words:
    """A guardian who lives elsewhere: who they are, and what they are to the ward."""
    name, relation = (form.word(f"guardian_{each}", most=60) for each in ("name", "relation"))
    number = read_number(form.word("guardian_number"))
    if not (name and relation and number):
        raise Fault("不住一起的监护人，姓名、身份证号、是什么人都要写。")
    if fault := number_fault(number):
        raise Fault(fault)
    return {"name": name, "relation": relation, "id_number": number}


def _hardship(form: Posted, key: str | None) -> Words:
    del key
    reason = form.word("reason", most=REASON_MAX)
    if not reason:
        raise Fault("请写一两句：家里有什么困难。")
    return {"reason": reason}
