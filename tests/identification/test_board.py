"""The standing board follows every change; who is a minor or kept secret is not on it."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    an_application,
    in_month,
)
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.test_publicity import DOOR


async def paper(register: Register) -> str:
    """What the desk prints for the board of the village."""
    answer = await register.get(f"/areas/{VILLAGE}/board", HE_JUN)
    assert answer.status_code == 200, answer.text
    return answer.text


async def granted(register: Register) -> list[tuple[str, int, str]]:
    found = (await register.get(f"/villages/{VILLAGE}/public-list", DOOR)).json()["granted"]
    return [(each["name"], each["members"], each["category"]) for each in found]


@pytest.fixture
async def county(register: Register) -> Register:
    """A household of two, one of a child alone, and one of another town."""
    child = a_person(3, name="李小", id_number=id_number(3, "20180101"))
    await register.imported(
        a_csv(
            rows_of(
                a_household(
                    "h-1", a_person(1, name="李大伟"), a_person(2, name="李乙"), **on_dibao()
                ),
                a_household("h-2", child, **on_dibao()),
                a_household("h-3", a_person(4), village=OTHER_VILLAGE, **on_dibao()),
            )
        )
    )
    return register


@pytest.mark.shows("S40")
async def test_the_board_follows_every_change_and_shows_no_minor(county: Register) -> None:
    both = [("李*伟", 2, "最低生活保障")]
    assert await granted(county) == both, "a child that lives alone is not there"
    (row,) = county.rows("SELECT id FROM household WHERE number = 'h-1'")
    household_id = str(row["id"])
    change = await Walk(county, "change").open(household_id=household_id)
    head, other = (await change.look())["application"]["members"]
    await change.do(CHEN_HONG, "death", person_key=head["key"], died_on="2026-09-02")
    await change.paper(CHEN_HONG, "finding-proof")
    await change.do(CHEN_HONG, "submit")
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": "青民变〔2026〕1号", "from_month": "2026-10"}
    await change.do(HE_JUN, "confirm", **words)
    assert await granted(county) == [("李*", 1, "最低生活保障")], "who lives on stands for it"
    assert other["name"] == "李乙"
    leaving = await Walk(county, "exit").open(household_id=household_id)
    await leaving.found("wrongly-in", ends="dibao", found_on="2026-09-20", findings="财政供养人员")
    end: dict[str, Any] = {"reasons": "不符合条件"}
    await leaving.do(
        HE_JUN, "remove", decision_number="青民退〔2026〕1号", from_month="2026-10", **end
    )
    assert await granted(county) == []


@pytest.mark.shows("S40")
async def test_a_household_that_a_roster_brought_can_be_kept_secret(county: Register) -> None:
    (row,) = county.rows("SELECT id FROM household WHERE number = 'h-1'")
    change = await Walk(county, "change").open(household_id=str(row["id"]))
    await change.do(WANG_FANG, "keep-secret", reason="传染病防治法规定的保密情形")
    assert await granted(county) == []


@pytest.mark.shows("S40")
async def test_the_board_of_a_township_is_that_of_its_villages(county: Register) -> None:
    in_month(county, 1)
    for area, by, status in (
        (VILLAGE, ZHANG_LI, 200), (VILLAGE[:9], ZHANG_LI, 200), (VILLAGE[:9], HE_JUN, 200),
        (OTHER_VILLAGE, ZHANG_LI, 404), (VILLAGE[:9], ZHAO_MIN, 404), ("511425999", HE_JUN, 404),
    ):  # fmt: skip
        answer = await county.get(f"/areas/{area}/board", by)
        assert answer.status_code == status, area
        if status == 200:
            (line, *_) = answer.json()["items"]
            assert (line["name"], line["programme"]) == ("李*伟", "dibao")
            assert "李小" not in answer.text
            assert "大伟" not in answer.text, "no name is whole"
        answer = await county.get(f"/areas/{area}/board-on-paper", by)
        assert answer.status_code == status, area
        if status == 200:
            names = [each["name"] for each in answer.json()["items"]]
            assert "李大伟" in names, "on paper it is"
            assert "李小" not in names


@pytest.mark.shows("S40")
async def test_who_is_kept_secret_is_not_on_the_board_of_the_register_either(
    register: Register,
) -> None:
    walk = await Walk(register).posted()
    await walk.do(WANG_FANG, "keep-secret", reason="传染病防治法规定的保密情形")
    await walk.do(OTHER_TOWN_HEAD, "skip-posting")
    await walk.filed()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    assert await granted(register) == []


@pytest.mark.shows("S40")
async def test_who_parts_from_a_secret_household_stays_secret(county: Register) -> None:
    (row,) = county.rows("SELECT id FROM household WHERE number = 'h-1'")
    change = await Walk(county, "change").open(household_id=str(row["id"]))
    await change.do(WANG_FANG, "keep-secret", reason="传染病防治法规定的保密情形")
    who = (await change.look())["application"]["members"][1]["key"]
    words = {"since": "2026-10", "income_fen_monthly": 0}
    await change.do(CHEN_HONG, "split", person_key=who, circumstance="moved", **words)
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    await change.do(ZHANG_LI, "agree-secret")
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await change.do(HE_JUN, "confirm", decision_number="青民变〔2026〕2号", from_month="2026-10")
    assert len(county.rows("SELECT 1 FROM household WHERE village = '511425001200'")) == 3
    assert await granted(county) == [], "neither the old household nor the new one"


@pytest.mark.shows("S40")
async def test_who_is_secret_is_so_whatever_else_they_ask_for(register: Register) -> None:
    first = await Walk(register).accepted()
    await first.do(WANG_FANG, "keep-secret", reason="传染病防治法规定的保密情形")
    edge = {"income_fen_yearly": 600001, "property_within_rules": True}
    other = await Walk(register, "edge", edge).proposed()
    photo = await other.paper(ZHANG_LI, "posting-photo")
    today = register.app.state.clock.today().isoformat()
    answer = await other.ask(ZHANG_LI, "post", first_day=today, photo_id=photo)
    assert answer.json()["needs"] == ["may-be-shown"]
    await other.do(OTHER_TOWN_HEAD, "skip-posting")
    await other.filed()
    await other.do(HE_JUN, "confirm", decision_number="青民低〔2026〕1号")
    assert await granted(register) == []
    assert "李" not in await paper(register)


@pytest.mark.shows("S40")
async def test_page_and_paper_say_the_same_and_nothing_that_ran_out(register: Register) -> None:
    old = a_person(3, name="王大爷", old_age="是")
    await register.imported(a_csv(rows_of(a_household("h-1", old, **decided()))))
    spending = {
        "income_fen_yearly": 1, "property_within_rules": "yes", "valid_months": "1",
    }  # fmt: skip
    walk = await Walk(register, "rigid-spending", spending).confirming()
    await walk.do(HE_JUN, "confirm", decision_number="青民低〔2026〕2号")
    lines = [("李*", 2, "刚性支出困难家庭"), ("王*爷", 1, "高龄津贴")]
    assert sorted(await granted(register)) == lines
    assert "刚性支出困难家庭" in await paper(register)
    assert "高龄津贴" in await paper(register)
    in_month(register, 2)
    assert await granted(register) == lines[1:], "it held a month"
    assert "刚性支出困难家庭" not in await paper(register)
    again = await Walk(register, "rigid-spending", spending).confirming()
    await again.do(HE_JUN, "confirm", decision_number="青民低〔2026〕3号")
    assert sorted(await granted(register)) == lines, "it was found again"


@pytest.mark.shows("S40")
@pytest.mark.breaks("Not everybody is shown")
@pytest.mark.parametrize(
    ("number", "is_secret"),
    [(None, True), (id_number(3, "19700506"), True), (id_number(3, "19710506"), False)],
)
async def test_who_had_only_a_code_is_secret_under_another_and_by_their_number(
    register: Register, number: str | None, is_secret: bool
) -> None:
    wife: dict[str, Any] = {"key": "wife", "name": "阿依", "relation": "配偶"}
    coded = wife | {"no_id_reason": "外籍配偶，未落户", "born_on": "1970-05-06"}
    head = {"key": "head", "name": "张三", "relation": "户主", "id_number": id_number(11)}
    first = await Walk(register).accepted(members=[head, coded])
    await first.do(WANG_FANG, "keep-secret", reason="传染病防治法规定的保密情形")
    again = wife | {"id_number": number} if number else coded
    walk = await Walk(register).accepted(members=[an_application()["members"][0], again])
    for key in ("head", "wife"):
        await walk.letter(key)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    photo = await walk.paper(ZHANG_LI, "posting-photo")
    today = register.app.state.clock.today().isoformat()
    answer = await walk.ask(ZHANG_LI, "post", first_day=today, photo_id=photo)
    if not is_secret:
        assert answer.status_code == 200, "of the same name, and born another day"
        return
    assert answer.json()["needs"] == ["may-be-shown"]
    await walk.do(OTHER_TOWN_HEAD, "skip-posting")
    await walk.filed()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    assert await granted(register) == []
    assert "李" not in await paper(register)
