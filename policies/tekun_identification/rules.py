"""Who is found to be extremely poor 特困人员认定: three conditions, all of them."""

from policies.arithmetic import INTELLECTUAL, MENTAL, NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="practice month of death")
def tekun_identification_in_life(payable_in_life: int) -> int:
    """Only the living are found to be extremely poor."""
    return payable_in_life


@person(source="tekun-identification-2021 grades that cannot work")
def disabled_beyond_work(disability_grade: int, disability_kind: int) -> int:
    """A disability of a kind and grade with which one counts as unable to work."""
    if disability_grade == NOT_APPLICABLE:
        return 0
    if disability_kind == INTELLECTUAL or disability_kind == MENTAL:
        return 1 if disability_grade <= 3 else 0
    if disability_kind == 4:
        return 1 if disability_grade <= 2 else 0
    return 1 if disability_kind == 1 and disability_grade == 1 else 0


@person(source="tekun-identification-2021 until 18, or while at school")
def at_school_below_university(school_stage: int) -> int:
    """A person is at school, from primary up to senior high or vocational school."""
    return 1 if school_stage >= 2 and school_stage <= 5 else 0


@person(source="tekun-identification-2021 until 18, or while at school")
def stays_on_tekun_as_child(
    on_tekun: int, is_minor: int, is_elder: int, at_school_below_university: int
) -> int:
    """Whoever is on tekun stays until of age, and after that while at school."""
    if on_tekun == 0 or is_elder == 1:
        return 0
    return max(is_minor, at_school_below_university)


@must_be(at_least=1)
@person(source="gansu-city-opinions TK-10")
def tekun_cannot_work(
    is_elder: int,
    age_years: int,
    tekun_child_until_years: int,
    disabled_beyond_work: int,
    stays_on_tekun_as_child: int,
) -> int:
    """The person cannot work: an elder, a child, or disabled beyond work."""
    if is_elder == 1 or age_years < tekun_child_until_years:
        return 1
    return max(disabled_beyond_work, stays_on_tekun_as_child)


@must_be(at_least=1)
@person(source="gansu-city-opinions TK-10")
def tekun_without_income(has_income_source: int) -> int:
    """The person has no source of income."""
    return 1 - has_income_source


@must_be(at_least=1)
@person(source="gansu-city-opinions TK-10")
def tekun_without_supporter(supporter: int) -> int:
    """Nobody is bound and able to support the person."""
    return 0 if supporter == 1 else 1


@award
@person(source="gansu-city-opinions TK-10")
def tekun_found(tekun_without_supporter: int) -> int:
    """The person meets the three conditions of tekun."""
    return tekun_without_supporter
