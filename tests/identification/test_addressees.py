"""Whom messages and letters go to: somebody alive, and of every household that is touched."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
)
from tests.identification.citizens import told
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import a_newcomer, decided


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


def heard(walk: Walk, *happened: str) -> list[tuple[str, str]]:
    """Who was told which of these, by name."""
    names = {str(e["id"]): e["name"] for e in walk.register.rows("SELECT id, name FROM person")}
    said = [(names[each["person_id"]], each["happened"]) for each in told(walk.register)]
    return sorted(each for each in said if each[1] in happened)


def relations(walk: Walk) -> set[tuple[str, str, str]]:
    """Who lives where, and what they are to its head."""
    rows = walk.register.rows(
        "SELECT h.number, p.name, m.relation FROM membership m JOIN person p ON p.id = m.person_id"
        " JOIN household h ON h.id = m.household_id WHERE m.until IS NULL"
    )
    return {(each["number"], each["name"], each["relation"]) for each in rows}


async def read(walk: Walk, letter: str) -> str:
    """A letter, as it is read."""
    answer = await walk.register.get(f"{walk.path}/letters/{letter}", HE_JUN)
    assert answer.status_code == 200, answer.text
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


async def of_known(walk: Walk, category: str, *orders: int) -> dict[str, str]:
    """A case of a household the register knows; the keys of its people by name."""
    household_id = await a_known_household(walk.register, "h-1", *orders)
    await walk.open(category=category, household_id=household_id)
    members = (await walk.look())["application"]["members"]
    return {each["name"]: each["key"] for each in members}


@pytest.mark.breaks("Nobody dead is told")
async def test_after_a_death_whoever_lives_on_is_told_and_written_to(walk: Walk) -> None:
    keys = await of_known(walk, "exit", 1, 2, 3)
    await walk.do(CHEN_HONG, "death", person_key=keys["李乙"], died_on="2026-09-02")
    await walk.paper(CHEN_HONG, "finding-proof")
    words: dict[str, Any] = {"decision_number": "青民死〔2026〕1号", "from_month": "2026-10"}
    answer = await walk.ask(HE_JUN, "end", **words)
    assert answer.json()["type"] == "/problems/head-wanted"
    await walk.do(CHEN_HONG, "head", person_key=keys["李丙"], rests_on="户口簿")
    await walk.do(HE_JUN, "end", **words)
    assert heard(walk, "changed") == [("李丙", "changed")]
    letter = await read(walk, "after-death")
    assert letter.startswith("成员去世后的告知书")
    assert "李丙：" in letter
    assert "您家李乙去世" in letter
    assert "家庭成员为：李丙、李丁，" in letter


async def test_after_the_last_one_died_nobody_is_told(walk: Walk) -> None:
    keys = await of_known(walk, "exit", 1)
    await walk.do(CHEN_HONG, "death", person_key=keys["李乙"], died_on="2026-09-02")
    await walk.paper(CHEN_HONG, "finding-proof")
    words = {"decision_number": "青民死〔2026〕1号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "end", **words)
    assert heard(walk, "changed") == []
    assert "李乙的亲属：" in await read(walk, "after-death")


@pytest.mark.breaks("Nobody dead is told")
async def test_every_household_a_marriage_touches_is_told(walk: Walk) -> None:
    other = a_household("h-2", a_person(3, name="王甲"), a_person(4, name="王乙"), **on_dibao())
    await walk.register.imported(a_csv(rows_of(other)))
    await of_known(walk, "change", 1)
    bride: dict[str, Any] = {"name": "王乙", "relation": "配偶", "id_number": id_number(4)}
    await walk.do(CHEN_HONG, "marriage", since="2026-10", **bride)
    await walk.do(CHEN_HONG, "submit")
    await decided(walk)
    assert heard(walk, "changed") == [("李乙", "changed"), ("王甲", "changed")]
    assert "家庭成员：李乙、王乙。" in await read(walk, "decision")
    letter = await read(walk, "touched-1")
    assert "王甲：" in letter
    assert "家庭成员为：王甲。" in letter
    assert "李乙" not in letter
    letters = [each["letter"] for each in (await walk.look())["letters"]]
    assert letters[-2:] == ["decision", "touched-1"]
    assert (await walk.register.get(f"{walk.path}/letters/touched-2", HE_JUN)).status_code == 404


async def test_a_household_that_merges_into_another_hears_of_it(walk: Walk) -> None:
    other = a_household("h-2", a_person(3, name="王甲"), **on_dibao())
    await walk.register.imported(a_csv(rows_of(other)))
    await of_known(walk, "change", 1)
    words = {"household_number": "h-2", "head_relation": "配偶", "since": "2026-10"}
    await walk.do(CHEN_HONG, "merge", **words)
    await walk.do(CHEN_HONG, "submit")
    await decided(walk)
    assert heard(walk, "changed") == [("李乙", "changed"), ("王甲", "changed")]
    assert "王甲：" in await read(walk, "touched-1")


async def test_whose_it_is_hears_that_it_was_applied_for(walk: Walk) -> None:
    people = (a_person(1, name="李伟"), a_person(2, name="单芳"))
    await walk.register.imported(a_csv(rows_of(a_household("h-1", *people, **on_dibao()))))
    await walk.open(category="old-age")
    members = [
        {"key": "a", "name": "李伟", "relation": "户主", "id_number": id_number(1)},
        {"key": "b", "name": "单芳", "relation": "配偶", "id_number": id_number(2)},
    ]
    await walk.do(CHEN_HONG, "write", application={"members": members, "whose": "b"})
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept", person_key="b")
    assert heard(walk, "received", "applied-for", "accepted") == [
        ("单芳", "accepted"), ("单芳", "applied-for"),
        ("李伟", "accepted"), ("李伟", "received"),
    ]  # fmt: skip


@pytest.mark.breaks("Nobody dead is told")
async def test_a_household_whose_head_goes_names_another(walk: Walk) -> None:
    keys = await of_known(walk, "change", 1, 2, 3)
    await walk.do(CHEN_HONG, "death", person_key=keys["李乙"], died_on="2026-09-02")
    await walk.paper(CHEN_HONG, "finding-proof")
    assert (await walk.look())["effect"]["households"][0]["head_wanted"]
    answer = await walk.ask(CHEN_HONG, "submit")
    assert (answer.json()["type"], answer.json()["household"]) == ("/problems/head-wanted", "h-1")
    await walk.do(CHEN_HONG, "head", person_key=keys["李丙"], rests_on="户口簿")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words: dict[str, Any] = {"decision_number": "青民变〔2026〕7号", "from_month": "2026-10"}
    await walk.do(HE_JUN, "confirm", **words)
    assert heard(walk, "changed") == [("李丙", "changed")]
    assert "李乙" not in {name for name, _ in heard(walk, "received")}
    assert relations(walk) == {("h-1", "李丙", "户主"), ("h-1", "李丁", "子女")}


async def test_nobody_comes_in_as_a_second_head(walk: Walk) -> None:
    keys = await of_known(walk, "change", 1, 2)
    await walk.do(CHEN_HONG, "marriage", **a_newcomer(relation="户主"))
    assert (await walk.look())["effect"]["households"][0]["two_heads"]
    answer = await walk.ask(CHEN_HONG, "submit")
    assert (answer.json()["type"], answer.json()["household"]) == ("/problems/two-heads", "h-1")
    await walk.do(CHEN_HONG, "relation", person_key=keys["李乙"], relation="父亲")
    handed_in = await walk.do(CHEN_HONG, "submit")
    assert not handed_in["effect"]["households"][0]["two_heads"]


async def test_whoever_is_left_alone_is_the_head(walk: Walk) -> None:
    keys = await of_known(walk, "change", 1, 2)
    out = {"until": "2026-09", "reason": "外出"}
    await walk.do(CHEN_HONG, "move-out", person_key=keys["李乙"], **out)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await decided(walk)
    assert relations(walk) == {("h-1", "李丙", "户主")}


async def test_the_other_household_names_its_head_by_number(walk: Walk) -> None:
    people = (a_person(3, name="王甲"), a_person(4, "配偶", name="王乙"), a_person(5, name="王丙"))
    await walk.register.imported(a_csv(rows_of(a_household("h-2", *people, **on_dibao()))))
    keys = await of_known(walk, "change", 1, 2)
    groom: dict[str, Any] = {"name": "王甲", "relation": "配偶", "id_number": id_number(3)}
    await walk.do(CHEN_HONG, "marriage", since="2026-10", **groom)
    answer = await walk.ask(CHEN_HONG, "submit")
    assert (answer.json()["type"], answer.json()["household"]) == ("/problems/head-wanted", "h-2")
    unsaid = await walk.ask(CHEN_HONG, "head", rests_on="协商")
    assert unsaid.json()["needs"] == ["one-head-named"]
    await walk.do(CHEN_HONG, "head", id_number=id_number(4), rests_on="协商")
    await walk.do(CHEN_HONG, "submit")
    await walk.looked_into(144000)
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words: dict[str, Any] = {"decision_number": "青民变〔2026〕7号", "from_month": "2026-10"}
    await walk.do(CHEN_HONG, "head", person_key=keys["李丙"], rests_on="协商")
    answer = await walk.ask(HE_JUN, "confirm", **words)
    assert (answer.json()["type"], answer.json()["household"]) == ("/problems/two-heads", "h-1")
    await walk.do(CHEN_HONG, "relation", person_key=keys["李乙"], relation="父亲")
    await walk.do(HE_JUN, "confirm", **words)
    assert relations(walk) == {
        ("h-1", "李乙", "父亲"), ("h-1", "李丙", "户主"), ("h-1", "王甲", "配偶"),
        ("h-2", "王乙", "户主"), ("h-2", "王丙", "子女"),
    }  # fmt: skip


@pytest.mark.parametrize("headed_since", [False, True])
async def test_a_head_who_lives_there_again_heads_it_unless_another_does_since(
    walk: Walk, headed_since: bool
) -> None:
    keys = await of_known(walk, "change", 1, 2, 3)
    out = {"until": "2026-09", "reason": "外出"}
    await walk.do(CHEN_HONG, "move-out", person_key=keys["李乙"], **out)
    await walk.do(CHEN_HONG, "head", person_key=keys["李丙"], rests_on="户口簿")
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await decided(walk)
    before = {("h-1", "李乙", "户主"), ("h-1", "李丙", "子女"), ("h-1", "李丁", "子女")}
    if headed_since:
        since = Walk(walk.register)
        household_id = walk.case["household_id"]
        await since.open(category="change", household_id=household_id)
        await since.do(CHEN_HONG, "head", person_key=keys["李丁"], rests_on="协商")
        await since.do(CHEN_HONG, "relation", person_key=keys["李丙"], relation="兄弟姐妹")
        await since.paper(CHEN_HONG, "change-letter")
        await since.do(CHEN_HONG, "submit")
        await since.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
        words = {"decision_number": "青民变〔2026〕8号", "from_month": "2026-10"}
        await since.do(HE_JUN, "confirm", **words)
        before = {("h-1", "李乙", "其他"), ("h-1", "李丙", "兄弟姐妹"), ("h-1", "李丁", "户主")}
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.do(SUN_LEI, "set-aside", **OUTCOME)
    assert relations(walk) == before
