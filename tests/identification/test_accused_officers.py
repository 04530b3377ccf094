"""Complaints against officers: nobody handles what may be against themselves, or lets it rest."""

from dataclasses import replace
from typing import Any, Final

import pytest

from tests.identification.caseworkers import staff
from tests.identification.ledgers import GAO_FEI, HEAD, XU_LAN, ZHOU_JIE, Ledger
from tests.identification.register import Register
from tests.identification.test_complaints import A_CLUE, DOOR, PHONE, REPORTER

SHEN_YI: Final = staff("shen-yi", HEAD | {"complaints:reporter"})
TODAY: Final = "2026-09-25"


@pytest.fixture
def ledger(register: Register) -> Ledger:
    return Ledger(register, "complaint")


async def _filed_at_the_door(ledger: Ledger, **said: Any) -> None:
    clue = {name: word for name, word in A_CLUE.items() if name != "channel"} | said
    filed = await ledger.register.client.post(
        "/registers/complaint/outside",
        json={"words": clue},
        headers=ledger.register.headers(DOOR),
    )
    assert filed.status_code == 201, filed.text
    (ledger.entry,) = (await ledger.register.get("/registers/complaint", SHEN_YI)).json()["items"]


@pytest.mark.shows("S53")
async def test_an_officer_of_the_county_who_may_be_the_accused_neither_reads_who_reported_nor_acts(
    ledger: Ledger,
) -> None:
    await _filed_at_the_door(ledger, accused_kind="county-officer", accused_name="高飞")
    for by in (GAO_FEI, SHEN_YI):
        seen = await ledger.register.get(ledger.path, by)
        assert not {REPORTER, PHONE} & set(seen.text.split('"'))
        assert seen.json()["hidden"] == ["reporter", "reporter_phone"]
        for act, words in (
            ("take", {}),
            ("hand-on", {"owner": "gao-fei", "reason": "归我办"}),
        ):
            assert (await ledger.ask(by, act, **words)).json()["needs"] == ["accused-by-another"]
    await ledger.do(
        GAO_FEI, "name-accused", accused_kind="county-officer", accused_account="he-jun"
    )
    own = await ledger.register.get(ledger.path, GAO_FEI)
    assert REPORTER not in own.text, "who says it of another is not cleared by their own word"
    assert (await ledger.ask(GAO_FEI, "take")).json()["needs"] == ["accused-by-another"]
    assert REPORTER in (await ledger.register.get(ledger.path, SHEN_YI)).text
    await ledger.do(
        SHEN_YI, "name-accused", accused_kind="county-officer", accused_account="gao-fei"
    )
    assert (await ledger.register.get(ledger.path, GAO_FEI)).status_code == 404


@pytest.mark.parametrize("rank", ["nobody", "village-cadre"])
async def test_another_rank_said_by_who_may_be_the_accused_opens_nothing_to_them(
    ledger: Ledger, rank: str
) -> None:
    again = {"accused_kind": rank, "lowered_because": "来电人说错了"}
    await _filed_at_the_door(ledger, accused_kind="county-officer", accused_name="高飞")
    await ledger.do(GAO_FEI, "name-accused", **again)
    assert REPORTER not in (await ledger.register.get(ledger.path, GAO_FEI)).text
    assert (await ledger.ask(GAO_FEI, "take")).json()["needs"] == ["accused-by-another"]
    await ledger.do(SHEN_YI, "name-accused", **again)
    assert REPORTER in (await ledger.register.get(ledger.path, GAO_FEI)).text
    await ledger.do(GAO_FEI, "take")


async def test_a_letter_about_an_officer_of_the_county_is_read_once_another_has_said_who_it_is(
    ledger: Ledger,
) -> None:
    await ledger.open(SHEN_YI, **(A_CLUE | {"accused_kind": "county-officer"}))
    letter = await ledger.paper(SHEN_YI)
    path = f"{ledger.path}/papers/{letter}"
    assert (await ledger.register.get(path, GAO_FEI)).status_code == 404
    assert (await ledger.register.get(path, SHEN_YI)).status_code == 200, "who added it has seen it"
    named = {"accused_kind": "county-officer", "accused_account": "he-jun"}
    await ledger.do(SHEN_YI, "name-accused", **named)
    assert (await ledger.register.get(path, GAO_FEI)).status_code == 200
    await ledger.look(GAO_FEI)
    await ledger.do(GAO_FEI, "name-accused", accused_kind="county-officer")
    refused = await ledger.ask(SHEN_YI, "register")
    assert refused.json()["needs"] == ["accused-by-another"], "a rank confirms no account"
    await ledger.do(GAO_FEI, "name-accused", **named)
    await ledger.do(SHEN_YI, "register")


@pytest.mark.shows("S53")
async def test_a_complaint_against_an_officer_who_has_no_account_comes_to_its_end(
    ledger: Ledger,
) -> None:
    await _filed_at_the_door(ledger, accused_kind="county-officer")
    none = {"accused_kind": "county-officer", "accused_has_no_account": True}
    refused = await ledger.ask(GAO_FEI, "name-accused", **none)
    assert refused.json()["needs"] == ["known-without-account"]
    await ledger.do(GAO_FEI, "name-accused", **none, accused_name="郑副局长")
    assert (await ledger.ask(GAO_FEI, "take")).json()["needs"] == ["accused-by-another"]
    assert REPORTER not in (await ledger.register.get(ledger.path, GAO_FEI)).text
    await ledger.do(SHEN_YI, "name-accused", **none)
    assert REPORTER in (await ledger.register.get(ledger.path, GAO_FEI)).text
    await ledger.do(GAO_FEI, "take")
    await ledger.do(GAO_FEI, "register")
    await ledger.do(SHEN_YI, "assign", owner="gao-fei")
    handed = {
        "body": "county-discipline",
        "transferred_on": TODAY,
        "transfer_paper": "移〔2026〕1号",
    }
    await ledger.do(GAO_FEI, "transfer", **handed)
    await ledger.do(GAO_FEI, "take-reply", reply="属实，已处分", founded="founded")
    answer = {"answer": "已处分", "answered_on": TODAY, "answered_by": "phone"}
    await ledger.do(GAO_FEI, "answer", **answer)
    assert (await ledger.do(SHEN_YI, "close"))["state"] == "closed"


@pytest.mark.shows("S53")
async def test_what_is_so_of_a_cadre_is_not_closed_without_the_discipline_inspection_or_a_reason(
    ledger: Ledger,
) -> None:
    await _answered(ledger, "partly")
    assert await ledger.listed(GAO_FEI, list="not-transferred") == ["TS-2026-0001"]
    refused = await ledger.ask(GAO_FEI, "close")
    assert refused.json()["needs"] == ["transferred-or-reason"]
    await ledger.do(GAO_FEI, "close", not_transferred_because="情节轻微，已批评教育")
    assert await ledger.listed(GAO_FEI, list="not-transferred") == ["TS-2026-0001"]
    await _answered(ledger, "unfounded")
    await ledger.do(GAO_FEI, "close")
    await _answered(ledger, "founded", accused_kind="household")
    await ledger.do(GAO_FEI, "close")
    assert await ledger.listed(GAO_FEI, list="not-transferred") == ["TS-2026-0001"]
    founded = {
        each["word"]: each["count"]
        for field in (await ledger.counts(GAO_FEI))["fields"]
        if field["field"] == "founded"
        for each in field["choices"]
    }
    assert founded == {"founded": 1, "partly": 1, "unfounded": 1, "": 0}


@pytest.mark.shows("S53")
async def test_what_is_so_of_a_cadre_stays_so_whatever_is_said_of_the_accused_after(
    ledger: Ledger,
) -> None:
    await _answered(ledger, "founded", checked_only=True)
    nobody = {"accused_kind": "nobody"}
    refused = await ledger.ask(SHEN_YI, "name-accused", **nobody)
    assert (refused.json()["needs"], refused.json()["field"]) == (
        ["lowered-with-reason"],
        "lowered_because",
    )
    await ledger.do(SHEN_YI, "name-accused", **nobody, lowered_because="查无此人")
    handed = {"transferred_on": TODAY, "transfer_paper": "移〔2026〕2号"}
    wrong = await ledger.ask(GAO_FEI, "transfer", body="county-discipline", **handed)
    assert wrong.json()["needs"] == ["by-personnel-authority"]
    await ledger.do(XU_LAN, "answer", answer="已处理", answered_on=TODAY, answered_by="phone")
    assert await ledger.listed(GAO_FEI, list="not-transferred") == ["TS-2026-0001"]
    said = {"not_transferred_because": "查无此人"}
    assert (await ledger.ask(SHEN_YI, "close", **said)).json()["needs"] == ["not-who-did-it"]
    refused = await ledger.ask(GAO_FEI, "close")
    assert refused.json()["needs"] == ["transferred-or-reason"]
    await ledger.do(GAO_FEI, "close", **said)
    assert await ledger.listed(GAO_FEI, list="not-transferred") == ["TS-2026-0001"]
    assert await ledger.listed(GAO_FEI, found="accused_kind:village-cadre") == []


async def test_what_was_taken_for_nobodys_still_goes_to_the_body_of_the_officer_it_named(
    ledger: Ledger,
) -> None:
    await _answered(ledger, "founded", checked_only=True)
    lowered = {"accused_kind": "household", "lowered_because": "来电人说错了"}
    await ledger.do(SHEN_YI, "name-accused", **lowered)
    await ledger.do(SHEN_YI, "name-accused", accused_kind="nobody")
    handed = {"transferred_on": TODAY, "transfer_paper": "移〔2026〕3号"}
    done = await ledger.do(GAO_FEI, "transfer", body="township-discipline", **handed)
    assert done["state"] == "transferred"


@pytest.mark.shows("S53")
async def test_nobody_looks_into_a_complaint_and_ends_it_by_any_account_of_theirs(
    ledger: Ledger,
) -> None:
    await _answered(ledger, "unfounded")
    again = replace(XU_LAN, subject="staff:xu-lan.2")
    for by in (XU_LAN, again):
        assert (await ledger.ask(by, "close")).json()["needs"] == ["not-who-did-it"]
    assert (await ledger.do(GAO_FEI, "close"))["state"] == "closed"


async def _answered(
    ledger: Ledger, founded: str, *, checked_only: bool = False, **said: Any
) -> None:
    await ledger.open(ZHOU_JIE, **(A_CLUE | said))
    await ledger.do(ZHOU_JIE, "register")
    await ledger.do(XU_LAN, "assign", owner="xu-lan")
    await ledger.do(XU_LAN, "check", checked_on=TODAY, findings="查过", founded=founded)
    if not checked_only:
        await ledger.do(XU_LAN, "answer", answer="已处理", answered_on=TODAY, answered_by="phone")
