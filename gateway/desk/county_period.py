"""A county's quarter or year in money: the months together, what is owed back, and what is carried.

Sums are those benefits decided and payments paid, month by month; nothing is reckoned anew but by
adding. What nobody keeps on record is said to be so, and is never nought.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from gateway import words
from gateway.desk import sums
from gateway.desk.county_month import Difference
from gateway.desk.sums import Cell, Sums, count, money, share
from gateway.pages import month_words
from shared.calls import Peer
from shared.months import Month, months_between

PRICE: Final = "price_subsidy"
MONTHS_OF_A_YEAR: Final = 12
REGISTRATIONS: Final = {"urban": "城镇", "rural": "农村"}
BACK: Final = ("returned", "refused")

Said = Mapping[str, Any]


@dataclass(frozen=True)
class CountyPeriod:
    """The period: its people, its money, what is not on record, and what does not meet."""

    period: str
    people: Said
    money: Sequence[Sums] = ()
    unrecorded: Sequence[str] = ()
    differences: Sequence[Difference] = field(default=())


def months_of(period: str, today: date) -> list[Month]:
    """The months of a quarter or a year, as far as they have begun."""
    year, _, quarter = period.partition("-Q")
    first = Month(int(year), 3 * int(quarter) - 2 if quarter else 1)
    last = first.plus(2 if quarter else 11)
    return months_between(first, min(last, max(Month.of(today), first)))


async def told(peers: Mapping[str, Peer], report: str, period: str, today: date) -> CountyPeriod:
    """What each service says of the months, put side by side."""
    months = [str(each) for each in months_of(period, today)]
    benefits, payments = peers["benefits"], peers["payments"]
    people, granted, paid, funds = await asyncio.gather(
        peers["identification"].get(f"/reports/{report}/{period}"),
        asyncio.gather(*(benefits.get(f"/months/{each}") for each in months)),
        asyncio.gather(*(payments.get(f"/months/{each}") for each in months)),
        asyncio.gather(*(payments.get("/funds", {"pay_month": each}) for each in months)),
    )
    tables = [_by_month(granted, paid), _by_programme(granted), _recoveries(granted, paid)]
    unrecorded = list[str]()
    if not any(PRICE in each["by_programme"] for each in granted):
        unrecorded.append("价格补贴")
    if report == "year":
        tables += [_standards(granted), _accounts(funds), _forecast(granted)]
    return CountyPeriod(
        period=period,
        people=people,
        money=[each for each in tables if each.rows],
        unrecorded=unrecorded + [f"{each.title}" for each in tables if not each.rows],
        differences=list(_differences(granted, paid)),
    )


def _by_month(granted: Iterable[Said], paid: Iterable[Said]) -> Sums:
    """Month by month: decided, arrived, and how much of what went out arrived at once."""
    rows = []
    for one, other in zip(granted, paid, strict=True):
        month = one["pay_month"]
        lines, back = sums.granted(month), f"/staff/returns?pay_month={month}"
        success = other["success"]
        rows.append(
            (
                Cell(month_words(month), f"/staff/county-months/{month}"),
                count(one["granted"]["count"], lines),
                money(one["granted"]["total_fen"], lines),
                money(other["settled"]["total_fen"], sums.paid(month, "settled")),
                money(sum(other[state]["total_fen"] for state in BACK), back),
                share(success["at_once"], success["answered"], back),
                share(success["paid_since"], success["came_back"], back),
                count(other["unpaid_long"]["count"], back),
            )
        )
    columns = (
        "月份", "笔数", "认定", "到账", "没到账", "一次成功率", "补发成功率", "三十天以上没到账",
    )  # fmt: skip
    return Sums("各月发放", columns, rows)


def _by_programme(granted: Sequence[Said]) -> Sums:
    counts, totals = Counter[str](), Counter[str]()
    for each in granted:
        for programme, one in each["by_programme"].items():
            counts[programme] += one["count"]
            totals[programme] += one["total_fen"]
    first, last = granted[0]["pay_month"], granted[-1]["pay_month"]
    rows = [
        (
            Cell(words.programme(each)),
            count(counts[each], sums.granted(first, last, programme=each)),
            money(totals[each], sums.granted(first, last, programme=each)),
        )
        for each in sorted(counts)
    ]
    lines = sums.granted(first, last)
    whole = (Cell("合计"), count(counts.total(), lines), money(totals.total(), lines))
    return Sums("按项目", ("项目", "笔数", "金额"), rows, whole)


def _recoveries(granted: Iterable[Said], paid: Iterable[Said]) -> Sums:
    """What was found to have been paid too much, what of it is to be paid back, and what came."""
    rows = []
    for each, other in zip(granted, paid, strict=True):
        found = each["recoveries"]
        opens = f"/staff/recoveries?pay_month={each['pay_month']}"
        rows.append(
            (
                Cell(month_words(each["pay_month"]), opens),
                count(found["count"], opens),
                money(found["total_fen"], opens),
                money(found["taken_back_fen"], opens),
                money(found["decided"]["total_fen"], opens),
                money(other["owed_back"]["received"]["total_fen"], opens),
            )
        )
    columns = ("月份", "拟追回笔数", "拟追回", "又撤销以前的", "其中决定追回", "当月收回")
    return Sums("追回", columns, rows)


def _standards(granted: Sequence[Said]) -> Sums:
    """What a head is to live on at the beginning and at the end, and by how much it grew."""
    first, last = granted[0]["standards"], granted[-1]["standards"]
    rows = [
        (
            Cell(words_of),
            money(first[name]["fen"]),
            money(last[name]["fen"]),
            share(last[name]["fen"] - first[name]["fen"], first[name]["fen"]),
        )
        for name, words_of in REGISTRATIONS.items()
        if name in first and name in last and first[name]["each"] == last[name]["each"]
    ]
    return Sums("低保标准增长", ("类别", "年初", "现在", "增长"), rows)


def _accounts(funds: Sequence[Said]) -> Sums:
    """Final accounts by fund and month of its vouchers: appropriated, paid, and carried over."""
    rows, given_fen, left_fen = [], 0, 0
    for each in funds:
        opens = f"/staff/funds?pay_month={each['pay_month']}"
        for fund in each["items"]:
            given, left = fund["appropriated_fen"], fund["left_fen"]
            given_fen, left_fen = given_fen + given, left_fen + left
            name = words.FUNDS.get(fund["fund"], fund["fund"])
            rows.append(
                (
                    Cell(f"{name} {month_words(each['pay_month'])}", opens),
                    money(given, opens),
                    money(given - left, opens),
                    money(left, opens),
                )
            )
    whole = (Cell("合计"), money(given_fen), money(given_fen - left_fen), money(left_fen))
    columns = ("资金", "财政下达", "已用", "结转")
    return Sums("决算和结转", columns, rows, whole if rows else ())


def _forecast(granted: Sequence[Said]) -> Sums:
    """Next year if every month were as the last one in which anything was granted."""
    last = next((each for each in reversed(granted) if each["granted"]["count"]), None)
    rows = []
    for programme, one in sorted(last["by_programme"].items()) if last else ():
        lines = sums.granted(last["pay_month"], programme=programme) if last else ""
        if one["total_fen"]:
            year_fen = one["total_fen"] * MONTHS_OF_A_YEAR
            name = Cell(words.programme(programme))
            rows.append((name, money(one["total_fen"], lines), money(year_fen, lines)))
    return Sums("明年预算测算（最近一个月乘十二）", ("项目", "一个月", "一年"), rows)


def _differences(granted: Iterable[Said], paid: Iterable[Said]) -> Iterable[Difference]:
    """Every month of which what was decided and what payments holds are not the same."""
    for one, other in zip(granted, paid, strict=True):
        held = sum(other[state]["total_fen"] for state in words.MONEY_STATES)
        if held != one["granted"]["total_fen"]:
            what = f"{month_words(one['pay_month'])}支付各状态与认定"
            yield Difference(what, str(held), str(one["granted"]["total_fen"]))
