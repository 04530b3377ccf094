"""Aid to students of dibao and disabled families 残疾学生和残疾人家庭学生资助: a sum, a quota."""

from policies.marks import award, explanation, must_be, person


@must_be(at_least=1)
@person(source="district-plan-2016 DA-08")
def student_aid_listed(on_student_aid_list: int) -> int:
    """The school has put the student on its list for this aid."""
    return on_student_aid_list


@must_be(at_least=1)
@person(source="district-plan-2016 DA-08")
def student_aid_family(on_dibao: int, disabled_members: int) -> int:
    """This aid is for students on dibao, or of a family with a certified disabled member."""
    if on_dibao == 1:
        return 1
    return 1 if disabled_members > 0 else 0


@must_be(at_least=1)
@person(source="practice once a year")
def student_aid_not_had(had_student_aid_this_year: int) -> int:
    """The student has not had this aid in this school year."""
    return 1 - had_student_aid_this_year


@must_be(at_least=0)
@person(source="district-plan-2016 DA-08")
def student_aid_places_before_last(
    disabled_student_aid_quota_count: int, student_aid_position: int
) -> int:
    """How many places of the quota come after the student's own."""
    return disabled_student_aid_quota_count - student_aid_position


@award
@person(source="district-plan-2016 DA-08 ED-20")
def disabled_student_aid_award_fen(disabled_student_aid_fen: int) -> int:
    """What the student has for this school year."""
    return disabled_student_aid_fen


@explanation
@person(source="arithmetic")
def disabled_student_aid_budget_fen(
    disabled_student_aid_fen: int, disabled_student_aid_quota_count: int
) -> int:
    """What all places for students cost together."""
    return disabled_student_aid_fen * disabled_student_aid_quota_count
