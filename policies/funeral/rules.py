"""Funeral fees waived 殡葬费减免: once for a body, paid to the provider."""

from policies.arithmetic import NOT_APPLICABLE, month_of
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="qingshen-next-year FU-02")
def funeral_death_recorded(died_on: int, month_index: int) -> int:
    """A waiver of funeral fees needs the record of a death, no later than this month."""
    if died_on == NOT_APPLICABLE:
        return 0
    return 1 if month_of(died_on) <= month_index else 0


@must_be(at_least=1)
@person(source="qingshen-next-year FU-02")
def funeral_for_whom(
    funeral_for_all: int, on_poverty_list: int, in_low_income_population: int
) -> int:
    """Funeral fees are waived for people in need, in some places for everybody."""
    if funeral_for_all == 1 or on_poverty_list == 1:
        return 1
    return in_low_income_population


@must_be(at_least=1)
@person(source="qingshen-next-year FU-02")
def funeral_not_yet_waived(funeral_waived: int) -> int:
    """Funeral fees are waived once for a body."""
    return 0 if funeral_waived == 1 else 1


@award
@person(source="qingshen-summary FU-01")
def funeral_award_fen(
    funeral_waives: int, funeral_basic_fees_fen: int, funeral_waiver_fen: int
) -> int:
    """What is waived of the funeral fees: the basic fees in full, or a flat sum a body."""
    return funeral_basic_fees_fen if funeral_waives == 1 else funeral_waiver_fen
