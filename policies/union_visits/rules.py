"""The union's three visits 工会“三必访”: in hospital, in a dispute, for a wedding or a funeral."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="forestry-union-summary SV-08")
def union_visit_member(is_union_member: int) -> int:
    """The union visits its own members."""
    return is_union_member


@must_be(at_least=1)
@person(source="forestry-union-summary SV-08")
def union_visit_occasion(union_occasion: int) -> int:
    """There is an occasion for a visit: hospital, a family dispute, a wedding or a funeral."""
    return 0 if union_occasion == NOT_APPLICABLE else 1


@award
@person(source="forestry-union-summary SV-08")
def union_visits_due(union_visit_occasion: int) -> int:
    """One visit of the union for this occasion."""
    return union_visit_occasion
