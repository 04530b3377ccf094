"""Every control of casework, and the test that tries to break it; those tried nowhere else."""

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from services.identification.casework.paths import all_paths
from shared import audit_check
from shared.callers import Caller, Kind
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    later,
    staff,
)
from tests.identification.register import COUNTY, Register

TESTS: Final = Path(__file__).resolve().parents[1]
HERE: Final = "identification/test_controls.py"
CONTROLS: Final = {
    "two signatures on a survey": "identification/test_casework.py::one_signature_is_no_survey",
    "quorum": "identification/test_casework.py::a_meeting_without_a_majority_of_those_due_is_none",
    "majority": "identification/test_casework.py::exactly_half_in_favour_is_not_more_than_half",
    "lists in their order": f"{HERE}::no_list_comes_before_its_turn_and_none_is_left_out",
    "lists for all their days": "identification/test_casework.py::a_list_is_shown_for_all_its_days",
    "an objection blocks": f"{HERE}::an_objection_blocks_every_step_but_looking_again",
    "authorised before compared": (
        "identification/test_casework.py::nobody_is_compared_without_every_adults_letter"
    ),
    "compared before decided": f"{HERE}::nothing_is_proposed_before_a_dated_comparison",
    "the surveyor does not decide": (
        "identification/test_casework.py::who_visited_or_proposed_does_not_decide"
    ),
    "a relative is visited": (
        "identification/test_relatives.py"
        "::a_relative_an_officer_filed_is_flagged_visited_and_decided_by_another"
    ),
    "samples are rounded up": (
        "identification/test_reviews.py::a_share_is_rounded_up_and_another_seed_draws_others"
    ),
    "no quota": f"{HERE}::nothing_asks_for_a_quota",
    "the whole household": f"{HERE}::no_part_of_a_household_is_granted",
    "serial = form number": (
        "identification/test_form_numbers.py::the_serial_of_a_roster_is_the_number_of_the_form"
    ),
    "the archive's order": (
        "identification/test_archive.py::the_whole_file_is_one_pdf_in_three_seconds"
    ),
    "the archive is complete": (
        "identification/test_archive.py::a_file_that_lacks_an_item_is_not_closed"
    ),
    "money in is money out": (
        "payments/test_ledger.py::an_entry_is_whole_and_balanced_or_not_at_all"
    ),
    "six months of fading": (
        "identification/test_exits.py"
        "::a_household_above_the_standard_fades_out_and_leaves_with_a_letter"
    ),
    "public fields": (
        "identification/test_publicity.py::a_list_is_up_for_its_days_and_down_after_them"
    ),
    "public exemptions": "identification/test_publicity.py::a_minor_is_never_posted",
    "a complaint is answered": (
        "identification/test_complaints.py::a_clue_has_a_number_and_a_state_and_ends_with_an_answer"
    ),
    "every change leaves a trace": f"{HERE}::every_act_leaves_a_row_in_a_chain_that_holds",
}


@pytest.mark.parametrize("control", CONTROLS)
def test_every_control_has_a_test_that_tries_to_break_it(control: str) -> None:
    path, _, name = CONTROLS[control].partition("::")
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    named = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert f"test_{name}" in named


@pytest.mark.shows("S39")
async def test_no_list_comes_before_its_turn_and_none_is_left_out(register: Register) -> None:
    state = register.app.state
    three = {"posting_stages": ["village", "township", "county"]}
    state.casework = replace(state.casework, words={**state.casework.words, **three})
    walk = await Walk(register).proposed()
    for stage, days in (("village", 7), ("township", 5), ("county", 5)):
        assert walk.case["state"] == "to-post"
        answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕1号")
        assert answer.json()["type"] == "/problems/not-here"
        await walk.put_up()
        assert walk.case["postings"][-1]["stage"] == stage
        later(register, days - 1)
        answer = await walk.ask(ZHANG_LI, "end-posting")
        assert answer.json()["needs"] == ["posted-long-enough"], stage
        later(register, 1)
        await walk.do(ZHANG_LI, "end-posting")
    assert walk.case["state"] == "confirming"


async def test_an_objection_blocks_every_step_but_looking_again(register: Register) -> None:
    walk = await Walk(register).posted()
    await walk.do(WANG_FANG, "object", reason="户主在外有门面")
    later(register, 30)
    everybody = staff("all", {f"cases:{each}" for each in ("accept", "review", "check", "decide")})
    moves = [
        act["act"]
        for act in (await walk.look(everybody))["acts"]
        if all_paths()["dibao"].acts[act["act"]].way is not None
    ]
    assert moves == ["survey-again"]
    for act in ("end-posting", "skip-posting", "confirm", "post"):
        assert (await walk.ask(everybody, act)).json()["type"] == "/problems/not-here", act


async def test_nothing_is_proposed_before_a_dated_comparison(register: Register) -> None:
    walk = await Walk(register).surveyed()
    words: dict[str, Any] = {"opinion": "grant", "income_fen_monthly": 0, "reasons": "符合"}
    assert (await walk.ask(ZHANG_LI, "propose", **words)).json()["type"] == "/problems/not-here"
    answer = await walk.ask(WANG_FANG, "finish-comparison")
    assert answer.json()["needs"] == ["compared"]
    answer = await walk.ask(WANG_FANG, "compare", report_number="核1号", reported_on="2027-01-01")
    assert answer.json()["needs"] == ["date-not-to-come"]


def test_nothing_asks_for_a_quota(register: Register) -> None:
    asked = [
        (path.category, act.name, field.name, field.words.zh, field.words.en)
        for path in all_paths().values()
        for act in path.acts.values()
        for field in act.fields.values()
    ]
    schemas = register.app.openapi()["components"]["schemas"]
    bodies = [name for each in schemas.values() for name in each.get("properties", ())]
    # How many households a helper is paired with has nothing to do with who is assisted.
    words = [each for each in register.app.state.casework.words if "pairing" not in each]
    said = str([asked, words, bodies]).lower()
    assert not [word for word in ("quota", "名额", "指标数") if word in said]


async def test_no_part_of_a_household_is_granted(register: Register) -> None:
    household_id = await a_known_household(register)
    walk = Walk(register)
    (one, _) = an_application()["members"]
    await walk.confirming(members=[{**one, "name": "李乙"}])
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    assert answer.json()["type"] == "/problems/others-live-there"
    assert len(register.rows("SELECT 1 FROM determination")) == 1, household_id


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
