"""Whoever is looked for by ID number stands in no address: not at the door, not at a service."""

import re
from urllib.parse import unquote

import pytest

from shared.searching import HEADER, header, tells_number
from tests.gateway import told
from tests.gateway.told_of_exchange import of_exchange
from tests.gateway.visits import Door, hidden_fields

LI_WEI = "11010519491231002X"
SEARCHES = ("people", "cases", "low-income", "requests")
ROLES = ("township-officer", "window-clerk", "county-checker")


async def test_an_officer_searches_by_number_and_no_address_carries_it(door: Door) -> None:
    door.upstream.answers(told.everything() | of_exchange())
    browser = await door.staff(roles=ROLES)
    for matter in SEARCHES:
        form = hidden_fields(await browser.get(f"/staff/{matter}"))
        said = {**form, "query": LI_WEI}
        page = await browser.post(f"/staff/{matter}/searches", data=said)
        assert page.status_code == 200, page.text
        assert f'value="{LI_WEI}"' in page.text
    came = door.upstream.came()
    asked = [seen for seen in came if seen["headers"].get(HEADER.lower()) == LI_WEI]
    assert {seen["path"] for seen in asked} >= {f"/{matter}" for matter in SEARCHES}
    for seen in came:
        assert not re.search(r"[0-9]{17}", unquote(seen["path"] + seen["query"]))
    await door.app.state.passages.write()
    direct = await browser.get("/api/v1/people", headers=header("李伟"))
    assert direct.status_code == 200
    assert door.upstream.came()[-1]["headers"][HEADER.lower()] == "%E6%9D%8E%E4%BC%9F"


@pytest.mark.parametrize(
    "address",
    [
        f"/api/v1/people?query={LI_WEI}",
        f"/api/v1/people/{LI_WEI}",
        f"/staff/cases?query=%20{LI_WEI.lower()}",
        f"/staff/cases?query=%EF%BC%91{LI_WEI[1:]}",
        "/" + "".join(f"%{ord(each):02X}" for each in LI_WEI),
        "/staff/cases?query=13900001234",
        "/staff/cases?query=6219980012345678",
    ],
)
async def test_an_address_with_a_number_of_somebodys_is_refused_and_not_written_down(
    door: Door, address: str
) -> None:
    browser = await door.staff(roles=ROLES)
    refused = await browser.get(address)
    assert (refused.status_code, door.upstream.came()) == (400, [])


def test_other_long_numbers_are_nobodys() -> None:
    for fine in (b"/staff/villages/511425001200", b"?after=01a21683-20d4-76f2-a170-726851700000",
                 b"?x=12345678901", b"?sha=ab123456789012345678cd"):  # fmt: skip
        assert not tells_number(fine)
