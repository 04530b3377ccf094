"""From a case its reader reaches the household and what it was told before; and back again."""

from typing import Any

import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    a_known_household,
    an_application,
    staff,
)
from tests.identification.citizens import ANOTHER, Phone, admitted
from tests.identification.lists import a_register, alerts, compared, delivered
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register

KEEPER = staff("gao-yu", {"cases:read", "registers:read", "registers:decide"}, VILLAGE[:9])


async def dossier(register: Register, path: str, by: Caller) -> dict[str, Any]:
    answer = await register.get(f"{path}/dossier", by)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def told(found: dict[str, Any]) -> dict[str, list[str]]:
    return {each["receipt"]: [one["reasons"] for one in each["told"]] for each in found["cases"]}


@pytest.mark.shows("S43")
async def test_why_a_household_was_refused_is_read_in_its_next_case(register: Register) -> None:
    first = await Walk(register).refused("存款超过规定")
    appeal = await Walk(register, "appeal").open(SUN_LEI, about_case_id=first.case["case_id"])
    again = await Walk(register, "tekun").open()
    await again.do(CHEN_HONG, "write", application=an_application())
    found = await dossier(register, again.path, CHEN_HONG)
    assert told(found) == {first.case["receipt"]: ["存款超过规定"], appeal.case["receipt"]: []}
    (line,) = (each for each in found["cases"] if each["told"])
    assert line["told"][0]["number"] == "青民决〔2026〕804号"
    (look,) = register.audited("dossier-read")
    assert (look["actor"], look["subject"]) == (CHEN_HONG.subject, again.case["case_id"])
    await register.change("UPDATE case_file SET village = '511425102201' WHERE category = 'dibao'")
    theirs = told(await dossier(register, again.path, CHEN_HONG))
    assert set(theirs) == {appeal.case["receipt"]}, "of another area nobody here learns"
    assert (await register.get(f"{again.path}/dossier", ZHAO_MIN)).status_code == 404
    stranger = await Walk(register).open()
    other = {"key": "head", "name": "张三", "relation": "户主", "id_number": id_number(11)}
    await stranger.do(CHEN_HONG, "write", application=an_application(members=[other]))
    assert told(await dossier(register, stranger.path, CHEN_HONG)) == {}


@pytest.mark.shows("S43")
async def test_a_household_has_every_case_its_entries_and_its_papers(register: Register) -> None:
    """Refused while nobody knew them, then brought in by a roster: the file has both."""
    refused = await Walk(register).refused()
    await refused.paper(CHEN_HONG, "illness", of_person="head")
    household_id = await a_known_household(register)
    exit_ = await Walk(register, "exit").open(household_id=household_id)
    entry = {
        "about_kind": "household",
        "about": household_id,
        "words": {
            "source": "audit",
            "problem": "收入未重新核实",
            "owner": "staff:wang-fang",
            "due_on": "2026-10-30",
        },
    }
    answer = await register.client.post(
        "/registers/rectification", json=entry, headers=register.headers(KEEPER)
    )
    assert answer.status_code == 201, answer.text
    found = await dossier(register, f"/households/{household_id}", KEEPER)
    assert set(told(found)) == {refused.case["receipt"], exit_.case["receipt"]}
    assert [each["number"] for each in found["entries"]] == [answer.json()["number"]]
    assert not (await dossier(register, f"/households/{household_id}", WANG_FANG))["entries"]
    (home,) = (await dossier(register, refused.path, KEEPER))["households"]
    assert home["household_id"] == household_id, "from the case that never named it, too"
    archive = (await register.get(f"/households/{household_id}/archive", WANG_FANG)).json()
    (illness,) = (each for each in archive["items"] if each["kind"] == "illness")
    assert [each["receipt"] for each in illness["versions"]] == [refused.case["receipt"]]
    assert (await register.get(f"/households/{household_id}/dossier", ZHAO_MIN)).status_code == 404


async def test_alerts_of_whoever_lives_there_are_in_it_for_who_looks_into_them(
    register: Register,
) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(2), "2026-09-02"))
    await compared(register)
    (alert,) = await alerts(register)
    path = f"/households/{alert['household_id']}"
    looks = staff("liu-qiang", {"cases:read", "alerts:read"})
    (found,) = (await dossier(register, path, looks))["alerts"]
    assert (found["alert_id"], found["kind"]) == (alert["alert_id"], "alert_death")
    assert (await dossier(register, path, HE_JUN))["alerts"] == []


async def test_a_citizen_reads_why_they_were_refused_before_and_nobody_unseen_does(
    register: Register,
) -> None:
    phone = await Phone(register, await admitted(register)).written()
    walk = await phone.seen()
    await walk.do(WANG_FANG, "accept")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    no: dict[str, Any] = {"opinion": "refuse", "income_fen_monthly": 9_000_000}
    await walk.do(ZHANG_LI, "propose", reasons="收入高于标准", **no)
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕808号", reasons="收入高于标准")
    again = await Phone(register, phone.caller).begin("tekun")
    (before,) = (await again.look())["before"]
    assert (before["case_id"], before["decision"]["reasons"]) == (
        walk.case["case_id"], "收入高于标准",
    )  # fmt: skip
    another = await Phone(register, await admitted(register, phone=ANOTHER)).begin("tekun")
    assert (await another.look())["before"] == [], "the same number, another telephone"
