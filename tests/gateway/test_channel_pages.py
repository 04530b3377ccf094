"""The pages of the ways in that are not the applicant's own hands."""

import json

from tests.gateway import told
from tests.gateway.told_of_cases import CASE, VILLAGE
from tests.gateway.visits import Door, hidden_fields


async def test_a_request_is_taken_in_with_everything_that_is_ticked(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("window-clerk",))
    page = await browser.get("/staff/requests/new")
    assert 'name="temporary-elsewhere"><option value="no">' in page.text, "nobody is of elsewhere"
    said = {
        **hidden_fields(page),
        "village": VILLAGE,
        "channel": "phone",
        "call_number": "13900001234",
        "call_began_at": "2026-10-02T09:30",
        "member-0-name": "李伟",
        "member-0-relation": "户主",
        "member-0-id_number": "11010519491231002X",
        "programme-temporary": "yes",
        "whose-temporary-0": "yes",
        "whose-temporary-1": "yes",
        "temporary-happened_on": "2026-10-01",
        "matter-medical": "yes",
        "department-medical": "medical-security",
    }
    answer = await browser.post("/staff/requests", data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/requests/{CASE}")
    (came,) = [e for e in door.upstream.came() if (e["method"], e["path"]) == ("POST", "/requests")]
    words = json.loads(came["body"])
    asked = {"category": "temporary", "words": {"happened_on": "2026-10-01"}}
    assert words["programmes"] == [{**asked, "whose": "m0"}, {**asked, "whose": "m1"}]
    assert words["matters"] == [{"matter": "medical", "department": "medical-security"}]
    assert words["call"]["began_at"] == "2026-10-02T09:30:00+08:00"


async def test_a_ward_is_taken_in_with_a_guardian_who_lives_elsewhere(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("window-clerk",))
    said = {
        **hidden_fields(await browser.get("/staff/requests/new")),
        "village": VILLAGE,
        "programme-dibao": "yes",
    }
    for place in (0, 1):
        said |= {
            f"member-{place}-name": f"李{place}",
            f"member-{place}-relation": "户主",
            f"member-{place}-id_number": f"11010520151231002{place}",
            f"member-{place}-guardian_key": "outside",
            f"member-{place}-guardian_authority": "relative",
            f"guardian-{place}-name": "李强",
            f"guardian-{place}-id_number": "11010519491231002X",
        }
    assert (await browser.post("/staff/requests", data=said)).status_code == 422
    said |= {f"guardian-{place}-relation": "叔父" for place in (0, 1)}
    assert (await browser.post("/staff/requests", data=said)).status_code == 303
    (came,) = [e for e in door.upstream.came() if (e["method"], e["path"]) == ("POST", "/requests")]
    application = json.loads(came["body"])["application"]
    (uncle,) = application["supporters"]
    assert (uncle["name"], uncle["lives_together"]) == ("李强", False)
    assert [each["guardian_key"] for each in application["members"]] == [uncle["key"]] * 2


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


async def test_a_finding_of_a_round_is_signed_and_a_form_on_paper_names_accounts(
    door: Door,
) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("township-officer",))
    await door.staff(name="li.na", roles=("township-officer",))
    form = hidden_fields(await browser.get(f"/staff/rounds/{CASE}?village={VILLAGE}"))
    said = {**form, "village": VILLAGE, "finding": "kept"}
    signed = await browser.post(f"/staff/rounds/{CASE}/findings/1/signature", data=said)
    assert signed.headers["location"] == f"/staff/rounds/{CASE}?village={VILLAGE}"
    said |= {"serial": "1", "was": "kept", "visited_on": "2026-10-02"}
    said |= {"first": "li.na", "second": "wang.fang"}
    kept = await browser.post(
        f"/staff/rounds/{CASE}/paper-findings",
        data=said,
        files={"scan": ("a.jpg", b"\xff\xd8\xff")},
    )
    assert kept.headers["location"] == f"/staff/rounds/{CASE}?village={VILLAGE}"
    came = {e["path"]: e for e in door.upstream.came() if e["method"] == "POST"}
    assert came[f"/rounds/{CASE}/findings/1/signature"]["body"] == '{"finding":"kept"}'
    query = "serial=1&finding=kept&visited_on=2026-10-02&was=kept&account=li.na&account=wang.fang"
    on_paper = came[f"/rounds/{CASE}/paper-findings"]
    assert on_paper["query"] == query
    named = json.loads(on_paper["headers"]["x-accounts-named"])
    assert [each["account"] for each in named] == ["staff:li.na"], "the other is nobody's account"


async def test_a_round_is_called_off_with_the_reason_from_its_page(door: Door) -> None:
    calling_off = f"identification POST /rounds/{CASE}/calling-off"
    door.upstream.answers(told.everything() | {calling_off: {"words": {"closed": True}}})
    browser = await door.staff(roles=("township-head",))
    page = await browser.get(f"/staff/rounds/{CASE}")
    assert "撤销本轮" in page.text
    answer = await browser.post(
        f"/staff/rounds/{CASE}/calling-off", data={**hidden_fields(page), "reason": "选错了年份"}
    )
    assert answer.headers["location"] == f"/staff/rounds/{CASE}"
    (came,) = [each for each in door.upstream.came() if each["path"].endswith("/calling-off")]
    assert json.loads(came["body"]) == {"reason": "选错了年份"}


async def test_who_signed_what_is_read_with_their_part_and_the_time(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("county-checker",))
    page = await browser.get("/staff/signatures?first=2026-10-01&last=2026-10-31&person=wang.fang")
    for said in ("入户调查", "入户日期：2026-10-02", "09:00"):
        assert said in page.text
    assert "<script>alert" not in page.text


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
