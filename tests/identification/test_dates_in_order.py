"""No date comes before what had to be done first: letters, visits, reports, notices."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.identification.casework.paths import PATHS, read_path
from shared.tables import TableUnreadable
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    in_month,
)
from tests.identification.register import Register


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


def today(walk: Walk) -> date:
    found: date = walk.register.app.state.clock.today()
    return found


async def too_early(walk: Walk, by: Any, act: str, **words: Any) -> bool:
    answer = await walk.ask(by, act, **words)
    return answer.status_code == 409 and answer.json()["needs"] == ["dates-in-order"]


async def test_nobody_visited_before_acceptance(walk: Walk) -> None:
    await walk.accepted()
    before = (today(walk) - timedelta(days=1)).isoformat()
    found = {"family_member": "李伟", "findings": "土坯房两间", "income_fen_yearly": 240000}
    words = {"survey_id": str(uuid4()), "visited_on": before}
    assert await too_early(walk, WANG_FANG, "survey", **words, **found)


async def test_nothing_was_reported_before_the_letters_were_signed(walk: Walk) -> None:
    await walk.surveyed()
    before = (today(walk) - timedelta(days=1)).isoformat()
    assert await too_early(walk, WANG_FANG, "compare", report_number="核1", reported_on=before)


async def test_a_refusal_is_not_told_before_it_is_made(walk: Walk) -> None:
    await walk.confirming()
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕1号", reasons="不符")
    before = (today(walk) - timedelta(days=1)).isoformat()
    assert await too_early(walk, ZHANG_LI, "tell-refusal", told_on=before)


async def test_an_exit_letter_is_signed_and_shown_after_the_finding(walk: Walk) -> None:
    household = await a_known_household(walk.register)
    leaving = await Walk(walk.register).open(category="exit", household_id=household)
    await leaving.look()
    found_on = today(walk)
    found: dict[str, Any] = {"ends": "dibao", "findings": "务工", "income_fen_monthly": 260_000}
    await leaving.found("over-standard", found_on=found_on.isoformat(), **found)
    await leaving.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    in_month(walk.register, 7)
    letter = await leaving.paper(WANG_FANG, "exit-letter")
    words = {"decision_number": "青民退〔2026〕2号", "letter_id": letter}
    before, after = (found_on - timedelta(days=1)).isoformat(), today(walk).isoformat()
    assert await too_early(leaving, HE_JUN, "exit", **words, signed_on=before, shown_on=after)
    left = await leaving.do(HE_JUN, "exit", **words, signed_on=after, shown_on=after)
    assert left["state"] == "exited"


async def test_a_finding_does_not_wait_until_the_fade_out_is_over(walk: Walk) -> None:
    household = await a_known_household(walk.register)
    leaving = await Walk(walk.register).open(category="exit", household_id=household)
    await leaving.look()
    found: dict[str, Any] = {"ends": "dibao", "findings": "务工", "income_fen_monthly": 260_000}
    answer = await leaving.ask(WANG_FANG, "over-standard", found_on="2024-01-05", **found)
    assert answer.json()["needs"] == ["found-lately"]


async def test_nobody_was_heard_before_they_appealed(walk: Walk) -> None:
    await walk.refused()
    appeal = await Walk(walk.register).open(category="appeal", about_case_id=walk.case["case_id"])
    said = {"lodged_by": "李伟", "grounds": "收入算多了"}
    await appeal.do(CHEN_HONG, "lodge", lodged_on=today(walk).isoformat(), **said)
    await appeal.do(SUN_LEI, "accept")
    before = (today(walk) - timedelta(days=1)).isoformat()
    assert await too_early(appeal, SUN_LEI, "note-hearing", heard_on=before, findings="属实")


UNKNOWN = ["never-done", "accept.no_such_date", "survey.findings", "survey|accept.visited_on"]


@pytest.mark.parametrize("since", UNKNOWN)
def test_a_table_says_only_what_a_date_can_be_since(tmp_path: Path, since: str) -> None:
    told = "since: [refuse, lapse, end-undecided]"
    text = (PATHS / "dibao.yaml").read_text("utf-8")
    assert told in text
    path = tmp_path / "dibao.yaml"
    path.write_text(text.replace(told, f"since: [{since}]"), "utf-8")
    with pytest.raises(TableUnreadable, match=re.escape(since)):
        read_path(path)
