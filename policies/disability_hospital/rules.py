"""Help to poor disabled people in hospital 困难残疾人住院救助: a sum decided inside a band."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="district-plan-2016 DA-05")
def disability_hospital_stay(in_hospital_for_illness: int) -> int:
    """Help in hospital is for a stay because of illness."""
    return in_hospital_for_illness


@must_be(at_least=1)
@person(source="district-plan-2016 DA-05")
def disability_hospital_certified(disability_certified: int) -> int:
    """Help in hospital is for a person who holds a disability certificate."""
    return disability_certified


@must_be(at_least=1)
@person(source="district-plan-2016 DA-05")
def disability_hospital_poor(in_low_income_population: int, on_poverty_list: int) -> int:
    """Help in hospital is for the low-income population and the registered poor."""
    return max(in_low_income_population, on_poverty_list)


@must_be(at_least=0)
@person(source="district-plan-2016 DA-05")
def disability_hospital_above_least_fen(
    hospital_sum_decided_fen: int, disability_hospital_least_fen: int
) -> int:
    """How far the decided sum lies above the least that may be decided."""
    return hospital_sum_decided_fen - disability_hospital_least_fen


@must_be(at_least=0)
@person(source="district-plan-2016 DA-05")
def disability_hospital_below_most_fen(
    hospital_sum_decided_fen: int, disability_hospital_most_fen: int
) -> int:
    """How far the decided sum lies below the most that may be decided."""
    return disability_hospital_most_fen - hospital_sum_decided_fen


@award
@person(source="district-plan-2016 DA-05 MA-12")
def disability_hospital_award_fen(hospital_sum_decided_fen: int) -> int:
    """What is paid for this stay in hospital: the sum that was decided."""
    return hospital_sum_decided_fen
