"""Why a line is what it is: told to those it concerns, to the same fen, years later."""

from pathlib import Path

import pytest

from services.benefits import entitlements, workings
from services.benefits.entitlements import NoSuchLine
from services.benefits.months_due import Cause, Wish
from services.benefits.workings import Shelf
from shared.callers import Caller
from shared.ids import new_id
from shared.months import Month
from shared.secrets import KeyRing
from tests.benefits.county import CountyBenefits, at
from tests.benefits.makers import (
    NOT_APPLICABLE,
    WANG_FANG,
    a_household,
    a_person,
    citizen,
    staff,
    uuid,
)
from tests.benefits.test_arrears import mark, raise_rural_standard


async def tell(benefits: CountyBenefits, caller: Caller, line_id: object) -> dict[str, object]:
    """The workings of a line, for somebody."""
    shelf = Shelf(benefits.settings.files_dir, KeyRing.open(benefits.settings.keys_dir))
    async with benefits.database.transaction() as session:
        line = await entitlements.granted(session, caller, uuid(str(line_id)))
        return await workings.tell(session, shelf, benefits.law, line)


async def test_every_line_is_worked_out_again_to_the_same_fen(benefits: CountyBenefits) -> None:
    disabled = {"disability_kind": 4, "on_disability_living": 1, "on_disability_nursing": 1}
    await benefits.learn(
        a_household(a_person(), a_person(), income_fen=7000),
        a_household(a_person(on_tekun=1, care_mode=1, self_care=2), income_fen=0),
        a_household(a_person(disability_grade=1, **disabled), income_fen=90000),
        a_household(a_person(born_on=19330105, on_old_age=1), on_dibao=0),
    )
    for family in ("livelihood", "disability", "old_age"):
        await benefits.pay(family=family)
    lines = benefits.lines()
    assert {line["programme"] for line in lines} == {
        "dibao",
        "tekun",
        "disability_living",
        "disability_nursing",
        "old_age",
    }
    for line in lines:
        told = await tell(benefits, WANG_FANG, line["line_id"])
        assert told["amount_fen"] == line["amount_fen"]
        assert told["workings"]


async def test_workings_carry_the_decision_behind_the_facts(benefits: CountyBenefits) -> None:
    determined = a_household(income_fen=5000)
    await benefits.learn(determined)
    await benefits.pay()
    (line,) = benefits.lines()
    told = await tell(benefits, WANG_FANG, line["line_id"])
    evidence = told["evidence"]
    assert isinstance(evidence, dict)
    assert evidence["determination_id"] == determined["determination_id"]
    assert evidence["decided_on"] == "2026-09-20"
    assert told["notice"], "a demonstration says so wherever it shows a sum"


async def test_arrears_say_what_was_granted_before(benefits: CountyBenefits, places: Path) -> None:
    county = benefits.with_knobs(places_dir=places)
    await county.learn(a_household())
    october = await county.pay("2026-10")
    (granted,) = county.lines(october)
    raise_rural_standard(places, "2026-10", 21000)
    wish = Wish("livelihood", Month(2026, 10), Month(2026, 10), Cause.STANDARD, "notice art. 3")
    await mark(county, wish)
    november = await county.pay("2026-11")
    (arrears,) = [line for line in county.lines(november) if line["kind"] == "arrears"]
    told = await tell(county, WANG_FANG, arrears["line_id"])
    assert (told["owed_fen"], told["granted_before_fen"]) == (21000, 19000)
    assert told["amount_fen"] == 2000
    old = await tell(county, WANG_FANG, granted["line_id"])
    assert old["amount_fen"] == 19000, "by the law as it was then"
    assert old["policy_sha256"] != told["policy_sha256"]


async def test_what_is_learned_later_does_not_change_what_is_told(
    benefits: CountyBenefits,
) -> None:
    household_id = str(new_id())
    await benefits.learn(a_household(household_id=household_id, income_fen=5000))
    await benefits.pay()
    (line,) = benefits.lines()
    await benefits.decide(
        a_household(household_id=household_id, income_fen=15000, recorded_at=at(2026, 10, 20))
    )
    told = await tell(benefits, WANG_FANG, line["line_id"])
    assert told["owed_fen"] == 14000


async def test_a_citizen_sees_what_is_theirs_and_nothing_of_another(
    benefits: CountyBenefits,
) -> None:
    tekun = a_person(on_tekun=1, care_mode=1, self_care=1)
    partner, stranger = a_person(died_on=NOT_APPLICABLE), a_person()
    await benefits.learn(a_household(tekun, partner), a_household(stranger))
    await benefits.pay()
    by_person = {str(line["beneficiary_id"]): line for line in benefits.lines()}
    own = by_person[tekun["person_id"]]
    household = by_person[str(own["household_id"])]
    partners = citizen(partner["person_id"])
    await tell(benefits, partners, household["line_id"])
    for hidden, caller in (
        (own, partners),
        (own, citizen(stranger["person_id"])),
        (household, citizen(stranger["person_id"])),
    ):
        with pytest.raises(NoSuchLine):
            await tell(benefits, caller, hidden["line_id"])
    async with benefits.database.transaction() as session:
        seen = await entitlements.of_beneficiary(
            session, citizen(tekun["person_id"]), uuid(tekun["person_id"])
        )
        assert {line.programme for line in seen} == {"tekun", "dibao"}
        others = await entitlements.of_beneficiary(
            session, citizen(stranger["person_id"]), uuid(tekun["person_id"])
        )
        assert others == []


async def test_staff_of_another_town_see_no_such_line(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    await benefits.pay()
    (line,) = benefits.lines()
    neighbour = staff("zhao.min", "lines:read", areas=("511425101",))
    here = staff("he.ping", "lines:read", areas=("511425100",))
    with pytest.raises(NoSuchLine):
        await tell(benefits, neighbour, line["line_id"])
    await tell(benefits, here, line["line_id"])
