"""Rows put by between the survey of a roster and its loading: sealed, in chunks, found by number.

The workbook is read once. What is put by lies in the file as it was written, household by
household, so that a loading that was cut short goes on at the next chunk.
"""

import json
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from services.identification.roster.xlsx import Cell
from services.identification.sealed_files import SealedReader, SealedWriter
from shared.secrets import KeyRing

_LENGTH: Final = struct.Struct(">Q")

Block = tuple[int, list[tuple[int, list[Cell]]]]
"""A household as it stands in the file: its place among the households, and its rows."""


@dataclass
class Surveyed:
    """What the survey found, as loading needs it."""

    today: str
    from_1904: bool
    rows: int = 0
    households: int = 0
    chunks: list[int] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    # The index of everybody in the file (its first eight bytes), sorted, and whose household it is.
    people: npt.NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    people_households: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    # Eight bytes of the hash of each household number, sorted.
    numbers: npt.NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    # The province's number of each household of which the file says one.
    provincial: dict[str, str] = field(default_factory=dict)

    def names_otherwise(self, number: str, provincial_number: str) -> bool:
        """Whether the file says another number of the province's of a household."""
        return self.provincial.get(number, provincial_number) != provincial_number

    def lists(self, number: str) -> bool:
        """Whether a household stands in the file."""
        wanted = number_key(number)
        place = int(np.searchsorted(self.numbers, wanted))
        return place < len(self.numbers) and bool(self.numbers[place] == wanted)

    def holds(self, index: bytes) -> bool:
        """Whether a person stands in the file, in a household that can be loaded."""
        wanted = np.uint64(int.from_bytes(index[:8], "big"))
        place = int(np.searchsorted(self.people, wanted))
        if place == len(self.people) or self.people[place] != wanted:
            return False
        return int(self.people_households[place]) not in self.bad


def number_key(number: str) -> np.uint64:
    """A household number made short, to be looked up."""
    return np.uint64(int.from_bytes(sha256(number.encode()).digest()[:8], "big"))


class Stager:
    """Puts blocks by, a chunk at a time, and then what was found."""

    def __init__(self, path: Path, keys: KeyRing, purpose: str, chunk_rows: int) -> None:
        self._writer = SealedWriter(path, keys, purpose)
        self._chunk_rows = chunk_rows
        self._at = 0
        self._waiting: list[Block] = []
        self._waiting_rows = 0
        self.chunks: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: object, trace: TracebackType | None
    ) -> None:
        self._writer.__exit__(kind, value, trace)

    def add(self, block: Block) -> None:
        """Put one household by."""
        self._waiting.append(block)
        self._waiting_rows += len(block[1])
        if self._waiting_rows >= self._chunk_rows:
            self._flush()

    def finish(self, found: Surveyed) -> None:
        """Write what was found and close the file."""
        if self._waiting:
            self._flush()
        found.chunks = self.chunks
        start = self._at
        words = {
            "today": found.today,
            "from_1904": found.from_1904,
            "rows": found.rows,
            "households": found.households,
            "chunks": found.chunks,
            "bad": sorted(found.bad),
            "provincial": found.provincial,
        }
        self._write(json.dumps(words).encode())
        self._write(found.people.tobytes())
        self._write(found.people_households.tobytes())
        self._write(found.numbers.tobytes())
        self._writer.write(_LENGTH.pack(start))
        self._writer.finish()

    def _flush(self) -> None:
        self.chunks.append(self._at)
        self._write(json.dumps(self._waiting, ensure_ascii=False).encode())
        self._waiting, self._waiting_rows = [], 0

    def _write(self, content: bytes) -> None:
        self._at += self._writer.write(_LENGTH.pack(len(content)))
        self._at += self._writer.write(content)


class Staged:
    """Reads back what was put by."""

    def __init__(self, path: Path, keys: KeyRing, purpose: str) -> None:
        self._reader = SealedReader(path, keys, purpose)
        self._reader.seek(-_LENGTH.size, 2)
        self._reader.seek(_LENGTH.unpack(self._reader.read(_LENGTH.size))[0])
        words: dict[str, Any] = json.loads(self._part())
        self.found = Surveyed(
            today=words["today"],
            from_1904=words["from_1904"],
            rows=words["rows"],
            households=words["households"],
            chunks=words["chunks"],
            bad=set(words["bad"]),
            people=np.frombuffer(self._part(), np.uint64),
            people_households=np.frombuffer(self._part(), np.int32),
            numbers=np.frombuffer(self._part(), np.uint64),
            provincial=words.get("provincial", {}),
        )

    def chunk(self, number: int) -> list[Block]:
        """The households of one chunk, the first being 0."""
        self._reader.seek(self.found.chunks[number])
        blocks: list[Block] = json.loads(self._part())
        return blocks

    def close(self) -> None:
        """Give the file back."""
        self._reader.close()

    def _part(self) -> bytes:
        length = _LENGTH.unpack(self._reader.read(_LENGTH.size))[0]
        return self._reader.read(length)
