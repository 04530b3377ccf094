"""Medical insurance 医疗保险: what the deductibles of its two layers leave to count."""

from policies.arithmetic import NOT_APPLICABLE, URBAN, Table, share_of
from policies.marks import person


@person(source="xx-county-support-plan MA-06 MA-07")
def insurance_terms_reach(
    medical_class: int, insurance_terms_rural_only: int, registration: int
) -> int:
    """Easier deductibles reach whoever is in a class, and in some places rural people only."""
    if medical_class == NOT_APPLICABLE:
        return 0
    if insurance_terms_rural_only == 1:
        return 0 if registration == URBAN else 1
    return 1


@person(source="xx-county-support-plan MA-06")
def basic_insurance_deducts_fen(
    insurance_terms_reach: int,
    at_county_hospital: int,
    basic_insurance_without_deductible: Table,
    medical_class: int,
    basic_insurance_deductible_fen: int,
) -> int:
    """Basic insurance deducts nothing from covered classes in a hospital of the county."""
    if insurance_terms_reach == 0 or at_county_hospital == 0:
        return basic_insurance_deductible_fen
    if basic_insurance_without_deductible[medical_class] == 1:
        return 0
    return basic_insurance_deductible_fen


@person(source="xx-county-support-plan MA-06")
def basic_insurance_counts_fen(
    medical_bill_fen: int, medical_outside_policy_fen: int, basic_insurance_deducts_fen: int
) -> int:
    """What counts for basic insurance: the bill within policy above its deductible."""
    return max(medical_bill_fen - medical_outside_policy_fen - basic_insurance_deducts_fen, 0)


@person(source="xx-county-support-plan MA-07")
def serious_insurance_deducts_fen(
    insurance_terms_reach: int,
    serious_insurance_terms: Table,
    medical_class: int,
    serious_insurance_deductible_fen: int,
    serious_insurance_cut_basis_points: Table,
) -> int:
    """Serious-illness insurance deducts by class the ordinary sum, a cut one, or nothing."""
    if insurance_terms_reach == 0:
        return serious_insurance_deductible_fen
    if serious_insurance_terms[medical_class] == 3:
        return 0
    if serious_insurance_terms[medical_class] == 1:
        return serious_insurance_deductible_fen
    return serious_insurance_deductible_fen - share_of(
        serious_insurance_deductible_fen, serious_insurance_cut_basis_points[medical_class]
    )


@person(source="xx-county-support-plan MA-07")
def serious_insurance_counts_fen(
    medical_bill_fen: int,
    medical_outside_policy_fen: int,
    medical_basic_paid_fen: int,
    serious_insurance_deducts_fen: int,
) -> int:
    """What basic insurance left counts for serious-illness insurance above its deductible."""
    left = medical_bill_fen - medical_outside_policy_fen - medical_basic_paid_fen
    return max(left - serious_insurance_deducts_fen, 0)
