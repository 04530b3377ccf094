"""Keyed rows on disk: one Parquet file a delivery; keys, sums, days and codes, and no ID number.

It stands under its name only when it is whole; its hash is written down with the delivery.
"""

import os
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from services.identification.comparison.feeds import Feed
from services.identification.comparison.pseudonyms import Bytes

FOLDER: Final = "feeds"
KEY: Final = "key"
OTHER: Final = "other_key"
ROW: Final = "row"
IDENTITY: Final = "identity"
_ROWS_A_GROUP: Final = 122_880  # As DuckDB reads them: one thread a group.


def path_of(files_dir: Path, delivery_id: UUID) -> Path:
    """Where the keyed rows of a delivery lie."""
    return files_dir / FOLDER / f"{delivery_id}.parquet"


def schema_of(feed: Feed) -> Any:
    """The columns of a feed's keyed rows."""
    fields = [pa.field(KEY, pa.uuid(), nullable=False)]
    if feed.pairs:
        fields.append(pa.field(OTHER, pa.uuid(), nullable=False))
    fields += [
        pa.field(ROW, pa.int32(), nullable=False),
        pa.field(IDENTITY, pa.uint64(), nullable=False),
    ]
    return pa.schema([*fields, *(pa.field(each.name, pa.int64()) for each in feed.kept)])


def keys_column(keys: Bytes) -> Any:
    """Keys as a column: sixteen bytes each, which the files call a UUID."""
    plain = np.ascontiguousarray(keys)
    storage = pa.Array.from_buffers(pa.binary(16), len(plain), [None, pa.py_buffer(plain)])
    return pa.ExtensionArray.from_storage(pa.uuid(), storage)


class KeyedWriter:
    """Writes the keyed rows of one delivery, batch by batch."""

    def __init__(self, path: Path, feed: Feed) -> None:
        self._path = path
        self._draft = path.with_name(f"{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._schema = schema_of(feed)
        self._waiting: list[Any] = []
        self._rows = 0
        self.written = 0
        self._writer = pq.ParquetWriter(
            self._draft,
            self._schema,
            compression="zstd",
            use_dictionary=[each.name for each in feed.kept],
        )

    def add(self, columns: Mapping[str, Any]) -> None:
        """Write a batch of entries."""
        batch = pa.table([columns[name] for name in self._schema.names], schema=self._schema)
        self._waiting.append(batch)
        self._rows += batch.num_rows
        if self._rows >= _ROWS_A_GROUP:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: object, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._writer.close()
            self._draft.unlink(missing_ok=True)
            return
        self._flush()
        self._writer.close()
        with self._draft.open("rb+") as file:
            os.fsync(file.fileno())
        self._draft.replace(self._path)

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), _ROWS_A_GROUP)
            self.written += self._rows
            self._waiting, self._rows = [], 0


def fits(path: Path, feed: Feed) -> bool:
    """Whether keyed rows have the columns that the table of feeds says now."""
    return bool(pq.read_schema(path).names == schema_of(feed).names)


def earliest(path: Path, column: str) -> int | None:
    """The least a column says, by the file's own statistics; None when no row says it, or the file
    is gone."""
    if not path.exists():
        return None
    known = pq.read_metadata(path)
    place = known.schema.names.index(column)
    groups = (known.row_group(number).column(place) for number in range(known.num_row_groups))
    said = [each.statistics.min for each in groups if each.is_stats_set]
    return min((int(each) for each in said if each is not None), default=None)


def hash_of(path: Path) -> str:
    """The hash by which keyed rows are known to be the ones that were written."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
