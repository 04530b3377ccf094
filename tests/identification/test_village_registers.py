"""What a village and its township keep and show: comments, books, coordination, items, projects."""

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.identification.caseworkers import a_known_household, later
from tests.identification.ledgers import GAO_FEI, SUN_YU, XU_LAN, ZHOU_JIE, Ledger
from tests.identification.makers import VILLAGE
from tests.identification.register import Register, standing
from tests.identification.test_complaints import DOOR
from tests.trial import NatsAt, TrialDatabase

ITEMS: Final = [f"第{number}项" for number in range(1, 34)]


async def _public(register: Register, kind: str) -> list[dict[str, Any]]:
    answer = await register.client.get(f"/registers/{kind}/public", headers=register.headers(DOOR))
    assert answer.status_code == 200, answer.text
    return [
        {said["field"]: said["said"] for said in each["says"]} for each in answer.json()["items"]
    ]


@pytest.mark.shows("S52")
async def test_the_supervision_committee_s_comments_are_kept_household_by_household(
    register: Register,
) -> None:
    first = await a_known_household(register, "h-1", 1, 2)
    await a_known_household(register, "h-2", 3, 4)
    ledger = Ledger(register, "supervision")
    said = {"said_on": "2026-09-24", "members": ["陈敏", "何强"], "opinion": "doubts"}
    for number, comment in (("h-1", "有车未报"), ("h-2", "情况属实"), ("h-1", "已核实是借的车")):
        await ledger.open(SUN_YU, about=("household", number), comment=comment, **said)
    assert await ledger.listed(SUN_YU, about=first) == ["JD-2026-0003", "JD-2026-0001"]
    assert (await ledger.ask(SUN_YU, "answer", answer="同意")).status_code == 403
    await ledger.do(XU_LAN, "answer", answer="经查属实")
    assert await ledger.listed(XU_LAN, list="unanswered") == ["JD-2026-0002", "JD-2026-0001"]
    later(register, 30)
    assert len(await ledger.listed(XU_LAN, list="overdue")) == 2
    none = await ledger.ask_to_open(SUN_YU, about=("nothing", None), comment="x", **said)
    assert none.json()["type"] == "/problems/about-wrong"


@pytest.mark.shows("S77")
async def test_a_case_of_several_departments_has_an_owner_and_ends_with_a_result(
    register: Register,
) -> None:
    await a_known_household(register)
    ledger = Ledger(register, "coordination")
    said = {"matter": "住房鉴定和医保报销", "owner": "zhou-jie", "due_on": "2026-10-30"}
    alone = await ledger.ask_to_open(
        XU_LAN, about=("household", "h-1"), departments=["住建局"], **said
    )
    assert alone.json()["needs"] == ["several-departments"]
    await ledger.open(XU_LAN, about=("household", "h-1"), departments=["住建局", "医保局"], **said)
    assert (ledger.entry["owner"], ledger.entry["due_on"]) == ("staff:zhou-jie", "2026-10-30")
    await ledger.do(ZHOU_JIE, "reply", department="住建局", reply="危房，列入改造")
    assert await ledger.listed(XU_LAN, list="without-result") == ["XT-2026-0001"]
    assert (await ledger.ask(XU_LAN, "settle", result="办好了")).json()["needs"] == ["is-owner"]
    settled = await ledger.do(ZHOU_JIE, "settle", result="改造完成，报销到位")
    assert (settled["state"], settled["closed_on"]) == ("settled", "2026-09-25")
    assert await ledger.listed(XU_LAN, list="without-result") == []


@pytest.mark.shows("S80")
async def test_each_entry_of_the_three_books_has_an_owner_and_an_action(
    register: Register,
) -> None:
    ledger = Ledger(register, "three-books")
    for book in ("livelihood", "stability", "hardship"):
        await ledger.open(
            SUN_YU, about=("village", VILLAGE), book=book, matter="饮水困难", owner="sun-yu"
        )
    nobody = await ledger.ask_to_open(
        SUN_YU, about=("village", VILLAGE), book="hardship", matter="无人负责"
    )
    assert nobody.status_code == 422
    await ledger.do(SUN_YU, "act", action="联系水务站接管道")
    assert await ledger.listed(SUN_YU, list="without-action") == ["SB-2026-0002", "SB-2026-0001"]
    seen = await ledger.look(SUN_YU)
    assert seen["shown"] == {
        "book": "hardship",
        "matter": "饮水困难",
        "action": "联系水务站接管道",
    }
    later(register, 20)
    assert await ledger.listed(SUN_YU, list="overdue") == ["SB-2026-0002", "SB-2026-0001"]


@pytest.mark.shows("S41")
async def test_a_village_shows_the_whole_list_and_is_inspected_twice(
    trial_database: TrialDatabase, nats_server: NatsAt, tmp_path: Path
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump({"village_affairs_items": ITEMS}), encoding="utf-8")
    async with standing(
        tmp_path, trial_database, nats_server, import_children=0, casework_file=own
    ) as register:
        ledger = Ledger(register, "village-affairs")
        await ledger.open(SUN_YU, about=("village", VILLAGE), year=2026)
        again = await ledger.ask_to_open(SUN_YU, about=("village", VILLAGE), year=2026)
        assert again.json()["type"] == "/problems/already-on-register"
        for wrong in (ITEMS[:-1], [*ITEMS[:-1], "别的"], [*ITEMS, "多一项"]):
            refused = await ledger.ask(SUN_YU, "show", items=wrong, shown_on="2026-09-25")
            assert refused.json()["needs"] == ["list-is-whole"]
        assert await _public(register, "village-affairs") == []
        await ledger.do(SUN_YU, "show", items=ITEMS, shown_on="2026-09-25")
        assert await _public(register, "village-affairs") == [{"year": 2026, "items": ITEMS}]
        inspected = {"inspectors": ["徐兰"], "findings": "齐全"}
        await ledger.do(XU_LAN, "inspect", inspected_on="2026-06-20", **inspected)
        same = await ledger.ask(XU_LAN, "inspect", inspected_on="2026-06-20", **inspected)
        assert same.json()["needs"] == ["not-inspected-that-day"]
        other = await ledger.ask(XU_LAN, "inspect", inspected_on="2025-12-20", **inspected)
        assert other.json()["needs"] == ["of-its-year"]
        assert await ledger.listed(XU_LAN, list="inspections-wanting") == ["CW-2026-0001"]
        assert (await ledger.ask(XU_LAN, "close")).json()["needs"] == ["inspected-often-enough"]
        await ledger.do(XU_LAN, "inspect", inspected_on="2026-09-25", **inspected)
        assert await ledger.listed(XU_LAN, list="inspections-wanting") == []
        assert (await ledger.do(XU_LAN, "close"))["state"] == "closed"


async def test_without_the_place_s_list_no_village_s_list_is_whole(register: Register) -> None:
    ledger = Ledger(register, "village-affairs")
    await ledger.open(SUN_YU, about=("village", VILLAGE), year=2026)
    refused = await ledger.ask(SUN_YU, "show", items=ITEMS, shown_on="2026-09-25")
    assert "list-is-given" in refused.json()["needs"]


@pytest.mark.shows("S42")
async def test_a_project_shows_its_sum_whom_it_reached_and_how_it_stands(
    register: Register,
) -> None:
    ledger = Ledger(register, "disclosure")
    said = {
        "project": "山坪塘整治",
        "fund": "衔接资金",
        "amount_fen": 5_000_000_000,
        "status": "under-way",
    }
    about = ("village", VILLAGE)
    whom = await ledger.ask_to_open(SUN_YU, about=about, **said)
    assert whom.json()["needs"] == ["reach-is-said"]
    await ledger.open(SUN_YU, about=about, beneficiaries=48, **said)
    assert await _public(register, "disclosure") == []
    assert await ledger.listed(GAO_FEI, list="not-public") == ["GK-2026-0001"]
    reach: dict[str, Any] = {"amount_fen": 5_000_000_000, "status": "under-way"}
    whose = reach | {"beneficiary_list": "李伟 1390000 1234"}
    await ledger.do(SUN_YU, "correct", **whose)
    assert (await ledger.ask(GAO_FEI, "disclose")).json()["needs"] == ["names-nobody"]
    await ledger.do(SUN_YU, "correct", **reach, beneficiary_list="榜2026-7、GK-2026-0001")
    await ledger.do(GAO_FEI, "disclose")
    shows = {**said, "beneficiaries": 48, "beneficiary_list": "榜2026-7、GK-2026-0001"}
    assert await _public(register, "disclosure") == [shows]
    for act, status in (("correct", 409), ("correct-public", 403)):
        refused = await ledger.ask(SUN_YU, act, **reach)
        assert refused.status_code == status, refused.text
    named = await ledger.ask(GAO_FEI, "correct-public", **whose)
    assert named.json()["needs"] == ["names-nobody"]
    await ledger.do(GAO_FEI, "correct-public", **reach, beneficiaries=49)
    assert await _public(register, "disclosure") == [shows | {"beneficiaries": 49}]
    now = {"amount_fen": 4_800_000_000, "status": "finished", "beneficiary_list": "榜2026-7"}
    early = await ledger.ask(GAO_FEI, "finish", **(now | {"status": "planned"}))
    assert early.json()["needs"] == ["status-is-finished"]
    await ledger.do(GAO_FEI, "finish", **now)
    (shown,) = await _public(register, "disclosure")
    assert shown == {**said, "beneficiaries": 49, **now}
