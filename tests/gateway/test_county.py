"""The county's month: people and money meet to the fen, or nothing is printed."""

from typing import Any

import pytest

from tests.gateway import told
from tests.gateway.test_villages import text_of
from tests.gateway.told_of_reports import FROZEN, PATH
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
        "benefits GET /runs": told.page(),
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
    assert f'href="/staff{PATH}/lines/dibao-people"' in page.text
    assert "120.00元（达到）" in page.text
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
    ],
    ids=["a run's total", "the money paid", "the application", "the list's hash"],
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
