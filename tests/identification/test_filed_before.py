"""Papers of an earlier case of the same people count in the next, as long as they are valid."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    WANG_FANG,
    YANG_MEI,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    in_month,
    later,
    sets,
)
from tests.identification.makers import id_number
from tests.identification.pictures import a_picture
from tests.identification.register import Register
from tests.identification.test_moving_home import moves

_SAID = ("name", "relation")


def items(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["kind"]: each for each in case["archive"]}


async def refused_with_papers(register: Register) -> Walk:
    """Li Wei and Li Na were refused, and everything that says who they are is in that file."""
    walk = await Walk(register).accepted()
    await walk.paper(CHEN_HONG, "household-register", a_picture(1, 8, 8))
    for key, person in (("head", a_picture(2, 8, 8)), ("child", a_picture(3, 8, 8))):
        await walk.paper(CHEN_HONG, "id-card", person, of_person=key)
    await walk.letter("head")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    said: dict[str, Any] = {"income_fen_monthly": 90_000, "reasons": "收入高于标准"}
    await walk.do(ZHANG_LI, "propose", opinion="refuse", **said)
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕806号", reasons="收入高于标准")
    return walk


async def before_the_county(walk: Walk, **said: Any) -> Walk:
    """The same people again, without a paper but the photo of the list."""
    await walk.proposed(**said)
    photo = await walk.paper(ZHANG_LI, "posting-photo", JPEG + walk.case["receipt"].encode())
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(ZHANG_LI, "post", first_day=today, photo_id=photo)
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    return walk


@pytest.mark.shows("S43")
@pytest.mark.breaks("The archive whole")
async def test_papers_of_an_earlier_case_are_not_asked_for_again_while_they_are_valid(
    register: Register,
) -> None:
    sets(register, "papers_complete_before: decision")
    first = await refused_with_papers(register)
    in_month(register, 2)
    again = await before_the_county(Walk(register))
    found = items(await again.look(WANG_FANG))
    (filed,) = found["household-register"]["before"]
    assert (filed["receipt"], filed["filed_on"]) == (first.case["receipt"], "2026-09-25")
    assert (filed["whose"], filed["until"]) == (["李伟", "李娜"], "2027-09-30")
    assert [each["whose"] for each in found["id-card"]["before"]] == [["李伟"], ["李娜"]]
    assert (found["id-card"]["state"], found["id-card"]["papers"]) == ("there", 0)
    assert again.case["to_bring"] == ["申请书", "收入证明", "承诺书"], "all together, and no more"
    await again.do(HE_JUN, "confirm", decision_number="青民决〔2026〕807号")
    pdf = PdfReader(io.BytesIO((await register.get(f"{again.path}/file", WANG_FANG)).content))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert text.count(first.case["receipt"]) >= 3, "the papers that count are in its file"


async def test_what_has_run_out_or_is_anothers_does_not_count(register: Register) -> None:
    await refused_with_papers(register)
    newborn = {
        "key": "baby",
        "name": "李新",
        "relation": "子女",
        "id_number": id_number(3, "20260910"),
    }
    more = [*an_application()["members"], newborn]
    again = await Walk(register).open()
    await again.do(CHEN_HONG, "write", application=an_application(members=more))
    found = items(await again.look(WANG_FANG))
    assert not found["household-register"]["before"], "somebody new lives there"
    assert (found["id-card"]["state"], found["id-card"]["lacks"]) == ("missing", ["李新"])
    sets(register, "papers_valid_months: {id-card: 1}")
    await again.do(CHEN_HONG, "write", application=an_application())
    in_month(register, 2)
    found = items(await again.look(WANG_FANG))
    assert found["household-register"]["before"], "twelve months, as the nation has it"
    assert found["id-card"]["lacks"] == ["李伟"], "a month; the other says who she is"


async def test_nothing_counts_that_no_officer_took_in(register: Register) -> None:
    draft = await Walk(register).open()
    await draft.do(CHEN_HONG, "write", application=an_application())
    await draft.paper(CHEN_HONG, "household-register")
    other = await Walk(register, "tekun").open()
    await other.do(YANG_MEI, "write", application=an_application())
    assert not items(await other.look(WANG_FANG))["household-register"]["before"]
    await draft.do(CHEN_HONG, "submit")
    await draft.do(WANG_FANG, "accept")
    assert items(await other.look(WANG_FANG))["household-register"]["before"]


@pytest.mark.breaks("The archive whole")
async def test_nothing_incomplete_goes_up_unless_the_place_takes_it_later(
    register: Register,
) -> None:
    walk = await Walk(register).surveyed()
    await walk.compare()
    words = {"opinion": "grant", "reasons": "符合条件", **walk.proposal}
    asked: dict[str, Any] = {"json": {"version": walk.case["version"], "words": words}}
    path = f"{walk.path}/acts/propose"
    answer = await register.client.post(path, **asked, headers=register.headers(ZHANG_LI))
    assert answer.json()["needs"] == ["papers-ready"]
    sets(register, "papers_complete_before: decision")
    answer = await register.client.post(path, **asked, headers=register.headers(ZHANG_LI))
    assert answer.json()["state"] == "to-post"


@pytest.mark.breaks("The archive whole")
async def test_what_a_bringer_alone_moved_or_took_back_does_not_count(register: Register) -> None:
    household_id = await a_known_household(register)
    change = await Walk(register).open(category="change", household_id=household_id)
    await change.look()
    await moves(change)
    await change.do(CHEN_HONG, "submit")
    members = [
        {"key": f"m{order}", "id_number": id_number(order), **{n: e[n] for n in _SAID}}
        for order, e in enumerate(change.case["application"]["members"], start=1)
    ]
    other = await Walk(register, "tekun").open()
    await other.do(CHEN_HONG, "write", application=an_application(members=members, whose="m1"))
    assert not items(await other.look(WANG_FANG))["household-register"]["before"]
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert items(await other.look(WANG_FANG))["household-register"]["before"]
    elsewhere = items(await other.look(HE_JUN))["household-register"]["before"]
    assert elsewhere[0]["receipt"] == change.case["receipt"]
    await register.change("UPDATE case_file SET state = 'withdrawn' WHERE category = 'change'")
    assert not items(await other.look(WANG_FANG))["household-register"]["before"]
