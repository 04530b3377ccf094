"""A part in dispute is held, whoever else lives there is paid; what was wrong is made up."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from services.benefits import disputes, listeners
from services.benefits.replay import replay
from shared.contracts.benefits import RunKind
from shared.contracts.identification import DisputeSettled, PersonDisputed
from shared.ids import new_id
from shared.months import Month
from shared.serving import Context
from tests.benefits.county import CountyBenefits, at, sums
from tests.benefits.makers import COUNTY, OCTOBER, a_household, a_person


async def dispute(
    benefits: CountyBenefits,
    person_id: str,
    reason: str = "death",
    *,
    from_month: str = "2026-10",
    told_at: datetime = OCTOBER,
    dispute_id: UUID | None = None,
) -> UUID:
    """A list says of somebody what would end their part; or it is said again."""
    event = PersonDisputed(
        county=COUNTY,
        occurred_at=told_at,
        dispute_id=dispute_id or new_id(),
        person_id=UUID(person_id),
        reason=reason,
        from_month=Month.parse(from_month),
    )
    async with benefits.database.transaction() as session:
        await disputes.learn(session, benefits.terms, event)
    return event.dispute_id


async def settle(
    benefits: CountyBenefits,
    dispute_id: UUID,
    person_id: str,
    *,
    upheld: bool,
    day: int = 15,
    decided_at: datetime | None = None,
    from_month: str | None = None,
    ended_from: str | None = None,
) -> None:
    """Somebody has looked, or decided."""
    event = DisputeSettled(
        county=COUNTY,
        occurred_at=at(2026, 10, day),
        from_month=Month.parse(from_month) if from_month else None,
        ended_from=Month.parse(ended_from) if ended_from else None,
        dispute_id=dispute_id,
        person_id=UUID(person_id),
        upheld=upheld,
        decided_at=decided_at,
    )
    async with benefits.database.transaction() as session:
        await disputes.settle(session, benefits.terms, event)


def held(benefits: CountyBenefits) -> list[dict[str, Any]]:
    """Every hold there is, the oldest first."""
    return benefits.rows("SELECT * FROM hold ORDER BY id")


async def test_a_dispute_told_twice_is_learned_once_and_another_countys_is_not_ours(
    benefits: CountyBenefits,
) -> None:
    context = Context(
        "benefits", benefits.settings, benefits.database, benefits.tools.clock, benefits.keys
    )
    person_id = new_id()
    told = PersonDisputed(
        county=COUNTY, occurred_at=OCTOBER, dispute_id=new_id(), person_id=person_id,
        reason="double", from_month=Month.parse("2026-10"),
    )  # fmt: skip
    settled = DisputeSettled(
        county=COUNTY, occurred_at=OCTOBER, dispute_id=told.dispute_id, person_id=person_id,
        upheld=False,
    )  # fmt: skip
    # The bus promises no order between subjects: what was settled stays so.
    for end in (settled, settled):
        await listeners.on_dispute_settled(context, end)
    for event in (told, told, told.model_copy(update={"county": "510000"})):
        await listeners.on_person_disputed(context, event)
    (row,) = benefits.rows("SELECT person_id, settled_at, upheld FROM dispute")
    assert (row["person_id"], row["upheld"]) == (person_id, False)
    assert row["settled_at"] is not None


async def test_the_survivor_is_paid_and_the_part_in_dispute_is_held(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    await benefits.learn(a_household(husband, wife))
    await dispute(benefits, husband["person_id"])
    of = await benefits.pay("2026-10")
    assert sums(benefits.lines(of)) == {("dibao", "2026-10", "regular"): 19000}
    (hold,) = held(benefits)
    assert (str(hold["beneficiary_id"]), hold["reason"]) == (husband["person_id"], "disputed-death")
    assert (hold["owner"], hold["programme"]) == ("township", "dibao")
    replayed = await replay(benefits.settings, benefits.database, of.id)
    assert replayed.same


async def test_what_was_wrongly_held_is_paid_in_the_months_supplementary_run(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(on_old_age=0), a_person()
    await benefits.learn(a_household(husband, wife))
    dispute_id = await dispute(benefits, husband["person_id"], "prison")
    await benefits.pay("2026-10")
    await settle(benefits, dispute_id, husband["person_id"], upheld=False)
    supplementary = await benefits.pay(kind=RunKind.SUPPLEMENTARY)
    (line,) = benefits.lines(supplementary)
    assert (line["amount_fen"], line["cause"]) == (19000, "released-from-hold")
    assert [hold["settled_run_id"] for hold in held(benefits)] == [supplementary.id]


@pytest.mark.parametrize("reason", ["death", "double"])
async def test_who_lives_alone_and_is_in_dispute_is_held_and_owed_nothing_back(
    benefits: CountyBenefits, reason: str
) -> None:
    alone = a_person(on_tekun=1, care_mode=1, self_care=1)
    await benefits.learn(a_household(alone, on_dibao=0))
    september = await benefits.pay("2026-10")
    assert september.total_fen == 36000
    await dispute(benefits, alone["person_id"], reason, from_month="2026-10")
    november = await benefits.pay("2026-11")
    assert (november.lines_count, november.recoveries_count) == (0, 0)
    assert [hold["reason"] for hold in held(benefits)] == [f"disputed-{reason}"]


async def test_a_decision_that_knows_nothing_of_an_open_dispute_does_not_end_it(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    household_id = str(new_id())
    await benefits.learn(a_household(husband, wife, household_id=household_id))
    dispute_id = await dispute(benefits, husband["person_id"], told_at=at(2026, 10, 9))
    await benefits.pay("2026-10")
    again = a_household(husband, wife, household_id=household_id, recorded_at=at(2026, 10, 12))
    await benefits.decide(again)
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november)) == {("dibao", "2026-11", "regular"): 19000}
    assert {hold["reason"] for hold in held(benefits)} == {"disputed-death"}
    await settle(benefits, dispute_id, husband["person_id"], upheld=False)
    made_up = await benefits.pay("2026-11", kind=RunKind.SUPPLEMENTARY)
    assert sums(benefits.lines(made_up)) == {
        ("dibao", "2026-10", "arrears"): 19000,
        ("dibao", "2026-11", "regular"): 19000,
    }


async def test_whoever_a_later_decision_leaves_out_has_nothing_that_could_be_held(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    household_id = str(new_id())
    await benefits.learn(a_household(husband, wife, household_id=household_id))
    await dispute(benefits, husband["person_id"], told_at=at(2026, 10, 9))
    alone = a_household(wife, household_id=household_id, recorded_at=at(2026, 10, 12))
    await benefits.decide(alone)
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november))["dibao", "2026-11", "regular"] > 0
    assert [hold for hold in held(benefits) if hold["month"] == "2026-11"] == []


async def test_a_decision_after_a_dispute_was_upheld_speaks_for_itself(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    household_id = str(new_id())
    await benefits.learn(a_household(husband, wife, household_id=household_id))
    double = await dispute(benefits, husband["person_id"], "double", told_at=at(2026, 10, 9))
    await benefits.pay("2026-10")
    await settle(benefits, double, husband["person_id"], upheld=True)
    decided = a_household(husband, wife, household_id=household_id, recorded_at=at(2026, 10, 16))
    await benefits.decide(decided)
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november))["dibao", "2026-11", "regular"] == 38000


async def test_an_upheld_dispute_leaves_the_person_out_until_a_decision(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    await benefits.learn(a_household(husband, wife))
    dispute_id = await dispute(benefits, husband["person_id"])
    await settle(benefits, dispute_id, husband["person_id"], upheld=True)
    of = await benefits.pay("2026-10")
    assert sums(benefits.lines(of)) == {("dibao", "2026-10", "regular"): 19000}


@pytest.mark.parametrize(("day", "fen"), [(13, 19000), (14, 38000)])
async def test_the_decision_that_upholds_a_dispute_speaks_for_itself_and_none_before_it(
    benefits: CountyBenefits, day: int, fen: int
) -> None:
    husband, wife = a_person(), a_person()
    double = await dispute(benefits, husband["person_id"], "double", told_at=at(2026, 10, 9))
    await benefits.learn(a_household(husband, wife, recorded_at=at(2026, 10, day)))
    decided_at = at(2026, 10, 14)
    await settle(benefits, double, husband["person_id"], upheld=True, decided_at=decided_at)
    of = await benefits.pay("2026-10")
    assert sums(benefits.lines(of)) == {("dibao", "2026-10", "regular"): fen}


async def test_what_was_upheld_from_a_later_month_pays_none_of_those_before_it(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    him, household_id = husband["person_id"], str(new_id())
    await benefits.learn(a_household(husband, wife, household_id=household_id))
    prison = await dispute(benefits, him, "prison", told_at=at(2026, 10, 9))
    await benefits.pay("2026-10")
    upheld = at(2026, 10, 14)
    await benefits.decide(
        a_household(wife, household_id=household_id, from_month="2026-11", recorded_at=upheld)
    )
    await settle(benefits, prison, him, upheld=True, decided_at=upheld, ended_from="2026-11")
    (hold,) = held(benefits)
    assert hold["release_reason"] == disputes.UPHELD, "nobody has to look at it any more"
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november)) == {("dibao", "2026-11", "regular"): 19000}
    assert [each["settled_run_id"] for each in held(benefits)] == [november.id]
    assert benefits.marks() == []
    # A decision on something else from before that is recorded later knows nothing of it; what was
    # decided as one for months of both kinds is told apart.
    later = at(2026, 11, 20)
    for members, first in (((husband, wife), "2026-10"), ((wife,), "2026-12")):
        await benefits.decide(
            a_household(*members, household_id=household_id, from_month=first, recorded_at=later)
        )
    december = await benefits.pay("2026-12")
    assert sums(benefits.lines(december)) == {
        ("dibao", "2026-11", "arrears"): 19000,
        ("dibao", "2026-12", "regular"): 19000,
    }
    assert (len(held(benefits)), december.recoveries_count, benefits.marks()) == (1, 0, [])
    assert (await replay(benefits.settings, benefits.database, december.id)).same
    # On appeal it was no prison: what was left out without a hold is paid after all.
    await settle(benefits, prison, him, upheld=False, day=30)
    january = await benefits.pay("2027-01")
    assert sums(benefits.lines(january))["dibao", "2026-10", "arrears"] == 19000


@pytest.mark.parametrize("other", [None, "double"])
async def test_what_was_held_before_the_month_from_which_it_is_upheld_is_paid(
    benefits: CountyBenefits, other: str | None
) -> None:
    husband, wife = a_person(), a_person()
    him, household_id = husband["person_id"], str(new_id())
    await benefits.learn(a_household(husband, wife, household_id=household_id))
    death = await dispute(benefits, him, told_at=at(2026, 10, 9))
    if other:
        twice = await dispute(benefits, him, other, told_at=at(2026, 10, 9))
    await benefits.pay("2026-10")
    upheld, ended = at(2026, 10, 14), "2026-12"
    without = a_household(wife, household_id=household_id, from_month=ended, recorded_at=upheld)
    await benefits.decide(without)
    first = "2026-11"
    await settle(
        benefits, death, him, upheld=True, decided_at=upheld, from_month=first, ended_from=ended
    )
    # What was said before comes late, and changes nothing.
    await dispute(benefits, him, told_at=at(2026, 10, 9), dispute_id=death)
    november = await benefits.pay("2026-11")
    if other:
        assert ("dibao", "2026-10", "arrears") not in sums(benefits.lines(november))
        await settle(benefits, twice, him, upheld=False)
        november = await benefits.pay("2026-11", kind=RunKind.SUPPLEMENTARY)
    owed = sums(benefits.lines(november))
    assert owed["dibao", "2026-10", "arrears"] == 19000, "the month of the death"
    assert owed.get(("dibao", "2026-11", "regular"), 19000) == 19000, "her part alone"


async def test_what_was_paid_before_a_dispute_that_was_upheld_is_not_asked_back(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    him, household_id = husband["person_id"], str(new_id())
    await benefits.learn(a_household(husband, wife, household_id=household_id))
    october = await benefits.pay("2026-10")
    assert october.total_fen == 38000
    double = await dispute(benefits, him, "double", told_at=at(2026, 10, 9))
    await settle(benefits, double, him, upheld=True, ended_from="2026-11")
    again = a_household(husband, wife, household_id=household_id, recorded_at=at(2026, 10, 20))
    without = a_household(
        wife, household_id=household_id, from_month="2026-11", recorded_at=at(2026, 10, 20)
    )
    for each in (again, without):
        await benefits.decide(each)
    november = await benefits.pay("2026-11")
    assert sums(benefits.lines(november)) == {("dibao", "2026-11", "regular"): 19000}
    assert (november.recoveries_count, held(benefits)) == (0, [])


async def test_a_dispute_that_was_upheld_and_is_opened_again_holds_what_had_come_to_its_end(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    him = husband["person_id"]
    await benefits.learn(a_household(husband, wife))
    double = await dispute(benefits, him, "double", told_at=at(2026, 10, 9))
    await settle(benefits, double, him, upheld=True, ended_from="2026-11")
    await benefits.pay("2026-10")
    assert held(benefits) == []
    await dispute(benefits, him, "double", told_at=at(2026, 10, 20), dispute_id=double)
    await benefits.pay("2026-11")
    assert sorted(hold["month"] for hold in held(benefits)) == ["2026-10", "2026-11"]


async def test_a_dispute_that_is_opened_again_holds_again_until_it_is_settled_anew(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    await benefits.learn(a_household(husband, wife))
    him = husband["person_id"]
    first = await dispute(benefits, him, told_at=at(2026, 10, 9))
    await settle(benefits, first, him, upheld=False, day=12)
    await dispute(benefits, him, told_at=at(2026, 10, 14), dispute_id=first)
    # What was said before comes late, and changes nothing.
    await settle(benefits, first, him, upheld=False, day=12)
    await dispute(benefits, him, told_at=at(2026, 10, 9), dispute_id=first)
    of = await benefits.pay("2026-10")
    assert sums(benefits.lines(of)) == {("dibao", "2026-10", "regular"): 19000}
    await settle(benefits, first, him, upheld=False, day=15)
    made_up = await benefits.pay(kind=RunKind.SUPPLEMENTARY)
    assert sums(benefits.lines(made_up)) == {("dibao", "2026-10", "regular"): 19000}


@pytest.mark.parametrize(("from_month", "fen"), [(None, 19000), ("2026-11", 38000)])
async def test_an_end_that_is_heard_first_holds_by_its_dispute(
    benefits: CountyBenefits, from_month: str | None, fen: int
) -> None:
    husband, wife = a_person(), a_person()
    await benefits.learn(a_household(husband, wife))
    him, dispute_id = husband["person_id"], new_id()
    await settle(benefits, dispute_id, him, upheld=True, from_month=from_month)
    await dispute(benefits, him, told_at=at(2026, 10, 9), dispute_id=dispute_id)
    of = await benefits.pay("2026-10")
    assert sums(benefits.lines(of)) == {("dibao", "2026-10", "regular"): fen}
    reasons = [hold["reason"] for hold in held(benefits)]
    assert reasons == ["disputed-death"] * (from_month is None)


async def test_what_was_upheld_long_ago_keeps_nothing_that_is_wrongly_held_now(
    benefits: CountyBenefits,
) -> None:
    husband, wife = a_person(), a_person()
    him, household_id = husband["person_id"], str(new_id())
    prison = await dispute(benefits, him, "prison", told_at=at(2026, 10, 1))
    await settle(benefits, prison, him, upheld=True, day=2)
    back = a_household(husband, wife, household_id=household_id, recorded_at=at(2026, 10, 3))
    await benefits.learn(back)
    death = await dispute(benefits, him, told_at=at(2026, 10, 9))
    await benefits.pay("2026-10")
    await settle(benefits, death, him, upheld=False)
    made_up = await benefits.pay(kind=RunKind.SUPPLEMENTARY)
    assert sums(benefits.lines(made_up)) == {("dibao", "2026-10", "regular"): 19000}
