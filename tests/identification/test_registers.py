"""The engine of registers: numbers without gaps, owners, days, lists whose counts open entries."""

import asyncio
import io
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
import python_calamine

from gateway.staff import ROLES
from services.identification.api.registers import SCOPES
from services.identification.grammar.acts import STOPPED
from services.identification.place_settings import PlaceSettings
from services.identification.registers.effects import EFFECTS
from services.identification.registers.needs import NEEDS, needs_in_words
from services.identification.registers.tables import TABLES, all_registers, read_register
from shared.tables import TableUnreadable
from tests.identification.caseworkers import JPEG, a_known_household, later
from tests.identification.ledgers import (
    GAO_FEI,
    MA_CHAO,
    SUN_YU,
    TANG_NING,
    XU_LAN,
    ZHOU_JIE,
    Ledger,
)
from tests.identification.register import Register

A_PROBLEM: Final[dict[str, Any]] = {
    "source": "inspection",
    "problem": "三户档案缺少入户调查表",
    "owner": "zhou-jie",
    "due_on": "2026-10-20",
}


@pytest.fixture
def ledger(register: Register) -> Ledger:
    return Ledger(register, "rectification")


@pytest.mark.parametrize("table", all_registers().values(), ids=lambda table: table.kind)
def test_a_register_names_only_what_there_is(table: Any) -> None:
    settings = PlaceSettings.read()
    assert needs_in_words().keys() == NEEDS.keys()
    scopes = set(table.read)
    for act in table.all_acts.values():
        scopes |= act.scopes | {each for field in act.fields.values() for each in field.seen_by}
        assert set(act.needs) <= NEEDS.keys(), act.name
        assert act.does is None or act.does in EFFECTS
        assert act.starts is None or settings.number(act.starts) > 0
    for state in table.states.values():
        assert state.clock in {None, STOPPED} or settings.number(state.clock) > 0
    assert scopes <= set().union(*ROLES.values()), "a scope nobody has"
    assert table.read <= set(SCOPES)


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("number: ZG", "number: zg", "capitals"),
        ("shown: [source", "shown: [wealth", "asked for by no act"),
        ("states: [cancelled]", "states: [gone]", "no state"),
        ("without: [plan]", "without: [dream]", "no act"),
        ("level: township", "level: hamlet", "level is one of"),
        ("owner: asked", "owner: fate", "owner is"),
        ("due: due_on\n  needs", "due: source\n  needs", "no date"),
        ("    to: cancelled\n", "", "nothing leads to cancelled"),
        ("from: [fixed]\n    to: cancelled\n", "from: [cancelled]\n    to: cancelled\n",
         "nothing leads to cancelled"),
        ("cancelled: {zh: 已销号, en: cancelled, ends: yes}",
         "cancelled: {zh: 已销号, en: cancelled}",
         "from .* nothing leads to an end"),
        ("  cancelled: {zh: 已销号, en: cancelled, ends: yes}\n",
         "  cancelled: {zh: 已销号, en: cancelled, ends: yes}\n  lost: {zh: 遗失, en: lost}\n",
         "nothing leads to lost"),
        ("read: [registers:read]", "read: []", "nobody who may read"),
        ("problem: {type: text", "problem: {seen_by: [x], type: text", "hidden"),
        ("one: more", "one: more", "not known"),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_is_refused(was: str, becomes: str, why: str, tmp_path: Path) -> None:
    whole = (TABLES / "rectification.yaml").read_text(encoding="utf-8")
    if was == becomes:
        whole += f"\n{becomes}\n"
    else:
        assert was in whole
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(whole.replace(was, becomes), encoding="utf-8")
    with pytest.raises(TableUnreadable, match=why):
        read_register(wrong)


async def test_numbers_have_no_gaps_whatever_is_refused_between(ledger: Ledger) -> None:
    await ledger.open(XU_LAN, **A_PROBLEM)
    for wrong in ({"owner": "not an account!"}, {"due_on": "2026-09-01"}, {"problem": ""}):
        answer = await ledger.ask_to_open(XU_LAN, **(A_PROBLEM | wrong))
        assert answer.status_code in {409, 422}
    await asyncio.gather(*(ledger.ask_to_open(GAO_FEI, **A_PROBLEM) for _ in range(4)))
    assert sorted(await ledger.listed(GAO_FEI)) == [f"ZG-2026-{n:04d}" for n in range(1, 6)]
    later(ledger.register, 120)
    await ledger.open(XU_LAN, **(A_PROBLEM | {"due_on": "2027-03-01"}))
    assert ledger.entry["number"] == "ZG-2027-0001"


@pytest.mark.shows("S54")
async def test_an_item_has_owner_measure_and_day_and_what_is_late_is_counted(
    ledger: Ledger,
) -> None:
    await ledger.open(XU_LAN, **A_PROBLEM)
    assert (ledger.entry["owner"], ledger.entry["due_on"]) == ("staff:zhou-jie", "2026-10-20")
    assert await ledger.listed(XU_LAN, list="unplanned") == ["ZG-2026-0001"]
    not_theirs = await ledger.ask(XU_LAN, "plan", measure="补齐")
    assert not_theirs.json()["needs"] == ["is-owner"]
    await ledger.do(ZHOU_JIE, "plan", measure="一周内补齐调查表")
    later(ledger.register, 40)
    assert await ledger.listed(XU_LAN, list="overdue") == ["ZG-2026-0001"]
    mended = {"fixed_on": "2026-10-30", "evidence": "补了三份调查表"}
    for nothing in (None, str(uuid4())):
        refused = await ledger.ask(ZHOU_JIE, "fix", evidence_id=nothing, **mended)
        assert refused.status_code == 422, "what is mended is shown"
    await ledger.do(ZHOU_JIE, "fix", evidence_id=await ledger.paper(ZHOU_JIE), **mended)
    assert await ledger.listed(XU_LAN, list="overdue") == [], "it waits for whoever looks at it"
    assert (await ledger.ask(ZHOU_JIE, "cancel", checked="看过")).status_code == 403
    cancelled = await ledger.do(GAO_FEI, "cancel", checked="三份都在")
    assert (cancelled["state"], cancelled["overdue"]) == ("cancelled", False)
    lists = {each["list"]: each for each in (await ledger.counts(XU_LAN))["lists"]}
    assert {name: each["count"] for name, each in lists.items()} == {
        "overdue": 0,
        "cancelled": 1,
        "late": 1,
        "ownerless": 0,
        "unplanned": 0,
    }
    assert await ledger.listed(XU_LAN, **lists["late"]["query"]) == ["ZG-2026-0001"]


async def test_an_item_is_cancelled_by_none_of_the_accounts_of_who_mended_it(
    ledger: Ledger,
) -> None:
    mender = replace(XU_LAN, person="staff:xu-lan")
    second = replace(mender, subject="staff:xu-lan.2")
    third = replace(XU_LAN, subject="staff:xu-lan.3")
    await ledger.open(XU_LAN, **(A_PROBLEM | {"owner": "xu-lan"}))
    evidence = {"evidence_id": await ledger.paper(mender), "evidence": "补了"}
    await ledger.do(mender, "fix", fixed_on="2026-09-25", **evidence)
    both = ["not-the-owner", "not-who-did-it"]
    for by, needs in ((mender, both), (second, both), (third, both[:1])):
        assert (await ledger.ask(by, "cancel", checked="在")).json()["needs"] == needs
    assert (await ledger.ask(second, "send-back", reason="x")).json()["needs"] == both[:1]
    await ledger.do(GAO_FEI, "send-back", reason="缺一份")
    await ledger.do(GAO_FEI, "hand-on", owner="zhou-jie", reason="换人")
    evidence["evidence_id"] = await ledger.paper(ZHOU_JIE)
    await ledger.do(ZHOU_JIE, "fix", fixed_on="2026-09-25", **evidence)
    assert (await ledger.ask(second, "cancel", checked="在")).json()["needs"] == both[1:]
    await ledger.do(GAO_FEI, "cancel", checked="三份都在")


async def test_every_count_opens_as_many_entries(ledger: Ledger) -> None:
    for owner in ("zhou-jie", "xu-lan", "zhou-jie"):
        await ledger.open(XU_LAN, **(A_PROBLEM | {"owner": owner}))
    await ledger.do(ZHOU_JIE, "plan", measure="补齐")
    found = await ledger.counts(XU_LAN)
    assert found["all"] == 3
    for group in ("lists", "states", "owners", "months"):
        for each in found[group]:
            assert len(await ledger.listed(XU_LAN, **each["query"])) == each["count"], each
    assert (await ledger.register.get("/registers/rectification", XU_LAN, state="x")).is_error


async def test_of_two_officers_at_once_one_wins_and_the_other_reads_why(ledger: Ledger) -> None:
    await ledger.open(XU_LAN, **A_PROBLEM)
    first, second = await asyncio.gather(
        ledger.ask(GAO_FEI, "hand-on", owner="sun-yu", reason="换岗"),
        ledger.ask(XU_LAN, "put-off", due_on="2026-11-01", reason="雨季"),
    )
    assert sorted(each.status_code for each in (first, second)) == [200, 409]
    refused = next(each for each in (first, second) if each.status_code == 409)
    assert refused.json()["type"] == "/problems/moved-on"


async def test_an_entry_of_elsewhere_is_not_there(ledger: Ledger) -> None:
    await ledger.open(XU_LAN, **A_PROBLEM)
    assert (await ledger.register.get(ledger.path, MA_CHAO)).status_code == 404
    assert (await ledger.register.get(ledger.path, SUN_YU)).status_code == 404
    assert (await ledger.ask(MA_CHAO, "put-off", due_on="2026-11-01", reason="x")).is_error
    assert await ledger.listed(MA_CHAO) == []
    assert (await ledger.counts(MA_CHAO))["all"] == 0
    unknown = await ledger.register.get("/registers/rectification", TANG_NING)
    assert unknown.status_code == 404
    elsewhere = await ledger.ask_to_open(XU_LAN, about=("village", "511425102200"), **A_PROBLEM)
    assert elsewhere.status_code == 404


async def test_an_entry_about_a_household_is_found_by_it(ledger: Ledger) -> None:
    household = await a_known_household(ledger.register)
    await ledger.open(XU_LAN, about=("household", "h-1"), **A_PROBLEM)
    assert ledger.entry["about"] == household
    assert await ledger.listed(XU_LAN, about=household) == ["ZG-2026-0001"]
    assert (await ledger.look(XU_LAN))["about_words"] == "h-1"
    content = await ledger.register.get("/registers/rectification/workbook", XU_LAN)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content.content))
    heads, line = book.get_sheet_by_index(0).to_python()
    said = dict(zip(heads, line, strict=True))
    assert (said["编号"], said["对象"], said["问题来源"]) == ("ZG-2026-0001", "h-1", "督查")


async def test_what_an_entry_says_is_sealed_and_its_acts_are_audited(ledger: Ledger) -> None:
    await ledger.open(XU_LAN, **A_PROBLEM)
    await ledger.do(ZHOU_JIE, "plan", measure="补齐")
    rows = ledger.register.rows(
        "SELECT content_sealed AS sealed FROM register_entry"
        " UNION ALL SELECT words_sealed FROM register_act"
        " UNION ALL SELECT details::text FROM audit"
    )
    assert len(rows) >= 5
    assert not [row for row in rows if "补齐" in row["sealed"] or "三户" in row["sealed"]]
    acts = [row["act"] for row in ledger.register.rows("SELECT act FROM audit ORDER BY number")]
    assert acts == ["rectification-open", "rectification-plan"]


async def test_a_paper_is_sealed_and_read_by_those_who_see_the_entry(ledger: Ledger) -> None:
    await ledger.open(XU_LAN, **A_PROBLEM)
    first = await ledger.paper(ZHOU_JIE)
    assert await ledger.paper(XU_LAN) == first, "the same paper again is the same row"
    paper = f"{ledger.path}/papers/{first}"
    answer = await ledger.register.get(paper, XU_LAN)
    assert (answer.content, answer.headers["content-type"]) == (JPEG, "image/jpeg")
    assert (await ledger.register.get(paper, MA_CHAO)).status_code == 404
    (lies,) = [p for p in ledger.register.settings.files_dir.rglob("*") if p.name == first]
    assert JPEG not in lies.read_bytes()
    for content, why in ((b"#!/bin/sh", "no-paper"), (JPEG + b"x" * 10_500_000, "paper-too-large")):
        refused = await ledger.register.client.post(
            f"{ledger.path}/papers", content=content, headers=ledger.register.headers(XU_LAN)
        )
        assert refused.json()["type"] == f"/problems/{why}"
    audited = [row["act"] for row in ledger.register.rows("SELECT act FROM audit ORDER BY number")]
    assert audited == [
        "rectification-open",
        "rectification-paper-added",
        "rectification-paper-read",
    ]


async def test_an_entry_sent_again_under_its_key_is_opened_once(ledger: Ledger) -> None:
    headers = ledger.register.headers(XU_LAN)
    said = {"about_kind": "nothing", "words": A_PROBLEM}
    path = "/registers/rectification"
    first, again = [
        await ledger.register.client.post(path, json=said, headers=headers) for _ in range(2)
    ]
    assert (first.status_code, first.json()) == (201, again.json())
    assert await ledger.listed(XU_LAN) == ["ZG-2026-0001"]
