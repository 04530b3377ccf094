"""The co-operative as a process: books, answers, moods, and nothing lost by a kill."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from demonstration.stand_ins.bank_books import net_by_reference, paid_twice
from demonstration.stand_ins.cooperative import Cooperative
from services.payments.banks.facts import LineFacts, Outcome, ResultFile, ResultRefused
from services.payments.banks.identifiers import batch_number
from services.payments.banks.readers import read_result
from services.payments.banks.writers import write
from tests.payments.banks.makers import (
    HERE,
    a_line,
    an_envelope,
    cooperative,
    four_lines,
    village_bank,
)
from tests.stand_ins.playing import Playing, Stated, a_cooperative


@contextmanager
def at(bank: Playing, timeout_seconds: float = 20) -> Iterator[Cooperative]:
    with closing(Cooperative(bank.url, timeout_seconds)) as window:
        yield window


def a_file(lines: list[LineFacts], number: int = 1, pay_on: date = date(2026, 10, 12)) -> bytes:
    envelope = an_envelope(lines, batch=batch_number(UUID(int=number), 1), pay_on=pay_on)
    return b"".join(write(cooperative(), envelope, lines))


def read(window: Cooperative, after: int = 0) -> list[ResultFile]:
    return [
        read_result(cooperative(), content, name)
        for _, name, content in window.messages("qsrcc", after)
    ]


def test_it_answers_on_the_pay_day_and_some_come_back_two_days_later(
    tmp_path: Path, clock: Stated
) -> None:
    with a_cooperative(tmp_path, clock) as bank, at(bank) as window:
        lines = four_lines()
        window.hand_in("qsrcc", a_file(lines, pay_on=date(2026, 10, 13)), "DF.txt")
        assert read(window) == []
        window.advance_to(date(2026, 10, 14))
        (answer,) = read(window)
        assert [(item.outcome, item.reason) for item in answer.items] == [
            (Outcome.SETTLED, None),
            (Outcome.REFUSED, "account-closed"),
            (Outcome.REFUSED, "name-mismatch"),
            (Outcome.SETTLED, None),
        ]
        assert answer.batch == batch_number(UUID(int=1), 1)
        window.advance_to(date(2026, 10, 20))
        _, returns = read(window)
        assert [(item.outcome, item.reason, item.settled_on) for item in returns.items] == [
            (Outcome.RETURNED, "account-dormant", date(2026, 10, 15))
        ]
        net = net_by_reference(window.books())
        assert [net[line.end_to_end_id] for line in lines] == [lines[0].amount_fen, 0, 0, 0]


def test_it_pays_a_repeated_batch_again_unless_told_to_refuse_it(
    tmp_path: Path, clock: Stated
) -> None:
    with a_cooperative(tmp_path, clock) as bank, at(bank) as window:
        file = a_file([a_line(1)])
        window.hand_in("qsrcc", file, "a")
        window.hand_in("qsrcc", file, "a")
        assert len(paid_twice(window.books())) == 1
        window.be(refuse_repeats=True)
        assert window.hand_in("qsrcc", file, "a") == {
            "refused": "this batch number has been taken before"
        }
        assert len(window.books()) == 2


@pytest.mark.parametrize("cut", [b"|370.00|", b"END|"])
def test_a_file_that_is_not_as_agreed_books_nothing(
    tmp_path: Path, clock: Stated, cut: bytes
) -> None:
    with a_cooperative(tmp_path, clock) as bank, at(bank) as window:
        file = a_file([a_line(1), a_line(2)])
        assert "refused" in window.hand_in("qsrcc", file.replace(cut, b"|", 1), "a")
        assert "refused" in window.hand_in("nobody", file, "a")
        assert window.books() == []


def test_a_kill_at_any_moment_loses_nothing_it_has_answered_for(
    tmp_path: Path, clock: Stated
) -> None:
    with a_cooperative(tmp_path, clock) as bank, at(bank) as window:
        window.hand_in("qsrcc", a_file(four_lines()), "a")
        window.advance_to(date(2026, 10, 13))
        window.be(slow_seconds=0.01)
        before = window.books()
        bank.party.kill()
        bank.party.start()
        assert window.books() == before
        assert window.today() == date(2026, 10, 13)
        assert window.has("qsrcc", batch_number(UUID(int=1), 1))
        window.advance_to(date(2026, 10, 14))
        assert [len(message.items) for message in read(window)] == [4, 1]


def test_a_silent_bank_books_and_says_nothing(tmp_path: Path, clock: Stated) -> None:
    with a_cooperative(tmp_path, clock) as bank, at(bank, timeout_seconds=0.5) as window:
        window.be(silent=True)
        with pytest.raises(httpx.ReadTimeout):
            window.hand_in("qsrcc", a_file([a_line(1)]), "a")
        assert window.has("qsrcc", batch_number(UUID(int=1), 1))
        assert window.messages("qsrcc", 0) == []
        window.be(silent=False)
        assert len(window.messages("qsrcc", 0)) == 1


@pytest.mark.parametrize("wrong", ["truncated", "total", "double"])
def test_a_wrong_message_is_refused_and_its_correction_read(
    tmp_path: Path, clock: Stated, wrong: str
) -> None:
    with a_cooperative(tmp_path, clock) as bank, at(bank) as window:
        window.be(wrong=wrong)
        window.hand_in("qsrcc", a_file(four_lines()), "a")
        with pytest.raises(ResultRefused):
            read(window)
        window.be()
        window.say_again("qsrcc", 1)
        (right,) = read(window, after=1)
        assert right.count == 4


@pytest.mark.parametrize("wrong", ["amount", "unknown"])
def test_a_message_may_be_sound_in_form_and_still_not_ours(
    tmp_path: Path, clock: Stated, wrong: str
) -> None:
    with a_cooperative(tmp_path, clock) as bank, at(bank) as window:
        window.be(wrong=wrong)
        line = a_line(1)
        window.hand_in("qsrcc", a_file([line]), "a")
        (message,) = read(window)
        told = (message.items[0].end_to_end_id, message.items[0].amount_fen)
        assert told != (line.end_to_end_id, line.amount_fen)


def test_it_plays_any_bank_whose_profile_it_is_given(tmp_path: Path, clock: Stated) -> None:
    profile, path = village_bank(), HERE / "profiles" / "village.yaml"
    lines = [line for line in four_lines() if "𠮷" not in line.holder]
    file = b"".join(write(profile, an_envelope(lines), lines))
    with a_cooperative(tmp_path, clock, path) as bank, at(bank) as window:
        assert window.hand_in("village", file, "V.dat")["count"] == 3
        ((_, name, content),) = window.messages("village", 0)
        outcomes = [item.outcome for item in read_result(profile, content, name).items]
        assert outcomes == [Outcome.SETTLED, Outcome.REFUSED, Outcome.SETTLED]
