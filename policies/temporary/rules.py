"""Temporary assistance 临时救助: money once, decided case by case, first and in stages."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, Table, month_of, part_of, share_of
from policies.marks import award, explanation, household, must_be, part


@must_be(at_least=1)
@household(source="temporary-aid-notice-2014 acceptance")
def temporary_accepted(temporary_case: int) -> int:
    """A case of temporary assistance has been accepted for the household."""
    return 0 if temporary_case == NOT_APPLICABLE else 1


@must_be(at_least=1)
@household(source="gansu-city-opinions TE-03")
def temporary_at_this_place(
    registered_elsewhere: int, temporary_case: int, temporary_helps_where_it_happens: int
) -> int:
    """Help is given where one is registered, or in an emergency where it happens."""
    if registered_elsewhere == 0:
        return 1
    return temporary_helps_where_it_happens if temporary_case == 1 else 0


@must_be(at_least=1)
@household(source="gansu-city-opinions TE-03")
def temporary_low_income(temporary_needs_low_income: int, low_income_members: int) -> int:
    """Where the place asks for it, somebody in the household is in the low-income population."""
    return 1 if temporary_needs_low_income == 0 else min(low_income_members, 1)


@must_be(at_least=1)
@household(source="temporary-aid-notice-2014 hardship")
def temporary_hardship(temporary_hardship_found: int) -> int:
    """The visit found the household's basic life in serious difficulty, and it still is."""
    return temporary_hardship_found


@must_be(at_least=1)
@household(source="temporary-aid-notice-2014 once a year for one cause")
def temporary_room_for_cause(
    temporary_same_cause_count: int, temporary_times_a_year: int, temporary_repeat_allowed: int
) -> int:
    """The same cause may still be helped this year, or the county has allowed it once more."""
    if temporary_repeat_allowed == 1:
        return 1
    return temporary_times_a_year - temporary_same_cause_count


@must_be(more_than=0)
@household(source="temporary-aid-notice-2014 amount")
def temporary_sum_fen(
    temporary_case: int, temporary_winter_fen: int, temporary_decided_fen: int
) -> int:
    """The whole sum of this case: what was decided, or in winter the place's own sum."""
    return temporary_winter_fen if temporary_case == 3 else temporary_decided_fen


@household(source="temporary-aid-notice-2014 ten times the standard")
def temporary_cap_fen(
    temporary_cap_standards: int,
    dibao_standard_fen: int,
    dibao_standard_is_yearly: Table,
    registration: int,
) -> int:
    """The most that is given in principle: so many times the dibao standard of a month."""
    if dibao_standard_is_yearly[registration] == 1:
        return dibao_standard_fen * temporary_cap_standards // MONTHS_A_YEAR
    return dibao_standard_fen * temporary_cap_standards


@must_be(at_least=0)
@household(source="temporary-aid-notice-2014 ten times the standard")
def temporary_under_cap_fen(
    temporary_above_cap_allowed: int, temporary_cap_fen: int, temporary_sum_fen: int
) -> int:
    """How far the sum lies under the most that is given, unless the county has allowed more."""
    return 0 if temporary_above_cap_allowed == 1 else temporary_cap_fen - temporary_sum_fen


@household(source="gansu-city-opinions TE-03")
def temporary_approval_level(temporary_sum_fen: int, temporary_township_limit_fen: int) -> int:
    """Who has to approve this sum: the township up to its limit, the county above it."""
    return 1 if temporary_sum_fen <= temporary_township_limit_fen else 2


@must_be(at_least=1)
@household(source="gansu-city-opinions TE-03")
def temporary_approved(temporary_approved_by: int, temporary_approval_level: int) -> int:
    """Whoever approved it may approve such a sum; the county always may."""
    if temporary_approved_by == NOT_APPLICABLE:
        return 0
    if temporary_approved_by == 2:
        return 1
    return 1 if temporary_approval_level == 1 else 0


@must_be(at_least=0)
@household(source="gansu-city-opinions TE-03")
def temporary_stages_after(temporary_stages_count: int, temporary_stage: int) -> int:
    """How many stages of this approval come after the one that is due."""
    return temporary_stages_count - temporary_stage


@must_be(more_than=0)
@household(source="gansu-city-opinions TE-03")
def temporary_left_fen(temporary_sum_fen: int, temporary_advanced_fen: int) -> int:
    """What is left of the whole sum, once what the township paid first has come off it."""
    return temporary_sum_fen - temporary_advanced_fen


@award
@household(source="gansu-city-opinions TE-03")
def temporary_award_fen(
    temporary_left_fen: int, temporary_stages_count: int, temporary_stage: int
) -> int:
    """What temporary assistance pays now: the part of what is left that falls on this stage."""
    return part_of(temporary_left_fen, temporary_stages_count, temporary_stage)


@part(paid_by="reserve")
@household(source="gansu-city-opinions TE-03")
def temporary_advance_fen(
    temporary_case: int,
    temporary_advances_made: int,
    temporary_advance_asked_fen: int,
    temporary_advance_limit_fen: int,
    temporary_reserve_fen: int,
    temporary_award_fen: int,
) -> int:
    """What the township may advance from its reserve, once in an emergency, of what is left."""
    if temporary_case != 1 or temporary_advances_made > 0:
        return 0
    if temporary_advance_asked_fen == 0:
        return 0
    allowed = min(temporary_advance_asked_fen, temporary_advance_limit_fen)
    return min(allowed, temporary_reserve_fen, temporary_award_fen)


@part(paid_by="county")
@household(source="xx-county-support-plan TE-05")
def temporary_from_county_fen(
    temporary_award_fen: int, temporary_advance_fen: int, temporary_matching_basis_points: int
) -> int:
    """What the county's matching funds pay of the rest."""
    return share_of(temporary_award_fen - temporary_advance_fen, temporary_matching_basis_points)


@part(paid_by="hardship-fund")
@household(source="temporary-aid-notice-2014 funds")
def temporary_from_fund_fen(
    temporary_award_fen: int, temporary_advance_fen: int, temporary_from_county_fen: int
) -> int:
    """What then remains for the hardship fund."""
    return temporary_award_fen - temporary_advance_fen - temporary_from_county_fen


@explanation
@household(source="gansu-city-opinions TE-03")
def temporary_papers(
    temporary_advance_fen: int,
    temporary_papers_filed: int,
    temporary_papers_due_on: int,
    month_index: int,
) -> int:
    """Where the papers of an advance stand."""
    if temporary_advance_fen == 0:
        return 1
    if temporary_papers_filed == 1:
        return 3
    if temporary_papers_due_on == NOT_APPLICABLE:
        return 2
    return 4 if month_index > month_of(temporary_papers_due_on) else 2


@explanation
@household(source="gansu-city-opinions TE-03")
def temporary_reserve_after_fen(
    temporary_reserve_fen: int, temporary_advance_fen: int, temporary_papers: int
) -> int:
    """What stands in the reserve afterwards; papers that are filed fill it again."""
    if temporary_papers == 3:
        return temporary_reserve_fen
    return temporary_reserve_fen - temporary_advance_fen


@explanation
@household(source="gansu-city-opinions TE-03")
def temporary_left_for_stages_fen(
    temporary_left_fen: int, temporary_stages_count: int, temporary_stage: int
) -> int:
    """What is left of the sum for the stages to come, and goes back if they are not paid."""
    even = temporary_left_fen // temporary_stages_count
    if temporary_stage == temporary_stages_count:
        return 0
    return temporary_left_fen - even * temporary_stage
