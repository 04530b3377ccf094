"""What is given once, by a decision of its own: paid once, beside what is owed month by month."""

from typing import Any

import pytest

from services.benefits import packs
from services.benefits.runs import NotOfThisKind
from shared.contracts.benefits import RunKind
from tests.benefits.county import CountyBenefits, sums
from tests.benefits.makers import NOT_APPLICABLE, Cast, a_household

COUNTY_LEVEL = 2


def aid(household_id: object, **said: Any) -> dict[str, Any]:
    """A decision of temporary aid, for October alone."""
    return a_household(
        **{
            "household_id": household_id,
            "until_month": "2026-10",
            "programme": "temporary",
            "registered_elsewhere": 0,
            "temporary_case": 1,
            "temporary_hardship_found": 1,
            "temporary_same_cause_count": 0,
            "temporary_repeat_allowed": 0,
            "temporary_decided_fen": 120000,
            "temporary_advanced_fen": 0,
            "temporary_above_cap_allowed": 0,
            "temporary_approved_by": COUNTY_LEVEL,
            "temporary_stages_count": 1,
            "temporary_stage": 1,
            "temporary_advance_asked_fen": 0,
            "temporary_advances_made": 0,
            "temporary_reserve_fen": 0,
            "temporary_papers_filed": 1,
            "temporary_papers_due_on": NOT_APPLICABLE,
            **said,
        }
    )


async def of_october(benefits: CountyBenefits, sequence: int = 1) -> dict[Any, int]:
    """A one-off run from opened to closed; what it granted."""
    opened = await benefits.open("2026-10", "temporary", RunKind.ONE_OFF, sequence)
    return sums(benefits.lines(await benefits.close(await benefits.work(opened))))


async def test_an_aid_is_paid_once_and_the_household_keeps_its_dibao(
    benefits: CountyBenefits,
) -> None:
    cast = Cast()
    await benefits.learn(a_household(household_id=cast.li))
    await benefits.decide(aid(cast.li))
    assert await of_october(benefits) == {("temporary", "2026-10", "regular"): 120000}
    assert await of_october(benefits, 2) == {}, "another run of the month grants it no second time"
    await benefits.decide(aid(cast.wang, temporary_decided_fen=50000))
    assert await of_october(benefits, 3) == {("temporary", "2026-10", "regular"): 50000}
    lines = benefits.lines(await benefits.pay())
    assert sums(lines) == {("dibao", "2026-10", "regular"): 19000}
    assert [str(line["household_id"]) for line in lines] == [cast.li], "an aid is no dibao"
    assert benefits.recoveries() == []


async def test_stages_of_one_approval_add_up_and_end_when_no_more_is_released(
    benefits: CountyBenefits,
) -> None:
    cast = Cast()
    plan = {"temporary_decided_fen": 100000, "temporary_stages_count": 3}
    for stage, month in enumerate(("2026-10", "2026-11", "2026-12"), 1):
        await benefits.decide(
            aid(cast.li, from_month=month, until_month=month, temporary_stage=stage, **plan)
        )
        await benefits.pay(month, "temporary", RunKind.ONE_OFF)
    await benefits.pay("2027-01", "temporary", RunKind.ONE_OFF)
    assert [line["amount_fen"] for line in benefits.lines()] == [33333, 33333, 33334]


async def test_what_a_township_may_not_approve_is_held_until_the_county_decides(
    benefits: CountyBenefits,
) -> None:
    cast = Cast()
    await benefits.decide(aid(cast.li, temporary_approved_by=1))
    assert await of_october(benefits) == {}
    (held,) = benefits.rows("SELECT reason, released_at FROM hold")
    assert held == {"reason": "no-number-temporary_township_limit_fen", "released_at": None}
    await benefits.learn(a_household(household_id=cast.li))
    assert benefits.rows("SELECT released_at FROM hold") == [{"released_at": None}]
    await benefits.decide(aid(cast.li))
    assert await of_october(benefits, 2) == {("temporary", "2026-10", "regular"): 120000}
    assert benefits.marks() == []


async def test_more_than_the_most_is_not_paid_without_the_countys_leave(
    benefits: CountyBenefits,
) -> None:
    cast = Cast()
    await benefits.decide(aid(cast.li, temporary_decided_fen=190001))
    await benefits.decide(aid(cast.wang, temporary_same_cause_count=1))
    assert await of_october(benefits) == {}


async def test_what_was_paid_first_counts_to_the_most_and_is_not_paid_again(
    benefits: CountyBenefits,
) -> None:
    cast = Cast()
    await benefits.decide(aid(cast.li, temporary_decided_fen=190001, temporary_advanced_fen=60000))
    await benefits.decide(
        aid(cast.wang, temporary_decided_fen=190000, temporary_advanced_fen=60000)
    )
    assert await of_october(benefits) == {("temporary", "2026-10", "regular"): 130000}


async def test_each_programme_is_run_its_own_way(benefits: CountyBenefits) -> None:
    assert packs.given_once(benefits.law) == {"temporary"}
    for family, kind in (
        ("livelihood", RunKind.ONE_OFF),
        ("temporary", RunKind.REGULAR),
        ("temporary", RunKind.SUPPLEMENTARY),
    ):
        with pytest.raises(NotOfThisKind):
            await benefits.open("2026-10", family, kind)
