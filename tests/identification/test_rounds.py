"""A campaign: everybody frozen at its start, each with a finding, and sums that add up."""

import asyncio
import dataclasses
import io
import json
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from services.identification import people
from services.identification.casework.looking_again import rounds
from services.identification.casework.looking_again.samples import chosen_of
from shared.ids import new_id
from tests.identification.caseworkers import (
    HE_JUN,
    LIU_QIANG,
    OTHER_TOWN_HEAD,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    in_month,
    later,
    sets,
    somebody_else,
    staff,
)
from tests.identification.lists import compared, delivered
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import COUNTY, Register
from tests.identification.rounds import (
    A_FORM,
    begun,
    checked,
    found,
    found_on_paper,
    post,
    shown,
    signed,
)


@pytest.fixture
async def county(register: Register) -> Register:
    """One on dibao, one that left, one registered poor, one refused, one of another town; and one
    who never was on the list, though something else is granted there."""
    await register.imported(
        a_csv(
            rows_of(
                a_household("h-1", a_person(1), **on_dibao()),
                a_household("h-2", a_person(2), **on_dibao(from_month="2025-01")),
                a_household("h-3", a_person(3)),
                a_household("h-4", a_person(4), village=OTHER_VILLAGE, **on_dibao()),
                a_household("h-5", a_person(6, old_age="是"), **decided()),
            )
        )
    )
    off = on_dibao(dibao="否", decision_number="青民决〔2026〕9号", from_month="2026-09")
    await register.imported(a_csv(rows_of(a_household("h-2", a_person(2), **off))))
    in_month(register, 1)
    return register


async def test_a_round_of_a_whole_county_begins_and_is_read(county: Register) -> None:
    """The database takes 65,535 parameters of one statement."""
    round_id = await begun(county)
    columns = [
        str(each["column_name"])
        for each in county.rows(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'campaign_household'"
        )
    ]
    told = {"id": "gen_random_uuid()", "serial": "n"}
    others = ", ".join(told.get(each, each) for each in columns)
    await county.change(
        f"INSERT INTO campaign_household ({', '.join(columns)}) SELECT {others}"  # noqa: S608  # Ours.
        " FROM (SELECT * FROM campaign_household LIMIT 1) AS one, generate_series(100, 66000) AS n"
    )
    assert (await shown(county, round_id))["sums"]["all"] > 65_535
    (home,) = county.rows("SELECT id FROM household WHERE number = 'h-1'")
    ids = [*(new_id() for _ in range(33_000)), UUID(str(home["id"]))]
    async with county.app.state.database.transaction() as session:
        names = await people.names_of(session, ZHANG_LI, ids)
    assert names.keys() == {str(home["id"])}


@pytest.mark.shows("S49")
async def test_a_look_back_looks_at_everybody_and_each_has_a_finding(county: Register) -> None:
    await Walk(county).refused(members=[somebody_else()])
    said = {"campaign": "village-first", "year": 2026, "area": VILLAGE[:9], "look_back": True}
    opened = await post(county, "/rounds", ZHANG_LI, **said, registered_poor=["h-3", "h-1", "h-9"])
    assert (opened.json()["unknown"], opened.json()["poor_of"]) == (["h-9"], "")
    round_id = opened.json()["round_id"]
    looked_at = await shown(county, round_id)
    because = {each["number"]: each["because"] for each in looked_at["households"]}
    receipt = next(number for number in because if number.startswith("D"))
    assert because == {
        "h-1": "current", "h-2": "left", "h-3": "registered-poor", receipt: "refused",
    }  # fmt: skip
    assert (await post(county, f"/rounds/{round_id}/closing", ZHANG_LI)).status_code == 409
    for each in looked_at["households"]:
        finding = "kept" if each["because"] == "current" else "not-added"
        answer = await found(county, round_id, serial=each["serial"], finding="x")
        assert answer.json()["type"] == "/problems/finding-unfit"
        answer = await found(county, round_id, serial=each["serial"], finding=finding)
        assert answer.status_code == 201, answer.text
    sums = (await shown(county, round_id))["sums"]
    assert (sum(sums["found"].values()), sums["unsigned"], sums["open"]) == (0, 4, 0)
    assert (await post(county, f"/rounds/{round_id}/closing", ZHANG_LI)).status_code == 409
    for each in looked_at["households"]:
        finding = "kept" if each["because"] == "current" else "not-added"
        answer = await signed(county, round_id, serial=each["serial"], finding=finding)
        assert answer.status_code == 201, answer.text
    sums = (await shown(county, round_id))["sums"]
    assert sums["found"] == {"kept": 1, "left": 0, "added": 0, "not-added": 3}
    assert sum(sums["found"].values()) + sums["open"] == sums["all"] == looked_at["frozen"] == 4
    closing = f"/rounds/{round_id}/closing"
    not_yet = (await post(county, closing, ZHANG_LI)).json()
    assert not_yet["type"] == "/problems/not-all-checked", "no sample was drawn"
    await post(county, f"/rounds/{round_id}/sample", ZHANG_LI)
    (serial,) = (await shown(county, round_id))["unchecked"]
    (one,) = (e for e in (await shown(county, round_id))["households"] if e["serial"] == serial)
    assert (await post(county, closing, ZHANG_LI)).json()["type"] == not_yet["type"]
    assert (await checked(county, round_id, serial, one["finding"])).json()["as_found"]
    assert (await post(county, closing, ZHANG_LI)).json()["closed"]
    for late in (await found(county, round_id), await signed(county, round_id)):
        assert late.json()["type"] == "/problems/round-closed"


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


async def test_phases_go_on_over_new_year(register: Register) -> None:
    sets(
        register,
        """
campaigns:
  winter:
    zh: 冬季核查
    en: winter
    phases:
      - {zh: 入户, en: visits, first: "11-15", last: "12-31"}
      - {zh: 公示, en: posted, first: "12-20", last: "01-20"}
      - {zh: 总结, en: summary, first: "01-21", last: "01-31"}
""",
    )
    phases = (await shown(register, await begun(register, campaign="winter")))["phases"]
    assert [(each["first_day"], each["last_day"]) for each in phases] == [
        ("2026-11-15", "2026-12-31"),
        ("2026-12-20", "2027-01-20"),
        ("2027-01-21", "2027-01-31"),
    ]


async def test_rounds_of_other_townships_hide_none_of_ones_own(
    county: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "SHOWN_MAX", 2)
    own = [await begun(county, HE_JUN, area=area) for area in (VILLAGE, COUNTY)]
    for _ in range(2):
        await begun(county, HE_JUN, area=OTHER_VILLAGE[:9])
    items = (await county.get("/rounds", ZHANG_LI)).json()["items"]
    assert [each["round_id"] for each in items] == own[::-1]


async def looked_at(register: Register, **words: Any) -> list[tuple[str, str]]:
    """Whom a look-back looks at, and why."""
    found = await shown(register, await begun(register, look_back=True, **words))
    return [(each["because"], each["head_name"]) for each in found["households"]]


async def test_who_was_refused_is_looked_at_once(register: Register) -> None:
    for number in ("青民决〔2026〕801号", "青民决〔2026〕802号"):
        walk = await Walk(register).confirming(members=[somebody_else()])
        await walk.do(HE_JUN, "refuse", decision_number=number, reasons="收入高于标准")
        today = register.app.state.clock.today().isoformat()
        await walk.do(ZHANG_LI, "tell-refusal", told_on=today)
        later(register, 30)
    assert await looked_at(register) == [("refused", "张三")]


async def test_who_was_refused_and_is_on_the_list_since_is_looked_at_as_that(
    register: Register,
) -> None:
    await Walk(register).refused(members=[somebody_else()])
    later(register, 40)
    walk = await Walk(register).confirming(members=[somebody_else()])
    number = "青民决〔2026〕900号"
    await walk.do(HE_JUN, "confirm", decision_number=number)
    in_month(register, 2)
    assert await looked_at(register) == [("current", "张三")]


async def test_a_registered_poor_household_that_was_refused_is_looked_at_once(
    register: Register,
) -> None:
    await register.imported(a_csv(rows_of(a_household("h-3", a_person(11, name="张三")))))
    await Walk(register).refused(members=[somebody_else()])
    assert await looked_at(register, registered_poor=["h-3"]) == [("refused", "张三")]


async def test_of_two_who_visited_the_second_reads_what_the_first_found_and_both_are_kept(
    county: Register,
) -> None:
    round_id = await begun(county)
    at_once = await asyncio.gather(
        found(county, round_id, finding="kept"), found(county, round_id, finding="left")
    )
    assert sorted(each.status_code for each in at_once) == [201, 409]
    (was,) = county.rows("SELECT finding FROM campaign_household WHERE finding IS NOT NULL")
    said = {"finding": "left", "was": was["finding"]}
    old = await found(county, round_id, visited_on="2020-01-01", **said)
    assert old.json()["type"] == "/problems/day-outside"
    again = await found(county, round_id, **said)
    assert again.status_code == 201, again.text
    gone = await signed(county, round_id, finding="added")
    assert gone.json()["type"] == "/problems/moved-on", "what is signed is what was read"
    (one,) = county.rows("SELECT id, found_sealed FROM campaign_household WHERE finding = 'left'")
    words = json.loads(
        county.app.state.keys.decrypt(
            one["found_sealed"], table="campaign_household", column="found_sealed", row=one["id"]
        )
    )
    assert [each["finding"] for each in words["before"]] == [was["finding"]]


@pytest.mark.shows("S37")
@pytest.mark.breaks("Two hands in a round")
async def test_a_finding_counts_once_another_account_has_signed_it(county: Register) -> None:
    round_id = await begun(county)
    typed = await found(county, round_id, signed_by=["王芳", "刘强"])
    assert typed.status_code == 422, "typed names sign nothing"
    assert (await found(county, round_id)).status_code == 201
    herself = staff("wang-fang-2", TOWN_HEAD, VILLAGE[:9])
    herself = dataclasses.replace(herself, person=WANG_FANG.person)
    for by in (WANG_FANG, herself):
        assert (await signed(county, round_id, by)).json()["type"] == "/problems/signed-before"
    (one,) = (await shown(county, round_id))["households"]
    assert (one["signed"], one["signed_by"]) == (False, ["staff:wang-fang"])
    assert (await signed(county, round_id)).status_code == 201
    (one,) = (await shown(county, round_id))["households"]
    assert (one["signed"], one["signed_by"]) == (True, ["staff:wang-fang", "staff:liu-qiang"])
    again = await found(county, round_id, ZHANG_LI, finding="left", was="kept")
    assert again.status_code == 201, again.text
    (one,) = (await shown(county, round_id))["households"]
    assert (one["signed"], one["signed_by"]) == (False, ["staff:zhang-li"]), "both sign anew"
    days = {"first": "2026-10-01", "last": "2026-12-31"}
    listed = (await county.get("/signatures", HE_JUN, person="liu-qiang", **days)).json()["items"]
    assert [(each["receipt"], each["said"]) for each in listed] == [("h-1", "继续保障")]


@pytest.mark.shows("S37")
@pytest.mark.breaks("Two hands in a round")
async def test_a_form_on_paper_counts_once_everybody_it_names_has_signed_it_too(
    county: Register,
) -> None:
    round_id = await begun(county)
    few = [
        await found_on_paper(county, round_id),
        await found_on_paper(county, round_id, WANG_FANG, WANG_FANG),
        await found_on_paper(county, round_id, WANG_FANG, ZHAO_MIN),
        await found_on_paper(county, round_id, WANG_FANG, LIU_QIANG, until="2026-09-30"),
    ]
    assert {each.json()["type"] for each in few} == {"/problems/too-few-signed"}
    answer = await found_on_paper(county, round_id, WANG_FANG, LIU_QIANG, content=b"no picture")
    assert answer.json()["type"] == "/problems/no-paper"
    assert (await shown(county, round_id))["sums"]["open"] == 1, "nothing of it is kept"
    kept = await found_on_paper(county, round_id, WANG_FANG, LIU_QIANG)
    assert kept.status_code == 201, kept.text
    (one,) = (await shown(county, round_id))["households"]
    assert (one["signed"], one["paper_id"]) == (False, kept.json()["paper_id"])
    assert (one["signed_by"], one["awaited"]) == (["staff:zhang-li"], ["liu-qiang", "wang-fang"])
    assert (await post(county, f"/rounds/{round_id}/closing", ZHANG_LI)).status_code == 409
    assert (await signed(county, round_id, ZHANG_LI)).json()["type"] == "/problems/signed-before"
    assert (await signed(county, round_id, OTHER_TOWN_HEAD)).status_code == 201
    assert (await signed(county, round_id, WANG_FANG)).status_code == 201
    (one,) = (await shown(county, round_id))["households"]
    assert (one["signed"], one["awaited"]) == (False, ["liu-qiang"]), "who was named and was there"
    for by, waits in ((LIU_QIANG, [1]), (WANG_FANG, []), (HE_JUN, [])):
        told = (await county.get("/visits-to-sign", by)).json()["items"]
        assert [each["serial"] for each in told] == waits, by.subject
    assert (await signed(county, round_id, LIU_QIANG)).status_code == 201
    (one,) = (await shown(county, round_id))["households"]
    assert (one["signed"], one["awaited"]) == (True, [])
    assert (await county.get("/visits-to-sign", LIU_QIANG)).json()["items"] == []
    path = f"/rounds/{round_id}/papers/{one['paper_id']}"
    assert (await county.get(path, HE_JUN)).content == A_FORM
    assert (await county.get(path, ZHAO_MIN)).status_code == 404


@pytest.mark.breaks("Two hands in a round")
async def test_of_whose_account_has_ended_a_form_waits_for_another_than_who_typed_it(
    county: Register,
) -> None:
    round_id = await begun(county)
    kept = await found_on_paper(county, round_id, WANG_FANG, LIU_QIANG, until="2026-10-01")
    assert kept.status_code == 201, kept.text
    (one,) = (await shown(county, round_id))["households"]
    assert (one["signed"], one["awaited"]) == (False, [])
    assert (await signed(county, round_id, ZHANG_LI)).json()["type"] == "/problems/signed-before"
    assert (await signed(county, round_id, OTHER_TOWN_HEAD)).status_code == 201
    (one,) = (await shown(county, round_id))["households"]
    assert one["signed"]


@pytest.mark.shows("S49")
@pytest.mark.breaks("A check that finds otherwise binds")
async def test_what_a_round_finds_otherwise_has_an_owner_a_day_and_another_who_cancels_it(
    county: Register,
) -> None:
    leader = staff("head-1", TOWN_HEAD | {"registers:read", "registers:decide"}, VILLAGE[:9])
    round_id = await begun(county, leader)
    assert (await found(county, round_id, finding="left")).json()["put_right"] is None
    counts = (await signed(county, round_id, finding="left")).json()
    (row,) = (await county.get("/registers/rectification", leader)).json()["items"]
    assert (row["number"], row["owner"]) == (counts["put_right"], leader.subject)
    assert (await signed(county, round_id, leader, finding="left")).json()["put_right"] is None
    assert (
        row["due_on"]
        == county.app.state.casework.add_workdays(county.app.state.clock.today(), 10).isoformat()
    )
    assert len((await county.get("/registers/rectification", leader)).json()["items"]) == 1


async def test_a_round_is_of_this_year_of_the_last_or_of_the_next(county: Register) -> None:
    for year in (2025, 2026, 2027):
        assert await begun(county, campaign="year-end", year=year)
    for year in (2020, 2024, 2028, 0, 10**11):
        said = {"campaign": "year-end", "area": VILLAGE[:9], "year": year}
        answer = await post(county, "/rounds", ZHANG_LI, **said)
        assert answer.json()["type"] == "/problems/year-outside", year


async def test_a_round_is_frozen_and_begins_only_in_ones_own_area(county: Register) -> None:
    round_id = await begun(county)
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
    early = await post(county, f"/rounds/{round_id}/sample", HE_JUN)
    assert early.json()["type"] == "/problems/not-all-found", "nobody knows whom it will hit"
    await county.change("UPDATE campaign_household SET signed_on = '2026-10-10'")
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
    assert (found["came_in"], found["left"]) == (2, 1)
    behind = (await county.get("/year-lists/2026/lines/came_in", HE_JUN)).json()
    assert [each["number"] for each in behind["items"]] == ["h-1", "h-4"]
    (left,) = (await county.get("/year-lists/2026/lines/left", HE_JUN)).json()["items"]
    assert (left["number"], left["decision_number"]) == ("h-2", "青民决〔2026〕9号")
    assert left["from_month"] == "2026-09"
    by_village = {each["village"]: each for each in found["villages"]}
    assert by_village[VILLAGE]["last_year"] == by_village[VILLAGE]["left"] == 1
    for name in ("last_year", "this_year"):
        assert sum(each[name] for each in found["villages"]) == found[name]
    for each in found["villages"]:
        assert each["last_year"] + each["came_in"] - each["left"] == each["this_year"]
    mine = (await county.get("/year-lists/2026/lines/came_in", ZHANG_LI)).json()
    assert [each["number"] for each in mine["items"]] == ["h-1"]
