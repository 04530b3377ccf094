"""What a demonstration bank does follows from an account's number alone."""

from collections import Counter
from itertools import islice

import pytest
from stdnum import luhn

from demonstration.stand_ins.bank_books import Credit, net_by_account, paid_twice
from demonstration.stand_ins.temper import REFUSING, Temper, numbers_like, temper_of


def test_about_two_in_a_hundred_are_refused_and_two_in_a_hundred_come_back() -> None:
    tempers = Counter(temper_of(f"62311800000000{number:05d}") for number in range(50_000))
    refused = sum(tempers[temper] for temper in REFUSING)
    assert 900 < refused < 1300
    assert 800 < tempers[Temper.COMES_BACK] < 1200


@pytest.mark.parametrize("temper", list(Temper))
def test_another_card_of_a_temper_is_of_the_same_bank_and_checks(temper: Temper) -> None:
    old = "6231183217207204920"
    found = list(islice(numbers_like(old, temper), 3))
    assert found == list(islice(numbers_like(old, temper), 3))
    for number in found:
        assert temper_of(number) == temper
        assert (number[:6], len(number)) == (old[:6], len(old))
        assert number != old
        assert luhn.is_valid(number)


def test_books_see_a_transfer_paid_under_two_attempts() -> None:
    first = Credit("qscb", "b", f"{1:032x}-01", "62", 100, "settled")
    second = Credit("qsrcc", "c", f"{1:032x}-02", "63", 100, "settled")
    back = Credit("qscb", "b", f"{2:032x}-01", "62", 100, "returned")
    again = Credit("qscb", "d", f"{2:032x}-02", "62", 100, "settled")
    assert paid_twice([first, second, back, again]) == [f"{1:032x}"]
    assert net_by_account([first, second, back, again]) == {"62": 200, "63": 100}
