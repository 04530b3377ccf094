"""A roster goes in: good rows become the register, accounts and contacts are handed on."""

from services.identification.roster.columns import ROSTER_SHEET
from shared.contracts.digest import ListDigest
from shared.contracts.identification import Determination
from tests.identification.makers import (
    CARD,
    PASSBOOK,
    a_csv,
    a_household,
    a_person,
    a_workbook,
    decided,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register

DIBAO = a_household(
    "h-1",
    a_person(1, name="李伟", phone="13800138000"),
    a_person(2, "配偶", name="王芳"),
    a_person(3, name="李明", id_number=id_number(3, "20150607"), since="2015-06"),
    **on_dibao(),
)
ELDER = a_household(
    "h-2",
    a_person(4, old_age="是", id_number=id_number(4, "19400101"), bank="qsrcc",
             account_number=PASSBOOK, account_kind="存折", name="阿约·拉铁"),
    **decided(),
)  # fmt: skip
NOBODY = a_household("h-3", a_person(6), a_person(7))


async def test_a_roster_becomes_people_households_and_determinations(register: Register) -> None:
    found = await register.imported(a_workbook(rows_of(DIBAO, ELDER, NOBODY)))
    assert found["status"] == "imported", found
    assert found["problems"] == []
    assert (found["rows"], found["rows_good"], found["people"]) == (6, 6, 6)
    assert (found["households"], found["determinations"]) == (3, 2)
    assert (await register.get("/county")).json() == {"people": 6, "households": 3}


async def test_determinations_are_fetched_in_pages_and_hash_as_announced(
    register: Register,
) -> None:
    found = await register.imported(a_workbook(rows_of(DIBAO, ELDER, NOBODY)))
    items = await register.determinations(found["import_id"], limit=1)
    digest = ListDigest()
    for item in items:
        Determination.model_validate(item)
        digest.add(item)
    assert digest.count == found["determinations"] == 2
    assert digest.hexdigest() == found["determinations_sha256"]
    said = register.told("roster-imported")
    assert [row["body"]["determinations_sha256"] for row in said] == [digest.hexdigest()]


async def test_facts_are_what_the_decision_knows_and_nothing_is_guessed(
    register: Register,
) -> None:
    unknown = a_household(
        "h-4", a_person(8, disability_nursing="是"), **on_dibao(income=None, bank=None,
        account_number=None, account_kind=None),
    )  # fmt: skip
    found = await register.imported(a_workbook(rows_of(DIBAO, unknown)))
    by_size = {
        len(item["members"]): item for item in await register.determinations(found["import_id"])
    }
    known = by_size[3]
    assert known["facts"] == {"registration": 2, "on_dibao": 1, "income_fen_monthly": 12000}
    child = next(m for m in known["members"] if m["facts"]["born_on"] == 20150607)
    assert (child["since"], child["until"]) == ("2015-06", None)
    assert child["facts"]["care_mode"] == "not-applicable"
    assert child["facts"]["died_on"] == "not-applicable"
    assert by_size[1]["facts"]["income_fen_monthly"] is None
    assert by_size[1]["members"][0]["facts"]["disability_grade"] is None


async def test_accounts_and_contacts_are_handed_on_and_none_is_kept(register: Register) -> None:
    await register.imported(a_workbook(rows_of(DIBAO, ELDER, NOBODY)))
    household, elder = sorted(
        register.neighbours.accounts, key=lambda item: item["beneficiary_kind"]
    )
    assert (household["beneficiary_kind"], household["relation"]) == ("household", "household")
    assert (household["bank"], household["account_number"]) == ("qscb", CARD)
    assert (elder["relation"], elder["account_kind"]) == ("self", "passbook")
    assert elder["holder_id"] == elder["beneficiary_id"]
    called = {item["called"]: item for item in register.neighbours.contacts}
    assert called["李*"]["phone"] == "13800138000"
    assert household["beneficiary_id"] in called["李*"]["beneficiary_ids"]
    assert len(called["李*"]["beneficiary_ids"]) == 4
    assert "阿**铁" in called


async def test_a_home_a_guardian_and_a_proxy_are_payees_by_their_paper(register: Register) -> None:
    home = a_household(
        "h-5",
        a_person(
            10, tekun="是", care_mode="集中", self_care="全护理", bank="qsrcc",
            account_number=PASSBOOK, account_kind="存折", holder_relation="机构",
            holder_name="汉阳镇敬老院", holder_number="12511425MB0123456K", paper="入住协议1",
        ),
        **decided(),
    )  # fmt: skip
    guarded = a_household(
        "h-6",
        a_person(11),
        a_person(
            12, disability_nursing="是", disability_grade="一级", disability_kind="精神",
            bank="qscb", account_number=CARD, account_kind="卡", holder_relation="监护人",
            holder_name="李芳", holder_number=id_number(11), paper="监护证明1",
        ),
        **decided(),
    )  # fmt: skip
    from stdnum.cn import uscc

    code = "12511425MB012345"
    code += "0" + uscc.calc_check_digit(code + "00")
    home[0]["holder_number"] = code
    found = await register.imported(a_workbook(rows_of(home, guarded)))
    assert found["problems"] == []
    by_relation = {item["relation"]: item for item in register.neighbours.accounts}
    assert by_relation["institution"]["holder_kind"] == "institution"
    assert by_relation["institution"]["holder_name"] == "汉阳镇敬老院"
    people = register.rows("SELECT p.id FROM person p JOIN membership m ON m.person_id = p.id "
                           "WHERE m.relation = '户主'")  # fmt: skip
    assert by_relation["guardian"]["holder_id"] in {str(row["id"]) for row in people}
    assert by_relation["guardian"]["paper"] == "监护证明1"


async def test_csv_in_any_of_the_three_encodings_is_the_same_roster(register: Register) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        found = await register.imported(a_csv(rows_of(DIBAO, ELDER, NOBODY), encoding))
        assert (found["status"], found["problems"]) == ("imported", [])
    assert (await register.get("/county")).json() == {"people": 6, "households": 3}
    assert len(register.rows("SELECT id FROM determination")) == 2


async def test_columns_may_stand_in_another_order(register: Register) -> None:
    from tests.identification.makers import FIELDS

    content = a_workbook(rows_of(DIBAO), columns=FIELDS[::-1])
    found = await register.imported(content)
    assert (found["status"], found["people"]) == ("imported", 3)


async def test_one_bad_row_keeps_its_whole_household_out_and_no_other(register: Register) -> None:
    number = id_number(14)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    bad = a_household("h-7", a_person(13), a_person(14, id_number=wrong))
    found = await register.imported(a_workbook(rows_of(DIBAO, bad, ELDER)))
    assert (found["rows_good"], found["rows_bad"], found["households"]) == (4, 2, 2)
    (problem,) = found["problems"]
    assert (problem["sheet"], problem["row"]) == (ROSTER_SHEET, 6)
    assert (problem["column"], problem["code"]) == ("身份证号", "id-check-digit")
    assert "校验码" in problem["reason"]
