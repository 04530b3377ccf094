"""Samples: drawn once from each case, by chance, and visited before anybody goes on."""

from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from services.identification.casework.looking_again.samples import chosen_of
from shared.callers import Caller
from tests.identification.caseworkers import (
    COUNTY_HEAD,
    HE_JUN,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    sets,
    staff,
)
from tests.identification.makers import id_number
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
    await walk.do(HE_JUN, "home-check", visited_on="2026-10-02", findings="属实")
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
