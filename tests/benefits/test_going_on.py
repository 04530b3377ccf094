"""A month that was paid as dibao and is owed as its fade-out, or the other way: only what differs
moves."""

from pathlib import Path

import pytest

from services.benefits.months_due import Cause, Wish
from shared.months import Month
from tests.benefits.county import CountyBenefits, at, sums
from tests.benefits.makers import NOT_APPLICABLE, WANG_FANG, Cast
from tests.benefits.test_arrears import mark, raise_rural_standard
from tests.benefits.test_fade_outs import STANDARD_FEN, fading, granted, risen
from tests.benefits.test_workings import tell

__all__ = ["fading"]
HEARD = at(2026, 11, 20)


async def test_what_was_paid_as_dibao_while_it_was_heard_counts_as_its_fade_out(
    fading: CountyBenefits,
) -> None:
    cast = Cast()
    await fading.learn(granted(cast.li))
    await fading.pay("2026-10")
    await fading.pay("2026-11")
    await fading.decide(risen(cast.li, recorded_at=HEARD))
    december = await fading.pay("2026-12")
    assert sums(fading.lines(december)) == {("dibao_fade_out", "2026-12", "regular"): STANDARD_FEN}
    assert fading.recoveries() == []


async def test_what_was_never_owed_is_proposed_where_nobody_said_whether_it_fades(
    fading: CountyBenefits,
) -> None:
    cast = Cast()
    await fading.learn(granted(cast.li))
    await fading.pay("2026-10")
    await fading.decide(granted(cast.li, income_fen=9_000, recorded_at=at(2026, 10, 20)))
    await fading.pay("2026-11")
    proposed = [(row["programme"], row["month"], row["amount_fen"]) for row in fading.recoveries()]
    assert proposed == [("dibao", "2026-10", -9_000)]


async def test_where_it_tapers_only_what_was_paid_beyond_it_is_proposed(
    fading: CountyBenefits, places: Path
) -> None:
    numbers = places / "511425" / "dibao_fade_out.yaml"
    words = numbers.read_text(encoding="utf-8")
    numbers.write_text(words.replace("amount: no", "amount: yes"), encoding="utf-8")
    cast = Cast()
    await fading.learn(granted(cast.li))
    for month in ("2026-10", "2026-11", "2026-12"):
        await fading.pay(month)
    await fading.decide(risen(cast.li, recorded_at=at(2026, 12, 20)))
    january = await fading.pay("2027-01")
    assert sums(fading.lines(january)) == {
        ("dibao_fade_out", "2027-01", "regular"): STANDARD_FEN * 4 // 6
    }
    proposed = [(row["programme"], row["month"], row["amount_fen"]) for row in fading.recoveries()]
    assert proposed == [("dibao", "2026-12", STANDARD_FEN * 5 // 6 - STANDARD_FEN)]


async def test_a_fade_out_that_is_undone_pays_what_dibao_is_more_and_says_why(
    fading: CountyBenefits,
) -> None:
    cast = Cast()
    await fading.learn(granted(cast.li, income_fen=4_000))
    await fading.pay("2026-10")
    await fading.decide(risen(cast.li))
    await fading.pay("2026-11")
    undone = {"dibao_above_standard_on": NOT_APPLICABLE, "from_month": "2026-11"}
    await fading.decide(granted(cast.li, recorded_at=HEARD, **undone))
    december = await fading.pay("2026-12")
    assert sums(fading.lines(december)) == {
        ("dibao", "2026-11", "arrears"): 4_000,
        ("dibao", "2026-12", "regular"): STANDARD_FEN,
    }
    assert fading.recoveries() == []
    (arrears,) = [each for each in fading.lines(december) if each["kind"] == "arrears"]
    told = await tell(fading, WANG_FANG, arrears["line_id"])
    assert (told["owed_fen"], told["paid_as_fen"]) == (STANDARD_FEN, {"dibao_fade_out": 15_000})
    assert (told["granted_before_fen"], told["amount_fen"]) == (0, 4_000)


async def test_nothing_is_asked_back_while_the_fade_out_is_held(fading: CountyBenefits) -> None:
    cast = Cast()
    await fading.learn(granted(cast.li))
    await fading.pay("2026-11")
    await fading.decide(risen(cast.li, recorded_at=HEARD))
    await fading.pay("2026-12")
    assert sums(fading.lines()) == {("dibao", "2026-11", "regular"): STANDARD_FEN}
    assert fading.recoveries() == []


@pytest.mark.breaks("What was granted last")
async def test_what_is_put_right_of_the_last_month_is_paid_of_a_month_paid_as_dibao(
    fading: CountyBenefits, places: Path
) -> None:
    cast = Cast()
    await fading.learn(granted(cast.li))
    await fading.pay("2026-10")
    await fading.pay("2026-11")
    await fading.decide(risen(cast.li, recorded_at=HEARD))
    await fading.pay("2026-12")
    raise_rural_standard(places, "2026-10", 21_000)
    october = Month(2026, 10)
    await mark(fading, Wish("livelihood", october, october, Cause.STANDARD, "notice 3"))
    await fading.pay("2027-01")
    february = await fading.pay("2027-02")
    assert sums(fading.lines(february)) == {
        ("dibao_fade_out", "2026-11", "arrears"): 2_000,
        ("dibao_fade_out", "2026-12", "arrears"): 2_000,
        ("dibao_fade_out", "2027-01", "arrears"): 2_000,
        ("dibao_fade_out", "2027-02", "regular"): 21_000,
    }
    assert fading.recoveries() == []
