"""Everything wrong with a roster is named by sheet, row, column and reason."""

from pathlib import Path
from typing import Any

import pytest

from services.identification.roster.columns import HEAD, ROSTER_SHEET, STATISTICS_SHEET
from services.identification.roster.faults import SENTENCES, Code
from tests.identification.makers import (
    CARD,
    OTHER_VILLAGE,
    VILLAGE,
    Row,
    a_csv,
    a_household,
    a_person,
    a_workbook,
    count,
    decided,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.surveys import codes, named, survey

ALL_IS_WELL = a_household("h-0", a_person(1), a_person(2, "配偶"))
ACCOUNT = {"bank": "qscb", "account_number": CARD, "account_kind": "卡"}


def a_bad_digit(order: int) -> str:
    number = id_number(order)
    return number[:-1] + ("1" if number[-1] != "1" else "2")


# The fields of a single member; the heading under which the fault is named; its code.
IN_ONE_ROW: list[tuple[Row, str, str]] = [
    ({"id_number": a_bad_digit(9)}, "身份证号", "id-check-digit"),
    ({"id_number": "51142519650304"}, "身份证号", "id-form"),
    ({"id_number": None}, "身份证号", "id-missing"),
    ({"id_number": 511425196503040100}, "身份证号", "id-as-number"),
    ({"id_number": id_number(9, "20270101")}, "身份证号", "future-birth"),
    ({"id_number": id_number(9, "20260926")}, "身份证号", "future-birth"),
    ({"id_number": id_number(9, "19990230")}, "身份证号", "id-birth-date"),
    ({"id_number": id_number(9, "18900101")}, "身份证号", "too-old"),
    ({"name": ""}, "姓名", "name-missing"),
    ({"name": "李\x07伟"}, "姓名", "text-unprintable"),
    ({"name": "长" * 61}, "姓名", "text-too-long"),
    ({"registration": "居民"}, "户口性质", "registration-differs"),
    ({"since": "2026-13"}, "入户年月", "month-bad"),
    ({"since": None}, "入户年月", "since-missing"),
    ({"since": "2026-10"}, "入户年月", "since-future"),
    ({"until": "2009-12"}, "离户年月", "until-before-since"),
    ({"until": "2026-11"}, "离户年月", "month-too-far"),
    ({"died_on": "2026-02-30"}, "死亡日期", "date-bad"),
    ({"died_on": "2026-09-26"}, "死亡日期", "date-future"),
    ({"died_on": "1960-01-01"}, "死亡日期", "died-before-birth"),
    ({"phone": "028-38811234"}, "手机号", "phone-bad"),
    ({"old_age": "有"}, "高龄津贴", "flag-bad"),
    ({"care_mode": "半集中"}, "供养方式", "word-unknown"),
    ({"disability_grade": "五级"}, "残疾等级", "word-unknown"),
    ({**ACCOUNT, "bank": "别的银行"}, "开户银行", "bank-unknown"),
    ({**ACCOUNT, "account_number": "1234567"}, "账号", "account-form"),
    ({**ACCOUNT, "account_number": "62199800x0000000012"}, "账号", "account-form"),
    ({**ACCOUNT, "account_number": CARD[:-1] + "3"}, "账号", "account-check-digit"),
    ({**ACCOUNT, "account_number": 6219980000000000012}, "账号", "account-as-number"),
    ({**ACCOUNT, "account_kind": "信用卡"}, "账户类型", "word-unknown"),
    ({**ACCOUNT, "account_kind": None}, "账号", "account-incomplete"),
    ({**ACCOUNT, "holder_relation": "朋友"}, "收款人关系", "word-unknown"),
    ({**ACCOUNT, "holder_relation": "监护人", "paper": "监护证明"}, "收款人姓名", "holder-missing"),
    (
        {**ACCOUNT, "holder_relation": "监护人", "holder_name": "王芳",
         "holder_number": a_bad_digit(30), "paper": "监护证明"},
        "收款人证件号", "holder-number-bad",
    ),
    (
        {**ACCOUNT, "holder_relation": "机构", "holder_name": "敬老院",
         "holder_number": "12511425MB0123456A", "paper": "入住协议"},
        "收款人证件号", "holder-number-bad",
    ),
    (
        {**ACCOUNT, "holder_relation": "代领人", "holder_name": "王芳",
         "holder_number": id_number(30)},
        "关系凭据", "paper-missing",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "column", "code"), IN_ONE_ROW, ids=lambda value: str(value)[:24]
)
def test_a_bad_cell_is_named_and_keeps_its_household_out(
    tmp_path: Path, fields: Row, column: str, code: str
) -> None:
    bad = a_household("h-1", a_person(8), a_person(9, **fields))
    found = survey(tmp_path, a_workbook(rows_of(ALL_IS_WELL, bad)))
    assert named(found) == [(5, column, code)]
    assert found.faults[0].sheet == ROSTER_SHEET
    assert found.faults[0].reason.startswith(SENTENCES[Code(code)])
    assert (found.rows_bad, found.found.bad) == (2, {1})


@pytest.mark.parametrize(
    ("fields", "column", "code"),
    [
        ({"income": "-1"}, "户月收入(元)", "income-bad"),
        ({"income": "12.345"}, "户月收入(元)", "income-bad"),
        ({"income": "1e9"}, "户月收入(元)", "income-bad"),
        ({"income": "99999999"}, "户月收入(元)", "income-bad"),
        ({"decision_number": None}, "决定文号", "decision-missing"),
        ({"decided_on": None}, "决定文号", "decision-missing"),
        ({"from_month": None}, "决定文号", "decision-missing"),
        ({"from_month": "2026-11"}, "享受起始年月", "month-too-far"),
        ({"decided_on": "2026-09-26"}, "决定日期", "date-future"),
        ({"village": "511425001999"}, "村居代码", "village-unknown"),
        ({"household": None}, "户编号", "household-missing"),
        ({"registration": "居民"}, "户口性质", "registration-unknown"),
        ({"serial": "甲"}, "序号", "serial-missing"),
        ({"relation": "本人"}, "与户主关系", "relation-unknown"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_bad_cell_in_the_heads_row_is_named(
    tmp_path: Path, fields: Row, column: str, code: str
) -> None:
    rows = rows_of(a_household("h-1", a_person(8), **on_dibao()))
    rows[0] |= fields
    found = survey(tmp_path, a_workbook(rows, statistics=count(rows)))
    assert (2, column, code) in named(found)
    assert found.rows_bad == 1


def test_a_bank_that_is_not_known_is_answered_with_those_that_are(tmp_path: Path) -> None:
    bad = a_household("h-1", a_person(8, **{**ACCOUNT, "bank": "青神银行"}))
    (fault,) = survey(tmp_path, a_workbook(rows_of(ALL_IS_WELL, bad))).faults
    assert fault.reason.endswith("（可填：青神县商业银行、青神县农村信用合作联社、青神县邮政银行）")


def test_a_person_stands_in_a_roster_once(tmp_path: Path) -> None:
    one = a_household("h-1", a_person(5))
    other = a_household("h-2", a_person(6), a_person(5))
    found = survey(tmp_path, a_workbook(rows_of(one, other, ALL_IS_WELL)))
    assert named(found) == [
        (2, "身份证号", "person-duplicate"),
        (4, "身份证号", "person-duplicate"),
    ]
    assert "与第4行" in found.faults[0].reason
    assert found.rows_bad == 3


def test_one_person_is_one_however_their_number_is_written(tmp_path: Path) -> None:
    number = next(n for n in map(id_number, range(1, 99)) if n.endswith("X"))
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())
    old = number[:6] + number[8:17]
    for spelling in (number.lower(), full_width, old):
        rows = rows_of(
            a_household("h-1", a_person(60, id_number=number)),
            a_household("h-2", a_person(61, id_number=spelling)),
        )
        assert codes(survey(tmp_path, a_workbook(rows))) == {"person-duplicate"}


def test_somebody_who_left_one_household_for_another_stands_in_both(tmp_path: Path) -> None:
    before = a_household("h-1", a_person(5), a_person(6, until="2026-07"))
    after = a_household("h-2", a_person(6, since="2026-08"))
    assert named(survey(tmp_path, a_workbook(rows_of(before, after)))) == []


def test_a_household_split_over_two_places_in_the_file_stays_out(tmp_path: Path) -> None:
    first = a_household("h-1", a_person(5))
    second = a_household("h-1", a_person(6))
    found = survey(tmp_path, a_workbook(rows_of(first, ALL_IS_WELL, second)))
    assert {(row, code) for row, _, code in named(found)} == {
        (2, "household-split"),
        (5, "household-split"),
    }
    assert found.rows_bad == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"village": OTHER_VILLAGE}, "village-differs"),
        ({"registration": "城镇"}, "registration-differs"),
        ({"relation": HEAD}, "head-twice"),
        ({"dibao": "是"}, "not-on-head"),
        ({"income": "100"}, "not-on-head"),
    ],
)
def test_members_of_one_household_must_agree(tmp_path: Path, change: Row, code: str) -> None:
    rows = rows_of(a_household("h-1", a_person(5), a_person(6)))
    rows[1] |= change
    assert code in codes(survey(tmp_path, a_workbook(rows)))


def test_a_household_needs_a_head(tmp_path: Path) -> None:
    rows = rows_of(a_household("h-1", a_person(5)))
    rows[0]["relation"] = "其他"
    assert "head-missing" in codes(survey(tmp_path, a_workbook(rows)))


def test_a_head_who_left_heads_nobody_who_stays(tmp_path: Path) -> None:
    left = a_person(5, until="2026-07")
    gone = rows_of(a_household("h-1", left), a_household("h-2", a_person(6), a_person(7)))
    assert named(survey(tmp_path, a_workbook(gone))) == []
    stays = rows_of(a_household("h-1", left, a_person(6)))
    found = survey(tmp_path, a_workbook(stays))
    assert named(found) == [(2, "与户主关系", "head-missing")]


def test_a_missing_form_is_found_by_its_number(tmp_path: Path) -> None:
    rows = rows_of(ALL_IS_WELL, a_household("h-1", a_person(5)), a_household("h-2", a_person(6)))
    for row in rows[2:]:
        row["serial"] += 1
    found = survey(tmp_path, a_workbook(rows))
    assert named(found) == [(4, "序号", "serial-gap")]
    assert found.rows_bad == 1


def _statistics(rows: list[Row], village: str = VILLAGE, **wrong: int) -> dict[str, Any]:
    counted = count(rows)
    counted[village] = {**counted[village], **wrong}
    return counted


def test_statistics_that_do_not_add_up_are_named_and_good_rows_still_go_in(
    tmp_path: Path,
) -> None:
    rows = rows_of(ALL_IS_WELL, a_household("h-1", a_person(5), **on_dibao()))
    book = a_workbook(
        rows, statistics=_statistics(rows, dibao_people=2), total=count(rows)[VILLAGE]
    )
    found = survey(tmp_path, book)
    assert [(f.sheet, f.row, f.column, f.code) for f in found.faults] == [
        (STATISTICS_SHEET, 2, "低保人数", "statistics-differ"),
        (STATISTICS_SHEET, 3, "低保人数", "statistics-total"),
    ]
    assert "表中2，数出1" in found.faults[0].reason
    assert (found.rows_bad, found.found.bad) == (0, set())


def test_a_village_without_statistics_and_a_workbook_without_the_table_are_named(
    tmp_path: Path,
) -> None:
    other = a_household("h-9", a_person(9), village=OTHER_VILLAGE)
    rows = rows_of(ALL_IS_WELL, other)
    only_one = {VILLAGE: count(rows)[VILLAGE]}
    assert codes(survey(tmp_path, a_workbook(rows, statistics=only_one))) == {
        "statistics-village-missing"
    }
    without = a_workbook(rows, without_statistics=True)
    assert codes(survey(tmp_path, without)) == {"statistics-missing"}
    assert codes(survey(tmp_path, a_csv(rows))) == set()


def test_what_clerks_write_in_their_own_way_is_understood(tmp_path: Path) -> None:
    rows = rows_of(
        a_household(
            "h-1",
            a_person(1, since="2019年3月", phone="138 0013 8000"),
            a_person(2, since="2019/3", died_on="2026年9月3日"),
            a_person(3, since=43525, disability_grade="2", disability_kind="精神"),
            a_person(4, since="201903", until="2026.08"),
            **decided(dibao="√", income="1,200元", decided_on=46275, from_month="2026/10"),
        )
    )
    assert named(survey(tmp_path, a_workbook(rows, statistics=_statistics(
        rows, dibao_households=1, dibao_people=4
    )))) == []  # fmt: skip


def test_every_code_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Code)


def test_decisions_are_asked_for_wherever_somebody_is_on_something(tmp_path: Path) -> None:
    rows = rows_of(a_household("h-1", a_person(8), a_person(9, old_age="是")))
    assert named(survey(tmp_path, a_workbook(rows))) == [(2, "决定文号", "decision-missing")]
    rows = rows_of(a_household("h-1", a_person(8), a_person(9, old_age="是"), **decided()))
    assert named(survey(tmp_path, a_workbook(rows))) == []
