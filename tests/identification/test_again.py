"""The same roster twice changes nothing; the next month's brings only what changed."""

import asyncio
from typing import Any

from tests.identification.makers import (
    CARD,
    PASSBOOK,
    Row,
    a_csv,
    a_household,
    a_person,
    a_workbook,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register

ANEW = {"decision_number": "青民决〔2026〕9号", "decided_on": "2026-09-20", "from_month": "2026-10"}


def a_county(**head: Any) -> list[list[Row]]:
    return [
        a_household("h-1", a_person(1), a_person(2, "配偶"), a_person(3), **on_dibao(**head)),
        a_household("h-2", a_person(4), **on_dibao(account_number=PASSBOOK, account_kind="存折")),
        a_household("h-3", a_person(5), a_person(6)),
    ]


async def test_the_same_file_twice_is_one_import(register: Register) -> None:
    content = a_workbook(rows_of(*a_county()))
    first = await register.imported(content)
    handed = len(register.neighbours.accounts)
    again = await register.upload(content)
    assert (again.status_code, again.json()["import_id"]) == (202, first["import_id"])
    at_once = await asyncio.gather(*(register.upload(content) for _ in range(4)))
    assert {answer.json()["import_id"] for answer in at_once} == {first["import_id"]}
    await asyncio.sleep(0.5)
    assert len(register.neighbours.accounts) == handed
    assert len(register.rows("SELECT id FROM roster_import")) == 1
    assert len(list((register.settings.files_dir / "uploads").glob("*"))) <= 1


async def test_the_same_people_in_another_file_stay_who_they_are(register: Register) -> None:
    await register.imported(a_workbook(rows_of(*a_county())))
    before = register.rows("SELECT id, id_index FROM person ORDER BY id")
    second = await register.imported(a_csv(rows_of(*a_county())))
    assert second["determinations"] == 0
    assert register.rows("SELECT id, id_index FROM person ORDER BY id") == before
    assert len(register.rows("SELECT id FROM membership")) == 6


async def test_a_new_decision_is_one_determination_and_the_others_are_not_told_again(
    register: Register,
) -> None:
    await register.imported(a_workbook(rows_of(*a_county())))
    second = await register.imported(a_workbook(rows_of(*a_county(income="60", **ANEW))))
    (item,) = await register.determinations(second["import_id"])
    assert item["facts"]["income_fen_monthly"] == 6000
    assert len(register.neighbours.accounts) == 4, "accounts are handed on with every roster"


async def test_a_sum_never_changes_without_a_new_decision(register: Register) -> None:
    await register.imported(a_workbook(rows_of(*a_county())))
    for changed in ({"income": "60"}, {"dibao": None}, {"from_month": "2026-09"}):
        found = await register.imported(a_workbook(rows_of(*a_county(**changed))))
        (problem,) = found["problems"]
        assert (problem["row"], problem["code"]) == (2, "decision-unchanged")
        assert (found["determinations"], found["rows_bad"]) == (0, 3)


async def test_a_household_that_leaves_assistance_is_determined_once_more(
    register: Register,
) -> None:
    await register.imported(a_workbook(rows_of(*a_county())))
    off = {"dibao": None, "income": None, **ANEW}
    found = await register.imported(a_workbook(rows_of(*a_county(**off))))
    (item,) = await register.determinations(found["import_id"])
    assert item["facts"]["on_dibao"] == 0
    cleared = {"dibao": None, "income": None, **dict.fromkeys(ANEW)}
    later = await register.imported(a_workbook(rows_of(*a_county(**cleared))))
    assert (later["problems"], later["determinations"]) == ([], 0)


async def test_a_death_is_said_once_and_needs_no_decision(register: Register) -> None:
    await register.imported(a_workbook(rows_of(*a_county())))
    county = a_county()
    county[0][1]["died_on"] = "2026-09-12"
    found = await register.imported(a_workbook(rows_of(*county)))
    assert (found["problems"], found["deaths"], found["determinations"]) == ([], 1, 1)
    (item,) = await register.determinations(found["import_id"])
    assert 20260912 in [member["facts"]["died_on"] for member in item["members"]]
    said = "SELECT body FROM outbox WHERE subject = 'identification.person-died.v1'"
    assert [row["body"]["died_on"] for row in register.rows(said)] == ["2026-09-12"]
    county[2][0]["name"] = "李大伟"
    await register.imported(a_workbook(rows_of(*county)))
    assert len(register.rows(said)) == 1


async def test_a_move_ends_one_stay_and_begins_another(register: Register) -> None:
    await register.imported(a_workbook(rows_of(*a_county())))
    county = a_county()
    mover = county[2].pop()
    county[1].append({**mover, "household": "h-2", "since": "2026-08"})
    found = await register.imported(a_workbook(rows_of(*county)))
    assert found["problems"] == []
    stays = register.rows(
        "SELECT h.number, m.since, m.until FROM membership m JOIN household h "
        "ON h.id = m.household_id WHERE m.person_id IN "
        "(SELECT person_id FROM membership GROUP BY person_id HAVING count(*) > 1) "
        "ORDER BY m.since"
    )
    assert [tuple(stay.values()) for stay in stays] == [
        ("h-3", "2010-01", "2026-07"),
        ("h-2", "2026-08", None),
    ]


async def test_somebody_left_out_without_a_word_keeps_the_household_as_it_was(
    register: Register,
) -> None:
    await register.imported(a_workbook(rows_of(*a_county())))
    county = a_county(**ANEW)
    county[0].pop()
    found = await register.imported(a_workbook(rows_of(*county)))
    (problem,) = found["problems"]
    assert (problem["row"], problem["code"]) == (2, "member-missing")
    assert (found["rows_good"], found["determinations"]) == (3, 0)
    county = a_county(**ANEW)
    county[0][2]["until"] = "2026-08"
    found = await register.imported(a_workbook(rows_of(*county)))
    (item,) = await register.determinations(found["import_id"])
    assert [member["until"] for member in item["members"]].count("2026-08") == 1


async def test_a_household_split_over_two_rosters_is_found(register: Register) -> None:
    await register.imported(a_workbook(rows_of(a_county()[0])))
    elsewhere = a_household("x-1", a_person(3, since="2020-01"), a_person(9))
    found = await register.imported(a_workbook(rows_of(elsewhere)))
    (problem,) = found["problems"]
    assert (problem["row"], problem["code"]) == (2, "household-split")
    assert found["rows_bad"] == 2


async def test_a_new_account_is_handed_on_from_its_month(register: Register) -> None:
    await register.imported(a_workbook(rows_of(*a_county())))
    county = a_county(account_number=PASSBOOK[:-1] + "7", account_kind="存折",
                      account_since="2026-09")  # fmt: skip
    found = await register.imported(a_workbook(rows_of(*county)))
    assert (found["problems"], found["determinations"]) == ([], 0)
    mine = [a for a in register.neighbours.accounts if a["account_number"] not in (CARD, PASSBOOK)]
    assert [account["since"] for account in mine] == ["2026-09"]
