"""Pension premium 代缴养老保险费: a sum a year, paid to the insurance on someone's behalf."""

from policies.arithmetic import MONTHS_A_YEAR, NOT_APPLICABLE, Table
from policies.marks import award, explanation, must_be, person


@person(source="xx-county-support-plan IN-05")
def premium_pension_group(
    severely_disabled: int,
    in_two_daughter_couple: int,
    on_dibao: int,
    on_tekun: int,
    on_poverty_list: int,
) -> int:
    """The first group a person belongs to, of those whose pension premium may be paid."""
    if severely_disabled == 1:
        return 1
    if in_two_daughter_couple == 1:
        return 2
    if on_dibao == 1 or on_tekun == 1 or on_poverty_list == 1:
        return 3
    return NOT_APPLICABLE


@must_be(at_least=1)
@person(source="xx-county-support-plan IN-05")
def premium_pension_group_covered(premium_pension_group: int, premium_pension_covers: Table) -> int:
    """The place pays the pension premium of the person's group."""
    if premium_pension_group == NOT_APPLICABLE:
        return 0
    return premium_pension_covers[premium_pension_group]


@must_be(at_least=0)
@person(source="town-double-arrival-plan IN-07")
def premium_pension_reached_months(age_months: int, premium_pension_first_years: int) -> int:
    """How many months ago the person reached the age from which pension premiums are paid."""
    return age_months - premium_pension_first_years * MONTHS_A_YEAR


@must_be(at_least=1)
@person(source="practice month of death")
def premium_pension_in_life(payable_in_life: int) -> int:
    """A pension premium is paid up to the last payable month of a life."""
    return payable_in_life


@must_be(at_least=1)
@person(source="district-plan-2016 IN-01")
def premium_pension_enrolled(pension_enrolment: int) -> int:
    """Enrolment in the resident pension comes first, the payment on behalf second."""
    return 0 if pension_enrolment == NOT_APPLICABLE else 1


@must_be(at_least=1)
@person(source="district-plan-2016 IN-01")
def premium_pension_newly_enrolled(premium_pension_new_only: int, pension_enrolment: int) -> int:
    """Where a place pays for the newly insured only, the government has enrolled the person."""
    if premium_pension_new_only == 0:
        return 1
    return 1 if pension_enrolment == 2 else 0


@must_be(at_least=1)
@person(source="practice premiums paid on behalf")
def premium_pension_stands(pension_enrolment_cancelled: int) -> int:
    """Nothing is paid toward a pension enrolment that was cancelled."""
    return 0 if pension_enrolment_cancelled == 1 else 1


@must_be(more_than=0)
@person(source="district-plan-2016 IN-01")
def premium_pension_due_fen(premium_pension_fen_yearly: int, pension_premium_paid_fen: int) -> int:
    """The pension premium of the year, less what was paid on behalf for it already."""
    return max(premium_pension_fen_yearly - pension_premium_paid_fen, 0)


@award
@person(source="district-plan-2016 IN-01")
def premium_pension_award_fen(premium_pension_due_fen: int) -> int:
    """What is paid to the insurance as this person's pension premium."""
    return premium_pension_due_fen


@explanation
@person(source="practice premiums paid on behalf")
def premium_pension_to_return_fen(
    pension_enrolment_cancelled: int, pension_premium_paid_fen: int
) -> int:
    """What the pension insurer gives back to the payer after a cancellation."""
    return pension_premium_paid_fen if pension_enrolment_cancelled == 1 else 0
