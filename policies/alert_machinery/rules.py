"""Farm machinery 农机超出规定: a household found by means with more than is allowed."""

from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@household(source="township-cleanup-plan public payroll, machinery and subsidies")
def alert_machinery_watched(household_found_by_means: int) -> int:
    """The warning of large machines is about a household that was found by means."""
    return household_found_by_means


@person(source="township-cleanup-plan public payroll, machinery and subsidies")
def machinery_named_fen(listed_machinery_fen: int) -> int:
    """What the list names of large machines for one member."""
    return listed_machinery_fen


@household(source="township-cleanup-plan public payroll, machinery and subsidies")
def machinery_together_fen(sum_of_machinery_named_fen: int) -> int:
    """What the list names of large machines for all members together."""
    return sum_of_machinery_named_fen


@must_be(at_least=1)
@household(source="township-cleanup-plan public payroll, machinery and subsidies")
def alert_machinery_above_fen(machinery_together_fen: int, means_machinery_limit_fen: int) -> int:
    """By how much the large machines on the list go beyond what the place allows."""
    if machinery_together_fen <= 0:
        return 0
    return max(machinery_together_fen - means_machinery_limit_fen, 0)


@award
@household(source="township-cleanup-plan public payroll, machinery and subsidies")
def alert_machinery_raised(alert_machinery_above_fen: int) -> int:
    """Somebody has to look at the large machines of this household."""
    return 1 if alert_machinery_above_fen > 0 else 0
