"""School aid not delivered 低保家庭学生未资助: enrolled, on dibao, and without any aid."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="low-income-opinions-2023 deliver what is due")
def alert_pupil_on_dibao(on_dibao: int) -> int:
    """The warning of missing school aid is about a household on dibao."""
    return on_dibao


@must_be(at_least=1)
@person(source="low-income-opinions-2023 deliver what is due")
def alert_pupil_enrolled(listed_enrolled: int) -> int:
    """The person is enrolled at a school or university."""
    return listed_enrolled


@must_be(at_least=1)
@person(source="low-income-opinions-2023 deliver what is due")
def alert_pupil_unaided(listed_school_aid_fen_yearly: int) -> int:
    """No school aid was paid in the school year."""
    return 1 if listed_school_aid_fen_yearly == 0 else 0


@award
@person(source="low-income-opinions-2023 deliver what is due")
def alert_pupil_raised(alert_pupil_enrolled: int) -> int:
    """Somebody has to see that this pupil gets the aid that is due."""
    return alert_pupil_enrolled
