"""Whatever is granted can be refused and won, ended and put back, in every category there is."""

from pathlib import Path
from typing import Any, Final

import pytest

from services.identification.casework.paths import ONCE, PERSON, all_paths, endable, read_path
from shared.tables import TableUnreadable
from tests.identification.caseworkers import (
    CHECKED,
    CHEN_HONG,
    HE_JUN,
    LIU_QIANG,
    SUN_LEI,
    TEKUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    in_month,
    staff,
)
from tests.identification.citizens import PHONE
from tests.identification.citizens import told as events
from tests.identification.makers import VILLAGE, id_number
from tests.identification.province import SUN_YU
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_changes import decided, told
from tests.identification.test_statuses import ALONE, EDGE, RIGID

ZHOU_YU = staff("zhou-yu", {"cases:read", "cases:survey"}, VILLAGE[:9])
READ: Final = {
    "person_key": "head", "grade": "1", "kind": "4", "living": False, "nursing": True,
}  # fmt: skip
FOUND: Final[dict[str, dict[str, Any]]] = {
    "dibao": {"income_fen_monthly": 20000},
    "tekun": TEKUN,
    "edge": EDGE,
    "rigid-spending": RIGID,
    "single-person": ALONE,
    "disability": READ,
    "old-age": {"person_key": "head"},
    "children": CHECKED,
}
"""What a hearing finds of each category: the words its decision rests on."""


async def refused(register: Register, category: str) -> Walk:
    """Refused by the county, as far as the path of the category goes."""
    walk = Walk(register, category, FOUND[category])
    words = {"decision_number": f"青民决〔2026〕{category}号", "reasons": "不符合条件"}
    if category in {"disability", "old-age", "children"}:
        await walk.open()
        whose = FOUND[category]["person_key"]
        await walk.do(CHEN_HONG, "write", application=an_application(phone=PHONE, whose=whose))
        await walk.do(CHEN_HONG, "submit")
        person = FOUND[category] if category == "old-age" else {}
        await walk.do(WANG_FANG, "accept", **person)
    else:
        await walk.surveyed(phone=PHONE)
        if category == "tekun":
            today = register.app.state.clock.today().isoformat()
            assessed = {"person_key": "head", "assessed_on": today, "failed": 4}
            await walk.do(WANG_FANG, "assess-self-care", **assessed)
            await walk.do(LIU_QIANG, "sign-self-care", person_key="head")
        await walk.compare()
        words_of = {"opinion": "refuse", "reasons": "财产超过规定", **FOUND[category]}
        await walk.do(ZHANG_LI, "propose", **words_of)
    await walk.do(HE_JUN, "refuse", **words)
    return walk


async def won(about: Walk, **found: Any) -> Walk:
    """An appeal against what was decided, won."""
    appeal = await lodged(about)
    await appeal.do(SUN_LEI, "accept")
    number = f"青政复〔2026〕{about.case['receipt']}号"
    outcome = {**OUTCOME, "decision_number": number, "from_month": "2026-09"}
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **outcome, **found)
    return appeal


async def facts(register: Register, category: str) -> dict[str, int]:
    """Which flags of a category are set by the last decision, of the household or of somebody."""
    (row,) = register.rows("SELECT number FROM household")
    decision = await told(register, row["number"])
    grant = endable()[category]
    of_people = [each.facts for each in decision.members]
    said = of_people if grant.whose == PERSON else [decision.facts]
    names = [name for name in grant.ended if name.startswith("on_")]
    return {name: max(each.get(name, 0) for each in said) for name in names}


async def low_income(register: Register) -> list[tuple[str, str | None]]:
    """In which group the people of the application are, and until which day that holds."""
    found = [
        (await register.get("/low-income", SUN_YU, query=number)).json()["items"]
        for number in (each["id_number"] for each in an_application()["members"])
    ]
    groups = [each["current"] for items in found for each in items]
    return [(each["group"], each["valid_until"]) for each in groups if each]


def heard(register: Register) -> list[tuple[str, str, str | None]]:
    """What applicants were told: what happened, of which category, and from which month."""
    said = events(register)
    return [(each["happened"], each["category"], each["from_month"]) for each in said]


async def leaving(register: Register, category: str) -> tuple[Walk, dict[str, Any]]:
    """A case about the household, and the words that say what is to end."""
    (row,) = register.rows("SELECT id FROM household")
    walk = await Walk(register).open(category="exit", household_id=str(row["id"]))
    people = (await walk.look())["application"]["members"]
    said: dict[str, Any] = {"ends": category}
    if endable()[category].whose == PERSON:
        name = "李娜" if category == "children" else "李伟"
        said["person_key"] = next(each["key"] for each in people if each["name"] == name)
    return walk, said


@pytest.mark.parametrize("category", sorted(endable()))
async def test_what_was_refused_is_won_and_what_was_granted_is_ended_and_put_back(
    register: Register, category: str
) -> None:
    walk = await refused(register, category)
    await won(walk, **FOUND[category])
    assert (await walk.look())["state"] == "granted"
    on = await facts(register, category)
    assert 1 in on.values(), "granted as if it had never been refused"
    holds = await low_income(register)
    (row,) = register.rows("SELECT number FROM household")
    assert str((await told(register, row["number"])).from_month) == "2026-09"
    told_of = [happened for happened, *_ in heard(register)]
    assert told_of[-3:] == ["appeal-received", "appeal-accepted", "appeal-decided"]

    wrong, ends = await leaving(register, category)
    found = {**ends, "found_on": "2026-09-20", "findings": "同名他人"}
    await wrong.found("wrongly-in", **found)
    removal = {"decision_number": "青民退〔2026〕2号", "from_month": "2026-08"}
    await wrong.do(HE_JUN, "remove", reasons="不符合条件", **removal)
    assert 1 not in (await facts(register, category)).values()
    assert heard(register)[-1] == ("ended", category, "2026-08")
    appeal = await won(wrong)
    assert appeal.case["state"] == "won"
    assert (await wrong.look())["state"] == "kept"
    assert await facts(register, category) == on, "as it was before"
    assert await low_income(register) == holds, "for as long as it was found for"

    last, ends = await leaving(register, category)
    found = {**ends, "found_on": "2026-09-25", "findings": "情况已变"}
    if endable()[category].fading:
        await last.found("over-standard", ZHOU_YU, **found, income_fen_monthly=260000)
        await last.do(HE_JUN, "fade", decision_number="青民退〔2026〕3号")
        assert heard(register)[-1][:2] == ("fading", category)
        return
    await last.found("ground-gone", ZHOU_YU, **found)
    number: dict[str, Any] = {"decision_number": "青民退〔2026〕3号", "reasons": "情况已变"}
    unsigned: dict[str, Any] = {"unsigned_because": "拒签", "shown_on": "2026-09-25"}
    answer = await last.ask(HE_JUN, "leave", **number, **unsigned, from_month="2026-09")
    assert answer.json()["needs"] == ["after-it-was-so"], "it takes nothing back"
    answer = await last.ask(HE_JUN, "leave", **number, from_month="2026-10")
    public = category in ("edge", "rigid-spending", "tekun", "old-age")
    shown = ["shown-in-the-village"] if public else []
    assert answer.json()["needs"] == ["signed-or-why-not", *shown]
    await last.do(HE_JUN, "leave", **number, **unsigned, from_month="2026-10")
    assert 1 not in (await facts(register, category)).values()
    assert (last.case["state"], heard(register)[-1]) == ("exited", ("ended", category, "2026-10"))
    assert "leaving" in [each["letter"] for each in last.case["letters"]]


async def test_dibao_alone_fades_out_while_it_stays_and_then_ends(register: Register) -> None:
    await won(await refused(register, "single-person"), **ALONE)
    walk, ends = await leaving(register, "single-person")
    found = {"found_on": "2026-09-25", "income_fen_monthly": 260000}
    await walk.found("over-standard", ZHOU_YU, **ends, **found, findings="病已痊愈")
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    (row,) = register.rows("SELECT number FROM household")
    (alone,) = [
        each.facts
        for each in (await told(register, row["number"])).members
        if str(each.person_id) == ends["person_key"]
    ]
    assert (alone["on_single_person"], alone["single_person_left_on"]) == (1, 20260925)
    in_month(register, 7)
    letter = await walk.paper(WANG_FANG, "exit-letter")
    signed = {"letter_id": letter, "signed_on": "2027-04-01", "shown_on": "2027-04-01"}
    await walk.do(HE_JUN, "exit", decision_number="青民退〔2027〕1号", **signed)
    assert await facts(register, "single-person") == {"on_single_person": 0}


async def test_dibao_alone_fades_out_no_more_where_they_part(register: Register) -> None:
    await won(await refused(register, "single-person"), **ALONE)
    walk, ends = await leaving(register, "single-person")
    found = {"found_on": "2026-09-25", "income_fen_monthly": 260000}
    await walk.found("over-standard", ZHOU_YU, **ends, **found, findings="病已痊愈")
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    change = Walk(register)
    await change.open(category="change", household_id=walk.case["household_id"])
    words = {"since": "2026-10", "circumstance": "moved", "income_fen_monthly": 0}
    await change.do(CHEN_HONG, "split", person_key=ends["person_key"], **words)
    people = change.case["application"]["members"]
    (child,) = (each["key"] for each in people if each["name"] == "李娜")
    paper_id = await change.paper(CHEN_HONG, "guardianship", of_person=child)
    await change.do(
        CHEN_HONG, "name-guardian",
        person_key=child, guardian_name="李强", guardian_number=id_number(9), relation="叔父",
        authority="relative", paper_id=paper_id,
    )  # fmt: skip
    await change.paper(CHEN_HONG, "change-letter")
    await change.do(CHEN_HONG, "submit")
    await change.look()
    await decided(change, "2026-10")
    (apart,) = (await told(register, change.case["receipt"])).members
    fades = apart.facts["on_single_person"], apart.facts["single_person_left_on"]
    assert fades == (0, "not-applicable")


async def test_whoever_asks_to_leave_signs_and_whoever_moves_away_takes_everything_along(
    register: Register,
) -> None:
    await won(await refused(register, "edge"), **EDGE)
    await won(await refused(register, "old-age"), **FOUND["old-age"])
    asked, ends = await leaving(register, "edge")
    answer = await asked.ask(CHEN_HONG, "own-wish", **ends, signed_on="2026-09-25")
    assert answer.json()["field"] == "letter_id"
    letter = await asked.paper(CHEN_HONG, "exit-letter")
    await asked.do(CHEN_HONG, "own-wish", **ends, letter_id=letter, signed_on="2026-09-25")
    number: dict[str, Any] = {"decision_number": "青民退〔2026〕1号", "reasons": "自愿退出"}
    answer = await asked.ask(HE_JUN, "leave", **number, from_month="2026-10")
    assert answer.json()["needs"] == ["shown-in-the-village"]
    await asked.do(HE_JUN, "leave", **number, from_month="2026-10", shown_on="2026-09-25")
    assert await facts(register, "edge") == {"on_edge": 0}
    left = register.rows("SELECT 1 FROM low_income_entry WHERE until IS NULL")
    assert left == [], "nor are they in the low-income database any more"

    moved, _ = await leaving(register, "edge")
    await moved.do(CHEN_HONG, "moved-away", moved_on="2026-09-25", moved_to="成都市武侯区")
    number = {**number, "decision_number": "青民退〔2026〕9号", "reasons": "迁出本县"}
    answer = await moved.ask(HE_JUN, "leave", **number, from_month="2026-10")
    assert answer.json()["needs"] == ["finding-shown", "finding-heard"], "nobody has seen it"
    await moved.paper(WANG_FANG, "finding-proof")
    await moved.tell()
    await moved.do(HE_JUN, "leave", **number, from_month="2026-10")
    stays = register.rows("SELECT until FROM membership")
    assert {row["until"] for row in stays} == {"2026-09"}
    assert heard(register)[-1] == ("ended", "exit", "2026-10")


async def test_nothing_ends_that_was_not_granted(register: Register) -> None:
    await won(await refused(register, "edge"), **EDGE)
    walk, _ = await leaving(register, "edge")
    found: dict[str, Any] = {"ends": "rigid-spending", "found_on": "2026-09-20", "findings": "查实"}
    found["rests_on"] = "means"
    answer = await walk.ask(WANG_FANG, "wrongly-in", **found)
    assert answer.json()["type"] == "/problems/not-granted"
    answer = await walk.ask(WANG_FANG, "wrongly-in", **{**found, "ends": "tekun"})
    assert answer.json()["needs"] == ["whose-it-is"]


def test_every_category_that_grants_can_be_ended_for_every_reason() -> None:
    acts = all_paths()["exit"].acts
    for act in ("wrongly-in", "own-wish"):
        assert acts[act].fields["ends"].choices.keys() == endable().keys(), act
    fades = {category for category, grant in endable().items() if grant.fading}
    assert acts["over-standard"].fields["ends"].choices.keys() == fades
    assert acts["ground-gone"].fields["ends"].choices.keys() == endable().keys() - fades
    for path in all_paths().values():
        once = path.grant is not None and path.grant.whose == ONCE
        assert path.grant is None or once or path.category in FOUND, path.category


def test_a_table_that_grants_and_does_not_say_how_it_ends_is_refused(tmp_path: Path) -> None:
    text = (
        "category: a\nname: {zh: 甲, en: a}\nbegins: x\n"
        "states: {x: {zh: 乙, en: x}, y: {zh: 丙, en: y, ends: yes}}\n"
        "acts: {give: {name: {zh: 给, en: give}, from: [x], to: y, scopes: [cases:decide], "
        "needs: [not-a-relative], does: grant_dibao}}\n"
    )
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TableUnreadable, match="says how it ends"):
        read_path(tmp_path / "a.yaml")
    for grounds, problem in (
        ("", "on which grounds"),
        (", ends_on: {means: [hearsay]}", "rests on what is not known"),
        (", ends_on: {means: [visit, report]}", None),
    ):
        grant = f"whose: household, found_by: give, kind: basic, ended: {{on_dibao: 0}}{grounds}"
        ended = f"grant: {{{grant}}}\n"
        path = tmp_path / f"{len(grounds)}.yaml"
        path.write_text(text + ended, encoding="utf-8")
        if problem is None:
            assert read_path(path).grant is not None
        else:
            with pytest.raises(TableUnreadable, match=problem):
                read_path(path)
