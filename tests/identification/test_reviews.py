"""Households are looked at again by a calendar, and some cases once more by chance."""

import asyncio
import io
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pypdf import PdfReader

from services.identification.casework.looking_again.reviews import rhythm
from services.identification.casework.paths import endable
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller
from shared.months import Month
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    WANG_FANG,
    ZHAO_MIN,
    Walk,
    a_known_household,
    in_month,
    staff,
)
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register
from tests.identification.reporters import numbers_of, report
from tests.identification.test_endings import FOUND, refused, won
from tests.identification.test_means import nothing_of

TOWN = staff("zhang-li", {"cases:read", "cases:review", "cases:apply"}, VILLAGE[:9])


async def due(register: Register, month: str, by: Caller = TOWN) -> dict[str, tuple[str, str]]:
    """Who is due, with the kind of household and since which month."""
    answer = await register.get("/reviews", by, month=month)
    assert answer.status_code == 200, answer.text
    return {
        row["number"]: (row["kind"], row["due_month"])
        for village in answer.json()["villages"]
        for row in village["households"]
    }


async def open_due(register: Register, month: str) -> httpx.Response:
    return await register.client.post(
        "/reviews", json={"month": month}, headers=register.headers(TOWN)
    )


@pytest.fixture
async def known(register: Register) -> Register:
    """One who can work with a child, one old, one off everything, one of another town."""
    young = a_person(1, id_number=id_number(1, "19800101"))
    child = a_person(2, id_number=id_number(2, "20180101"))
    await register.imported(
        a_csv(
            rows_of(
                a_household("h-1", young, child, **on_dibao()),
                a_household("h-2", a_person(3, id_number=id_number(3, "19400101")), **on_dibao()),
                a_household("h-3", a_person(4)),
                a_household("h-4", a_person(5), village=OTHER_VILLAGE, **on_dibao()),
            )
        )
    )
    return register


async def test_who_can_work_is_due_twice_a_year_and_others_once(known: Register) -> None:
    # All were decided on 10 September 2026.
    assert await due(known, "2027-02") == {}
    assert await due(known, "2027-03") == {"h-1": ("able-bodied", "2027-03")}
    year = {"h-1": ("able-bodied", "2027-03"), "h-2": ("stable", "2027-09")}
    assert await due(known, "2027-09") == year


def test_every_category_that_is_granted_has_a_rhythm() -> None:
    place = PlaceSettings.read()
    assert place.words["review_months_of"].keys() | {"dibao"} == endable().keys()
    assert rhythm(place, ["dibao", "old-age"], "able-bodied") == 6
    assert rhythm(place, ["old-age"], "able-bodied") == 12, "nobody asks the old for their work"
    mine = PlaceSettings({**place.words, "review_months_of": {"edge": 3}})
    assert [rhythm(mine, [each], "stable") for each in ("edge", "tekun")] == [3, 12]


async def test_a_household_is_due_by_whatever_is_granted_to_it(register: Register) -> None:
    await won(await refused(register, "children"), **FOUND["children"])
    today = register.app.state.clock.today()
    assert await due(register, str(Month.of(today).plus(11))) == {}
    after = str(Month.of(today).plus(12))
    assert [each[1] for each in (await due(register, after)).values()] == [after]


async def test_a_review_is_opened_once_however_often_it_is_asked_for(known: Register) -> None:
    in_month(known, 6)
    both = await asyncio.gather(open_due(known, "2027-03"), open_due(known, "2027-03"))
    assert sorted(answer.json()["opened"] for answer in both) == [0, 1]
    assert (await open_due(known, "2027-04")).json() == {"opened": 0, "left": 0}
    (case,) = known.rows("SELECT category, state, head_name FROM case_file")
    assert (case["category"], case["state"]) == ("review", "due")
    assert await due(known, "2027-03") == {"h-1": ("able-bodied", "2027-03")}, "until it was done"
    taken_along = await known.get(f"/villages/{VILLAGE}/review-list", TOWN, month="2027-03")
    assert "h-1" in PdfReader(io.BytesIO(taken_along.content)).pages[0].extract_text()
    far = await open_due(known, "2027-05")
    assert far.json()["type"] == "/problems/too-far-ahead"


async def test_a_review_ends_with_what_was_granted(known: Register) -> None:
    in_month(known, 12)
    assert (await open_due(known, "2027-09")).json()["opened"] == 2
    first, second = [
        Walk(known, case={"case_id": str(row["id"]), "household_id": str(row["household_id"])})
        for row in known.rows(
            "SELECT c.id, c.household_id FROM case_file c JOIN household h ON h.id = household_id"
            " ORDER BY h.number"
        )
    ]
    leaving = await Walk(known, "exit").open(household_id=first.case["household_id"])
    today = known.app.state.clock.today().isoformat()
    wish = {"ends": "dibao", "letter_id": await leaving.paper(CHEN_HONG, "exit-letter")}
    await leaving.do(CHEN_HONG, "own-wish", **wish, signed_on=today)
    left = {"decision_number": "青民退〔2027〕1号", "reasons": "自愿退出", "from_month": "2027-10"}
    await leaving.do(HE_JUN, "leave", **left, shown_on=today)
    ended = await first.look(TOWN)
    assert (ended["state"], ended["history"][-1]["words"]) == (
        "not-due", {"reason": left["decision_number"]},
    )  # fmt: skip
    assert {each["state"] for each in ended["archive"]} == {"not-needed"}, "nobody visited for it"
    await first.do(WANG_FANG, "close-file")
    await second.look(TOWN)
    answer = await second.ask(TOWN, "no-longer-due", reason="先放着")
    assert answer.json()["type"] == "/problems/due-still", "nobody skips it"
    off = {"decision_number": "青民决〔2027〕9号", "decided_on": today, "from_month": "2027-10"}
    person = a_person(3, id_number=id_number(3, "19400101"))
    await known.imported(a_csv(rows_of(a_household("h-2", person, dibao="否", **off))))
    await second.look(TOWN)
    assert (await second.do(TOWN, "no-longer-due", reason="名册退出"))["state"] == "not-due"
    numbers = numbers_of(await report(known, "/reports/quarter/2027-Q3"))
    assert numbers["reviews-due"] == 1, "of another town, whom nobody opened"


async def visited(walk: Walk, visited_on: str, *, by_two: bool = True) -> None:
    survey_id = str(uuid4())
    form = await walk.paper(WANG_FANG, "survey-form", JPEG)
    await walk.do(
        WANG_FANG, "survey",
        survey_id=survey_id, visited_on=visited_on, family_member="李伟", findings="无变化",
        income_fen_yearly=144000, form_id=form,
    )  # fmt: skip
    if by_two:
        await walk.do(LIU_QIANG, "sign-survey", survey_id=survey_id)


async def the_review(register: Register) -> Walk:
    """The one review that was opened in March 2027."""
    in_month(register, 6)
    assert (await open_due(register, "2027-03")).json()["opened"] == 1
    (row,) = register.rows("SELECT id FROM case_file")
    walk = Walk(register, case={"case_id": str(row["id"])})
    await walk.look(WANG_FANG)
    return walk


async def test_unchanged_needs_two_who_sign(known: Register) -> None:
    walk = await the_review(known)
    await visited(walk, "2027-03-01", by_two=False)
    answer = await walk.ask(WANG_FANG, "find-unchanged", stability="stable")
    assert answer.json()["needs"] == ["signed-by-investigators"]


async def test_unchanged_needs_one_photo(known: Register) -> None:
    walk = await the_review(known)
    await walk.visit(144000)
    answer = await walk.ask(WANG_FANG, "find-unchanged", stability="stable")
    assert answer.json()["needs"] == ["shown-as-found"]
    await walk.paper(WANG_FANG, "survey-photo")
    assert (await walk.do(WANG_FANG, "find-unchanged", stability="stable"))["state"] == "unchanged"


async def test_a_visit_typed_in_later_counts_from_its_day(known: Register) -> None:
    walk = await the_review(known)
    in_month(known, 2)  # It is May; the form on paper is of March.
    await visited(walk, "2027-03-01")
    await walk.do(WANG_FANG, "find-unchanged", stability="stable")
    assert walk.case["state"] == "unchanged"
    assert len(known.rows("SELECT 1 FROM determination")) == 3, "nothing was decided anew"
    assert "h-1" not in await due(known, "2027-08")
    assert (await due(known, "2027-09"))["h-1"] == ("able-bodied", "2027-09")


async def found(walk: Walk, income_fen_yearly: int, act: str, **words: Any) -> httpx.Response:
    """Visited by two, a photo taken, and found so."""
    await walk.visit(income_fen_yearly)
    await walk.paper(WANG_FANG, "survey-photo")
    return await walk.ask(WANG_FANG, act, stability="stable", **words)


@pytest.mark.breaks("A review leads on")
async def test_what_a_review_found_otherwise_goes_on_as_a_change_with_that_income(
    known: Register,
) -> None:
    walk = await the_review(known)
    answer = await found(walk, 60_000, "find-unchanged")
    assert answer.json()["type"] == "/problems/found-otherwise"
    done = await walk.do(WANG_FANG, "find-changed", stability="stable", found="change")
    opened = next(
        each["words"]["opened"] for each in done["history"] if each["act"] == "find-changed"
    )
    (row,) = known.rows("SELECT id, receipt FROM case_file WHERE category = 'change'")
    assert row["receipt"] == opened
    change = Walk(known, case={"case_id": str(row["id"])})
    (effect,) = (await change.look(CHEN_HONG))["effect"]["households"]
    assert effect["facts"]["income_fen_monthly"] == {"before": 12000, "after": 5000}
    assert (await change.do(CHEN_HONG, "submit"))["state"] == "surveying", "it may raise"


@pytest.mark.breaks("A review leads on")
async def test_whoever_a_review_finds_above_the_standard_leaves(known: Register) -> None:
    walk = await the_review(known)
    answer = await found(walk, 12_000_000, "find-changed", found="change")
    assert answer.json()["type"] == "/problems/above-the-standard"
    await walk.do(WANG_FANG, "find-changed", stability="stable", found="exit")
    assert {row["category"] for row in known.rows("SELECT category FROM case_file")} == {
        "review", "exit",
    }  # fmt: skip


async def test_a_review_asks_for_means_as_an_application_does(known: Register) -> None:
    walk = await the_review(known)
    keys = [each["key"] for each in (await walk.look(WANG_FANG))["application"]["members"]]
    living = {
        "household": nothing_of("household"),
        "members": dict.fromkeys(keys, nothing_of("person")),
    }
    words: dict[str, Any] = {
        "survey_id": str(uuid4()), "visited_on": "2027-03-01", "family_member": "李伟",
        "findings": "见逐项", "income_fen_yearly": 144000, "means": living,
    }  # fmt: skip
    answer = await walk.ask(WANG_FANG, "survey", **words)
    assert answer.json()["needs"] == ["income-as-reckoned"], "nothing is no income"


async def test_what_was_found_unstable_is_looked_at_twice_a_year(register: Register) -> None:
    household_id = await a_known_household(register, "h-5", 3)
    # Born 1965: past sixty from 2025 on, so nobody of it is of working age.
    assert (await due(register, "2027-09"))["h-5"] == ("stable", "2027-09")
    walk = await Walk(register).open(TOWN, category="review", household_id=household_id)
    await visited(walk, "2026-09-25")
    await walk.do(WANG_FANG, "find-changed", stability="unstable", found="change")
    assert (await due(register, "2027-03"))["h-5"] == ("unstable", "2027-03")


async def test_another_area_is_neither_shown_nor_opened(known: Register) -> None:
    assert set(await due(known, "2028-01", ZHAO_MIN)) == {"h-4"}
    assert set(await due(known, "2028-01")) == {"h-1", "h-2"}
    asked = await known.get("/reviews", TOWN, month="2028-01", area=OTHER_VILLAGE)
    assert asked.json()["villages"] == []
