"""Nobody at the desk is shown a way that is closed to them, and nothing open to them is hidden."""

import re
from pathlib import Path

import pytest

from gateway.desk.ways import ROOMS
from gateway.staff import ROLES, scopes_of
from tests.gateway import told
from tests.gateway.test_county import a_month
from tests.gateway.told_of_comparison import of_comparison
from tests.gateway.told_of_exchange import of_exchange
from tests.gateway.told_of_registers import of_registers
from tests.gateway.visits import Door

MONTHLY = {way: f"{way}/{told.MONTH}" for way in ("/staff/months", "/staff/county-months")}
"""They lead on to the newest month."""
DESK = Path(__file__).resolve().parents[2] / "gateway" / "desk"


@pytest.mark.parametrize("role", sorted(ROLES))
async def test_every_way_from_the_desk_is_open_to_whoever_is_shown_it(
    door: Door, role: str
) -> None:
    door.upstream.answers(a_month() | of_exchange() | of_comparison() | of_registers())
    browser = await door.staff(roles=(role,))
    first = await browser.get("/staff")
    ways = set(re.findall(r'href="(/staff/[a-z-]+)"', first.text))
    assert ways
    for way in sorted(ways):
        page = await browser.get(MONTHLY.get(way, way))
        assert page.status_code == 200, (way, page.text)


def test_every_scope_of_a_way_is_somebodys() -> None:
    held = scopes_of(ROLES)
    assert all(set(way.scopes) <= held for room in ROOMS for way in room.ways)


def test_every_room_of_the_desk_is_on_the_first_page() -> None:
    prefixes = {
        found
        for module in DESK.glob("*.py")
        for found in re.findall(r'prefix="(/staff/[a-z-]+)"', module.read_text(encoding="utf-8"))
    }
    assert len(prefixes) > 10
    assert prefixes <= {way.path for room in ROOMS for way in room.ways}
