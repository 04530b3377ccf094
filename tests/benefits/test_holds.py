"""What cannot be known is held: never a silent zero, and paid in the month's supplementary run."""

from dataclasses import replace
from datetime import date

import pytest

from services.benefits import facts, holds, runs
from services.benefits.months_due import Cause
from services.benefits.replay import replay
from shared.contracts.benefits import RunKind
from shared.ids import new_id
from tests.benefits.county import CountyBenefits, at, sums
from tests.benefits.makers import OCTOBER, WANG_FANG, a_household, a_person, staff, uuid


def held(benefits: CountyBenefits) -> list[dict[str, object]]:
    """Every hold there is, the oldest first."""
    return benefits.rows("SELECT * FROM hold ORDER BY id")


async def test_an_unknown_income_holds_the_household_with_reason_owner_and_limit(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household(income_fen=None), a_household())
    of = await benefits.pay()
    assert of.lines_count == 1
    (hold,) = held(benefits)
    assert hold["reason"] == "unknown-income_fen_monthly"
    assert hold["owner"] == "township"
    assert (hold["held_on"], hold["limit_on"]) == (date(2026, 10, 8), date(2026, 10, 14))


async def test_only_the_programme_that_needs_the_fact_is_held(benefits: CountyBenefits) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    await benefits.learn(a_household(tekun, a_person(), income_fen=None))
    of = await benefits.pay()
    assert sums(benefits.lines(of)) == {("tekun", "2026-10", "regular"): 36000}
    assert [hold["programme"] for hold in held(benefits)] == ["dibao"]


async def test_a_held_household_that_is_decided_is_paid_in_the_supplementary_run(
    benefits: CountyBenefits,
) -> None:
    household_id = str(new_id())
    await benefits.learn(
        a_household(household_id=household_id, income_fen=None), a_household(income_fen=None)
    )
    await benefits.pay()
    known = a_household(household_id=household_id, income_fen=4000, recorded_at=at(2026, 10, 12))
    await benefits.decide(known)
    supplementary = await benefits.pay(kind=RunKind.SUPPLEMENTARY)
    (line,) = benefits.lines(supplementary)
    assert (str(line["household_id"]), line["amount_fen"]) == (household_id, 15000)
    assert (line["kind"], line["cause"]) == ("regular", Cause.HOLD.value)
    assert [hold["settled_run_id"] for hold in held(benefits)].count(None) == 1
    second = await benefits.work(await benefits.open(kind=RunKind.SUPPLEMENTARY, sequence=2))
    assert (second.lines_count, second.households_count) == (0, 0)


async def test_what_stays_held_is_made_up_in_the_month_it_becomes_known(
    benefits: CountyBenefits,
) -> None:
    household_id = str(new_id())
    await benefits.learn(a_household(household_id=household_id, income_fen=None))
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    assert len(held(benefits)) == 3
    known = a_household(household_id=household_id, income_fen=4000, recorded_at=at(2026, 11, 12))
    await benefits.decide(known)
    december = await benefits.pay("2026-12")
    assert sums(benefits.lines(december)) == {
        ("dibao", "2026-10", "arrears"): 15000,
        ("dibao", "2026-11", "arrears"): 15000,
        ("dibao", "2026-12", "regular"): 15000,
    }
    assert None not in [hold["settled_run_id"] for hold in held(benefits)]
    assert benefits.marks() == []


async def test_a_hold_whose_cause_stands_is_held_again(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household(income_fen=None))
    await benefits.pay()
    (hold,) = held(benefits)
    async with benefits.database.transaction() as session:
        await holds.release(session, uuid(str(hold["id"])), WANG_FANG, "looked at it", OCTOBER)
    supplementary = await benefits.pay(kind=RunKind.SUPPLEMENTARY)
    assert supplementary.lines_count == 0
    first, again = held(benefits)
    assert first["settled_run_id"] == supplementary.id
    assert again["released_at"] is None


async def test_nobody_is_paid_by_a_supplementary_run_who_was_not_released(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household(income_fen=None), a_household())
    await benefits.pay()
    supplementary = await benefits.pay(kind=RunKind.SUPPLEMENTARY)
    assert (supplementary.lines_count, supplementary.households_count) == (0, 0)


async def test_a_supplementary_run_waits_for_the_regular_one(benefits: CountyBenefits) -> None:
    with pytest.raises(runs.RegularRunOpen):
        await benefits.open(kind=RunKind.SUPPLEMENTARY)
    await benefits.work(await benefits.open())
    with pytest.raises(runs.RegularRunOpen):
        await benefits.open(kind=RunKind.SUPPLEMENTARY)


async def test_a_sum_above_the_ceiling_is_looked_at_by_a_person(
    benefits: CountyBenefits,
) -> None:
    county = benefits.with_knobs(line_fen_max=50000)
    people, household_id = [a_person() for _ in range(4)], str(new_id())
    await county.learn(a_household(*people[:3], household_id=household_id), a_household())
    of = await county.pay()
    assert of.total_fen == 19000
    (hold,) = held(county)
    assert (hold["reason"], hold["owner"]) == ("amount-above-ceiling", "county-maker")
    async with county.door(WANG_FANG) as door:
        path = f"/holds/{hold['id']}/release"
        said, once = {"reason": "looked at it"}, {"Idempotency-Key": "looked-at-it"}
        assert (await door.post(path, json=said, headers=once)).status_code == 200
    # What is decided meanwhile is another sum, and nobody looked at that.
    later = at(2026, 10, 12)
    more = a_household(*people, household_id=household_id, recorded_at=later)
    async with county.database.transaction() as session:
        await facts.learn_one(session, county.keys, replace(county.terms, now=later), more)
    assert (await county.pay(kind=RunKind.SUPPLEMENTARY)).lines_count == 0
    again = held(county)[-1]
    assert again["reason"] == "amount-above-ceiling"
    async with county.database.transaction() as session:
        await holds.release(session, uuid(str(again["id"])), WANG_FANG, "looked at it", later)
    second = await county.close(
        await county.work(await county.open(kind=RunKind.SUPPLEMENTARY, sequence=2))
    )
    assert sums(county.lines(second)) == {("dibao", "2026-10", "regular"): 76000}
    assert (await replay(county.settings, county.database, second.id)).same
    assert None not in [each["settled_run_id"] for each in held(county)]
    assert (await county.pay("2026-11")).total_fen == 19000, "every month is looked at"


async def test_a_person_in_two_households_is_paid_in_neither_until_it_is_cleared(
    benefits: CountyBenefits,
) -> None:
    twice = a_person(on_tekun=1, care_mode=1, self_care=1)
    await benefits.learn(
        a_household(twice, on_dibao=0), a_household(twice, on_dibao=0), a_household()
    )
    of = await benefits.pay()
    assert sums(benefits.lines(of)) == {("dibao", "2026-10", "regular"): 19000}
    assert {hold["reason"] for hold in held(benefits)} == {"person-in-two-households"}


async def test_a_person_paid_in_one_household_is_not_paid_in_another_released_later(
    benefits: CountyBenefits,
) -> None:
    shared_person, household_id = a_person(), str(new_id())
    await benefits.learn(
        a_household(shared_person),
        a_household(household_id=household_id, income_fen=None),
    )
    regular = await benefits.pay()
    assert regular.lines_count == 1
    known = a_household(
        shared_person, a_person(), household_id=household_id, recorded_at=at(2026, 10, 12)
    )
    await benefits.decide(known)
    supplementary = await benefits.pay(kind=RunKind.SUPPLEMENTARY)
    assert supplementary.lines_count == 0
    assert supplementary.recoveries_count == 0
    again = [hold for hold in held(benefits) if hold["run_id"] == supplementary.id]
    assert {hold["reason"] for hold in again} == {"person-in-two-households"}


async def test_a_hold_is_released_once_and_by_someone_whose_village_it_is(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household(income_fen=None))
    await benefits.pay()
    (hold,) = held(benefits)
    hold_id = uuid(str(hold["id"]))
    elsewhere = staff("zhao.min", "runs:make", areas=("511425101",))
    async with benefits.database.transaction() as session:
        with pytest.raises(holds.NoSuchHold):
            await holds.release(session, hold_id, elsewhere, "not mine", OCTOBER)
        await holds.release(session, hold_id, WANG_FANG, "income verified", OCTOBER)
        with pytest.raises(holds.AlreadyReleased):
            await holds.release(session, hold_id, WANG_FANG, "again", OCTOBER)


@pytest.mark.parametrize(
    ("held_on", "limit_on"),
    [
        (date(2026, 9, 29), date(2026, 10, 12)),  # National Day rests, Saturday the 10th works.
        (date(2026, 10, 9), date(2026, 10, 15)),
        (date(2026, 10, 10), date(2026, 10, 16)),
        (date(2026, 10, 12), date(2026, 10, 19)),
    ],
)
def test_the_limit_is_five_working_days(held_on: date, limit_on: date) -> None:
    assert holds.limit_from(held_on, 5).limit_on == limit_on
