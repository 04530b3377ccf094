"""A citizen writes on the phone who is bound to support them from elsewhere, and reads it alone."""

from typing import Any

import pytest

from tests.identification.caseworkers import CHEN_HONG, JPEG, WANG_FANG
from tests.identification.citizens import Phone, admitted, see
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_means import means_of, values

RECKONED = {"basis": "reckoned", "household_members": 3, "income_fen_yearly": 4_368_000}
OWED = 600_000
"""Three people keep 4,560 yuan each; a fifth of the 30,000 that are left is 6,000."""
AGREED = {"basis": "agreed", "agreed_fen_yearly": 120_000}
UNABLE = {"basis": "unable", "unable": "without-capacity"}
SON: dict[str, Any] = {"name": "李大", "relation": "子女", "lives_at": "成都市金牛区"}
NUMBER = id_number(20, "19900101")


@pytest.fixture
async def phone(register: Register) -> Phone:
    return await Phone(register, await admitted(register)).begin()


def supporters(phone: Phone) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = phone.case["application"]["supporters"]
    return found


def step_is_said(phone: Phone) -> bool:
    (said,) = [each["said"] for each in phone.case["means"] if each["step"] == "support"]
    return bool(said)


async def test_each_is_written_said_anew_and_taken_off_with_what_the_law_says_they_owe(
    phone: Phone,
) -> None:
    assert not step_is_said(phone)
    await phone.say("supporter", **SON, id_number=NUMBER, support=RECKONED)
    await phone.say("supporter", **{**SON, "name": "李二"}, support=AGREED)
    again = await Phone(phone.register, phone.caller).begin()
    assert step_is_said(again), "a draft is gone on with where it was left"
    first, second = supporters(again)
    assert (first["name"], first["lives_at"], first["support"]["basis"]) == (
        "李大", "成都市金牛区", "reckoned",
    )  # fmt: skip
    assert [each["owed_fen_yearly"] for each in (first, second)] == [OWED, 120_000]
    assert first["id_number"] == "511425***********" + NUMBER[-1]
    assert (second["id_number"], second["born_on"]) == (None, None), "not known, and not asked for"
    await phone.say("supporter", key=first["key"], **SON, support=UNABLE)
    assert supporters(phone)[0]["owed_fen_yearly"] == 0
    assert supporters(phone)[0]["id_number"], "a number that is on file stays"
    await phone.say("supporter-gone", key=first["key"])
    assert [each["name"] for each in supporters(phone)] == ["李二"]


async def test_that_there_is_nobody_is_said_too(phone: Phone) -> None:
    await phone.say("no-supporter")
    assert step_is_said(phone)
    assert phone.case["application"]["means"]["support_basis"] == 1
    await phone.say("supporter", **SON, support=AGREED)
    answer = await phone.post(f"{phone.path}/parts/no-supporter", {})
    assert (answer.status_code, answer.json()["zh"]) == (422, "已经写了赡养人，先去掉")


@pytest.mark.parametrize(
    "wrong",
    [
        {"support": {"basis": "agreed"}},
        {"support": {"basis": "reckoned", "agreed_fen_yearly": 1}},
        {"support": {"basis": "reckoned", "household_members": 0, "income_fen_yearly": 1}},
        {"support": {"basis": "agreed", "agreed_fen_yearly": -1}},
        {"support": {"basis": "unable", "unable": "unwilling"}},
        {"support": AGREED, "name": ""},
        {"support": AGREED, "lives_at": ""},
        {"support": AGREED, "id_number": "123"},
        {"support": AGREED, "id_number": id_number(1)},
        {"support": AGREED, "key": "stranger"},
        {"support": AGREED, "owed_fen_yearly": 1},
        {},
    ],
)
async def test_words_that_cannot_be_are_refused_and_nothing_is_lost(
    phone: Phone, wrong: dict[str, Any]
) -> None:
    await phone.say("supporter", **SON, support=AGREED)
    answer = await phone.post(f"{phone.path}/parts/supporter", {**SON, **wrong})
    assert answer.status_code == 422, answer.text
    await phone.look()
    assert [each["support"]["agreed_fen_yearly"] for each in supporters(phone)] == [120_000]


async def test_a_guardian_who_supports_too_is_one_person_and_stays_a_guardian(
    phone: Phone,
) -> None:
    outsider = {"name": "李大", "relation": "子女", "id_number": NUMBER}
    await phone.say("person", key="me", guardian_authority="relative", outside_guardian=outsider)
    await phone.say("supporter", **SON, id_number=NUMBER, support=AGREED)
    (son,) = supporters(phone)
    await phone.say("supporter-gone", key=son["key"])
    assert supporters(phone) == []
    guardian = phone.case["application"]["members"][0]["outside_guardian"]
    assert guardian["name"] == "李大"
    await phone.say("supporter", **SON, id_number=NUMBER, support=AGREED)
    await phone.say("person", key="me")
    assert [each["name"] for each in supporters(phone)] == ["李大"], "bound still, guardian no more"


async def test_it_is_counted_and_its_paper_is_named_as_missing_and_filed_from_the_phone(
    phone: Phone,
) -> None:
    await phone.say("home", registration="rural", address="柳溪村3组")
    await phone.say("supporter", **SON, id_number=NUMBER, support=RECKONED)
    await phone.say("supporter", **{**SON, "name": "李二"}, support=UNABLE)
    assert [each["wants_proof"] for each in supporters(phone)] == [False, True]
    assert (await phone.act("submit")).status_code == 200
    walk = await phone.officers()
    assert values(await means_of(walk), "declared")["means_support_fen_yearly"] == OWED
    (named,) = [each for each in walk.case["to_bring"] if each.startswith("赡养依据")]
    assert named.endswith("（李二）")
    await walk.do(WANG_FANG, "want-papers", missing=[named])
    assert (await phone.paper("support-proof")).status_code == 422, "of whom?"
    key = supporters(phone)[1]["key"]
    assert (await phone.paper("support-proof", of_person=key)).status_code == 201
    assert [each["of_person"] for each in (await phone.look())["papers"]] == [key]
    assert (await phone.act("bring-papers")).status_code == 200
    walk = await phone.officers()
    assert not [each for each in walk.case["to_bring"] if each.startswith("赡养依据")]
    await see(walk)
    await walk.do(WANG_FANG, "accept")
    await phone.look()
    assert [each["wants_proof"] for each in supporters(phone)] == [False, False]


async def test_a_letter_that_one_signed_is_filed_from_the_phone(phone: Phone) -> None:
    await phone.say("supporter", **SON, id_number=NUMBER, support=RECKONED)
    assert (await phone.act("submit")).status_code == 200
    await see(await phone.officers())
    await phone.look()
    (son,) = supporters(phone)
    assert not son["has_signed"]
    letter = await phone.paper("authorisation", JPEG + b"son", of_person=son["key"])
    today = phone.case["today"]
    words = {"person_key": son["key"], "document_id": letter.json()["document_id"]}
    answer = await phone.act("authorise", **words, signed_by=son["key"], signed_on=today)
    assert answer.status_code == 200, answer.text
    assert supporters(phone)[0]["has_signed"]


@pytest.mark.shows("S11")
async def test_what_an_official_corrected_of_one_the_citizen_reads_as_changed_and_no_more(
    phone: Phone,
) -> None:
    await phone.say("supporter", **SON, id_number=NUMBER, support=RECKONED)
    await phone.say("supporter", **{**SON, "name": "李二"}, support=AGREED)
    assert (await phone.act("submit")).status_code == 200
    walk = await phone.officers()
    await see(walk)
    await walk.do(WANG_FANG, "accept")
    said = (await phone.officers()).case["application"]
    said["supporters"][0]["support"] = {**RECKONED, "income_fen_yearly": 9_999_000}
    said["supporters"][0]["lives_at"] = "成都市锦江区"
    await walk.do(WANG_FANG, "correct", application=said, reason="查到的不一样")
    await phone.look()
    assert [each["name"] for each in supporters(phone)] == ["李二"], (
        "of the other only its own words"
    )
    (told,) = phone.case["corrections"]
    assert ("李大", "赡养费", None) in [(e["whose"], e["zh"], e["after"]) for e in told["lines"]]
    assert "9999000" not in str(phone.case)


async def test_who_reads_by_another_telephone_does_not_learn_what_supporters_earn(
    register: Register, phone: Phone
) -> None:
    await phone.say("supporter", **SON, id_number=NUMBER, support=RECKONED)
    path = f"/my/cases/{phone.case['case_id']}"
    another = await admitted(register, phone="13900005678")
    assert (await register.get(path, another)).status_code == 404
    answer = await register.get(f"/cases/{phone.case['case_id']}", CHEN_HONG)
    assert answer.status_code == 404, "while it is a draft it is nobody's but the citizen's"
