"""Classed extra 分类施保: a share of the standard on top, for members whom life costs more."""

from policies.arithmetic import share_of
from policies.marks import person


@person(source="practice classed extra")
def dibao_extra_elder_share_basis_points(
    age_years: int, dibao_extra_elder_years: int, dibao_extra_elder_basis_points: int
) -> int:
    """The share of the standard a member of great age gets on top."""
    return dibao_extra_elder_basis_points if age_years >= dibao_extra_elder_years else 0


@person(source="practice classed extra")
def dibao_extra_minor_share_basis_points(
    age_years: int, dibao_extra_minor_years: int, dibao_extra_minor_basis_points: int
) -> int:
    """The share of the standard a minor gets on top."""
    return dibao_extra_minor_basis_points if age_years < dibao_extra_minor_years else 0


@person(source="practice classed extra")
def dibao_extra_disabled_share_basis_points(
    dibao_severely_disabled: int, dibao_extra_disabled_basis_points: int
) -> int:
    """The share of the standard a severely disabled member gets on top."""
    return dibao_extra_disabled_basis_points if dibao_severely_disabled == 1 else 0


@person(source="practice classed extra")
def dibao_extra_ill_share_basis_points(
    seriously_ill: int, dibao_extra_ill_basis_points: int
) -> int:
    """The share of the standard a seriously ill member gets on top."""
    return dibao_extra_ill_basis_points if seriously_ill == 1 else 0


@person(source="practice classed extra")
def dibao_extra_share_basis_points(
    dibao_extra_adds_up: int,
    dibao_extra_elder_share_basis_points: int,
    dibao_extra_minor_share_basis_points: int,
    dibao_extra_disabled_share_basis_points: int,
    dibao_extra_ill_share_basis_points: int,
) -> int:
    """The shares of a member with several traits added up, or the highest of them alone."""
    if dibao_extra_adds_up == 1:
        age = dibao_extra_elder_share_basis_points + dibao_extra_minor_share_basis_points
        return age + dibao_extra_disabled_share_basis_points + dibao_extra_ill_share_basis_points
    return max(
        dibao_extra_elder_share_basis_points,
        dibao_extra_minor_share_basis_points,
        dibao_extra_disabled_share_basis_points,
        dibao_extra_ill_share_basis_points,
    )


@person(source="practice classed extra")
def dibao_extra_fen(
    dibao_pays_extra: int,
    counts_for_dibao: int,
    dibao_standard_fen: int,
    dibao_extra_share_basis_points: int,
) -> int:
    """What a member who counts gets on top, over the standard's month or year."""
    if dibao_pays_extra == 0 or counts_for_dibao == 0:
        return 0
    return share_of(dibao_standard_fen, dibao_extra_share_basis_points)
