"""A book: records of one kind, a column of words for each thing a report asks of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

KEYS: Final = ("record", "household", "village")
"""What every row begins with: the record's id, its household's or none, and where it is."""
UNKNOWN: Final = "unknown"
_TOWN_DIGITS: Final = 9


@dataclass(frozen=True)
class Book:
    """Records and what is known of each, in the order they are listed in."""

    rows: pa.Table

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> "Book":
        """A book of these rows: the keys, then the columns as they are named."""
        names = [*KEYS, *columns]
        taken = list(zip(*rows, strict=True)) or [()] * len(names)
        table = pa.table(
            {name: pa.array(each, pa.string()) for name, each in zip(names, taken, strict=True)}
        )
        towns = pc.utf8_slice_codeunits(table["village"], 0, _TOWN_DIGITS)
        return cls(
            table.append_column("town", towns).sort_by(
                [("village", "ascending"), ("household", "ascending"), ("record", "ascending")]
            )
        )

    def with_columns(self, columns: Iterable[str]) -> "Book":
        """The same with these columns too: what was not asked when it was frozen is unknown."""
        rows = self.rows
        for name in columns:
            if name not in rows.column_names:
                rows = rows.append_column(name, pa.repeat(pa.scalar(UNKNOWN), rows.num_rows))
        return Book(rows)

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def within(self, areas: Sequence[str]) -> "Book":
        """Its records in these areas, by the beginnings of their villages."""
        mask = pa.scalar(value=False)
        for area in areas:
            mask = pc.or_(mask, pc.starts_with(self.rows["village"], area))
        return self._kept(mask)

    def where(self, wanted: Mapping[str, Sequence[str]]) -> "Book":
        """Its records of which every column named has one of its values."""
        book = self
        for column, values in wanted.items():
            book = book._kept(pc.is_in(book.rows[column], pa.array(values, pa.string())))
        return book

    def counted(self, column: str) -> dict[str, int]:
        """How many records have each value of a column."""
        counts = self.rows[column].value_counts().to_pylist()
        return {each["values"]: each["counts"] for each in counts}

    def summed(self, column: str) -> int:
        """What a column of money comes to, in fen."""
        return int(pc.sum(pc.cast(self.rows[column], pa.int64())).as_py() or 0)

    def page(self, first: int, most: int) -> list[dict[str, str]]:
        """Some of its records, in their order."""
        found: list[dict[str, str]] = self.rows.slice(first, most).to_pylist()
        return found

    def _kept(self, mask: object) -> "Book":
        if isinstance(mask, pa.BooleanScalar):
            return Book(self.rows if mask.as_py() else self.rows.slice(0, 0))
        return Book(self.rows.filter(mask))
