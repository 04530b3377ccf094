"""Medical premium 代缴医保费: the own contribution, paid to the insurer for one year."""

from policies.arithmetic import NOT_APPLICABLE, URBAN, Table, share_of
from policies.marks import award, explanation, must_be, part, person


@person(source="xx-county-support-plan MA-05 IN-04")
def premium_medical_group(
    on_tekun: int,
    on_dibao: int,
    entitled_group: int,
    in_two_daughter_couple: int,
    in_low_income_population: int,
) -> int:
    """The first group a person belongs to, of those whose medical premium may be paid."""
    if on_tekun == 1:
        return 1
    if on_dibao == 1:
        return 2
    if entitled_group != NOT_APPLICABLE:
        return 3
    if in_two_daughter_couple == 1:
        return 4
    return 5 if in_low_income_population == 1 else NOT_APPLICABLE


@must_be(at_least=1)
@person(source="xx-county-support-plan MA-05")
def premium_medical_registered(premium_medical_rural_only: int, registration: int) -> int:
    """In some places only rural people have their medical premium paid."""
    if premium_medical_rural_only == 0:
        return 1
    return 0 if registration == URBAN else 1


@must_be(more_than=0)
@person(source="xx-county-support-plan MA-05")
def premium_medical_paid_share_basis_points(
    premium_medical_group: int, premium_medical_share_basis_points: Table
) -> int:
    """The place pays a share of the medical premium for the person's group."""
    if premium_medical_group == NOT_APPLICABLE:
        return 0
    return premium_medical_share_basis_points[premium_medical_group]


@must_be(at_least=1)
@person(source="xx-county-support-plan MA-05")
def premium_medical_enrolled(on_medical_insurance: int) -> int:
    """Enrolment in medical insurance comes first, the payment on behalf second."""
    return on_medical_insurance


@must_be(at_least=1)
@person(source="practice premiums paid on behalf")
def premium_medical_stands(medical_insurance_cancelled: int) -> int:
    """Nothing is paid toward a medical enrolment that was cancelled."""
    return 0 if medical_insurance_cancelled == 1 else 1


@must_be(more_than=0)
@person(source="xx-county-support-plan MA-05")
def premium_medical_due_fen(
    premium_medical_fen_yearly: int,
    premium_medical_paid_share_basis_points: int,
    medical_premium_paid_fen: int,
) -> int:
    """The share of this year's contribution, less what was paid on behalf for the year already."""
    owed = share_of(premium_medical_fen_yearly, premium_medical_paid_share_basis_points)
    return max(owed - medical_premium_paid_fen, 0)


@award
@person(source="xx-county-support-plan MA-05 IN-03")
def premium_medical_award_fen(premium_medical_due_fen: int) -> int:
    """What is paid to the insurer as this person's medical premium."""
    return premium_medical_due_fen


@explanation
@person(source="xx-county-support-plan MA-05")
def premium_medical_left_to_person_fen(
    premium_medical_fen_yearly: int, premium_medical_paid_share_basis_points: int
) -> int:
    """What the person contributes to medical insurance in a year after it."""
    paid = share_of(premium_medical_fen_yearly, premium_medical_paid_share_basis_points)
    return premium_medical_fen_yearly - paid


@person(source="xx-county-support-plan IN-04")
def premium_medical_by_commission(
    premium_medical_group: int, premium_medical_couples_paid_by: int
) -> int:
    """For two-daughter couples a place may let its population commission pay."""
    if premium_medical_group != 4:
        return 0
    return 1 if premium_medical_couples_paid_by == 2 else 0


@part(paid_by="population-commission")
@person(source="xx-county-support-plan IN-04")
def premium_medical_of_commission_fen(
    premium_medical_by_commission: int, premium_medical_award_fen: int
) -> int:
    """What the population commission bears of the medical premium."""
    return premium_medical_award_fen if premium_medical_by_commission == 1 else 0


@part(paid_by="government")
@person(source="xx-county-support-plan MA-05")
def premium_medical_of_government_fen(
    premium_medical_award_fen: int, premium_medical_of_commission_fen: int
) -> int:
    """What the government bears of the medical premium."""
    return premium_medical_award_fen - premium_medical_of_commission_fen


@explanation
@person(source="practice premiums paid on behalf")
def premium_medical_to_return_fen(
    medical_insurance_cancelled: int, medical_premium_paid_fen: int
) -> int:
    """What the medical insurer gives back to the payer after a cancellation."""
    return medical_premium_paid_fen if medical_insurance_cancelled == 1 else 0
