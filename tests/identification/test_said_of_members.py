"""Whatever is granted, a grade or an absence that was decided stands against what was typed."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    ZHANG_LI,
    Walk,
    an_application,
    later,
)
from tests.identification.makers import a_csv, a_household, a_person, decided, rows_of
from tests.identification.owed import decided_for, owed
from tests.identification.register import Register
from tests.identification.test_months_owed import NURSING, NURSING_FEN, handed_in

NUMBER = "青民决〔2026〕921号"


def saying(of_child: Mapping[str, Any] | None = None, **of_head: Any) -> list[dict[str, Any]]:
    """Li Wei and Li Na, with more said of him, or of her."""
    head, child = an_application()["members"]
    return [{**head, **of_head}, {**child, **(of_child or {})}]


async def a_roster(register: Register, **of_head: Any) -> None:
    """Li Wei and Li Na, in the register by a roster."""
    child = a_person(2, name="李娜", id_number=an_application()["members"][1]["id_number"])
    home = a_household("h-1", a_person(1, name="李伟", **of_head), child, **decided())
    await register.imported(a_csv(rows_of(home)))


async def old_age(walk: Walk) -> dict[str, Any]:
    """His old-age allowance is granted; what was decided of him."""
    await walk.complete()
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER)
    return await decided_of(walk.register, "李伟")


async def decided_of(register: Register, name: str) -> dict[str, Any]:
    """What was last decided of one of them."""
    (person,) = register.rows("SELECT id FROM person WHERE name = %s", name)
    (words,) = (await decided_for(register, "2026-12")).values()
    facts: dict[str, Any] = next(
        each["facts"] for each in words["members"] if each["person_id"] == str(person["id"])
    )
    return facts


async def test_a_grade_that_is_typed_raises_nobodys_nursing(register: Register) -> None:
    drawn = {"disability_nursing": "是", "disability_grade": "二级", "disability_kind": "肢体"}
    await a_roster(register, **drawn)
    before = await owed(register, "2026-10", NURSING)
    typed = saying(disability_grade=1, disability_kind=4)
    walk = await handed_in(register, "old-age", members=typed, whose="head")
    (told,) = (await walk.look(HE_JUN))["register_differs"]
    assert (told["name"], told["what"]["en"]) == ("李伟", "grade and kind of disability")
    assert (await walk.look(CHEN_HONG))["register_differs"] == [], "only who decides is told"
    facts = await old_age(walk)
    assert (facts["disability_grade"], facts["on_old_age"]) == (2, 1)
    assert await owed(register, "2026-10", NURSING) == before != {NURSING: NURSING_FEN}


async def test_what_was_decided_since_it_was_typed_stands(register: Register) -> None:
    drawn = {"disability_nursing": "是", "disability_grade": "二级", "disability_kind": "肢体"}
    await a_roster(register, **drawn)
    typed = saying(disability_grade=2, disability_kind=4)
    walk = await handed_in(register, "old-age", members=typed, whose="head")
    assert (await walk.look(HE_JUN))["register_differs"] == []
    later(register, 1)
    change = await Walk(register).open(category="change", household_number="h-1", village=None)
    head = (await change.look())["application"]["members"][0]["key"]
    paper = await change.paper(CHEN_HONG, "illness")
    await change.do(
        CHEN_HONG, "disability-grade", person_key=head, rests_on="certificate", grade="none",
        certified_on="2026-09-24", certificate_id=paper,
    )  # fmt: skip
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    await change.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    words = {"decision_number": "青民变〔2026〕31号", "from_month": "2026-10"}
    await change.do(HE_JUN, "confirm", **words)
    (told,) = (await walk.look(HE_JUN))["register_differs"]
    assert told["name"] == "李伟"
    assert (await old_age(walk))["disability_grade"] == "not-applicable"


@pytest.mark.breaks("Looked into before it rises")
async def test_what_is_typed_for_a_subsidy_makes_nobody_disabled_or_away(
    register: Register,
) -> None:
    await a_roster(register)
    child = {"away": "long-absent", "away_since": "2026-01-05"}
    typed = saying(child, disability_grade=2, disability_kind=4)
    walk = await handed_in(register, "old-age", members=typed, whose="head")
    told = (await walk.look(HE_JUN))["register_differs"]
    assert [each["name"] for each in told] == ["李伟", "李娜"]
    await old_age(walk)
    assert (await decided_of(register, "李伟"))["disability_grade"] == "not-applicable"
    assert (await decided_of(register, "李娜")).get("away") in {None, "not-applicable"}


async def test_of_what_the_register_says_nothing_an_application_that_is_looked_into_does(
    register: Register,
) -> None:
    await a_roster(register)
    child = {"away": "long-absent", "away_since": "2026-01-05"}
    walk = await Walk(register).confirming(
        members=saying(child, disability_grade=2, disability_kind=4)
    )
    assert (await walk.look(HE_JUN))["register_differs"] == []
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER)
    assert (await decided_of(register, "李伟"))["disability_grade"] == 2
    assert (await decided_of(register, "李娜"))["away"] == 5
