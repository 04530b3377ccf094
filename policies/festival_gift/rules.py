"""Festival gift 春节慰问金: a sum a head over a frozen list, once a year."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, Table
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="practice festival gifts")
def festival_gift_listed(festival_list_group: int) -> int:
    """The person stood on the list for the festival gift when it was frozen."""
    return 0 if festival_list_group == NOT_APPLICABLE else 1


@must_be(at_least=1)
@person(source="practice festival gifts")
def festival_gift_living(died_on: int, festival_list_frozen_on: int) -> int:
    """The person lived on the day the list for the festival gift was frozen."""
    if died_on == NOT_APPLICABLE:
        return 1
    return 1 if died_on >= festival_list_frozen_on else 0


@must_be(at_least=1)
@person(source="practice festival gifts")
def festival_gift_in_its_month(month_index: int, festival_gift_month: int) -> int:
    """The festival gift is given in one month of the year, which the place names."""
    return 1 if month_index % MONTHS_A_YEAR + 1 == festival_gift_month else 0


@award
@person(source="practice festival gifts")
def festival_gift_award_fen(festival_gift_fen: Table, festival_list_group: int) -> int:
    """What the festival gift is for the one group the person stands in."""
    return festival_gift_fen[festival_list_group]
