"""Who signs is responsible: a report lists each person's signatures and the cases they are on."""

import io
import re
import zipfile

import pytest

from tests.identification.caseworkers import (
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    staff,
)
from tests.identification.makers import VILLAGE
from tests.identification.register import Register

DAYS = {"first": "2026-09-01", "last": "2026-10-31"}


@pytest.mark.shows("S37")
async def test_a_report_lists_each_persons_signatures_and_cases(register: Register) -> None:
    first = await Walk(register).confirming()
    await first.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    answer = await register.get("/signatures", HE_JUN, **DAYS)
    people = {each["person"]: each for each in answer.json()["people"]}
    assert {"wang-fang", "liu-qiang", "zhang-li", "he-jun"} <= people.keys()
    assert "chen-hong" not in people, "to apply for somebody is no signature"
    assert people["liu-qiang"]["acts"] == {"调查人签字": 1}
    assert (people["zhang-li"]["cases"], people["zhang-li"]["signatures"]) == (1, 3)
    assert people["zhang-li"]["rights"] == ["乡镇审核"]
    one = (await register.get("/signatures", HE_JUN, person="liu-qiang", **DAYS)).json()["items"]
    assert [(each["act"], each["receipt"]) for each in one] == [
        ("sign-survey", first.case["receipt"])
    ]
    assert (one[0]["rights"], one[0]["areas"]) == (["入户调查"], [VILLAGE[:9]])
    assert one[0]["signed_at"].startswith("2026-09-25T")
    head = (await register.get("/signatures", HE_JUN, person="he-jun", **DAYS)).json()["items"]
    assert head[-1]["said"] == "决定文号：青民决〔2026〕801号"
    book = await register.get("/signatures/workbook", HE_JUN, **DAYS)
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        cells = parts.read("xl/sharedStrings.xml").decode()
        assert "决定文号：青民决〔2026〕801号" in cells
        assert {"审批", "入户调查", "签字时间", "职责", "管辖范围"} <= set(
            re.findall("<t>(.*?)</t>", cells)
        )
        rows = parts.read("xl/worksheets/sheet1.xml").count(b"<row ") - 1
    assert rows == sum(each["signatures"] for each in people.values())


async def test_another_town_and_another_month_list_nothing(register: Register) -> None:
    await Walk(register).surveyed()
    elsewhere = staff("ma-yi", {"cases:review"}, *ZHAO_MIN.areas)
    assert (await register.get("/signatures", elsewhere, **DAYS)).json()["people"] == []
    later = {"first": "2026-11-01", "last": "2026-11-30"}
    assert (await register.get("/signatures", ZHANG_LI, **later)).json()["people"] == []
    assert (await register.get("/signatures", WANG_FANG, **DAYS)).status_code == 403
