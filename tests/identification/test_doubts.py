"""What would stop a decision is told while the words of a case can still be put right."""

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    OFFICER,
    Walk,
    staff,
)
from tests.identification.makers import VILLAGE, a_csv, a_household, a_person, rows_of
from tests.identification.register import Register

LOOKING = staff("wang-fang", {*OFFICER, "people:read"}, VILLAGE[:9])


async def test_a_number_of_another_name_is_told_early_and_only_to_those_who_may_look(
    register: Register,
) -> None:
    await register.imported(a_csv(rows_of(a_household("h-1", a_person(1, name="李乙")))))
    walk = await Walk(register).accepted()
    assert (await walk.look(LOOKING))["queries"] == ["head: id-name-differs"]
    assert (await walk.look(CHEN_HONG))["queries"] == []


async def test_a_case_that_is_decided_is_doubted_no_more(register: Register) -> None:
    walk = await Walk(register).confirming()
    assert (await walk.look(LOOKING))["queries"] == []
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    assert (await walk.look(LOOKING))["queries"] == []
