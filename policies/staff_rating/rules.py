"""Rating of helpers 帮扶人员评先资格: who can be called advanced, and who goes on helping."""

from policies.marks import award, explanation, must_be, person


@must_be(at_least=1)
@person(source="forestry-union-summary RW-03")
def staff_rating_helper(is_helper: int) -> int:
    """The person helps a household."""
    return is_helper


@must_be(more_than=0)
@person(source="forestry-union-summary RW-03")
def staff_rating_left_months(
    staff_without_effect_months: int, helper_without_effect_months: int
) -> int:
    """How many months are left before help without effect costs the rating."""
    return staff_without_effect_months - helper_without_effect_months


@award
@person(source="forestry-union-summary RW-03")
def staff_rating_open(staff_rating_helper: int) -> int:
    """The helper can be called advanced."""
    return staff_rating_helper


@explanation
@person(source="forestry-union-summary RW-03")
def staff_goes_on_helping(is_helper: int) -> int:
    """A helper goes on helping until it has effect, rated or not."""
    return is_helper
