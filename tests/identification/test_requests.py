"""One door: a mixed request under one receipt, split to the programmes; nobody sent elsewhere."""

from typing import Any

import httpx
import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    JPEG,
    WANG_FANG,
    WORKER,
    ZHAO_MIN,
    an_application,
    staff,
)
from tests.identification.citizens import ANOTHER, Phone, admitted
from tests.identification.makers import OTHER_VILLAGE, VILLAGE, id_number
from tests.identification.register import Register

CLERK_SCOPES = WORKER | {"requests:take", "registers:read", "registers:write"}
SUN_YAN = staff("sun-yan", CLERK_SCOPES, VILLAGE[:9])
FIRE = {"kind": "urgent", "cause": "fire", "happened_on": "2026-09-24", "elsewhere": "no"}
MEDICAL = {"matter": "medical", "department": "medical-security", "need": "住院自付三万元"}


async def take(register: Register, by: Caller = SUN_YAN, **said: Any) -> httpx.Response:
    """Hand a request in at the door."""
    words = {
        "village": VILLAGE,
        "application": an_application(phone="13900001234"),
        "programmes": [{"category": "dibao"}, {"category": "temporary", "words": FIRE}],
        "matters": [MEDICAL],
        **said,
    }
    return await register.client.post("/requests", json=words, headers=register.headers(by))


@pytest.mark.shows("S10")
async def test_a_mixed_request_goes_to_the_right_programmes_under_one_receipt(
    register: Register,
) -> None:
    answer = await take(register)
    assert answer.status_code == 201, answer.text
    taken = answer.json()
    assert [part["state"] for part in taken["parts"]] == ["submitted", "reported", "handed-on"]
    assert taken["parts"][2]["name"]["zh"] == "医疗救助，医疗保障局"
    assert taken["open"]
    for part, category in zip(taken["parts"], ("dibao", "temporary"), strict=False):
        case = (await register.get(f"/cases/{part['case_id']}", WANG_FANG)).json()
        assert (case["category"], case["channel"]) == (category, "one-door")
        assert case["application"]["members"][0]["name"] == "李伟", "what is said is said once"
    path = f"/requests/{taken['request_id']}"
    printed = await register.get(f"{path}/receipt", SUN_YAN)
    assert printed.content.startswith(b"%PDF-")
    found = (await register.get("/requests", SUN_YAN, query=taken["receipt"].lower())).json()
    assert [each["receipt"] for each in found["items"]] == [taken["receipt"]]
    assert (await register.get(path, ZHAO_MIN)).status_code == 404


@pytest.mark.shows("S10")
async def test_a_matter_of_another_department_is_followed_until_it_is_answered(
    register: Register,
) -> None:
    taken = (await take(register, programmes=[])).json()
    (part,) = taken["parts"]
    late = (await register.get("/registers/referral", SUN_YAN, list="unanswered")).json()
    assert [each["number"] for each in late["items"]] == [part["reference"]]
    words = {"outcome": "helped", "answered_on": "2026-09-25", "answer": "已报销两万元"}
    done = await register.client.post(
        f"/entries/{part['entry_id']}/acts/answer",
        json={"version": 0, "words": words},
        headers=register.headers(SUN_YAN),
    )
    assert done.status_code == 200, done.text
    now = (await register.get(f"/requests/{taken['request_id']}", SUN_YAN)).json()
    assert (now["parts"][0]["outcome"], now["open"]) == ("helped", False)


@pytest.mark.breaks("A paper is brought by who may")
async def test_a_paper_given_once_lies_in_every_case(register: Register) -> None:
    taken = (await take(register)).json()
    answer = await register.client.post(
        f"/requests/{taken['request_id']}/papers",
        params={"kind": "id-card"},
        content=JPEG,
        headers=register.headers(SUN_YAN),
    )
    assert len(answer.json()["document_ids"]) == 2
    for part in taken["parts"][:2]:
        case = (await register.get(f"/cases/{part['case_id']}", WANG_FANG)).json()
        assert [paper["kind"] for paper in case["papers"]] == ["id-card"]
    officers = await register.client.post(
        f"/requests/{taken['request_id']}/papers",
        params={"kind": "minutes"},
        content=JPEG,
        headers=register.headers(SUN_YAN),
    )
    assert officers.json()["type"] == "/problems/officers-paper"
    relative = {"relation": "sibling", "name": "李娜", "id_number": id_number(2, "20180910")}
    await register.client.post("/relatives", json=relative, headers=register.headers(SUN_YAN))
    of_hers = await register.client.post(
        f"/requests/{taken['request_id']}/papers",
        params={"kind": "income-proof"},
        content=JPEG,
        headers=register.headers(SUN_YAN),
    )
    assert of_hers.json()["type"] == "/problems/near-relative"
    assert len(register.rows("SELECT 1 FROM case_document")) == 2


async def test_what_is_open_already_is_not_opened_twice(register: Register) -> None:
    first = (await take(register)).json()
    again = (await take(register)).json()
    assert again["receipt"] != first["receipt"]
    assert [part["was_open"] for part in again["parts"]] == [True, True, False]
    cases = [part.get("case_id") for part in first["parts"]]
    assert [part.get("case_id") for part in again["parts"]] == cases
    assert len(register.rows("SELECT id FROM case_file")) == 2


async def test_a_draft_on_somebodys_phone_is_no_open_case(register: Register) -> None:
    stranger = await Phone(register, await admitted(register, phone=ANOTHER)).begin("dibao")
    taken = (await take(register)).json()
    assert taken["parts"][0]["was_open"] is False, "whoever asks at the door is taken in"
    assert taken["parts"][0]["case_id"] != stranger.case["case_id"]


async def test_papers_an_officer_files_are_not_shown_to_a_telephone_that_was_only_named(
    register: Register,
) -> None:
    stranger = await Phone(register, await admitted(register, phone=ANOTHER)).written()
    own = (await stranger.paper("id-card", JPEG + b"own")).json()["document_id"]
    taken = (await take(register, programmes=[{"category": "dibao"}])).json()
    assert taken["parts"][0]["case_id"] == stranger.case["case_id"], "the number has a case"
    answer = await register.client.post(
        f"/requests/{taken['request_id']}/papers",
        params={"kind": "household-register"},
        content=JPEG + b"of whose number it is",
        headers=register.headers(SUN_YAN),
    )
    (filed,) = answer.json()["document_ids"]
    case = (await register.get(stranger.path, stranger.caller)).json()
    shown = {each["document_id"] for each in case["papers"]}
    assert own in shown
    assert filed not in shown
    for paper, status in ((own, 200), (filed, 404)):
        path = f"{stranger.path}/papers/{paper}"
        assert (await register.get(path, stranger.caller)).status_code == status


async def test_a_part_that_cannot_be_handed_in_leaves_no_part_behind(register: Register) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"programmes": [{"category": "dibao"}, {"category": "temporary"}]},
        {"programmes": [{"category": "dibao"}, {"category": "review"}]},
        {"programmes": [{"category": "dibao"}], "matters": [{**MEDICAL, "matter": "gold"}]},
        {"programmes": [], "matters": []},
        {"application": {}},
        {"village": "511425999999"},
    )
    for said in wrong:
        assert (await take(register, **said)).status_code == 422, said
    assert (await take(register, village=OTHER_VILLAGE)).status_code == 403
    assert (await take(register, by=WANG_FANG)).status_code == 403
    for table in ("case_file", "request", "register_entry"):
        assert register.rows(f"SELECT 1 FROM {table}") == []  # noqa: S608  # Names of this test.


@pytest.mark.shows("S13")
async def test_an_operator_opens_an_application_for_a_caller_who_gets_the_receipt(
    register: Register,
) -> None:
    call = {"number": "13900001234", "began_at": "2026-09-25T08:55:00+08:00"}
    taken = (
        await take(register, channel="phone", programmes=[{"category": "dibao"}], call=call)
    ).json()
    shown = (await register.get(f"/requests/{taken['request_id']}", SUN_YAN)).json()
    assert shown["call"]["number"] == "139********"
    assert (shown["received_by"], shown["channel"]) == ("staff:sun-yan", "phone")
    (sealed,) = register.rows("SELECT content_sealed FROM request")
    assert "13900001234" not in sealed["content_sealed"]
    (told,) = register.told("case-moved")
    assert told["body"]["happened"] == "received"
    assert told["body"]["receipt"] == taken["parts"][0]["reference"]
    assert told["body"]["handed_on"], "the caller's telephone is handed on for the message"
    assert "13900001234" not in str(told["body"])
