"""An application at the desk: written row by row, and corrected once it was accepted."""

import json
from typing import Any

from tests.gateway import told
from tests.gateway.told_of_cases import A_WHOLE_CASE, CASE, NOBODY_LEFT
from tests.gateway.visits import Door, hidden_fields

AWAY = {
    "stage": "foreseen",
    "month": "2026-11",
    "homes": [],
    "missing": {"zh": "金额现在查不到", "en": "the sums cannot be read just now"},
}


async def test_an_application_is_written_row_by_row(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("window-clerk",))
    said = {
        **hidden_fields(await browser.get(f"/staff/cases/{CASE}")),
        "version": "7",
        "registration": "rural",
        "member-0-name": "李伟",
        "member-0-relation": "户主",
        "member-0-id_number": "11010519491231002X",
        "member-1-name": "李娜",
        "member-1-relation": "子女",
        "member-1-away": "prison",
        "member-1-away_since": "2026-03-01",
    }
    answer = await browser.post(f"/staff/cases/{CASE}/application", data=said)
    assert answer.status_code == 303
    (came,) = [each for each in door.upstream.came() if each["path"].endswith("/acts/write")]
    members = json.loads(came["body"])["words"]["application"]["members"]
    assert [each["key"] for each in members] == ["head", "m1"]
    assert "id_number" not in members[1]
    assert (members[1]["away"], members[1]["away_since"]) == ("prison", "2026-03-01")


async def test_an_accepted_application_is_corrected_with_the_reason(door: Door) -> None:
    reason = {"zh": "更正了什么", "en": "what was wrong", "type": "text", "most": 2000}
    fields = {"application": {"zh": "申请", "en": "it", "type": "application"}, "reason": reason}
    act = {"act": "correct", "name": {"zh": "更正申请", "en": "correct"}, "fields": fields}
    path = f"identification GET /cases/{CASE}"
    case = {**A_WHOLE_CASE, "acts": [{**act, "missing": [], "aside": True}]}
    door.upstream.answers({**told.everything(), path: {"words": case}})
    browser = await door.staff(roles=("township-officer",))
    page = await browser.get(f"/staff/cases/{CASE}")
    assert page.text.count("更正申请") == 1
    said = {**hidden_fields(page), "version": "7", "member-0-name": "李伟", "correction": "抄错了"}
    answer = await browser.post(f"/staff/cases/{CASE}/application", data=said)
    assert answer.status_code == 303
    (came,) = [each for each in door.upstream.came() if each["path"].endswith("/acts/correct")]
    assert json.loads(came["body"])["words"]["reason"] == "抄错了"


async def test_who_supports_from_elsewhere_is_written_with_what_they_owe(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("window-clerk",))
    page = await browser.get(f"/staff/cases/{CASE}")
    assert "按他们家的收入算" in page.text
    owed = ("reckoned", {"household_members": "3", "income": "43680.00", "born_on": "1990-01-01"})
    said = {**hidden_fields(page), "version": "7"}
    for n, (basis, more) in enumerate((owed, ("agreed", {"agreed": "1200"}), ("unable", {}))):
        row = {"name": "李大", "relation": "子女", "support": basis, "unable": "very-old", **more}
        said |= {f"supporter-{n}-{name}": word for name, word in row.items()}
    assert (await browser.post(f"/staff/cases/{CASE}/application", data=said)).status_code == 303
    (came,) = [each for each in door.upstream.came() if each["path"].endswith("/acts/write")]
    sons = json.loads(came["body"])["words"]["application"]["supporters"]
    assert [each["support"] for each in sons] == [
        {"basis": "reckoned", "household_members": 3, "income_fen_yearly": 4_368_000},
        {"basis": "agreed", "agreed_fen_yearly": 120_000},
        {"basis": "unable", "unable": "very-old"},
    ]
    assert {each["no_id_reason"] for each in sons} == {"申请人不知道"}, "as on the phone"
    assert sons[0]["born_on"] == "1990-01-01"


async def test_a_paper_and_a_letter_are_filed_as_of_whoever_supports_from_elsewhere(
    door: Door,
) -> None:
    son = {"key": "m7", "name": "李大", "relation": "子女", "support": {"basis": "unable"}}
    who = {"type": "person", "zh": "谁", "en": "who", "optional": False, "most": 400}
    acts: list[dict[str, Any]] = [
        {"act": act, "name": {"zh": act, "en": act}, "missing": [], "fields": {"person_key": who}}
        for act in ("authorise", "excuse-letter")
    ]
    proof = {**A_WHOLE_CASE["papers"][0], "kind": "support-proof", "of_person": "m7"}
    case = {**with_supporter(son), "acts": acts, "papers": [proof]}
    door.upstream.answers(
        {**told.everything(), f"identification GET /cases/{CASE}": {"words": case}}
    )
    browser = await door.staff(roles=("township-officer",))
    page = (await browser.get(f"/staff/cases/{CASE}")).text
    head, other = '<option value="head">李伟</option>', '<option value="m7">李大</option>'
    for name in ('id="authorise-person_key" name="person_key"', 'name="of_person"'):
        assert f"<select {name}>{head}{other}</select>" in page, name
    assert f'id="excuse-letter-person_key" name="person_key">{head}</select>' in page
    assert "</a> 李大 " in page, "whose paper it is"


def with_supporter(son: dict[str, Any]) -> dict[str, Any]:
    """A case in which somebody supports from elsewhere."""
    return {**A_WHOLE_CASE, "application": {**A_WHOLE_CASE["application"], "supporters": [son]}}


async def test_a_number_that_is_found_takes_the_place_of_not_knowing_it(door: Door) -> None:
    owes = {"basis": "agreed", "agreed_fen_yearly": 120_000}
    son = {
        "key": "m7", "name": "李大", "relation": "子女", "temporary_code": "T-ABC",
        "no_id_reason": "申请人不知道", "support": owes,
    }  # fmt: skip
    case = with_supporter(son)
    door.upstream.answers(
        {**told.everything(), f"identification GET /cases/{CASE}": {"words": case}}
    )
    browser = await door.staff(roles=("window-clerk",))
    said = {**hidden_fields(await browser.get(f"/staff/cases/{CASE}")), "version": "7"}
    row = {"name": "李大", "relation": "子女", "id_number": "11010519491231002X"}
    said |= {f"supporter-0-{name}": word for name, word in row.items()}
    answer = await browser.post(f"/staff/cases/{CASE}/application", data=said)
    assert answer.status_code == 303
    (came,) = [each for each in door.upstream.came() if each["path"].endswith("/acts/write")]
    (known,) = json.loads(came["body"])["words"]["application"]["supporters"]
    assert (known["temporary_code"], known["no_id_reason"]) == (None, None)
    assert (known["key"], known["support"]) == ("m7", owes)


async def test_the_page_of_a_case_says_what_is_paid_now_and_by_what_is_written(door: Door) -> None:
    door.upstream.answers(told.everything())
    page = (await (await door.staff(roles=("township-officer",))).get(f"/staff/cases/{CASE}")).text
    for said in ("260.00元", "50.00元", "还算不出（收入不明", "决定可能不同", "2026年11月"):
        assert said in page, said
    door.upstream.answers(
        {**told.everything(), f"identification GET /cases/{CASE}/sums": {"words": AWAY}}
    )
    page = (await (await door.staff(roles=("township-officer",))).get(f"/staff/cases/{CASE}")).text
    assert "现在查不到" in page


async def test_the_page_of_a_case_says_that_nobody_is_left_and_asks_of_those_who_are_over_it(
    door: Door,
) -> None:
    path = f"identification POST /cases/{CASE}/hands"
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("civil-affairs-head",))
    page = await browser.get(f"/staff/cases/{CASE}")
    assert "没有人能接着办了" in page.text
    assert "he-jun（原决定被撤销的" in page.text
    (came, *_) = [each for each in door.upstream.came() if each["path"].endswith("/hands")]
    (account,) = json.loads(came["body"])["staff"]
    assert "cases:decide" in account["scopes"]
    last = {**NOBODY_LEFT, "ends_in_reach": ["granted"], "leaving_nobody": ["home-check"]}
    door.upstream.answers({**told.everything(), path: {"words": last}})
    page = await browser.get(f"/staff/cases/{CASE}")
    assert "只剩您能接着办" in page.text
    gone = {"status": 404, "words": {"type": "/problems/not-found", "title": "Not found"}}
    door.upstream.answers({**told.everything(), path: gone})
    page = await browser.get(f"/staff/cases/{CASE}")
    assert (page.status_code, "没有人能接着办了" in page.text) == (200, False)
