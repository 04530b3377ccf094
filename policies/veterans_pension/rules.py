"""Pension of entitled groups 优抚对象抚恤补助: a sum a month by group, in full."""

from policies.arithmetic import Table
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="qingshen-summary VT-01")
def veterans_pension_decided(on_veterans_pension: int) -> int:
    """The pension of an entitled person was granted."""
    return on_veterans_pension


@must_be(at_least=1)
@person(source="practice month of death")
def veterans_pension_in_life(payable_in_life: int) -> int:
    """The pension is paid up to the last payable month of a life."""
    return payable_in_life


@award
@person(source="qingshen-summary VT-01")
def veterans_pension_award_fen_monthly(
    veterans_pension_fen_monthly: Table, entitled_group: int
) -> int:
    """The pension of this month: the rate of the entitled group, in full."""
    return veterans_pension_fen_monthly[entitled_group]
