"""Fewer points for senior high 重点高中降分录取: a concession to poor pupils with good results."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="nanchang-education-plan ED-14")
def education_admission_listed(education_on_list: int) -> int:
    """Points are spared to pupils on the list that education aid goes by."""
    return education_on_list


@must_be(at_least=1)
@person(source="nanchang-education-plan ED-14")
def education_admission_stage(school_stage: int) -> int:
    """Whoever is to enter senior high comes from junior middle school."""
    return 1 if school_stage == 3 else 0


@must_be(at_least=1)
@person(source="nanchang-education-plan ED-14")
def education_admission_results(has_good_results: int) -> int:
    """The school finds that the pupil's results are good."""
    return has_good_results


@award
@person(source="nanchang-education-plan ED-14")
def education_admission_award(education_admission_points: int) -> int:
    """How many points fewer this pupil needs for the county's key senior high school."""
    return education_admission_points
