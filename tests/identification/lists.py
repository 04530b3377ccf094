"""Lists of other departments, as tests deliver and compare them."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import httpx

from services.identification.comparison.working import run_work
from shared.callers import Caller, Kind
from tests.identification.makers import VILLAGE, a_csv, a_household, a_person, id_number, rows_of
from tests.identification.register import COUNTY, Register

MONTH: Final = "2026-10"
AS_OF: Final = "2026-09-24"
MAKER: Final = Caller(
    "staff:wang",
    Kind.STAFF,
    COUNTY,
    "wang",
    frozenset({"feeds:deliver", "feeds:read", "comparisons:make", "alerts:read", "alerts:assign"}),
    (COUNTY,),
)
COMPARER: Final = replace(MAKER, subject="staff:zhu", person="zhu")
"""Who brings a list does not compare it."""
ID: Final = "身份证号"
HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "deaths": (ID, "死亡日期"),
    "prisoners": (ID, "收监日期", "释放日期"),
    "other-counties": (ID, "起始日期", "县区代码"),
    "public-payroll": (ID, "单位编码", "月工资"),
    "vehicles": (ID, "号牌号码", "登记日期"),
    "farm-machinery": (ID, "牌照号", "购置价格"),
    "property": (ID, "不动产单元号", "建筑面积"),
    "disability-certificates": (ID, "残疾等级", "发证日期"),
    "hospital-bills": (ID, "就诊流水号", "医疗类别", "个人自付", "结算年月", "结算单号"),
    "disasters": ("户主身份证号", "受灾日期", "受损情况", "直接经济损失"),
    "subsidies": (ID, "补贴项目", "补贴金额", "发放日期"),
    "unemployment": (ID, "失业登记日期", "失业保险金"),
    "school-enrolment": (ID, "学校代码", "本学年资助金额"),
    "registered-poor": (ID, "脱贫状态"),
    "marriages": ("男方身份证号", "女方身份证号", "登记日期", "婚姻状态"),
}


def officer(name: str, *scopes: str, area: str = COUNTY) -> Caller:
    """Somebody who has to do with alerts."""
    return Caller(f"staff:{name}", Kind.STAFF, COUNTY, name, frozenset(scopes), (area,))


def agency(feed: str) -> Caller:
    """The office that sends one list by machine."""
    scopes = frozenset({"feeds:deliver"})
    return Caller(f"client:{feed}", Kind.PARTNER, COUNTY, "", scopes, (f"feed:{feed}",))


def a_list(feed: str, *rows: Sequence[Any], encoding: str = "utf-8") -> bytes:
    """A list as a CSV file."""
    sink = io.StringIO()
    csv.writer(sink).writerows([HEADINGS[feed], *rows])
    return sink.getvalue().encode(encoding)


async def send(
    register: Register,
    feed: str,
    content: bytes,
    *,
    month: str = MONTH,
    as_of: str = AS_OF,
    by: Caller = MAKER,
    **said: str,
) -> httpx.Response:
    """Hand a list in."""
    return await register.client.post(
        f"/feeds/{feed}/deliveries",
        params={"month": month, "as_of": as_of, **said},
        content=content,
        headers=register.headers(by),
    )


async def delivered(
    register: Register, feed: str, *rows: Sequence[Any], **when: str
) -> dict[str, Any]:
    """A list that was handed in and keyed."""
    answer = await send(register, feed, a_list(feed, *rows), **when)  # type: ignore[arg-type] # Days and months only.
    assert answer.status_code == 202, answer.text
    await work(register)
    path = f"/feeds/{feed}/deliveries/{answer.json()['delivery_id']}"
    found: dict[str, Any] = (await register.get(path, MAKER)).json()
    return found


async def work(register: Register) -> None:
    """Do what waits, here."""
    assert await run_work(register.settings) == 0


async def compared(register: Register, month: str = MONTH) -> dict[str, Any]:
    """The month's comparison, done."""
    answer = await register.client.post(
        "/comparisons", json={"month": month}, headers=register.headers(COMPARER)
    )
    assert answer.status_code == 202, answer.text
    await work(register)
    path = f"/comparisons/{answer.json()['comparison_id']}"
    found: dict[str, Any] = (await register.get(path, MAKER)).json()
    assert found["status"] == "compared", found
    return found


async def alerts(register: Register, by: Caller = MAKER, **asked: Any) -> list[dict[str, Any]]:
    """The alerts somebody may know of."""
    found: list[dict[str, Any]] = (await register.get("/alerts", by, **asked)).json()["items"]
    return found


async def a_register(register: Register) -> dict[str, str]:
    """Two households on dibao and one that is not; the ids of their people by ID number."""
    decided = {
        "dibao": "是",
        "income": "120.00",
        "bank": "青神县商业银行",
        "account_number": "6219980000000000012",
        "account_kind": "卡",
        "decision_number": "青民决〔2026〕1号",
        "decided_on": "2026-09-10",
        "from_month": "2026-10",
    }
    content = a_csv(
        rows_of(
            a_household("h-1", a_person(1), a_person(2), **decided),
            a_household("h-2", a_person(3), a_person(4), **decided),
            a_household("h-3", a_person(5), a_person(6), village=VILLAGE),
        )
    )
    found = await register.imported(content)
    assert found["status"] == "imported", found
    index = {}
    for order in range(1, 7):
        number = id_number(order)
        people = (await register.get("/people", query=number)).json()["items"]
        index[number] = people[0]["person_id"]
    return index
