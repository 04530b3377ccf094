"""Free training 免费技能培训: so many courses a year for each worker of a poor household."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="town-double-arrival-plan EM-08")
def free_training_listed(on_poverty_list: int) -> int:
    """Free courses are for members of households on the register of the poor."""
    return on_poverty_list


@must_be(at_least=1)
@person(source="town-double-arrival-plan EM-08")
def free_training_able(able_to_work: int) -> int:
    """Free courses are for whoever can work."""
    return able_to_work


@must_be(more_than=0)
@person(source="town-double-arrival-plan EM-08")
def free_trainings_owed(free_trainings_yearly: int, free_trainings_had: int) -> int:
    """The free courses of the year that the person has not had yet."""
    return free_trainings_yearly - free_trainings_had


@award
@person(source="town-double-arrival-plan EM-08")
def free_trainings(free_trainings_owed: int) -> int:
    """The free courses the person can still have this year."""
    return free_trainings_owed
