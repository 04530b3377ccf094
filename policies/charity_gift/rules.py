"""Charity gift 慈善捐赠定向资助: handed on as the donor wished, while some of it is left."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="guiding-education-plan CH-09")
def charity_gift_decided(on_charity_gift: int) -> int:
    """A part of a gift was allotted to this person."""
    return on_charity_gift


@must_be(at_least=1)
@person(source="guiding-education-plan CH-09")
def charity_gift_need(on_poverty_list: int, in_low_income_population: int) -> int:
    """Gifts go to the low-income population and to the register of the poor."""
    return 1 if on_poverty_list == 1 else in_low_income_population


@must_be(at_least=1)
@person(source="guiding-education-plan CH-09")
def charity_gift_as_wished(charity_wish: int, charity_circle: int) -> int:
    """The person belongs to the circle the donor named, or the donor named none."""
    if charity_wish == 1:
        return 1
    if charity_circle == NOT_APPLICABLE:
        return 0
    return 1 if charity_circle == charity_wish else 0


@must_be(at_least=0)
@person(source="practice a gift is handed on while something is left of it")
def charity_left_after_fen(charity_left_fen: int, charity_gift_fen: int) -> int:
    """What is left of the gift after this person's part; it is never below zero."""
    return charity_left_fen - charity_gift_fen


@award
@person(source="guiding-education-plan CH-09")
def charity_gift_award_fen(charity_gift_fen: int) -> int:
    """The part of the gift that goes to this person."""
    return charity_gift_fen
