"""Concession to elders at sights 老年人景区门票优惠: a share of the price, by age."""

from policies.arithmetic import MONTHS_A_YEAR, WHOLE
from policies.marks import award, explanation, must_be, person


@must_be(at_least=0)
@person(source="qingshen-summary OA-06")
def elder_sights_reached_months(age_months: int, elder_sights_part_from_years: int) -> int:
    """How many months ago the elder reached the age sights cost less from."""
    return age_months - elder_sights_part_from_years * MONTHS_A_YEAR


@award
@person(source="qingshen-summary OA-06")
def elder_sights_off_basis_points(
    age_years: int, elder_sights_free_from_years: int, elder_sights_part_off_basis_points: int
) -> int:
    """What is let off the price at the county's sights: all of it from the higher age."""
    if age_years >= elder_sights_free_from_years:
        return WHOLE
    return elder_sights_part_off_basis_points


@explanation
@person(source="qingshen-summary OA-05")
def elder_card_costs_fen(elder_card_fee_fen: int) -> int:
    """What the card that proves the age costs the elder."""
    return elder_card_fee_fen
