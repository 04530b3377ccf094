"""The hotline: a call becomes a case in minutes, one number serves two uses, outcomes are kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.identification.caseworkers import staff
from tests.identification.ledgers import LEDGERS, Ledger
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_discovery import found
from tests.identification.test_requests import CLERK_SCOPES

SUN_YAN = staff("sun-yan", CLERK_SCOPES | LEDGERS, VILLAGE[:9])
HARDSHIP = {
    "category": "hardship",
    "caller": "李伟",
    "caller_number": "13900001234",
    "situation": "昨夜房屋失火",
}


def minutes_pass(register: Register, minutes: int) -> None:
    path = register.keys.parent / "clock"
    now = datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
    path.write_text((now + timedelta(minutes=minutes)).isoformat(), encoding="utf-8")


async def answered(register: Register, **said: Any) -> Ledger:
    ledger = Ledger(register, "call")
    await ledger.open(SUN_YAN, **{**HARDSHIP, **said})
    await ledger.look(SUN_YAN)
    return ledger


@pytest.mark.shows("S17")
async def test_a_call_becomes_a_case_in_minutes_and_its_outcome_is_kept(register: Register) -> None:
    call = await answered(register)
    minutes_pass(register, 4)
    words = {"programme": "temporary", "village": VILLAGE, "id_number": id_number(1)}
    done = await call.do(SUN_YAN, "open-case", **words)
    case_id = done["history"][-1]["words"]["case_id"]
    case = (await register.get(f"/cases/{case_id}", SUN_YAN)).json()
    assert (case["category"], case["channel"], case["state"]) == ("temporary", "phone", "draft")
    assert case["application"]["reason"] == "昨夜房屋失火"
    await call.do(SUN_YAN, "close", outcome="in-hand", answer="已建立申请")
    slow = await answered(register)
    minutes_pass(register, 11)
    found = (await register.get("/call-times", SUN_YAN, month="2026-09")).json()
    assert (found["calls"], found["routed"], found["late"]) == (2, 1, 1)
    assert [each["minutes"] for each in found["items"]] == [4, None]
    await slow.do(SUN_YAN, "report-lead", programme="temporary")
    found = (await register.get("/call-times", SUN_YAN, month="2026-09")).json()
    assert [(each["minutes"], each["late"]) for each in found["items"]] == [(4, False), (11, True)]
    leads = (await register.get("/registers/lead", SUN_YAN)).json()["items"]
    assert [each["shown"]["source"] for each in leads] == ["hotline"]


async def test_no_call_or_lead_opens_a_case_in_a_village_that_is_not_there(
    register: Register,
) -> None:
    call, nowhere = await answered(register), f"{VILLAGE[:9]}999"
    answer = await call.ask(SUN_YAN, "open-case", programme="dibao", village=nowhere)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/no-such-village")
    leads = await Ledger(register, "lead").open(
        SUN_YAN, about=("village", VILLAGE), **found(id_number=None)
    )
    contacted = {"contacted_on": "2026-09-25", "findings": "属实"}
    await leads.do(SUN_YAN, "contact", **contacted)
    answer = await leads.ask(SUN_YAN, "open-application", village=nowhere)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/no-such-village")
    assert register.rows("SELECT 1 FROM case_file") == []


@pytest.mark.breaks("Numbers are looked at in the open")
async def test_telephones_are_read_masked_and_in_clear_by_a_look_up_that_is_written_down(
    register: Register,
) -> None:
    call = await answered(register)
    await call.do(SUN_YAN, "report-lead", programme="temporary")
    lead = Ledger(register, "lead")
    (found,) = (await register.get("/registers/lead", SUN_YAN)).json()["items"]
    lead.entry = found
    number = HARDSHIP["caller_number"]
    for ledger, field in ((call, "caller_number"), (lead, "phone")):
        seen = await ledger.look(SUN_YAN)
        said = {each["field"]: each["said"] for each in seen["says"]}
        assert (said[field], number in str(seen)) == ("139********", False)
        whole = (await register.get(f"{ledger.path}/numbers", SUN_YAN)).json()
        assert whole["phones"] == [number]
    looks = register.audited("numbers-looked-at")
    assert {each["subject"] for each in looks} == {
        call.entry["entry_id"], lead.entry["entry_id"],
    }  # fmt: skip


@pytest.mark.shows("S17")
async def test_where_a_call_was_referred_and_what_came_of_it_are_kept(register: Register) -> None:
    call = await answered(register)
    done = await call.do(SUN_YAN, "refer", matter="medical", department="medical-security")
    number = done["history"][-1]["words"]["referral"]
    (entry,) = (await register.get("/registers/referral", SUN_YAN)).json()["items"]
    assert (entry["number"], entry["state"]) == (number, "handed-on")
    await call.do(SUN_YAN, "close", outcome="helped", answer="医保局已受理")
    assert (await call.look(SUN_YAN))["state"] == "closed"


async def test_the_same_number_orders_a_service_and_never_a_rescue_for_it(
    register: Register,
) -> None:
    call = await answered(register, category="housework", situation="需要打扫")
    words = {"programme": "temporary", "village": VILLAGE}
    answer = await call.ask(SUN_YAN, "open-case", **words)
    assert answer.json()["needs"] == ["rescue-call"]
    await call.do(SUN_YAN, "order-service", provider="青龙服务队", due_on="2026-09-28")
    (order,) = (await register.get("/registers/service-order", SUN_YAN)).json()["items"]
    assert order["shown"]["service"] == "housework"
    rescue = await answered(register)
    answer = await rescue.ask(SUN_YAN, "order-service", provider="甲", due_on="2026-09-28")
    assert answer.json()["needs"] == ["care-call"]


async def test_a_callers_number_is_sealed_and_read_by_few(register: Register) -> None:
    call = await answered(register)
    assert "13900001234" not in str(register.rows("SELECT * FROM register_entry"))
    worker = staff("chen-hong", LEDGERS, VILLAGE[:9])
    entry = (await register.get(call.path, worker)).json()
    assert "13900001234" not in str(entry)
    assert "139********" in str(await call.look(SUN_YAN))
