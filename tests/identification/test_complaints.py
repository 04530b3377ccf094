"""Complaints and clues: numbered, handed on without loss, answered; who reported stays hidden."""

from typing import Any, Final

import pytest

from services.identification.registers.outside import ALPHABET
from shared.callers import Caller, Kind
from tests.identification.caseworkers import Walk, a_known_household, later, staff
from tests.identification.ledgers import (
    GAO_FEI,
    MA_CHAO,
    SUN_YU,
    XU_LAN,
    ZHOU_JIE,
    Ledger,
)
from tests.identification.makers import VILLAGE
from tests.identification.register import COUNTY, Register

DOOR: Final = Caller(
    "gateway", Kind.SERVICE, COUNTY, "gateway", frozenset({"registers:outside"}), (COUNTY,)
)
REPORTER: Final = "韩冬梅"
PHONE: Final = "13900001234"
A_CLUE: Final[dict[str, Any]] = {
    "channel": "phone",
    "topic": "corruption",
    "text": "村干部把低保给了自己的亲戚",
    "reporter": REPORTER,
    "reporter_phone": PHONE,
    "accused_kind": "village-cadre",
}


@pytest.fixture
def ledger(register: Register) -> Ledger:
    return Ledger(register, "complaint")


async def _checked(ledger: Ledger, **said: Any) -> Ledger:
    await ledger.open(ZHOU_JIE, **(A_CLUE | said))
    await ledger.do(ZHOU_JIE, "register")
    await ledger.do(GAO_FEI, "assign", owner="xu-lan")
    await ledger.do(
        XU_LAN, "check", checked_on=_today(ledger), findings="情况属实", founded="founded"
    )
    return ledger


def _today(ledger: Ledger) -> str:
    found: str = ledger.register.app.state.clock.today().isoformat()
    return found


@pytest.mark.shows("S53")
@pytest.mark.breaks("A complaint is answered")
async def test_a_clue_has_a_number_and_a_state_and_ends_with_an_answer(ledger: Ledger) -> None:
    await ledger.open(ZHOU_JIE, **A_CLUE)
    assert (ledger.entry["number"], ledger.entry["due_on"]) == ("TS-2026-0001", "2026-11-12")
    await ledger.do(ZHOU_JIE, "register")
    assert await ledger.listed(XU_LAN, list="unanswered") == ["TS-2026-0001"]
    early = await ledger.ask(XU_LAN, "close")
    assert early.json()["type"] == "/problems/not-here"
    await ledger.do(XU_LAN, "assign", owner="zhou-jie")
    found = {"checked_on": _today(ledger), "findings": "不属实", "founded": "unfounded"}
    assert (await ledger.ask(XU_LAN, "check", **found)).json()["needs"] == ["is-owner"]
    await ledger.do(ZHOU_JIE, "check", **found)
    told = {"answer": "经查不属实", "answered_on": _today(ledger), "answered_by": "phone"}
    await ledger.do(ZHOU_JIE, "answer", **told)
    assert await ledger.listed(XU_LAN, list="unanswered") == []
    closed = await ledger.do(XU_LAN, "close")
    assert closed["state"] == "closed"
    later(ledger.register, 90)
    assert await ledger.listed(XU_LAN, list="overdue") == []


@pytest.mark.shows("S53")
async def test_who_reported_is_read_by_the_few_who_may(ledger: Ledger) -> None:
    await ledger.open(ZHOU_JIE, **A_CLUE)
    for by, sees in ((ZHOU_JIE, False), (XU_LAN, False), (GAO_FEI, True)):
        for path in (ledger.path, "/registers/complaint", "/registers/complaint/counts"):
            answer = await ledger.register.get(path, by)
            assert answer.status_code == 200
            shown = path == ledger.path and sees
            assert (REPORTER in answer.text) == shown, (by, path)
            assert PHONE not in answer.text
    seen = await ledger.look(XU_LAN)
    assert seen["hidden"] == ["reporter", "reporter_phone"]
    book = await ledger.register.get("/registers/complaint/workbook", GAO_FEI)
    assert book.status_code == 200
    rows = ledger.register.rows("SELECT details::text AS said FROM audit")
    assert not [row for row in rows if REPORTER in row["said"] or PHONE in row["said"]]


@pytest.mark.shows("S53")
@pytest.mark.parametrize(
    ("against", "accused", "area"),
    [
        ({"accused_account": "xu-lan"}, XU_LAN, VILLAGE[:9]),
        ({"accused_unit": VILLAGE[:9]}, ZHOU_JIE, COUNTY),
        ({"accused_unit": VILLAGE}, SUN_YU, VILLAGE[:9]),
    ],
    ids=["account", "township", "village"],
)
async def test_a_complaint_is_not_there_for_whom_it_is_against(
    ledger: Ledger, against: dict[str, str], accused: Caller, area: str
) -> None:
    await ledger.open(GAO_FEI, about=("village", VILLAGE), **(A_CLUE | against))
    assert ledger.entry["area"] == area
    second = staff(accused.person + ".2", set(accused.scopes), *accused.areas)
    of_the_same = Caller(
        second.subject, second.kind, COUNTY, accused.person, second.scopes, second.areas
    )
    for by in (accused, of_the_same):
        assert (await ledger.register.get(ledger.path, by)).status_code == 404
        assert (await ledger.ask(by, "take")).status_code == 404
        assert await ledger.listed(by) == []
        assert (await ledger.counts(by))["all"] == 0
    assert (await ledger.look(GAO_FEI))["number"] == "TS-2026-0001"


@pytest.mark.shows("S81")
async def test_who_was_asked_first_is_kept_and_nothing_is_lost_between_desks(
    ledger: Ledger,
) -> None:
    await ledger.open(SUN_YU, about=("village", VILLAGE), **A_CLUE)
    assert (ledger.entry["owner"], ledger.entry["opened_by"]) == ("staff:sun-yu", "staff:sun-yu")
    await ledger.do(SUN_YU, "hand-on", owner="zhou-jie", reason="归镇里办")
    assert await ledger.listed(SUN_YU) == ["TS-2026-0001"], "whoever was asked first still sees it"
    assert await ledger.listed(XU_LAN, list="handed-on") == ["TS-2026-0001"]
    refused = await ledger.ask(XU_LAN, "take")
    assert refused.json()["needs"] == ["nobodys-or-mine"]
    refused = await ledger.ask(SUN_YU, "hand-on", owner="ma-chao", reason="再转")
    assert refused.json()["needs"] == ["owner-or-head"], "it is no longer hers to give away"
    await ledger.do(XU_LAN, "supervise", supervised_by="副县长")
    assert await ledger.listed(XU_LAN, list="handed-on") == ["TS-2026-0001"], "still not taken up"
    await ledger.look(ZHOU_JIE)
    await ledger.do(ZHOU_JIE, "take")
    assert await ledger.listed(XU_LAN, list="handed-on") == []
    later(ledger.register, 10)
    assert await ledger.listed(XU_LAN, list="overdue") == ["TS-2026-0001"]
    await ledger.do(ZHOU_JIE, "hand-on", owner="ma-chao", reason="人在青竹")
    assert await ledger.listed(MA_CHAO) == ["TS-2026-0001"], "whose it is sees it, of any area"
    history = (await ledger.look(GAO_FEI))["history"]
    assert [each["act"] for each in history] == ["open", "hand-on", "supervise", "take", "hand-on"]
    assert [each["words"].get("owner") for each in history] == [
        None,
        "staff:zhou-jie",
        None,
        None,
        "staff:ma-chao",
    ]


async def test_what_is_against_officers_goes_to_the_body_of_those_who_appoint_them(
    ledger: Ledger,
) -> None:
    await _checked(ledger)
    paper = {"transferred_on": _today(ledger), "transfer_paper": "青民移〔2026〕1号"}
    wrong = await ledger.ask(GAO_FEI, "transfer", body="county-discipline", **paper)
    assert wrong.json()["needs"] == ["by-personnel-authority"]
    await ledger.do(GAO_FEI, "transfer", body="township-discipline", **paper)
    assert await ledger.listed(GAO_FEI, list="unanswered") == ["TS-2026-0001"]
    await ledger.do(GAO_FEI, "take-reply", reply="已给予党内警告", founded="founded")
    await ledger.open(ZHOU_JIE, **(A_CLUE | {"accused_kind": "household"}))
    await ledger.do(ZHOU_JIE, "register")
    no_officer = await ledger.ask(GAO_FEI, "transfer", body="township-discipline", **paper)
    assert "against-an-officer" in no_officer.json()["needs"]


async def test_a_complaint_is_never_given_to_whom_it_is_against(ledger: Ledger) -> None:
    await ledger.open(ZHOU_JIE, **A_CLUE, accused_account="xu-lan")
    await ledger.do(ZHOU_JIE, "register")
    refused = await ledger.ask(GAO_FEI, "assign", owner="xu-lan")
    assert refused.json()["type"] == "/problems/given-to-the-accused"
    await ledger.do(GAO_FEI, "assign", owner="zhou-jie")
    named = {"accused_kind": "township-officer", "accused_account": "zhou-jie"}
    freed = await ledger.do(GAO_FEI, "name-accused", **named)
    assert freed["owner"] is None
    assert await ledger.listed(GAO_FEI, list="ownerless") == ["TS-2026-0001"]
    assert (await ledger.register.get(ledger.path, ZHOU_JIE)).status_code == 404


@pytest.mark.shows("S81")
@pytest.mark.parametrize(
    ("receiver", "unit", "above"),
    [(ZHOU_JIE, VILLAGE[:9], GAO_FEI), (SUN_YU, VILLAGE, XU_LAN)],
    ids=["township", "village"],
)
async def test_a_complaint_against_ones_own_unit_is_nobodys_until_it_is_taken_above(
    ledger: Ledger, receiver: Caller, unit: str, above: Caller
) -> None:
    await ledger.open(receiver, **A_CLUE, accused_unit=unit)
    assert (ledger.entry["owner"], ledger.entry["opened_by"]) == (None, receiver.subject)
    assert await ledger.listed(above, list="ownerless") == ["TS-2026-0001"]
    await ledger.look(above)
    await ledger.do(above, "take")
    await ledger.do(above, "register")


async def test_whoever_names_their_own_unit_does_not_keep_the_complaint(ledger: Ledger) -> None:
    await ledger.open(XU_LAN, **A_CLUE)
    words = {"accused_kind": "township-officer", "accused_unit": VILLAGE[:9]}
    assert (await ledger.do(XU_LAN, "name-accused", **words))["owner"] is None
    assert await ledger.listed(GAO_FEI, list="ownerless") == ["TS-2026-0001"]


async def test_a_letter_that_would_tell_who_reported_is_read_by_the_few(ledger: Ledger) -> None:
    await ledger.open(ZHOU_JIE, **A_CLUE)
    letter = await ledger.paper(ZHOU_JIE)
    for by, sees in ((ZHOU_JIE, True), (XU_LAN, False), (GAO_FEI, True)):
        assert (len((await ledger.look(by))["papers"]) == 1) is sees
        answer = await ledger.register.get(f"{ledger.path}/papers/{letter}", by)
        assert answer.status_code == (200 if sees else 404)


@pytest.mark.shows("S54")
async def test_a_complaint_that_is_so_opens_an_item_to_be_mended(ledger: Ledger) -> None:
    await _checked(ledger)
    words = {"problem": "评议无记录", "rectifier": "zhou-jie"}
    past = await ledger.ask(GAO_FEI, "open-rectification", mended_by="2026-09-01", **words)
    assert past.status_code == 409
    done = await ledger.do(GAO_FEI, "open-rectification", mended_by="2026-10-30", **words)
    assert done["history"][-1]["words"]["rectification"] == "ZG-2026-0001"
    mending = Ledger(ledger.register, "rectification")
    answer = await ledger.register.get("/registers/rectification", ZHOU_JIE)
    (mending.entry,) = answer.json()["items"]
    item = await mending.look(ZHOU_JIE)
    said = {each["field"]: each["said"] for each in item["says"]}
    assert (said["source_number"], item["owner"], item["due_on"]) == (
        "TS-2026-0001",
        "staff:zhou-jie",
        "2026-10-30",
    )


@pytest.mark.shows("S55")
async def test_what_is_made_public_names_nobody(ledger: Ledger) -> None:
    await a_known_household(ledger.register, "h-1", 1, 2)
    names = {"accused_name": "郑国强", "reporter": "买买提•吐尔逊"}
    await _checked(ledger, about=("household", "h-1"), **names)
    told = {"answer": "已处理", "answered_on": _today(ledger), "answered_by": "letter"}
    await ledger.do(XU_LAN, "answer", **told)
    await ledger.do(GAO_FEI, "close", not_transferred_because="情节轻微")
    for named in (
        "李乙家",
        "郑国强受处分",
        "郑 国强",
        f"电话{PHONE}",
        "１３９００００１２３４",
        "139–0000—1234",
        "郑・国强",
        "郑‧国强",
        "郑—国\u200b强",
        "买买提吐尔逊反映",
        "买买提‧吐尔逊反映",
        "买买提-吐尔逊反映",
    ):
        words = {"public_title": "优亲厚友", "public_text": f"某村干部违规，{named}。"}
        refused = await ledger.ask(GAO_FEI, "publish", **words)
        assert refused.json().get("needs") == ["names-nobody"], named
    await ledger.do(
        GAO_FEI,
        "publish",
        public_title="优亲厚友",
        public_text="某村干部受党内警告，退回12345.67元。",
    )
    answer = await ledger.register.client.get(
        "/registers/complaint/public", headers=ledger.register.headers(DOOR)
    )
    (shown,) = answer.json()["items"]
    assert [each["field"] for each in shown["says"]] == ["topic", "public_title", "public_text"]
    secret = (names["reporter"], PHONE, "郑国强", "李乙", "情况属实", "TS-2026", "h-1", "xu-lan")
    assert not [each for each in secret if each in answer.text]
    await ledger.do(GAO_FEI, "take-down")
    answer = await ledger.register.client.get(
        "/registers/complaint/public", headers=ledger.register.headers(DOOR)
    )
    assert answer.json()["items"] == []


@pytest.mark.shows("S55")
async def test_what_is_made_public_names_nobody_who_was_named_or_lived_there_before(
    ledger: Ledger,
) -> None:
    home = await a_known_household(ledger.register)
    await ledger.register.change(
        "UPDATE membership SET until = '2026-09' FROM person"
        " WHERE person.id = person_id AND person.name = '李丙'"
    )
    await ledger.open(ZHOU_JIE, about=("household", home), **A_CLUE, accused_name="赵铁柱")
    await ledger.do(ZHOU_JIE, "register")
    named = {"accused_kind": "village-cadre", "accused_name": "孙大海"}
    await ledger.do(GAO_FEI, "name-accused", **named)
    await ledger.do(GAO_FEI, "assign", owner="xu-lan")
    await _names(ledger, "赵铁柱", "孙大海", "李丙", "李乙")


@pytest.mark.shows("S55")
async def test_what_is_made_public_of_a_case_names_nobody_of_it(ledger: Ledger) -> None:
    case = (await Walk(ledger.register).accepted()).case
    await ledger.open(ZHOU_JIE, about=("case", case["case_id"]), **A_CLUE)
    await ledger.do(ZHOU_JIE, "register")
    await ledger.do(GAO_FEI, "assign", owner="xu-lan")
    await _names(ledger, "李伟", "李娜")


async def _names(ledger: Ledger, *known: str) -> None:
    """Looked into and closed, it is made public without any of these names."""
    day = _today(ledger)
    await ledger.do(XU_LAN, "check", checked_on=day, findings="属实", founded="founded")
    told = {"answer": "已处理", "answered_on": day, "answered_by": "letter"}
    await ledger.do(XU_LAN, "answer", **told)
    await ledger.do(GAO_FEI, "close", not_transferred_because="情节轻微")
    for each in known:
        words = {"public_title": "一起案例", "public_text": f"{each}收了钱"}
        refused = await ledger.ask(GAO_FEI, "publish", **words)
        assert refused.json().get("needs") == ["names-nobody"], each
    await ledger.do(GAO_FEI, "publish", public_title="一起案例", public_text="某人收了钱")


async def test_what_was_not_found_so_is_not_made_public(ledger: Ledger) -> None:
    await ledger.open(ZHOU_JIE, **A_CLUE)
    await ledger.do(ZHOU_JIE, "register")
    await ledger.do(GAO_FEI, "assign", owner="xu-lan")
    found = {"checked_on": _today(ledger), "findings": "不属实", "founded": "unfounded"}
    await ledger.do(XU_LAN, "check", **found)
    told = {"answer": "不属实", "answered_on": _today(ledger), "answered_by": "phone"}
    await ledger.do(XU_LAN, "answer", **told)
    await ledger.do(GAO_FEI, "close")
    refused = await ledger.ask(GAO_FEI, "publish", public_title="无", public_text="无")
    assert refused.json()["needs"] == ["found-to-be-so"]


async def test_what_is_against_an_officer_of_a_township_is_the_countys_unnamed_as_they_are(
    ledger: Ledger,
) -> None:
    clue = {name: word for name, word in A_CLUE.items() if name != "channel"}
    for rank, seen in (("township-officer", False), ("village-cadre", True)):
        said = {"area": VILLAGE[:9], "words": clue | {"accused_kind": rank}}
        filed = await ledger.register.client.post(
            "/registers/complaint/outside", json=said, headers=ledger.register.headers(DOOR)
        )
        number = filed.json()["number"]
        assert number in await ledger.listed(GAO_FEI)
        assert (number in await ledger.listed(XU_LAN)) is seen
        assert number not in await ledger.listed(SUN_YU), "it is not the village's to read"


@pytest.mark.shows("S53")
async def test_anybody_may_file_and_read_the_answer_by_number_and_code(ledger: Ledger) -> None:
    client, headers = ledger.register.client, ledger.register.headers
    clue = {name: word for name, word in A_CLUE.items() if name != "channel"}
    against = {"area": VILLAGE[:9], "words": clue | {"accused_unit": VILLAGE[:9]}}
    filed = await client.post("/registers/complaint/outside", json=against, headers=headers(DOOR))
    assert filed.status_code == 201, filed.text
    number, code = filed.json()["number"], filed.json()["code"]
    assert set(code) <= set(ALPHABET)
    assert await ledger.listed(GAO_FEI, list="ownerless") == [number]
    assert await ledger.listed(XU_LAN) == [], "it is against her township"
    asked = {"number": number.lower(), "code": f" {code.lower()} "}
    state = await client.post(
        "/registers/complaint/outside/state", json=asked, headers=headers(DOOR)
    )
    assert (state.json()["state_words"]["zh"], state.json()["told"]) == ("已接收", [])
    (ledger.entry,) = (await ledger.register.get("/registers/complaint", GAO_FEI)).json()["items"]
    for act in ("take", "register"):
        await ledger.do(GAO_FEI, act)
    await ledger.do(GAO_FEI, "assign", owner="gao-fei")
    await ledger.do(
        GAO_FEI, "check", checked_on=_today(ledger), findings="内部情况", founded="founded"
    )
    told = {"answer": "已经改正", "answered_on": _today(ledger), "answered_by": "online"}
    await ledger.do(GAO_FEI, "answer", **told)
    state = await client.post(
        "/registers/complaint/outside/state", json=asked, headers=headers(DOOR)
    )
    assert [each["said"] for each in state.json()["told"]] == ["已经改正"]
    assert "内部情况" not in state.text
    for wrong in ({"code": "22222222"}, {"number": "TS-2026-0009"}):
        answer = await client.post(
            "/registers/complaint/outside/state", json=asked | wrong, headers=headers(DOOR)
        )
        assert answer.json()["type"] == "/problems/no-such-report"
    more = {"words": clue | {"channel": "superior"}}
    refused = await client.post("/registers/complaint/outside", json=more, headers=headers(DOOR))
    assert refused.status_code == 422
    refused = await client.post("/registers/complaint/outside", json={}, headers=headers(GAO_FEI))
    assert refused.status_code == 403


@pytest.mark.shows("S53")
async def test_what_is_answered_in_time_is_not_overdue_until_it_is_looked_into_again(
    ledger: Ledger,
) -> None:
    await _checked(ledger)
    told = {"answer": "已处理", "answered_on": _today(ledger), "answered_by": "letter"}
    later(ledger.register, 45)
    assert (await ledger.do(XU_LAN, "answer", **told))["due_on"] == "2026-11-12"
    later(ledger.register, 5)
    assert _today(ledger) > "2026-11-12"
    assert (await ledger.look(GAO_FEI))["overdue"] is False
    assert await ledger.listed(GAO_FEI, list="overdue") == []
    await ledger.do(GAO_FEI, "not-satisfied", reason="没有说清")
    assert _today(ledger) < ledger.entry["due_on"]
    assert (ledger.entry["overdue"], await ledger.listed(GAO_FEI, list="overdue")) == (False, [])
    later(ledger.register, 60)
    assert await ledger.listed(GAO_FEI, list="overdue") == ["TS-2026-0001"]
