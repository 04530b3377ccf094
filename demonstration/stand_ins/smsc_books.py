"""The stand-in SMS centre's own books: every text it took, kept before it says so."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS sms (
    number_in_book INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    telephone TEXT NOT NULL,
    source TEXT NOT NULL,
    words TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    stat TEXT NOT NULL,
    receipt_due REAL NOT NULL,
    receipts_owed INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sms_telephone ON sms (telephone, number_in_book);
CREATE INDEX IF NOT EXISTS sms_receipts ON sms (receipt_due) WHERE receipts_owed > 0;
"""

_COLUMNS: Final = "message_id, telephone, source, words, taken_at, stat, receipt_due, receipts_owed"


@dataclass(frozen=True, slots=True)
class Sms:
    """One text as the centre keeps it."""

    message_id: str
    telephone: str
    source: str
    words: str
    taken_at: str
    stat: str
    receipt_due: float = 0.0
    receipts_owed: int = 0


class Books:
    """A SQLite file; what is committed survives the process being killed."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        mode = "ro" if read_only else "rwc"
        self._connection = sqlite3.connect(
            f"file:{path}?mode={mode}", uri=True, isolation_level=None
        )
        self._connection.execute("PRAGMA busy_timeout = 2000")
        if not read_only:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_TABLES)

    def take(self, texts: Iterable[Sms]) -> None:
        """Keep some texts, all or none."""
        self._all_or_none(
            f"INSERT INTO sms ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 # Our own names.
            [
                (
                    text.message_id, text.telephone, text.source, text.words, text.taken_at,
                    text.stat, text.receipt_due, text.receipts_owed,
                )
                for text in texts
            ],
        )  # fmt: skip

    def receipts_due(self, now: float, limit: int) -> list[Sms]:
        """Texts for which somebody still waits to hear what became of them."""
        return self._select(
            "WHERE receipts_owed > 0 AND receipt_due <= ? ORDER BY receipt_due LIMIT ?",
            (now, limit),
        )

    def receipts_sent(self, message_ids: Sequence[str]) -> None:
        """Note one acknowledged receipt for each of these."""
        self._all_or_none(
            "UPDATE sms SET receipts_owed = max(receipts_owed - 1, 0) WHERE message_id = ?",
            [(message_id,) for message_id in message_ids],
        )

    def newest(self, telephone: str | None = None, limit: int = 50) -> list[Sms]:
        """The newest texts, of one telephone or of all."""
        order = "ORDER BY number_in_book DESC LIMIT ?"
        if telephone is None:
            return self._select(order, (limit,))
        return self._select(f"WHERE telephone = ? {order}", (telephone, limit))

    def copies(self) -> dict[tuple[str, str], int]:
        """How many times each text was taken for each telephone: the oracle for telling twice."""
        rows = self._connection.execute(
            "SELECT telephone, words, count(*) FROM sms GROUP BY telephone, words"
        )
        return {(telephone, words): count for telephone, words, count in rows}

    def count(self) -> int:
        """How many texts were taken."""
        (count,) = self._connection.execute("SELECT count(*) FROM sms").fetchone()
        return int(count)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _select(self, rest: str, values: tuple[object, ...]) -> list[Sms]:
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM sms {rest}", values)  # noqa: S608 # Only our own endings.
        return [Sms(*row) for row in rows]

    def _all_or_none(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany(statement, rows)
        except sqlite3.Error:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def stated_time(clock: str) -> str:
    """The instant of "system", or of "file:" and a path, as ISO text."""
    if clock.startswith("file:"):
        return Path(clock.removeprefix("file:")).read_text(encoding="utf-8").strip()
    return datetime.now(UTC).isoformat(timespec="seconds")
