"""What a complaint puts on the list of what is mended is not there for whom it is against."""

from dataclasses import replace
from typing import Any, Final

import pytest

from services.identification.api.registers import SCOPES
from shared.callers import Caller
from tests.identification.caseworkers import staff
from tests.identification.ledgers import GAO_FEI, HEAD, XU_LAN, ZHOU_JIE, Ledger
from tests.identification.makers import VILLAGE
from tests.identification.register import Register
from tests.identification.test_complaints import A_CLUE

MA_LI: Final = staff("ma-li", HEAD)
TODAY: Final = "2026-09-25"
MENDED: Final = {"problem": "马莉收了钱，须退还", "mended_by": "2026-12-01"}


async def found_so(register: Register, **said: Any) -> Ledger:
    """A complaint that was looked into and is so."""
    ledger = Ledger(register, "complaint")
    await ledger.open(GAO_FEI, **(A_CLUE | said))
    await ledger.do(GAO_FEI, "register")
    await ledger.do(GAO_FEI, "assign", owner="gao-fei")
    await ledger.do(GAO_FEI, "check", checked_on=TODAY, findings="属实", founded="founded")
    return ledger


async def item_of(register: Register, by: Caller) -> Ledger:
    """The one item on the list of what is mended."""
    ledger = Ledger(register, "rectification")
    (ledger.entry,) = (await register.get("/registers/rectification", by)).json()["items"]
    return ledger


async def is_hidden(ledger: Ledger, *accused: Caller) -> bool:
    """Whether nothing of an entry is there for these."""
    seen = [await ledger.listed(by) for by in accused]
    seen += [(await ledger.counts(by))["all"] for by in accused]
    codes = {(await ledger.register.get(ledger.path, by)).status_code for by in accused}
    return not any(seen) and codes == {404}


@pytest.mark.shows("S53")
async def test_what_is_mended_is_not_there_for_whom_the_complaint_is_against(
    register: Register,
) -> None:
    complaint = await found_so(register, accused_account="ma-li")
    theirs = await complaint.ask(GAO_FEI, "open-rectification", rectifier="ma-li", **MENDED)
    assert theirs.json()["type"] == "/problems/given-to-the-accused"
    await complaint.do(GAO_FEI, "open-rectification", rectifier="zhou-jie", **MENDED)
    item = await item_of(register, GAO_FEI)
    second = replace(MA_LI, subject="staff:ma-li.2", scopes=MA_LI.scopes | set(SCOPES))
    assert await is_hidden(item, MA_LI, second)
    await item.look(GAO_FEI)
    await item.do(GAO_FEI, "put-off", due_on="2026-12-10", reason="雨季")
    assert await is_hidden(item, MA_LI, second), "whatever is done to it"
    handed = await item.ask(GAO_FEI, "hand-on", owner="ma-li", reason="x")
    assert handed.json()["type"] == "/problems/given-to-the-accused"
    assert await item.listed(ZHOU_JIE) == ["ZG-2026-0001"]
    assert (await item.look(ZHOU_JIE))["owner"] == "staff:zhou-jie"


async def test_what_is_mended_is_not_there_for_a_unit_the_complaint_is_against(
    register: Register,
) -> None:
    complaint = await found_so(register, accused_unit=VILLAGE[:9])
    await complaint.do(GAO_FEI, "open-rectification", rectifier="gao-fei", **MENDED)
    assert await is_hidden(await item_of(register, GAO_FEI), XU_LAN, ZHOU_JIE)


@pytest.mark.shows("S53")
async def test_whoever_is_named_later_mends_and_reads_nothing_of_it_from_then_on(
    register: Register,
) -> None:
    complaint = await found_so(register)
    await complaint.do(GAO_FEI, "open-rectification", rectifier="ma-li", **MENDED)
    item = await item_of(register, MA_LI)
    named = {"accused_kind": "village-cadre"}
    await complaint.do(GAO_FEI, "name-accused", accused_account="ma-li", **named)
    assert await is_hidden(item, MA_LI)
    assert (await item.look(GAO_FEI))["owner"] is None
    await complaint.do(GAO_FEI, "name-accused", accused_account="xu-lan", **named)
    assert (await is_hidden(item, MA_LI), await is_hidden(item, XU_LAN)) == (False, True)


async def test_what_is_mended_against_a_unit_is_nobodys_until_it_is_given_to_somebody(
    register: Register,
) -> None:
    complaint = await found_so(register, accused_unit=VILLAGE[:9])
    await complaint.do(GAO_FEI, "open-rectification", rectifier="zhou-jie", **MENDED)
    item = await item_of(register, GAO_FEI)
    assert await is_hidden(item, ZHOU_JIE)
    assert (await item.look(GAO_FEI))["owner"] is None, "it is not there for an officer of theirs"
    assert await item.listed(GAO_FEI, list="ownerless") == ["ZG-2026-0001"]
    await item.do(GAO_FEI, "hand-on", owner="gao-fei", reason="由县里整改")
    assert await item.listed(GAO_FEI, list="ownerless") == []


async def test_what_may_be_a_units_to_mend_is_nobodys_once_the_unit_is_named(
    register: Register,
) -> None:
    complaint = await found_so(register)
    for rectifier in ("zhou-jie", "gao-fei"):
        await complaint.do(GAO_FEI, "open-rectification", rectifier=rectifier, **MENDED)
    named = {"accused_kind": "village-cadre", "accused_unit": VILLAGE[:9]}
    await complaint.do(GAO_FEI, "name-accused", **named)
    items = (await register.get("/registers/rectification", GAO_FEI)).json()["items"]
    owners = {each["number"]: each["owner"] for each in items}
    assert owners == {"ZG-2026-0001": None, "ZG-2026-0002": "staff:gao-fei"}
    assert (await register.get("/registers/rectification", ZHOU_JIE)).json()["items"] == []
    for each in items:
        item = Ledger(register, "rectification", each)
        await item.look(GAO_FEI)
        await item.do(GAO_FEI, "hand-on", owner="gao-fei", reason="由县里整改")
    await complaint.do(GAO_FEI, "name-accused", **named, accused_account="ma-li")
    items = (await register.get("/registers/rectification", GAO_FEI)).json()["items"]
    assert {each["owner"] for each in items} == {"staff:gao-fei"}
