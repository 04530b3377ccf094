"""The money of a county's month in tables, each number of which opens what is behind it."""

from collections.abc import Mapping
from typing import Any

from gateway import words
from gateway.desk.sums import Cell, Sums, count, granted, money, paid, share

Month = Mapping[str, Any]
WHOLE = 10_000


def tables(month: Month) -> list[Sums]:
    """By budget item, programme and fund; where it is; how it arrived; against last month."""
    return [
        _items(month),
        _programmes(month),
        _funds(month),
        _where(month),
        _arrived(month),
        _changes(month),
    ]


def _items(month: Month) -> Sums:
    name = month["month"]
    year = f"{name[:4]}-01"
    rows = [
        (
            Cell(each["budget_item"]),
            money(each["month_fen"], granted(name, budget_item=each["budget_item"])),
            money(each["year_fen"], granted(year, name, budget_item=each["budget_item"])),
        )
        for each in month["items"]
    ]
    whole = (
        Cell("合计"),
        money(month["granted"]["granted"]["total_fen"], granted(name)),
        money(sum(each["year_fen"] for each in month["items"]), granted(year, name)),
    )
    return Sums("按预算科目", ("科目", "本月", "本年累计"), rows, whole)


def _programmes(month: Month) -> Sums:
    rows = []
    for each in month["averages"]:
        lines = granted(month["month"], programme=each["programme"])
        at = f"/staff/reports/month/{month['month']}"
        people = f"{at}/lines/{each['line']}" if each["line"] else at
        average, target = each["average_fen"], each["target_fen"]
        reached = "" if None in (average, target) else "达到" if average >= target else "低于"
        aim = money(target)
        rows.append(
            (
                Cell(words.programme(each["programme"])),
                count(each["people"], people),
                count(each["lines"], lines),
                money(each["total_fen"], lines),
                money(average, lines),
                Cell(f"{aim.said}（{reached}）" if reached else aim.said),
            )
        )
    return Sums("按项目", ("项目", "在册人数", "笔数", "金额", "人均", "人均目标"), rows)


def _funds(month: Month) -> Sums:
    opens = f"/staff/funds?pay_month={month['month']}"
    rows = [
        (
            Cell(words.FUNDS.get(each["fund"], each["fund"])),
            money(each["applied_fen"], opens),
            money(each["appropriated_fen"], opens),
            money(each["left_fen"], opens),
            share(
                each["used_basis_points"] or 0,
                0 if each["used_basis_points"] is None else WHOLE,
                opens,
            ),
        )
        for each in month["funds"]
    ]
    return Sums("按资金", ("资金", "申请", "下达", "结余", "已用"), rows)


def _where(month: Month) -> Sums:
    rows = []
    for state, said in words.MONEY_STATES.items():
        stands, opens = month["paid"][state], paid(month["month"], state)
        rows.append((Cell(said), count(stands["count"], opens), money(stands["total_fen"], opens)))
    return Sums("钱在哪里", ("状态", "笔数", "金额"), rows)


def _arrived(month: Month) -> Sums:
    opens = f"/staff/returns?pay_month={month['month']}"
    rows = [(Cell(name), Cell(said, opens)) for name, said in month["arrived"]]
    return Sums("发得到不到", ("指标", "数"), rows)


def _changes(month: Month) -> Sums:
    rows = [
        (
            Cell(
                f"{words.FAMILIES.get(each['family'], each['family'])}："
                f"{words.CHANGES.get(each['change'], each['change'])}"
            ),
            Cell(words.CHANGE_REASONS.get(each["reason"], each["reason"])),
            count(each["count"], f"/staff/runs/{each['run_id']}"),
            money(each["difference_fen"], f"/staff/runs/{each['run_id']}"),
        )
        for each in month["changes"]
    ]
    return Sums("和上月比", ("批次和变化", "原因", "户/人", "差额"), rows)
