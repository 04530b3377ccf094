"""A campaign: everybody frozen at its start, each with a finding, and sums that add up."""

import asyncio
import io
import json
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from services.identification.casework.samples import chosen_of
from shared.callers import Caller
from tests.identification.caseworkers import (
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    in_month,
    somebody_else,
)
from tests.identification.lists import compared, delivered
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import COUNTY, Register

SIGNED = ["王芳", "刘强"]


@pytest.fixture
async def county(register: Register) -> Register:
    """One on dibao, one that left, one registered poor, one refused, one of another town."""
    await register.imported(
        a_csv(
            rows_of(
                a_household("h-1", a_person(1), **on_dibao()),
                a_household("h-2", a_person(2), **on_dibao(from_month="2025-01")),
                a_household("h-3", a_person(3)),
                a_household("h-4", a_person(4), village=OTHER_VILLAGE, **on_dibao()),
            )
        )
    )
    off = on_dibao(dibao="否", decision_number="青民决〔2026〕9号", from_month="2026-09")
    await register.imported(a_csv(rows_of(a_household("h-2", a_person(2), **off))))
    in_month(register, 1)
    return register


async def post(register: Register, path: str, by: Caller, **words: Any) -> httpx.Response:
    return await register.client.post(path, json=words, headers=register.headers(by))


async def begun(register: Register, by: Caller = ZHANG_LI, **words: Any) -> str:
    said = {"campaign": "village-first", "year": 2026, "area": VILLAGE[:9], **words}
    answer = await post(register, "/rounds", by, **said)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["round_id"])


async def shown(register: Register, round_id: str, by: Caller = ZHANG_LI) -> dict[str, Any]:
    answer = await register.get(f"/rounds/{round_id}", by, village=VILLAGE)
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.shows("S49")
async def test_a_look_back_looks_at_everybody_and_each_has_a_finding(county: Register) -> None:
    await Walk(county).refused(members=[somebody_else()])
    said = {"campaign": "village-first", "year": 2026, "area": VILLAGE[:9], "look_back": True}
    opened = await post(county, "/rounds", ZHANG_LI, **said, registered_poor=["h-3", "h-1", "h-9"])
    assert (opened.json()["unknown"], opened.json()["poor_of"]) == (["h-9"], "")
    round_id = opened.json()["round_id"]
    found = await shown(county, round_id)
    because = {each["number"]: each["because"] for each in found["households"]}
    receipt = next(number for number in because if number.startswith("D"))
    assert because == {
        "h-1": "current", "h-2": "left", "h-3": "registered-poor", receipt: "refused",
    }  # fmt: skip
    assert (await post(county, f"/rounds/{round_id}/closing", ZHANG_LI)).status_code == 409
    for each in found["households"]:
        finding = "kept" if each["because"] == "current" else "not-added"
        words = {"serial": each["serial"], "visited_on": "2026-10-01", "signed_by": SIGNED}
        answer = await post(county, f"/rounds/{round_id}/findings", WANG_FANG, finding="x", **words)
        assert answer.json()["type"] == "/problems/finding-unfit"
        answer = await post(
            county, f"/rounds/{round_id}/findings", WANG_FANG, finding=finding, **words
        )
        assert answer.status_code == 201, answer.text
    sums = (await shown(county, round_id))["sums"]
    assert sums["found"] == {"kept": 1, "left": 0, "added": 0, "not-added": 3}
    assert sum(sums["found"].values()) + sums["open"] == sums["all"] == found["frozen"] == 4
    assert (await post(county, f"/rounds/{round_id}/closing", ZHANG_LI)).json()["closed"]
    late = {"serial": 1, "finding": "kept", "visited_on": "2026-10-01", "signed_by": SIGNED}
    answer = await post(county, f"/rounds/{round_id}/findings", WANG_FANG, **late)
    assert answer.json()["type"] == "/problems/round-closed"


@pytest.mark.shows("S49")
async def test_registered_poor_without_assistance_are_those_of_the_last_comparison(
    county: Register,
) -> None:
    await delivered(county, "deaths", (id_number(9), "2026-09-01"))
    poor = ((id_number(each), "未脱贫") for each in (1, 3, 4))
    await delivered(county, "registered-poor", *poor)
    await compared(county)
    said = {"campaign": "village-first", "year": 2026, "area": VILLAGE[:9], "look_back": True}
    opened = (await post(county, "/rounds", ZHANG_LI, **said)).json()
    assert (opened["poor_of"], opened["unknown"]) == ("2026-10", [])
    found = (await shown(county, opened["round_id"]))["households"]
    assert [each["number"] for each in found if each["because"] == "registered-poor"] == ["h-3"]


@pytest.mark.shows("S49")
async def test_a_refusal_of_more_than_twelve_months_ago_is_not_looked_at(county: Register) -> None:
    await Walk(county).refused(members=[somebody_else()])
    in_month(county, 14)
    found = await shown(county, await begun(county, look_back=True, year=2027))
    assert "refused" not in found["sums"]["because"]


async def test_of_two_who_visited_the_second_reads_what_the_first_found_and_both_are_kept(
    county: Register,
) -> None:
    path = f"/rounds/{await begun(county)}/findings"
    said = {"serial": 1, "visited_on": "2026-10-01", "signed_by": SIGNED}
    at_once = await asyncio.gather(
        post(county, path, WANG_FANG, finding="kept", **said),
        post(county, path, WANG_FANG, finding="left", **said),
    )
    assert sorted(each.status_code for each in at_once) == [201, 409]
    (was,) = county.rows("SELECT finding FROM campaign_household WHERE finding IS NOT NULL")
    old = await post(
        county,
        path,
        WANG_FANG,
        finding="left",
        **{**said, "visited_on": "2020-01-01"},
        was=was["finding"],
    )
    assert old.json()["type"] == "/problems/day-outside"
    again = await post(county, path, WANG_FANG, finding="left", **said, was=was["finding"])
    assert again.status_code == 201, again.text
    (one,) = county.rows("SELECT id, found_sealed FROM campaign_household WHERE finding = 'left'")
    words = json.loads(
        county.app.state.keys.decrypt(
            one["found_sealed"], table="campaign_household", column="found_sealed", row=one["id"]
        )
    )
    assert [each["finding"] for each in words["before"]] == [was["finding"]]


@pytest.mark.shows("S37")
async def test_a_finding_has_two_who_sign_and_the_round_is_frozen(county: Register) -> None:
    round_id = await begun(county)
    words = {"serial": 1, "finding": "kept", "visited_on": "2026-10-01"}
    for signed_by in ([], ["王芳"], ["王芳", " 王芳 "]):
        answer = await post(
            county, f"/rounds/{round_id}/findings", WANG_FANG, signed_by=signed_by, **words
        )
        assert answer.json()["type"] == "/problems/too-few-signed"
    await county.imported(a_csv(rows_of(a_household("h-5", a_person(5), **on_dibao()))))
    assert (await shown(county, round_id))["frozen"] == 1, "who came later is not of this round"
    assert (await county.get(f"/rounds/{round_id}", ZHAO_MIN)).status_code == 404
    answer = await post(county, "/rounds", ZHANG_LI, campaign="x", year=2026, area=VILLAGE)
    assert answer.json()["type"] == "/problems/no-such-campaign"
    answer = await post(county, "/rounds", ZHANG_LI, campaign="year-end", year=2026, area=COUNTY)
    assert answer.json()["type"] == "/problems/area-not-yours"


@pytest.mark.shows("S48")
async def test_a_sample_of_a_round_is_rounded_up_and_drawn_again_from_its_seed(
    county: Register,
) -> None:
    round_id = await begun(county, HE_JUN, area=COUNTY, look_back=True)
    drawn = (await post(county, f"/rounds/{round_id}/sample", HE_JUN)).json()
    found = await shown(county, round_id, HE_JUN)
    assert (len(found["sample"]), drawn["percent"]) == (1, 10), "a tenth of three, rounded up"
    rows = county.rows("SELECT id, serial FROM campaign_household")
    (chosen,) = chosen_of([row["id"] for row in rows], 10, found["seed"])
    assert [row["serial"] for row in rows if row["id"] == chosen] == found["sample"]
    assert (await post(county, f"/rounds/{round_id}/sample", HE_JUN)).status_code == 409


async def test_a_township_neither_samples_nor_ends_what_is_the_countys(county: Register) -> None:
    round_id = await begun(county, HE_JUN, area=COUNTY)
    for act in ("sample", "closing"):
        answer = await post(county, f"/rounds/{round_id}/{act}", ZHANG_LI)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/area-not-yours")
    assert (await shown(county, round_id))["sample"] == []


async def test_lists_to_be_taken_along_are_filled_in(county: Register) -> None:
    round_id = await begun(county, look_back=True)
    pdf = await county.get(f"/rounds/{round_id}/villages/{VILLAGE}/list", ZHANG_LI)
    text = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    for said in ("h-1", "h-2", "在保", "已退出", "低保集中核查"):
        assert said in text
    path = f"/rounds/{round_id}/villages/{OTHER_VILLAGE}/list"
    assert (await county.get(path, ZHANG_LI)).status_code == 404
    pdf = await county.get(f"/villages/{VILLAGE}/review-list", ZHANG_LI, month="2027-12")
    text = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert "h-1" in text
    assert "年度复核核查表" in text
    answer = await county.get(f"/villages/{OTHER_VILLAGE}/review-list", ZHANG_LI, month="2027-12")
    assert answer.status_code == 403


@pytest.mark.shows("S64")
async def test_the_list_of_a_year_is_last_years_with_who_came_and_without_who_left(
    county: Register,
) -> None:
    found = (await county.get("/year-lists/2026", HE_JUN)).json()
    assert (found["last_year"], found["this_year"], found["adds_up"]) == (1, 2, True)
    assert [each["number"] for each in found["came_in"]] == ["h-1", "h-4"]
    (left,) = found["left"]
    assert (left["number"], left["decision_number"]) == ("h-2", "青民决〔2026〕9号")
    assert left["from_month"] == "2026-09"
    by_village = {each["village"]: each for each in found["villages"]}
    assert by_village[VILLAGE]["last_year"] == by_village[VILLAGE]["left"] == 1
    for name in ("last_year", "this_year"):
        assert sum(each[name] for each in found["villages"]) == found[name]
    for each in found["villages"]:
        assert each["last_year"] + each["came_in"] - each["left"] == each["this_year"]
    mine = (await county.get("/year-lists/2026", ZHANG_LI)).json()
    assert [each["number"] for each in mine["came_in"]] == ["h-1"]
