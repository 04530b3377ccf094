"""Forms on paper: printed with what is known in them, each where its table says, and signed forms
come back to their visit."""

from pathlib import Path
from typing import Any, Final

import pytest

from services.identification.casework.papers import blank_forms
from shared.tables import TableUnreadable
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    somebody_else,
)
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_exits import RISEN
from tests.identification.test_letters import text_of

POOR: Final = {"means": {"pigs_count": 2, "vehicles_count": 0}}


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def offered(walk: Walk) -> set[tuple[str, bool]]:
    """The forms that may be printed, and whether each is of a visit."""
    found = (await walk.look(WANG_FANG))["forms"]
    return {(each["form"], each["visit"] is not None) for each in found}


async def printed(walk: Walk, form: str, **visit: str) -> str:
    answer = await walk.register.get(f"{walk.path}/forms/{form}", WANG_FANG, **visit)
    assert answer.status_code == 200, answer.text
    return text_of(answer)


@pytest.mark.shows("S56")
async def test_each_form_is_printed_where_its_table_says(walk: Walk) -> None:
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=an_application(reason="常年患病", **POOR))
    assert await offered(walk) == {
        (each, False)
        for each in (
            "application", "commitment", "authorisation", "consent", "relatives", "withdrawal",
        )
    }  # fmt: skip
    assert comes_back(walk) == "authorisation", "one alone signs it"
    text = await printed(walk, "application")
    for word in ("李伟", "李娜", "常年患病", "2", "生猪"):
        assert word in text, word
    assert id_number(1) not in text
    assert "诚信承诺书" in await printed(walk, "commitment")
    refused = await walk.register.get(f"{walk.path}/forms/appraisal", WANG_FANG)
    assert refused.status_code == 404, "nobody meets about it yet"
    both = [*an_application()["members"], {**somebody_else(), "key": "wife", "relation": "配偶"}]
    await walk.do(CHEN_HONG, "write", application=an_application(members=both))
    assert comes_back(walk) == "joint-authorisation"
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    assert ("survey", False) in await offered(walk)
    assert ("application", False) not in await offered(walk)


def comes_back(walk: Walk) -> str:
    """As what kind of paper the letter of authorisation comes back, by the page of the case."""
    (form,) = [each for each in walk.case["forms"] if each["form"] == "authorisation"]
    return str(form["comes_back_as"])


async def test_the_application_says_of_each_who_lives_elsewhere_what_was_said(walk: Walk) -> None:
    await walk.open()
    elsewhere = [
        {
            "key": "one", "name": "李大", "relation": "子女", "no_id_reason": "申请人不知道",
            "born_on": "1990-01-01", "lives_at": "成都市", "lives_together": False,
            "support": {"basis": "agreed", "agreed_fen_yearly": 120_000},
        },
        {
            "key": "two", "name": "李二", "relation": "子女", "no_id_reason": "申请人不知道",
            "lives_at": "不清楚", "lives_together": False,
            "support": {"basis": "unable", "unable": "very-old"},
        },
        {
            "key": "three", "name": "李三", "relation": "兄弟", "id_number": id_number(5),
            "lives_together": False,
            "support": {"basis": "reckoned", "household_members": 3, "income_fen_yearly": 4368000},
        },
    ]  # fmt: skip
    said = an_application(supporters=elsewhere)
    said["members"][1] |= {"guardian_key": "three", "guardian_authority": "relative"}
    await walk.do(CHEN_HONG, "write", application=said)
    text = "".join((await printed(walk, "application")).split())
    for word in (
        "申请人不知道", "1990-01-01出生", "成都市", "一年1200.00元", "70岁以上、低收入",
        "3口人，一年收入43680.00元", "李娜的监护人",
    ):  # fmt: skip
        assert word in text, word
    assert id_number(5) not in text


@pytest.mark.shows("S37")
async def test_a_visit_is_printed_as_it_was_typed_in_and_its_signed_form_is_put_to_it(
    walk: Walk,
) -> None:
    await walk.accepted(reason="患病", **POOR)
    before = await printed(walk, "survey")
    assert "生猪" in before
    assert "土坯房" not in before
    assert "李伟" in before
    found: dict[str, Any] = {"household": {"pigs_count": 5}, "members": {}}
    first = await walk.visit(means=found)
    (filled,) = [e for e in (await walk.look(WANG_FANG))["forms"] if e["visit"] == first]
    assert (filled["comes_back_as"], filled["filed"]) == ("survey-form", None)
    after = await printed(walk, "survey", visit=first)
    for word in ("土坯房两间，无固定收入", "2026-09-25", "liu-qiang、wang-fang", "生猪"):
        assert word in after, word
    assert "牛（头）" not in after, "what nobody has is left out of what was typed in"
    form = await walk.paper(WANG_FANG, "survey-form", JPEG + b"signed")
    await walk.do(WANG_FANG, "file-survey-form", survey_id=first, form_id=form)
    second = await walk.visit(means=found)
    again = await walk.ask(WANG_FANG, "file-survey-form", survey_id=second, form_id=form)
    assert again.json()["needs"] == ["form-of-one-visit"]
    filed = {e["visit"]: e["filed"] for e in (await walk.look(WANG_FANG))["forms"]}
    assert (filed[first], filed[second]) == (form, None)
    told = walk.register.audited("case-form-printed")
    assert [each["details"].get("visit") for each in told] == [None, first]


@pytest.mark.shows("S38")
async def test_the_sheet_of_a_meeting_says_what_was_found_and_objected(walk: Walk) -> None:
    await walk.posted()
    await walk.object(WANG_FANG, "他家在镇上有铺面")
    await walk.do(ZHANG_LI, "survey-again")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    text = await printed(walk, "appraisal")
    for word in ("应到人数", "实到人数", "土坯房两间", "他家在镇上有铺面", "李伟"):
        assert word in text, word


@pytest.mark.shows("S56", "S65")
async def test_what_the_household_signs_is_printed_with_what_was_found_of_it(
    walk: Walk,
) -> None:
    household = await a_known_household(walk.register)
    leaving = await walk.open(category="exit", household_id=household)
    assert "李乙" in await printed(leaving, "exit-letter"), "they may ask for it themselves"
    assert ("finding-notice", False) not in await offered(leaving)
    await leaving.do(WANG_FANG, "over-standard", **RISEN)
    notice = "".join((await printed(leaving, "finding-notice")).split())
    for word in ("外出务工，工资流水在案", "最低生活保障", "2026-09-20", "2600.00", "5个工作日"):
        assert word in notice, word
    assert "近亲属" in await printed(leaving, "relatives")
    await leaving.paper(WANG_FANG, "finding-proof")
    await leaving.visit(RISEN["income_fen_monthly"] * 12)
    report = {"report_number": "核〔2026〕9号", "reported_on": "2026-09-25"}
    await leaving.do(WANG_FANG, "compare", **report, authorised_on="2024-03-01")
    await leaving.tell()
    await leaving.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    letter = "".join((await printed(leaving, "exit-letter")).split())
    for word in ("退出社会救助确认书", "查到您家情况有变化", "李乙", "2600.00"):
        assert word in letter, word


@pytest.mark.shows("S56")
async def test_a_change_is_reported_and_a_request_withdrawn_on_paper(walk: Walk) -> None:
    household = await a_known_household(walk.register)
    change = await walk.open(category="change", household_id=household)
    await change.do(WANG_FANG, "income", income_fen_monthly=260000, reason="外出务工")
    text = "".join((await printed(change, "change-report")).split())
    for word in ("家庭情况变更报告", "收入变化（外出务工）", "李乙"):
        assert word in text, word
    assert "撤回申请书" in await printed(change, "withdrawal")
    assert "代理人" in await printed(change, "consent")


@pytest.mark.parametrize(
    "said",
    [
        "where: [dance]",
        "comes_back_as: song",
        "blocks: [{facts: weather}]",
        "blocks: [{poem: rain}]",
        "while_any: birds",
    ],
)
def test_a_table_of_forms_that_names_what_is_not_there_is_refused(
    tmp_path: Path, said: str
) -> None:
    words = {
        "name": "{zh: 表, en: form}",
        "title": "表",
        "where": "[write]",
        "comes_back_as": "other",
        "blocks": "[]",
    }
    name, _, word = said.partition(": ")
    lines = [f"  {key}: {value}" for key, value in {**words, name: word}.items()]
    table = tmp_path / "forms.yaml"
    table.write_text("\n".join(["form:", *lines]), encoding="utf-8")
    with pytest.raises(TableUnreadable):
        blank_forms.forms(table)
