"""Numbers are read masked, and in clear by a look-up that stands in the audit."""

from datetime import date
from typing import Any

import pytest

from services.identification import id_numbers
from services.identification.id_numbers import masked
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHAO_MIN,
    Walk,
    an_application,
    staff,
)
from tests.identification.makers import id_number
from tests.identification.register import Register

PHONE = "13812345678"
READER = staff("wu-yu", {"cases:read"})


def looked_at(register: Register) -> list[tuple[str, str]]:
    """Who looked at the numbers of what."""
    rows = register.audited("numbers-looked-at")
    return [(row["actor"], row["subject"]) for row in rows]


def in_words(case: dict[str, Any]) -> str:
    return str(case)


def test_beside_a_birthday_a_mask_leaves_some_ninety_numbers() -> None:
    shown, born = masked(id_number(1)), id_number(1)[6:14]
    left = [
        number
        for place in range(1000)
        for last in "0123456789X"
        if id_numbers.flaw(number := f"{shown[:6]}{born}{place:03d}{last}", date(2026, 10, 1))
        is None
        and masked(number) == shown
    ]
    assert id_number(1) in left
    assert len(left) >= 90


@pytest.mark.breaks("Numbers are looked at in the open")
async def test_a_case_is_read_masked_and_in_clear_by_a_look_up_that_is_written_down(
    register: Register,
) -> None:
    walk = await Walk(register).open()
    said = an_application(phone=PHONE, reason=f"本人 {id_number(1)} 无收入")
    written = await walk.do(CHEN_HONG, "write", application=said)
    case = await walk.look(WANG_FANG)
    for answer in (written, case):
        for number in (id_number(1), id_number(2, "20180910"), PHONE, PHONE[-4:]):
            assert number not in in_words(answer)
    assert case["application"]["members"][0]["id_number"] == masked(id_number(1))
    assert looked_at(register) == []
    path = f"{walk.path}/numbers"
    found = (await register.get(path, WANG_FANG)).json()
    assert [(each["name"], each["id_number"]) for each in found["people"]] == [
        ("李伟", id_number(1)), ("李娜", id_number(2, "20180910")),
    ]  # fmt: skip
    assert found["phone"] == PHONE
    assert looked_at(register) == [("staff:wang-fang", walk.case["case_id"])]
    assert (await register.get(path, READER)).status_code == 403
    assert (await register.get(path, ZHAO_MIN)).status_code == 404
    assert len(looked_at(register)) == 1


async def test_a_mask_said_back_is_the_number_it_hides_and_no_other(register: Register) -> None:
    walk = await Walk(register).open()
    await walk.do(CHEN_HONG, "write", application=an_application(phone=PHONE))
    read = (await walk.look())["application"]
    await walk.do(CHEN_HONG, "write", application={**read, "address": "柳溪村4组"})
    found = (await register.get(f"{walk.path}/numbers", CHEN_HONG)).json()
    assert (found["phone"], found["people"][0]["id_number"]) == (PHONE, id_number(1))
    head, child = read["members"]
    swapped = {**read, "members": [{**head, "id_number": child["id_number"]}, child]}
    new = {**read, "members": [head, {**child, "key": "another"}]}
    for other in (swapped, new, {**read, "phone": "139********"}):
        answer = await walk.ask(CHEN_HONG, "write", application=other)
        assert answer.json()["type"].endswith("/mask-unknown")


async def test_numbers_that_an_act_says_are_masked_among_what_was_done(register: Register) -> None:
    walk = await Walk(register).accepted()
    await walk.do(CHEN_HONG, "say-relative", name="李强", works_as="镇干部", relation=id_number(9))
    assert id_number(9) not in in_words(await walk.look(HE_JUN))
    found = (await register.get(f"{walk.path}/numbers", HE_JUN)).json()
    assert [each["id_number"] for each in found["acts"]] == [id_number(9)]
