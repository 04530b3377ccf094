"""Medical aid 医疗救助: a share of what all other payers leave of a bill, under a yearly cap."""

from policies.arithmetic import NOT_APPLICABLE, WHOLE, Table, share_of
from policies.marks import award, explanation, must_be, person


@must_be(more_than=0)
@person(source="medical-opinions-2021 settlement")
def medical_billed_fen(medical_bill_fen: int) -> int:
    """Medical aid needs a bill to settle."""
    return medical_bill_fen


@must_be(at_least=1)
@person(source="medical-opinions-2021 scope")
def medical_care_covered(medical_covers_care: Table, medical_care: int) -> int:
    """Medical aid is for the kinds of care the place covers."""
    return medical_covers_care[medical_care]


@person(source="xx-county-support-plan MA-08 MA-09")
def medical_terms(medical_major_for_all: int, medical_disease: int) -> int:
    """A bill is helped by the patient's class, unless the place helps its disease for everybody."""
    if medical_major_for_all == 0:
        return 1
    if medical_disease == 3:
        return 2
    return 3 if medical_disease == 4 else 1


@must_be(at_least=1)
@person(source="medical-opinions-2021 classes")
def medical_class_covered(medical_terms: int, medical_class: int, medical_covers: Table) -> int:
    """On the day of discharge the patient stood in a class the place covers, or needs none."""
    if medical_terms != 1:
        return 1
    return 0 if medical_class == NOT_APPLICABLE else medical_covers[medical_class]


@must_be(more_than=0)
@person(source="gansu-city-opinions MA-13")
def medical_rest_fen(
    medical_bill_fen: int,
    medical_outside_policy_fen: int,
    medical_basic_paid_fen: int,
    medical_serious_paid_fen: int,
    medical_supplementary_paid_fen: int,
) -> int:
    """Aid counts on the part within policy that all insurances have left of the bill."""
    insured = medical_basic_paid_fen + medical_serious_paid_fen + medical_supplementary_paid_fen
    return max(medical_bill_fen - medical_outside_policy_fen - insured, 0)


@person(source="medical-opinions-2021 deductible")
def medical_deductible_fen(
    medical_terms: int,
    medical_class: int,
    medical_deductible_basis_points: Table,
    medical_disposable_income_fen_yearly: int,
) -> int:
    """The aid's own deductible of the year is a share of disposable income, by class."""
    if medical_terms != 1:
        return 0
    if medical_deductible_basis_points[medical_class] == 0:
        return 0
    return share_of(
        medical_disposable_income_fen_yearly, medical_deductible_basis_points[medical_class]
    )


@must_be(more_than=0)
@person(source="medical-opinions-2021 deductible")
def medical_above_deductible_fen(
    medical_rest_fen: int, medical_deductible_fen: int, medical_rest_this_year_fen: int
) -> int:
    """Aid begins above what is still missing of the year's deductible."""
    return medical_rest_fen - max(medical_deductible_fen - medical_rest_this_year_fen, 0)


@person(source="qingshen-summary MA-01")
def medical_share_basis_points(
    medical_terms: int,
    medical_class: int,
    medical_ratio_basis_points: Table,
    medical_assisted_ratio_basis_points: int,
) -> int:
    """The share aid pays: by class, or the whole of a disease that is treated free."""
    if medical_terms == 2:
        return WHOLE
    if medical_terms == 3:
        return medical_assisted_ratio_basis_points
    return medical_ratio_basis_points[medical_class]


@person(source="qingshen-summary MA-01")
def medical_uncapped_fen(medical_above_deductible_fen: int, medical_share_basis_points: int) -> int:
    """Before the cap, aid is its share of what is above the deductible."""
    return share_of(medical_above_deductible_fen, medical_share_basis_points)


@must_be(more_than=0)
@person(source="qingshen-summary MA-01")
def medical_room_fen(
    medical_terms: int,
    medical_uncapped_fen: int,
    medical_yearly_cap_fen: Table,
    medical_disease: int,
    medical_aid_this_year_fen: int,
    medical_aid_returned_this_year_fen: int,
) -> int:
    """What the year has used of the cap is gone, and what was given back is there again."""
    if medical_terms == 2:
        return medical_uncapped_fen
    used = medical_aid_this_year_fen - medical_aid_returned_this_year_fen
    return medical_yearly_cap_fen[medical_disease] - used


@award
@person(source="medical-opinions-2021")
def medical_award_fen(medical_uncapped_fen: int, medical_room_fen: int) -> int:
    """What medical aid pays toward this bill: its share, as far as the cap has room."""
    return min(medical_uncapped_fen, medical_room_fen)


@explanation
@person(source="xx-county-support-plan MA-10")
def medical_left_to_patient_fen(
    medical_bill_fen: int,
    medical_basic_paid_fen: int,
    medical_serious_paid_fen: int,
    medical_supplementary_paid_fen: int,
    medical_award_fen: int,
) -> int:
    """What the patient bears in the end, so that all payers together make up the bill."""
    insured = medical_basic_paid_fen + medical_serious_paid_fen + medical_supplementary_paid_fen
    return medical_bill_fen - insured - medical_award_fen
