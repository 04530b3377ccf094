"""An alert that was acted on leaves its trace: what it led to is open, and each names the other."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.identification.comparison import kinds
from services.identification.comparison.kinds import read_kinds
from shared.callers import Caller
from tests.identification.caseworkers import CHEN_HONG, Walk, later, staff
from tests.identification.ledgers import GAO_FEI
from tests.identification.lists import MAKER, a_register, alerts, compared, delivered
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_alerts import CHECKED, HEAD, OFFICER, act, heard

ROOM = Path(kinds.__file__).parent
READER = staff("tang-min", {"cases:read", "alerts:read", "registers:read"})


async def checked(
    register: Register, *lists: tuple[str, tuple[str, ...]]
) -> dict[str, dict[str, Any]]:
    """The alerts a month of lists raises, each found to be so, by kind."""
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    for feed, row in lists:
        await delivered(register, feed, row)
    await compared(register)
    found = {each["kind"]: each for each in await alerts(register, state="raised")}
    for alert in found.values():
        await looked_into(register, alert)
    return found


async def looked_into(register: Register, alert: dict[str, Any], **found: str) -> None:
    """Whom an alert is about was heard, and it was found to be so, or what is said."""
    await act(register, alert, MAKER, "assign", officer="liu-qiang")
    await heard(register, alert, "属实")
    done = await act(register, alert, OFFICER, "check", **{**CHECKED, **found})
    assert done.status_code == 200, done.text


async def acted(
    register: Register, alert: dict[str, Any], outcome: str, **words: Any
) -> dict[str, Any]:
    """Where an alert stands after it was acted on."""
    answer = await act(register, alert, HEAD, "act", outcome=outcome, reasons="核实", **words)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refusal(register: Register, alert: dict[str, Any], outcome: str, **words: Any) -> str:
    """Why an alert is not acted on; it stands where it stood."""
    answer = await act(register, alert, HEAD, "act", outcome=outcome, reasons="核实", **words)
    shown = (await register.get(f"/alerts/{alert['alert_id']}", MAKER)).json()
    assert (answer.status_code, shown["state"], shown["led_to"]) == (409, "checked", None)
    return str(answer.json()["type"])


async def leading_to(register: Register, path: str, by: Caller = READER) -> list[str]:
    """The alerts that led to a case or an entry, as its page names them."""
    return [each["alert_id"] for each in (await register.get(path, by)).json()["alerts"]]


@pytest.mark.shows("S04")
async def test_a_household_that_is_paired_stands_in_the_register_of_pairing(
    register: Register,
) -> None:
    await a_register(register)
    stay = (id_number(6), "v-1", "住院", "31000.00", "2026-08")
    alert = (await checked(register, ("hospital-bills", stay)))["alert_hospital"]
    led = (await acted(register, alert, "pair"))["led_to"]
    assert led["kind"] == "pairing"
    (entry,) = (await register.get("/registers/pairing", GAO_FEI)).json()["items"]
    assert (entry["entry_id"], entry["number"], entry["state"]) == (
        led["id"], led["number"], "unassigned",
    )  # fmt: skip
    assert entry["about"] == alert["household_id"]
    assert await leading_to(register, f"/entries/{led['id']}") == [alert["alert_id"]]
    assert await leading_to(register, f"/entries/{led['id']}", GAO_FEI) == []
    stay = (id_number(6), "v-2", "住院", "32000.00", "2026-09")
    other = (await checked(register, ("hospital-bills", stay)))["alert_hospital"]
    assert (await acted(register, other, "pair"))["led_to"] == led, "it is paired already"


@pytest.mark.shows("S04")
@pytest.mark.breaks("What was acted on leads on")
async def test_who_is_cleared_has_a_leaving_and_each_names_the_other(register: Register) -> None:
    await a_register(register)
    found = await checked(
        register,
        ("public-payroll", (id_number(3), "u-1", "3000.00")),
        ("vehicles", (id_number(3), "川Z1", "")),
    )
    alert, car = found["alert_payroll"], found["alert_vehicles"]
    other = await Walk(register, "dibao").open()
    strangers = await Walk(register).open(category="exit", household_id=home(register, "h-1"))
    for number in (other.case["receipt"], strangers.case["receipt"], "TC-NONE"):
        assert await refusal(register, alert, "clear", number=number) == (
            "/problems/not-for-this-alert"
        )
    led = (await acted(register, alert, "clear"))["led_to"]
    case = (await register.get(f"/cases/{led['id']}", READER)).json()
    assert (led["kind"], case["receipt"], case["category"], case["state"]) == (
        "case", led["number"], "exit", "open",
    )  # fmt: skip
    assert case["household_id"] == home(register, "h-2")
    assert [each["alert_id"] for each in case["alerts"]] == [alert["alert_id"]]
    assert await leading_to(register, f"/cases/{led['id']}", CHEN_HONG) == []
    both = await acted(register, car, "clear", number=led["number"].lower())
    assert both["led_to"] == led, "one leaving answers both"
    assert len(await leading_to(register, f"/cases/{led['id']}")) == 2


@pytest.mark.breaks("What was acted on leads on")
async def test_nothing_is_acted_on_without_what_it_leads_to(register: Register) -> None:
    people = await a_register(register)
    alert = (await checked(register, ("school-enrolment", (id_number(4), "s-1", ""))))[
        "alert_pupil"
    ]
    assert await refusal(register, alert, "deliver") == "/problems/leads-nowhere"
    entered = await register.client.post(
        "/registers/pupil",
        json={
            "about_kind": "person", "about": people[id_number(4)],
            "words": {"stage": "primary", "school": "中心小学", "hardship": "dibao",
                      "surveyed_on": "2026-09-24"},
        },
        headers=register.headers(GAO_FEI),
    )  # fmt: skip
    led = (await acted(register, alert, "deliver", number=entered.json()["number"]))["led_to"]
    assert (led["kind"], led["id"]) == ("pupil", entered.json()["entry_id"])


@pytest.mark.shows("S04")
async def test_what_is_watched_comes_back_until_it_is_over(register: Register) -> None:
    await a_register(register)
    found = await checked(register, ("prisoners", (id_number(2), "2026-09-02", "")))
    alert = found["alert_custody"]
    shown = await acted(register, alert, "help")
    assert (shown["state"], shown["led_to"]["kind"], shown["due_on"]) == ("watched", "case", None)
    assert await alerts(register, again=True) == []
    closing = await act(register, alert, HEAD, "close")
    assert closing.json()["type"] == "/problems/not-here", "it is still watched"
    looked: dict[str, Any] = {"findings": "已申请临时救助"}
    for now, state in (("goes-on", "watched"), ("over", "acted")):
        days = (later(register, 0), later(register, 40))
        assert shown["state_due_on"] > days[0].isoformat()
        (back,) = await alerts(register, again=True)
        assert back["alert_id"] == alert["alert_id"]
        words = {**looked, "looked_on": days[1].isoformat(), "now": now}
        shown = (await act(register, alert, OFFICER, "look-again", **words)).json()
        assert shown["state"] == state, shown
        assert await alerts(register, again=True) == []
    assert (await act(register, alert, HEAD, "close")).json()["state"] == "closed"


def test_each_outcome_says_what_it_leads_to() -> None:
    tables = read_kinds()
    own = yaml.safe_load((ROOM / "own_words.yaml").read_text(encoding="utf-8"))
    assert own["states"].keys() == tables.path.states.keys(), (
        "whoever it is about reads where it is"
    )
    assert {name for name, each in tables.outcomes.items() if each.alone} == {"extend"}
    watched = tables.path.acts["act"].way
    assert watched is not None
    assert {name for name, way in watched.states.items() if way.state == "watched"} == {
        "deliver", "help",
    }  # fmt: skip


def home(register: Register, number: str) -> str:
    """The id of a household."""
    (found,) = register.rows(f"SELECT id FROM household WHERE number = '{number}'")  # noqa: S608  # A test's own word.
    return str(found["id"])
