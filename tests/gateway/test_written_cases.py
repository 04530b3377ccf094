"""An application at the desk: written row by row, and corrected once it was accepted."""

import json

from tests.gateway import told
from tests.gateway.told_of_cases import A_WHOLE_CASE, CASE
from tests.gateway.visits import Door, hidden_fields


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
