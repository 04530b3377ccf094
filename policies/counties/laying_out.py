"""A county's facts laid out as a snapshot from columns, where others hold them so already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from policies.counties.snapshot import OPEN, Ints, Snapshot
from policies.reading.facts import NOT_APPLICABLE, PERSON, Fact, State

_MEMBER: Final = "member_"
UNKNOWN: Final = -2
"""How a column says that of somebody nothing is known; no fact has this value."""


@dataclass(frozen=True)
class Laid:
    """Households and their members: who they are, and where each household's members begin."""

    household_ids: Any
    villages: Any
    person_ids: Any
    first: Ints
    """One entry more than households: where the members of each begin, and the end of all."""


def lay_out(laid: Laid, facts: Mapping[str, Fact], values: Mapping[str, Ints | None]) -> Snapshot:
    """A snapshot in force in every month; a fact whose values are None is unknown of everybody.

    Values have one entry a household, or one a member for facts of persons. What lies outside the
    range of its fact is marked so, as a word of a determination would be.
    """
    first = pa.array(laid.first.astype(np.int32))
    households, members = len(laid.first) - 1, int(laid.first[-1])

    def listed(column: Any) -> Any:
        kind = pa.list_(pa.field("item", column.type))
        return pa.ListArray.from_arrays(first, column, type=kind)

    def filled(count: int, value: int) -> Any:
        return pa.array(np.full(count, value, np.int64))

    nothing = pa.array([""] * households, pa.string())
    columns: dict[str, Any] = {
        "determination_id": nothing,
        "household_id": laid.household_ids,
        "village": laid.villages,
        "decided_on": nothing,
        "since": filled(households, 0),
        "until": filled(households, OPEN),
        f"{_MEMBER}person_id": listed(laid.person_ids),
        f"{_MEMBER}since": listed(filled(members, 0)),
        f"{_MEMBER}until": listed(filled(members, OPEN)),
    }
    for name, found in values.items():
        fact = facts[name]
        if found is None:
            continue
        read, states = _read(fact, found)
        if fact.entity == PERSON:
            columns[_MEMBER + name], columns[f"{_MEMBER}{name}_state"] = (
                listed(read),
                listed(states),
            )
        else:
            columns[name], columns[f"{name}_state"] = read, states
    fields = [pa.field(name, column.type, nullable=False) for name, column in columns.items()]
    return Snapshot(pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields)))


def _read(fact: Fact, found: Ints) -> tuple[Any, Any]:
    values = found.astype(np.int64)
    holds = (values >= fact.lowest) & (values <= fact.highest)
    if fact.may_not_apply:
        holds |= values == NOT_APPLICABLE
    states = np.where(holds, State.KNOWN, State.OUT_OF_RANGE).astype(np.int8)
    states[values == UNKNOWN] = State.UNKNOWN
    return pa.array(np.where(holds, values, 0)), pa.array(states)
