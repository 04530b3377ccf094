"""Ways round the table of a case that somebody would try, and what stops each."""

import json
from typing import Any

import pytest

from shared.callers import Caller, Kind
from tests.identification.caseworkers import (
    CHEN_HONG,
    COUNTY_HEAD,
    HE_JUN,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
)
from tests.identification.makers import id_number
from tests.identification.register import COUNTY, Register


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.mark.shows("S50")
async def test_a_relative_is_known_by_account_and_by_person(walk: Walk) -> None:
    await walk.accepted()
    await walk.do(WANG_FANG, "declare-relative", officer="he-jun", relation="表弟")
    letter = await walk.paper(WANG_FANG, "authorisation")
    words = {"person_key": "head", "document_id": letter, "signed_on": "2026-09-24"}
    await walk.do(WANG_FANG, "authorise", **words)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=0, reasons="符合")
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    for account, person in (("he-jun", "staff:he-jun"), ("he-jun-2", "staff:he-jun")):
        head = Caller(
            f"staff:{account}", Kind.STAFF, COUNTY, person, frozenset(COUNTY_HEAD), (COUNTY,)
        )
        answer = await walk.ask(head, "confirm", decision_number="青民决〔2026〕9号")
        assert "not-a-relative" in answer.json()["needs"]


@pytest.mark.shows("S39")
async def test_a_list_is_not_dated_back(walk: Walk) -> None:
    await walk.proposed()
    photo = await walk.paper(ZHANG_LI, "posting-photo")
    answer = await walk.ask(ZHANG_LI, "post", first_day="2020-01-01", photo_id=photo)
    assert answer.json()["needs"] == ["posted-in-its-turn"]


async def test_what_the_county_sends_back_is_posted_again(walk: Walk) -> None:
    await walk.confirming()
    await walk.do(HE_JUN, "return-to-township", reason="收入未核清")
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=1, reasons="已核清")
    await walk.put_up()
    assert (await walk.ask(ZHANG_LI, "end-posting")).json()["needs"] == ["posted-long-enough"]
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕10号")
    assert [each["round"] for each in granted["postings"]] == [1, 2]


async def test_nobody_becomes_a_child_by_saying_so(walk: Walk) -> None:
    people = [an_application()["members"][0] | {"born_on": "2020-01-01"}]
    await walk.accepted(members=people)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    report: dict[str, Any] = {"report_number": "核7号", "reported_on": "2026-09-25"}
    answer = await walk.ask(WANG_FANG, "compare", **report)
    assert answer.json()["needs"] == ["adults-authorised"]


async def test_a_proxy_written_after_submission_has_a_consent_too(walk: Walk) -> None:
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    proxy = {"name": "王五", "relation": "邻居", "id_number": id_number(5)}
    proxy["consent_document_id"] = await walk.paper(CHEN_HONG, "id-card")
    await walk.do(CHEN_HONG, "write", application=an_application(proxy=proxy))
    assert (await walk.ask(WANG_FANG, "accept")).json()["needs"] == ["proxy-consented"]
    proxy["consent_document_id"] = await walk.paper(CHEN_HONG, "consent", JPEG + b"2")
    await walk.do(CHEN_HONG, "write", application=an_application(proxy=proxy))
    await walk.do(WANG_FANG, "accept")


async def test_half_a_sign_and_no_sign_are_refused_in_words(walk: Walk) -> None:
    await walk.open()
    people = [an_application()["members"][0] | {"name": "李\x00"}]
    answer = await walk.ask(CHEN_HONG, "write", application=an_application(members=people))
    assert answer.status_code == 422
    said = json.dumps({"version": 0, "words": {"reason": "\ud800"}}).encode()
    answer = await walk.register.client.post(
        f"{walk.path}/acts/withdraw",
        content=said,
        headers={**walk.register.headers(CHEN_HONG), "Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    found = await walk.register.get("/cases", CHEN_HONG, query="李\x00")
    assert found.status_code == 200
