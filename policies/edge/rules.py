"""Just above dibao 低保边缘家庭: between the standard and a multiple of it, or by a list."""

from policies.arithmetic import MONTHS_A_YEAR, Table, share_of
from policies.marks import award, explanation, household, must_be


@household(source="gansu-city-opinions LE-01")
def edge_by_list(edge_takes_monitored_list: int, on_monitored_list: int) -> int:
    """The list watched against falling back decides by itself, where the place says so."""
    return on_monitored_list if edge_takes_monitored_list == 1 else 0


@must_be(at_least=1)
@household(source="edge-measures-2024 application")
def edge_asked(edge_by_list: int, asks_for_low_income: int) -> int:
    """A household is looked at that has applied, or whose list decides without it."""
    return 1 if edge_by_list == 1 else asks_for_low_income


@must_be(at_least=1)
@household(source="edge-measures-2024 not on dibao")
def edge_without_dibao(on_dibao: int) -> int:
    """A household on dibao is not just above it."""
    return 1 if on_dibao == 0 else 0


@must_be(at_least=1)
@household(source="edge-measures-2024 members living together")
def edge_members(sum_of_counts_for_dibao: int) -> int:
    """The members among whom income is shared, which leaves out whoever tekun keeps."""
    return sum_of_counts_for_dibao


@household(source="edge-measures-2024 line")
def edge_line_fen(dibao_standard_fen: int, edge_multiple_basis_points: int) -> int:
    """The line a head: the place's multiple of the dibao standard, by the month or the year."""
    return share_of(dibao_standard_fen, edge_multiple_basis_points)


@household(source="guangxi-low-income-plan EX-02")
def edge_line_a_head_fen_yearly(
    edge_line_fen: int, dibao_standard_is_yearly: Table, registration: int
) -> int:
    """The edge line a head for a whole year, whatever stretch the standard is for."""
    if dibao_standard_is_yearly[registration] == 1:
        return edge_line_fen
    return edge_line_fen * MONTHS_A_YEAR


@household(source="yan-county-edge-census LE-03 LE-04")
def edge_income_fen(
    dibao_standard_is_yearly: Table,
    registration: int,
    assessed_income_fen_yearly: int,
    assessed_income_fen_monthly: int,
) -> int:
    """The household's income over the month or the year that the standard is for."""
    if dibao_standard_is_yearly[registration] == 1:
        return assessed_income_fen_yearly
    return assessed_income_fen_monthly


@must_be(at_least=0)
@household(source="yan-county-edge-census DB-15")
def edge_over_standard_fen(
    edge_by_list: int, edge_income_fen: int, dibao_standard_fen: int, edge_members: int
) -> int:
    """How far income lies above the dibao standard; nothing is asked of whom a list took."""
    if edge_by_list == 1:
        return 0
    return edge_income_fen - dibao_standard_fen * edge_members


@must_be(at_least=0)
@household(source="edge-measures-2024 line")
def edge_under_line_fen(
    edge_by_list: int,
    edge_line_fen: int,
    edge_members: int,
    edge_income_fen: int,
    edge_includes_line: int,
) -> int:
    """How much more income the line would bear; nothing is asked of whom a list took."""
    if edge_by_list == 1:
        return 0
    if edge_includes_line == 1:
        return edge_line_fen * edge_members - edge_income_fen
    return edge_line_fen * edge_members - 1 - edge_income_fen


@must_be(at_least=1)
@household(source="edge-measures-2024 property")
def edge_property(edge_by_list: int, assessed_property_within_rules: int) -> int:
    """Property lies within the rules of dibao; nothing is asked of whom a list took."""
    return 1 if edge_by_list == 1 else assessed_property_within_rules


@award
@household(source="edge-measures-2024")
def edge_award(edge_by_list: int) -> int:
    """The status of a household just above dibao, by its income or by its list."""
    return 2 if edge_by_list == 1 else 1


@explanation
@household(source="arithmetic")
def edge_income_a_head_fen(edge_income_fen: int, edge_members: int) -> int:
    """That income shared among the members, the part of a fen left out."""
    return edge_income_fen // edge_members
