"""A village's month: each line beside last month's with the reason; who is held, who is gone."""

import pytest

from shared.callers import Caller, Kind
from tests.benefits.county import CountyBenefits, at
from tests.benefits.makers import COUNTY, Cast, a_household, staff

VILLAGE = "511425100201"
ELSEWHERE = "511425101202"


async def test_a_village_reads_its_lines_beside_last_months_with_the_reason(
    benefits: CountyBenefits,
) -> None:
    cast = Cast()
    await benefits.learn(
        a_household(household_id=cast.same, village=VILLAGE),
        a_household(household_id=cast.cut, village=VILLAGE),
        a_household(household_id=cast.ended, village=VILLAGE),
        a_household(household_id=cast.held, village=VILLAGE, income_fen=None),
        a_household(village=ELSEWHERE),
    )
    await benefits.pay("2026-10")
    recorded_at = at(2026, 10, 20)
    await benefits.learn(
        a_household(
            household_id=cast.cut, village=VILLAGE, income_fen=9000,
            from_month="2026-11", recorded_at=recorded_at,
        ),
        a_household(
            household_id=cast.ended, village=VILLAGE, on_dibao=0,
            from_month="2026-11", recorded_at=recorded_at,
        ),
    )  # fmt: skip
    await benefits.pay("2026-11")
    reader = staff("wang", "lines:read", areas=(VILLAGE[:9],))
    async with benefits.door(reader) as client:
        told = (await client.get(f"/villages/{VILLAGE}/months/2026-11")).json()
        assert (await client.get(f"/villages/{ELSEWHERE}/months/2026-11")).status_code == 404
    lines = {each["household_id"]: each for each in told["lines"]}
    assert set(lines) == {cast.same, cast.cut}
    assert (lines[cast.same]["change"], lines[cast.same]["last_fen"]) == ("same", 19_000)
    cut = lines[cast.cut]
    assert (cut["change"], cut["reason"]) == ("down", "decision")
    assert (cut["last_fen"], cut["amount_fen"]) == (19_000, 10_000)
    assert [(each["household_id"], each["last_fen"]) for each in told["gone"]] == [
        (cast.ended, 19_000)
    ]
    assert {each["household_id"] for each in told["held"]} == {cast.held}
    assert told["held"][0]["words"]["zh"]


async def test_a_month_that_no_run_has_closed_is_empty(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household(village=VILLAGE))
    await benefits.work(await benefits.open("2026-10"))
    async with benefits.door(staff("wang", "lines:read", areas=(COUNTY,))) as client:
        told = (await client.get(f"/villages/{VILLAGE}/months/2026-10")).json()
    assert (told["lines"], told["gone"], told["held"]) == ([], [], [])


@pytest.mark.shows("S40")
async def test_a_board_reads_the_newest_closed_month_by_beneficiary_and_programme(
    benefits: CountyBenefits,
) -> None:
    cast = Cast()
    await benefits.learn(
        a_household(household_id=cast.same, village=VILLAGE), a_household(village=ELSEWHERE)
    )
    door = Caller("gateway", Kind.SERVICE, COUNTY, "gateway", frozenset({"publicity:read"}))
    async with benefits.door(door) as client:
        path = f"/areas/{VILLAGE[:9]}/board-sums"
        assert (await client.get(path)).json() == {"sums": []}
        await benefits.pay("2026-10")
        await benefits.work(await benefits.open("2026-11"))
        told = (await client.get(path)).json()
    own = {"beneficiary_id": cast.same, "programme": "dibao", "amount_fen": 19_000}
    assert told["sums"] == [{**own, "month": "2026-10"}], "what no run has closed is not shown"
    async with benefits.door(staff("wang", "lines:read", areas=(COUNTY,))) as client:
        assert (await client.get(path)).status_code == 403
