"""Somebody applies on a poor phone: small pages, nothing lost, and nobody learns who is known."""

import asyncio
import json
import re
from typing import Any, Final

import httpx
import pytest
from lxml import html
from sqlmodel import select

from gateway.models import OneTimeCode
from gateway.palmtop.plain import PAPERS
from gateway.words import PAPERS as PAPER_WORDS
from tests.gateway.soundness import are_sound
from tests.gateway.told_of_applications import (
    CHANGE,
    CHANGING,
    DRAFT,
    OWN,
    OWN_ALERT,
    OWN_CASE,
    PAPER,
    WRITTEN,
    of_applications,
)
from tests.gateway.told_of_cases import VILLAGE
from tests.gateway.told_of_foreseen import of_foreseen
from tests.gateway.visits import Door, hidden_fields, later

LI_WEI: Final = "11010519491231002X"
PHONE: Final = "13900001234"
STEPS: Final = (
    "/apply/sign-in",
    "/my/cases/new/dibao",
    f"/my/cases/new/dibao?town={VILLAGE[:9]}",
    f"/my/cases/{WRITTEN}/home",
    f"/my/cases/{WRITTEN}/people",
    f"/my/cases/{WRITTEN}/people/new",
    f"/my/cases/{WRITTEN}/people/me",
    f"/my/cases/{WRITTEN}/people/m1",
    f"/my/cases/{WRITTEN}/relative",
    f"/my/cases/{WRITTEN}/income",
    f"/my/cases/{WRITTEN}/income/me",
    f"/my/cases/{WRITTEN}/means/farm",
    f"/my/cases/{WRITTEN}/supporters",
    f"/my/cases/{WRITTEN}/supporters/new",
    f"/my/cases/{WRITTEN}/supporters/m2",
    f"/my/cases/{WRITTEN}/hardship",
    f"/my/cases/{WRITTEN}/papers",
    f"/my/cases/{WRITTEN}/check",
    f"/my/cases/{CHANGE}/reports/death",
    f"/my/cases/{CHANGE}/reports/income",
)
PAGES: Final = (
    "/apply",
    "/my/cases",
    f"/my/cases/{WRITTEN}",
    f"/my/cases/{OWN_CASE}",
    f"/my/cases/{OWN_CASE}/papers",
    f"/my/cases/{CHANGE}",
    "/my/alerts",
    f"/my/alerts/{OWN_ALERT}",
)
STEP_BYTES_MAX: Final = 30_000
PAGE_BYTES_MAX: Final = 40_000


def answers(door: Door, **more: Any) -> None:
    """What identification answers, for some paths otherwise."""
    said = of_applications() | of_foreseen()
    told = {name: {"words": words} for name, words in said.items()}
    door.upstream.answers({**told, **more})


async def _ask(browser: httpx.AsyncClient, **words: str) -> httpx.Response:
    said = {"name": "李伟", "id_number": LI_WEI, "phone": PHONE, **words}
    form = hidden_fields(await browser.get("/apply/sign-in"))
    return await browser.post("/apply/sign-in", data={**form, **said})


def _codes(door: Door) -> list[dict[str, Any]]:
    return [json.loads(seen["body"]) for seen in door.upstream.came() if seen["path"] == "/codes"]


async def at_home(door: Door) -> httpx.AsyncClient:
    """Somebody signed in by their own telephone."""
    answers(door)
    browser = door.browser()
    answer = await _ask(browser)
    assert answer.headers["location"] == "/sign-in/code?new=yes"
    for _ in range(100):
        if _codes(door):
            break
        await asyncio.sleep(0.02)
    form = hidden_fields(await browser.get("/sign-in/code?new=yes"))
    code = _codes(door)[-1]["code"]
    answer = await browser.post("/sign-in/code", data={**form, "code": code})
    assert answer.headers["location"] == "/my/cases", answer.text
    return browser


async def test_every_page_of_applying_is_whole_and_small(door: Door) -> None:
    browser = await at_home(door)
    files = [await browser.get(f"/static/{name}") for name in ("doudi.css", "icon.svg")]
    always = sum(len(file.content) for file in files)
    for paths, most in ((STEPS, STEP_BYTES_MAX), (PAGES, PAGE_BYTES_MAX)):
        await are_sound(door, browser, paths, most - always)


async def test_whoever_a_list_speaks_against_answers_on_the_phone(door: Door) -> None:
    browser = await at_home(door)
    assert "有 1 项情况请您说明" in (await browser.get("/my/cases")).text
    page = await browser.get(f"/my/alerts/{OWN_ALERT}")
    assert "10月12日" in page.text
    path = f"/my/alerts/{OWN_ALERT}/answers"
    assert (await browser.post(path, data=hidden_fields(page))).status_code == 422
    said = {**hidden_fields(page), "answer": "去年卖了"}
    assert (await browser.post(path, data=said)).headers["location"] == f"/my/alerts/{OWN_ALERT}"
    (sent,) = [seen for seen in door.upstream.came() if seen["path"] == path]
    assert json.loads(sent["body"]) == {"answer": "去年卖了"}


async def test_a_household_agrees_to_what_was_found_by_one_press_or_two(door: Door) -> None:
    browser, path = await at_home(door), f"/my/cases/{OWN_CASE}"
    agreed = f"identification POST {path}/acts/agree"
    offered = {**OWN, "acts": [{"act": "agree", "name": {"zh": "x", "en": "x"}, "missing": []}]}
    told = {f"identification GET {path}": {"words": offered}, agreed: {"words": OWN}}
    answers(door, **told)
    page = await browser.get(path)
    action, said = button(page, "没有异议 · I agree")
    assert action == f"{path}/agree"
    refused = await browser.post(action, data={**said, "csrf": "x"})
    assert refused.status_code == 403
    pressed = await asyncio.gather(*(browser.post(action, data=said) for _ in range(2)))
    assert {each.headers["location"] for each in pressed} == {path}
    sent = [seen for seen in door.upstream.came() if seen["path"].endswith("/agree")]
    assert {json.loads(seen["body"])["words"] == {} for seen in sent} == {True}
    assert {seen["headers"]["idempotency-key"] for seen in sent} == {said["key"]}, "one act"
    assert {(seen["kind"], *seen["scopes"]) for seen in sent} == {("citizen", "cases:own")}
    words = {"zh": "等县里决定", "en": "before the county"}
    answers(door, **{**told, f"identification GET {path}": {
        "words": {**OWN, "state_words": words, "acts": [], "hits": []}
    }})  # fmt: skip
    moved = await browser.get(pressed[0].headers["location"])
    assert words["zh"] in moved.text
    assert "I agree" not in moved.text


def button(page: httpx.Response, words: str) -> tuple[str, dict[str, str]]:
    """Where the form with a button sends what, as a browser reads the page."""
    (found,) = [
        form
        for form in re.finditer(
            r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', page.text, re.DOTALL
        )
        if f">{words}</button>" in form[2]
    ]
    return found[1], dict(re.findall(r'name="([^"]+)" value="([^"]*)"', found[2]))


async def test_a_phone_nobody_has_seen_is_shown_the_way_and_no_closed_door(door: Door) -> None:
    browser = await at_home(door)
    shut = {
        **OWN,
        "identity_seen": False,
        "application": None,
        "acts": [],
        "hits": [],
        "answer": None,
    }
    shut |= {
        "authorising": [],
        "authorised": [],
        "asks_letters": False,
        "decision": None,
        "papers": [],
    }
    answers(door, **{f"identification GET /my/cases/{OWN_CASE}": {"words": shut}})
    page = (await browser.get(f"/my/cases/{OWN_CASE}")).text
    assert "还没核验身份" in page
    assert "请交到村委会" in page
    for form in ("withdraw", "appeal", "signature", "answer"):
        assert f"{OWN_CASE}/{form}" not in page
    for step in ("check", "home", "people/new", "papers/x"):
        assert (await browser.get(f"/my/cases/{OWN_CASE}/{step}")).status_code in {404, 405}


async def test_the_code_goes_to_the_telephone_named_and_the_register_is_not_asked(
    door: Door,
) -> None:
    browser = await at_home(door)
    assert _codes(door) == [{"phone": PHONE, "code": _codes(door)[0]["code"], "minutes": 5}]
    asked = [seen for seen in door.upstream.came() if seen["path"] == "/people/resolve"]
    assert not asked
    (proven,) = [seen for seen in door.upstream.came() if seen["path"] == "/applicants"]
    assert json.loads(proven["body"]) == {"id_number": LI_WEI, "phone": PHONE, "name": "李伟"}
    await browser.get("/my/cases")
    (mine,) = [seen for seen in door.upstream.came() if seen["path"] == "/my/cases"]
    assert (mine["kind"], mine["scopes"]) == ("citizen", ["cases:own"])
    assert (await browser.get("/my")).headers["location"] == "/my/cases"
    async with door.app.state.database.transaction() as session:
        (kept,) = (await session.exec(select(OneTimeCode.proves_sealed))).all()
    assert kept is None, "what was said is gone with its code"


async def test_one_telephone_is_asked_once_a_minute_and_five_times_an_hour(door: Door) -> None:
    answers(door)
    browser = door.browser()
    numbers = (LI_WEI, "110105194912310038")
    assert (await _ask(browser, id_number=numbers[0])).status_code == 303
    assert (await _ask(browser, id_number=numbers[1])).status_code == 429
    for turn in range(4):
        await later(door, minutes=2)
        assert (await _ask(browser, id_number=numbers[turn % 2])).status_code == 303
    await later(door, minutes=2)
    assert (await _ask(browser)).status_code == 429
    await later(door, days=2)


async def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_is_kept(
    door: Door,
) -> None:
    answers(door)
    answer = await _ask(door.browser(), id_number=LI_WEI[:-1], phone="139")
    assert answer.status_code == 422
    for words in ("少了1位", "11 位数字", 'value="李伟"', f'value="{LI_WEI[:-1]}"'):
        assert words in answer.text
    browser = await at_home(door)
    path = f"/my/cases/{WRITTEN}"
    asked: tuple[tuple[str, dict[str, str], str], ...] = (
        ("people/new", {"name": "李娜", "id_number": "123", "relation": "子女"}, "少了15位"),
        ("income/me", {"me.wage_fen": "三千"}, "只写数字"),
        ("means/farm", {"household.paddy_hundredths": "2.555"}, "只写数字"),
        ("hardship", {"reason": ""}, "有什么困难"),
        ("relative", {"name": "李强", "works_as": "", "relation": "堂兄"}, "三样都要写"),
        ("people/m1", {"name": "李娜", "guardian_key": "me"}, "凭什么监护"),
        ("check", {"name": ""}, "写上您的姓名"),
    )
    for page, typed, said in asked:
        form = hidden_fields(await browser.get(f"{path}/{page}"))
        answer = await browser.post(f"{path}/{page}", data={**form, **typed})
        assert (answer.status_code, said in answer.text) == (422, True), page
        assert all(each in answer.text for each in typed.values()), page


async def test_a_relative_a_guardian_and_a_sheet_of_several_are_passed_on(door: Door) -> None:
    ward = {**DRAFT["application"]["members"][1], "ward": True, "guardian_key": "me"}
    photo = {**DRAFT["papers"][0], "kind": "joint-authorisation"}
    case = {**DRAFT, "papers": [photo], "signs_on_phone": False}
    case["application"] = {
        **case["application"],
        "members": [DRAFT["application"]["members"][0], ward],
    }
    browser = await at_home(door)
    answers(door, **{f"identification GET /my/cases/{WRITTEN}": {"words": case}})
    path = f"/my/cases/{WRITTEN}"
    said = {"name": "李强", "works_as": "镇民政办", "relation": "堂兄"}
    form = hidden_fields(await browser.get(f"{path}/relative"))
    answer = await browser.post(f"{path}/relative", data={**form, **said})
    assert answer.headers["location"] == f"{path}/relative"
    form = hidden_fields(await browser.get(f"{path}/people"))
    answer = await browser.post(f"{path}/whose", data={**form, "whose": "m1"})
    assert answer.headers["location"] == f"{path}/relative"
    form = hidden_fields(await browser.get(f"{path}/people/m1"))
    guarded = {"guardian_key": "me", "guardian_authority": "spouse", "lacks_capacity": "yes"}
    await browser.post(f"{path}/people/m1", data={**form, "name": "李娜", **guarded})
    page = await browser.get(f"{path}/papers")
    assert "（由监护人签）" in page.text
    form = hidden_fields(page)
    signed = {"signed-me": "yes", "signed-m1": "yes", "signed_on": "2026-10-05"}
    await browser.post(f"{path}/papers/joint-letter", data={**form, **signed})
    file = {"file": ("a.jpg", b"\xff\xd8\xff", "image/jpeg")}
    await browser.post(
        f"{path}/papers/letters/m1", data={**form, "signed_on": "2026-10-05"}, files=file
    )
    came = {
        each["path"].rpartition("/")[2]: json.loads(each["body"])
        for each in door.upstream.came()
        if each["method"] == "POST"
        and each["path"].startswith(path)
        and "/papers" not in each["path"]
    }
    assert came["say-relative"]["words"] == said
    assert came["person"].items() >= {**guarded, "lacks_capacity": True}.items()
    assert came["authorise-jointly"]["words"] == {
        "people": ["me", "m1"], "document_id": PAPER, "signed_on": "2026-10-05"
    }  # fmt: skip
    assert came["authorise"]["words"].items() >= {"person_key": "m1", "signed_by": "me"}.items()


async def test_the_paper_of_who_cannot_sign_is_asked_for_while_somebody_has_not_signed(
    door: Door,
) -> None:
    browser = await at_home(door)
    path, kind = f"/my/cases/{OWN_CASE}", "/papers/letter-excuse"
    page = (await browser.get(f"{path}/papers")).text
    assert (kind in page, "已经核实" in page) == (True, False)
    excused = {**OWN, "authorised": ["me", "m1"], "excused": ["m1"]}
    answers(door, **{f"identification GET {path}": {"words": excused}})
    page = (await browser.get(f"{path}/papers")).text
    assert (kind in page, "已经核实" in page) == (False, True)


@pytest.mark.shows("S11")
async def test_a_step_sent_again_after_its_answer_was_lost_is_the_same_step(door: Door) -> None:
    browser = await at_home(door)
    page = f"/my/cases/{WRITTEN}/people/new"
    form = hidden_fields(await browser.get(page))
    words = {**form, "name": "李娜", "relation": "子女", "id_number": LI_WEI}
    for _ in range(2):
        answer = await browser.post(page, data=words)
        assert answer.headers["location"] == f"/my/cases/{WRITTEN}/people"
    posted = [seen for seen in door.upstream.came() if seen["path"].endswith("/parts/person")]
    assert len(posted) == 2
    assert posted[0]["body"] == posted[1]["body"]
    assert {seen["headers"]["idempotency-key"] for seen in posted} == {form["key"]}


async def test_a_photo_that_does_not_do_is_told_in_words(door: Door) -> None:
    browser = await at_home(door)
    page = f"/my/cases/{WRITTEN}/papers"
    refused = {"type": "/problems/no-paper", "title": "no", "status": 422}
    answers(
        door,
        **{f"identification POST {page}": {"status": 422, "words": refused}},
    )
    form = hidden_fields(await browser.get(page))
    file = {"file": ("a.html", b"<html>", "text/html")}
    answer = await browser.post(f"{page}/illness", data=form, files=file)
    assert (answer.status_code, "请拍照片" in answer.text) == (422, True)
    large = {"file": ("a.jpg", b"0" * (11 * 1024 * 1024), "image/jpeg")}
    answer = await browser.post(f"{page}/illness", data=form, files=large)
    assert (answer.status_code, "照片太大了" in answer.text) == (422, True)


async def test_handing_in_signs_first_and_each_under_its_own_key(door: Door) -> None:
    browser = await at_home(door)
    page = f"/my/cases/{WRITTEN}/check"
    form = hidden_fields(await browser.get(page))
    answer = await browser.post(page, data={**form, "name": "李伟"})
    assert answer.headers["location"] == f"/my/cases/{WRITTEN}"
    posted = [seen["path"] for seen in door.upstream.came() if WRITTEN in seen["path"]]
    assert posted[-2:] == [
        f"/my/cases/{WRITTEN}/signature",
        f"/my/cases/{WRITTEN}/acts/submit",
    ]


async def test_whose_time_is_over_finds_both_ways_back_in(door: Door) -> None:
    answers(door)
    assert (await door.browser().get("/my/cases")).headers["location"] == "/apply"
    page = (await door.browser().get("/apply")).text
    assert "/apply/sign-in" in page
    assert "/sign-in" in page


def test_every_paper_has_a_short_and_a_long_word() -> None:
    assert PAPERS.keys() == PAPER_WORDS.keys()
    assert DRAFT["state"] == "draft"


async def test_a_change_is_reported_one_kind_a_page_and_handed_in(door: Door) -> None:
    browser = await at_home(door)
    written = await browser.get(f"/my/cases/{CHANGE}")
    assert "260.00元" in written.text, "what is paid now and would be, before it is handed in"
    begun = hidden_fields(written)
    answers(door, **{"identification POST /my/cases": {"words": CHANGING}})
    answer = await browser.post("/my/changes", data=begun)
    assert answer.headers["location"] == f"/my/cases/{CHANGE}"
    page = await browser.get(f"/my/cases/{CHANGE}/reports/income")
    typed = {"income_fen_monthly": "五十", "reason": "失业"}
    answer = await browser.post(page.url.path, data={**hidden_fields(page), **typed})
    assert answer.status_code == 422
    assert all(each in answer.text for each in ("只写数字", *typed.values()))
    said = {**hidden_fields(page), "income_fen_monthly": "50.00", "reason": "失业"}
    answer = await browser.post(page.url.path, data=said)
    assert answer.headers["location"] == f"/my/cases/{CHANGE}"
    (sent,) = [each for each in door.upstream.came() if each["path"].endswith("/acts/income")]
    assert json.loads(sent["body"]) == {"words": {"income_fen_monthly": 5000, "reason": "失业"}}
    for act in ("start-over", "hand-in"):
        form = hidden_fields(await browser.get(f"/my/cases/{CHANGE}"))
        assert (await browser.post(f"/my/cases/{CHANGE}/{act}", data=form)).status_code == 303
    assert (await browser.get(f"/my/cases/{CHANGE}/reports/merge")).status_code == 404


async def test_a_guardian_who_lives_elsewhere_is_written_on_the_phone(door: Door) -> None:
    browser = await at_home(door)
    path = f"/my/cases/{WRITTEN}/people/m1"
    typed = {
        "name": "李娜", "relation": "子女", "guardian_key": "outside",
        "guardian_authority": "relative", "guardian_name": "李强", "guardian_relation": "叔父",
    }  # fmt: skip
    form = hidden_fields(await browser.get(path))
    answer = await browser.post(path, data={**form, **typed})
    assert (answer.status_code, "都要写" in answer.text) == (422, True)
    page: Any = html.document_fromstring(answer.text)
    (name,) = page.xpath("//input[@name='guardian_name']")
    folded = [each.get("open") is not None for each in name.iterancestors("details")]
    assert (name.value, folded) == ("李强", [True, True]), "nothing that was typed is folded away"
    form = hidden_fields(await browser.get(path))
    answer = await browser.post(path, data={**form, **typed, "guardian_number": LI_WEI})
    assert answer.status_code == 303
    (sent,) = [each for each in door.upstream.came() if each["path"].endswith("/parts/person")]
    words = json.loads(sent["body"])
    assert words["outside_guardian"] == {"name": "李强", "relation": "叔父", "id_number": LI_WEI}
    assert (words["guardian_key"], words["guardian_authority"]) == (None, "relative")


async def test_what_an_official_corrected_is_read_from_what_to_what(door: Door) -> None:
    page = await (await at_home(door)).get(f"/my/cases/{OWN_CASE}")
    for said in ("更正了这些", "抄错了", "→ 4组", "加上了"):
        assert said in page.text, said
