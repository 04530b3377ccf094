"""Meetings held by their day, letters signed, inspections made, and which reports came in time."""

import pytest

from tests.identification.caseworkers import later
from tests.identification.ledgers import GAO_FEI, XU_LAN, ZHOU_JIE, Ledger
from tests.identification.makers import VILLAGE
from tests.identification.register import Register
from tests.identification.test_complaints import A_CLUE

TOWN = ("unit", "青龙镇人民政府")


@pytest.mark.shows("S83")
async def test_which_reports_came_in_time_is_listed_by_the_day_they_were_sent(
    register: Register,
) -> None:
    ledger = Ledger(register, "periodic-report")
    for month in ("2026-08", "2026-09", "2026-10"):
        await ledger.open(XU_LAN, about=TOWN, report="月报", month=month, due_on="2026-10-09")
    again = await ledger.ask_to_open(
        XU_LAN, about=TOWN, report="月报", month="2026-10", due_on="2026-12-09"
    )
    assert again.json()["type"] == "/problems/already-on-register"
    backdated = await ledger.ask(ZHOU_JIE, "send", content="十月", sent_on="2026-10-01")
    assert backdated.status_code == 422, "nobody says by hand when a report came"
    await ledger.do(ZHOU_JIE, "send", content="十月情况")
    later(register, 20)
    (late,) = [
        each
        for each in (await register.get("/registers/periodic-report", XU_LAN)).json()["items"]
        if each["shown"]["month"] == "2026-08"
    ]
    ledger.entry = late
    await ledger.do(ZHOU_JIE, "send", content="八月情况")
    counts = {each["list"]: each for each in (await ledger.counts(XU_LAN))["lists"]}
    for name, number in (("in-time", "0003"), ("late", "0001"), ("overdue", "0002")):
        assert counts[name]["count"] == 1
        assert await ledger.listed(XU_LAN, **counts[name]["query"]) == [f"BS-2026-{number}"]
    sent_back = await ledger.do(XU_LAN, "send-back", reason="数据不全")
    assert (sent_back["state"], sent_back["closed_on"]) == ("owed", None)
    await ledger.do(ZHOU_JIE, "send", content="八月情况，补齐")
    assert await ledger.listed(XU_LAN, list="late") == ["BS-2026-0001"]


@pytest.mark.shows("S83")
async def test_a_meeting_is_held_by_its_day_with_minutes_or_listed(register: Register) -> None:
    ledger = Ledger(register, "meeting")
    for meeting in ("leading-group", "coordination", "monthly-report", "quarterly-talk"):
        await ledger.open(GAO_FEI, meeting=meeting, agenda="低保提标", due_on="2026-09-30")
    held = {"held_on": "2026-09-25", "present": ["高飞", "徐兰"], "minutes": "议定提标"}
    await ledger.do(GAO_FEI, "hold", decisions=["十月起执行"], **held)
    later(register, 14)
    assert len(await ledger.listed(GAO_FEI, list="overdue")) == 3
    assert (await ledger.look(GAO_FEI))["state"] == "held"


@pytest.mark.shows("S83")
async def test_a_report_is_asked_of_every_township_once_however_often_it_is_asked(
    register: Register,
) -> None:
    ledger = Ledger(register, "periodic-report")
    words = {"report": "月报", "month": "2026-10", "due_on": "2026-11-05"}
    towns = len(register.app.state.place.towns)
    for opened, had in ((towns, 0), (0, towns)):
        answer = await register.client.post(
            "/registers/periodic-report/each",
            json={"each": "township", "words": words},
            headers=register.headers(GAO_FEI),
        )
        assert answer.status_code == 201, answer.text
        assert (len(answer.json()["opened"]), answer.json()["had"]) == (opened, had)
    assert len(await ledger.listed(ZHOU_JIE)) == 1, "each township sees its own"
    no_village = await register.client.post(
        "/registers/periodic-report/each",
        json={"each": "village", "words": words},
        headers=register.headers(GAO_FEI),
    )
    assert no_village.json()["type"] == "/problems/about-wrong"


async def test_a_letter_of_targets_is_one_a_unit_and_year(register: Register) -> None:
    ledger = Ledger(register, "target-letter")
    await ledger.open(XU_LAN, about=TOWN, year=2026, targets=["应保尽保"])
    again = await ledger.ask_to_open(XU_LAN, about=TOWN, year=2026, targets=["x"])
    assert again.status_code == 409
    far = await ledger.ask_to_open(XU_LAN, about=TOWN, year=2030, targets=["x"])
    assert far.json()["needs"] == ["year-is-near"]
    await ledger.do(ZHOU_JIE, "sign", signed_by="周杰", signed_on="2026-09-25")
    assert await ledger.listed(XU_LAN, list="unsigned") == []


async def test_what_an_inspection_found_is_mended_elsewhere(register: Register) -> None:
    ledger = Ledger(register, "inspection")
    await ledger.open(
        GAO_FEI, about=("village", "511425001200"), led_by="常务副县长", due_on="2026-10-10"
    )
    await ledger.do(GAO_FEI, "inspect", inspected_on="2026-09-25", findings="公示栏过期")
    words = {"problem": "公示栏过期", "rectifier": "sun-yu", "mended_by": "2026-10-09"}
    await ledger.do(GAO_FEI, "open-rectification", **words)
    opened = (await register.get("/registers/rectification", GAO_FEI)).json()["items"]
    assert [each["shown"]["source"] for each in opened] == ["inspection"]
    assert await ledger.listed(GAO_FEI, list="mended") == ["DC-2026-0001"]


@pytest.mark.shows("S84")
async def test_what_is_asked_of_a_township_is_there_for_it_wherever_it_was_asked(
    register: Register,
) -> None:
    code, name = VILLAGE[:9], register.app.state.place.towns[VILLAGE[:9]]
    other = next(each for each in register.app.state.place.towns if each != code)
    ledger = Ledger(register, "periodic-report")
    said = {"report": "月报", "due_on": "2026-10-05"}
    for month, about in (("2026-08", name), ("2026-09", code)):
        await ledger.open(GAO_FEI, about=("unit", about), month=month, **said)
        assert (ledger.entry["area"], ledger.entry["about"]) == (code, name)
        await ledger.look(ZHOU_JIE)
    again = await ledger.ask_to_open(GAO_FEI, about=("unit", name), month="2026-09", **said)
    assert again.json()["type"] == "/problems/already-on-register"
    words = {"month": "2026-10", **said}
    for area, status in ((other, 422), (code, 201)):
        asked = {"about_kind": "unit", "about": name, "area": area, "words": words}
        answer = await register.client.post(
            "/registers/periodic-report", json=asked, headers=register.headers(GAO_FEI)
        )
        assert answer.status_code == status, answer.text
    elsewhere = await ledger.ask_to_open(XU_LAN, about=("unit", other), month="2026-11", **said)
    assert elsewhere.json()["type"] == "/problems/no-such-subject"


async def test_a_complaint_about_a_township_is_not_handed_to_it(register: Register) -> None:
    clue = Ledger(register, "complaint")
    about = ("unit", register.app.state.place.towns[VILLAGE[:9]])
    await clue.open(GAO_FEI, about=about, **A_CLUE)
    assert await clue.listed(XU_LAN) == []
