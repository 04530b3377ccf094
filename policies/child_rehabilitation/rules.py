"""Rehabilitation of disabled children 残疾儿童康复救助: a fixed sum, once, under a quota."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, Table
from policies.marks import award, explanation, must_be, person


@must_be(at_least=1)
@person(source="district-plan-2016 DA-06 DA-07")
def child_rehabilitation_needed(rehabilitation_need: int) -> int:
    """A need for rehabilitation has been assessed."""
    return 0 if rehabilitation_need == NOT_APPLICABLE else 1


@person(source="district-plan-2016 DA-06 DA-07")
def rehabilitation_list(rehabilitation_need: int) -> int:
    """The list a child stands on: cerebral palsy has one of its own."""
    return 1 if rehabilitation_need == 1 else 2


@must_be(more_than=0)
@person(source="district-plan-2016 DA-07")
def child_rehabilitation_months_left(
    age_months: int, child_rehabilitation_until_years: Table, rehabilitation_list: int
) -> int:
    """How many months are left until the child is too old for this list."""
    return child_rehabilitation_until_years[rehabilitation_list] * MONTHS_A_YEAR - age_months


@must_be(at_least=1)
@person(source="district-plan-2016 DA-06 DA-07")
def child_rehabilitation_not_had(had_rehabilitation_money: int) -> int:
    """Rehabilitation money is given once, and this child has not had it yet."""
    return 1 - had_rehabilitation_money


@must_be(at_least=0)
@person(source="district-plan-2016 DA-06 DA-07")
def child_rehabilitation_places_before_last(
    child_rehabilitation_quota_count: Table,
    rehabilitation_list: int,
    rehabilitation_position: int,
) -> int:
    """How many places of the quota come after the child's own."""
    return child_rehabilitation_quota_count[rehabilitation_list] - rehabilitation_position


@award
@person(source="district-plan-2016 DA-06 DA-07")
def child_rehabilitation_award_fen(
    disability_child_rehabilitation_fen: Table, rehabilitation_list: int
) -> int:
    """What is paid toward the child's rehabilitation, once: the sum of the list."""
    return disability_child_rehabilitation_fen[rehabilitation_list]


@explanation
@person(source="arithmetic")
def child_rehabilitation_budget_fen(
    disability_child_rehabilitation_fen: Table,
    child_rehabilitation_quota_count: Table,
    rehabilitation_list: int,
) -> int:
    """What the whole quota of the child's list costs: so many places at so much each."""
    places = child_rehabilitation_quota_count[rehabilitation_list]
    return disability_child_rehabilitation_fen[rehabilitation_list] * places
