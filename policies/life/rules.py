"""What every programme asks of a person's dates: alive, and how old."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, month_of
from policies.marks import person


@person(source="practice month of death")
def last_payable_month_index(died_on: int, month_of_death_payable: int) -> int:
    """The last month that can be paid to someone who has died; none is set for the living."""
    if died_on == NOT_APPLICABLE:
        return NOT_APPLICABLE
    return month_of(died_on) if month_of_death_payable == 1 else month_of(died_on) - 1


@person(source="practice month of death")
def payable_in_life(last_payable_month_index: int, month_index: int) -> int:
    """A month is payable to a person who lives, or who died no earlier than the place pays for."""
    if last_payable_month_index == NOT_APPLICABLE:
        return 1
    return 1 if month_index <= last_payable_month_index else 0


@person(source="arithmetic")
def age_months(born_on: int, month_index: int, age_counts_from_month: int) -> int:
    """Age in whole months, from the month of birth, when the place lets a birthday count."""
    return month_index - month_of(born_on) - age_counts_from_month


@person(source="arithmetic")
def age_years(age_months: int) -> int:
    """Age in whole years, as the place counts it in this month."""
    return age_months // MONTHS_A_YEAR


@person(source="practice a child is under 18")
def is_minor(age_years: int, adult_from_years: int) -> int:
    """A child is whoever has not yet come of age this month."""
    return 1 if age_years < adult_from_years else 0


@person(source="old-age-law-2018 an elder is 60 or older")
def is_elder(age_years: int, elder_from_years: int) -> int:
    """An elder is whoever has reached the age the law counts elders from."""
    return 1 if age_years >= elder_from_years else 0
