"""mock-bank as a process: it decides by itself, and our reading of it agrees with its books."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from demonstration.stand_ins.bank_books import net_by_account, net_by_reference, paid_twice
from demonstration.stand_ins.mock_bank import MockBank
from demonstration.stand_ins.temper import Temper, numbers_like, temper_of
from services.payments.banks.facts import LineFacts, Outcome, ResultFile
from services.payments.banks.identifiers import batch_number, end_to_end_id
from services.payments.banks.readers import read_result
from services.payments.banks.writers import write
from shared.money import Fen
from tests.payments.banks.makers import (
    a_line,
    an_account,
    an_envelope,
    commercial_bank,
    four_lines,
)
from tests.stand_ins.playing import Playing, Stated, a_mock_bank


@contextmanager
def the_clerk(bank: Playing) -> Iterator[MockBank]:
    with closing(MockBank(bank.url, bank.folder)) as clerk:
        clerk.open_payer_accounts("qscb", commercial_bank().payer.accounts)
        yield clerk


def a_file(lines: list[LineFacts], number: int = 1) -> bytes:
    envelope = an_envelope(lines, batch=batch_number(UUID(int=number), 1))
    return b"".join(write(commercial_bank(), envelope, lines))


def said(clerk: MockBank) -> list[ResultFile]:
    return [
        read_result(commercial_bank(), message["body"].encode())
        for message in clerk.take_messages()
    ]


def test_most_settle_some_are_refused_and_one_comes_back_two_banking_days_later(
    tmp_path: Path, clock: Stated
) -> None:
    with a_mock_bank(tmp_path, clock) as bank, the_clerk(bank) as clerk:
        lines = four_lines()
        answer = clerk.hand_in(a_file(lines))
        assert (answer["status"], answer["accepted"], answer["rejected"]) == ("PART", 2, 2)
        clerk.advance_to(date(2026, 10, 15))
        told = {
            (item.end_to_end_id, item.outcome): (item.reason, item.settled_on)
            for message in said(clerk)
            for item in message.items
        }
        settled, closed, elsewhere, back = (line.end_to_end_id for line in lines)
        assert told == {
            (settled, Outcome.ACCEPTED): (None, None),
            (settled, Outcome.SETTLED): (None, date(2026, 10, 12)),
            (closed, Outcome.REFUSED): ("account-closed", None),
            (elsewhere, Outcome.REFUSED): ("bank-not-found", None),
            (back, Outcome.ACCEPTED): (None, None),
            (back, Outcome.SETTLED): (None, date(2026, 10, 12)),
            (back, Outcome.RETURNED): ("account-closed", date(2026, 10, 14)),
        }
        books = clerk.books()
        assert [credit.state for credit in books] == ["settled", "refused", "refused", "returned"]
        assert net_by_reference(books)[settled] == lines[0].amount_fen
        assert net_by_account(books)[lines[3].account_number] == 0


def test_days_pass_one_by_one_so_a_settlement_is_told_before_its_return(
    tmp_path: Path, clock: Stated
) -> None:
    with a_mock_bank(tmp_path, clock) as bank, the_clerk(bank) as clerk:
        line = a_line(account_number=an_account(Temper.COMES_BACK))
        envelope = an_envelope([line], pay_on=date(2026, 10, 13))
        clerk.hand_in(b"".join(write(commercial_bank(), envelope, [line])))
        clerk.advance_to(date(2026, 10, 30))
        outcomes = [item.outcome for message in said(clerk) for item in message.items]
        first = {outcome: outcomes.index(outcome) for outcome in outcomes}
        assert first[Outcome.ACCEPTED] < first[Outcome.SETTLED] < first[Outcome.RETURNED]
        assert Outcome.SETTLED not in outcomes[first[Outcome.RETURNED] :]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_what_comes_back_does_not_hang_on_the_order_of_the_files(
    tmp_path: Path, clock: Stated, order: tuple[int, ...]
) -> None:
    sends_back = numbers_like(an_account(), Temper.COMES_BACK)
    accounts = [[next(sends_back), an_account()], [next(sends_back)], [an_account()]]
    with a_mock_bank(tmp_path, clock) as bank:
        for number in order:
            with the_clerk(bank) as clerk:  # Another each time, as after a kill.
                lines = [
                    a_line(10 * number + place, account_number=account)
                    for place, account in enumerate(accounts[number], start=1)
                ]
                batch = batch_number(UUID(int=number + 1), 1)
                envelope = an_envelope(lines, batch=batch, pay_on=date(2026, 10, 13))
                clerk.hand_in(b"".join(write(commercial_bank(), envelope, lines)))
        with the_clerk(bank) as clerk:
            clerk.advance_to(date(2026, 10, 15))
            came_back = {
                credit.account_number for credit in clerk.books() if credit.state == "returned"
            }
        assert came_back == {accounts[0][0], accounts[1][0]}


def test_a_file_handed_in_twice_is_paid_once_and_the_bank_can_be_asked(
    tmp_path: Path, clock: Stated
) -> None:
    with a_mock_bank(tmp_path, clock) as bank, the_clerk(bank) as clerk:
        file = a_file([a_line(1), a_line(2)])
        assert not clerk.has(file)
        clerk.hand_in(file)
        assert clerk.has(file)
        assert clerk.hand_in(file)["reason"] == "DUPL"
        assert len(clerk.books()) == 2
        assert paid_twice(clerk.books()) == []


def test_a_killed_bank_comes_back_with_its_books_and_is_told_the_day_again(
    tmp_path: Path, clock: Stated
) -> None:
    with a_mock_bank(tmp_path, clock) as bank, the_clerk(bank) as clerk:
        clerk.hand_in(a_file(four_lines()))
        clerk.take_messages()
        clerk.advance_to(date(2026, 10, 13))
        bank.party.kill()
        bank.party.start()
        assert clerk.today() == date(2026, 10, 12)
        clerk.advance_to(date(2026, 10, 15))
        assert [credit.state for credit in clerk.books()][-1] == "returned"
        kinds = [message["type"] for message in clerk.all_messages()]
        assert kinds.count("pacs.004.001.09") == 1


def test_a_new_card_is_paid_where_the_old_one_was_refused(tmp_path: Path, clock: Stated) -> None:
    with a_mock_bank(tmp_path, clock) as bank, the_clerk(bank) as clerk:
        old = an_account(Temper.CLOSED)
        new = next(numbers_like(old))
        assert temper_of(new) == Temper.SOUND
        clerk.hand_in(a_file([a_line(1, account_number=old)]))
        again = a_line(1, account_number=new, end_to_end_id=end_to_end_id(UUID(int=1), 2))
        clerk.hand_in(a_file([again], number=2))
        assert [credit.state for credit in clerk.books()] == ["refused", "settled"]
        assert paid_twice(clerk.books()) == []


def test_names_and_amounts_at_their_edges_pass_through_the_bank_and_back(
    tmp_path: Path, clock: Stated
) -> None:
    with a_mock_bank(tmp_path, clock) as bank, the_clerk(bank) as clerk:
        lines = [
            a_line(1, holder="<script>&amp;]]>", amount_fen=Fen(1)),
            a_line(2, holder="\u202e伟李\u200b", amount_fen=Fen(99_999_999_999)),
            a_line(3, holder="𠮷" * 140),
        ]
        assert clerk.hand_in(a_file(lines))["accepted"] == 3
        settled = {
            item.end_to_end_id: item.amount_fen
            for message in said(clerk)
            for item in message.items
            if item.outcome == Outcome.SETTLED
        }
        assert settled == {line.end_to_end_id: line.amount_fen for line in lines}
