"""The pages as people meet them: whole, small, in plain words, and with nothing run in them."""

import json
import re
from html import escape
from typing import Any, Final
from urllib.parse import parse_qs

import httpx

from gateway import words
from gateway.palmtop.assistance import STATES
from services.payments.banks.reasons import all_reasons
from services.payments.states import OrderStatus
from tests.gateway import told, told_of_accounts, told_of_sums, told_of_villages
from tests.gateway.soundness import are_sound
from tests.gateway.told_of_cases import CASE, VILLAGE
from tests.gateway.visits import Door, hidden_fields

DESK: Final = (
    "/staff",
    "/staff/cases",
    f"/staff/cases/{CASE}",
    f"/staff/cases/{CASE}/means",
    f"/staff/cases/{CASE}/numbers",
    "/staff/aid?month=2026-10",
    "/staff/requests",
    "/staff/surveys",
    "/staff/calls?month=2026-10",
    "/staff/people-lists",
    f"/staff/people-lists/{CASE}",
    "/staff/requests/new",
    f"/staff/requests/{CASE}",
    f"/staff/cases/proxies?village={VILLAGE}",
    "/staff/certificates",
    "/staff/payees",
    "/staff/people",
    f"/staff/people/{told.PERSON}",
    "/staff/reviews",
    f"/staff/reviews/samples/{CASE}",
    "/staff/relatives",
    "/staff/rounds",
    f"/staff/rounds/{CASE}?village={VILLAGE}",
    "/staff/deaths/2026",
    "/staff/lists/years/2026",
    "/staff/lists/years/2026/left",
    f"/staff/lists/rounds/{CASE}/kept",
    "/staff/lists/forms",
    f"/staff/lists/forms/2026?area={VILLAGE}&category=dibao",
    "/staff/signatures?first=2026-10-01&last=2026-10-31",
    "/staff/rosters",
    f"/staff/rosters/{told.ROSTER}",
    f"/staff/runs?pay_month={told.MONTH}",
    f"/staff/runs/{told.RUN}",
    f"/staff/runs/{told.RUN}/application",
    f"/staff/funds?pay_month={told.MONTH}",
    f"/staff/reserves?month={told.MONTH}",
    f"/staff/envelopes?pay_month={told.MONTH}",
    f"/staff/envelopes/{told.ENVELOPE}",
    f"/staff/lines?first={told.MONTH}&last={told.MONTH}&programme=dibao",
    f"/staff/payments?pay_month={told.MONTH}&state=returned",
    f"/staff/recoveries?pay_month={told.MONTH}",
    f"/staff/recoveries/{told_of_sums.RECOVERY}",
    f"/staff/returns?pay_month={told.MONTH}",
    f"/staff/returns/{told.HOUSEHOLD}/account?pay_month={told.MONTH}",
    f"/staff/returns/accounts/{told_of_accounts.ACCOUNT}?pay_month={told.MONTH}",
    f"/staff/months/{told.MONTH}",
    f"/staff/reports?pay_month={told.MONTH}",
    f"/staff/reports/month/{told.MONTH}",
    "/staff/reports/month/2026-09",
    f"/staff/county-months/{told.MONTH}",
    f"/staff/villages?pay_month={told.MONTH}",
    f"/staff/villages/{told_of_villages.VILLAGE}?pay_month={told.MONTH}",
    f"/staff/reports/month/{told.MONTH}/lines/dibao-people?by=town&value=511425001",
)
PALMTOP: Final = ("/my", "/my/payments", f"/my/why/{told.LINE}", "/my/messages")
EVERY_ROLE: Final = (
    "civil-affairs-maker", "civil-affairs-head", "finance-releaser", "village-worker",
    "township-officer", "township-head",
    "window-clerk",
)  # fmt: skip


async def _at_the_desk(door: Door, *roles: str) -> httpx.AsyncClient:
    door.upstream.answers(told.everything())
    return await door.staff(roles=roles or EVERY_ROLE)


async def _at_home(door: Door) -> httpx.AsyncClient:
    door.upstream.answers(told.everything())
    browser = door.browser()
    form = hidden_fields(await browser.get("/sign-in"))
    await browser.post("/sign-in", data={**form, "id_number": "11010519491231002X"})
    for _ in range(100):
        codes = [seen for seen in door.upstream.came() if seen["path"] == "/codes"]
        if codes:
            break
        await browser.get("/sign-in/code")
    form = hidden_fields(await browser.get("/sign-in/code"))
    code = json.loads(codes[0]["body"])["code"]
    answer = await browser.post("/sign-in/code", data={**form, "code": code})
    assert answer.status_code == 303
    return browser


async def test_every_desk_page_is_whole_small_and_runs_nothing(door: Door) -> None:
    browser = await _at_the_desk(door)
    await are_sound(door, browser, DESK, 120_000)


async def test_every_citizen_page_is_whole_small_and_runs_nothing(door: Door) -> None:
    browser = await _at_home(door)
    style = len((await browser.get("/static/doudi.css")).content)
    icon = len((await browser.get("/static/icon.svg")).content)
    await are_sound(door, browser, PALMTOP, 40_000 - style - icon)


async def test_a_citizen_reads_sum_state_card_and_why(door: Door) -> None:
    browser = await _at_home(door)
    page = (await browser.get("/my")).text
    for words_shown in ("2026年10月低保金", "586.00元", "到卡了", "青神农商行尾号5341", "10月12日"):
        assert words_shown in page
    why = (await browser.get(f"/my/why/{told.LINE}")).text
    for words_shown in ("390 × 3 − 584 = 586", "青民〔2012〕1号", "2025-12-20"):
        assert words_shown in why
    briefly, _, at_length = why.partition("<details>")
    assert "19 × 3 = 57" in briefly, "every sum of money on the way is told at once"
    assert "1 + 1 + 1" in at_length
    assert "1 + 1 + 1" not in briefly
    asked = {(seen["audience"], seen["path"]): seen for seen in door.upstream.came()}
    lines = asked[("benefits", f"/beneficiaries/{told.PERSON}/lines")]
    assert (lines["kind"], lines["person"]) == ("citizen", told.PERSON)
    assert lines["scopes"] == ["cases:own", "lines:read", "my:read"]
    paid = asked[("payments", "/lines/payments")]
    assert (paid["kind"], paid["query"]) == ("service", f"line_id={told.LINE}")


async def test_money_that_failed_says_why_and_what_to_bring(door: Door) -> None:
    browser = await _at_home(door)
    failed = {**told.A_PAYMENT, "status": "returned", "reason": "account-closed"}
    said = told.everything() | {"payments GET /lines/payments": {"words": told.page(failed)}}
    door.upstream.answers(said)
    page = (await browser.get("/my")).text
    for words_shown in ("没发成", "银行卡已注销", "身份证和新卡", "钱给您留着"):
        assert words_shown in page


async def test_with_payments_away_the_sums_are_still_shown(door: Door) -> None:
    browser = await _at_home(door)
    away = {"status": 503, "words": {"type": "/problems/x", "title": "away", "status": 503}}
    door.upstream.answers(told.everything() | {"payments GET /lines/payments": away})
    page = await browser.get("/my")
    assert page.status_code == 200
    assert "586.00元" in page.text


async def test_a_service_away_is_a_plain_page_and_says_when_to_come_back(door: Door) -> None:
    browser = await _at_the_desk(door)
    away = {"status": 503, "words": {"type": "/problems/x", "title": "away", "status": 503}}
    door.upstream.answers(told.everything() | {"benefits GET /runs": away})
    page = await browser.get("/staff/runs")
    assert page.status_code == 503
    assert page.headers["retry-after"]
    assert "接不上" in page.text
    assert (await browser.get("/staff")).status_code == 200


async def test_a_refusal_of_a_service_says_what_is_missing_and_the_way_back(door: Door) -> None:
    browser = await _at_the_desk(door)
    refused = {
        "status": 409,
        "words": {
            "type": "/problems/needs-another-person",
            "title": "Maker and head are two different people",
            "status": 409,
        },
    }
    door.upstream.answers(
        told.everything() | {f"benefits POST /runs/{told.RUN}/signatures": refused}
    )
    form = hidden_fields(await browser.get(f"/staff/runs/{told.RUN}"))
    answer = await browser.post(
        f"/staff/runs/{told.RUN}/signatures",
        data={**form, "role": "maker", "list_sha256": told.HASH},
    )
    assert answer.status_code == 409
    assert "要换一个人" in answer.text
    refused["words"] = {
        "type": "/problems/not-yet",
        "title": "Something must be there first",
        "status": 409,
        "needs": ["signed-by-investigators"],
        "missing": [
            {"zh": "至少两名调查人签字", "en": "two have signed",
             "first": [{"zh": "登记入户调查", "en": "record a visit"},
                       {"zh": "调查人签字", "en": "sign a visit"}]},
        ],
    }  # fmt: skip
    door.upstream.answers(
        told.everything() | {f"benefits POST /runs/{told.RUN}/signatures": refused}
    )
    answer = await browser.post(
        f"/staff/runs/{told.RUN}/signatures",
        data={**form, "role": "maker", "list_sha256": told.HASH},
    )
    assert "至少两名调查人签字（先办：登记入户调查、调查人签字）" in answer.text
    assert "two have signed; first: record a visit, sign a visit" in answer.text
    assert f'action="/staff/runs/{told.RUN}/signatures"' in answer.text


async def test_what_a_form_says_reaches_the_service_once_under_its_key(door: Door) -> None:
    browser = await _at_the_desk(door)
    form = hidden_fields(await browser.get("/staff/funds"))
    answer = await browser.post(
        "/staff/appropriations",
        data={
            **form,
            "fund": "hardship",
            "pay_month": told.MONTH,
            "amount": "1012.5",
            "voucher": "青财社〔2026〕10号",
        },
    )
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/staff/funds?pay_month={told.MONTH}",
    )
    (seen,) = [seen for seen in door.upstream.came() if seen["path"] == "/appropriations"]
    assert seen["headers"]["idempotency-key"] == form["key"]
    assert json.loads(seen["body"]) == {
        "fund": "hardship",
        "pay_month": told.MONTH,
        "amount_fen": 101250,
        "voucher": "青财社〔2026〕10号",
        "projects": ["dibao", "tekun"],
    }


async def test_a_case_is_moved_by_a_form_drawn_from_its_table(door: Door) -> None:
    browser = await _at_the_desk(door)
    page = await browser.get(f"/staff/cases/{CASE}")
    assert "在本户到 2026-08 为止（2026-08-30 去世）" in page.text
    assert "可能增加金额" in page.text
    assert "两人签字的入户" in page.text, "what officials found is seen first"
    assert "2026-10-02，wang.fang，理由：传染病防治法" in page.text
    assert "paddy_hundredths" not in page.text, "means are on a page of their own, in words"
    assert "家庭月收入：未知 → 50.00元" in page.text
    assert "全户的钱：青神县邮政银行 •••• 0007 → 青神县商业银行 •••• 5678" in page.text
    assert "至少两名调查人签字" in page.text
    said = {
        **hidden_fields(page),
        "version": "7",
        "opinion": "grant",
        "income_fen_monthly": "200.50",
        "letter": CASE,
        "notes": "",
    }
    answer = await browser.post(f"/staff/cases/{CASE}/acts/propose", data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/cases/{CASE}")
    (came,) = [each for each in door.upstream.came() if each["path"].endswith("/acts/propose")]
    words = json.loads(came["body"])
    assert words["version"] == 7
    assert words["words"]["income_fen_monthly"] == 20050
    assert words["words"]["notes"] is None
    wrong = await browser.post(
        f"/staff/cases/{CASE}/acts/propose", data={**said, "income_fen_monthly": "1.234"}
    )
    assert wrong.status_code == 422


async def test_a_village_worker_comes_to_the_queue_and_sees_no_money(door: Door) -> None:
    browser = await _at_the_desk(door, "village-worker")
    first = await browser.get("/staff")
    assert "等您办的申请 7 件" in first.text
    assert "超期 2 件" in first.text
    assert "等同意的提请" not in first.text
    assert 'href="/staff/cases"' in first.text
    assert 'href="/staff/runs"' not in first.text
    queue = await browser.get("/staff/cases")
    assert "DABCD-2345" in queue.text
    assert (await browser.get("/staff/runs")).status_code == 403
    head = await (await _at_the_desk(door, "township-head")).get("/staff")
    assert "等同意的提请 3 件" in head.text


async def test_a_queue_goes_on_to_its_end_and_a_search_says_where_it_stops(door: Door) -> None:
    said = told.everything()
    key, last = "identification GET /cases", told.RUN
    (line,) = said[key]["words"]["items"]
    said[key] = {"words": {"items": [line] * 50, "next": last}}
    door.upstream.answers(said)
    browser = await door.staff(roles=("township-head",))
    asked = f"category=dibao&state=to-post&village={VILLAGE}&overdue=yes"
    page = await browser.get(f"/staff/cases?{asked}")
    onward = f"/staff/cases?{asked}&after={last}"
    assert f'href="{escape(onward)}">下一页' in page.text
    assert 'id="queue-village" name="village"' in page.text
    said[key] = {"words": {"items": [line] * 100}}
    door.upstream.answers(said)
    rest = await browser.get(onward)
    assert "下一页" not in rest.text
    assert "最多列" not in rest.text
    came = [each for each in door.upstream.came() if each["path"] == "/cases"]
    assert parse_qs(came[-1]["query"]) == parse_qs(f"{asked}&after={last}")
    form = {**hidden_fields(rest), "query": "李伟"}
    found = await browser.post("/staff/cases/searches", data=form)
    assert "最多列 100 件" in found.text


async def test_buttons_are_shown_only_to_those_whose_turn_it_is(door: Door) -> None:
    maker = await _at_the_desk(door, "civil-affairs-maker")
    run, envelope = f"/staff/runs/{told.RUN}", f"/staff/envelopes/{told.ENVELOPE}"
    assert "Sign as maker" in (await maker.get(run)).text
    assert "Sign as head" not in (await maker.get(run)).text
    assert "复核无误" not in (await maker.get(envelope)).text
    assert (await maker.get("/staff/funds")).text.count("Record an appropriation") == 0
    finance = await door.staff(name="li.na", roles=("finance-releaser",))
    assert (await finance.get("/staff/rosters")).status_code == 403
    form = hidden_fields(await finance.get("/staff/funds"))
    refused = await finance.post(f"{envelope}/check", data={**form, "list_sha256": told.HASH})
    assert refused.status_code == 403
    assert not [seen for seen in door.upstream.came() if seen["method"] == "POST"]


async def test_a_citizen_is_no_member_of_staff_and_staff_no_citizen(door: Door) -> None:
    citizen = await _at_home(door)
    assert (await citizen.get("/staff")).status_code == 403
    assert (await citizen.get("/api/v1/runs")).status_code == 403
    staff = await door.staff()
    assert (await staff.get("/my")).status_code == 403


async def test_an_account_is_verified_with_those_whom_the_page_showed(door: Door) -> None:
    head = await _at_the_desk(door, "civil-affairs-head")
    path = f"/staff/returns/accounts/{told_of_accounts.ACCOUNT}"
    assert path in (await head.get(f"/staff/returns?pay_month={told.MONTH}")).text
    looked = await head.get(f"{path}?pay_month={told.MONTH}")
    waiting = [each["relation_id"] for each in told_of_accounts.AN_ACCOUNT["payees"][:2]]
    seen = re.findall(r'name="relation_ids" value="([^"]*)"', looked.text)
    said = {**hidden_fields(looked), "relation_ids": seen[0], "verified": "yes"}
    await head.post(f"{path}/verification", data=said)
    (sent,) = [each for each in door.upstream.came() if each["path"].endswith("/verification")]
    assert json.loads(sent["body"]) == {"verified": True, "relation_ids": waiting}


async def test_a_sum_that_does_not_add_up_is_shown_as_that(door: Door) -> None:
    browser = await _at_the_desk(door)
    short: dict[str, Any] = {**told.PAID, "settled": {"count": 1, "total_fen": 58599}}
    door.upstream.answers(
        told.everything() | {f"payments GET /months/{told.MONTH}": {"words": short}}
    )
    page = (await browser.get(f"/staff/months/{told.MONTH}")).text
    assert "还对不上" in page
    assert "0.01元" in page


async def test_towns_have_their_names_and_sums_their_commas(door: Door) -> None:
    browser = await _at_the_desk(door)
    run = (await browser.get(f"/staff/runs/{told.RUN}")).text
    for words_shown in ("青竹街道", "1,012.00元", "收入不明", "镇民政办"):
        assert words_shown in run
    assert "青竹街道民政办" in (await browser.get("/staff/returns")).text


async def test_a_list_of_a_year_no_list_can_be_of_is_asked_of_nobody(door: Door) -> None:
    browser = await _at_the_desk(door)
    for path in ("/staff/lists/forms/99999999999", "/staff/lists/years/0"):
        assert (await browser.get(path)).status_code == 422, path


async def test_a_problem_has_a_page_of_its_own(door: Door) -> None:
    page = await door.browser().get("/problems/needs-another-person")
    assert page.status_code == 200
    assert "要换一个人" in page.text
    assert (await door.browser().get("/problems/%3Cscript%3E")).status_code == 404


def test_every_reason_of_a_bank_has_its_words_and_every_state_one_of_five() -> None:
    assert set(words.FAILURES) == set(all_reasons())
    for code, reason in all_reasons().items():
        assert words.FAILURES[code].why == reason.zh
    assert set(STATES) == {str(status) for status in OrderStatus}
    assert len(set(STATES.values())) == 5


async def test_a_roster_is_accepted_by_the_head_who_sees_what_it_changes(door: Door) -> None:
    sums = dict.fromkeys(words.ROSTER_SUMS, 0)
    then = {**sums, "dibao_households": 3, "dibao_income_fen_monthly": 90000}
    effect = {"before": sums, "after": then, "households": {"granted": 3, "ended": 0, "changed": 7}}
    waiting = {**told.A_ROSTER, "status": "waiting", "effect": effect}
    path = f"/rosters/{told.ROSTER}"
    door.upstream.answers(
        told.everything()
        | {
            f"identification GET {path}": {"words": waiting},
            f"identification POST {path}/judgement": {"words": waiting},
        }
    )
    maker = await door.staff()
    head = await door.staff("he.jun", ("civil-affairs-head",))
    assert "另一位有权限的同事" in (await maker.get(f"/staff{path}")).text
    page = await head.get(f"/staff{path}")
    assert "<td>低保户</td>" in page.text
    assert "900.00" in page.text
    assert "<dt>救助内容有变化的户</dt><dd>7</dd>" in page.text
    form = hidden_fields(page) | {"accepted": "yes"}
    answer = await head.post(f"/staff{path}/judgement", data=form)
    assert answer.status_code == 303, answer.text
    seen = [each for each in door.upstream.came() if each["path"] == f"{path}/judgement"]
    assert [each["method"] for each in seen] == ["POST"]
