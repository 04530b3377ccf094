"""Where dibao is paid by class, what was wrongly paid is mended by a class of lesser need."""

from typing import Any, Final

import pytest

from tests.identification.caseworkers import CHEN_HONG, HE_JUN, WANG_FANG, Walk, a_known_household
from tests.identification.ledgers import XU_LAN, ZHOU_JIE, Ledger
from tests.identification.register import Register
from tests.identification.test_class_changes import (
    THIRD,
    change,
    decided,
    looked_into,
    pays_by_class,
)
from tests.identification.test_classes import meeting
from tests.identification.test_leads_on import A_PROBLEM, KEEPER

GRADE: Final = {"rests_on": "assessment", "certified_on": "2026-09-01"}
CANCELLED: Final = {**GRADE, "grade": "none"}
SEVERE: Final = {**GRADE, "grade": "1", "kind": "4"}


async def with_class_found(register: Register, grade: str) -> str:
    """A household of which somebody has a disability, its class found by a visit."""
    pays_by_class(register)
    home = await a_known_household(register, disability_grade=grade, disability_kind="肢体")
    walk = await change(register, home, "set-sum", reason="定类")
    await looked_into(walk, THIRD)
    if walk.case["state"] == "appraising":
        await walk.do(WANG_FANG, "appraise", **await meeting(walk, committee_fen=12_500))
    await decided(walk, 21)
    return home


@pytest.mark.breaks("What was acted on leads on")
@pytest.mark.parametrize(
    ("before", "asked", "mends"),
    [("一级", CANCELLED, True), ("三级", SEVERE, False)],
    ids=["class 2 goes to 3", "class 3 goes to 2"],
)
async def test_what_was_wrongly_paid_is_mended_by_a_class_of_lesser_need_and_no_other(
    register: Register, before: str, asked: dict[str, Any], mends: bool
) -> None:
    home = await with_class_found(register, before)
    item = await Ledger(register, "rectification").open(
        XU_LAN, about=("household", home), money="wrongly-paid", **A_PROBLEM
    )
    led = (await item.look(KEEPER))["leads_to"]
    leaving = Walk(register, "exit")
    leaving.case = (await register.get(f"/cases/{led['case_id']}", CHEN_HONG)).json()
    await leaving.do(HE_JUN, "dismiss", reasons="仍符合条件，只是类别不对")
    walk = await Walk(register).open(category="change", household_id=home)
    members = (await walk.look())["application"]["members"]
    (who,) = [each for each in members if each["relation"] == "户主"]
    shown = await walk.paper(CHEN_HONG, "illness", of_person=who["key"])
    words = {**asked, "person_key": who["key"], "certificate_id": shown}
    await walk.do(CHEN_HONG, "disability-grade", **words)
    await walk.paper(CHEN_HONG, "change-letter")
    handed_in = await walk.do(CHEN_HONG, "submit")
    assert handed_in["state"] == "surveying", "a class that is another is looked into, either way"
    await item.look(ZHOU_JIE)
    answer = await item.ask(ZHOU_JIE, "link-case", receipt=walk.case["receipt"])
    assert answer.is_success == mends, answer.text
    if not mends:
        assert answer.json()["type"] == "/problems/not-what-mends-it"
