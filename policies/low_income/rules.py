"""Low-income population 低收入人口: the six groups, for whoever asks who is in them."""

from policies.marks import person


@person(source="low-income-opinions-2023 six groups")
def in_low_income_population(
    on_dibao: int,
    on_tekun: int,
    on_edge: int,
    on_rigid_spending: int,
    on_monitored_list: int,
    in_other_hardship: int,
) -> int:
    """A person is low-income whose household, or who alone, stands in any of the six groups."""
    if on_dibao == 1 or on_tekun == 1 or on_edge == 1:
        return 1
    return max(on_rigid_spending, on_monitored_list, in_other_hardship)
