"""Two people, one list: whoever signs knows what, and nobody signs alone."""

import asyncio
from pathlib import Path

import pytest

from services.benefits import runs, signatures
from services.benefits.models import RunStatus
from services.benefits.signatures import Role
from shared.problems import Problem
from tests.benefits.county import CountyBenefits
from tests.benefits.makers import LI_QIANG, OCTOBER, WANG_FANG, a_household, staff
from tests.benefits.test_arrears import raise_rural_standard

BOTH_HATS = staff("zhou.min", "runs:make", "runs:check")


async def test_maker_and_head_close_the_run_and_say_so_once(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household(), a_household())
    of = await benefits.work(await benefits.open())
    assert (await benefits.sign(of, Role.MAKER, WANG_FANG)).status == RunStatus.CALCULATED
    closed = await benefits.sign(of, Role.HEAD, LI_QIANG)
    assert closed.status == RunStatus.CLOSED
    assert benefits.rows("SELECT * FROM draft_line") == []
    (event,) = benefits.rows("SELECT subject, body FROM outbox")
    assert event["subject"] == "benefits.run-closed.v1"
    said = event["body"]
    assert (said["run_id"], said["lines_count"], said["total_fen"]) == (str(of.id), 2, 38000)
    assert said["list_sha256"] == of.list_sha256


async def test_the_same_person_cannot_sign_twice_even_with_two_accounts(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household())
    of = await benefits.work(await benefits.open())
    await benefits.sign(of, Role.MAKER, BOTH_HATS)
    with pytest.raises(signatures.NeedsAnotherPerson):
        await benefits.sign(of, Role.HEAD, BOTH_HATS)
    other_account = staff("zhou.min.2", "runs:check", person=BOTH_HATS.person)
    with pytest.raises(signatures.NeedsAnotherPerson):
        await benefits.sign(of, Role.HEAD, other_account)
    assert (await benefits.read(of)).status == RunStatus.CALCULATED


async def test_a_list_that_is_not_the_runs_is_not_signed(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    of = await benefits.work(await benefits.open())
    with pytest.raises(signatures.ListDiffers):
        await benefits.sign(of, Role.MAKER, WANG_FANG, list_sha256="0" * 64)


async def test_the_head_signs_after_the_maker(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    of = await benefits.work(await benefits.open())
    with pytest.raises(signatures.MakerFirst):
        await benefits.sign(of, Role.HEAD, LI_QIANG)


async def test_each_office_is_signed_for_with_its_own_scope(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    of = await benefits.work(await benefits.open())
    with pytest.raises(signatures.NotYours):
        await benefits.sign(of, Role.MAKER, LI_QIANG)
    await benefits.sign(of, Role.MAKER, WANG_FANG)
    with pytest.raises(signatures.NotYours):
        await benefits.sign(of, Role.HEAD, staff("chen.hao", "runs:make"))


async def test_a_run_that_is_not_calculated_has_nothing_to_sign(
    benefits: CountyBenefits,
) -> None:
    of = await benefits.open()
    with pytest.raises(signatures.NotCalculated):
        await benefits.sign(of, Role.MAKER, WANG_FANG, list_sha256="0" * 64)


async def test_two_heads_at_once_close_the_run_once(benefits: CountyBenefits) -> None:
    await benefits.learn(*(a_household() for _ in range(20)))
    of = await benefits.work(await benefits.open())
    await benefits.sign(of, Role.MAKER, WANG_FANG)
    heads = [staff(name, "runs:check") for name in ("li.qiang", "sun.li", "wu.gang")]
    ended = await asyncio.gather(
        *(benefits.sign(of, Role.HEAD, head) for head in heads), return_exceptions=True
    )
    refused = [each for each in ended if isinstance(each, Problem)]
    assert len(refused) == 2
    assert all(each.status == 409 for each in refused)
    assert len(benefits.lines()) == 20
    assert len(benefits.rows("SELECT * FROM outbox")) == 1


async def test_a_signature_given_again_gets_the_same_answer(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    of = await benefits.close(await benefits.work(await benefits.open()))
    again = await benefits.sign(of, Role.HEAD, LI_QIANG)
    assert (again.status, again.closed_at) == (RunStatus.CLOSED, of.closed_at)
    assert len(benefits.rows("SELECT * FROM run_signature")) == 2


async def test_of_two_runs_with_the_same_differences_only_one_can_be_closed(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household())
    first = await benefits.work(await benefits.open(sequence=1))
    second = await benefits.work(await benefits.open(sequence=2))
    await benefits.sign(second, Role.MAKER, WANG_FANG)
    await benefits.close(first)
    with pytest.raises(signatures.FactsHaveMoved):
        await benefits.sign(second, Role.HEAD, LI_QIANG)
    assert len(benefits.lines()) == 1


async def test_a_draft_changed_behind_our_back_is_not_granted(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    of = await benefits.work(await benefits.open())
    await benefits.sign(of, Role.MAKER, WANG_FANG)
    benefits.change("UPDATE draft_line SET amount_fen = amount_fen + 1")
    with pytest.raises(AssertionError, match="granted is not signed"):
        await benefits.sign(of, Role.HEAD, LI_QIANG)
    assert benefits.lines() == []


async def test_a_law_changed_since_the_calculation_stops_the_signature(
    benefits: CountyBenefits, places: Path
) -> None:
    county = benefits.with_knobs(places_dir=places)
    await county.learn(a_household())
    of = await county.work(await county.open())
    await county.sign(of, Role.MAKER, WANG_FANG)
    raise_rural_standard(places, "2026-10", 21000)
    with pytest.raises(signatures.LawHasChanged):
        await county.sign(of, Role.HEAD, LI_QIANG)
    async with county.database.transaction() as session:
        again = await runs.recalculate(session, of.id, WANG_FANG, OCTOBER)
    closed = await county.close(await county.work(again))
    assert closed.total_fen == 21000


async def test_a_place_that_is_no_demonstration_pays_by_confirmed_numbers_only(
    benefits: CountyBenefits, places: Path
) -> None:
    place = places / "511425" / "place.yaml"
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("demonstration: yes", "demonstration: no"), encoding="utf-8")
    county = benefits.with_knobs(places_dir=places)
    await county.learn(a_household())
    of = await county.work(await county.open())
    with pytest.raises(signatures.NumbersUnconfirmed) as refused:
        await county.sign(of, Role.MAKER, WANG_FANG)
    assert "dibao_standard_fen_monthly" in refused.value.members["numbers"]
    assert "old_age_sum_fen" not in refused.value.members["numbers"]
