"""Tekun 特困人员救助供养: basic living by mode of care, and care by self-care class."""

from policies.arithmetic import MONTHS_A_YEAR, URBAN, Table, round_up, share_of
from policies.marks import award, explanation, must_be, part, person


@must_be(at_least=1)
@person(source="tekun-opinions-2016 decision")
def tekun_decided(on_tekun: int) -> int:
    """The county has confirmed this person for tekun support."""
    return on_tekun


@must_be(at_least=1)
@person(source="tekun-opinions-2016 end")
def tekun_in_life(payable_in_life: int) -> int:
    """Tekun support is paid up to the last payable month of a life."""
    return payable_in_life


@person(source="tekun-opinions-2016 basic living")
def tekun_basic_fen_monthly(
    registration: int,
    care_mode: int,
    tekun_urban_basic_fen_monthly: Table,
    tekun_rural_basic_fen_monthly: Table,
) -> int:
    """Basic living, for this mode of care, at the rate of town or country."""
    if registration == URBAN:
        return tekun_urban_basic_fen_monthly[care_mode]
    return tekun_rural_basic_fen_monthly[care_mode]


@person(source="tekun-opinions-2016 care")
def tekun_care_fen_monthly(
    tekun_pays_care: int, tekun_care_by_self_care_fen_monthly: Table, self_care: int
) -> int:
    """Care, for this ability to care for oneself, where the place pays it."""
    if tekun_pays_care == 0:
        return 0
    return tekun_care_by_self_care_fen_monthly[self_care]


@award
@person(source="tekun-opinions-2016")
def tekun_award_fen_monthly(tekun_basic_fen_monthly: int, tekun_care_fen_monthly: int) -> int:
    """What tekun pays this month: basic living and care."""
    return tekun_basic_fen_monthly + tekun_care_fen_monthly


@person(source="practice pocket money")
def tekun_pocket_money_due_fen_monthly(
    tekun_pays_pocket_money: int, care_mode: int, tekun_pocket_money_fen_monthly: int
) -> int:
    """Pocket money, for someone kept in a home, where the place sets it aside."""
    if tekun_pays_pocket_money == 0:
        return 0
    return tekun_pocket_money_fen_monthly if care_mode == 2 else 0


@part(to="institution")
@person(source="tekun-opinions-2016 centralised care")
def tekun_to_the_home_fen_monthly(
    tekun_award_fen_monthly: int, tekun_pocket_money_due_fen_monthly: int, care_mode: int
) -> int:
    """The share of the home: all but the pocket money, of someone who lives there."""
    if care_mode == 2:
        return tekun_award_fen_monthly - tekun_pocket_money_due_fen_monthly
    return 0


@part(to="self")
@person(source="tekun-opinions-2016 centralised care")
def tekun_to_the_person_fen_monthly(
    tekun_award_fen_monthly: int, tekun_to_the_home_fen_monthly: int
) -> int:
    """The share in the person's own hands: what does not go to a home."""
    return tekun_award_fen_monthly - tekun_to_the_home_fen_monthly


@person(source="practice tekun basic living is at least 1.3 times dibao")
def tekun_least_basic_fen_monthly(
    dibao_standard_fen: int,
    dibao_standard_is_yearly: Table,
    registration: int,
    tekun_to_dibao_basis_points: int,
) -> int:
    """The least basic living should be: a multiple of the dibao standard, in whole yuan upward."""
    least = share_of(dibao_standard_fen, tekun_to_dibao_basis_points)
    if dibao_standard_is_yearly[registration] == 1:
        return round_up(least, 100 * MONTHS_A_YEAR) // MONTHS_A_YEAR
    return round_up(least, 100)


@explanation
@person(source="practice tekun basic living is at least 1.3 times dibao")
def tekun_basic_above_least_fen_monthly(
    tekun_basic_fen_monthly: int, tekun_least_basic_fen_monthly: int
) -> int:
    """How far basic living lies above the least it should be; below zero the rate is too low."""
    return tekun_basic_fen_monthly - tekun_least_basic_fen_monthly


@person(source="tekun-identification-2021 six signs of self-care")
def self_care_signs_failed(
    eats_alone: int,
    dresses_alone: int,
    leaves_bed_alone: int,
    uses_toilet_alone: int,
    walks_indoors_alone: int,
    bathes_alone: int,
) -> int:
    """How many of the six signs of self-care a person fails."""
    managed = eats_alone + dresses_alone + leaves_bed_alone
    return 6 - managed - uses_toilet_alone - walks_indoors_alone - bathes_alone


@explanation
@person(source="tekun-identification-2021 six signs of self-care")
def self_care_by_signs(self_care_signs_failed: int) -> int:
    """The class of self-care the six signs give: none failed, up to three, or four and more."""
    if self_care_signs_failed == 0:
        return 1
    return 2 if self_care_signs_failed <= 3 else 3


@person(source="tekun-identification-2021 six signs of self-care")
def cannot_care_for_self(self_care: int) -> int:
    """A person was assessed as partly or not at all able to care for themselves."""
    return 1 if self_care == 2 or self_care == 3 else 0
