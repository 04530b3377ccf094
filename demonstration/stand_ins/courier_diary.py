"""The courier's diary: every step is on disk before the next one is taken."""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS envelope (
    id TEXT PRIMARY KEY, bank TEXT NOT NULL, batch TEXT NOT NULL, name TEXT NOT NULL,
    manifest TEXT NOT NULL, state TEXT NOT NULL, answer TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, mailbox TEXT NOT NULL, number INTEGER NOT NULL, bank TEXT,
    name TEXT NOT NULL, sha256 TEXT NOT NULL, content BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', answer TEXT NOT NULL DEFAULT '',
    UNIQUE (mailbox, number)
);
CREATE INDEX IF NOT EXISTS message_waiting ON message (bank, id) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS trouble (envelope_id TEXT PRIMARY KEY, words TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class BankMessage:
    """One message as a bank's mailbox has it."""

    number: int
    bank: str | None
    """Whose it is; None for one that names no account of a bank we work for."""
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Handed:
    """One file on its way to a bank."""

    envelope_id: str
    batch: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message on its way to the door."""

    identity: int
    name: str
    content: bytes


class Diary:
    """SQLite beside a folder of fetched files."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._files.mkdir(exist_ok=True, mode=0o700)
        self._db = sqlite3.connect(folder / "diary.sqlite", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Shut it."""
        self._db.close()

    def knows(self, envelope_id: str) -> bool:
        """Whether an envelope has been fetched."""
        row = self._db.execute("SELECT 1 FROM envelope WHERE id = ?", (envelope_id,))
        return row.fetchone() is not None

    def keep_file(
        self, bank: str, envelope_id: str, manifest: dict[str, Any], content: bytes
    ) -> None:
        """Keep a fetched file, then say so."""
        draft = self._files / f".{envelope_id}.draft"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._files / envelope_id)
        self._db.execute(
            "INSERT INTO envelope (id, bank, batch, name, manifest, state)"
            " VALUES (?, ?, ?, ?, ?, 'fetched')",
            (envelope_id, bank, manifest["batch"], manifest["file"], json.dumps(manifest)),
        )
        self._db.execute("DELETE FROM trouble WHERE envelope_id = ?", (envelope_id,))

    def note_trouble(self, envelope_id: str, words: str) -> None:
        """Write down why a file was not taken."""
        self._db.execute("INSERT OR REPLACE INTO trouble VALUES (?, ?)", (envelope_id, words))

    def files(self, bank: str, state: str) -> Iterator[Handed]:
        """The files of a bank in a state, oldest first."""
        rows = self._db.execute(
            "SELECT id, batch, name FROM envelope WHERE bank = ? AND state = ? ORDER BY rowid",
            (bank, state),
        ).fetchall()
        for row in rows:
            content = (self._files / row["id"]).read_bytes()
            yield Handed(row["id"], row["batch"], row["name"], content)

    def move(self, envelope_id: str, state: str, answer: str) -> None:
        """Write down how far a file is."""
        self._db.execute(
            "UPDATE envelope SET state = ?, answer = ? WHERE id = ?", (state, answer, envelope_id)
        )

    def last_message(self, mailbox: str) -> int:
        """The number of the newest message taken from a mailbox."""
        row = self._db.execute(
            "SELECT COALESCE(MAX(number), 0) AS number FROM message WHERE mailbox = ?", (mailbox,)
        )
        return int(row.fetchone()["number"])

    def keep_message(self, mailbox: str, message: BankMessage, *, ours: bool) -> None:
        """Keep a message; one that is kept already changes nothing."""
        self._db.execute(
            "INSERT OR IGNORE INTO message (mailbox, number, bank, name, sha256, content, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                mailbox,
                message.number,
                message.bank,
                message.name,
                sha256(message.content).hexdigest(),
                message.content,
                "waiting" if ours else "nobody's",
            ),
        )

    def undelivered(self, bank: str) -> Iterator[Waiting]:
        """What the door has not answered yet, oldest first."""
        rows = self._db.execute(
            "SELECT id FROM message WHERE bank = ? AND state = 'waiting' ORDER BY number", (bank,)
        ).fetchall()
        for row in rows:
            message = self._db.execute(
                "SELECT id, name, content FROM message WHERE id = ?", (row["id"],)
            ).fetchone()
            yield Waiting(message["id"], message["name"], bytes(message["content"]))

    def delivered(self, identity: int, state: str, answer: str) -> None:
        """Write down what the door said: taken, or refused in words."""
        self._db.execute(
            "UPDATE message SET state = ?, answer = ? WHERE id = ?", (state, answer, identity)
        )

    def counts(self) -> dict[str, Any]:
        """How many files and messages are where."""
        files = self._db.execute("SELECT state, count(*) FROM envelope GROUP BY state")
        messages = self._db.execute("SELECT state, count(*) FROM message GROUP BY state")
        refused = self._db.execute(
            "SELECT name, answer FROM message WHERE state = 'refused' ORDER BY id DESC LIMIT 20"
        )
        bounced = self._db.execute(
            "SELECT id, bank, answer FROM envelope"
            " WHERE json_extract(answer, '$.refused') IS NOT NULL"
            " OR json_extract(answer, '$.status') = 'RJCT' LIMIT 20"
        )
        not_taken = self._db.execute("SELECT envelope_id, words FROM trouble LIMIT 20")
        counted = {
            "files": {row[0]: row[1] for row in files},
            "messages": {row[0]: row[1] for row in messages},
        }
        files_under_way = [counted["files"].get(state, 0) for state in ("fetched", "handing")]
        return counted | {
            "waiting": {
                "files": sum(files_under_way),
                "messages": counted["messages"].get("waiting", 0),
            },
            "refused": [dict(row) for row in refused],
            "bounced": [dict(row) for row in bounced],
            "not_taken": [dict(row) for row in not_taken],
        }
