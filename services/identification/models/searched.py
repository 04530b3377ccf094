"""Names as they are looked for: whoever looks knows no more than how a name is said."""

from typing import Final

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, func, literal_column

from shared.names import DOTS, MORE_DOTS

SKIPPED: Final = f" \u3000{DOTS}{MORE_DOTS}"
"""Blanks and middle dots: nobody has to know whether a name was written with any, or with which."""


def joined_in(column: SQLColumnExpression[str]) -> ColumnElement[str]:
    """A column of names or their pinyin with none of these, as the indexes have it."""
    return func.translate(column, *_SKIPPING, type_=Text)


_SKIPPING: Final[list[ColumnElement[str]]] = [literal_column(f"'{each}'") for each in (SKIPPED, "")]
"""Written into a statement: an index of an expression answers no other."""

JOINED_NAME: Final = joined_in(literal_column("name"))
JOINED_PINYIN: Final = joined_in(literal_column("name_sort"))
