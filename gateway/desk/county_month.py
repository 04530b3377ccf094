"""A county's month whole: its people and its money on one page, and nothing printed that differs.

People are counted by identification, sums decided by benefits, and paid by payments. What they say
must meet: the sums told here are those of the runs, and the runs are those the people froze with.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway import words
from gateway.pages import yuan_words
from shared.calls import Peer
from shared.months import Month, civil_date, months_between
from shared.problems import Conflict

PEOPLE: Final[Mapping[str, str]] = {
    "dibao": "dibao-paid-people",
    "dibao_fade_out": "dibao-fading-people",
    "single_person": "dibao-single",
    "tekun": "tekun-people",
    "disability_living": "disability-living-people",
    "disability_nursing": "disability-nursing-people",
    "old_age": "old-age-people",
    "children_living": "children-people",
}
"""The line of the monthly report that counts whom a programme is paid for."""
CLOSED: Final = "closed"
CONTROL: Final = ("lines_count", "total_fen", "list_sha256")


class SumsDiffer(Conflict):
    """The sums of this month do not meet; it is not printed until they do."""


@dataclass(frozen=True)
class Difference:
    """Two sums that should be one."""

    what: str
    one: str
    other: str


async def told(peers: Mapping[str, Peer], month: str) -> dict[str, Any]:
    """The month: people, sums by item and fund, changes with reasons, and every difference."""
    benefits, payments = peers["benefits"], peers["payments"]
    people, granted, paid, funds = await asyncio.gather(
        peers["identification"].get(f"/reports/month/{month}"),
        benefits.get(f"/months/{month}"),
        payments.get(f"/months/{month}"),
        payments.get("/funds", {"pay_month": month}),
    )
    closed = [run for run in granted["runs"] if run["status"] == CLOSED]
    applications, earlier, changes = await asyncio.gather(
        _applications(benefits, closed), _earlier(benefits, month), _changes(benefits, closed)
    )
    return {
        "month": month,
        "people": people,
        "granted": granted,
        "paid": paid,
        "averages": _averages(people, granted["by_programme"]),
        "items": _items(applications, earlier),
        "funds": _funds(applications, funds["items"]),
        "changes": changes,
        "arrived": arrived(paid),
        "arrival": _arrival(paid["envelopes"], funds["items"]),
        "differences": _differences(people, granted, paid, applications),
    }


def arrived(paid: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How much of what went out arrived at once, of what came back since, and what still lies."""
    success, long = paid["success"], paid["unpaid_long"]
    return [
        ("一次成功率", words.percent(success["at_once"], success["answered"])),
        ("退回后补发成功率", words.percent(success["paid_since"], success["came_back"])),
        ("三十天以上没到账", f"{long['count']}笔，{yuan_words(long['total_fen'])}"),
    ]


def refuse_differences(differences: Sequence[Difference]) -> None:
    """Nothing is printed whose sums do not meet.

    Raises:
        SumsDiffer: they do not.
    """
    if differences:
        raise SumsDiffer("；".join(each.what for each in differences))


async def _applications(benefits: Peer, runs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What finance was asked for by each of these runs."""
    asked = (benefits.get(f"/runs/{run['id']}/application") for run in runs)
    return list(await asyncio.gather(*asked))


async def _earlier(benefits: Peer, month: str) -> list[dict[str, Any]]:
    """What finance was asked for in the months of the year before this one."""
    last = Month.parse(month)
    months = months_between(Month(last.year, 1), last)[:-1]
    found = await asyncio.gather(
        *(benefits.get("/runs", {"pay_month": str(each)}) for each in months)
    )
    runs = [run for each in found for run in each["items"] if run["status"] == CLOSED]
    return await _applications(benefits, runs)


async def _changes(benefits: Peer, runs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """New, gone, raised and cut against the month before, with reasons, of every regular run."""
    regular = [run for run in runs if run["kind"] == "regular"]
    pages = await asyncio.gather(*(benefits.get(f"/runs/{run['id']}") for run in regular))
    return [
        {"run_id": run["id"], "family": run["family"], **each}
        for run, page in zip(regular, pages, strict=True)
        for each in (page["changes"] or {"counted": []})["counted"]
    ]


def _averages(
    people: Mapping[str, Any], by_programme: Mapping[str, Mapping[str, int]]
) -> list[dict[str, Any]]:
    """What is granted for a person, in whole fen; none where nobody is counted."""
    lines = {line["line"]: line for section in people["sections"] for line in section["lines"]}
    found = []
    for programme, granted in by_programme.items():
        counted = lines.get(PEOPLE.get(programme, ""), {"number": 0})["number"]
        average_fen = (2 * granted["total_fen"] + counted) // (2 * counted) if counted else None
        found.append(
            {
                "programme": programme,
                "people": counted,
                "line": PEOPLE.get(programme),
                "lines": granted["count"],
                "total_fen": granted["total_fen"],
                "average_fen": average_fen,
                "target_fen": _target(
                    people["average_targets_fen"].get(programme), lines, programme
                ),
            }
        )
    return found


def _target(
    wanted: Mapping[str, int] | None, lines: Mapping[str, Any], programme: str
) -> int | None:
    """The place's target of the average, by how many are urban and how many rural; none where it
    has set none for somebody who is counted."""
    counted = {
        value["value"]: value["number"]
        for by in lines.get(PEOPLE.get(programme, ""), {"by": []})["by"]
        if by["column"] == "registration"
        for value in by["values"]
    }
    number = sum(counted.values())
    if not wanted or not number or counted.keys() - wanted.keys():
        return None
    together = sum(count * wanted[each] for each, count in counted.items())
    return int((2 * together + number) // (2 * number))


def _items(
    applications: Sequence[Mapping[str, Any]], earlier: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Spending by budget item: of the month, and of the year up to it."""
    month = _summed(applications, "budget_item")
    year = _summed([*earlier, *applications], "budget_item")
    return [
        {"budget_item": item, "month_fen": month[item], "year_fen": year[item]}
        for item in sorted(year)
    ]


def _funds(
    applications: Sequence[Mapping[str, Any]], funds: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each fund: applied for, appropriated, left, and the share that was used (basis points)."""
    applied = _summed(applications, "fund")
    standing = {each["fund"]: each for each in funds}
    found = []
    for fund in sorted({*applied, *standing}):
        given = standing[fund]["appropriated_fen"] if fund in standing else 0
        left = standing[fund]["left_fen"] if fund in standing else 0
        found.append(
            {
                "fund": fund,
                "applied_fen": applied[fund],
                "appropriated_fen": given,
                "left_fen": left,
                "used_basis_points": (given - left) * 10_000 // given if given else None,
            }
        )
    return found


def _summed(applications: Iterable[Mapping[str, Any]], by: str) -> Counter[str]:
    """What was applied for together, in fen, by budget item or by fund."""
    sums = Counter[str]()
    for each in applications:
        for row in each[f"by_{by}"]:
            sums[row[by]] += row["amount_fen"]
    return sums


def _arrival(
    envelopes: Sequence[Mapping[str, Any]], funds: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """How many days lie between the first money of the month and the banks' last answer."""
    received = [v["recorded_at"] for fund in funds for v in fund["vouchers"]]
    answered = [each["answered_at"] for each in envelopes]
    days = None
    if received and answered and all(answered):
        first, last = (datetime.fromisoformat(at) for at in (min(received), max(answered)))
        days = (civil_date(last) - civil_date(first)).days
    return {"days": days, "envelopes": len(answered), "answered": sum(map(bool, answered))}


def _differences(
    people: Mapping[str, Any],
    granted: Mapping[str, Any],
    paid: Mapping[str, Any],
    applications: Sequence[Mapping[str, Any]],
) -> list[Difference]:
    """Every sum that should be another and is not."""
    whole = granted["granted"]
    runs = {run["id"]: run for run in granted["runs"] if run["status"] == CLOSED}
    asked = sum(_summed(applications, "budget_item").values())
    pairs = [
        (
            "各批次之和与本月认定",
            sum(run["total_fen"] for run in runs.values()),
            whole["total_fen"],
        ),
        ("各批次笔数与本月认定", sum(run["lines_count"] for run in runs.values()), whole["count"]),
        ("用款申请与本月认定", asked, whole["total_fen"]),
        (
            "支付各状态与本月认定",
            sum(paid[each]["total_fen"] for each in words.MONEY_STATES),
            whole["total_fen"],
        ),
        (
            "支付各状态笔数与本月认定",
            sum(paid[each]["count"] for each in words.MONEY_STATES),
            whole["count"],
        ),
    ]
    found = [Difference(what, str(one), str(other)) for what, one, other in pairs if one != other]
    if people["frozen"] is None:
        return found
    with_it = {frozen["run_id"] for frozen in people["frozen"]["runs"]}
    found += [
        Difference(
            f"没有随月报冻结的批次 {words.FAMILIES.get(run['family'], run['family'])}",
            "没有",
            str(run["total_fen"]),
        )
        for run_id, run in runs.items()
        if run["kind"] == "regular" and run_id not in with_it
    ]
    for frozen in people["frozen"]["runs"]:
        run = runs.get(frozen["run_id"], {})
        found += [
            Difference(f"随月报冻结的批次 {name}", str(frozen[name]), str(run.get(name)))
            for name in CONTROL
            if frozen[name] != run.get(name)
        ]
    return found
