"""Controls of casework that are tried nowhere else; docs/controls.md says where each one is."""

import re
from typing import Any

import pytest

from services.identification.casework.papers import letters
from services.identification.casework.paths import all_paths
from services.identification.registers.tables import all_registers
from shared import audit_check
from shared.callers import Caller, Kind
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
    staff,
)
from tests.identification.ledgers import ZHOU_JIE, Ledger
from tests.identification.makers import a_csv, a_household, a_person, rows_of
from tests.identification.register import COUNTY, Register
from tests.identification.test_complaints import A_CLUE


@pytest.mark.breaks("An objection blocks")
async def test_an_objection_blocks_every_step_but_looking_again(register: Register) -> None:
    walk = await Walk(register).posted()
    await walk.object(WANG_FANG, "户主在外有门面")
    later(register, 30)
    everybody = staff("all", {f"cases:{each}" for each in ("accept", "review", "check", "decide")})
    moves = [
        act["act"]
        for act in (await walk.look(everybody))["acts"]
        if all_paths()["dibao"].acts[act["act"]].way is not None
    ]
    others = ["note-death", "go-on", "object", "survey-again"]
    assert moves == [*others, "withdraw"], "or one of them dies, or they want it no more"
    for act in ("end-posting", "skip-posting", "confirm", "post"):
        assert (await walk.ask(everybody, act)).json()["type"] == "/problems/not-here", act


@pytest.mark.breaks("Compared before decided")
async def test_nothing_is_proposed_before_a_dated_comparison(register: Register) -> None:
    walk = await Walk(register).surveyed()
    words: dict[str, Any] = {"opinion": "grant", "income_fen_monthly": 0, "reasons": "符合"}
    assert (await walk.ask(ZHANG_LI, "propose", **words)).json()["type"] == "/problems/not-here"
    answer = await walk.ask(WANG_FANG, "finish-comparison")
    assert answer.json()["needs"] == ["compared"]
    answer = await walk.ask(WANG_FANG, "compare", report_number="核1号", reported_on="2027-01-01")
    assert answer.json()["needs"] == ["date-not-to-come"]


def asked_for(register: Register) -> str:
    """Everything anybody is asked for: by cases, by registers, and by the bodies of routes."""
    tables = [*all_paths().values(), *all_registers().values()]
    asked = [
        (act.name, field.name, field.words.zh, field.words.en, [*field.choices])
        for table in tables
        for act in table.acts.values()
        for field in act.fields.values()
    ]
    schemas = register.app.openapi()["components"]["schemas"]
    bodies = [name for each in schemas.values() for name in each.get("properties", ())]
    return str([asked, bodies]).lower()


@pytest.mark.breaks("No quota")
def test_nothing_asks_for_a_quota(register: Register) -> None:
    # How many households a helper is paired with has nothing to do with who is assisted.
    settings = [each for each in register.app.state.casework.words if "pairing" not in each]
    said = asked_for(register) + str(settings)
    assert not [word for word in ("quota", "名额", "指标数") if word in said]


@pytest.mark.breaks("No fee")
async def test_nobody_is_asked_for_a_fee_and_whoever_is_can_complain(register: Register) -> None:
    said = asked_for(register)
    fees = re.compile(r"\bfees?\b|手续费|工本费|服务费|押金|保证金|收费|deposit|charge")
    assert fees.findall(said) == []
    topics = all_registers()["complaint"].opens.fields["topic"].choices
    assert "收费" in topics["fee"].zh
    for letter in ("receipt", "appeal-receipt"):
        assert "不收任何费用" in "".join(letters._letters()[0][letter].paragraphs), letter
    ledger = Ledger(register, "complaint")
    await ledger.open(ZHOU_JIE, **{**A_CLUE, "topic": "fee", "text": "办证时有人要五十元"})
    assert ledger.entry["state"] == "received"


@pytest.mark.breaks("The whole household")
async def test_no_part_of_a_household_is_granted(register: Register) -> None:
    walk = Walk(register)
    (one, _) = an_application()["members"]
    await walk.confirming(members=[{**one, "name": "李乙"}])
    home = a_household("h-1", a_person(1, name="李乙"), a_person(2, name="李丙"))
    await register.imported(a_csv(rows_of(home)))
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    assert answer.json()["type"] == "/problems/others-live-there"
    await walk.do(HE_JUN, "return-to-township", reason="漏了同住的人")
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", reasons="符合", **walk.proposal)
    assert answer.json()["needs"] == ["everybody-named"]
    assert register.rows("SELECT 1 FROM determination") == []


@pytest.mark.breaks("Every change leaves a trace")
async def test_every_act_leaves_a_row_in_a_chain_that_holds(register: Register) -> None:
    walk = await Walk(register).confirming()
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    auditor = Caller("staff:lin", Kind.STAFF, COUNTY, "lin", frozenset({"audit:read"}), (COUNTY,))
    lines: list[str] = []
    while page := (await register.get("/audit-log", auditor, after=len(lines), most=7)).text:
        lines += page.splitlines()
    chain = audit_check.check(lines)
    assert chain.rows == len(lines)
    seen = [line for line in lines if str(walk.case["case_id"]) in line]
    for each in granted["history"]:
        assert [line for line in seen if f'"case-{each["act"]}"' in line], each["act"]
        assert [line for line in seen if f'"{each["by"]}"' in line]
    assert "李伟" not in "".join(lines), "the log names nobody"
    assert (await register.get("/audit-log", CHEN_HONG)).status_code == 403
