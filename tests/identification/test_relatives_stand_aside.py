"""Whoever is near to somebody in a case stands aside from it: no table leaves an act of the staff
open to them but the few that are named, each with its reason."""

from pathlib import Path
from typing import Any

import pytest

from services.identification.casework.paths import PATHS, all_paths, read_path
from services.identification.casework.stands_aside import RELATIVES_MAY
from shared.tables import TableUnreadable
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    LUO_PING,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    later,
    staff,
)
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_appeals import lodged
from tests.identification.test_relatives import filed


@pytest.mark.shows("S50")
@pytest.mark.breaks("A relative stands aside")
@pytest.mark.parametrize(
    ("said", "instead", "flaw"),
    [
        ("[not-extended-before, not-a-relative]", "[not-extended-before]", "extend does not need"),
        ("needs: [officer-named]", "needs: [officer-named, not-a-relative]", "declare-relative ne"),
    ],
)
def test_no_table_is_read_in_which_a_relative_may_do_what_nobody_said_why(
    tmp_path: Path, said: str, instead: str, flaw: str
) -> None:
    text = (PATHS / "dibao.yaml").read_text("utf-8")
    assert said in text
    path = tmp_path / "dibao.yaml"
    path.write_text(text.replace(said, instead), "utf-8")
    with pytest.raises(TableUnreadable, match=flaw):
        read_path(path)


def test_what_a_relative_may_do_is_done_on_some_path_and_leads_no_further_than_handing_in() -> None:
    named = [act for acts in RELATIVES_MAY.values() for act in acts]
    assert len(named) == len(set(named)), "each for one reason"
    paths = all_paths().values()
    assert set(named) <= {act for path in paths for act in path.acts}
    for path in paths:
        for act in (path.acts[name] for name in named if name in path.acts):
            assert act.way is None or act.sources <= {path.begins, "papers-wanted"}, act.name


@pytest.mark.shows("S50")
@pytest.mark.breaks("A relative stands aside")
async def test_a_relative_neither_extends_shows_hears_against_nor_sends_back(
    register: Register,
) -> None:
    walk = Walk(register)
    kin = staff("luo-li", {"cases:review", "cases:survey", "cases:decide", "cases:accept"})
    await walk.accepted()
    await walk.letter("head")
    await filed(walk, kin, id_number(1))

    async def is_barred(act: str, **words: Any) -> None:
        assert "not-a-relative" in (await walk.ask(kin, act, **words)).json()["needs"], act

    await is_barred("extend", reason="特殊")
    await walk.visit()
    await is_barred("finish-survey")
    await walk.do(WANG_FANG, "finish-survey")
    await is_barred("finish-comparison")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    today = walk.register.app.state.clock.today().isoformat()
    photo = await walk.paper(ZHANG_LI, "posting-photo")
    await is_barred("post", first_day=today, photo_id=photo)
    await walk.do(ZHANG_LI, "post", first_day=today, photo_id=photo)
    later(register, 7)
    await is_barred("end-posting")
    await walk.do(ZHANG_LI, "end-posting")
    await is_barred("return-to-township", reason="重审")
    words: dict[str, Any] = {"received_on": today, "reason": "有门面"}
    await is_barred("object", **words)
    await walk.do(WANG_FANG, "object", **words)
    await is_barred("survey-again")
    assert (await walk.do(ZHANG_LI, "survey-again"))["state"] == "surveying"


@pytest.mark.shows("S50")
@pytest.mark.breaks("A relative stands aside")
async def test_who_is_near_by_the_case_hears_no_appeal_against_its_decision(
    register: Register,
) -> None:
    walk = await Walk(register).confirming()
    await walk.do(WANG_FANG, "declare-relative", officer="sun-lei", relation="姨父")
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕804号", reasons="收入高")
    appeal = await lodged(walk)
    assert (await appeal.ask(SUN_LEI, "accept")).json()["needs"] == ["not-a-relative"]
    assert (await appeal.do(LUO_PING, "accept"))["state"] == "hearing"


@pytest.mark.breaks("A relative stands aside")
async def test_who_was_found_near_in_one_case_stands_aside_in_every_other_of_the_household(
    register: Register,
) -> None:
    household_id = await a_known_household(register)
    change = await Walk(register).open(category="change", household_id=household_id)
    await change.do(CHEN_HONG, "income", income_fen_monthly=0, reason="失业")
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    await change.do(HE_JUN, "declare-relative", officer="wang-fang", relation="堂兄")
    leaving = await Walk(register).open(category="exit", household_id=household_id)
    found: dict[str, Any] = {"ends": "dibao", "found_on": str(register.app.state.clock.today())}
    words = {**found, "rests_on": "means", "findings": "收入"}
    refused = await leaving.ask(WANG_FANG, "wrongly-in", **words)
    assert refused.json()["needs"] == ["not-a-relative"]
