"""The pages of the ways in that are not the applicant's own hands."""

import json

from tests.gateway import told
from tests.gateway.told_of_cases import CASE, VILLAGE
from tests.gateway.visits import Door, hidden_fields


async def test_a_request_is_taken_in_with_everything_that_is_ticked(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("window-clerk",))
    said = {
        **hidden_fields(await browser.get("/staff/requests/new")),
        "village": VILLAGE,
        "channel": "phone",
        "call_number": "13900001234",
        "call_began_at": "2026-10-02T09:30",
        "member-0-name": "李伟",
        "member-0-relation": "户主",
        "member-0-id_number": "11010519491231002X",
        "programme-temporary": "yes",
        "temporary-happened_on": "2026-10-01",
        "matter-medical": "yes",
        "department-medical": "medical-security",
    }
    answer = await browser.post("/staff/requests", data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/requests/{CASE}")
    (came,) = [e for e in door.upstream.came() if (e["method"], e["path"]) == ("POST", "/requests")]
    words = json.loads(came["body"])
    assert words["programmes"] == [
        {"category": "temporary", "words": {"happened_on": "2026-10-01"}}
    ]
    assert words["matters"] == [{"matter": "medical", "department": "medical-security"}]
    assert words["call"]["began_at"] == "2026-10-02T09:30:00+08:00"


async def test_a_list_of_visits_is_a_file_and_a_package_is_passed_on(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("township-officer",))
    form = hidden_fields(await browser.get("/staff/surveys"))
    taken = await browser.post("/staff/surveys/list", data={**form, "area": "511425001"})
    assert taken.headers["content-disposition"] == 'attachment; filename="survey-work.json"'
    assert taken.json()["issue_id"] == CASE
    form = hidden_fields(await browser.get("/staff/surveys"))
    content = b'{"package_id": "1"}'
    brought = await browser.post(
        "/staff/surveys/packages", data=form, files={"file": ("visits.json", content)}
    )
    assert (brought.status_code, brought.headers["location"]) == (303, "/staff/surveys")
    (came,) = [
        e for e in door.upstream.came() if (e["method"], e["path"]) == ("POST", "/survey-packages")
    ]
    assert json.loads(came["body"]) == json.loads(content)


async def test_a_list_of_a_school_is_passed_on_and_accepted(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("window-clerk",))
    words = {"source": "school", "name": "青神中学", "category": "dibao", "opens": "draft"}
    form = hidden_fields(await browser.get("/staff/people-lists"))
    brought = await browser.post(
        "/staff/people-lists", data={**form, **words}, files={"file": ("a.csv", "姓名\n".encode())}
    )
    assert (brought.status_code, brought.headers["location"]) == (303, "/staff/people-lists")
    form = hidden_fields(await browser.get(f"/staff/people-lists/{CASE}"))
    done = await browser.post(f"/staff/people-lists/{CASE}/acceptance", data=form)
    assert done.headers["location"] == f"/staff/people-lists/{CASE}"
    posted = {e["path"]: e for e in door.upstream.came() if e["method"] == "POST"}
    assert posted["/people-lists"]["body"] == "姓名\n"
    assert f"/people-lists/{CASE}/acceptance" in posted
