"""A county of a million people and five keyed lists of five million rows, the same every time.

People stand in households of three; every third household is on dibao. Nearly every row of a list
tells of somebody who is not of the county, as a province's lists do.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from services.identification.comparison import keyed_files
from services.identification.comparison.feeds import Feed
from services.identification.comparison.keyed_files import KeyedWriter
from services.identification.comparison.pseudonyms import Pseudonyms
from services.identification.comparison.rows import identities
from services.identification.sealed_files import SealedWriter
from shared.secrets import KeyRing

MONTH: Final = "2026-10"
TODAY: Final = date(2026, 9, 25)
PURPOSE: Final = "bench|people"
HITS_A_MILLION: Final = 9_900
"""People of the county on each list; no two lists tell of one household."""

_AT_ONCE: Final = 200_000
_FIRST: Final = 51142519000000000
_STRANGER: Final = 31010119000000000
_HOUSEHOLD: Final = 3
_LISTS: Final[Mapping[str, tuple[bool, str]]] = {
    "deaths": (True, "died_on"),
    "public-payroll": (True, "pay"),
    "vehicles": (True, "plate"),
    "hospital-bills": (False, "own"),
    "registered-poor": (False, "standing"),
}
"""Each list with whether its people are on dibao, and the column that tells of them."""


def make(people: int, rows: int, folder: Path, keys: KeyRing, feeds: Mapping[str, Feed]) -> None:
    """Write people and lists: sealed as production has them, and plain for DuckDB alone."""
    chance = np.random.default_rng(2026)
    pseudonyms = Pseudonyms(keys)
    table = _people(people, pseudonyms)
    pq.write_table(table, folder / "people.parquet", compression="zstd")
    with SealedWriter(folder / "people.sealed", keys, PURPOSE) as file:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=65_536)
        file.write(sink.getvalue().to_pybytes())
    households = people // _HOUSEHOLD
    on_dibao = np.flatnonzero(np.arange(households) % 3 == 0)
    others = np.flatnonzero(np.arange(households) % 3 != 0)
    drawn = {True: iter(chance.permutation(on_dibao)), False: iter(chance.permutation(others))}
    for name, (helped, _) in _LISTS.items():
        count = people * HITS_A_MILLION // 1_000_000
        homes = np.fromiter((next(drawn[helped]) for _ in range(count)), np.int64, count)
        hits = homes * _HOUSEHOLD + chance.integers(0, _HOUSEHOLD, count)
        _write(name, rows, hits, folder, feeds[name], pseudonyms, chance)


def path_of(folder: Path, name: str) -> Path:
    """Where a list lies."""
    return folder / f"{name}.parquet"


def names() -> list[str]:
    """The lists."""
    return list(_LISTS)


def _people(count: int, pseudonyms: Pseudonyms) -> Any:
    places = np.arange(count)
    homes = places // _HOUSEHOLD
    helped = (homes % 3 == 0).astype(np.int32)

    def ids(numbers: Any, mark: int) -> Any:
        found = np.zeros((len(numbers), 2), ">u8")
        found[:, 0], found[:, 1] = mark, numbers
        return pa.Array.from_buffers(
            pa.binary(16), len(numbers), [None, pa.py_buffer(np.ascontiguousarray(found))]
        )

    def same(value: int) -> Any:
        return pa.array(np.full(count, value, np.int32))

    return pa.table(
        {
            "key": keyed_files.keys_column(pseudonyms.of_payloads(_FIRST + places)),
            "person_id": ids(places, 1),
            "household_id": ids(homes, 2),
            "origin": pa.array(np.zeros(count, np.int8)),
            "village": pa.array(511425001200 + homes % 50),
            "registration": same(2),
            "on_dibao": pa.array(helped),
            "income_fen_monthly": same(5_000),
            "born_on": same(1970_01_01),
            "died_on": same(-1),
            "on_tekun": same(0),
            "on_single_person": same(0),
            "on_children_living": same(0),
            "on_edge": same(0),
            "on_rigid_spending": same(0),
            "low_income_group": same(-1),
            "care_mode": same(-1),
            "self_care": same(-1),
            "disability_grade": same(-1),
            "disability_kind": same(-1),
            "on_disability_living": same(0),
            "on_disability_nursing": same(0),
            "on_old_age": same(0),
        }
    )


def _write(
    name: str, rows: int, hits: Any, folder: Path, feed: Feed, pseudonyms: Pseudonyms, chance: Any
) -> None:
    where = np.sort(chance.choice(rows, len(hits), replace=False))
    payloads = _STRANGER + chance.permutation(rows)
    payloads[where] = _FIRST + hits
    with KeyedWriter(path_of(folder, name), feed) as writer:
        for start in range(0, rows, _AT_ONCE):
            some = payloads[start : start + _AT_ONCE]
            values = {each.name: _values(each.name, len(some), chance) for each in feed.kept}
            writer.add(
                {
                    keyed_files.KEY: keyed_files.keys_column(pseudonyms.of_payloads(some)),
                    keyed_files.ROW: pa.array(np.arange(start, start + len(some)), pa.int32()),
                    keyed_files.IDENTITY: pa.array(
                        identities([values[each] for each in feed.identity])
                    ),
                    **values,
                }
            )


def _values(column: str, count: int, chance: Any) -> Any:
    """What a column of a list says, row by row."""
    if column in {"died_on", "registered_on"}:
        return pa.array(2026_09_01 + chance.integers(0, 28, count))
    if column == "pay":
        return pa.array(chance.integers(200_000, 800_000, count))
    if column == "own":
        return pa.array(chance.integers(2_000_000, 9_000_000, count))
    if column == "month":
        return pa.array(np.full(count, 2026_08))
    if column in {"care", "standing"}:
        return pa.array(np.ones(count, np.int64))
    return pa.array(chance.integers(0, 1 << 62, count))
