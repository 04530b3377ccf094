"""The operations a rule may call, against the calendar and against their own promises."""

import calendar

from hypothesis import given
from hypothesis import strategies as st

from policies.arithmetic import days_of, part_of


def test_every_month_has_the_days_of_the_calendar() -> None:
    for month in range(1890 * 12, 2200 * 12):
        year, place = divmod(month, 12)
        assert days_of(month) == calendar.monthrange(year, place + 1)[1]


@given(total=st.integers(0, 10**12), parts=st.integers(1, 400))
def test_parts_add_up_and_none_is_below_zero(total: int, parts: int) -> None:
    found = [part_of(total, parts, place) for place in range(1, parts + 1)]
    assert sum(found) == total
    assert min(found) >= 0
