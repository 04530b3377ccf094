"""A grant brings nobody into a household who left it meanwhile, nor, unseen, onto its dibao, nor as
a second head."""

from typing import Any, Final

import httpx
import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
)
from tests.identification.makers import a_csv, a_household, a_person, id_number, rows_of
from tests.identification.register import Register
from tests.identification.test_changes import stays

HEAD: Final = {"key": "head", "name": "李乙", "relation": "户主", "id_number": id_number(1)}
SON: Final = {"key": "son", "name": "李丙", "relation": "子女", "id_number": id_number(2)}
WIFE: Final = {"key": "wife", "name": "王芳", "relation": "配偶", "id_number": id_number(30)}


async def old_age(register: Register, *members: dict[str, Any]) -> Walk:
    """An old-age application of the first of them, accepted."""
    walk = await Walk(register, "old-age").open()
    said = an_application(members=[*members], whose="head")
    await walk.do(CHEN_HONG, "write", application=said)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept", person_key="head")
    await walk.filed()
    return walk


async def granted(walk: Walk) -> httpx.Response:
    return await walk.ask(HE_JUN, "confirm", decision_number="青民老〔2026〕1号")


async def moved_out(register: Register, household_id: str) -> None:
    """The son moves out by a change."""
    change = await Walk(register).open(category="change", household_id=household_id)
    people = {e["name"]: e["key"] for e in (await change.look())["application"]["members"]}
    said = {"person_key": people["李丙"], "until": "2026-09", "reason": "外出务工定居"}
    await change.do(CHEN_HONG, "move-out", **said)
    await change.paper(CHEN_HONG, "change-letter", JPEG + b"out")
    await change.do(CHEN_HONG, "submit")
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await change.do(HE_JUN, "confirm", decision_number="青民变〔2026〕1号", from_month="2026-10")


@pytest.mark.breaks("Granted on what was visited")
async def test_who_moved_out_meanwhile_does_not_come_back_by_an_older_application(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    walk = await old_age(register, HEAD, SON)
    await moved_out(register, household_id)
    before = stays(register)
    refused = await granted(walk)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/left-since")
    assert refused.json()["member"] == "son"
    assert stays(register) == before


async def test_who_comes_to_a_household_on_dibao_comes_by_a_change(register: Register) -> None:
    await a_known_household(register)
    before = stays(register)
    walk = await old_age(register, HEAD, SON, WIFE)
    refused = await granted(walk)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/comes-unseen")
    assert stays(register) == before


def relations(register: Register) -> dict[str, str]:
    rows = register.rows("SELECT name, relation FROM membership JOIN person ON person.id=person_id")
    return {each["name"]: each["relation"] for each in rows}


async def test_who_heads_a_household_does_still_whatever_an_application_says(
    register: Register,
) -> None:
    son = a_household("h-1", a_person(2, name="李丙"))
    await register.imported(a_csv(rows_of(son)))
    mother = HEAD | {"name": "王芳", "id_number": id_number(30)}
    child = SON | {"key": "kid", "name": "李己", "id_number": id_number(6)}
    assert (await granted(await old_age(register, mother, SON, child))).status_code == 200
    assert relations(register) == {"李丙": "户主", "王芳": "父母", "李己": "其他"}


@pytest.mark.parametrize(
    ("said", "headed"),
    [
        (("户主", "户主", "子女"), {"李乙": "户主", "李丙": "其他", "王芳": "子女"}),
        (("本人", "子女", "配偶"), {"李乙": "户主", "李丙": "子女", "王芳": "配偶"}),
        (("父亲", "户主", "配偶"), {"李乙": "父亲", "李丙": "户主", "王芳": "配偶"}),
    ],
)
async def test_a_household_comes_in_with_one_head(
    register: Register, said: tuple[str, ...], headed: dict[str, str]
) -> None:
    people = zip((HEAD, SON, WIFE), said, strict=True)
    walk = await old_age(register, *(each | {"relation": word} for each, word in people))
    assert (await granted(walk)).status_code == 200
    assert relations(register) == headed
