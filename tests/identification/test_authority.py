"""Who decides is what the delegation table of the day says, and how many days there are."""

from dataclasses import replace
from typing import Any

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    TAN_YAN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    in_month,
    later,
)
from tests.identification.makers import a_csv, a_household, a_person, on_dibao, rows_of
from tests.identification.register import Register
from tests.identification.test_exits import RISEN
from tests.identification.test_letters import text_of

TODAY = "2026-09-25"


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


def says(register: Register, *rows: dict[str, str]) -> None:
    """Let the table of the place say so."""
    state = register.app.state
    table = [{"since": "2021-07-01", **each} for each in rows]
    state.casework = replace(state.casework, words={**state.casework.words, "delegation": table})


@pytest.mark.parametrize(
    ("authority", "county", "township"),
    [
        ("county", True, False),
        ("township-entrusted", True, True),
        ("township-transferred", False, True),
    ],
)
async def test_who_decides_is_who_has_the_power_that_day(
    walk: Walk, authority: str, county: bool, township: bool
) -> None:
    says(walk.register, {"category": "dibao", "authority": authority})
    await walk.confirming()
    allowed = {HE_JUN: county, TAN_YAN: township}
    for by, may in sorted(allowed.items(), key=lambda each: each[1]):
        answer = await walk.ask(by, "confirm", decision_number="青民决〔2026〕801号")
        if may:
            assert answer.status_code == 200, answer.text
            break
        assert answer.json()["needs"] == ["authority-of-its-day"]


async def leaving(register: Register) -> Walk:
    """A case about a home on dibao with somebody who draws for themselves."""
    parent = a_person(2, "父母", name="李丙", tekun="是", care_mode="分散", old_age="是")
    home = a_household("h-1", a_person(1, name="李乙"), parent, **on_dibao())
    await register.imported(a_csv(rows_of(home)))
    walk = await Walk(register).open(category="exit", household_number="h-1")
    await walk.look()
    return walk


async def test_whoever_decides_dibao_decides_its_fade_out_under_its_own_seal(
    register: Register,
) -> None:
    transferred = {"category": "dibao", "authority": "township-transferred", "seal": "街道审批章"}
    says(register, transferred, {"category": "exit", "authority": "county"})
    walk = await leaving(register)
    await walk.found("over-standard", **RISEN)
    words: dict[str, Any] = {"decision_number": "青竹退〔2026〕1号"}
    answer = await walk.ask(HE_JUN, "fade", **words)
    assert answer.json()["needs"] == ["authority-of-its-day"]
    await walk.do(TAN_YAN, "fade", **words)
    text = text_of(await register.get(f"{walk.path}/letters/fading", WANG_FANG))
    assert "街道审批章" in text
    assert "青竹街道办事处" in text
    in_month(register, 7)
    words = {"decision_number": "青竹退〔2027〕1号", "unsigned_because": "拒签"}
    words |= {"shown_on": register.app.state.clock.today().isoformat()}
    assert (await walk.ask(HE_JUN, "exit", **words)).json()["needs"] == ["authority-of-its-day"]
    assert (await walk.do(TAN_YAN, "exit", **words))["state"] == "exited"


OWN = "township-transferred"


@pytest.mark.parametrize(
    ("ends", "tables"),
    [
        (
            "old-age",
            [
                ({"dibao": OWN}, HE_JUN),
                ({"dibao": OWN, "exit": OWN}, TAN_YAN),
                ({"old-age": "county", "exit": OWN}, HE_JUN),
                ({"old-age": OWN, "exit": "county"}, TAN_YAN),
            ],
        ),
        (
            "tekun",
            [
                ({"tekun": OWN}, HE_JUN),
                ({"dibao": OWN}, HE_JUN),
                ({"tekun": OWN, "dibao": OWN}, TAN_YAN),
            ],
        ),
    ],
)  # fmt: skip
async def test_what_ends_is_decided_by_who_grants_it_and_by_the_county_where_it_moves_anothers(
    register: Register, ends: str, tables: list[tuple[dict[str, str], Caller]]
) -> None:
    walk = await leaving(register)
    (key,) = (e["key"] for e in walk.case["application"]["members"] if e["name"] == "李丙")
    letter = await walk.paper(CHEN_HONG, "exit-letter")
    wish = {"ends": ends, "person_key": key, "signed_on": "2026-09-25", "letter_id": letter}
    await walk.do(CHEN_HONG, "own-wish", **wish)
    long_ago: dict[str, Any] = {
        "decision_number": "退1",
        "from_month": "2020-01",
        "reasons": "自愿",
    }
    for table, by in tables:
        says(register, *({"category": each, "authority": who} for each, who in table.items()))
        for caller in (HE_JUN, TAN_YAN):
            needs = (await walk.ask(caller, "leave", **long_ago)).json()["needs"]
            assert ("authority-of-its-day" not in needs) == (caller is by), (table, caller.subject)


async def test_a_case_is_given_more_days_once_and_with_a_reason(walk: Walk) -> None:
    await walk.surveyed()
    due = walk.case["due_on"]
    answer = await walk.ask(HE_JUN, "extend")
    assert answer.json()["field"] == "reason"
    extended = await walk.do(HE_JUN, "extend", reason="重大财产线索需要异地核实")
    settings = walk.register.app.state.casework
    accepted = walk.register.rows("SELECT accepted_on FROM case_file")[0]["accepted_on"]
    assert due == settings.add_workdays(accepted, 30).isoformat()
    assert extended["due_on"] == settings.add_workdays(accepted, 45).isoformat()
    answer = await walk.ask(HE_JUN, "extend", reason="再延")
    assert answer.json()["needs"] == ["not-extended-before"]


@pytest.mark.parametrize("answered", [True, False])
async def test_who_was_hit_may_answer_first_and_silence_ends(walk: Walk, answered: bool) -> None:
    await walk.surveyed()
    today = walk.register.app.state.clock.today().isoformat()
    hit = await walk.do(
        WANG_FANG, "compare", report_number="核〔2026〕8号", reported_on=today, hits="名下有车辆"
    )
    assert hit["state_due_on"] == "2026-10-09"  # Five working days after 25 September.
    answer = await walk.ask(WANG_FANG, "finish-comparison")
    assert answer.json()["needs"] == ["hits-settled"]
    if answered:
        explained = await walk.do(WANG_FANG, "explain-hits", explanation="车辆已报废")
        assert explained["state_due_on"] == "2026-09-30", "three working days for who judges it"
        await walk.do(ZHANG_LI, "accept-answer", reason="注销证明属实")
    else:
        later(walk.register, 15)
    assert (await walk.do(WANG_FANG, "finish-comparison"))["state"] == "reviewing"


async def test_reasons_that_were_not_handed_over_stay_in_the_queue(walk: Walk) -> None:
    await walk.confirming()
    words = {"decision_number": "青民决〔2026〕804号", "reasons": "家庭收入高于标准"}
    await walk.do(HE_JUN, "refuse", **words)

    async def found(**asked: Any) -> list[str]:
        answer = await walk.register.get("/cases", ZHANG_LI, **asked)
        return [each["receipt"] for each in answer.json()["items"]]

    assert await found() == await found(state="refused") == [walk.case["receipt"]]
    assert await found(overdue=True) == []
    later(walk.register, 12)
    assert await found(overdue=True) == [walk.case["receipt"]]
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(ZHANG_LI, "tell-refusal", told_on=today)
    assert await found() == []
