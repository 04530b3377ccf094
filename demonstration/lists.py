"""Other departments' lists of a month, made up from its residents, delivered and compared.

A few of the people on dibao stand on them, so that whoever opens the desk finds alerts: some to be
sent round, one that waits for an answer, one answered, one acted on and one dismissed. A death that
is found is in dispute until somebody settles it. A flood of the month before struck one home on
dibao and a few that are on nothing.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from demonstration.desk import Desk, DeskRefused
from demonstration.month import until
from demonstration.population.households import Household, Person
from demonstration.progress import Telling
from demonstration.staff import TOWN
from demonstration.stories.papers import a_page
from shared.months import Month

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "deaths": ("身份证号", "死亡日期"),
    "public-payroll": ("身份证号", "单位编码", "月工资"),
    "vehicles": ("身份证号", "号牌号码"),
    "property": ("身份证号", "不动产单元号"),
    "businesses": ("身份证号", "统一社会信用代码"),
    "disability-certificates": ("身份证号", "残疾等级"),
    "disasters": ("户主身份证号", "受灾日期", "受损情况", "直接经济损失"),
}
HITS: Final = 9
STRUCK: Final = 2
"""So many homes on nothing a flood has struck, beside one that is on dibao."""
STRANGERS: Final = 40
"""Of each list so many who are on nothing: most of whom a department knows is none of ours."""
COMPARE_SECONDS_MAX: Final = 120
_GRADES: Final = ("一级", "二级", "三级", "四级")
_LOSSES: Final = (("严重损坏", "18000.00"), ("房屋倒塌", "65000.00"), ("其他", ""))
_OFFICER: Final = "officer"
STAFF: Final = ("maker", "checker", _OFFICER, "head")


def made(
    households: Iterable[Household], month: Month, as_of: date
) -> dict[str, list[tuple[str, ...]]]:
    """The rows of each list: the same residents and month give the same rows."""
    poor, others, certified = _sorted_out(households)
    heads = [head for village, head in poor if village.startswith(TOWN)] or [h for _, h in poor]
    # Other people each month: what was found of them lies with somebody already.
    first = month.number * HITS if heads else 0
    hits = [heads[place % len(heads)] for place in range(first, first + min(HITS, len(heads)))]
    strange = [(each.id_number, number) for number, each in enumerate(others[:STRANGERS])]
    died = (as_of - timedelta(days=12)).isoformat()
    rows: dict[str, list[tuple[str, ...]]] = {name: [] for name in HEADINGS}
    rows["deaths"] = [(each.id_number, died) for each in hits[:1]]
    rows["public-payroll"] = [(each.id_number, "JY001", "4200.00") for each in hits[1:2]]
    rows["public-payroll"] += [(who, f"DW{n:03d}", "5100.00") for who, n in strange]
    rows["vehicles"] = [(each.id_number, f"川Z1{n:04d}") for n, each in enumerate(hits[2:5])]
    rows["vehicles"] += [(who, f"川Z9{n:04d}") for who, n in strange]
    for copy in "AB":  # One home is no question; two are.
        rows["property"] += [
            (each.id_number, f"5114{copy}{n:03d}") for n, each in enumerate(hits[5:7])
        ]
    rows["businesses"] = [
        (each.id_number, f"9151142500{n:08d}") for n, each in enumerate(hits[7:8])
    ]
    rows["disability-certificates"] = [
        (each.id_number, _GRADES[each.disability_grade - 1])
        for each in certified
        if each.disability_grade
    ]
    flood = (month.plus(-1).first_day() + timedelta(days=9)).isoformat()
    struck = [*hits[8:9], *others[:STRUCK]]
    rows["disasters"] = [
        (each.id_number, flood, damage, loss)
        for each, (damage, loss) in zip(struck, _LOSSES, strict=False)
    ]
    return rows


def _sorted_out(
    households: Iterable[Household],
) -> tuple[list[tuple[str, Person]], list[Person], list[Person]]:
    """Who heads a home on dibao, and in which village; a few who are on nothing; everybody with a
    certificate."""
    poor, others, certified = list[tuple[str, Person]](), list[Person](), list[Person]()
    for home in households:
        alive = [each for each in home.people if each.died_on is None and each.until is None]
        certified += [each for each in alive if each.disability_grade]
        if home.dibao and alive:
            poor.append((home.village.code, alive[0]))
        elif not home.dibao and len(others) < STRANGERS:
            others += alive[:1]
    return poor, others, certified


class Lists:
    """The lists of one month on their way, and what comes of them."""

    def __init__(self, month: Month, today: date, desks: Mapping[str, Desk], folder: Path) -> None:
        self._month, self._today, self._desks, self._folder = month, today, desks, folder

    async def come(self, rows: Mapping[str, Sequence[Sequence[str]]], telling: Telling) -> None:
        """Delivered, compared, and a few of the alerts gone through."""
        checker = self._desks["checker"]
        with telling.step("lists", f"{len(rows)} lists of other departments come and are compared"):
            for name, each in rows.items():
                file = self._written(name, each)
                await self._desks["maker"].upload(
                    f"/feeds/{name}/deliveries",
                    file,
                    "text/csv",
                    key=self._key(name),
                    month=str(self._month),
                    as_of=self._today.isoformat(),
                )
                file.unlink()
            await until(self._kept(checker, rows), "lists to be keyed", COMPARE_SECONDS_MAX)
            words = {"month": str(self._month)}
            opened = await checker.post("/comparisons", words, key=self._key("comparison"))
            path = f"/comparisons/{opened['comparison_id']}"

            async def compared() -> bool:
                return bool((await checker.get(path))["status"] == "compared")

            await until(compared, "the comparison", COMPARE_SECONDS_MAX)
            await self._gone_through(checker)

    def _kept(self, checker: Desk, rows: Mapping[str, Any]) -> Any:
        async def kept() -> bool:
            items = (await checker.get("/feeds"))["items"]
            last = {each["feed"]: each["last"] for each in items}
            return all(last[name] and last[name]["month"] == str(self._month) for name in rows)

        return kept

    async def _gone_through(self, checker: Desk) -> None:
        """Two are asked, and one answers; one is acted on, and one dismissed."""
        found = await checker.get("/alerts", month=str(self._month))
        mine = [each for each in found["items"] if each["village"].startswith(TOWN)]
        against = {"alert_vehicles", "alert_payroll", "alert_homes"}
        asked = [each for each in mine if each["kind"] in against][:4]
        for number, alert in enumerate(asked):
            await self._do("checker", alert, "assign", officer=_OFFICER)
            await self._do(_OFFICER, alert, "ask", asked_how="打电话，并上门告知")
            if number == 0:
                continue
            says = "车是儿子的，已经分户" if number > 1 else "已经卖了，没有过户"
            await self._written_down(checker, alert, says)
            if number == 1:
                continue
            so = "so" if number == 2 else "not-so"
            words = {"found": so, "checked_on": self._today.isoformat(), "findings": "上门核实"}
            await self._do(_OFFICER, alert, "check", **words)
            if so == "so":
                await self._do("head", alert, "act", outcome="extend", reasons="仍符合条件")
            else:
                await self._do("head", alert, "dismiss", reasons="名单有误，不是本人的")

    async def _written_down(self, desk: Desk, alert: Mapping[str, Any], says: str) -> None:
        """What they say, on the paper they signed, by another than who looks into it."""
        path, key = f"/alerts/{alert['alert_id']}/papers", self._key(f"{alert['alert_id']}-signed")
        try:
            await desk.send(
                path, a_page("本人说明", says, alert["alert_id"]), "application/pdf", key=key
            )
        except DeskRefused as refused:
            if refused.status != 409:
                raise
        await self._do("checker", alert, "answer", answer=says)

    async def _do(self, by: str, alert: Mapping[str, Any], act: str, **words: str) -> None:
        """One act; where it was done before, or is no longer open, it stays as it is."""
        path = f"/alerts/{alert['alert_id']}"
        desk = self._desks[by]
        version = (await desk.get(path))["version"]
        try:
            await desk.post(
                f"{path}/acts/{act}",
                {"version": version, "words": words},
                key=self._key(f"{alert['alert_id']}-{act}"),
            )
        except DeskRefused as refused:
            if refused.status != 409:
                raise

    def _written(self, name: str, rows: Sequence[Sequence[str]]) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._folder / f"{name}-{self._month}.csv"
        with file.open("w", encoding="utf-8", newline="") as sink:
            csv.writer(sink).writerows([HEADINGS[name], *rows])
        return file

    def _key(self, act: str) -> str:
        return f"{self._month}-lists-{act}"
