"""A county's facts as columns: integers, and beside each what a rule may do with it.

One row a determination; the members of a household stand in list columns of its row. The same
table serves the kernel, the file a run is frozen in, and the words of one household for its
workings. A fact that nobody mentioned has no column: of it nothing was known.
"""

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from policies.counties.columns import Columns
from policies.reading.documents import month_index, month_text
from policies.reading.facts import (
    HOUSEHOLD,
    NOT_APPLICABLE,
    NOT_APPLICABLE_WORD,
    PERSON,
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
        if any(field not in table.schema for field in _FRAME):
            raise ValueError("this table is not a snapshot")
        self._table = table.combine_chunks()

    @classmethod
    def of(
        cls, determinations: Iterable[Mapping[str, Any]], facts: Mapping[str, Fact]
    ) -> "Snapshot":
        """The words of determinations as columns, in the order given."""
        columns = _Columns(facts)
        for words in determinations:
            columns.add(words)
        return cls(columns.table())

    @classmethod
    def joined(cls, snapshots: Sequence["Snapshot"]) -> "Snapshot":
        """Several as one, in their order; what only some mention is unknown in the others."""
        tables = [each.to_table() for each in snapshots]
        named = {field.name: field for table in tables for field in table.schema}
        order = sorted(named, key=_order)
        return cls(pa.concat_tables([_with_all(table, order, named) for table in tables]))

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

    @cached_property
    def columns(self) -> Columns:
        """The same as the kernel reads it."""
        return Columns(self)

    def column(self, name: str) -> Any:
        """A column as it lies in the table; of members, one entry a member."""
        return self._flat(name)

    def read(self, fact: Fact) -> tuple[Ints, Ints] | None:
        """The values of a fact and what stands beside them, if anybody mentioned it."""
        name = _column(fact)
        if name not in self._table.column_names:
            return None
        values, states = (
            self._flat(each).to_numpy(zero_copy_only=False) for each in (name, name + _STATE)
        )
        return values, states

    def texts_at(self, name: str, places: Ints) -> list[str]:
        """Some texts of a column."""
        found: list[str] = self._flat(name).take(pa.array(places)).to_pylist()
        return found

    def integers_at(self, name: str, places: Ints) -> Ints:
        """Some integers of a column."""
        return np.asarray(self._flat(name).take(pa.array(places)))

    def integers(self, name: str) -> Ints:
        """A column of integers; of members, one entry a member."""
        return np.asarray(self._flat(name).to_numpy(zero_copy_only=False)).astype(np.int64)

    def texts(self, name: str) -> list[str]:
        """A column of texts; of members, one entry a member."""
        found: list[str] = self._flat(name).to_pylist()
        return found

    def household(self, row: int) -> dict[str, Any]:
        """The words of one determination again."""
        found = self._table.slice(row, 1).to_pylist()[0]
        words: dict[str, Any] = {name: found[name] or None for name in _HOUSEHOLD_TEXTS}
        words["from_month"], words["until_month"] = _months(found["since"], found["until"])
        names = self._fact_columns()
        own = [name for name in names if not name.startswith(_MEMBER)]
        words["facts"] = {name: _word(found[name], found[name + _STATE]) for name in own}
        members = []
        for place, person_id in enumerate(found["member_person_id"]):
            since, until = _months(found["member_since"][place], found["member_until"][place])
            facts = {
                name.removeprefix(_MEMBER): _word(found[name][place], found[name + _STATE][place])
                for name in names
                if name.startswith(_MEMBER)
            }
            members.append({"person_id": person_id, "since": since, "until": until, "facts": facts})
        return {**words, "members": members}

    def _fact_columns(self) -> list[str]:
        names = self._table.column_names
        return [name.removesuffix(_STATE) for name in names if name.endswith(_STATE)]

    def _chunk(self, name: str) -> Any:
        column = self._table.column(name)
        return column.chunk(0) if column.num_chunks else pa.array([], column.type)

    def _flat(self, name: str) -> Any:
        column = self._chunk(name)
        return column.flatten() if name.startswith(_MEMBER) else column


class _Columns:
    """A snapshot in the making; a fact gets its column when somebody first mentions it."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self._texts: dict[str, list[str]] = {name: [] for name in _HOUSEHOLD_TEXTS}
        self._person_ids: list[str] = []
        self._first = array("i", [0])
        self._spans = {name: array("q") for name in (*_SPAN, *(_MEMBER + each for each in _SPAN))}
        self._pens: dict[str, dict[str, _Pen]] = {HOUSEHOLD: {}, PERSON: {}}

    def add(self, words: Mapping[str, Any]) -> None:
        row = len(self._first) - 1
        for name in _HOUSEHOLD_TEXTS:
            self._texts[name].append(str(words.get(name) or ""))
        self._span("", words["from_month"], words.get("until_month"))
        self._write(HOUSEHOLD, row, words["facts"])
        for member in words["members"]:
            self._span(_MEMBER, member.get("since"), member.get("until"))
            self._write(PERSON, len(self._person_ids), member["facts"])
            self._person_ids.append(str(member["person_id"]))
        self._first.append(len(self._person_ids))

    def table(self) -> pa.Table:
        first = pa.array(np.frombuffer(self._first, np.int32))

        def of_members(values: Any) -> Any:
            return pa.ListArray.from_arrays(first, values, type=_listed(values.type))

        columns: dict[str, Any] = {
            **{name: pa.array(texts, pa.string()) for name, texts in self._texts.items()},
            **{name: _integers(self._spans[name]) for name in _SPAN},
            f"{_MEMBER}person_id": of_members(pa.array(self._person_ids, pa.string())),
            **{
                _MEMBER + name: of_members(_integers(self._spans[_MEMBER + name])) for name in _SPAN
            },
        }
        for pen in self._pens[HOUSEHOLD].values():
            columns[pen.fact.name] = _integers(pen.values)
            columns[pen.fact.name + _STATE] = _integers(pen.states)
        for pen in self._pens[PERSON].values():
            columns[_MEMBER + pen.fact.name] = of_members(_integers(pen.values))
            columns[_MEMBER + pen.fact.name + _STATE] = of_members(_integers(pen.states))
        fields = [
            pa.field(name, columns[name].type, nullable=False)
            for name in sorted(columns, key=_order)
        ]
        return pa.Table.from_arrays(
            [columns[each.name] for each in fields], schema=pa.schema(fields)
        )

    def _write(self, entity: str, before: int, words: Mapping[str, object]) -> None:
        pens = self._pens[entity]
        if not words.keys() <= pens.keys():
            for name in words:
                fact = self._facts.get(name)
                if name not in pens and fact and fact.entity == entity and words[name] is not None:
                    pens[name] = _Pen.begun(fact, before)
        for name, pen in pens.items():
            pen.write(words.get(name))

    def _span(self, prefix: str, since: str | None, until: str | None) -> None:
        self._spans[prefix + "since"].append(month_index(since) if since else 0)
        self._spans[prefix + "until"].append(month_index(until) if until else OPEN)


@dataclass
class _Pen:
    """Writes the words of one fact; what it has read once it knows, for most come again."""

    fact: Fact
    values: "array[int]"
    states: "array[int]"
    read: dict[object, tuple[int, State]]

    @classmethod
    def begun(cls, fact: Fact, before: int) -> "_Pen":
        """A pen for a fact that was not mentioned so many times before."""
        values, states = array("q", [0]) * before, array("b", [State.UNKNOWN]) * before
        return cls(fact, values, states, {NOT_APPLICABLE_WORD: fact.read(NOT_APPLICABLE_WORD)})

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


def _column(fact: Fact) -> str:
    return f"{_MEMBER if fact.entity == PERSON else ''}{fact.name}"


def _integers(found: "array[int]") -> Any:
    kind = np.int8 if found.typecode == "b" else np.int64
    return pa.array(np.frombuffer(found, kind).copy() if found else np.empty(0, kind))


def _listed(kind: Any) -> Any:
    return pa.list_(pa.field("item", kind))


_FRAME: Final = (
    *(pa.field(name, pa.string(), nullable=False) for name in _HOUSEHOLD_TEXTS),
    *(pa.field(name, pa.int64(), nullable=False) for name in _SPAN),
    pa.field(f"{_MEMBER}person_id", _listed(pa.string()), nullable=False),
    *(pa.field(_MEMBER + name, _listed(pa.int64()), nullable=False) for name in _SPAN),
)
"""The columns every snapshot has; beside them stand two for each fact somebody mentioned."""

_PLACES: Final = {field.name: place for place, field in enumerate(_FRAME)}


def _order(name: str) -> tuple[int, bool, str]:
    """The frame first, then facts of households, then of members, each by name."""
    return _PLACES.get(name, len(_PLACES)), name.startswith(_MEMBER), name


def _with_all(table: pa.Table, order: Sequence[str], named: Mapping[str, Any]) -> pa.Table:
    """The table with every column named; what it did not mention is unknown."""
    lengths = pa.compute.list_value_length(table.column(f"{_MEMBER}person_id"))
    first = np.concatenate([[0], np.cumsum(lengths.to_numpy().astype(np.int32))]).astype(np.int32)
    columns = []
    for name in order:
        if name in table.column_names:
            columns.append(table.column(name).combine_chunks())
            continue
        of_member = name.startswith(_MEMBER)
        value = int(State.UNKNOWN) if name.endswith(_STATE) else 0
        kind = np.int8 if name.endswith(_STATE) else np.int64
        filled = pa.array(np.full(int(first[-1]) if of_member else len(table), value, kind))
        columns.append(
            pa.ListArray.from_arrays(pa.array(first), filled, type=named[name].type)
            if of_member
            else filled
        )
    return pa.Table.from_arrays(columns, schema=pa.schema([named[name] for name in order]))


def _months(since: int, until: int) -> tuple[str | None, str | None]:
    return month_text(since) if since else None, None if until == OPEN else month_text(until)


def _word(value: int, state: int) -> object:
    if state == State.KNOWN:
        return NOT_APPLICABLE_WORD if value == NOT_APPLICABLE else value
    return None if state == State.UNKNOWN else "out-of-range"
