"""What changes from one month's roster to the next: births, deaths, moves, decisions, cards."""

from datetime import date
from random import Random

from demonstration.population.assistance import Office
from demonstration.population.households import Household, Maker
from shared.months import Month

_CUT_OFF_DAY = 20  # Rosters are closed on this day of the month before.


def as_of(month: Month) -> date:
    """The day a month's roster is closed."""
    before = month.previous()
    return date(before.year, before.number, _CUT_OFF_DAY)


def pass_by(rng: Random, household: Household, month: Month, maker: Maker) -> None:
    """What a month brings to the people of a household, whoever they are.

    Args:
        rng: of this household and this month alone, so that a later roster never changes it.
        household: whose people they are.
        month: whose roster shows the change.
        maker: makes the newborn.
    """
    words = maker.shares.monthly
    before = month.previous()
    day = date(before.year, before.number, 1 + rng.randrange(_CUT_OFF_DAY - 1))
    born = rng.random() * 10_000 < words["births_per_ten_thousand_households"]
    if born and len(household.people) < len(maker.shares.sizes):
        household.people.append(maker.newborn(rng, household, day))
    for person in household.people:
        chance = rng.random() * 10_000
        deaths = words["deaths_per_ten_thousand"] * (6 if person.age_on(day) >= 75 else 0.7)
        moves = person.relation != "户主" and not person.assisted
        if not person.present or person.born >= day:
            continue
        if chance < deaths:
            person.died_on = day
        elif moves and chance > 10_000 - words["moved_out_per_ten_thousand"]:
            person.until = str(max(before, Month.parse(person.since)))


def decide_anew(rng: Random, household: Household, step: int, month: Month, office: Office) -> None:
    """What the office decides about a household in a month, the `step`th after the first roster."""
    words = office.shares.monthly
    before = month.previous()
    day = date(before.year, before.number, 1 + rng.randrange(_CUT_OFF_DAY - 1))
    chance, anew = rng.random(), False
    if household.dibao and chance * 1000 < words["leaving_per_thousand_dibao"]:
        household.dibao, anew = False, True
        for person in household.people:
            person.disability_living = False
    elif household.dibao and chance * 1000 > 1000 - words["new_decision_per_thousand_dibao"]:
        office.set_income(rng, household)
        anew = True
    elif _may_enter(household) and chance * 10_000 < words["entering_per_ten_thousand_households"]:
        household.dibao = anew = True
        office.set_income(rng, household)
        office.pay_to(rng, household, step)
    if anew:
        office.decide(rng, household, day)
    if household.assisted and rng.random() * 1000 < words["new_account_per_thousand"]:
        _change_account(rng, household, step, month, office)


def _may_enter(household: Household) -> bool:
    return not household.assisted and household.people[0].present


def _change_account(
    rng: Random, household: Household, step: int, month: Month, office: Office
) -> None:
    """A lost card or a closed passbook: the head of the household brings a new one."""
    account = household.people[0].account
    if account is None or account.relation is not None:
        return
    office.pay_to(rng, household, step)
    for person in household.people:
        if person.account is not None:
            person.account.since = str(month)
