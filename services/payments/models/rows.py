"""What every table of payments shares, and the few kinds of column they have."""

from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from shared.database import table_registry

INSTANT: Final = sa.DateTime(timezone=True)


class Row(SQLModel, registry=table_registry()):
    """What every table of payments shares."""

    county: str = Field(max_length=6)


def number() -> Any:
    """A key the database counts."""
    return Field(
        default=None,
        sa_type=sa.BigInteger,
        primary_key=True,
        sa_column_args=[sa.Identity()],
    )


def instant() -> Any:
    """An instant, aware."""
    return Field(sa_type=INSTANT)


def maybe_instant() -> Any:
    """An instant that may not have come."""
    return Field(default=None, sa_type=INSTANT)


def fen() -> Any:
    """Money."""
    return Field(sa_type=sa.BigInteger)


def text(**words: Any) -> Any:
    """Text that is there."""
    return Field(sa_type=sa.Text, **words)


def maybe_text() -> Any:
    """Text that may be missing."""
    return Field(default=None, sa_type=sa.Text)
