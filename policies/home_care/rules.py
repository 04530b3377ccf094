"""Care of elders at home 居家养老服务: for the disabled, the very old, and those who live alone."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="practice month of death")
def home_care_in_life(payable_in_life: int) -> int:
    """Care at home ends with death."""
    return payable_in_life


@must_be(at_least=1)
@person(source="qingshen-summary OA-09")
def home_care_elder(is_elder: int) -> int:
    """Care at home is for elders."""
    return is_elder


@person(source="qingshen-summary OA-09 SV-05")
def home_care_ground(
    age_years: int,
    home_care_very_old_from_years: int,
    lives_alone: int,
    disability_certified: int,
    cannot_care_for_self: int,
) -> int:
    """Why an elder has care at home: being very old, living alone, or being disabled."""
    if age_years >= home_care_very_old_from_years:
        return 1
    if lives_alone == 1:
        return 2
    return 3 if disability_certified == 1 or cannot_care_for_self == 1 else 0


@must_be(at_least=1)
@person(source="qingshen-summary OA-09")
def home_care_needed(home_care_ground: int) -> int:
    """Care at home is for an elder on one of the three grounds."""
    return 0 if home_care_ground == 0 else 1


@award
@person(source="qingshen-summary SV-05")
def home_care_given(home_care_needed: int) -> int:
    """The elder is on the list of those cared for at home, round the clock."""
    return home_care_needed
