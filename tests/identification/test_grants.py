"""A grant is about the people who live there, under their own names and numbers."""

from typing import Any

import pytest

from shared.names import plain
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    staff,
)
from tests.identification.makers import (
    VILLAGE,
    a_household,
    a_person,
    a_workbook,
    id_number,
    rows_of,
)
from tests.identification.register import Register

NUMBER = "青民决〔2026〕951号"


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def old_age(walk: Walk, *members: dict[str, Any], key: str = "head") -> Any:
    """The answer to a grant of the old-age allowance to one of these."""
    await walk.open(category="old-age", village=VILLAGE)
    await walk.do(CHEN_HONG, "write", application={"members": list(members), "whose": key})
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept", person_key=key)
    await walk.filed()
    return await walk.ask(HE_JUN, "confirm", decision_number=NUMBER)


def a_member(order: int, name: str, **said: Any) -> dict[str, Any]:
    return {"key": "head", "name": name, "relation": "户主", "id_number": id_number(order), **said}


async def test_a_household_of_the_register_is_granted_whole_or_not(walk: Walk) -> None:
    two = a_household("001200-1", a_person(1, name="李伟"), a_person(2, "配偶", name="单芳"))
    await walk.register.imported(a_workbook(rows_of(two)))
    answer = await old_age(walk, a_member(1, "李伟"))
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/others-live-there"
    await walk.do(WANG_FANG, "withdraw", letter_id=await walk.paper(CHEN_HONG, "withdrawal"))
    wife = {**a_member(2, "单芳"), "key": "wife", "relation": "配偶"}
    again = Walk(walk.register)
    assert (await old_age(again, a_member(1, "李伟"), wife)).status_code == 200


async def test_a_number_known_under_another_name_grants_nothing(walk: Walk) -> None:
    known = a_household("001200-1", a_person(1, name="李伟"))
    await walk.register.imported(a_workbook(rows_of(known)))
    answer = await old_age(walk, a_member(1, "王强"))
    assert answer.json()["type"] == "/problems/name-differs"
    assert "王强" not in answer.text
    assert walk.register.rows("SELECT 1 FROM outbox WHERE subject LIKE '%household-det%'") == []


@pytest.mark.parametrize(("one", "other"), [("阿约·拉铁", "阿约•拉铁"), ("李 伟", "李伟")])
def test_two_papers_write_one_name_in_two_ways(one: str, other: str) -> None:
    assert plain(one) == plain(other)


async def test_nobody_is_granted_who_does_not_live_there(walk: Walk) -> None:
    answer = await old_age(walk, a_member(1, "李伟", lives_together=False))
    assert answer.json()["type"] == "/problems/not-of-the-household"
    assert walk.register.rows("SELECT 1 FROM household") == []


async def test_a_number_that_does_not_hold_grants_nothing(walk: Walk) -> None:
    wrong = id_number(1)[:-1] + ("0" if id_number(1)[-1] != "0" else "1")
    answer = await old_age(walk, a_member(1, "李伟", id_number=wrong))
    assert answer.json()["type"] == "/problems/number-doubtful"
    assert wrong not in answer.text


@pytest.mark.parametrize(
    "said", [{"id_number": "hello"}, {"id_number": "1" * 17}, {"disability_grade": 1}]
)
async def test_what_is_no_number_and_half_a_disability_are_refused(
    walk: Walk, said: dict[str, Any]
) -> None:
    await walk.open()
    answer = await walk.ask(
        CHEN_HONG, "write", application={"members": [a_member(1, "李伟", **said)]}
    )
    assert answer.status_code == 422


async def test_a_letter_is_of_the_person_who_signed_it(walk: Walk) -> None:
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application())
    letter = await walk.paper(CHEN_HONG, "authorisation")
    words = {"person_key": "head", "document_id": letter, "signed_on": "2026-09-24"}
    await walk.do(CHEN_HONG, "authorise", **words)
    people = an_application()["members"]
    people[0] |= {"name": "王强", "id_number": id_number(7)}
    await walk.do(CHEN_HONG, "write", application=an_application(members=people))
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    report: dict[str, Any] = {"report_number": "核9号", "reported_on": "2026-09-25"}
    answer = await walk.ask(WANG_FANG, "compare", **report)
    assert answer.json()["needs"] == ["adults-authorised"]


async def test_the_visit_that_is_chosen_has_its_two_signers(walk: Walk) -> None:
    await walk.accepted()
    await walk.visit()
    alone = "00000000-0000-4000-8000-000000000001"
    survey = {
        "survey_id": alone,
        "visited_on": "2026-09-25",
        "family_member": "李伟",
        "findings": "见表",
        "income_fen_yearly": 0,
    }
    await walk.do(WANG_FANG, "survey", **survey)
    await walk.do(ZHANG_LI, "choose-survey", survey_id=alone, reason="较新")
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["signed-by-investigators"]
    await walk.do(LIU_QIANG, "sign-survey", survey_id=alone)
    await walk.do(WANG_FANG, "finish-survey")


async def test_who_only_reads_brings_no_papers_and_a_key_is_of_one_paper(walk: Walk) -> None:
    await walk.accepted()
    reader = staff("reader", {"cases:read"})
    headers = walk.register.headers(reader)
    photo = b"\xff\xd8\xff" + b"a" * 50
    answer = await walk.register.client.post(
        f"{walk.path}/papers", params={"kind": "other"}, content=photo, headers=headers
    )
    assert answer.status_code == 403
    headers = walk.register.headers(CHEN_HONG)
    for content, status in ((photo, 201), (photo[:-1] + b"b", 422)):
        answer = await walk.register.client.post(
            f"{walk.path}/papers", params={"kind": "other"}, content=content, headers=headers
        )
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize("village", ["511425999999", "٥١١٤٢٥٠٠١٢٠٠", "../../etc/pass"])
async def test_a_case_is_of_a_village_of_the_county(walk: Walk, village: str) -> None:
    answer = await walk.register.client.post(
        "/cases",
        json={"category": "dibao", "village": village},
        headers=walk.register.headers(staff("chen-hong", {"cases:apply"})),
    )
    assert answer.status_code == 422


@pytest.mark.breaks("Granted on what was visited")
async def test_no_less_income_is_proposed_than_the_visit_that_counts_found(walk: Walk) -> None:
    await walk.accepted()
    await walk.letter("head")
    await walk.visit(240_000)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    granted: dict[str, Any] = {"opinion": "grant", "reasons": "符合条件"}
    answer = await walk.ask(ZHANG_LI, "propose", **granted, income_fen_monthly=19_999)
    assert (answer.status_code, answer.json()["needs"]) == (409, ["income-as-visited"])
    await walk.do(ZHANG_LI, "propose", **granted, income_fen_monthly=20_000)


@pytest.mark.breaks("Granted on what was visited")
async def test_nobody_above_the_standard_is_granted(walk: Walk) -> None:
    walk.proposal = {"income_fen_monthly": 260_000}
    await (await walk.confirming()).filed()
    answer = await walk.ask(HE_JUN, "confirm", decision_number=NUMBER)
    assert answer.json()["type"] == "/problems/above-the-standard"
    assert walk.register.rows("SELECT 1 FROM household") == []
    await walk.do(HE_JUN, "refuse", decision_number=NUMBER, reasons="家庭收入高于标准")
