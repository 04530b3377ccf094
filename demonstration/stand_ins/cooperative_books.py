"""The co-operative's books: files, payments and messages in one SQLite file, a day at a time."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from demonstration.stand_ins.bank_books import Credit
from demonstration.stand_ins.bank_files import (
    FileRefused,
    ResultRow,
    Words,
    code_for,
    read_payments,
    write_result,
)
from demonstration.stand_ins.temper import Temper, temper_of

RETURN_DAYS: Final = 2
WRONGS: Final = frozenset({"amount", "unknown", "truncated", "total", "double"})

_REFUSALS: Final = {
    Temper.CLOSED: ("account-closed", "账户已销户"),
    Temper.NAME_DIFFERS: ("name-mismatch", "户名不符"),
    Temper.NOT_ACTIVATED: ("account-not-activated", "社保卡金融功能未激活"),
}
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (
    id INTEGER PRIMARY KEY, bank TEXT NOT NULL, batch TEXT NOT NULL, sha256 TEXT NOT NULL,
    name TEXT NOT NULL, payer_account TEXT, received_on TEXT NOT NULL, pay_on TEXT NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS file_batch ON file (bank, batch);
CREATE TABLE IF NOT EXISTS credit (
    id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL REFERENCES file, end_to_end_id TEXT NOT NULL,
    account TEXT NOT NULL, holder TEXT NOT NULL, amount_fen INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'accepted', code TEXT, words TEXT NOT NULL DEFAULT '',
    settled_on TEXT, returns_on TEXT, returned_on TEXT
);
CREATE INDEX IF NOT EXISTS credit_file ON credit (file_id);
CREATE INDEX IF NOT EXISTS credit_returns ON credit (returns_on) WHERE returned_on IS NULL;
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, bank TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL,
    made_on TEXT NOT NULL, told TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Mood:
    """How the co-operative has been told to behave."""

    silent: bool = False
    """It books what it gets and says nothing: no reply, no messages."""
    slow_seconds: float = 0
    """How long after booking a file it replies."""
    wrong: str | None = None
    """What is wrong in the messages it makes from now on; one of WRONGS."""
    refuse_repeats: bool = False
    """Whether a batch number it has seen is refused; else it pays it again."""

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Self:
        """From JSON; unknown words are refused."""
        mood = cls(**words)
        if mood.wrong is not None and mood.wrong not in WRONGS:
            raise ValueError(f"wrong is one of {', '.join(sorted(WRONGS))}")
        return mood


class CooperativeBooks:
    """Everything the co-operative knows."""

    def __init__(self, path: Path, profiles: Iterable[Words], day: date) -> None:
        self._profiles = {str(profile["code"]): profile for profile in profiles}
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO state VALUES ('day', ?)", (day.isoformat(),))
        self._db.execute("INSERT OR IGNORE INTO state VALUES ('mood', '{}')")

    def close(self) -> None:
        """Shut the books."""
        self._db.close()

    @property
    def day(self) -> date:
        """Its banking day."""
        return date.fromisoformat(self._state("day"))

    @property
    def mood(self) -> Mood:
        """How it behaves."""
        return Mood.of(json.loads(self._state("mood")))

    def be(self, mood: Mood) -> None:
        """Behave like this from now on, over restarts too."""
        self._db.execute(
            "UPDATE state SET value = ? WHERE key = 'mood'", (json.dumps(asdict(mood)),)
        )

    def take(self, bank: str, content: bytes, name: str) -> dict[str, Any]:
        """Book a payment file; answer at once when its pay day has come.

        Raises:
            FileRefused: it is not as agreed, or a repeated batch that must not be.
        """
        profile = self._profiles.get(bank)
        if profile is None:
            raise FileRefused("this co-operative does not play that bank")
        file = read_payments(profile, content)
        pay_on = file.pay_on or self.day
        with self._writing():
            if self.mood.refuse_repeats and self.has(bank, file.batch):
                raise FileRefused("this batch number has been taken before")
            file_id = self._db.execute(
                "INSERT INTO file (bank, batch, sha256, name, payer_account, received_on, pay_on)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    bank,
                    file.batch,
                    sha256(content).hexdigest(),
                    name,
                    file.payer_account,
                    self.day.isoformat(),
                    pay_on.isoformat(),
                ),
            ).lastrowid
            self._db.executemany(
                "INSERT INTO credit (file_id, end_to_end_id, account, holder, amount_fen)"
                " VALUES (?, ?, ?, ?, ?)",
                [
                    (file_id, row.end_to_end_id, row.account_number, row.holder, row.amount_fen)
                    for row in file.rows
                ],
            )
            self._answer_due()
        return {"batch": file.batch, "count": len(file.rows), "total_fen": file.total_fen}

    def has(self, bank: str, batch: str) -> bool:
        """Whether it has taken this batch."""
        row = self._db.execute("SELECT 1 FROM file WHERE bank = ? AND batch = ?", (bank, batch))
        return row.fetchone() is not None

    def advance_to(self, day: date) -> None:
        """Let days pass, one transaction each; a day that is past is left alone."""
        while self.day < day:
            with self._writing():
                next_day = self.day + timedelta(days=1)
                self._db.execute(
                    "UPDATE state SET value = ? WHERE key = 'day'", (next_day.isoformat(),)
                )
                self._answer_due()
                self._return_due()

    def messages(self, bank: str, after: int) -> list[dict[str, Any]]:
        """What it has said since a message, oldest first."""
        rows = self._db.execute(
            "SELECT id, name, made_on FROM message WHERE bank = ? AND id > ? ORDER BY id",
            (bank, after),
        )
        return [dict(row) for row in rows]

    def message(self, bank: str, identity: int) -> bytes | None:
        """One message's bytes."""
        row = self._db.execute(
            "SELECT body FROM message WHERE bank = ? AND id = ?", (bank, identity)
        ).fetchone()
        return bytes(row["body"]) if row else None

    def say_again(self, bank: str, identity: int) -> int | None:
        """Make a message once more from the books, as a new one."""
        row = self._db.execute(
            "SELECT told FROM message WHERE bank = ? AND id = ?", (bank, identity)
        ).fetchone()
        if row is None:
            return None
        with self._writing():
            told = json.loads(row["told"])
            return self._say(bank, told["kind"], told["batch"], told["credits"])

    def credits(self) -> list[Credit]:
        """Every payment in the books, oldest first."""
        rows = self._db.execute(
            "SELECT credit.*, file.bank, file.batch FROM credit"
            " JOIN file ON file.id = credit.file_id ORDER BY credit.id"
        )
        return [
            Credit(
                bank=row["bank"],
                batch=row["batch"],
                end_to_end_id=row["end_to_end_id"],
                account_number=row["account"],
                amount_fen=row["amount_fen"],
                state=row["state"],
                settled_on=row["settled_on"],
                returned_on=row["returned_on"],
                reason=row["code"],
            )
            for row in rows
        ]

    def _state(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        return str(row["value"])

    def _writing(self) -> "_Writing":
        return _Writing(self._db)

    def _answer_due(self) -> None:
        """Decide every file whose pay day has come, and answer it."""
        today = self.day.isoformat()
        due = self._db.execute(
            "SELECT * FROM file WHERE answered = 0 AND pay_on <= ? ORDER BY id", (today,)
        ).fetchall()
        for file in due:
            credits = self._db.execute(
                "SELECT id, account FROM credit WHERE file_id = ? ORDER BY id", (file["id"],)
            ).fetchall()
            self._db.executemany(
                "UPDATE credit SET state = ?, code = ?, words = ?, settled_on = ?, returns_on = ?"
                " WHERE id = ?",
                [(*self._decided(file["bank"], row["account"]), row["id"]) for row in credits],
            )
            self._db.execute("UPDATE file SET answered = 1 WHERE id = ?", (file["id"],))
            identities = [row["id"] for row in credits]
            self._say(file["bank"], "answer", file["batch"], identities)

    def _decided(self, bank: str, account: str) -> tuple[str, str, str, str | None, str | None]:
        """State, code, words, day settled and day it will come back, by the account's temper."""
        profile, temper = self._profiles[bank], temper_of(account)
        if temper in _REFUSALS:
            reason, words = _REFUSALS[temper]
            return "refused", code_for(profile, "answer", "refused", reason), words, None, None
        kinds = {result["kind"] for result in profile["results"]}
        back = None
        if temper == Temper.COMES_BACK and "returns" in kinds:
            back = (self.day + timedelta(days=RETURN_DAYS)).isoformat()
        code = code_for(profile, "answer", "settled", None)
        return "settled", code, "成功", self.day.isoformat(), back

    def _return_due(self) -> None:
        """Give back what is due to come back today: one file of returns a bank."""
        today = self.day.isoformat()
        for bank, profile in self._profiles.items():
            due = self._db.execute(
                "SELECT credit.id FROM credit JOIN file ON file.id = credit.file_id"
                " WHERE file.bank = ? AND returned_on IS NULL AND returns_on <= ?"
                " ORDER BY credit.id",
                (bank, today),
            ).fetchall()
            if not due:
                continue
            code = code_for(profile, "returns", "returned", "account-dormant")
            self._db.executemany(
                "UPDATE credit SET state = 'returned', returned_on = ?, code = ?, words = '退回'"
                " WHERE id = ?",
                [(today, code, row["id"]) for row in due],
            )
            self._say(bank, "returns", None, [row["id"] for row in due])

    def _say(self, bank: str, kind: str, batch: str | None, credits: list[int]) -> int:
        """Write one message about these credits."""
        profile = self._profiles[bank]
        rows = self._db.execute(
            "SELECT credit.*, file.batch, file.payer_account FROM credit"
            " JOIN file ON file.id = credit.file_id"
            " WHERE credit.id IN (SELECT value FROM json_each(?)) ORDER BY credit.id",
            (json.dumps(credits),),
        ).fetchall()
        told = [_result_row(row, self.day) for row in rows]
        number = self._db.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM message").fetchone()[0]
        facts = {
            "batch": batch or "",
            "message": f"QS{number:08d}",
            "date": self.day,
            "made_on": self.day,
            "payer_account": next((row["payer_account"] for row in rows), "") or "",
        }
        wrong = self.mood.wrong
        body = write_result(profile, kind, facts, spoilt_rows(told, wrong))
        name = next(
            (result.get("name_like") for result in profile["results"] if result["kind"] == kind),
            None,
        )
        self._db.execute(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)",
            (
                number,
                bank,
                (name or f"{kind}-*.txt").replace("*", f"{self.day:%Y%m%d}-{number}"),
                spoilt_bytes(body, wrong),
                self.day.isoformat(),
                json.dumps({"kind": kind, "batch": batch, "credits": credits}),
            ),
        )
        return int(number)


class _Writing:
    """One write transaction: whole or not at all."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def spoilt_rows(rows: list[ResultRow], wrong: str | None) -> list[ResultRow]:
    """The rows of a message as a bank that errs would tell them."""
    if not rows or wrong not in ("amount", "unknown", "double"):
        return rows
    first = rows[0]
    if wrong == "amount":
        return [replace(first, amount_fen=first.amount_fen + 1), *rows[1:]]
    if wrong == "unknown":
        return [replace(first, end_to_end_id=f"{'0' * 32}-01"), *rows[1:]]
    return [first, *rows]


def spoilt_bytes(body: bytes, wrong: str | None) -> bytes:
    """The bytes of a message as a bank that errs would send them."""
    if wrong == "truncated":
        return body[: len(body) * 2 // 3]
    if wrong == "total":
        place = max(index for index, byte in enumerate(body) if 0x30 <= byte <= 0x39)
        return body[:place] + bytes([0x30 + (body[place] - 0x30 + 1) % 10]) + body[place + 1 :]
    return body


def _result_row(row: sqlite3.Row, today: date) -> ResultRow:
    day = row["returned_on"] or row["settled_on"]
    return ResultRow(
        batch=row["batch"],
        end_to_end_id=row["end_to_end_id"],
        account_number=row["account"],
        holder=row["holder"],
        amount_fen=row["amount_fen"],
        settled=row["state"] == "settled",
        code=row["code"],
        words=row["words"],
        day=date.fromisoformat(day) if day else today,
    )
