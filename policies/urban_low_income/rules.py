"""Urban low income 城镇低收入家庭: within the standard a district sets for employment aid."""

from policies.arithmetic import URBAN
from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="urban-employment-plan LE-08")
def urban_low_income_asked(asks_for_low_income: int) -> int:
    """A household that has applied is looked at for urban low income."""
    return asks_for_low_income


@must_be(at_least=1)
@household(source="urban-employment-plan LE-08")
def urban_low_income_in_town(registration: int) -> int:
    """Urban low income is for households registered in town."""
    return 1 if registration == URBAN else 0


@must_be(at_least=1)
@household(source="urban-employment-plan LE-08")
def urban_low_income_members(sum_of_payable_in_life: int) -> int:
    """The living members who share the household's income."""
    return sum_of_payable_in_life


@must_be(at_least=0)
@household(source="urban-employment-plan LE-08")
def urban_low_income_room_fen(
    urban_low_income_line_fen_monthly: int,
    urban_low_income_members: int,
    assessed_income_fen_monthly: int,
) -> int:
    """How far a month's income lies within the district's standard for as many people."""
    line = urban_low_income_line_fen_monthly * urban_low_income_members
    return line - assessed_income_fen_monthly


@must_be(at_least=1)
@household(source="urban-employment-plan LE-08")
def urban_low_income_property(assessed_property_within_rules: int) -> int:
    """Property lies within the district's standard."""
    return assessed_property_within_rules


@award
@household(source="urban-employment-plan LE-08")
def urban_low_income_award(urban_low_income_property: int) -> int:
    """The status of an urban household of low income."""
    return urban_low_income_property
