"""Education aid 教育资助: a sum by stage of school, in terms, with receivers and purses."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, Table, part_of, share_of
from policies.marks import award, explanation, must_be, part, person


@must_be(at_least=1)
@person(source="shangrao-county-plan ED-21")
def education_decided(education_by_list: int, on_education_aid: int) -> int:
    """Education aid has been decided for this pupil, or the place asks for no decision."""
    return 1 if education_by_list == 1 else on_education_aid


@must_be(at_least=1)
@person(source="guiding-education-plan ED-05")
def education_at_school(school_stage: int, studies_full_time: int) -> int:
    """Education aid is for those who attend kindergarten, school or university full-time."""
    return 0 if school_stage == NOT_APPLICABLE else studies_full_time


@must_be(at_least=1)
@person(source="guiding-education-plan ED-01")
def education_kindergarten_counts(school_stage: int, kindergarten: int) -> int:
    """A kindergarten is public, or private and approved for low fees."""
    if school_stage != 1:
        return 1
    if kindergarten == NOT_APPLICABLE:
        return 0
    return 1 if kindergarten <= 2 else 0


@person(source="guiding-education-plan ED-01")
def education_taken_beside_list(
    school_stage: int,
    education_preschool_takes_special: int,
    education_special_group: int,
    disability_certified: int,
) -> int:
    """In kindergarten a place may take martyrs' children, orphans and disabled children as well."""
    if school_stage != 1 or education_preschool_takes_special == 0:
        return 0
    return disability_certified if education_special_group == NOT_APPLICABLE else 1


@must_be(at_least=1)
@person(source="low-income-opinions-2023 education")
def education_on_list(
    education_list: int,
    on_poverty_list: int,
    in_low_income_population: int,
    education_taken_beside_list: int,
) -> int:
    """The pupil stands on the list the place goes by, or is taken beside it."""
    listed = on_poverty_list if education_list == 1 else in_low_income_population
    return 1 if listed == 1 else education_taken_beside_list


@must_be(at_least=1)
@person(source="guiding-education-plan ED-02")
def education_boards_if_needed(
    education_boarders_only: Table, school_stage: int, boards_at_school: int
) -> int:
    """Where the aid of a stage is for boarders, the pupil boards at school."""
    return boards_at_school if education_boarders_only[school_stage] == 1 else 1


@must_be(at_least=1)
@person(source="practice the school year begins in September")
def education_term(
    month_index: int, education_autumn_month: int, education_spring_month: int
) -> int:
    """Education aid falls due in one month of each term, the first of a year or the second."""
    month = month_index % MONTHS_A_YEAR + 1
    if month == education_autumn_month:
        return 1
    return 2 if month == education_spring_month else 0


@person(source="guiding-education-plan ED-06 ED-07")
def education_grant_due_fen_yearly(
    education_grant_fen_yearly: Table,
    school_stage: int,
    school_year: int,
    education_vocational_grant_years: int,
    repeats_school_year: int,
    education_repeated_year_counts: int,
) -> int:
    """The existing grant of the stage; in a vocational school for the first years only."""
    if school_stage != 5:
        return education_grant_fen_yearly[school_stage]
    if school_year > education_vocational_grant_years:
        return 0
    if repeats_school_year == 1 and education_repeated_year_counts == 0:
        return 0
    return education_grant_fen_yearly[school_stage]


@person(source="guiding-education-plan ED-06")
def education_existing_waiver_fen_yearly(
    education_existing_tuition_fen_yearly: Table, school_stage: int, fees_waived_otherwise: int
) -> int:
    """Tuition the nation waives already, unless another programme has waived it."""
    if fees_waived_otherwise == 1:
        return 0
    return education_existing_tuition_fen_yearly[school_stage]


@person(source="guiding-education-plan ED-05")
def education_new_waiver_fen_yearly(
    education_tuition_waiver_fen_yearly: Table,
    education_textbook_waiver_fen_yearly: Table,
    education_boarding_waiver_fen_yearly: Table,
    school_stage: int,
    boards_at_school: int,
    fees_waived_otherwise: int,
) -> int:
    """Fees the place waives on top: tuition, textbooks, and boarding of those who board."""
    if fees_waived_otherwise == 1:
        return 0
    taught = (
        education_tuition_waiver_fen_yearly[school_stage]
        + education_textbook_waiver_fen_yearly[school_stage]
    )
    if boards_at_school == 0:
        return taught
    return taught + education_boarding_waiver_fen_yearly[school_stage]


@person(source="guiding-education-plan ED-05")
def education_existing_fen_yearly(
    education_grant_due_fen_yearly: int, education_existing_waiver_fen_yearly: int
) -> int:
    """What the nation gives already, in cash and in fees."""
    return education_grant_due_fen_yearly + education_existing_waiver_fen_yearly


@person(source="guiding-education-plan ED-05")
def education_sum_fen_yearly(
    education_existing_fen_yearly: int,
    education_supplement_fen_yearly: Table,
    school_stage: int,
    education_new_waiver_fen_yearly: int,
) -> int:
    """The sum of a school year: what existed, the new cash, and the fees newly waived."""
    new = education_supplement_fen_yearly[school_stage] + education_new_waiver_fen_yearly
    return education_existing_fen_yearly + new


@award
@person(source="arithmetic parts of a year, the remainder in its last term")
def education_award_fen(education_sum_fen_yearly: int, education_term: int) -> int:
    """What education aid gives for this term: half the sum of the school year."""
    return part_of(education_sum_fen_yearly, 2, education_term)


@part(to="school")
@person(source="guiding-education-plan ED-05")
def education_to_school_fen(
    fees_paid_by_family: int,
    education_existing_waiver_fen_yearly: int,
    education_new_waiver_fen_yearly: int,
    education_term: int,
) -> int:
    """Waived fees go to the school, unless the family has paid them already."""
    if fees_paid_by_family == 1:
        return 0
    waived = education_existing_waiver_fen_yearly + education_new_waiver_fen_yearly
    return part_of(waived, 2, education_term)


@part(to="self")
@person(source="guiding-education-plan ED-05")
def education_to_student_fen(education_award_fen: int, education_to_school_fen: int) -> int:
    """The student gets the cash, and the fees the family has paid."""
    return education_award_fen - education_to_school_fen


@explanation
@person(source="guiding-education-plan ED-05")
def education_refund_fen(
    fees_paid_by_family: int,
    education_existing_waiver_fen_yearly: int,
    education_new_waiver_fen_yearly: int,
    education_term: int,
) -> int:
    """How much of it refunds fees the family has paid."""
    if fees_paid_by_family == 0:
        return 0
    waived = education_existing_waiver_fen_yearly + education_new_waiver_fen_yearly
    return part_of(waived, 2, education_term)


@person(source="guiding-education-plan ED-05")
def education_existing_term_fen(education_existing_fen_yearly: int, education_term: int) -> int:
    """What existed already falls on this term by half."""
    return part_of(education_existing_fen_yearly, 2, education_term)


@person(source="guiding-education-plan ED-05")
def education_new_term_fen(education_award_fen: int, education_existing_term_fen: int) -> int:
    """What is new of this term's aid, and has to be borne by somebody."""
    return education_award_fen - education_existing_term_fen


@person(source="guiding-education-plan ED-01 ED-05 ED-08")
def education_bearer(education_new_paid_by: Table, school_stage: int, school_owner: int) -> int:
    """What is new is borne by the county, by the school's own level, or by several in shares."""
    if education_new_paid_by[school_stage] == 1:
        return 4
    return 5 if education_new_paid_by[school_stage] == 2 else school_owner


@part(paid_by="nation")
@person(source="guiding-education-plan ED-05")
def education_nation_fen(
    education_existing_term_fen: int, education_bearer: int, education_new_term_fen: int
) -> int:
    """The nation bears what existed, and all of it in schools of its own."""
    if education_bearer == 1:
        return education_existing_term_fen + education_new_term_fen
    return education_existing_term_fen


@part(paid_by="province")
@person(source="guiding-education-plan ED-05 shares")
def education_province_fen(
    education_bearer: int,
    education_new_term_fen: int,
    education_remainder_level: int,
    education_province_basis_points: int,
    education_prefecture_basis_points: int,
    education_county_basis_points: int,
) -> int:
    """The province bears its share of what is new, or what the other shares leave."""
    if education_bearer == 2:
        return education_new_term_fen
    if education_bearer != 5:
        return 0
    if education_remainder_level != 1:
        return share_of(education_new_term_fen, education_province_basis_points)
    prefecture = share_of(education_new_term_fen, education_prefecture_basis_points)
    county = share_of(education_new_term_fen, education_county_basis_points)
    return education_new_term_fen - prefecture - county


@part(paid_by="prefecture")
@person(source="guiding-education-plan ED-05 shares")
def education_prefecture_fen(
    education_bearer: int,
    education_new_term_fen: int,
    education_remainder_level: int,
    education_province_basis_points: int,
    education_prefecture_basis_points: int,
    education_county_basis_points: int,
) -> int:
    """The prefecture bears its share of what is new, or what the other shares leave."""
    if education_bearer == 3:
        return education_new_term_fen
    if education_bearer != 5:
        return 0
    if education_remainder_level != 2:
        return share_of(education_new_term_fen, education_prefecture_basis_points)
    province = share_of(education_new_term_fen, education_province_basis_points)
    county = share_of(education_new_term_fen, education_county_basis_points)
    return education_new_term_fen - province - county


@part(paid_by="county")
@person(source="guiding-education-plan ED-01 ED-05 shares")
def education_county_fen(
    education_bearer: int,
    education_new_term_fen: int,
    education_remainder_level: int,
    education_province_basis_points: int,
    education_prefecture_basis_points: int,
    education_county_basis_points: int,
) -> int:
    """The county bears what is new alone, or its share of it, or what the other shares leave."""
    if education_bearer == 4:
        return education_new_term_fen
    if education_bearer != 5:
        return 0
    if education_remainder_level != 3:
        return share_of(education_new_term_fen, education_county_basis_points)
    province = share_of(education_new_term_fen, education_province_basis_points)
    prefecture = share_of(education_new_term_fen, education_prefecture_basis_points)
    return education_new_term_fen - province - prefecture
