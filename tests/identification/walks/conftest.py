"""Cases to be walked, in one county of all of them."""

from typing import Final

import pytest

from services.identification.casework import cases
from services.identification.casework.paths import all_paths
from services.identification.place_settings import PlaceSettings
from tests.identification.caseworkers import Walk
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import NOW, Register
from tests.identification.walking import Rows
from tests.identification.walks.walked import EVERYBODY, Home, Homes, WalkedCase

ASSISTED: Final = 120
OTHERS: Final = 20


@pytest.fixture(scope="module")
async def homes(county: Register) -> Homes:
    """A head, somebody old, a child, and one who died: on dibao, or on nothing but an allowance."""
    orders = {f"h-{place:03d}": 4 * place for place in range(ASSISTED + OTHERS)}
    homes = [
        a_household(
            number,
            a_person(4 * place),
            a_person(4 * place + 1, old_age="是"),
            a_person(4 * place + 2, id_number=id_number(4 * place + 2, "20180910")),
            a_person(4 * place + 3, died_on="2026-08-30"),
            **(on_dibao() if place < ASSISTED else decided()),
        )
        for place, number in enumerate([*orders, "h-other"])
    ]
    await county.imported(a_csv(rows_of(*homes)))
    found = county.rows("SELECT id, number FROM household ORDER BY number")
    known = [
        Home(str(each["id"]), orders[each["number"]]) for each in found if each["number"] in orders
    ]
    return Homes(iter(known[:ASSISTED]), iter(known[ASSISTED:]))


@pytest.fixture(scope="module")
def place(county: Register) -> PlaceSettings:
    """What the place has set."""
    found: PlaceSettings = county.app.state.casework
    return found


@pytest.fixture
def walked(
    county: Register, rows: Rows, homes: Homes, place: PlaceSettings, category: str
) -> WalkedCase:
    """A case of a category, from the first day on."""
    (county.keys.parent / "clock").write_text(NOW, encoding="utf-8")
    return WalkedCase(
        county, all_paths()[category], rows, cases.needs_in_words(), EVERYBODY,
        by_end=True, begun_max=30, walk=Walk(county, category), homes=homes, place=place,
    )  # fmt: skip
