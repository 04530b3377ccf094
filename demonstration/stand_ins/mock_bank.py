"""The commercial bank: the independent `mock-bank` in a process of its own, and its clerk.

`argv` starts mock_bank_launch.py, which becomes mock-bank itself. mock-bank decides, books, answers
and returns by itself; the clerk below only does what people at a bank do: opens the payer accounts,
keeps the register of customers, notes which payments will come back, and lets the days pass.

What one has to know of mock-bank 0.9:
- It matches a creditor by the `iban` column only, and its control door takes no account that is not
  an IBAN. Chinese card numbers are none, so the clerk writes the customers whose cards it refuses
  into the register (the `account` table of its --db) before the file is handed in: closed ones are
  refused AC04, others RC01. A closed account gets no daily statement.
- A payer account needs an IBAN of its own too; a file may name it by a number of up to 17 digits.
- By its own doors it returns one chosen payment (or all) of a payer account, and reads which at the
  booking: of several files the last one's choice would count. So that neither their order nor a
  killed courier decides what comes back, the clerk writes the day onto each such payment (`payment`
  of its --db) before it lets a day pass; crediting back and telling of it are mock-bank's own.
- Reading its mailbox empties it; `GET /_mock/payments` and `GET /_mock/messages` stay full.
- Its clock runs on in real time from --clock and is lost at a stop: after a start, tell it the day.
"""

import sqlite3
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Self
from xml.etree import ElementTree as Tree

import httpx

from demonstration.stand_ins.bank_books import Credit
from demonstration.stand_ins.temper import REFUSING, Temper, temper_of

RETURN_DAYS: Final = 2
_SATURDAY: Final = 5
_DEEP_POCKET_FEN: Final = 10**14
_SEEDED: Final = ("ACME", "GLOBEX", "INITECH", "EURODIS")
_PAIN: Final = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def argv(port: int, db: Path, clock: str) -> list[str]:
    """How it is started, from the root of the repository."""
    return [
        sys.executable,
        "-m",
        "demonstration.stand_ins.mock_bank_launch",
        "--port",
        str(port),
        "--db",
        str(db),
        "--clock",
        clock,
    ]


class MockBank:
    """The bank's clerk: everything goes through mock-bank's own doors, but for the register."""

    def __init__(self, url: str, db: Path, timeout_seconds: float = 120) -> None:
        self._http = httpx.Client(base_url=url, timeout=timeout_seconds, trust_env=False)
        self._db = db
        self._looked_through = 0

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def open_payer_accounts(self, bank: str, accounts: Mapping[str, str]) -> None:
        """One account a fund, known by `<bank>.<fund>`; done again it changes nothing."""
        held = {account["id"] for account in self._get("/_mock/accounts")}
        for fund, number in accounts.items():
            identity = f"{bank}.{fund}"
            if identity in held:
                continue
            words = {
                "id": identity,
                "name": f"payer {fund}",
                "iban": _iban(number),
                "account_number": number,
                "currency": "CNY",
                "balance": _DEEP_POCKET_FEN,
            }
            self._http.post("/_mock/accounts", json=words).raise_for_status()
        for seeded in _SEEDED:
            self._http.patch(f"/_mock/accounts/{seeded}", json={"closed": True}).raise_for_status()

    def today(self) -> date:
        """The bank's day."""
        return date.fromisoformat(self._get("/_mock/state")["clock"]["date"])

    def advance_to(self, day: date) -> date:
        """Let the days pass until `day`, one by one; the day it has come to.

        In one leap over several days mock-bank would tell of a return before the settlement.
        """
        today = self.today()
        self._note_returns()
        while today < day:
            today += timedelta(days=1)
            self._http.post("/_mock/advance", params={"to": today.isoformat()}).raise_for_status()
        return today

    def hand_in(self, file: bytes) -> dict[str, Any]:
        """A pain.001 for mock-bank to decide; what it answers at once."""
        handed = _Handed.read(file)
        refusing = [number for _, number in handed.payments if temper_of(number) in REFUSING]
        self._register(refusing, unresolved_closed=False)
        reply = self._http.post("/payments", content=file)
        self._register(refusing, unresolved_closed=True)
        if reply.status_code not in (httpx.codes.ACCEPTED, httpx.codes.UNPROCESSABLE_ENTITY):
            reply.raise_for_status()
        answer = reply.json()
        told = ("msg_id", "status", "reason", "accepted", "rejected")
        return {name: answer[name] for name in told}

    def has(self, file: bytes) -> bool:
        """Whether the bank has had this file: its books know its first payment under its MsgId."""
        handed = _Handed.read(file)
        reply = self._http.get(f"/_mock/payments/{handed.payments[0][0]}", params={"all": ""})
        if reply.status_code == httpx.codes.NOT_FOUND:
            return False
        reply.raise_for_status()
        return any(payment["msg_id"] == handed.message_id for payment in reply.json())

    def take_messages(self) -> list[dict[str, Any]]:
        """What the bank has sent and nobody has taken; taking it empties the mailbox."""
        messages: list[dict[str, Any]] = self._get("/_mock/mailbox")
        return messages

    def all_messages(self) -> list[dict[str, Any]]:
        """Everything it ever sent, taken or not; release what is due with `take_messages` first."""
        messages: list[dict[str, Any]] = self._get("/_mock/messages")
        return messages

    def books(self) -> list[Credit]:
        """Every payment in the bank's own books, oldest first."""
        return [_credit(row) for row in reversed(self._get("/_mock/payments"))]

    def _get(self, path: str) -> Any:
        return self._http.get(path).raise_for_status().json()

    def _register(self, accounts: Iterable[str], *, unresolved_closed: bool) -> None:
        """Write refusing customers into the register; see the notes at the top."""
        rows = []
        for number in accounts:
            closed = temper_of(number) == Temper.CLOSED
            behaviour = "closed-account" if closed else "bad-bank-id"
            rows.append((f"c-{number}", number, behaviour, int(closed or unresolved_closed)))
        if not rows:
            return
        with closing(sqlite3.connect(self._db, timeout=60)) as books, books:
            books.executemany(
                "INSERT INTO account (id, name, iban, currency, behaviour, closed)"
                " VALUES (?1, 'customer', ?2, 'CNY', ?3, ?4)"
                " ON CONFLICT (id) DO UPDATE SET closed = excluded.closed",
                rows,
            )

    def _note_returns(self) -> None:
        """Write onto each payment whose receiver sends money back the day on which it will."""
        with closing(sqlite3.connect(self._db, timeout=60)) as books, books:
            new = books.execute(
                "SELECT id, creditor_iban, settlement_date FROM payment"
                " WHERE id > ? AND status = 'accepted' ORDER BY id",
                (self._looked_through,),
            ).fetchall()
            books.executemany(
                "UPDATE payment SET return_due = ?, return_reason = 'AC04'"
                " WHERE id = ? AND return_due IS NULL",
                [
                    (_weekdays_after(settled, RETURN_DAYS), number)
                    for number, account, settled in new
                    if temper_of(account) == Temper.COMES_BACK
                ],
            )
        self._looked_through = max((number for number, *_ in new), default=self._looked_through)


@dataclass(frozen=True, slots=True)
class _Handed:
    """A payment file as the clerk looks it over."""

    message_id: str
    payer_number: str
    payments: list[tuple[str, str]]
    """EndToEndId and account of each."""

    @classmethod
    def read(cls, file: bytes) -> Self:
        root = Tree.fromstring(file)  # noqa: S314 # The county's own file, its signature checked.
        payments = []
        for payment in root.iter(f"{_PAIN}CdtTrfTxInf"):
            reference = payment.findtext(f"{_PAIN}PmtId/{_PAIN}EndToEndId") or ""
            payments.append((reference, _number(payment.find(f"{_PAIN}CdtrAcct/{_PAIN}Id"))))
        message_id = root.findtext(f".//{_PAIN}GrpHdr/{_PAIN}MsgId") or ""
        return cls(message_id, _number(root.find(f".//{_PAIN}DbtrAcct/{_PAIN}Id")), payments)


def _credit(row: Mapping[str, Any]) -> Credit:
    booked = row["booked_at"] is not None
    state = {"rejected": "refused", "returned": "returned"}.get(
        row["status"], "settled" if booked else "accepted"
    )
    return Credit(
        bank=str(row["account_id"] or "").partition(".")[0],
        batch=row["msg_id"],
        end_to_end_id=row["end_to_end_id"],
        account_number=row["creditor_iban"],
        amount_fen=row["amount"],
        state=state,
        settled_on=row["settlement_date"] if booked else None,
        returned_on=row["return_due"] if row["returned_at"] else None,
        reason=row["reason"] or row["return_reason"],
    )


def _weekdays_after(day: str, count: int) -> str:
    """So many days on, of which none is a Saturday or Sunday."""
    after = date.fromisoformat(day)
    while count:
        after += timedelta(days=1)
        count -= after.weekday() < _SATURDAY
    return after.isoformat()


def _number(account: Tree.Element | None) -> str:
    return "" if account is None else "".join(account.itertext()).strip()


def _iban(account_number: str) -> str:
    """An IBAN that belongs to nobody and passes its check: mock-bank knows no other numbers."""
    if not (account_number.isdigit() and len(account_number) <= 17):
        raise ValueError("mock-bank finds a payer account by a number of at most 17 digits")
    rest = f"MOCK{account_number:0>17}"
    digits = "".join(str(int(character, 36)) for character in rest + "XD00")
    return f"XD{98 - int(digits) % 97:02d}{rest}"
