"""The four ones 分散供养特困人员“四个一”服务: a service bought for those on tekun at home."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="gansu-city-opinions SV-01")
def four_ones_on_tekun(on_tekun: int, payable_in_life: int) -> int:
    """The four ones are for a living person whom tekun keeps."""
    return payable_in_life if on_tekun == 1 else 0


@must_be(at_least=1)
@person(source="gansu-city-opinions SV-01")
def four_ones_at_home(care_mode: int) -> int:
    """The four ones are for those cared for at home, not in a home."""
    return 1 if care_mode == 1 else 0


@award
@person(source="gansu-city-opinions SV-01 TK-11")
def four_ones_given(four_ones_at_home: int) -> int:
    """The person is on the list of those who have the four ones."""
    return four_ones_at_home
