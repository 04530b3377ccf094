"""Where one may go from the desk: one table, from which the bar and the first page are drawn.

A page is shown to whoever has one of its scopes, so nobody is led where they are refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.routes import (
    ACCEPTERS,
    ALERTS,
    CASES,
    COUNTERS,
    EXCHANGERS,
    KEEPERS,
    LEADERS,
    REGISTERS,
    ROSTERS,
)


@dataclass(frozen=True, slots=True)
class Way:
    """A page at the desk, and who may see it."""

    page: str
    zh: str
    en: str
    scopes: tuple[str, ...]
    bar: str = ""
    """The word on the bar; without one, only the first page leads there."""
    beside: str = ""
    """A scope it takes as well."""

    @property
    def path(self) -> str:
        """Where it lies."""
        return f"/staff/{self.page}"

    def open_to(self, may: Callable[[str], bool]) -> bool:
        """Whether somebody may go there."""
        return any(map(may, self.scopes)) and (not self.beside or may(self.beside))


@dataclass(frozen=True, slots=True)
class Room:
    """Ways that belong together."""

    zh: str
    en: str
    ways: tuple[Way, ...]


COMPARERS: Final = ("feeds:read", "comparisons:make")
SURVEYORS: Final = ("cases:survey", *LEADERS)

ROOMS: Final = (
    Room("个案", "Cases", (
        Way("cases", "救助申请", "cases that wait for you, and search", CASES, "申请"),
        Way("people", "查人", "a person and their household", ("people:read",), "查人"),
        Way("requests", "一门受理", "requests at one door", CASES, "受理"),
        Way("people-lists", "学校和单位名单", "lists of schools and agencies", ACCEPTERS),
        Way("surveys", "离线入户", "visits without a network", ("cases:survey",)),
        Way("aid", "临时救助多久到手", "how fast temporary aid came", CASES),
        Way("reserves", "乡镇备用金", "townships' reserves", ("funds:read", "reserves:read")),
        Way("payees", "没换成的收款账户", "accounts decided that cannot be paid to", CASES),
        Way("certificates", "救助证", "certificates to hand over and to take back", CASES),
        Way("boards", "长期公示", "standing boards of villages and townships", CASES),
        Way("reviews", "定期复核和抽查", "who is due again, and samples", SURVEYORS),
        Way("rounds", "集中核查", "campaign rounds, and the list of a year", SURVEYORS),
        Way("relatives", "近亲属备案", "relatives on record", CASES),
        Way("signatures", "谁签字谁负责", "who signed what", LEADERS),
        Way("workdays", "工作日", "which days are worked, and which due days moved", COUNTERS),
    )),
    Room("台账和线索", "Registers and leads", (
        Way("registers", "台账", "complaints, rectification and all others", REGISTERS, "台账"),
        Way("calls", "热线来电", "calls of the hotline, the late ones named", ("registers:read",)),
        Way("leads", "主动发现", "how long from report to help", ("registers:read",)),
    )),
    Room("核对和预警", "Comparison and alerts", (
        Way("low-income", "低收入人口库", "the database", ("low-income:read",), "低收入库"),
        Way("feeds", "部门名单和比对", "other departments' lists, compared", COMPARERS, "比对"),
        Way("alerts", "预警", "alerts to be looked into", ALERTS, "预警"),
        Way("retention", "保存期限", "what is kept how long, and what went", KEEPERS),
        Way("exchange", "省平台交换", "files to and from the province", EXCHANGERS, "省平台"),
    )),
    Room("报表", "Reports", (
        Way("reports", "报表", "by month, quarter and year", ("reports:read",), "报表"),
        Way("villages", "村表和明白卡", "a month, and clear cards", ("villages:read",), "村表"),
        Way("county-months", "全县这个月", "people and money", ("runs:read",), "", "reports:read"),
    )),
    Room("发放", "Paying", (
        Way("rosters", "名册", "rosters", ROSTERS, "名册"),
        Way("runs", "批次", "runs", ("runs:read",), "批次"),
        Way("funds", "资金", "funds", ("funds:read",), "资金"),
        Way("envelopes", "信封", "envelopes", ("payouts:read",), "信封"),
        Way("returns", "退回的钱", "money that came back, new accounts", ("payouts:read",), "退回"),
        Way("recoveries", "追回的钱", "money to be paid back", ("payouts:read",), "", "runs:read"),
        Way("months", "对账", "the month, proved", ("runs:read",), "对账"),
    )),
)  # fmt: skip


def rooms_of(may: Callable[[str], bool]) -> list[Room]:
    """The rooms somebody may enter, each with the ways open to them."""
    rooms = [
        Room(room.zh, room.en, tuple(way for way in room.ways if way.open_to(may)))
        for room in ROOMS
    ]
    return [room for room in rooms if room.ways]
