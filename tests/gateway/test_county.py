"""The county's month: people and money meet to the fen, or nothing is printed."""

import io
import re
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from gateway.desk.county_period import months_of
from tests.gateway import told
from tests.gateway.test_villages import text_of
from tests.gateway.told_of_reports import A_REPORT, FROZEN, PATH
from tests.gateway.told_of_sums import BEHIND
from tests.gateway.visits import Door, hidden_fields

PAGE = f"/staff/county-months/{told.MONTH}"
RUN: dict[str, Any] = {**told.A_RUN, "status": "closed"}
HEAD = ("civil-affairs-head",)


def a_month(**changes: Any) -> dict[str, Any]:
    """Answers of a month that is closed, and with it a report that is frozen."""
    frozen = {name: RUN[name] for name in ("lines_count", "total_fen", "list_sha256", "family")}
    runs = [{**frozen, "run_id": RUN["id"], "pay_month": told.MONTH, "kind": "regular"}]
    report = {**FROZEN, "frozen": {**FROZEN["frozen"], "runs": runs}}
    said = {
        f"benefits GET /months/{told.MONTH}": {**told.GRANTED, "runs": [RUN]},
        "benefits GET /runs": {**told.page(), "families": []},
        f"identification GET {PATH}": report,
        **changes,
    }
    return told.everything() | {name: {"words": words} for name, words in said.items()}


async def test_people_and_money_of_a_month_stand_on_one_page_and_on_paper(door: Door) -> None:
    head = await door.staff(roles=HEAD)
    door.upstream.answers(a_month())
    page = await head.get(PAGE)
    assert page.status_code == 200, page.text
    assert "各处的数都对得上" in page.text
    assert f'href="/staff{PATH}/lines/dibao-paid-people"' in page.text
    assert "120.00元（达到）" in page.text
    for said in ("一次成功率", "50.00%", "1笔，426.00元"):
        assert said in page.text
    paper = text_of(await head.get(f"{PAGE}/pdf"))
    for words in (
        "2081902",
        "1,012.00元",
        "有新的决定",
        "已随批次冻结",
        "到卡了1586.00元",
        "1,500.00元",
    ):
        assert words in paper


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (f"benefits GET /months/{told.MONTH}", {**told.GRANTED, "runs": [{**RUN, "total_fen": 1}]}),
        (f"payments GET /months/{told.MONTH}", {**told.PAID, "settled": told.NOTHING}),
        (
            f"benefits GET /runs/{told.RUN}/application",
            {
                **told.APPLICATION,
                "by_budget_item": [{"budget_item": "2081902", "count": 2, "amount_fen": 101_199}],
            },
        ),
        (
            f"benefits GET /months/{told.MONTH}",
            {**told.GRANTED, "runs": [{**RUN, "list_sha256": "cd" * 32}]},
        ),
        (f"identification GET {PATH}", FROZEN),
    ],
    ids=[
        "a run's total",
        "the money paid",
        "the application",
        "the list's hash",
        "a run that the people were frozen without",
    ],
)
async def test_nothing_is_printed_while_one_sum_differs(
    door: Door, service: str, words: dict[str, Any]
) -> None:
    head = await door.staff(roles=HEAD)
    door.upstream.answers(a_month(**{service: words}))
    page = await head.get(PAGE)
    assert "对不上，不能打印" in page.text
    refused = await head.get(f"{PAGE}/pdf")
    assert refused.status_code == 409
    assert refused.headers["content-type"].startswith("text/html")


async def test_a_month_is_not_frozen_while_a_regular_run_is_open(door: Door) -> None:
    head = await door.staff(roles=HEAD)
    door.upstream.answers(told.everything())
    form_page = await head.get(f"/staff{PATH}")
    answer = await head.post(f"/staff{PATH}/freezing", data=hidden_fields(form_page))
    assert answer.status_code == 409
    assert not [each for each in door.upstream.came() if each["path"].endswith("/freezing")]


async def test_whoever_may_read_reports_but_no_money_does_not_read_the_countys(door: Door) -> None:
    door.upstream.answers(a_month())
    town = await door.staff(roles=("township-head",))
    assert (await town.get(PAGE)).status_code == 403


QUARTER, YEAR = "/staff/reports/quarter/2025-Q4/money", "/staff/reports/year/2025/money"
DECEMBER = "2025-12"


def a_period(**changes: Any) -> dict[str, Any]:
    """A quarter and a year that are over, in which December alone had money."""
    said: dict[str, Any] = {}
    for month in (f"2025-{number:02}" for number in range(1, 13)):
        nothing = {"granted": told.NOTHING, "by_programme": {"dibao": told.NOTHING}}
        unpaid = {"settled": told.NOTHING, "returned": told.NOTHING}
        said[f"benefits GET /months/{month}"] = {**told.GRANTED, **nothing, "pay_month": month}
        said[f"payments GET /months/{month}"] = {**told.PAID, **unpaid, "pay_month": month}
        said[f"payments GET /months/{month}/orders"] = {**BEHIND, "items": []}
    said[f"benefits GET /months/{DECEMBER}"] = {
        **told.GRANTED,
        "pay_month": DECEMBER,
        "recoveries": {
            "count": 2,
            "total_fen": 5000,
            "taken_back_fen": 0,
            "decided": {"count": 1, "total_fen": 4000},
        },
        "standards": {**told.GRANTED["standards"], "rural": {"fen": 21_000, "each": "month"}},
    }
    said[f"payments GET /months/{DECEMBER}"] = {
        **told.PAID,
        "pay_month": DECEMBER,
        "owed_back": {"received": {"count": 1, "total_fen": 1500}, "left": told.NOTHING},
    }
    for report, period in (("quarter", "2025-Q4"), ("year", "2025")):
        words = {**A_REPORT, "report": report, "period": period}
        said[f"identification GET /reports/{report}/{period}"] = words
    return told.everything() | {name: {"words": words} for name, words in (said | changes).items()}


async def test_a_quarter_says_what_is_owed_back_and_what_nobody_keeps_on_record(
    door: Door,
) -> None:
    head = await door.staff(roles=HEAD)
    door.upstream.answers(a_period())
    page = await head.get(QUARTER)
    assert page.status_code == 200, page.text
    for said in (
        "拟追回",
        "50.00元",
        "40.00元",
        "15.00元",
        "一次成功率",
        "没有登记、不填数的",
        "价格补贴",
    ):
        assert said in page.text, said
    for opens in (f"/staff/county-months/{DECEMBER}", f"/staff/recoveries?pay_month={DECEMBER}"):
        assert f'href="{opens}"' in page.text
    assert "2025年9月" not in page.text
    assert "结转" not in page.text
    assert "当月收回" in text_of(await head.get(f"{QUARTER}/pdf"))


async def test_every_sum_of_money_opens_the_records_it_counts(door: Door) -> None:
    head = await door.staff(roles=HEAD)
    door.upstream.answers(a_period() | a_month())
    for page, unopened in ((PAGE, {"—"}), (QUARTER, set()), (YEAR, None)):
        text = (await head.get(page)).text
        cells = re.findall(r'<td class="n">(.*?)</td>', text)
        plain = {cell for cell in cells if "<a " not in cell}
        assert cells
        assert unopened is None or plain <= unopened | {"120.00元（达到）", "有新的决定"}, (
            page,
            plain,
        )
        for opens in set(
            re.findall(r'<td class="n"><a href="(/staff/(?:lines|payments)[^"]*)"', text)
        ):
            opened = await head.get(opens.replace("&amp;", "&"))
            assert opened.status_code == 200, (opens, opened.text)
            assert "1 笔，586.00元" in opened.text
    assert (
        "认定发放 低保金"
        in (await head.get(f"/staff/lines?first={DECEMBER}&last={DECEMBER}&programme=dibao")).text
    )


async def test_the_money_of_a_month_a_quarter_and_a_year_is_a_workbook_too(door: Door) -> None:
    head = await door.staff(roles=HEAD)
    door.upstream.answers(a_period() | a_month())
    for page, said in ((PAGE, "按预算科目"), (QUARTER, "当月收回"), (YEAR, "结转")):
        answer = await head.get(f"{page}/workbook")
        assert answer.status_code == 200, answer.text
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        cells = [str(each) for row in book.get_sheet_by_index(0).to_python() for each in row]
        assert said in cells
    off = {**told.PAID, "settled": told.NOTHING, "pay_month": DECEMBER}
    door.upstream.answers(a_period(**{f"payments GET /months/{DECEMBER}": off}))
    assert (await head.get(f"{QUARTER}/workbook")).status_code == 409


async def test_a_year_says_growth_accounts_and_what_the_next_would_take(door: Door) -> None:
    head = await door.staff(roles=HEAD)
    door.upstream.answers(a_period())
    page = await head.get(YEAR)
    assert page.status_code == 200, page.text
    for said in ("10.52%", "0.00%", "11,856.00元", "12,144.00元"):
        assert said in page.text, said
    town = await door.staff(roles=("township-head",))
    assert (await town.get(YEAR)).status_code == 403


async def test_no_period_is_printed_while_a_month_of_it_differs(door: Door) -> None:
    head = await door.staff(roles=HEAD)
    off = {**told.PAID, "settled": told.NOTHING, "pay_month": DECEMBER}
    door.upstream.answers(a_period(**{f"payments GET /months/{DECEMBER}": off}))
    assert "对不上，不能打印" in (await head.get(QUARTER)).text
    assert (await head.get(f"{QUARTER}/pdf")).status_code == 409


def test_a_period_that_runs_is_told_as_far_as_it_has_begun() -> None:
    assert [str(each) for each in months_of("2026-Q4", date(2026, 11, 26))] == [
        "2026-10", "2026-11",
    ]  # fmt: skip
    assert len(months_of("2025", date(2026, 11, 26))) == 12
    assert [str(each) for each in months_of("2027", date(2026, 11, 26))] == ["2027-01"]
