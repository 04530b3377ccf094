"""What a county prints of its people: by the day it happened, against what was due, and by why."""

from typing import Any
from uuid import uuid4

import pytest

from services.identification import assistance
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    WANG_FANG,
    Walk,
    a_known_household,
    in_month,
    later,
)
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)  # fmt: skip
from tests.identification.register import Register
from tests.identification.reporters import by_of, lines_of, numbers_of, records, report
from tests.identification.rounds import begun, found, signed
from tests.identification.test_changes import decided as decided_by_the_county
from tests.identification.test_changes import described
from tests.identification.test_exits import RISEN
from tests.identification.test_raising import POORER
from tests.identification.test_reviews import due, open_due, visited
from tests.identification.test_statuses import EDGE

YOUNG = id_number(1, "19800101")
ALSO_YOUNG = id_number(3, "19810101")


@pytest.mark.breaks("A visit counts on its day")
async def test_a_visit_counts_on_its_day_whatever_it_was_for_and_against_what_was_due(
    register: Register,
) -> None:
    one = a_household("h-1", a_person(1, id_number=YOUNG), **on_dibao())
    other = a_household("h-2", a_person(3, id_number=ALSO_YOUNG), **on_dibao())
    await register.imported(a_csv(rows_of(one, other)))
    in_month(register, 6)
    assert (await open_due(register, "2027-03")).json()["opened"] == 2
    (row,) = register.rows(
        "SELECT c.id FROM case_file c JOIN household h ON h.id = c.household_id"
        " WHERE h.number = 'h-1'"
    )
    review = Walk(register, case={"case_id": str(row["id"])})
    await review.look(WANG_FANG)
    in_month(register, 2)  # It is May; the form on paper is of March.
    await visited(review, "2027-03-01", by_two=False)
    first, second = "/reports/quarter/2027-Q1", "/reports/quarter/2027-Q2"
    assert numbers_of(await report(register, first))["reviews-visited"] == 0, "signed by one"
    (visit,) = (each["words"] for each in review.case["history"] if each["act"] == "survey")
    await review.do(LIU_QIANG, "sign-survey", survey_id=visit["survey_id"])
    await review.do(WANG_FANG, "find-unchanged", stability="stable")
    told = lines_of(await report(register, first))
    assert [told[each]["number"] for each in ("reviews-due", "reviews-visited")] == [2, 1]
    assert told["visit-rate"]["basis_points"] == 5_000
    assert numbers_of(await report(register, second))["reviews-visited"] == 0, "typed, not visited"
    (seen,) = await records(register, "reviews-visited", path=first)
    assert seen["household_number"] == "h-1"

    in_month(register, 2)
    year = "/reports/year/2027"
    round_id = await begun(register, year=2027)
    later(register, 1)
    await found(register, round_id, serial=2, visited_on="2027-07-02")
    assert numbers_of(await report(register, year))["households-seen"] == 1
    await signed(register, round_id, serial=2)
    register.app.state.shelf.forget()
    assert lines_of(await report(register, year))["seen-rate"]["basis_points"] == 10_000
    assert (await due(register, "2028-01"))["h-2"] == ("able-bodied", "2028-01")
    assert "h-2" not in await due(register, "2027-12"), "the round has looked at it"


@pytest.mark.breaks("Looked at is not due")
async def test_whoever_a_change_was_visited_for_is_not_due_as_if_nobody_had_looked(
    register: Register,
) -> None:
    change = Walk(register)
    await described(change, POORER)
    later(register, 35)
    assert set(await due(register, "2027-09")) == {"h-1"}
    await change.looked_into(60_000)
    assert set(await due(register, "2027-09")) == {"h-1"}, "nothing came of it yet"
    await decided_by_the_county(change, from_month="2026-11")
    assert await due(register, "2027-09") == {}
    assert await due(register, "2027-10") == {"h-1": ("stable", "2027-10")}


async def test_of_what_was_withdrawn_nobody_decided_in_time(register: Register) -> None:
    walk = await Walk(register).accepted()
    letter = await walk.paper(CHEN_HONG, "withdrawal")
    await walk.do(WANG_FANG, "withdraw", letter_id=letter)
    told = lines_of(await report(register, "/reports/month/2026-09"))
    assert by_of(told["cases-ended"], "outcome") == {"withdrawn": 1}
    assert by_of(told["cases-ended"], "in_time") == {"none": 1}
    assert [told[each]["number"] for each in ("cases-in-time", "cases-timed")] == [0, 0]


@pytest.mark.breaks("Why they left")
async def test_why_somebody_left_is_told_by_the_kind_of_leaving(register: Register) -> None:
    wished = await _leaving(register, "h-1", 1, 2)
    wrong = await _leaving(register, "h-2", 3)
    risen = await _leaving(register, "h-3", 4)
    in_month(register, 1)
    letter = await wished.paper(CHEN_HONG, "exit-letter")
    wish = {"ends": "dibao", "letter_id": letter, "signed_on": "2026-09-25"}
    await wished.do(CHEN_HONG, "own-wish", **wish)
    said = {"decision_number": "青民退〔2026〕1号", "from_month": "2026-11", "reasons": "自愿"}
    await wished.do(HE_JUN, "leave", **said, shown_on="2026-09-25")
    never: dict[str, Any] = {"ends": "dibao", "found_on": "2026-09-20", "findings": "名下有两套房"}
    await wrong.found("wrongly-in", **never, rests_on="living")
    await wrong.do(HE_JUN, "remove", **{**said, "decision_number": "青民退〔2026〕2号"})
    await risen.found("over-standard", **RISEN)
    await risen.do(HE_JUN, "fade", decision_number="青民退〔2026〕3号")
    assert risen.case["form"] is None, "a leaving has its letter, and who fades out may move"
    in_month(register, 1)
    told = lines_of(await report(register, "/reports/month/2026-11"))
    assert by_of(told["stopped-households"], "reason") == {"own-wish": 1, "wrongly-in": 1}
    assert by_of(told["stopped-people"], "reason") == {"own-wish": 2, "wrongly-in": 1}
    assert (told["dibao-households"]["number"], told["dibao-fading"]["number"]) == (1, 1)
    (listed,) = await records(
        register, "stopped-households", column="reason", value="own-wish",
        path="/reports/month/2026-11",
    )  # fmt: skip
    assert listed["household_number"] == "h-1"


async def _leaving(register: Register, number: str, *orders: int) -> Walk:
    household_id = await a_known_household(register, number, *orders)
    return await Walk(register).open(category="exit", household_id=household_id)


async def test_a_status_is_no_assistance_and_is_counted_until_it_runs_out(
    register: Register,
) -> None:
    walk = await Walk(register, "edge", EDGE).confirming(means={"pigs_count": 3})
    await walk.do(HE_JUN, "confirm", decision_number="青民低〔2026〕1号")
    names = ("edge-households", "aided-people", "stopped-households")
    told = numbers_of(await report(register, "/reports/month/2026-10"))
    assert [told[each] for each in names] == [1, 0, 0]
    in_month(register, 12)
    told_later = lines_of(await report(register, "/reports/month/2027-10"))
    assert [told_later[each]["number"] for each in names] == [0, 0, 1]
    assert by_of(told_later["stopped-households"], "reason") == {"ran-out": 1}


NOTHING: dict[str, Any] = {"on_tekun": 0, "died_on": "not-applicable"}


@pytest.mark.breaks("One meaning each")
@pytest.mark.parametrize(
    ("household", "own", "granted", "on_assistance", "on_the_list"),
    [
        ({"on_dibao": 1}, {}, {"dibao"}, True, True),
        ({"dibao_above_standard_on": 20260920}, {}, set(), True, True),
        ({"on_edge": 1}, {}, {"edge"}, False, False),
        ({"on_edge": 1}, {"on_single_person": 1}, {"edge", "single-person"}, True, True),
        ({}, {"on_children_living": 1}, {"children"}, True, False),
        ({}, {"on_old_age": 1}, {"old-age"}, True, False),
        ({}, {"on_illness_list": 1}, set(), False, False),
        ({}, {"on_tekun": 1, "died_on": 20260920}, set(), False, False),
        ({}, {"on_tekun": 1}, {"tekun"}, True, True),
    ],
)
def test_one_word_has_one_meaning(
    household: dict[str, Any],
    own: dict[str, Any],
    granted: set[str],
    on_assistance: bool,
    on_the_list: bool,
) -> None:
    member = {"person_id": str(uuid4()), "until": None, "facts": {**NOTHING, **own}}
    content = {"facts": {"on_dibao": 0, **household}, "members": [member]}
    assert assistance.granted(content) == granted
    assert assistance.is_on_assistance(content) is on_assistance
    assert assistance.is_on_the_list(content) is on_the_list
