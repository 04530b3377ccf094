"""Help for vagrants 流浪乞讨人员救助: days in a station for everyone who meets the conditions."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="vagrants-measures-2003 on the streets")
def vagrants_on_streets(is_on_streets: int) -> int:
    """The person lives on the streets or by begging."""
    return is_on_streets


@must_be(at_least=1)
@person(source="vagrants-measures-2003 without food and shelter")
def vagrants_without_means(finds_food_and_shelter: int) -> int:
    """The person cannot find food and shelter alone."""
    return 1 - finds_food_and_shelter


@must_be(at_least=1)
@person(source="vagrants-measures-2003 nobody to turn to")
def vagrants_without_support(has_somebody_to_turn_to: int) -> int:
    """The person has no relatives or friends to turn to."""
    return 1 - has_somebody_to_turn_to


@must_be(at_least=1)
@person(source="vagrants-measures-2003 on neither dibao nor the five guarantees")
def vagrants_not_kept(on_dibao: int, on_tekun: int) -> int:
    """The person is kept neither by dibao nor by tekun."""
    return 0 if on_dibao == 1 or on_tekun == 1 else 1


@must_be(at_least=1)
@person(source="vagrants-measures-2003 of their own will")
def vagrants_willing(asked_for_rescue: int, age_years: int, vagrants_minor_below_years: int) -> int:
    """Nobody is taken into a station unasked, but for a minor."""
    if asked_for_rescue == 1:
        return 1
    return 1 if age_years < vagrants_minor_below_years else 0


@award
@person(source="vagrants-measures-2003 as a rule no more than ten days")
def vagrants_rescue_days(
    rescue_days_needed: int, rescue_was_extended: int, vagrants_longest_days: int
) -> int:
    """The days in the station: what is needed, up to the limit unless more was approved."""
    if rescue_was_extended == 1:
        return rescue_days_needed
    return min(rescue_days_needed, vagrants_longest_days)
