"""Samples: drawn once from each case, by chance, and visited before anybody goes on."""

from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest

from services.identification.casework.looking_again.samples import chosen_of
from shared.callers import Caller
from tests.identification.caseworkers import (
    COUNTY_HEAD,
    HE_JUN,
    LIU_QIANG,
    OFFICER,
    OTHER_TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    sets,
    staff,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register

SAMPLES: Final = "sample_percent: {township: 20, county: 10}"
OTHER_HEAD: Final = staff("gao-yu", COUNTY_HEAD)
OPINION: Final[dict[str, Any]] = {
    "opinion": "grant", "income_fen_monthly": 20000, "reasons": "符合条件",
}  # fmt: skip
FOUND: Final[dict[str, Any]] = {
    "visited_on": "2026-09-25",
    "as_found": "yes",
    "findings": "与调查一致",
}


@pytest.fixture
def register(register: Register) -> Register:
    sets(register, SAMPLES)
    return register


async def waiting(register: Register, order: int) -> Walk:
    """A household that waits for the township's opinion."""
    head = {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(order)}
    walk = await Walk(register).surveyed(members=[head])
    await walk.compare()
    assert walk.case["state"] == "reviewing"
    return walk


async def draw(register: Register, stage: str, by: Caller = ZHANG_LI) -> httpx.Response:
    return await register.client.post(
        "/samples", json={"stage": stage}, headers=register.headers(by)
    )


@pytest.mark.shows("S48")
@pytest.mark.breaks("A sample is drawn once")
async def test_a_sample_is_drawn_once_and_again_only_from_who_came_since(
    register: Register,
) -> None:
    walks = [await waiting(register, order) for order in range(1, 7)]
    drawn = (await draw(register, "township")).json()
    assert (len(drawn["population"]), drawn["percent"], len(drawn["chosen"])) == (6, 20, 2)
    again = chosen_of(map(UUID, drawn["population"]), drawn["percent"], drawn["seed"])
    assert [str(each) for each in again] == drawn["chosen"]
    for _ in range(3):
        assert (await draw(register, "township")).json() == drawn, "drawn until it suits"
    walks.append(await waiting(register, 7))
    fresh = (await draw(register, "township")).json()
    assert fresh["population"] == fresh["chosen"] == [walks[-1].case["case_id"]]
    kept = (await register.get(f"/samples/{drawn['sample_id']}", ZHANG_LI)).json()
    assert kept == drawn
    assert (await register.get(f"/samples/{drawn['sample_id']}", ZHAO_MIN)).status_code == 404


@pytest.mark.shows("S48")
@pytest.mark.breaks("A sample is drawn once")
async def test_whom_chance_picked_is_visited_before_the_township_gives_its_opinion(
    register: Register,
) -> None:
    walks = {(walk := await waiting(register, each)).case["case_id"]: walk for each in range(1, 4)}
    for walk in walks.values():
        answer = await walk.ask(ZHANG_LI, "propose", **OPINION)
        assert answer.json()["needs"] == ["sample-visited"], "nothing was drawn yet"
    drawn = (await draw(register, "township")).json()
    (picked,) = drawn["chosen"]
    for case_id, walk in walks.items():
        answer = await walk.ask(ZHANG_LI, "propose", **OPINION)
        assert (answer.status_code == 409) == (case_id == picked)
    walk = walks[picked]
    assert (await walk.look(ZHANG_LI))["visit_first"] == ["township"], "the case says so"
    surveyor = staff("wang-fang", {"cases:review"})
    answer = await walk.ask(surveyor, "spot-check", **FOUND)
    assert answer.json()["needs"] == ["not-the-surveyor"]
    assert (await _of(register, drawn))["visited_on"] is None
    await walk.do(ZHANG_LI, "spot-check", **FOUND)
    line = await _of(register, drawn)
    assert (line["visited_on"], line["visited_by"]) == ("2026-09-25", "staff:zhang-li")
    assert (await walk.do(ZHANG_LI, "propose", **OPINION))["state"] == "to-post"


@pytest.mark.shows("S48")
async def test_who_made_the_spot_check_does_not_decide(register: Register) -> None:
    walk = await waiting(register, 1)
    await draw(register, "township")
    await walk.do(ZHANG_LI, "spot-check", **FOUND)
    opinion = {"opinion": "refuse", "reasons": "不符", "income_fen_monthly": 20000}
    assert (await walk.do(OTHER_TOWN_HEAD, "propose", **opinion))["state"] == "confirming"
    decision: dict[str, Any] = {"decision_number": "青民决〔2026〕3号", "reasons": "不符"}
    checker = staff("zhang-li", {"cases:read", "cases:decide"})
    answer = await walk.ask(checker, "refuse", **decision)
    assert answer.json()["needs"] == ["not-the-spot-checker"]
    assert (await walk.do(HE_JUN, "refuse", **decision))["state"] == "refused"


@pytest.mark.shows("S48")
@pytest.mark.breaks("A check that finds otherwise binds")
async def test_what_a_spot_check_finds_otherwise_is_weighed_by_another_and_visited_again(
    register: Register,
) -> None:
    walk = await waiting(register, 1)
    await draw(register, "township")
    await walk.do(ZHANG_LI, "spot-check", **FOUND | {"as_found": False, "findings": "有小汽车"})
    (line,) = (await register.get("/cases", ZHANG_LI)).json()["items"]
    assert line["choice_waits"], "the queue says that somebody has to choose"
    for opinion in (OPINION, OPINION | {"opinion": "refuse"}):
        answer = await walk.ask(OTHER_TOWN_HEAD, "propose", **opinion)
        assert "visits-weighed" in answer.json()["needs"], opinion
    chosen: dict[str, Any] = {"counts": "check", "reason": "抽查属实"}
    answer = await walk.ask(ZHANG_LI, "weigh-spot-check", **chosen)
    assert answer.json()["needs"] == ["not-the-spot-checker"], "nobody weighs their own check"
    surveyor = staff("wang-fang", {"cases:review"})
    answer = await walk.ask(surveyor, "weigh-spot-check", **chosen)
    assert answer.json()["needs"] == ["not-the-surveyor"], "nor their own visit"
    await walk.do(OTHER_TOWN_HEAD, "weigh-spot-check", **chosen)
    answer = await walk.ask(OTHER_TOWN_HEAD, "propose", **OPINION)
    assert answer.json()["needs"] == ["granted-on-what-counts"]
    await walk.do(OTHER_TOWN_HEAD, "survey-again")
    await walk.visit()
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert answer.json()["needs"] == ["seen-by-another"], "by the same two once more"
    words = {"visited_on": "2026-09-25", "family_member": "李伟", "findings": "有小汽车"}
    third = staff("sun-tao", OFFICER, VILLAGE[:9])
    again: dict[str, Any] = {"survey_id": str(uuid4()), "income_fen_yearly": 240000, **words}
    await walk.do(third, "survey", **again)
    await walk.do(LIU_QIANG, "sign-survey", survey_id=again["survey_id"])
    chosen = {"survey_id": again["survey_id"], "reason": "另有人入户"}
    await walk.do(OTHER_TOWN_HEAD, "choose-survey", **chosen)
    assert (await walk.do(WANG_FANG, "finish-survey"))["state"] == "comparing"


async def test_where_both_officers_of_a_township_had_visited_the_county_goes_along(
    register: Register,
) -> None:
    walk = await waiting(register, 1)
    first = next(each for each in walk.case["history"] if each["act"] == "survey")
    await draw(register, "township")
    checker = staff("ma-lin", {"cases:read", "cases:check"})
    early = await walk.ask(checker, "sign-survey", survey_id=first["words"]["survey_id"])
    assert early.json()["needs"] == ["yours-to-sign"], "a first visit is the township's"
    await walk.do(ZHANG_LI, "spot-check", **FOUND | {"as_found": False, "findings": "有小汽车"})
    await walk.do(ZHANG_LI, "survey-again")
    again = await walk.visit()
    assert "sign-survey" in {each["act"] for each in (await walk.look(checker))["acts"]}
    await walk.do(checker, "sign-survey", survey_id=again)
    assert (await walk.do(WANG_FANG, "finish-survey"))["state"] == "comparing"


@pytest.mark.shows("S48")
@pytest.mark.breaks("A check that finds otherwise binds")
async def test_what_the_county_finds_otherwise_is_refused_sent_back_or_weighed_by_another(
    register: Register,
) -> None:
    sets(register, "{}")
    walk = await Walk(register).confirming()
    visit = {"visited_on": "2026-10-02", "as_found": False, "findings": "另有住房一套"}
    await walk.do(HE_JUN, "home-check", **visit)
    decision: dict[str, Any] = {"decision_number": "青民决〔2026〕801号"}
    for act in ("confirm", "refuse"):
        more: dict[str, Any] = {"reasons": "财产超标"} if act == "refuse" else {}
        answer = await walk.ask(OTHER_HEAD, act, **decision, **more)
        assert answer.json()["needs"] == ["visits-weighed"] + ["granted-on-what-counts"] * (
            act == "confirm"
        )
    await walk.do(HE_JUN, "return-to-township", reason="重新入户")
    chosen: dict[str, Any] = {"counts": "visit", "reason": "与调查一致"}
    assert (await walk.ask(ZHANG_LI, "weigh-spot-check", **chosen)).status_code == 409
    opinion = await walk.ask(ZHANG_LI, "propose", **OPINION)
    assert "visits-weighed" in opinion.json()["needs"], "the township does not pass over it"
    await walk.do(ZHANG_LI, "survey-again")
    third = staff("sun-tao", OFFICER, VILLAGE[:9])
    words = {"family_member": "李伟", "findings": "土坯房", "income_fen_yearly": 240000}
    old: dict[str, Any] = {"survey_id": str(uuid4()), "visited_on": "2026-10-01", **words}
    await walk.do(third, "survey", **old)
    await walk.do(LIU_QIANG, "sign-survey", survey_id=old["survey_id"])
    answer = await walk.ask(WANG_FANG, "finish-survey")
    assert "signed-by-investigators" in answer.json()["needs"], "it was made before the check"
    await walk.do(third, "survey", **old | {"survey_id": str(uuid4()), "visited_on": "2026-10-02"})


async def _of(register: Register, drawn: dict[str, Any]) -> dict[str, Any]:
    (line,) = (await register.get(f"/samples/{drawn['sample_id']}", ZHANG_LI)).json()["cases"]
    found: dict[str, Any] = line
    return found


@pytest.mark.shows("S48")
@pytest.mark.breaks("A sample is drawn once")
async def test_the_county_draws_its_own_and_grants_nobody_it_did_not_visit(
    register: Register,
) -> None:
    sets(register, "sample_percent: {county: 10}")
    walk = await Walk(register).confirming()
    decision: dict[str, Any] = {"decision_number": "青民决〔2026〕801号"}
    assert (await draw(register, "county")).json()["type"] == "/problems/not-yours-to-draw"
    answer = await walk.ask(HE_JUN, "confirm", **decision)
    assert answer.json()["needs"] == ["sample-visited-by-county"]
    drawn = (await draw(register, "county", HE_JUN)).json()
    assert drawn["chosen"] == [walk.case["case_id"]], "a tenth of one, rounded up"
    answer = await walk.ask(HE_JUN, "confirm", **decision)
    assert answer.json()["needs"] == ["sample-visited-by-county"]
    await walk.do(HE_JUN, "home-check", as_found=True, visited_on="2026-10-02", findings="属实")
    await walk.do(OTHER_HEAD, "confirm", **decision)
    assert (await draw(register, "county", HE_JUN)).json()["type"] == "/problems/nothing-to-draw"


async def test_a_place_that_samples_none_draws_none_and_bars_nobody(register: Register) -> None:
    sets(register, "{}")
    walk = await waiting(register, 1)
    assert "spot-check" not in {each["act"] for each in (await walk.look(ZHANG_LI))["acts"]}
    assert (await draw(register, "township")).json()["type"] == "/problems/nothing-to-draw"
    await walk.do(ZHANG_LI, "propose", **OPINION)


@pytest.mark.parametrize(
    ("of", "percent", "many"), [(1, 10, 1), (10, 10, 1), (11, 10, 2), (10, 20, 2), (0, 20, 0)]
)
@pytest.mark.shows("S48")
@pytest.mark.breaks("Samples are rounded up")
def test_a_share_is_rounded_up_and_another_seed_draws_others(
    of: int, percent: int, many: int
) -> None:
    ids = [UUID(int=number) for number in range(of)]
    assert len(chosen_of(ids, percent, "a")) == many
    assert chosen_of(reversed(ids), percent, "a") == chosen_of(ids, percent, "a")
    thousand = [UUID(int=number) for number in range(1000)]
    assert chosen_of(thousand, 10, "a") != chosen_of(thousand, 10, "b")
