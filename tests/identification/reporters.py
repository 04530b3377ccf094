"""Those who read reports, and the registers and closed runs the reports of tests are about."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from services.identification.reports import closings
from shared.callers import Caller
from shared.contracts.benefits import RunClosed, RunKind
from shared.months import Month
from shared.serving import Context
from tests.identification.caseworkers import staff
from tests.identification.makers import (
    OTHER_VILLAGE,
    a_csv,
    a_household,
    a_person,
    decided,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import COUNTY, Register

STATISTICIAN: Final = staff("xu-jing", {"reports:read", "people:read"})
HEAD: Final = staff("he-jun", {"reports:read", "reports:freeze", "people:read"})
NAMELESS: Final = staff("sun-tao", {"reports:read"})
TOWN: Final = staff("luo-yan", {"reports:read", "people:read"}, OTHER_VILLAGE[:9])
MONTH: Final = "/reports/month/2026-10"


async def a_county(register: Register) -> None:
    """Three homes on dibao, two of them elsewhere; somebody on tekun; a home on nothing."""
    await register.imported(
        a_csv(
            rows_of(
                a_household(
                    "h-1",
                    a_person(1, name="李伟"),
                    a_person(2, name="李娜", id_number=id_number(2, "20180910")),
                    **on_dibao(),
                ),
                a_household(
                    "h-2",
                    a_person(3, name="王芳"),
                    village=OTHER_VILLAGE,
                    **on_dibao(decision_number="青民决〔2026〕3号"),
                ),
                a_household(
                    "h-3",
                    a_person(4, name="=1+1"),
                    a_person(5, name="陈静", id_number=id_number(5, "19400101")),
                    village=OTHER_VILLAGE,
                    **on_dibao(decision_number="青民决〔2026〕4号"),
                ),
                a_household(
                    "h-4",
                    a_person(6, name="赵敏", tekun="是", care_mode="集中", self_care="全护理"),
                    **decided(),
                ),
                a_household("h-5", a_person(8, name="孙平")),
            )
        )
    )


async def report(
    register: Register, path: str = MONTH, by: Caller = STATISTICIAN
) -> dict[str, Any]:
    """A report in numbers."""
    answer = await register.get(path, by)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def lines_of(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The lines of a report by their names."""
    return {line["line"]: line for section in told["sections"] for line in section["lines"]}


def numbers_of(told: dict[str, Any]) -> dict[str, int]:
    """The counted lines of a report."""
    return {name: line["number"] for name, line in lines_of(told).items() if "number" in line}


def by_of(line: dict[str, Any], column: str) -> dict[str, int]:
    """A line's number by the values of a column."""
    (found,) = [each for each in line["by"] if each["column"] == column]
    return {each["value"]: each["number"] for each in found["values"]}


async def records(
    register: Register, line: str, by: Caller = STATISTICIAN, path: str = MONTH, **asked: Any
) -> list[dict[str, Any]]:
    """All records behind a number, page by page."""
    asked = {("by" if name == "column" else name): each for name, each in asked.items()}
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        asked |= {"after": after}
        answer = await register.client.get(
            f"{path}/lines/{line}", params=asked, headers=register.headers(by)
        )
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        after = answer.json()["next"]
    return found


async def freeze(register: Register, by: Caller = HEAD, path: str = MONTH) -> httpx.Response:
    """Ask for a report to be frozen."""
    return await register.client.post(f"{path}/freezing", headers=register.headers(by))


async def closed(
    register: Register, pay_month: str = "2026-10", family: str = "livelihood"
) -> UUID:
    """Benefits says that a run was closed; the same word twice is one run."""
    state = register.app.state
    context = Context(
        name="identification",
        settings=register.settings,
        database=state.database,
        clock=state.clock,
        keys=state.keys,
    )
    told = RunClosed(
        county=COUNTY,
        occurred_at=datetime(2026, 9, 28, tzinfo=UTC),
        run_id=uuid4(),
        family=family,
        pay_month=Month.parse(pay_month),
        kind=RunKind.REGULAR,
        sequence=1,
        lines_count=4,
        total_fen=120_000,
        list_sha256="a" * 64,
    )
    await closings.hear(context, told)
    await closings.hear(context, told)
    return told.run_id
