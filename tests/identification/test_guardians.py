"""Guardians and letters: who acts for whoever cannot, and whose signature is whose."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.identification.casework.applications import Member
from services.identification.id_numbers import masked
from tests.identification import makers
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
)
from tests.identification.citizens import Phone, admitted
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_addressees import read

HEAD = an_application()["members"][0]
CHILD = an_application()["members"][1]
ILL = {"disability_kind": 6, "disability_grade": 2}


def a_person(key: str, order: int, born: str = "19700101", **said: Any) -> dict[str, Any]:
    number = id_number(order, born)
    return {"key": key, "name": f"李{key}", "relation": "亲属", "id_number": number, **said}


WIFE = a_person("wife", 3)
UNCLE = a_person("uncle", 9)
REPORT: dict[str, Any] = {"report_number": "核7号", "reported_on": "2026-09-25"}


def guarded(person: dict[str, Any], by: str, authority: str | None = "relative") -> dict[str, Any]:
    return person | {"guardian_key": by, "guardian_authority": authority}


def test_who_was_born_on_a_leap_day_comes_of_age_on_the_first_of_march() -> None:
    born = {"2008-02-29": "2026-03-01", "2004-02-29": "2022-03-01", "2008-03-31": "2026-03-31"}
    for day, of_age in born.items():
        said = {"key": "a", "name": "李甲", "relation": "子女", "born_on": day}
        child = Member.model_validate({**said, "no_id_reason": "没有上户口"})
        assert str(child.of_age_on()) == of_age
        assert child.is_minor(date.fromisoformat(of_age) - timedelta(days=1))
        assert not child.is_minor(date.fromisoformat(of_age))


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def needs_to_submit(walk: Walk, *members: dict[str, Any], **said: Any) -> list[str]:
    """What is missing for this household to hand in; nothing, and it is handed in."""
    if walk.case.get("state") != "draft":
        await walk.open()
    words = {"members": list(members), **said}
    await walk.do(CHEN_HONG, "write", application=words)
    answer = await walk.ask(CHEN_HONG, "submit")
    if answer.status_code == 200:
        walk.case = answer.json()
    return list(answer.json().get("needs", []))


@pytest.mark.breaks("A ward has a guardian")
@pytest.mark.parametrize("why", [ILL, {"lacks_capacity": True}])
async def test_every_ward_of_a_household_has_a_guardian(walk: Walk, why: dict[str, Any]) -> None:
    ward = WIFE | why
    unguarded = ["guardians-named"]
    assert await needs_to_submit(walk, HEAD, ward) == unguarded, "not the applicant alone"
    assert await needs_to_submit(walk, HEAD, guarded(ward, "head", None)) == unguarded
    assert await needs_to_submit(walk, HEAD, guarded(ward, "head")) == []


@pytest.mark.breaks("A ward has a guardian")
async def test_a_guardian_is_of_age_and_nobodys_ward(walk: Walk) -> None:
    ward = guarded(WIFE | ILL, "other")
    for wrong in (
        a_person("other", 4, "20180910"),
        guarded(a_person("other", 4) | ILL, "head"),
        guarded(a_person("other", 4), "head"),
        {"key": "other", "name": "无", "relation": "叔", "id_number": "110105197002300010"},
    ):
        others = {"supporters": [wrong]} if wrong["name"] == "无" else {}
        members = [HEAD, ward] if others else [HEAD, ward, wrong]
        assert await needs_to_submit(walk, *members, **others) == ["guardians-named"], wrong
    assert await needs_to_submit(walk, HEAD, ward, a_person("other", 4)) == []


@pytest.mark.breaks("A ward has a guardian")
async def test_minors_without_an_adult_have_a_guardian_and_those_with_one_need_none(
    walk: Walk,
) -> None:
    brother = a_person("brother", 4, "20120101")
    head = CHILD | {"key": "head"}
    uncle = {"supporters": [UNCLE]}
    assert await needs_to_submit(walk, head, brother, **uncle) == ["guardians-named"]
    one = guarded(head, "uncle")
    assert await needs_to_submit(walk, one, brother, **uncle) == ["guardians-named"]
    for gone in ({"away": "prison", "away_since": "2026-01-01"}, ILL, {"lives_together": False}):
        father = a_person("father", 8) | gone
        if gone is ILL:
            father = guarded(father, "uncle")
        missing = await needs_to_submit(walk, one, brother, father, **uncle)
        assert missing == ["guardians-named"], gone
    assert await needs_to_submit(walk, one, guarded(brother, "uncle"), **uncle) == []
    other = Walk(walk.register)
    father, son = a_person("father", 12), a_person("son", 13, "20120101")
    assert await needs_to_submit(other, father, son) == []


@pytest.mark.breaks("A ward has a guardian")
async def test_nothing_is_accepted_before_the_paper_of_every_guardianship(walk: Walk) -> None:
    wards = [guarded(a_person(key, order) | ILL, "head") for key, order in (("a", 4), ("b", 5))]
    assert await needs_to_submit(walk, HEAD, *wards) == []
    await walk.paper(CHEN_HONG, "guardianship", of_person="a")
    assert (await walk.ask(WANG_FANG, "accept")).json()["needs"] == ["guardianship-filed"]
    headers = walk.register.headers(CHEN_HONG)
    same = {"kind": "guardianship", "of_person": "b"}
    answer = await walk.register.client.post(
        f"{walk.path}/papers", params=same, content=JPEG, headers=headers
    )
    assert answer.json()["type"] == "/problems/filed-as-anothers"
    await walk.paper(CHEN_HONG, "guardianship", JPEG + b"b", of_person="b")
    stripped = [HEAD, wards[0], wards[1] | {"guardian_key": None, "guardian_authority": None}]
    await walk.do(CHEN_HONG, "write", application={"members": stripped})
    assert (await walk.ask(WANG_FANG, "accept")).json()["needs"] == ["guardians-named"]
    await walk.do(CHEN_HONG, "write", application={"members": [HEAD, *wards]})
    await walk.do(WANG_FANG, "accept")


async def comparing(walk: Walk, *members: dict[str, Any], **said: Any) -> Walk:
    """Accepted and visited, every guardianship's paper on file; no letter yet."""
    assert await needs_to_submit(walk, *members, **said) == []
    for each in members:
        if each.get("guardian_key"):
            content = JPEG + each["key"].encode()
            await walk.paper(CHEN_HONG, "guardianship", content, of_person=each["key"])
    await walk.do(WANG_FANG, "accept")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    return walk


@pytest.mark.breaks("Authorised before compared")
@pytest.mark.breaks("A ward has a guardian")
async def test_the_guardian_signs_for_a_ward_and_nobody_else_does(walk: Walk) -> None:
    await comparing(walk, HEAD, guarded(WIFE | ILL, "head"), UNCLE)
    letter = await walk.paper(WANG_FANG, "authorisation", of_person="wife")
    words: dict[str, Any] = {"person_key": "wife", "document_id": letter, "signed_on": "2026-09-25"}
    signers: tuple[dict[str, Any], ...] = ({}, {"signed_by": "wife"}, {"signed_by": "uncle"})
    for signer in signers:
        answer = await walk.ask(WANG_FANG, "authorise", **words, **signer)
        assert answer.json()["needs"] == ["signed-by-right"], signer
    await walk.do(WANG_FANG, "authorise", **words, signed_by="head")
    other = await walk.paper(WANG_FANG, "authorisation", JPEG + b"2", of_person="uncle")
    words = {"person_key": "uncle", "document_id": other, "signed_on": "2026-09-25"}
    answer = await walk.ask(WANG_FANG, "authorise", **words, signed_by="head")
    assert answer.json()["needs"] == ["signed-by-right"], "who is of age signs for themselves"
    await walk.letter("uncle")
    await walk.letter("head")
    await walk.do(WANG_FANG, "compare", **REPORT)


@pytest.mark.breaks("Authorised before compared")
async def test_children_alone_are_compared_by_their_guardians_letter(walk: Walk) -> None:
    await comparing(walk, guarded(CHILD | {"key": "head"}, "uncle"), supporters=[UNCLE])
    answer = await walk.ask(WANG_FANG, "compare", **REPORT)
    assert answer.json()["needs"] == ["adults-authorised"]
    await walk.letter("head", signed_by="uncle")
    await walk.do(WANG_FANG, "compare", **REPORT)


@pytest.mark.breaks("Authorised before compared")
async def test_one_paper_is_not_several_peoples_letter(walk: Walk) -> None:
    await comparing(walk, HEAD, WIFE)
    letter = await walk.paper(WANG_FANG, "authorisation", of_person="head")
    words: dict[str, Any] = {"document_id": letter, "signed_on": "2026-09-25"}
    await walk.do(WANG_FANG, "authorise", person_key="head", **words)
    answer = await walk.ask(WANG_FANG, "authorise", person_key="wife", **words)
    assert answer.json()["needs"] == ["letter-is-theirs"]
    same = {"kind": "authorisation", "of_person": "wife"}
    again = await walk.register.client.post(
        f"{walk.path}/papers", params=same, content=JPEG, headers=walk.register.headers(WANG_FANG)
    )
    assert again.json()["type"] == "/problems/filed-as-anothers"
    answer = await walk.ask(WANG_FANG, "compare", **REPORT)
    assert answer.json()["needs"] == ["adults-authorised"]


@pytest.mark.breaks("Authorised before compared")
async def test_a_letter_goes_over_to_nobody_who_stands_in_anothers_place(walk: Walk) -> None:
    assert await needs_to_submit(walk, HEAD) == []
    await walk.letter("head", CHEN_HONG)
    letter = walk.papers["authorisation"]
    await walk.do(CHEN_HONG, "write", application={"members": [HEAD | {"id_number": id_number(7)}]})
    words: dict[str, Any] = {"person_key": "head", "document_id": letter, "signed_on": "2026-09-25"}
    answer = await walk.ask(CHEN_HONG, "authorise", **words)
    assert answer.json()["needs"] == ["letter-is-theirs"]


@pytest.mark.breaks("Authorised before compared")
async def test_one_sheet_that_all_signed_names_who_signed_it(walk: Walk) -> None:
    ward = guarded(a_person("son", 4) | ILL, "head")
    await comparing(walk, HEAD, WIFE, ward)
    sheet = await walk.paper(WANG_FANG, "joint-authorisation")
    words: dict[str, Any] = {"document_id": sheet, "signed_on": "2026-09-25"}
    for people, needs in (
        (["head"], ["signed-together"]),
        (["wife", "son"], ["signed-by-right"]),
    ):
        answer = await walk.ask(WANG_FANG, "authorise-jointly", people=people, **words)
        assert answer.json()["needs"] == needs, people
    for wrong in (["head", "nobody"], "head", []):
        answer = await walk.ask(WANG_FANG, "authorise-jointly", people=wrong, **words)
        assert answer.status_code == 422
    alone = await walk.ask(WANG_FANG, "authorise", person_key="wife", **words)
    assert alone.status_code == 422, "a sheet of several is no letter of one"
    await walk.do(WANG_FANG, "authorise-jointly", people=["head", "son"], **words)
    answer = await walk.ask(WANG_FANG, "compare", **REPORT)
    assert answer.json()["needs"] == ["adults-authorised"], "who is not on it has not signed"
    await walk.do(WANG_FANG, "authorise-jointly", people=["head", "son", "wife"], **words)
    await walk.do(WANG_FANG, "compare", **REPORT)


@pytest.mark.breaks("A ward has a guardian")
async def test_a_minor_begins_no_household_without_a_guardian(register: Register) -> None:
    people = (makers.a_person(1), makers.a_person(2, id_number=id_number(2, "20120910")))
    rows = makers.rows_of(makers.a_household("h-1", *people, **makers.on_dibao()))
    await register.imported(makers.a_csv(rows))
    walk = await Walk(register).open(category="change", household_number="h-1", village=None)
    members = (await walk.look())["application"]["members"]
    young = next(each for each in members if each["name"] == "李明")
    words: dict[str, Any] = {
        "person_key": young["key"], "since": "2026-10",
        "income_fen_monthly": 0, "circumstance": "moved",
    }  # fmt: skip
    assert (await walk.ask(CHEN_HONG, "split", **words)).json()["needs"] == ["head-guarded"]
    paper = await walk.paper(CHEN_HONG, "guardianship", of_person=young["key"])
    guardian = {
        "guardian": "李强", "guardian_number": id_number(9), "guardian_paper": paper,
        "guardian_relation": "叔叔", "guardian_authority": "relative",
    }  # fmt: skip
    of_minors = [id_number(14, "20150101"), id_number(2, "20120910")]
    wrongs: list[dict[str, Any]] = [{"guardian_number": each} for each in of_minors]
    wrongs += [{name: ""} for name in guardian if name != "guardian_number"]
    for wrong in wrongs:
        answer = await walk.ask(CHEN_HONG, "split", **words, **{**guardian, **wrong})
        assert answer.json()["needs"] == ["head-guarded"], wrong
    await walk.do(CHEN_HONG, "split", **words, **guardian)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    told = (await walk.look())["application"]
    (uncle,) = told["supporters"]
    named = {each["key"]: each["guardian_key"] for each in told["members"]}
    assert (uncle["name"], named[young["key"]]) == ("李强", uncle["key"])
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    decision = {"decision_number": "青民变〔2026〕32号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "confirm", **decision)
    assert "李强：" in await read(walk, "touched-1"), "nobody writes to a child"


@pytest.mark.breaks("A ward has a guardian")
async def test_no_death_leaves_minors_without_a_guardian(register: Register) -> None:
    people = (makers.a_person(1), makers.a_person(2, id_number=id_number(2, "20120910")))
    rows = makers.rows_of(makers.a_household("h-1", *people, **makers.on_dibao()))
    await register.imported(makers.a_csv(rows))
    walk = await Walk(register).open(category="change", household_number="h-1", village=None)
    members = {each["name"]: each["key"] for each in (await walk.look())["application"]["members"]}
    mother, child = members["李芳"], members["李明"]
    await walk.do(CHEN_HONG, "death", person_key=mother, died_on="2026-08-30")
    await walk.paper(CHEN_HONG, "finding-proof")
    assert [each["name"] for each in walk.case["effect"]["left_alone"]]
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    decision: dict[str, Any] = {"decision_number": "青民变〔2026〕31号", "from_month": "2026-10"}
    answer = await walk.ask(HE_JUN, "confirm", **decision)
    assert answer.json()["needs"] == ["left-are-guarded"]
    assert len(register.rows("SELECT 1 FROM determination")) == 1, "who lives on is paid meanwhile"
    uncle: dict[str, Any] = {
        "person_key": child, "guardian_name": "李强", "guardian_number": id_number(9),
        "relation": "叔父", "authority": "village-committee",
        "paper_id": await walk.paper(CHEN_HONG, "guardianship", of_person=child),
    }  # fmt: skip
    for wrong in (
        {"guardian_number": id_number(14, "20150101")},
        {"guardian_number": id_number(2, "20120910")},
        {"guardian_number": id_number(1)},
    ):
        answer = await walk.ask(WANG_FANG, "name-guardian", **{**uncle, **wrong})
        assert answer.json()["needs"] == ["guardian-able"], wrong
    await walk.do(WANG_FANG, "name-guardian", **uncle)
    assert walk.case["state"] == "confirming"
    assert [each["guarded"] for each in walk.case["effect"]["left_alone"]] == [True]
    await walk.do(HE_JUN, "reopen", reason="补充日期")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    assert (await walk.do(HE_JUN, "confirm", **decision))["state"] == "changed"


@pytest.mark.breaks("A ward has a guardian")
async def test_no_leaving_leaves_them_alone_either(register: Register) -> None:
    people = (makers.a_person(1), makers.a_person(2, id_number=id_number(2, "20120910")))
    dead = makers.a_person(5, name="李壮", until="2026-08", died_on="2026-08-02")
    homes = (
        makers.a_household("h-1", *people, **makers.on_dibao()),
        makers.a_household("h-2", makers.a_person(4), dead),
    )
    await register.imported(makers.a_csv(makers.rows_of(*homes)))
    walk = await Walk(register).open(category="exit", household_number="h-1", village=None)
    members = (await walk.look())["application"]["members"]
    keys = {each["name"]: each["key"] for each in members}
    await walk.do(CHEN_HONG, "death", person_key=keys["李芳"], died_on="2026-08-30")
    await walk.paper(CHEN_HONG, "finding-proof")
    decision: dict[str, Any] = {"decision_number": "青民退〔2026〕31号", "from_month": "2026-10"}
    answer = await walk.ask(HE_JUN, "end", **decision)
    assert answer.json()["type"] == "/problems/guardian-wanted"
    child = keys["李明"]
    uncle: dict[str, Any] = {
        "person_key": child, "guardian_name": "李强", "guardian_number": id_number(9),
        "relation": "叔父", "authority": "relative",
        "paper_id": await walk.paper(CHEN_HONG, "guardianship", of_person=child),
    }  # fmt: skip
    for who in ({"guardian_name": "李壮"}, {}):
        wrong = {**uncle, "guardian_number": id_number(5), **who}
        answer = await walk.ask(CHEN_HONG, "name-guardian", **wrong)
        assert answer.json()["type"] == "/problems/guardian-unfit", "dead, and under whose name"
    await walk.do(CHEN_HONG, "name-guardian", **uncle)
    assert (await walk.do(HE_JUN, "end", **decision))["state"] == "ended"


@pytest.mark.breaks("A ward has a guardian")
async def test_a_ward_is_handed_in_on_the_phone_with_a_guardian_who_lives_elsewhere(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).begin()
    ward: dict[str, Any] = {
        "name": "李娜", "relation": "配偶", "id_number": id_number(3), "lacks_capacity": True,
    }  # fmt: skip
    await phone.say("person", **ward)
    assert (await phone.act("submit")).json()["needs"] == ["guardians-named"]
    for number in (id_number(8), id_number(9)):
        outside = {"name": "李强", "relation": "叔父", "id_number": number}
        said = {**ward, "key": "m1", "guardian_authority": "court", "outside_guardian": outside}
        case = await phone.say("person", **said)
    assert case["application"]["members"][1]["outside_guardian"]["name"] == "李强"
    assert (await phone.act("submit")).status_code == 200
    supporters = (await phone.officers()).case["application"]["supporters"]
    assert [each["id_number"] for each in supporters] == [masked(id_number(9))], (
        "not the one before"
    )
