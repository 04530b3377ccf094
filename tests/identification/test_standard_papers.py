"""Each key step of a case has one form, and whoever fills it in leaves a trace."""

from typing import Any, Final

import pytest

from services.identification.casework.papers import blank_forms
from services.identification.casework.paths import all_paths
from tests.identification.caseworkers import HE_JUN, WANG_FANG, ZHANG_LI, Walk, later, staff
from tests.identification.makers import id_number
from tests.identification.register import Register

STEPS: Final = {
    "acceptance": ("dibao", "accept"),
    "visit": ("dibao", "survey"),
    "appraisal": ("dibao", "appraise"),
    "posting": ("dibao", "post"),
    "change": ("change", "birth"),
    "near relatives": ("dibao", "declare-relative"),
}


@pytest.mark.shows("S56")
@pytest.mark.parametrize(("category", "act"), STEPS.values(), ids=STEPS.keys())
def test_each_step_has_a_form_of_its_own_in_both_languages(category: str, act: str) -> None:
    form = all_paths()[category].acts[act]
    assert form.words.zh
    assert form.words.en
    for field in form.fields.values():
        assert field.words.zh != field.name, "an officer reads what is asked for"


MADE_ELSEWHERE: Final = {
    "appeal", "application-form", "bank-card", "care-agreement", "death-proof", "guardianship",
    "household-register", "illness", "letter-excuse", "posting-photo", "self-care-report",
}  # fmt: skip
"""Papers that others make, that are photos, or that whoever appeals writes as they like; the form
of approval is printed with its number."""
ASKED_FOR_AS_NEEDS: Final = {
    "application": ("dibao", "write"),
    "commitment": ("dibao", "write"),
    "change-letter": ("change", "submit"),
    "other": ("dibao", "declare-relative"),
}
"""Papers signed on our forms that no act names: they are on file where an act wants them."""


@pytest.mark.shows("S56")
def test_every_paper_a_step_wants_signed_is_printed_where_it_is_wanted() -> None:
    wanted = {
        (field.kind, path.category, act.name)
        for path in all_paths().values()
        for act in path.acts.values()
        for field in act.fields.values()
        if field.kind is not None and field.kind not in MADE_ELSEWHERE
    }
    wanted |= {(kind, *where) for kind, where in ASKED_FOR_AS_NEEDS.items()}
    for kind, category, act in wanted:
        path = all_paths()[category]
        forms = [e for e in blank_forms.forms().values() if kind in (e.comes_back_as, e.of_one)]
        printed = {
            state
            for form in forms
            for each in form.where
            for state in (path.acts[each].sources if each in path.acts else ())
        }
        # A visit is printed wherever the case stands.
        of_visits = any(form.of_visit == blank_forms.EACH for form in forms)
        assert of_visits or path.acts[act].sources <= printed, (kind, category, act)


@pytest.mark.shows("S56")
async def test_each_step_leaves_its_words_who_did_it_and_a_row_in_the_audit(
    register: Register,
) -> None:
    walk = await Walk(register).accepted()
    await walk.do(WANG_FANG, "declare-relative", officer="zhao-min", relation="表弟")
    letter = await walk.paper(WANG_FANG, "authorisation")
    words = {"person_key": "head", "document_id": letter, "signed_on": "2026-09-25"}
    await walk.do(WANG_FANG, "authorise", **words)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    granted: dict[str, Any] = {"opinion": "grant", "income_fen_monthly": 0, "reasons": "符合"}
    await walk.do(ZHANG_LI, "propose", **granted)
    await walk.put_up()
    await walk.object(ZHANG_LI, "他家有车")
    await walk.do(ZHANG_LI, "survey-again")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    minutes = await walk.paper(WANG_FANG, "minutes")
    met = {"met_on": "2026-09-25", "due": 9, "present": 7, "in_favour": 6, "minutes_id": minutes}
    await walk.do(WANG_FANG, "appraise", **met)
    await walk.answer()
    await walk.do(ZHANG_LI, "propose", **granted)
    await walk.put_up()
    later(register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    found = {"visited_on": "2026-10-02", "findings": "属实"}
    checker = staff("fang-ting", {"cases:read", "cases:check"})
    await walk.do(checker, "home-check", as_found=True, **found)
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    change = await Walk(register).open(category="change", household_id=walk.case["household_id"])
    born = {"name": "李新", "relation": "子女", "id_number": id_number(9, "20260920")}
    await change.do(WANG_FANG, "birth", since="2026-10", **born)
    traced = {(each["act"], each["by"]) for each in walk.case["history"]}
    traced |= {(each["act"], each["by"]) for each in change.case["history"]}
    audited = {row["act"] for row in register.rows("SELECT act FROM audit")}
    for _, act in STEPS.values():
        assert [by for done, by in traced if done == act], act
        assert f"case-{act}" in audited
