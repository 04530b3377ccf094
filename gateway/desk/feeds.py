"""Lists of other departments at the desk: who sends what, how old it is, and what it came to."""

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import month_of, names_of, peer, together
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import ROSTER
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller, needs
from shared.clock import Clock

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("feeds:read", "comparisons:make", kinds=("staff",))]
Deliverer = Annotated[Caller, needs("feeds:deliver", kinds=("staff",))]
Comparer = Annotated[Caller, needs("comparisons:make", kinds=("staff",))]

STATES: Final[Mapping[str, str]] = {
    "open": "还在传",
    "received": "已收到，正在处理",
    "kept": "已入库",
    "refused": "没有入库",
    "opened": "已开始",
    "peopled": "正在比对",
    "compared": "已比对",
}
STALE: Final[Mapping[str, str]] = {
    "stop": "没有就不比对",
    "last-known": "用最近一份",
    "none": "视为不知",
}
STANDINGS: Final[Mapping[str, str]] = {
    "fresh": "当期",
    "last-known": "用的是较早一份",
    "missing": "没有",
}
SIDES: Final[Mapping[str, str]] = {
    "matched": "两边都有",
    "only-here": "只有本县有",
    "only-there": "只有名单有",
}
REJECTS: Final[Mapping[str, str]] = {
    "missing": "没有填",
    "id-form": "身份证号不是十八位",
    "id-check-digit": "身份证号校验位不对",
    "id-birth-date": "身份证号里没有这一天",
    "future-birth": "出生日期在将来",
    "too-old": "年龄不合常理",
    "date-bad": "日期看不懂",
    "date-future": "日期还没有到",
    "month-bad": "年月看不懂",
    "sum-bad": "金额看不懂",
    "count-bad": "数字看不懂",
    "word-unknown": "不是约定的词",
    "repeated": "与前面一行完全一样",
    "text-bad": "文字太长",
}
BATCHES: Final[Mapping[str, str]] = {
    "assisted-only": "在享但不在建档立卡名单",
    "registered-only": "在建档立卡名单但未享受低保、特困",
    "monitored-only-here": "数据库列为监测对象，名单没有列为监测对象",
    "monitored-only-there": "名单列为监测对象，数据库没有列为监测对象或更前的类别",
}


@router.get("/feeds")
async def feeds(request: Request, caller: Reader) -> Response:
    """Every list with its owner, its day and its last delivery; and the last comparisons."""
    service = peer(request, "identification")
    lists, done = await together(service.get("/feeds"), service.get("/comparisons"))
    clock: Clock = request.app.state.clock
    return pages_of(request).render(
        request,
        "desk/feeds.html",
        feeds=lists["items"],
        comparisons=done["items"],
        without=done["without"],
        named={each["feed"]: each["name"]["zh"] for each in lists["items"]},
        states=STATES,
        stale=STALE,
        month=await month_of(request, None),
        today=clock.today().isoformat(),
    )


@router.post("/feeds/{feed}")
async def send_in(
    feed: str,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Deliverer,
) -> Response:
    """Pass a list on as it comes; nothing of it is kept at the door."""
    said = {name: file.words.get(name, "") for name in ("month", "as_of")}
    if file.words.get("unchanged") == "yes":
        said["unchanged"] = "true"
    received = await pass_on(request, f"/feeds/{feed}/deliveries?{urlencode(said)}", file, ROSTER)
    return see(f"/staff/feeds/{feed}/{received['delivery_id']}")


@router.post("/feeds/{feed}/nobody")
async def say_nobody(feed: str, request: Request, form: FormOf, caller: Deliverer) -> Response:
    """Say for an office that it has nobody to name this month."""
    words = {name: form.word(name) for name in ("month", "as_of")}
    service = peer(request, "identification")
    said = await service.post(f"/feeds/{feed}/empty-deliveries", words, key=form.key)
    return see(f"/staff/feeds/{feed}/{said['delivery_id']}")


@router.get("/feeds/{feed}/{delivery_id}")
async def delivery(feed: str, delivery_id: UUID, request: Request, caller: Reader) -> Response:
    """What became of one delivery, and the rows that were not kept."""
    service = peer(request, "identification")
    lists, found = await together(
        service.get("/feeds"), service.get(f"/feeds/{feed}/deliveries/{delivery_id}")
    )
    return pages_of(request).render(
        request,
        "desk/delivery.html",
        feed=next(each for each in lists["items"] if each["feed"] == feed),
        delivery=found,
        coming=found["status"] == "received",
        states=STATES,
        reasons=REJECTS,
    )


@router.post("/feeds/{feed}/{delivery_id}/acceptance")
async def accept(
    feed: str, delivery_id: UUID, request: Request, form: FormOf, caller: Comparer
) -> Response:
    """Let a list that another brought count before the agency's own, and say why."""
    words = {name: form.word(name) for name in ("over", "because")}
    path = f"/feeds/{feed}/deliveries/{delivery_id}/acceptance"
    await peer(request, "identification").post(path, words, key=form.key)
    return see(f"/staff/feeds/{feed}/{delivery_id}")


@router.post("/comparisons")
async def compare(request: Request, form: FormOf, caller: Comparer) -> Response:
    """Open the month's comparison."""
    words = {"month": form.word("month")}
    opened = await peer(request, "identification").post("/comparisons", words, key=form.key)
    return see(f"/staff/comparisons/{opened['comparison_id']}")


@router.get("/comparisons/{comparison_id}")
async def comparison(comparison_id: UUID, request: Request, caller: Reader) -> Response:
    """What a month's comparison came to; every count opens its list."""
    service = peer(request, "identification")
    lists, found = await together(
        service.get("/feeds"), service.get(f"/comparisons/{comparison_id}")
    )
    return pages_of(request).render(
        request,
        "desk/comparison.html",
        comparison=found,
        names={each["feed"]: each["name"]["zh"] for each in lists["items"]},
        working=found["status"] in {"opened", "peopled"},
        states=STATES,
        standings=STANDINGS,
        batches=BATCHES,
    )


@router.get("/comparisons/{comparison_id}/feeds/{feed}/{side}")
async def behind(
    comparison_id: UUID, feed: str, side: str, request: Request, caller: Reader, after: int = -1
) -> Response:
    """The people or rows behind a count."""
    path = f"/comparisons/{comparison_id}/feeds/{feed}/{side}"
    lists = await peer(request, "identification").get("/feeds")
    name = next((each["name"]["zh"] for each in lists["items"] if each["feed"] == feed), feed)
    return await _opened(request, path, f"{name}：{SIDES.get(side, side)}", after)


@router.get("/comparisons/{comparison_id}/batches/{batch}")
async def batch(
    comparison_id: UUID, batch: str, request: Request, caller: Reader, after: int = -1
) -> Response:
    """The people of one batch, or of one of two lists only."""
    path = f"/comparisons/{comparison_id}/batches/{batch}"
    return await _opened(request, path, BATCHES.get(batch, f"第 {batch} 批"), after)


async def _opened(request: Request, path: str, title: str, after: int) -> Response:
    found = await peer(request, "identification").get(path, {"after": str(after)})
    items = found.get("items", [])
    return pages_of(request).render(
        request,
        "desk/opened.html",
        title=title,
        items=items,
        rows=found.get("rows"),
        names=await names_of(request, {each["person_id"] for each in items}),
        onward=f"/staff{path}?after={found['next']}" if found["next"] is not None else None,
    )
