"""Whoever is bound to support the household from elsewhere, written one by one on the phone."""

from collections import defaultdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.forms import FormOf, Posted, signed_in
from gateway.pages import pages_of, see
from gateway.palmtop import plain
from gateway.palmtop.applications import Own, office
from gateway.palmtop.plain import NoSuchStep, Steps
from gateway.palmtop.sign_in import number_fault, read_number
from gateway.palmtop.writing import NEW, Fault
from gateway.words import SUPPORT, UNABLE
from shared.money import parse_yuan, yuan_text
from shared.problems import Problem

router = APIRouter(prefix="/my/cases/{case_id}/supporters", dependencies=[Depends(signed_in)])

RELATIONS: Final = ("子女", "父母", "配偶", "孙子女", "祖父母", "兄弟姐妹", "其他")
FEN_MAX: Final = 10**12
PEOPLE_MAX: Final = 100

Words = dict[str, Any]


@router.get("")
async def each_of_them(case_id: UUID, request: Request, caller: Own) -> Response:
    """Who is written down, what each owes by the law, and whose paper is not there yet."""
    case = await office(request, caller).get(f"/my/cases/{case_id}")
    return pages_of(request).render(
        request,
        "palmtop/supporters.html",
        case=case,
        how=plain.support_words,
        onward=Steps.of(case).after("supporters", case),
    )


@router.post("/none")
async def nobody(case_id: UUID, request: Request, form: FormOf, caller: Own) -> Response:
    """Say that there is nobody, and go on."""
    path = f"/my/cases/{case_id}/parts/no-supporter"
    case = await office(request, caller).post(path, {}, key=form.key)
    return see(Steps.of(case).after("supporters", case))


@router.get("/{key}")
async def one(case_id: UUID, key: str, request: Request, caller: Own) -> Response:
    """One of them, or one more."""
    case = await office(request, caller).get(f"/my/cases/{case_id}")
    Steps.of(case).after("supporters", case)
    known = next((e for e in case["application"]["supporters"] if e["key"] == key), None)
    if known is None and key != NEW:
        raise NoSuchStep()
    return pages_of(request).render(
        request,
        "palmtop/supporter.html",
        case=case,
        key=key,
        known=known,
        said=defaultdict(str, _said(known)),
        relations=RELATIONS,
        support=SUPPORT,
        unable=UNABLE,
    )


@router.post("/{key}")
async def say(case_id: UUID, key: str, request: Request, form: FormOf, caller: Own) -> Response:
    """Keep one of them."""
    words = _read(form) | ({} if key == NEW else {"key": key})
    path = f"/my/cases/{case_id}/parts/supporter"
    await office(request, caller).post(path, words, key=form.key)
    return see(f"/my/cases/{case_id}/supporters")


@router.post("/{key}/gone")
async def gone(case_id: UUID, key: str, request: Request, form: FormOf, caller: Own) -> Response:
    """Somebody is not bound to support them after all."""
    path = f"/my/cases/{case_id}/parts/supporter-gone"
    await office(request, caller).post(path, {"key": key}, key=form.key)
    return see(f"/my/cases/{case_id}/supporters")


def _said(known: Words | None) -> dict[str, str]:
    """What is on file, as the page's fields say it."""
    if known is None:
        return {}
    owes = known["support"]
    found = {name: known[name] or "" for name in ("name", "relation", "born_on", "lives_at")}
    found |= {name: str(owes[name] or "") for name in ("basis", "household_members", "unable")}
    for field, fact in (("agreed", "agreed_fen_yearly"), ("income", "income_fen_yearly")):
        found[field] = "" if owes[fact] is None else yuan_text(owes[fact]).removesuffix(".00")
    return found


def _read(form: Posted) -> Words:
    words: Words = {
        "name": form.word("name", most=60),
        "relation": form.word("relation", most=60),
        "lives_at": form.word("lives_at", most=200),
    }
    if not words["name"]:
        raise Fault("请写姓名。")
    if not words["relation"]:
        raise Fault("请选是申请人的什么人。")
    if number := read_number(form.word("id_number")):
        if fault := number_fault(number):
            raise Fault(fault)
        words["id_number"] = number
    elif born_on := form.word("born_on", most=10):
        words["born_on"] = _day(born_on)
    if not words["lives_at"]:
        raise Fault("请写住在哪里；不清楚的，写“不清楚”。")
    return words | {"support": _support(form)}


def _day(said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise Fault("出生日期不对，写成 1990-01-31 这样。") from None


def _support(form: Posted) -> Words:
    """How it is known, and what that asks for; sums are typed in yuan."""
    basis = form.word("basis", most=20)
    if basis == "agreed":
        return {"basis": basis, "agreed_fen_yearly": _fen(form, "agreed", "说好一年给多少")}
    if basis == "reckoned":
        people = form.word("household_members", most=3)
        if not people.isdecimal() or not 1 <= int(people) <= PEOPLE_MAX:
            raise Fault("他们家几口人：只写数字，例如 3。")
        return {
            "basis": basis,
            "household_members": int(people),
            "income_fen_yearly": _fen(form, "income", "他们家一年挣多少"),
        }
    if basis == "unable":
        why = form.word("unable", most=30)
        if why not in UNABLE:
            raise Fault("没有能力给的，请选为什么。")
        return {"basis": basis, "unable": why}
    raise Fault("请选给多少怎么算。")


def _fen(form: Posted, field: str, asked: str) -> int:
    try:
        fen = int(parse_yuan(form.word(field, most=20).removesuffix("元").strip()))
    except Problem:
        fen = -1
    if not 0 <= fen <= FEN_MAX:
        raise Fault(f"{asked}：只写数字，例如 3600。")
    return fen
