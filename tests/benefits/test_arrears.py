"""Past months marked due by a named cause are put right; no others are touched."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.benefits import facts, months_due, runs, signatures
from services.benefits.months_due import Cause, Wish
from shared.ids import new_id
from shared.months import Month
from tests.benefits.county import CountyBenefits, at, sums
from tests.benefits.makers import LI_QIANG, OCTOBER, WANG_FANG, a_household, a_person


def raise_rural_standard(places: Path, since: str, amount: int) -> None:
    """The county publishes a higher standard."""
    path = places / "511425" / "dibao.yaml"
    numbers = yaml.safe_load(path.read_text(encoding="utf-8"))
    numbers["dibao_standard_fen_monthly"]["rural"].append(
        {
            "since": since,
            "amount": amount,
            "source": "qingshen-summary DB-21",
            "standing": "demonstration",
            "note": "Raised by a test.",
        }
    )
    path.write_text(yaml.safe_dump(numbers, allow_unicode=True), encoding="utf-8")


async def mark(benefits: CountyBenefits, wish: Wish) -> int:
    """The maker marks months due."""
    async with benefits.database.transaction() as session:
        await facts.gate(session, alone=False)
        return await months_due.mark_named(session, benefits.terms, wish)


async def test_a_standard_raised_with_earlier_effect_is_made_up_for_the_months_marked(
    benefits: CountyBenefits, places: Path
) -> None:
    county = benefits.with_knobs(places_dir=places)
    await county.learn(a_household(), a_household(a_person(), a_person()))
    await county.pay("2026-10")
    await county.pay("2026-11")
    raise_rural_standard(places, "2026-10", 21000)
    wish = Wish(
        "livelihood", Month(2026, 10), Month(2026, 11), Cause.STANDARD, "notice 2026-11 art. 3"
    )
    assert await mark(county, wish) == 4
    assert await mark(county, wish) == 0
    december = await county.pay("2026-12")
    assert sums(county.lines(december)) == {
        ("dibao", "2026-10", "arrears"): 3 * 2000,
        ("dibao", "2026-11", "arrears"): 3 * 2000,
        ("dibao", "2026-12", "regular"): 3 * 21000,
    }
    causes = {(line["kind"], line["cause"], line["difference"]) for line in county.lines(december)}
    assert causes == {
        ("arrears", "standard-with-earlier-effect", 2),
        ("regular", "regular", 1),
    }


@pytest.mark.parametrize("opened_again", [False, True])
async def test_a_month_marked_again_while_a_run_that_took_it_is_signed_stays_due(
    benefits: CountyBenefits, *, opened_again: bool
) -> None:
    grade = {"disability_grade": 1, "disability_kind": 4}
    first, second = a_person(**grade), a_person(**grade)
    home = str(new_id())

    def home_of(*members: dict[str, Any], day: int) -> dict[str, Any]:
        recorded_at = at(2026, 11, day) if day else OCTOBER
        return a_household(*members, household_id=home, on_dibao=0, recorded_at=recorded_at)

    granted = {"on_disability_nursing": 1}
    first_granted = {**first, "facts": {**first["facts"], **granted}}
    second_granted = {**second, "facts": {**second["facts"], **granted}}
    await benefits.learn(home_of(first, second, day=0))
    await benefits.pay("2026-10", "disability")
    await benefits.decide(home_of(first_granted, second, day=5))
    november = await benefits.work(await benefits.open("2026-11", "disability"))
    await benefits.sign(november, signatures.Role.MAKER, WANG_FANG)
    await benefits.decide(home_of(first_granted, second_granted, day=11))
    if opened_again:
        async with benefits.database.transaction() as session:
            again = await runs.recalculate(session, november.id, WANG_FANG, OCTOBER)
        november = await benefits.work(again)
        await benefits.sign(november, signatures.Role.MAKER, WANG_FANG)
    await benefits.sign(november, signatures.Role.HEAD, LI_QIANG)
    heads = 2 if opened_again else 1
    assert sums(benefits.lines(november)) == {
        ("disability_nursing", "2026-10", "arrears"): heads * 8000,
        ("disability_nursing", "2026-11", "regular"): heads * 8000,
    }
    december = await benefits.pay("2026-12", "disability")
    assert sums(benefits.lines(december)) == {
        **({} if opened_again else {("disability_nursing", "2026-10", "arrears"): 8000}),
        **({} if opened_again else {("disability_nursing", "2026-11", "arrears"): 8000}),
        ("disability_nursing", "2026-12", "regular"): 16_000,
    }
    assert benefits.marks() == []


async def test_a_paper_that_puts_a_month_right_while_a_run_that_took_it_is_signed_is_proposed(
    benefits: CountyBenefits,
) -> None:
    home = str(new_id())
    await benefits.learn(a_household(household_id=home))
    await benefits.pay("2026-10")
    await benefits.decide(
        a_household(household_id=home, income_fen=1000, recorded_at=at(2026, 11, 5))
    )
    november = await benefits.work(await benefits.open("2026-11"))
    await benefits.decide(
        a_household(household_id=home, income_fen=9000, recorded_at=at(2026, 11, 11))
    )
    await benefits.close(november)
    await benefits.pay("2026-12")
    assert [(row["month"], row["amount_fen"]) for row in benefits.recoveries()] == [
        ("2026-10", -1000),
        ("2026-10", -8000),
        ("2026-11", -8000),
    ]
    assert benefits.marks() == []


async def test_months_that_nobody_marked_stay_as_they_were_granted(
    benefits: CountyBenefits, places: Path
) -> None:
    county = benefits.with_knobs(places_dir=places)
    await county.learn(a_household())
    await county.pay("2026-10")
    raise_rural_standard(places, "2026-10", 21000)
    november = await county.pay("2026-11")
    assert sums(county.lines(november)) == {("dibao", "2026-11", "regular"): 21000}


async def test_a_decision_from_a_month_already_run_is_made_up_since_that_month(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household())
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    late = a_household(from_month="2026-10", income_fen=9000, recorded_at=at(2026, 11, 20))
    await benefits.decide(late)
    december = await benefits.pay("2026-12")
    of_late = [
        line
        for line in benefits.lines(december)
        if str(line["household_id"]) == late["household_id"]
    ]
    assert sums(of_late) == {
        ("dibao", "2026-10", "arrears"): 10000,
        ("dibao", "2026-11", "arrears"): 10000,
        ("dibao", "2026-12", "regular"): 10000,
    }
    assert {line["cause"] for line in of_late if line["kind"] == "arrears"} == {
        "decision-from-earlier-month"
    }


async def test_months_before_the_first_run_are_not_this_systems_to_make_up(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household(from_month="2024-01"))
    october = await benefits.pay("2026-10")
    assert sums(benefits.lines(october)) == {("dibao", "2026-10", "regular"): 19000}
    await benefits.decide(a_household(from_month="2024-05", recorded_at=at(2026, 10, 20)))
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november)) == {
        ("dibao", "2026-10", "arrears"): 19000,
        ("dibao", "2026-11", "regular"): 2 * 19000,
    }


async def test_how_far_back_a_decision_reaches_is_a_setting(benefits: CountyBenefits) -> None:
    county = benefits.with_knobs(arrears_months_max=0)
    await county.learn(a_household())
    await county.pay("2026-10")
    await county.decide(a_household(from_month="2026-10", recorded_at=at(2026, 10, 20)))
    november = await county.pay("2026-11")
    assert sums(county.lines(november)) == {("dibao", "2026-11", "regular"): 2 * 19000}


async def test_a_lower_decision_for_a_past_month_proposes_and_does_not_net(
    benefits: CountyBenefits,
) -> None:
    household_id = str(new_id())
    await benefits.learn(a_household(household_id=household_id))
    await benefits.pay("2026-10")
    await benefits.decide(
        a_household(
            household_id=household_id,
            from_month="2026-10",
            income_fen=9000,
            recorded_at=at(2026, 10, 25),
        )
    )
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november)) == {("dibao", "2026-11", "regular"): 10000}
    assert [(row["month"], row["amount_fen"]) for row in benefits.recoveries()] == [
        ("2026-10", -9000)
    ]


async def test_a_person_who_moved_is_not_owed_twice_for_the_same_month(
    benefits: CountyBenefits,
) -> None:
    mover = a_person(on_tekun=1, care_mode=1, self_care=1)
    old_home, new_home = str(new_id()), str(new_id())
    await benefits.learn(
        a_household(mover, a_person(), household_id=old_home, on_dibao=0),
        a_household(household_id=new_home, on_dibao=0),
    )
    await benefits.pay("2026-10")
    left = {**mover, "until": "2026-09"}
    joined = {**mover, "since": "2026-10"}
    recorded_at = at(2026, 10, 20)
    await benefits.learn(
        a_household(left, a_person(), household_id=old_home, on_dibao=0, recorded_at=recorded_at),
        a_household(a_person(), joined, household_id=new_home, on_dibao=0, recorded_at=recorded_at),
    )
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november)) == {("tekun", "2026-11", "regular"): 36000}
    assert benefits.recoveries() == []


async def test_a_move_told_by_the_old_home_alone_is_judged_where_the_person_stands(
    benefits: CountyBenefits,
) -> None:
    mover = a_person(on_tekun=1, care_mode=1, self_care=1)
    old_home = str(new_id())
    await benefits.learn(
        a_household(mover, household_id=old_home, on_dibao=0, recorded_at=at(2026, 9, 1))
    )
    await benefits.pay("2026-10")
    await benefits.learn(
        a_household(mover, on_dibao=0, from_month="2026-11", recorded_at=at(2026, 10, 20))
    )
    await benefits.decide(
        a_household(household_id=old_home, on_dibao=0, recorded_at=at(2026, 10, 21))
    )
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november)) == {("tekun", "2026-11", "regular"): 36000}
    assert [(row["month"], row["amount_fen"]) for row in benefits.recoveries()] == [
        ("2026-10", -36000)
    ]
