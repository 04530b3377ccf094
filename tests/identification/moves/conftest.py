"""Households of the register, for cases about one."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register

HOMES: Final = 20
_FIRST: Final = 500
"""The order of the first head; nobody else has it."""


@pytest.fixture(scope="module")
async def homes(county: Register) -> Iterator[str]:
    """Households on dibao, each taken once: a head, a spouse and a child."""
    order = range(_FIRST, _FIRST + 3 * HOMES, 3)
    found = [
        a_household(
            f"h-{each}",
            a_person(each),
            a_person(each + 1, relation="配偶"),
            a_person(each + 2, id_number=id_number(each + 2, "20180910")),
            **on_dibao(),
        )
        for each in order
    ]
    await county.imported(a_csv(rows_of(*found)))
    return iter([str(row["id"]) for row in county.rows("SELECT id FROM household ORDER BY number")])
