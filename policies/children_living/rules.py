"""Basic living of orphans and children whom nobody supports 孤儿和事实无人抚养儿童基本生活费."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, Table, month_of, round_up
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="orphan-opinions-2010 decision")
def children_living_decided(on_children_living: int) -> int:
    """The county has confirmed this child for basic living."""
    return on_children_living


@must_be(at_least=1)
@person(source="orphan-opinions-2010 end")
def children_living_in_life(payable_in_life: int) -> int:
    """Basic living of a child is paid up to the last payable month of a life."""
    return payable_in_life


@must_be(at_least=0)
@person(source="unsupported-children-opinions-2019 from the month after")
def children_living_begun_months(
    month_index: int, children_living_confirmed_on: int, children_living_starts_after_months: int
) -> int:
    """How many months ago basic living began: with the month after the decision."""
    return (
        month_index - month_of(children_living_confirmed_on) - children_living_starts_after_months
    )


@must_be(at_least=0)
@person(source="unsupported-children-opinions-2019 end")
def children_living_months_to_age(age_months: int, adult_from_years: int) -> int:
    """How many months are left to the one the child comes of age in, which is the last."""
    return adult_from_years * MONTHS_A_YEAR - age_months


@must_be(at_least=1)
@person(source="tekun-identification-2021 one or the other")
def children_living_without_tekun(on_tekun: int) -> int:
    """Basic living of a child is not paid beside tekun."""
    return 1 - on_tekun


@person(source="orphan-opinions-2010 classes")
def children_living_class(child_ground: int, care_mode: int) -> int:
    """The class of the child: an orphan in a home, an orphan in a family, or unsupported."""
    if child_ground == NOT_APPLICABLE:
        return NOT_APPLICABLE
    if child_ground == 2:
        return 3
    return 1 if care_mode == 2 else 2


@person(source="unsupported-children-opinions-2019 top-up on dibao")
def children_living_dibao_share_fen_monthly(
    on_dibao: int,
    dibao_gap_fen: int,
    dibao_month_fen: int,
    dibao_rounds_up_to_fen: int,
    dibao_members: int,
) -> int:
    """The child's share of this month's dibao, the part of a fen left out."""
    if on_dibao == 0 or dibao_members == 0:
        return 0
    if dibao_gap_fen <= 0:
        return 0
    return round_up(dibao_month_fen, dibao_rounds_up_to_fen) // dibao_members


@award
@person(source="unsupported-children-opinions-2019 top-up on dibao")
def children_living_award_fen_monthly(
    children_living_fen_monthly: Table,
    children_living_class: int,
    children_living_dibao_share_fen_monthly: int,
) -> int:
    """What the child draws this month: the sum of its class, less its share of dibao."""
    standard = children_living_fen_monthly[children_living_class]
    return max(standard - children_living_dibao_share_fen_monthly, 0)
