"""Whom the province asked about before anybody here knew them: asked about them once they are."""

from tests.identification.caseworkers import HE_JUN, Walk, a_known_household
from tests.identification.makers import VILLAGE
from tests.identification.province import SUN_YU, ZHOU_JIE, a_list, brought, post
from tests.identification.register import Register
from tests.identification.test_exchange import a_warning


async def warned(register: Register, order: int) -> str:
    """The province says that somebody nobody knows here is in prison: the id of the item."""
    row = a_warning("W1", order, kind="imprisoned", detail="在监狱服刑")
    await brought(register, "warnings", a_list("warnings", [row]))
    (item,) = (await register.get("/exchange/items", SUN_YU)).json()["items"]
    assert item["owner"] == "county", "nobody knows where they live"
    assert register.told("person-disputed") == []
    return str(item["item_id"])


async def test_a_roster_that_brings_them_in_has_their_part_held(register: Register) -> None:
    item_id = await warned(register, 12)
    await a_known_household(register, "h-1", 11, 12)
    (event,) = register.told("person-disputed")
    (wife,) = register.rows(f"SELECT person_id FROM exchange_item WHERE id = '{item_id}'")  # noqa: S608  # A test's own word.
    said = {name: event["body"][name] for name in ("dispute_id", "person_id", "reason")}
    assert said == {
        "dispute_id": item_id, "person_id": str(wife["person_id"]), "reason": "prison",
    }  # fmt: skip
    assert event["body"]["from_month"] == "2026-09", "as if they had been here when it was asked"
    (item,) = (await register.get("/exchange/items", ZHOU_JIE)).json()["items"]
    assert (item["item_id"], item["owner"]) == (item_id, f"town:{VILLAGE[:9]}"), "where they live"
    path = f"/exchange/items/{item_id}/answer"
    refused = await post(register, path, ZHOU_JIE, outcome="not-eligible", remark="在服刑")
    assert refused.json()["type"] == "/problems/help-goes-on"


async def test_a_decision_that_grants_them_something_has_their_part_held(
    register: Register,
) -> None:
    item_id = await warned(register, 1)
    walk = await Walk(register).confirming()
    assert register.told("person-disputed") == []
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕9号")
    (event,) = register.told("person-disputed")
    assert (event["body"]["dispute_id"], event["body"]["reason"]) == (item_id, "prison")
