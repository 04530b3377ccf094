"""Words and days nothing can be kept by: refused, whichever field they are in."""

from datetime import timedelta
from typing import Any, Final

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    SUN_LEI,
    Walk,
    a_known_household,
    an_application,
)
from tests.identification.ledgers import Ledger
from tests.identification.province import a_list, bring
from tests.identification.register import Register
from tests.identification.test_discovery import LIN_HAI, found
from tests.identification.test_exchange import a_warning
from tests.identification.test_low_income import listed

CHILD: Final[dict[str, Any]] = {
    "name": "李娜", "relation": "子女", "no_id_reason": "unregistered", "since": "2026-09",
    "born_on": "2026-09-02",
}  # fmt: skip

UNKEPT: Final[tuple[dict[str, Any], ...]] = (
    {"address": "三组\0"}, {"reason": "\0"}, {"phone": "139\0"},
    {"born_on": "9999-12-31"}, {"born_on": "0001-01-01"},
)  # fmt: skip


async def test_what_cannot_be_kept_of_an_application_is_refused(register: Register) -> None:
    walk = await Walk(register).open()
    child = {"key": "child", "name": "李娜", "relation": "子女", "no_id_reason": "unregistered"}
    for said in UNKEPT:
        application = an_application()
        if "born_on" in said:
            application["members"].append({**child, **said})
        else:
            application |= said
        refused = await walk.ask(CHEN_HONG, "write", application=application)
        assert refused.status_code == 422, refused.text


async def test_a_case_is_looked_up_by_no_word_that_nobody_can_write(register: Register) -> None:
    for by, said in (
        (CHEN_HONG, {"category": "exit", "household_number": "h\0"}),
        (SUN_LEI, {"category": "appeal", "about_receipt": "D\0"}),
    ):
        refused = await register.client.post("/cases", json=said, headers=register.headers(by))
        assert refused.status_code == 422, refused.text


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
async def test_no_day_that_nobody_means_comes_in_by_any_door(register: Register, day: str) -> None:
    household_id = await a_known_household(register, "h-1", 11)
    walk = await Walk(register, "change").open(household_id=household_id)
    born = await walk.ask(CHEN_HONG, "birth", **{**CHILD, "born_on": day})
    lead = await Ledger(register, "lead").ask_to_open(LIN_HAI, **found(found_on=day))
    month = await walk.ask(CHEN_HONG, "birth", **{**CHILD, "since": day[:7]})
    assert [each.status_code for each in (born, lead, month)] == [422] * 3
    (row,) = listed(11, since=day)
    for template, of in (("warnings", a_warning("W1", 11, due_on=day)), ("low-income-edge", row)):
        assert await faults(register, template, of) == ["date-bad"]


async def test_a_list_of_the_province_says_of_no_day_to_come_but_by_when(
    register: Register,
) -> None:
    row = a_warning("W1", 11, warned_on="2126-09-25", due_on="2126-10-25")
    assert await faults(register, "warnings", row) == ["date-future"]


async def faults(register: Register, template: str, row: dict[str, Any]) -> list[str]:
    """What is wrong with a list of one row."""
    refused = await bring(register, template, a_list(template, [row]))
    return [each["code"] for each in refused.json()["faults"]]


async def test_nobody_is_born_tomorrow(register: Register) -> None:
    tomorrow = (register.app.state.clock.today() + timedelta(days=1)).isoformat()
    household_id = await a_known_household(register, "h-1", 11)
    walk = await Walk(register, "change").open(household_id=household_id)
    answer = await walk.ask(CHEN_HONG, "birth", **{**CHILD, "born_on": tomorrow})
    assert answer.json()["needs"] == ["date-not-to-come"]
    written = await Walk(register).open()
    application = an_application()
    del (child := {**CHILD, "key": "baby", "born_on": tomorrow})["since"]
    application["members"].append(child)
    answer = await written.ask(CHEN_HONG, "write", application=application)
    assert (answer.status_code, answer.json()["zh"]) == (422, "出生日期晚于今天")
