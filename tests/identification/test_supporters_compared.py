"""Who supports a household from elsewhere and has signed is compared every month, by themselves."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    HE_JUN,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    later,
)
from tests.identification.citizens import own
from tests.identification.lists import MAKER, alerts, compared, delivered
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_alert_outcomes import acted
from tests.identification.test_alerts import CHECKED, OFFICER, act
from tests.identification.test_support import RECKONED, seen, with_sons

POOR = {**RECKONED, "income_fen_yearly": 1_000_000}
"""They keep all they have."""
FIRST, SECOND = (id_number(20 + n, "19900101") for n in range(2))
NOVEMBER = {"month": "2026-11", "as_of": "2026-10-03"}
DECEMBER = {"month": "2026-12", "as_of": "2026-11-10"}


async def granted(walk: Walk, *signed: str) -> str:
    """Li Wei's household on dibao since November, with two sons elsewhere of whom these signed; the
    others have shown why they keep all."""
    await seen(walk, 0, POOR, POOR)
    for key in ("son0", "son1"):
        if key in signed:
            await walk.letter(key)
        else:
            await walk.paper(WANG_FANG, "support-proof", JPEG + key.encode(), of_person=key)
    await walk.compare()
    words: dict[str, Any] = {"reasons": "符合条件", "income_fen_monthly": 0}
    await walk.do(ZHANG_LI, "propose", opinion="grant", **words)
    await walk.put_up()
    later(walk.register, 8)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.filed("application", "income-proof", "commitment")
    case = await walk.do(HE_JUN, "confirm", decision_number="青民〔2026〕9号")
    return str(case["household_id"])


@pytest.mark.shows("S03", "S04")
async def test_a_hit_on_one_who_signed_is_raised_once_and_leads_to_a_review_of_the_household(
    register: Register,
) -> None:
    await a_known_household(register, "h-9", 90, id_number=FIRST)
    household = await granted(Walk(register), "son0")
    cars = [(FIRST, "川Z1", ""), (SECOND, "川Z2", "")]
    await delivered(register, "deaths", (id_number(9), "2026-09-01"), **NOVEMBER)
    await delivered(register, "vehicles", *cars, **NOVEMBER)
    found = await compared(register, "2026-11")
    found_kinds = {each["kind"]: each for each in await alerts(register)}
    assert found_kinds.keys() == {"alert_support", "alert_vehicles"}, "he is on dibao himself"
    alert = found_kinds["alert_support"]
    assert (alert["kind"], alert["household_id"], alert["person_id"], alert["holds"]) == (
        "alert_support", household, None, None,
    )  # fmt: skip
    shown = (await register.get(f"/alerts/{alert['alert_id']}", MAKER)).json()
    assert shown["supporter"] == {
        "name": "李大",
        "relation": "子女",
        "lists": [{"zh": "机动车", "en": "vehicles"}],
    }
    assert "赡养人出现在其他部门的名单上，须复核赡养费。" in {
        each["sentence"]["zh"] for each in shown["workings"]
    }
    (vehicles,) = [each for each in found["feeds"] if each["feed"] == "vehicles"]
    assert (vehicles["entries_matched"], vehicles["entries_only_there"]) == (1, 1)
    assert register.told("person-disputed") == [], "no money stops by itself"
    await _leads_to_a_review(register, alert)
    later(register, 40)
    await delivered(register, "deaths", (FIRST, "2026-10-01"), **DECEMBER)
    await delivered(register, "vehicles", *cars, **DECEMBER)
    await compared(register, "2026-12")
    newest = (await alerts(register, kind="alert_support"))[0]
    assert newest["alert_id"] != alert["alert_id"]
    shown = (await register.get(f"/alerts/{newest['alert_id']}", MAKER)).json()
    assert [each["zh"] for each in shown["supporter"]["lists"]] == ["死亡人员", "机动车"]
    new = "SELECT cardinality(things) AS new FROM alert WHERE kind = 'alert_support'"
    assert register.rows(new) == [{"new": 1}, {"new": 1}], "the car was asked about before"


async def _leads_to_a_review(register: Register, alert: dict[str, Any]) -> None:
    """The alert is looked into and acted on; no citizen of the household reads it meanwhile."""
    head = register.rows("SELECT id FROM person WHERE name = '李伟'")[0]["id"]
    citizen = own(str(head), "my:read")
    assert (await register.get("/my/alerts", citizen)).json()["items"] == []
    assert (await register.get(f"/my/alerts/{alert['alert_id']}", citizen)).status_code == 404
    await act(register, alert, MAKER, "assign", officer="liu-qiang")
    today = register.app.state.clock.today().isoformat()
    done = await act(register, alert, OFFICER, "check", **{**CHECKED, "checked_on": today})
    assert done.status_code == 200, done.text
    led = (await acted(register, alert, "review"))["led_to"]
    case = (await register.get(f"/cases/{led['id']}", WANG_FANG)).json()
    assert (case["category"], case["household_id"], case["state"]) == (
        "review", alert["household_id"], "due",
    )  # fmt: skip


@pytest.mark.breaks("Authorised before compared")
async def test_whoever_supports_a_household_to_which_nothing_is_granted_is_not_compared(
    register: Register,
) -> None:
    walk = Walk(register)
    await walk.accepted(**with_sons(POOR))
    await walk.letter("son0")
    await delivered(register, "deaths", (FIRST, "2026-09-03"))
    await compared(register)
    assert await alerts(register) == []
