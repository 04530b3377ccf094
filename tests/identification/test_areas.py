"""Everybody sees the people of their own area, themselves, and nobody else."""

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from services.identification import names
from shared.callers import Caller, Kind
from tests.identification.makers import (
    OTHER_VILLAGE,
    VILLAGE,
    a_household,
    a_person,
    a_workbook,
    id_number,
    rows_of,
)
from tests.identification.register import COUNTY, Register, citizen, staff

LI_WEI = a_household("001200-1", a_person(1, name="李伟"), a_person(2, name="单芳"))
ZHAO_MIN = a_household("102201-1", a_person(3, name="赵敏"), village=OTHER_VILLAGE)


@pytest.fixture
async def county(register: Register) -> Register:
    found = await register.imported(a_workbook(rows_of(LI_WEI, ZHAO_MIN)))
    assert found["problems"] == []
    return register


async def _find(register: Register, query: str, caller: Caller | None = None) -> list[Any]:
    answer = await register.get("/people", caller, query=query)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def test_people_are_found_by_name_pinyin_number_and_household(county: Register) -> None:
    (found,) = await _find(county, "李伟")
    assert (found["name"], found["village_name"]) == ("李伟", "柳溪村村民委员会")
    for query in ("李", "li", "li wei", id_number(1), id_number(1).lower()):
        assert [item["name"] for item in await _find(county, query)] == ["李伟"]
    # 单 is read shan when it is a surname.
    assert [item["name"] for item in await _find(county, "shan")] == ["单芳"]
    assert {item["name"] for item in await _find(county, "001200-1")} == {"李伟", "单芳"}


async def test_a_name_is_found_however_it_is_written(register: Register) -> None:
    households = [
        a_household(f"h-{order}", a_person(order, name=f"买买提{dot}艾力"))
        for order, dot in ((1, "·"), (3, "•"))
    ]
    await register.imported(a_workbook(rows_of(*households)))
    for query in (
        "买买提•艾力", "买买提．艾力", "买买提.艾力", "买买提 艾力", "买买提艾力", "买买",
        "mai mai ti ai li", "maimaiti aili", "maimaitiaili", "MaiMaiTi.Ai", "mai",
    ):  # fmt: skip
        assert len(await _find(register, query)) == 2, query
    with psycopg.connect(register.database.owner_url) as owner:
        owner.execute("SET enable_seqscan = off")
        for column, index in (("name", "joined_name"), ("name_sort", "joined_pinyin")):
            for table in ("person", "case_person", "low_income_person"):
                begins = names.begins(sa.column(column), sa.literal_column("'a%'"))
                found = sa.exists().select_from(sa.table(table)).where(begins).select()
                plan = str(owner.execute(f"EXPLAIN {found}".encode()).fetchall())
                assert f"ix_{table}_{index}" in plan
                assert "Index Cond" in plan


@pytest.mark.parametrize(
    "query", ["%", "_", "li%", "(a+)+$", "'; --", "  ", "*", "\\", "··", ". ."]
)
async def test_signs_find_nobody(county: Register, query: str) -> None:
    assert await _find(county, query) == []


async def test_staff_of_a_village_do_not_find_the_next_village(county: Register) -> None:
    (zhao,) = await _find(county, "赵敏")
    for area in (VILLAGE, VILLAGE[:9]):
        clerk = staff(area)
        assert await _find(county, "赵敏", clerk) == []
        assert await _find(county, id_number(3), clerk) == []
        hidden = await county.get(f"/people/{zhao['person_id']}", clerk)
        unknown = await county.get("/people/01a2034e-0000-7000-8000-000000000000", clerk)
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.json()["type"] == unknown.json()["type"]
        assert len(await _find(county, "李伟", clerk)) == 1


async def test_names_are_given_only_for_the_area(county: Register) -> None:
    (zhao,), (li,) = await _find(county, "赵敏"), await _find(county, "李伟")
    words = {"ids": [zhao["person_id"], li["person_id"], li["household_id"]]}
    both = await county.client.post("/people/names", json=words, headers=county.headers(staff()))
    assert both.json()["names"] == {
        zhao["person_id"]: "赵敏",
        li["person_id"]: "李伟",
        li["household_id"]: "李伟",
    }
    one = await county.client.post(
        "/people/names", json=words, headers=county.headers(staff(VILLAGE))
    )
    assert zhao["person_id"] not in one.json()["names"]
    read = county.audited("names-read")
    assert [each["details"]["shown"] for each in read] == [3, len(one.json()["names"])]


async def test_a_citizen_sees_themselves_with_their_number_masked_and_nobody_else(
    county: Register,
) -> None:
    (zhao,), (li,) = await _find(county, "赵敏"), await _find(county, "李伟")
    own = (await county.get(f"/people/{li['person_id']}", citizen(li["person_id"]))).json()
    assert county.audited("person-read") == []
    await county.get(f"/people/{li['person_id']}", staff())
    (read,) = county.audited("person-read")
    assert (read["subject"], read["details"]) == (li["person_id"], {"shown": 1})
    assert (own["name"], own["id_number_masked"]) == ("李伟", f"511425{'*' * 11}{id_number(1)[-1]}")
    assert own["household"]["village_name"] == "柳溪村村民委员会"
    assert [member["name"] for member in own["household"]["members"]] == ["李伟", "单芳"]
    other = await county.get(f"/people/{zhao['person_id']}", citizen(li["person_id"]))
    assert other.status_code == 404
    assert (await county.get("/people", citizen(li["person_id"]), query="李")).status_code == 403


async def test_an_id_number_is_resolved_for_the_gateway_alone(county: Register) -> None:
    door = Caller("gateway", Kind.SERVICE, COUNTY, "gateway", frozenset({"people:resolve"}))

    async def resolve(number: str, caller: Caller) -> Any:
        answer = await county.client.post(
            "/people/resolve", json={"id_number": number}, headers=county.headers(caller)
        )
        return answer.json()["person_id"] if answer.status_code == 200 else answer.status_code

    (li,) = await _find(county, "李伟")
    number = id_number(1)
    for spelling in (number, f" {number} ", "".join(chr(ord(c) + 0xFEE0) for c in number)):
        assert await resolve(spelling, door) == li["person_id"]
    assert await resolve(id_number(77), door) is None
    assert await resolve("?", door) is None
    assert await resolve(number, staff()) == 403


async def test_only_county_staff_hand_rosters_in(county: Register) -> None:
    content = a_workbook(rows_of(LI_WEI))
    assert (await county.upload(content, staff(VILLAGE[:9]))).status_code == 403
    assert (await county.get("/rosters", staff(VILLAGE[:9]))).status_code == 403
    listed = (await county.get("/rosters")).json()["items"]
    assert [item["status"] for item in listed] == ["imported"]


async def test_determinations_are_for_services_alone(county: Register) -> None:
    import_id = (await county.get("/rosters")).json()["items"][0]["import_id"]
    refused = await county.get("/determinations", import_id=import_id)
    assert refused.status_code == 403
