"""Lists from schools and agencies: every row accounted for, nobody opened twice."""

import csv
import io
import secrets
import zipfile
from dataclasses import replace
from typing import Any

import httpx
import pytest

from shared.callers import Caller
from tests.identification.caseworkers import CHEN_HONG, staff
from tests.identification.makers import OTHER_VILLAGE, VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.test_requests import CLERK_SCOPES

SUN_YAN = staff("sun-yan", CLERK_SCOPES, VILLAGE[:9])
QIAN_LI = staff("qian-li", CLERK_SCOPES, VILLAGE[:9])
HEADINGS = {
    "name": "姓名",
    "id_number": "身份证号",
    "temporary_code": "临时编码",
    "no_id_reason": "无身份证号原因",
    "born_on": "出生日期",
    "village": "村居代码",
    "guardian": "监护人姓名",
    "guardian_id": "监护人身份证号",
    "situation": "困难情况",
}


def a_file(*rows: dict[str, str]) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(["青神中学困难学生名单"])
    writer.writerow(HEADINGS.values())
    for row in rows:
        writer.writerow([row.get(name, "") for name in HEADINGS])
    return sink.getvalue().encode()


def a_pupil(order: int, **said: str) -> dict[str, str]:
    return {
        "name": f"王{'一二三四五六七八九'[order % 9]}",
        "id_number": id_number(order, "20120910"),
        "village": VILLAGE,
        "situation": "父亲患病",
        **said,
    }


async def bring(
    register: Register, content: bytes, by: Caller = SUN_YAN, **asked: str
) -> dict[str, Any]:
    words = {"source": "school", "name": "青神中学", "category": "dibao", **asked}
    answer = await register.client.post(
        "/people-lists", params=words, content=content, headers=register.headers(by)
    )
    found: dict[str, Any] = answer.json()
    return {**found, "status": answer.status_code}


async def asked(register: Register, brought: dict[str, Any], by: Caller) -> httpx.Response:
    path = f"/people-lists/{brought['list_id']}/acceptance"
    return await register.client.post(path, headers=register.headers(by))


async def accept(
    register: Register, brought: dict[str, Any], by: Caller = QIAN_LI
) -> dict[str, Any]:
    answer = await asked(register, brought, by)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_workbook_that_swells_is_refused_before_it_is_unpacked(register: Register) -> None:
    block = secrets.token_hex(1 << 10).encode() + bytes(254 << 10)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("xl/worksheets/sheet1.xml", block * 520)
    brought = await bring(register, packed.getvalue())
    assert (brought["status"], brought["type"]) == (413, "/problems/roster-too-large")
    assert len(packed.getvalue()) < 10 << 20


@pytest.mark.breaks("A list takes two")
async def test_whatever_somebody_brought_is_accepted_by_another(register: Register) -> None:
    brought = [await bring(register, a_file(a_pupil(each))) for each in (1, 2)]
    whole = staff("sun-yan", CLERK_SCOPES)
    for each in brought:
        for by in (SUN_YAN, whole, replace(whole, subject="staff:sun-yan-2")):
            answer = await asked(register, each, by)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/another-accepts")
    assert register.rows("SELECT 1 FROM case_file") == [], "in parts it is brought by one, too"
    officer = staff("wang-fang", {"cases:read", "cases:accept"}, VILLAGE[:9])
    assert (await accept(register, brought[0], officer))["counts"]["opened"] == 1
    assert (await accept(register, brought[1]))["counts"]["opened"] == 1


async def test_every_row_is_accounted_for_by_its_number(register: Register) -> None:
    coded = {
        "id_number": "",
        "temporary_code": "T511425-9",
        "no_id_reason": "未上户口",
        "born_on": "2015-03-04",
    }
    number = id_number(4, "20120910")
    brought = await bring(
        register,
        a_file(
            a_pupil(1, guardian="王强", guardian_id=id_number(50)),
            a_pupil(2, id_number=""),
            a_pupil(3, village=OTHER_VILLAGE),
            a_pupil(4, id_number=number[:-1] + ("0" if number[-1] != "0" else "1")),
            a_pupil(5, id_number="12345"),
            a_pupil(1),
            a_pupil(7, **coded),
            a_pupil(8, name=""),
        ),
    )
    assert brought["status"] == 201, brought
    assert brought["counts"] == {"faulty": 5, "waiting": 3, "opened": 0, "known": 0}
    wrong = {each["row"]: each["faults"][0]["code"] for each in brought["items"] if each["faults"]}
    assert list(wrong) == [4, 5, 7, 8, 10], "rows are named as they stand in the file"
    assert register.rows("SELECT id FROM case_file") == [], (
        "nothing is opened before it is accepted"
    )
    done = await accept(register, brought)
    assert done["counts"] == {"faulty": 5, "waiting": 0, "opened": 3, "known": 0}
    found = (await register.get(f"/people-lists/{brought['list_id']}", SUN_YAN)).json()
    first = next(each for each in found["items"] if each["row"] == 3)
    case = (await register.get(f"/cases/{first['case_id']}", CHEN_HONG)).json()
    assert (case["channel"], case["state"]) == ("school", "draft")
    head, ward = case["application"]["members"]
    assert (head["name"], ward["guardian_key"]) == ("王强", "guardian")
    assert sum(done["counts"].values()) == brought["rows"] == 8


async def test_a_row_that_is_no_application_keeps_no_other_from_being_opened(
    register: Register,
) -> None:
    coded = {"id_number": "", "no_id_reason": "未上户口", "born_on": "2015-03-04"}
    pupil = a_pupil(1)
    brought = await bring(
        register,
        a_file(
            a_pupil(2, **{**coded, "no_id_reason": "无"}),
            a_pupil(3, **coded, temporary_code="511425-9"),
            {**pupil, "guardian": "王强", "guardian_id": pupil["id_number"]},
            a_pupil(4, **coded, temporary_code=""),
            a_pupil(5, **{**coded, "born_on": "2027-01-01"}),
        ),
    )
    assert brought["counts"] == {"faulty": 4, "waiting": 1, "opened": 0, "known": 0}
    wrong = [(each["column"], each["reason"]) for row in brought["items"] for each in row["faults"]]
    assert wrong == [
        ("无身份证号原因", "填得不对（至少写两个字）"),
        ("临时编码", "填得不对（以T开头，后面是数字、大写字母或横线；没有的留空）"),
        ("监护人身份证号", "填得不对（同一个身份证号填了两次）"),
        ("出生日期", "日期晚于今天"),
        ("身份证号", "这一格要填"),
    ]
    assert (await accept(register, brought))["counts"]["opened"] == 1


async def test_the_same_list_again_changes_nothing(register: Register) -> None:
    content = a_file(a_pupil(1), a_pupil(2))
    first = await bring(register, content)
    await accept(register, first)
    again = await bring(register, content)
    assert again["list_id"] == first["list_id"]
    assert (await accept(register, again))["counts"]["opened"] == 2
    longer = await bring(register, a_file(a_pupil(1), a_pupil(2), a_pupil(3)))
    done = await accept(register, longer)
    assert done["counts"] == {"faulty": 0, "waiting": 0, "opened": 1, "known": 2}
    assert len(register.rows("SELECT id FROM case_file")) == 3


async def test_the_bytes_of_a_list_do_not_open_what_came_of_it(register: Register) -> None:
    content = a_file(a_pupil(1))
    await accept(register, await bring(register, content))
    other = await bring(register, content, by=staff("li-min", CLERK_SCOPES, OTHER_VILLAGE[:9]))
    assert (other["status"], other["type"]) == (409, "/problems/brought-by-another")
    assert "items" not in other


async def test_a_list_may_open_leads_with_itself_as_their_source(register: Register) -> None:
    content = a_file(a_pupil(1), a_pupil(2))
    brought = await bring(register, content, source="agency", name="医保局", opens="lead")
    assert (await accept(register, brought))["counts"]["opened"] == 2
    leads = (await register.get("/registers/lead", SUN_YAN)).json()["items"]
    assert len(leads) == 2
    entry = (await register.get(f"/entries/{leads[0]['entry_id']}", SUN_YAN)).json()
    assert "医保局" in str(entry)
    other = await bring(register, a_file(a_pupil(2)), source="agency", name="教育局", opens="lead")
    assert (await accept(register, other))["counts"]["known"] == 1


@pytest.mark.parametrize("content", [b"", "姓名\n李伟\n".encode(), b"PK\x03\x04"])
async def test_what_is_no_list_is_refused(register: Register, content: bytes) -> None:
    brought = await bring(register, content)
    assert brought["status"] in {400, 409, 422}, brought
    assert (await bring(register, a_file(a_pupil(1)), category="review"))["status"] == 422
    assert register.rows("SELECT id FROM people_list") == []


async def test_a_list_is_its_bringers_the_countys_and_theirs_who_are_over_all_of_it(
    register: Register,
) -> None:
    wide = staff("sun-yan", CLERK_SCOPES, VILLAGE[:9], OTHER_VILLAGE[:9])
    brought = await bring(register, a_file(a_pupil(1), a_pupil(2, village=OTHER_VILLAGE)), wide)
    path = f"/people-lists/{brought['list_id']}"
    for of_part in (QIAN_LI, staff("li-min", CLERK_SCOPES, OTHER_VILLAGE[:9])):
        assert (await register.get(path, of_part)).status_code == 404
        assert (await asked(register, brought, of_part)).status_code == 404
        items = (await register.get("/people-lists", of_part)).json()["items"]
        assert items == []
    assert (await register.get(path, staff("gao-fei", CLERK_SCOPES))).status_code == 200
    reader = staff("wu-yu", {"cases:read"})
    assert (await register.get(path, reader)).status_code == 403
    sealed = register.rows("SELECT content_sealed FROM people_list_row")
    assert id_number(1, "20120910") not in str(sealed)
