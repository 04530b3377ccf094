"""Conscripts' families 义务兵家庭优待: a sum a year, at one rate for town and country."""

from policies.marks import award, household, must_be


@must_be(at_least=1)
@household(source="qingshen-summary VT-05")
def conscript_family_decided(on_conscript_family: int) -> int:
    """The money for conscripts' families was granted to this family."""
    return on_conscript_family


@must_be(at_least=1)
@household(source="qingshen-summary VT-05")
def conscript_family_serving(conscripts_serving: int) -> int:
    """How many conscripts of the family are serving."""
    return conscripts_serving


@award
@household(source="qingshen-summary VT-05")
def conscript_family_award_fen(
    conscript_family_fen_yearly: int, conscript_family_serving: int
) -> int:
    """The year's money of the family: one rate for each conscript, in town and country."""
    return conscript_family_fen_yearly * conscript_family_serving
