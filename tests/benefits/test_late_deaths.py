"""A death learned late: what was paid since is proposed for recovery, and the living are paid."""

from datetime import date
from typing import Any

import pytest

from services.benefits import runs, signatures
from services.benefits.models import RunStatus
from shared.ids import new_id
from tests.benefits.county import CountyBenefits, at, sums
from tests.benefits.makers import LI_QIANG, OCTOBER, WANG_FANG, a_household, a_person
from tests.benefits.test_recovery_decisions import say


async def test_what_was_paid_after_a_death_is_proposed_and_the_survivor_is_paid_in_full(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    await benefits.learn(a_household(husband, wife))
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    await benefits.tell_of_death(husband["person_id"], date(2026, 10, 15))
    december = await benefits.pay("2026-12")
    assert sums(benefits.lines(december)) == {("dibao", "2026-12", "regular"): 19000}
    (proposed,) = benefits.recoveries()
    assert (proposed["month"], proposed["amount_fen"]) == ("2026-11", -19000)
    assert (proposed["cause"], proposed["difference"]) == ("late-death", 2)
    assert benefits.marks() == []


async def test_a_recovery_is_never_in_the_list(benefits: CountyBenefits) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    await benefits.learn(a_household(tekun, on_dibao=0))
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    await benefits.tell_of_death(tekun["person_id"], date(2026, 10, 31))
    december = await benefits.pay("2026-12")
    assert (december.lines_count, december.total_fen) == (0, 0)
    assert (december.recoveries_count, december.recoveries_fen) == (1, -36000)
    async with benefits.door(WANG_FANG) as door:
        listed = (await door.get(f"/runs/{december.id}/lines")).json()
        proposed = (await door.get(f"/runs/{december.id}/recoveries")).json()
    assert listed["items"] == []
    assert [item["amount_fen"] for item in proposed["items"]] == [-36000]


async def test_what_was_proposed_is_not_proposed_again(benefits: CountyBenefits) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    await benefits.learn(a_household(tekun, on_dibao=0))
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    await benefits.tell_of_death(tekun["person_id"], date(2026, 10, 31))
    await benefits.pay("2026-12")
    await benefits.tell_of_death(tekun["person_id"], date(2026, 10, 30), at(2026, 12, 20))
    await benefits.pay("2027-01")
    assert [row["amount_fen"] for row in benefits.recoveries()] == [-36000]


async def test_what_turns_out_to_be_owed_takes_the_proposal_back_and_pays_nothing_twice(
    benefits: CountyBenefits,
) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    household_id = str(new_id())
    await benefits.learn(a_household(tekun, household_id=household_id, on_dibao=0))
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    await benefits.tell_of_death(tekun["person_id"], date(2026, 10, 31))
    await benefits.pay("2026-12")
    alive = a_household(
        tekun,
        household_id=household_id,
        on_dibao=0,
        from_month="2026-11",
        recorded_at=at(2026, 12, 20),
    )
    await benefits.decide(alive)
    january = await benefits.pay("2027-01")
    assert [row["amount_fen"] for row in benefits.recoveries()] == [-36000, 36000]
    assert sums(benefits.lines(january)) == {
        ("tekun", "2026-12", "arrears"): 36000,
        ("tekun", "2027-01", "regular"): 36000,
    }


async def test_a_death_in_a_later_roster_reaches_back_as_one_told_singly_does(
    benefits: CountyBenefits,
) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    household_id = str(new_id())
    await benefits.learn(a_household(tekun, household_id=household_id, on_dibao=0))
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    dead = a_person(
        person_id=tekun["person_id"], on_tekun=1, care_mode=1, self_care=1, died_on=20261003
    )
    await benefits.learn(
        a_household(
            dead,
            household_id=household_id,
            on_dibao=0,
            from_month="2026-12",
            recorded_at=at(2026, 12, 1),
        )
    )
    await benefits.pay("2026-12")
    assert [(row["month"], row["amount_fen"]) for row in benefits.recoveries()] == [
        ("2026-11", -36000)
    ]


async def test_a_death_told_between_calculation_and_signature_stops_the_signature(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    await benefits.learn(a_household(husband, wife), a_household())
    stale = await benefits.work(await benefits.open("2026-11"))
    await benefits.sign(stale, signatures.Role.MAKER, WANG_FANG)
    await benefits.tell_of_death(husband["person_id"], date(2026, 10, 20))
    with pytest.raises(signatures.FactsHaveMoved):
        await benefits.sign(stale, signatures.Role.HEAD, LI_QIANG)
    async with benefits.database.transaction() as session:
        again = await runs.recalculate(session, stale.id, WANG_FANG, OCTOBER)
    assert (again.status, again.attempt) == (RunStatus.OPENED, 2)
    fresh = await benefits.work(again)
    assert fresh.total_fen == 2 * 19000
    assert fresh.list_sha256 != stale.list_sha256
    with pytest.raises(signatures.MakerFirst):
        await benefits.sign(fresh, signatures.Role.HEAD, LI_QIANG)
    await benefits.close(fresh)
    assert len(benefits.lines()) == 2


async def test_a_death_outside_the_list_stops_nothing(benefits: CountyBenefits) -> None:
    stranger = a_person()
    await benefits.learn(a_household(), a_household(stranger, income_fen=90000))
    of = await benefits.work(await benefits.open())
    await benefits.tell_of_death(stranger["person_id"], date(2026, 10, 1))
    assert (await benefits.close(of)).status == RunStatus.CLOSED


async def test_the_order_in_which_things_are_told_does_not_matter(
    benefits: CountyBenefits,
) -> None:
    tekun = {"on_tekun": 1, "care_mode": 1, "self_care": 1}
    person = a_person(**tekun)
    await benefits.tell_of_death(person["person_id"], date(2026, 9, 3), at(2026, 10, 8))
    await benefits.learn(a_household(person, on_dibao=0, recorded_at=at(2026, 9, 1)))
    of = await benefits.work(await benefits.open())
    assert (of.lines_count, of.zero_count) == (0, 1)


@pytest.mark.breaks("A death taken back")
async def test_a_death_told_in_error_leaves_nothing_behind(benefits: CountyBenefits) -> None:
    tekun, died_on = a_person(on_tekun=1, care_mode=1, self_care=1), date(2026, 10, 31)
    await benefits.learn(a_household(tekun, on_dibao=0))
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    await benefits.tell_of_death(tekun["person_id"], died_on)
    assert (await benefits.pay("2026-12")).lines_count == 0
    await benefits.tell_of_death(tekun["person_id"], died_on, at(2026, 12, 20), taken_back=True)
    january = await benefits.pay("2027-01")
    # November was granted, so its proposal goes; December was not, so it is paid.
    assert [row["amount_fen"] for row in benefits.recoveries()] == [-36000, 36000]
    assert sums(benefits.lines(january)) == {
        ("tekun", "2026-12", "arrears"): 36000,
        ("tekun", "2027-01", "regular"): 36000,
    }
    assert benefits.marks() == []


async def test_of_what_was_told_of_a_death_the_last_word_counts(benefits: CountyBenefits) -> None:
    tekun, died_on = a_person(on_tekun=1, care_mode=1, self_care=1), date(2026, 10, 1)
    await benefits.learn(a_household(tekun, on_dibao=0))
    await benefits.tell_of_death(tekun["person_id"], died_on, at(2026, 10, 20), taken_back=True)
    await benefits.tell_of_death(tekun["person_id"], died_on, at(2026, 10, 10))
    assert (await benefits.pay("2026-11")).lines_count == 1
    await benefits.tell_of_death(tekun["person_id"], died_on, at(2026, 11, 10))
    assert (await benefits.pay("2026-12")).lines_count == 0


async def test_deaths_are_told_against_what_was_granted_after_them(
    benefits: CountyBenefits,
) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    husband, wife, another = a_person(), a_person(), a_person()
    await benefits.learn(
        a_household(tekun, on_dibao=0), a_household(husband, wife), a_household(another, a_person())
    )
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    await benefits.tell_of_death(tekun["person_id"], date(2026, 10, 15))
    await benefits.tell_of_death(husband["person_id"], date(2026, 10, 16))
    await benefits.tell_of_death(another["person_id"], date(2026, 11, 30))
    alone, lived_with, in_time = await _deaths(benefits)
    assert (alone["months"], alone["granted_fen"], alone["proposed_fen"]) == (1, 36000, 0)
    assert (lived_with["months"], lived_with["granted_fen"]) == (0, 0), "the wife lives on"
    await benefits.pay("2026-12")
    alone, lived_with, in_time = await _deaths(benefits)
    assert (alone["granted_fen"], alone["proposed_fen"], alone["decided_fen"]) == (36000, 36000, 0)
    assert (lived_with["months"], lived_with["proposed_fen"]) == (1, 19000)
    assert [each["month"] for each in lived_with["recoveries"]] == ["2026-11"]
    assert (in_time["months"], in_time["recoveries"]) == (0, [])
    recovery_id = alone["recoveries"][0]["recovery_id"]
    assert (await say(benefits, recovery_id, amount_fen=36000)).status_code == 201
    assert (await _deaths(benefits))[0]["decided_fen"] == 36000
    assert await _deaths(benefits, 2025) == []


async def _deaths(benefits: CountyBenefits, year: int = 2026) -> list[dict[str, Any]]:
    async with benefits.door(WANG_FANG) as door:
        found: list[dict[str, Any]] = (await door.get(f"/deaths/{year}")).json()["items"]
    return found
