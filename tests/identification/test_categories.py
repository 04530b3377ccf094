"""The other categories: the same engine on other tables, and what each decision says."""

from typing import Any

import pytest

from services.identification.casework.care import self_care
from services.identification.casework.paths import PATHS, all_paths, read_path
from shared.contracts.identification import Determination
from shared.tables import TableUnreadable
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    TEKUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    later,
    sets,
    staff,
)
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    rows_of,
)
from tests.identification.register import Register, benefits
from tests.identification.test_letters import text_of

FEDERATION = staff("sun-mei", {"cases:read", "cases:check"})


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def told(walk: Walk) -> dict[str, Any]:
    """The decision as benefits fetches it, with the person who heads the household."""
    (said,) = walk.register.told("determined")
    answer = await walk.register.client.get(
        "/determinations",
        params={"determination_id": said["body"]["determination_id"]},
        headers=walk.register.headers(benefits(), "benefits"),
    )
    found = Determination.model_validate(answer.json()["items"][0])
    (head,) = walk.register.rows("SELECT id FROM person WHERE name = '李伟'")
    facts = next(m.facts for m in found.members if m.person_id == head["id"])
    return {"from_month": str(found.from_month), "household": found.facts, "head": facts}


def test_what_is_like_another_table_has_its_rows() -> None:
    paths = all_paths()
    assert paths["tekun"].states == paths["dibao"].states
    assert paths["tekun"].acts["survey"] == paths["dibao"].acts["survey"]
    assert "self-care-assessed" in paths["tekun"].acts["propose"].needs
    assert "reading" not in paths["old-age"].states


def test_an_act_that_is_like_another_tables_is_it_but_for_its_own_words(tmp_path: Any) -> None:
    survey, own = (all_paths()[each].acts["survey"] for each in ("dibao", "change"))
    assert own.fields.keys() == survey.fields.keys()
    assert own.fields["visited_on"].words == survey.fields["visited_on"].words
    assert (own.fields["visited_on"].since, own.scopes) == (("submit",), survey.scopes)
    for name in ("dibao", "tekun", "change"):
        text = (PATHS / f"{name}.yaml").read_text(encoding="utf-8")
        text = text.replace("  choose-survey: {like", "  throw-dice: {like")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TableUnreadable, match="dibao has no throw-dice"):
        read_path(tmp_path / "change.yaml")


def test_an_act_that_is_like_another_adds_to_it_and_leaves_out_by_name(tmp_path: Any) -> None:
    theirs, own = (all_paths()[each].acts["propose"] for each in ("dibao", "edge"))
    assert list(own.fields) == ["opinion", "income_fen_yearly", "property_within_rules", "reasons"]
    assert own.fields["reasons"] == theirs.fields["reasons"]
    assert own.needs == (*theirs.needs, "property-within-rules", "status-by-law")
    for name in ("dibao", "edge"):
        text = (PATHS / f"{name}.yaml").read_text(encoding="utf-8")
        text = text.replace("without: [income_fen_monthly]", "without: [luck]")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TableUnreadable, match="propose of dibao has no luck"):
        read_path(tmp_path / "edge.yaml")


def test_a_table_that_is_without_what_is_not_there_is_refused(tmp_path: Any) -> None:
    for name, text in {
        "a": "category: a\nname: {zh: 甲, en: a}\nbegins: x\nacts: {}\n"
        "states: {x: {zh: 乙, en: x, ends: yes}}\n",
        "b": "category: b\nlike: a\nname: {zh: 丙, en: b}\nwithout: [nowhere]\n",
    }.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert read_path(tmp_path / "a.yaml").category == "a"
    with pytest.raises(TableUnreadable, match="has no nowhere"):
        read_path(tmp_path / "b.yaml")


@pytest.mark.breaks("The archive whole")
async def test_nothing_is_granted_before_what_says_who_it_is_lies_on_file(walk: Walk) -> None:
    await walk.open(category="disability")
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    read: dict[str, Any] = {"person_key": "head", "grade": "1", "kind": "4"}
    read |= {"living": False, "nursing": True}
    await walk.paper(CHEN_HONG, "illness")
    await walk.paper(CHEN_HONG, "id-card", of_person="child")
    answer = await walk.ask(FEDERATION, "read-certificate", **read)
    assert answer.json()["needs"] == ["papers-ready"], "the card is another's"
    register = walk.register
    sets(register, "papers_complete_before: decision\n")
    await walk.do(FEDERATION, "read-certificate", **read)
    number: dict[str, Any] = {"decision_number": "青民决〔2026〕906号"}
    answer = await walk.ask(HE_JUN, "confirm", **number)
    assert answer.json()["needs"] == ["papers-filed"], "no later than the decision"
    await walk.paper(CHEN_HONG, "id-card", JPEG + b"the head's", of_person="head")
    assert (await walk.do(HE_JUN, "confirm", **number))["state"] == "granted"


async def test_a_certificate_that_gives_nothing_is_read_without_papers(walk: Walk) -> None:
    await walk.open(category="disability")
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    nothing: dict[str, Any] = {"person_key": "head", "grade": "4", "kind": "4"}
    nothing |= {"living": False, "nursing": False}
    assert (await walk.ask(FEDERATION, "read-certificate", **nothing)).status_code == 200


@pytest.mark.parametrize("category", ["disability", "old-age", "children", "temporary", "dibao"])
async def test_a_longer_clock_is_given_once_and_the_applicant_hears_it(
    walk: Walk, category: str
) -> None:
    await walk.open(category=category)
    whose = "child" if category == "children" else "head"
    said = an_application(phone="13900001234", whose=whose)
    await walk.do(CHEN_HONG, "write", application=said)
    if category == "temporary":
        today = walk.register.app.state.clock.today().isoformat()
        words = {"kind": "expenditure", "cause": "illness", "happened_on": today, "elsewhere": "no"}
        await walk.do(CHEN_HONG, "report", **words)
    else:
        await walk.do(CHEN_HONG, "submit")
    due = (
        await walk.do(WANG_FANG, "accept", **{"old-age": {"person_key": "head"}}.get(category, {}))
    )["due_on"]
    longer = (await walk.do(HE_JUN, "extend", reason="需赴外省核实"))["due_on"]
    assert longer > due
    answer = await walk.ask(HE_JUN, "extend", reason="再延")
    assert answer.json()["needs"] == ["not-extended-before"]
    rows = walk.register.told("case-moved")
    heard = [(row["body"]["happened"], row["body"]["by_day"]) for row in rows]
    assert heard[-1] == ("extended", longer)


@pytest.mark.parametrize(("failed", "class_"), [(0, 1), (1, 2), (3, 2), (4, 3), (6, 3)])
def test_self_care_is_partly_lost_up_to_three_of_six(failed: int, class_: int) -> None:
    assert self_care(failed) == class_


async def test_tekun_is_granted_to_a_person_by_care_and_self_care(walk: Walk) -> None:
    await walk.open(category="tekun")
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    today = walk.register.app.state.clock.today().isoformat()
    letter = await walk.paper(WANG_FANG, "authorisation")
    words = {"person_key": "head", "document_id": letter, "signed_on": today}
    await walk.do(WANG_FANG, "authorise", **words)
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    reasons = "无劳动能力、无生活来源、无赡养人"
    proposal: dict[str, Any] = {"opinion": "grant", **TEKUN, "reasons": reasons}
    answer = await walk.ask(ZHANG_LI, "propose", **proposal)
    assert answer.json()["needs"] == ["self-care-assessed"]
    seven = await walk.ask(
        WANG_FANG, "assess-self-care", person_key="head", assessed_on=today, failed=7
    )
    assert seven.json()["needs"] == ["six-at-most"]
    await walk.do(WANG_FANG, "assess-self-care", person_key="head", assessed_on=today, failed=4)
    answer = await walk.ask(ZHANG_LI, "propose", **proposal)
    assert answer.json()["needs"] == ["self-care-assessed"], "one assessor is none"
    answer = await walk.ask(WANG_FANG, "sign-self-care", person_key="head")
    assert answer.json()["needs"] == ["assessed-by-another"]
    await walk.do(LIU_QIANG, "sign-self-care", person_key="head")
    await walk.do(ZHANG_LI, "propose", **proposal)
    await walk.put_up()
    later(walk.register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕901号")
    decision = await told(walk)
    assert decision["household"]["on_dibao"] == 0
    facts = {name: decision["head"][name] for name in ("on_tekun", "care_mode", "self_care")}
    assert facts == {"on_tekun": 1, "care_mode": 1, "self_care": 3}
    form = text_of(await walk.register.get(f"{walk.path}/review-form", WANG_FANG))
    choices = all_paths()["tekun"].acts["propose"].fields
    for name in ("ground", "supporter", "care_mode"):
        field = choices[name]
        assert f"{field.words.zh}：{field.choices[str(TEKUN[name])].zh}" in form, name


async def test_disability_counts_from_the_month_of_application(walk: Walk) -> None:
    await walk.open(category="disability")
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    later(walk.register, 10)
    await walk.filed("illness")
    await walk.do(WANG_FANG, "accept")
    await walk.do(
        FEDERATION, "read-certificate",
        person_key="head", grade="1", kind="4", living=False, nursing=True,
    )  # fmt: skip
    self_confirmed = staff("sun-mei", {"cases:decide"})
    answer = await walk.ask(self_confirmed, "confirm", decision_number="青民决〔2026〕902号")
    assert answer.json()["needs"] == ["not-the-reader"]
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕902号")
    decision = await told(walk)
    assert (
        decision["from_month"] == "2026-09"
    )  # Handed in in September, accepted and decided in October.
    assert decision["head"]["on_disability_nursing"] == 1
    assert decision["head"]["on_disability_living"] == 0
    assert (decision["head"]["disability_grade"], decision["head"]["disability_kind"]) == (1, 4)


async def test_a_second_subsidy_is_granted_beside_the_first(walk: Walk) -> None:
    drawn = {"disability_living": "是", "disability_grade": "二级", "disability_kind": "肢体"}
    home = a_household("h-1", a_person(1, name="李伟", **drawn), **decided(from_month="2026-01"))
    await walk.register.imported(a_csv(rows_of(home)))
    await walk.open(category="disability")
    only = an_application(members=an_application()["members"][:1])
    await walk.do(CHEN_HONG, "write", application=only)
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    await walk.filed("illness")
    read = {"person_key": "head", "grade": "2", "kind": "4", "living": False, "nursing": True}
    await walk.do(FEDERATION, "read-certificate", **read)
    await walk.do(HE_JUN, "confirm", decision_number="青民残〔2026〕3号")
    head = (await told(walk))["head"]
    draws = (head["on_disability_living"], head["on_disability_nursing"])
    assert draws == (1, 1), "what ends is ended by a decision of its own"


async def test_a_certificate_that_gives_nothing_is_refused_with_reasons(walk: Walk) -> None:
    await walk.open(category="disability")
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.filed("illness")
    await walk.do(WANG_FANG, "accept")
    await walk.do(
        FEDERATION, "read-certificate",
        person_key="head", grade="4", kind="4", living=False, nursing=False,
    )  # fmt: skip
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕903号")
    assert answer.json()["needs"] == ["certificate-read"]
    words = {"decision_number": "青民决〔2026〕903号", "reasons": "四级肢体残疾不在补贴范围"}
    refused = await walk.do(HE_JUN, "refuse", **words)
    assert refused["state"] == "refused"


async def test_old_age_is_accepted_and_granted_by_two(walk: Walk) -> None:
    await walk.open(category="old-age", village=VILLAGE)
    old = {"key": "old", "name": "李伟", "relation": "户主", "id_number": id_number(5, "19400501")}
    await walk.do(CHEN_HONG, "write", application={"members": [old]})
    await walk.do(CHEN_HONG, "submit")
    await walk.filed()
    await walk.do(WANG_FANG, "accept", person_key="old")
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕904号")
    assert (await told(walk))["head"]["on_old_age"] == 1
