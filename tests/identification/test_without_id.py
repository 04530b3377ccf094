"""People without an ID number: counted, never paid, and one person when the number is found."""

import json
from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    in_month,
    later,
    staff,
)
from tests.identification.makers import VILLAGE, a_csv, a_household, a_person, id_number, rows_of
from tests.identification.province import SUN_YU
from tests.identification.register import Register
from tests.identification.test_publicity import DOOR
from tests.identification.test_temporary_aid import LIMITS, announced, papers, register_with, today

CODED = {
    "key": "wife",
    "name": "阿依",
    "relation": "配偶",
    "temporary_code": "T511425-0007",
    "no_id_reason": "外籍配偶，未落户",
    "born_on": "1970-05-06",
}
OPINION: dict[str, Any] = {
    "opinion": "grant",
    "income_fen_monthly": 18000,
    "reasons": "符合条件",
}
UNSAID = CODED | {"key": "child", "relation": "子女", "temporary_code": None}
NUMBERED = {"name": "阿依", "relation": "子女", "id_number": id_number(8, "19700506")}
HEAD = {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(1)}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def looked_into(walk: Walk, *members: dict[str, Any]) -> None:
    """A household one of whom has a code, before the township; the adults' letters are on file."""
    await walk.accepted(members=list(members))
    for number, each in enumerate(members):
        letter = await walk.paper(
            WANG_FANG, "authorisation", b"\xff\xd8\xff" + bytes([number]), of_person=each["key"]
        )
        words = {"person_key": each["key"], "document_id": letter, "signed_on": today(walk)}
        await walk.do(WANG_FANG, "authorise", **words)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()


async def granted(walk: Walk, *members: dict[str, Any]) -> Walk:
    """The same, proposed and on the board."""
    await looked_into(walk, *members)
    await walk.do(ZHANG_LI, "propose", **OPINION)
    await walk.put_up()
    return walk


async def shown(register: Register) -> list[int]:
    """How many each line of the public page says they are."""
    found = (await register.get(f"/villages/{VILLAGE}/public-list", DOOR)).json()
    return [each["members"] for each in found["posted"]]


def recorded_as_shown(register: Register) -> list[int]:
    """The same of every list that was ever put up, as it is kept."""
    return [
        json.loads(
            register.app.state.keys.decrypt(
                row["shown_sealed"], table="posting", column="shown_sealed", row=row["id"]
            )
        )["members"]
        for row in register.rows("SELECT id, shown_sealed FROM posting ORDER BY id")
    ]


async def confirm(walk: Walk, number: str) -> Any:
    later(walk.register, 8)
    await walk.do(ZHANG_LI, "end-posting")
    return await walk.ask(HE_JUN, "confirm", decision_number=number)


@pytest.mark.parametrize(("counts", "size"), [(True, 2), (False, 1)])
async def test_a_code_counts_in_the_size_of_a_household_where_the_place_says_so(
    walk: Walk, counts: bool, size: int
) -> None:
    register_with(walk.register, count_without_id=counts)
    await granted(walk, HEAD, CODED)
    assert await shown(walk.register) == [size]
    assert recorded_as_shown(walk.register) == [size], "the list, and what is kept of it"
    assert (await confirm(walk, "青民决〔2026〕30号")).status_code == 200
    (decided,) = await announced(walk.register)
    assert len(decided.members) == size
    born = {each.facts["born_on"] for each in decided.members}
    assert (19700506 in born) == counts, "a code says the day of birth"
    assert all(each.facts["on_tekun"] == 0 for each in decided.members)


async def test_nothing_is_granted_to_a_code(walk: Walk) -> None:
    await looked_into(walk, CODED | {"relation": "户主"}, HEAD | {"relation": "配偶"})
    answer = await walk.ask(ZHANG_LI, "propose", **OPINION)
    assert answer.json()["needs"] == ["applicant-numbered"]
    await walk.open(category="old-age")
    await walk.do(CHEN_HONG, "write", application={"members": [HEAD, CODED], "whose": "wife"})
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept", person_key="wife")
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕32号")
    assert answer.json()["type"] == "/problems/not-of-the-register"


async def test_the_number_that_is_found_takes_the_place_of_the_code(walk: Walk) -> None:
    await granted(walk, HEAD, CODED)
    household = (await confirm(walk, "青民决〔2026〕33号")).json()["household_id"]
    (before,) = walk.register.rows("SELECT id FROM person WHERE temporary_code IS NOT NULL")
    change = Walk(walk.register)
    await change.open(category="change", household_id=household)
    members = change.case["application"]["members"] if "application" in change.case else None
    members = members or (await change.look())["application"]["members"]
    (wife,) = [each for each in members if each["name"] == "阿依"]
    assert wife["temporary_code"] == "T511425-0007"
    number = id_number(8, "19700506")
    await change.do(CHEN_HONG, "find-number", person_key=wife["key"], id_number=number)
    await change.do(CHEN_HONG, "submit")
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="已核对户口簿")
    words = {"decision_number": "青民决〔2026〕34号", "from_month": "2026-11"}
    assert (await walk.register.get("/low-income", SUN_YU, query=number)).json()["items"] == []
    await change.do(HE_JUN, "confirm", **words)
    (listed,) = (await walk.register.get("/low-income", SUN_YU, query=number)).json()["items"]
    assert (listed["current"]["group"], listed["current"]["source"]) == ("dibao", "decision")
    found = (await walk.register.get(f"/people/{before['id']}")).json()
    assert found["id_number_masked"].endswith("*" + number[-1:])
    assert found["born_on"] == "1970-05-06"
    assert walk.register.rows("SELECT id FROM person WHERE temporary_code IS NOT NULL") == []
    assert len(walk.register.rows("SELECT id FROM person WHERE name = '阿依'")) == 1


async def test_a_number_that_cannot_be_theirs_is_refused(walk: Walk) -> None:
    await granted(walk, HEAD, CODED)
    household = (await confirm(walk, "青民决〔2026〕33号")).json()["household_id"]
    for number, problem in (
        (id_number(8, "19700507"), "number-differs"),
        (id_number(1), "number-differs"),
    ):
        change = Walk(walk.register)
        await change.open(category="change", household_id=household)
        await change.look()
        (wife,) = [e for e in change.case["application"]["members"] if e["name"] == "阿依"]
        await change.do(CHEN_HONG, "find-number", person_key=wife["key"], id_number=number)
        await change.do(CHEN_HONG, "submit")
        await change.do(ZHANG_LI, "propose", opinion="grant", reasons="已核")
        words: dict[str, Any] = {"decision_number": number[-6:], "from_month": "2026-11"}
        answer = await change.ask(HE_JUN, "confirm", **words)
        assert answer.json()["type"] == f"/problems/{problem}"
    assert len(walk.register.rows("SELECT id FROM person WHERE temporary_code IS NOT NULL")) == 1


async def test_whoever_says_no_code_is_issued_one_that_is_theirs_alone(walk: Walk) -> None:
    unsaid = {name: word for name, word in CODED.items() if name != "temporary_code"} | {
        "key": "m1"
    }
    codes = set()
    for order, wife in ((1, unsaid), (11, unsaid | {"name": "玛丽"})):
        other = Walk(walk.register)
        await granted(other, HEAD | {"id_number": id_number(order)}, wife)
        codes.add(other.case["application"]["members"][1]["temporary_code"])
        assert (await confirm(other, f"青民决〔2026〕{order}号")).status_code == 200
    found = walk.register.rows(
        "SELECT name, temporary_code, household_id FROM person"
        " JOIN membership ON person_id = person.id WHERE temporary_code IS NOT NULL"
    )
    assert {each["name"] for each in found} == {"阿依", "玛丽"}
    assert {each["temporary_code"] for each in found} == codes
    assert len({each["household_id"] for each in found}) == 2, "each in their own household"


async def test_a_code_that_was_issued_stays_while_the_rest_is_written_anew(walk: Walk) -> None:
    unsaid = CODED | {"temporary_code": None}
    await walk.open()
    first = await walk.do(CHEN_HONG, "write", application={"members": [HEAD, unsaid]})
    second = await walk.do(
        CHEN_HONG, "write", application={"members": [HEAD, unsaid], "address": "柳溪村"}
    )
    code = first["application"]["members"][1]["temporary_code"]
    assert code is not None
    assert second["application"]["members"][1]["temporary_code"] == code


@pytest.mark.parametrize("said", [{"name": "玛丽"}, {"born_on": "1971-05-06"}])
async def test_a_code_that_is_somebody_elses_is_told_and_never_granted(
    walk: Walk, said: dict[str, str]
) -> None:
    await granted(walk, HEAD, CODED)
    assert (await confirm(walk, "青民决〔2026〕35号")).status_code == 200
    other = Walk(walk.register)
    await granted(other, HEAD | {"id_number": id_number(11), "name": "张三"}, CODED | said)
    clerk = staff("zhou-ming", {"cases:read", "people:read"})
    assert (await other.look(clerk))["queries"] == ["wife: code-of-another"]
    answer = await confirm(other, "青民决〔2026〕36号")
    assert answer.json()["type"] == "/problems/code-of-another"
    assert answer.json()["member"] == "wife"


async def test_one_code_does_not_stand_for_two_people(walk: Walk) -> None:
    await walk.open()
    sister = CODED | {"key": "sister", "name": "玛丽", "relation": "姐妹"}
    answer = await walk.ask(
        CHEN_HONG, "write", application={"members": [HEAD, CODED], "supporters": [sister]}
    )
    assert answer.status_code == 422
    assert "twice" in answer.json()["detail"]
    assert answer.json()["zh"] == "同一个临时编码填了两次"


async def test_a_child_without_a_number_is_born_into_a_household_under_a_code(walk: Walk) -> None:
    household = await a_known_household(walk.register)
    born: dict[str, Any] = {"name": "李宝", "relation": "子女", "since": "2026-10"}
    change = await Walk(walk.register).open(category="change", household_id=household)
    await change.look()
    assert (await change.ask(CHEN_HONG, "birth", **born)).status_code == 422
    told = {"no_id_reason": "尚未上户", "born_on": "2026-09-03"}
    await change.do(CHEN_HONG, "birth", **born, **told)
    spouse = {"name": "玛丽", "relation": "配偶", "since": "2026-10", "no_id_reason": "外籍"}
    await change.do(CHEN_HONG, "marriage", **spouse, born_on="1990-02-03")
    (effect,) = change.case["effect"]["households"]
    assert [each["name"] for each in effect["comes"]] == ["李宝", "玛丽"]
    await change.do(CHEN_HONG, "submit")
    await change.looked_into()
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="已核")
    words: dict[str, Any] = {"decision_number": "青民决〔2026〕37号", "from_month": "2026-10"}
    await change.do(HE_JUN, "confirm", **words)
    coded = walk.register.rows("SELECT name, temporary_code FROM person WHERE temporary_code <> ''")
    assert {each["name"] for each in coded} == {"李宝", "玛丽"}
    assert len({each["temporary_code"] for each in coded}) == 2


async def test_who_is_coded_and_named_again_is_the_same_and_enters_no_second_time(
    walk: Walk,
) -> None:
    await granted(walk, HEAD, UNSAID)
    household = (await confirm(walk, "青民决〔2026〕39号")).json()["household_id"]
    (known,) = walk.register.rows("SELECT id_index FROM person WHERE temporary_code <> ''")
    again = await old_age(walk, HEAD, UNSAID | {"key": "again", "name": "阿 依"})
    await again.do(HE_JUN, "confirm", decision_number="青民龄〔2026〕1号")
    found = walk.register.rows("SELECT id_index FROM case_person WHERE person_key = 'again'")
    assert found == [known], "the case is found by who it is"
    said = {name: UNSAID[name] for name in ("name", "relation", "no_id_reason", "born_on")}
    for words in (said, NUMBERED):
        change = await Walk(walk.register).open(category="change", household_id=household)
        await change.look()
        await change.do(CHEN_HONG, "move-in", since="2026-10", **words)
        assert (await change.ask(CHEN_HONG, "submit")).json()["type"] == "/problems/lives-here"
    assert len(walk.register.rows("SELECT id FROM membership")) == 2


async def test_a_number_of_who_stands_under_a_code_is_put_in_its_place_first(walk: Walk) -> None:
    await granted(walk, HEAD, UNSAID)
    household = (await confirm(walk, "青民决〔2026〕39号")).json()["household_id"]
    again = await old_age(walk, HEAD, NUMBERED | {"key": "child"})
    answer = await again.ask(HE_JUN, "confirm", decision_number="青民龄〔2026〕1号")
    assert answer.json()["type"] == "/problems/coded-still"
    aid = await Walk(register_with(walk.register, **LIMITS), "temporary").open()
    members = [HEAD, NUMBERED | {"key": "child"}]
    said = an_application(members=members, phone="13900001234")
    await aid.do(CHEN_HONG, "write", application=said)
    fire = {"kind": "urgent", "cause": "fire", "happened_on": today(aid), "elsewhere": "no"}
    await aid.do(CHEN_HONG, "report", **fire)
    await aid.do(WANG_FANG, "accept")
    await papers(aid)
    wanted: dict[str, Any] = {
        "opinion": "grant",
        "amount_fen": 150000,
        "stages": 1,
        "reasons": "符合条件",
    }
    answer = await aid.ask(ZHANG_LI, "propose", **wanted)
    assert answer.json()["needs"] == ["everybody-named"]
    assert "阿依还用临时编码" in answer.json()["missing"][0]["zh"]
    change = await Walk(walk.register).open(category="change", household_id=household)
    (child,) = [e for e in (await change.look())["application"]["members"] if e["name"] == "阿依"]
    number = NUMBERED["id_number"]
    await change.do(CHEN_HONG, "find-number", person_key=child["key"], id_number=number)
    await change.do(CHEN_HONG, "submit")
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="已核对户口簿")
    words = {"decision_number": "青民决〔2026〕40号", "from_month": "2026-11"}
    await change.do(HE_JUN, "confirm", **words)
    await again.do(HE_JUN, "confirm", decision_number="青民龄〔2026〕1号")
    assert len(walk.register.rows("SELECT id FROM person")) == 2


async def test_where_a_code_does_not_count_who_is_named_with_one_is_named(walk: Walk) -> None:
    register_with(walk.register, count_without_id=False)
    head = a_person(1, name="李伟")
    wife = a_person(
        2, "配偶", name="阿依", id_number=None, no_id_reason="外籍", born_on="1970-05-06"
    )
    await walk.register.imported(a_csv(rows_of(a_household("h-1", head, wife))))
    walk = await old_age(walk, HEAD, UNSAID)
    await walk.do(HE_JUN, "confirm", decision_number="青民龄〔2026〕1号")
    assert len(walk.register.rows("SELECT id FROM person")) == 2


async def old_age(walk: Walk, *members: dict[str, Any]) -> Walk:
    """An old-age application of the first of them, before the county."""
    other = await Walk(walk.register, "old-age").open()
    said = {"members": list(members), "whose": "head"}
    await other.do(CHEN_HONG, "write", application=said)
    await other.do(CHEN_HONG, "submit")
    await other.do(WANG_FANG, "accept", person_key="head")
    await other.filed()
    return other


async def test_who_comes_by_a_code_is_whoever_has_it(walk: Walk) -> None:
    await granted(walk, HEAD, CODED)
    assert (await confirm(walk, "青民决〔2026〕38号")).status_code == 200
    household = await a_known_household(walk.register, "h-9", 3)
    in_month(walk.register, 1)
    change = await Walk(walk.register).open(category="change", household_id=household)
    await change.look()
    words: dict[str, Any] = {"relation": "配偶", "since": "2026-12", "no_id_reason": "外籍",
             "temporary_code": "T511425-0007", "born_on": "1970-05-06"}  # fmt: skip
    answer = await change.ask(CHEN_HONG, "marriage", name="玛丽", **words)
    assert answer.json()["type"] == "/problems/code-of-another"
    await change.do(CHEN_HONG, "marriage", name="阿依", **words)
    homes = change.case["effect"]["households"]
    assert [[each["name"] for each in home["goes"]] for home in homes] == [[], ["阿依"]]


async def test_where_a_code_does_not_count_nobody_comes_by_one(walk: Walk) -> None:
    household = await a_known_household(register_with(walk.register, count_without_id=False))
    change = await Walk(walk.register).open(category="change", household_id=household)
    await change.look()
    answer = await change.ask(
        CHEN_HONG, "birth", name="李宝", relation="子女", since="2026-10",
        no_id_reason="尚未上户", born_on="2026-09-03",
    )  # fmt: skip
    assert answer.json()["type"] == "/problems/not-counted"


async def test_whoever_cannot_act_for_themselves_has_a_guardian_with_authority(walk: Walk) -> None:
    child = {
        "key": "child",
        "name": "李娜",
        "relation": "户主",
        "id_number": id_number(2, "20180910"),
    }
    for ward in (child, HEAD | {"disability_kind": 6, "disability_grade": 1}):
        await walk.open(category="disability")
        uncle = {"key": "uncle", "name": "李强", "relation": "叔", "id_number": id_number(9)}
        await walk.do(
            CHEN_HONG, "write", application={"members": [ward, uncle], "whose": ward["key"]}
        )
        assert (await walk.ask(CHEN_HONG, "submit")).json()["needs"] == ["guardians-named"]
        guarded = ward | {"guardian_key": "uncle"}
        said = {"members": [guarded, uncle], "whose": ward["key"]}
        await walk.do(CHEN_HONG, "write", application=said)
        assert (await walk.ask(CHEN_HONG, "submit")).json()["needs"] == ["guardians-named"]
        for wrong in ("nobody", ward["key"]):
            said = {"members": [ward | {"guardian_key": wrong}, uncle]}
            assert (await walk.ask(CHEN_HONG, "write", application=said)).status_code == 422
        guarded |= {"guardian_authority": "relative"}
        said = {"members": [guarded, uncle], "whose": ward["key"]}
        await walk.do(CHEN_HONG, "write", application=said)
        await walk.do(CHEN_HONG, "submit")
        assert (await walk.ask(WANG_FANG, "accept")).json()["needs"] == ["guardianship-filed"]
        await walk.paper(CHEN_HONG, "guardianship", of_person=str(ward["key"]))
        await walk.do(WANG_FANG, "accept")


async def test_a_wrong_check_digit_is_a_query_and_bars_nobody(walk: Walk) -> None:
    number = id_number(1)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    await walk.open()
    await walk.do(CHEN_HONG, "write", application={"members": [HEAD | {"id_number": wrong}]})
    submitted = await walk.do(CHEN_HONG, "submit")
    assert submitted["queries"] == ["head: id-check-digit"]
    await walk.do(WANG_FANG, "accept")
