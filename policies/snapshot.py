"""A county's facts as columns: integers, and beside each what a rule may do with it.

One row a determination; the members of a household stand in list columns of its row. The same
table serves the loop, the file a run is frozen in, and the words of one household for its workings.
A snapshot frozen before a fact was declared stays readable: of that fact nothing was known.
"""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.documents import month_index, month_text
from policies.facts import (
    HOUSEHOLD_FACTS,
    NOT_APPLICABLE,
    NOT_APPLICABLE_WORD,
    PERSON_FACTS,
    Fact,
    State,
)

OPEN: Final = 99_999
"""The month index of a determination or membership without an end."""

_HOUSEHOLD_TEXTS: Final = ("determination_id", "household_id", "village", "decided_on")
_SPAN: Final = ("since", "until")
_STATE: Final = "_state"
_MEMBER: Final = "member_"
_REMEMBERED: Final = 100_000

Ints = npt.NDArray[np.int64]


class Snapshot:
    """What was known of a county's assisted households, as one columnar table."""

    def __init__(self, table: pa.Table) -> None:
        frame = [field for field in _schema() if _fact_of(field.name) is None]
        if any(field not in table.schema for field in frame):
            raise ValueError("this table is not a snapshot")
        self._table = table.combine_chunks()

    @classmethod
    def of(cls, determinations: Iterable[Mapping[str, Any]]) -> "Snapshot":
        """The words of determinations as columns, in the order given."""
        columns = _Columns()
        for words in determinations:
            columns.add(words)
        return cls(columns.table())

    @classmethod
    def from_table(cls, table: pa.Table) -> "Snapshot":
        return cls(table)

    @classmethod
    def from_bytes(cls, content: bytes) -> "Snapshot":
        with pa.ipc.open_file(pa.BufferReader(content)) as reader:
            return cls(reader.read_all())

    def to_table(self) -> pa.Table:
        return self._table

    def to_bytes(self) -> bytes:
        """The table as one Arrow IPC file, compressed."""
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_file(sink, self._table.schema, options=options) as writer:
            writer.write_table(self._table)
        return bytes(sink.getvalue())

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @cached_property
    def sha256(self) -> str:
        """Over names and values in order, whatever the file they are kept in."""
        total = hashlib.sha256()
        for name in self._table.column_names:
            total.update(f"{name}\n".encode())
            if name.startswith(_MEMBER):
                total.update(self.first.astype("<i8").tobytes())
            column = self._flat(name)
            if pa.types.is_string(column.type):
                for text in column.to_pylist():
                    total.update(f"{len(text)}:{text}".encode())
            else:
                total.update(self.integers(name).astype("<i8").tobytes())
        return total.hexdigest()

    @cached_property
    def first(self) -> Ints:
        """Where the members of each household begin; one more entry than households."""
        column = self._chunk("member_person_id")
        offsets = column.offsets.to_numpy().astype(np.int64)
        return offsets - offsets[0] if len(offsets) else np.zeros(1, np.int64)

    def integers(self, name: str) -> Ints:
        """A column of integers; of members, one entry a member."""
        return np.asarray(self._flat(name).to_numpy(zero_copy_only=False)).astype(np.int64)

    def values(self, fact: Fact) -> Ints:
        return self._of_fact(fact, "", 0)

    def states(self, fact: Fact) -> Ints:
        return self._of_fact(fact, _STATE, State.UNKNOWN)

    def _of_fact(self, fact: Fact, ending: str, otherwise: int) -> Ints:
        name = _column(fact) + ending
        if name in self._table.column_names:
            return self.integers(name)
        length = len(self) if fact.entity == "household" else int(self.first[-1])
        return np.full(length, otherwise, np.int64)

    def texts(self, name: str) -> list[str]:
        """A column of texts; of members, one entry a member."""
        found: list[str] = self._flat(name).to_pylist()
        return found

    def household(self, row: int) -> dict[str, Any]:
        """The words of one determination again."""
        found = self._table.slice(row, 1).to_pylist()[0]
        words: dict[str, Any] = {name: found[name] or None for name in _HOUSEHOLD_TEXTS}
        words["from_month"], words["until_month"] = _months(found["since"], found["until"])
        words["facts"] = {fact.name: _word(fact, found, None) for fact in HOUSEHOLD_FACTS}
        members = []
        for place, person_id in enumerate(found["member_person_id"]):
            since, until = _months(found["member_since"][place], found["member_until"][place])
            facts = {fact.name: _word(fact, found, place) for fact in PERSON_FACTS}
            members.append({"person_id": person_id, "since": since, "until": until, "facts": facts})
        return {**words, "members": members}

    def _chunk(self, name: str) -> Any:
        column = self._table.column(name)
        return column.chunk(0) if column.num_chunks else pa.array([], column.type)

    def _flat(self, name: str) -> Any:
        column = self._chunk(name)
        return column.flatten() if name.startswith(_MEMBER) else column


class _Columns:
    """A snapshot in the making."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {name: [] for name in _HOUSEHOLD_TEXTS}
        self._person_ids: list[str] = []
        self._first = array("i", [0])
        self._integers: dict[str, array[int]] = {
            field.name: array("b" if field.name.endswith(_STATE) else "q")
            for field in _schema()
            if field.name not in {*_HOUSEHOLD_TEXTS, "member_person_id"}
        }
        self._household_pens = [self._pen(fact) for fact in HOUSEHOLD_FACTS]
        self._person_pens = [self._pen(fact) for fact in PERSON_FACTS]

    def add(self, words: Mapping[str, Any]) -> None:
        for name in _HOUSEHOLD_TEXTS:
            self._texts[name].append(str(words.get(name) or ""))
        self._span("", words["from_month"], words.get("until_month"))
        for pen in self._household_pens:
            pen.write(words["facts"].get(pen.fact.name))
        for member in words["members"]:
            self._person_ids.append(str(member["person_id"]))
            self._span(_MEMBER, member.get("since"), member.get("until"))
            facts = member["facts"]
            for pen in self._person_pens:
                pen.write(facts.get(pen.fact.name))
        self._first.append(len(self._person_ids))

    def table(self) -> pa.Table:
        first = pa.array(np.frombuffer(self._first, np.int32))
        arrays = []
        for field in _schema():
            if field.name in self._texts:
                arrays.append(pa.array(self._texts[field.name], pa.string()))
            elif field.name == "member_person_id":
                people = pa.array(self._person_ids, pa.string())
                arrays.append(pa.ListArray.from_arrays(first, people, type=field.type))
            elif field.name.startswith(_MEMBER):
                values = self._column(field.name, field.type.value_type)
                arrays.append(pa.ListArray.from_arrays(first, values, type=field.type))
            else:
                arrays.append(self._column(field.name, field.type))
        return pa.Table.from_arrays(arrays, schema=_schema())

    def _column(self, name: str, kind: Any) -> Any:
        found = self._integers[name]
        return pa.array(np.array(found, np.int8 if found.typecode == "b" else np.int64), kind)

    def _span(self, prefix: str, since: str | None, until: str | None) -> None:
        self._integers[prefix + "since"].append(_month(since) if since else 0)
        self._integers[prefix + "until"].append(_month(until) if until else OPEN)

    def _pen(self, fact: Fact) -> "_Pen":
        values, states = (self._integers[_column(fact) + end] for end in ("", _STATE))
        return _Pen(fact, values, states, {NOT_APPLICABLE_WORD: fact.read(NOT_APPLICABLE_WORD)})


@dataclass
class _Pen:
    """Writes the words of one fact; what it has read once it knows, for most come again."""

    fact: Fact
    values: "array[int]"
    states: "array[int]"
    read: dict[object, tuple[int, State]]

    def write(self, word: object) -> None:
        # Only whole numbers and texts are remembered: 1, 1.0 and True are one key to a dict.
        remembered = type(word) is int or type(word) is str
        found = self.read.get(word) if remembered else None
        if found is None:
            found = self.fact.read(word)
            if remembered and len(self.read) < _REMEMBERED:
                self.read[word] = found
        self.values.append(found[0])
        self.states.append(found[1])


@lru_cache(maxsize=4096)
def _month(text: str) -> int:
    return month_index(text)


def _column(fact: Fact) -> str:
    return f"{_MEMBER if fact.entity == 'person' else ''}{fact.name}"


def _fact_of(column: str) -> str | None:
    """The fact a column belongs to, if it is one of a fact."""
    names = {_column(fact) for fact in HOUSEHOLD_FACTS + PERSON_FACTS}
    name = column.removesuffix(_STATE)
    return name if name in names else None


def _schema() -> Any:
    def fields() -> Iterator[Any]:
        for name in _HOUSEHOLD_TEXTS:
            yield pa.field(name, pa.string(), nullable=False)
        for name in _SPAN:
            yield pa.field(name, pa.int64(), nullable=False)
        for fact in HOUSEHOLD_FACTS:
            yield pa.field(fact.name, pa.int64(), nullable=False)
            yield pa.field(fact.name + _STATE, pa.int8(), nullable=False)
        yield _members("person_id", pa.string())
        for name in _SPAN:
            yield _members(name, pa.int64())
        for fact in PERSON_FACTS:
            yield _members(fact.name, pa.int64())
            yield _members(fact.name + _STATE, pa.int8())

    return pa.schema(list(fields()))


def _members(name: str, kind: Any) -> Any:
    return pa.field(_MEMBER + name, pa.list_(pa.field("item", kind)), nullable=False)


def _months(since: int, until: int) -> tuple[str | None, str | None]:
    return month_text(since) if since else None, None if until == OPEN else month_text(until)


def _word(fact: Fact, found: Mapping[str, Any], place: int | None) -> object:
    if _column(fact) not in found:
        return None
    value, state = found[_column(fact)], found[_column(fact) + _STATE]
    if place is not None:
        value, state = value[place], state[place]
    if state == State.KNOWN:
        return NOT_APPLICABLE_WORD if value == NOT_APPLICABLE else value
    return None if state == State.UNKNOWN else "out-of-range"
