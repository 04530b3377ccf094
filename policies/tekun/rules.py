"""Tekun 特困人员救助供养: basic living by mode of care, and care by self-care class."""

from policies.arithmetic import URBAN, Table
from policies.marks import award, must_be, person


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
