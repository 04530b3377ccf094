"""Other hardship 其他困难人员: who stands in no group and has a reason to be watched."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="practice month of death")
def other_hardship_in_life(payable_in_life: int) -> int:
    """The living are watched for other hardship."""
    return payable_in_life


@must_be(at_least=1)
@person(source="low-income-opinions-2023 six groups")
def other_hardship_in_no_group(
    on_dibao: int, on_tekun: int, on_edge: int, on_rigid_spending: int, on_monitored_list: int
) -> int:
    """Whoever stands in one of the other groups is watched there."""
    if on_dibao == 1 or on_tekun == 1 or on_edge == 1:
        return 0
    return 0 if on_rigid_spending == 1 or on_monitored_list == 1 else 1


@must_be(at_least=1)
@person(source="gansu-city-opinions LE-06")
def other_hardship_reason(
    registered_unemployed: int,
    disability_certified: int,
    entered_university: int,
    in_similar_hardship: int,
    illness_self_paid_fen_yearly: int,
    other_hardship_illness_fen_yearly: int,
) -> int:
    """Why the person is watched: the first reason that holds."""
    if registered_unemployed == 1:
        return 1
    if disability_certified == 1:
        return 2
    if entered_university == 1:
        return 3
    if in_similar_hardship == 1:
        return 4
    if illness_self_paid_fen_yearly == 0:
        return 0
    return 5 if illness_self_paid_fen_yearly >= other_hardship_illness_fen_yearly else 0


@award
@person(source="gansu-city-opinions LE-06")
def other_hardship_award(other_hardship_reason: int) -> int:
    """The status of a person in other hardship, with its reason."""
    return other_hardship_reason
