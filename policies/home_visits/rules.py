"""Visits, care and a clean home 低收入人口探访照护: for those who cannot care for themselves."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="gansu-city-opinions SV-02")
def home_visits_low_income(in_low_income_population: int, payable_in_life: int) -> int:
    """Visits at home are for living people of the low-income population."""
    return min(in_low_income_population, payable_in_life)


@must_be(at_least=1)
@person(source="gansu-city-opinions SV-02")
def home_visits_group(is_elder: int, is_minor: int, disability_certified: int) -> int:
    """Visits at home are for elders, children and disabled people."""
    return max(is_elder, is_minor, disability_certified)


@must_be(at_least=1)
@person(source="gansu-city-opinions SV-02")
def home_visits_needed(cannot_care_for_self: int) -> int:
    """Visits at home are for those who were assessed as unable to care fully for themselves."""
    return cannot_care_for_self


@must_be(at_least=1)
@person(source="gansu-city-opinions SV-02")
def home_visits_not_in_a_home(care_mode: int) -> int:
    """Whom a home looks after is not visited at home."""
    return 0 if care_mode == 2 else 1


@award
@person(source="gansu-city-opinions SV-02")
def home_visits_given(home_visits_needed: int) -> int:
    """The person is on the list of those visited, cared for and kept clean."""
    return home_visits_needed
