"""The summary of a round, by village and township, and the households behind each number of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.identification.casework.looking_again import reviews, round_hands, rounds
from services.identification.casework.papers import tables
from services.identification.casework.papers.tables import NoSuchLine, Sheet
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.models import RoundHousehold
from services.identification.places import Place

PAGE: Final = 200


def _found(name: str) -> Callable[[RoundHousehold], bool]:
    return lambda one: one.signed_on is not None and one.finding == name


LINES: Final[Mapping[str, tuple[Words, Callable[[RoundHousehold], bool]]]] = {
    "all": (Words("共", "all"), lambda one: True),
    "kept": (Words("继续保障", "stay"), _found("kept")),
    "left": (Words("应退出", "are to leave"), _found("left")),
    "added": (Words("应纳入", "are to come in"), _found("added")),
    "not-added": (Words("不纳入", "do not come in"), _found("not-added")),
    "unsigned": (
        Words("待签字", "not signed by two yet"),
        lambda one: one.finding is not None and one.signed_on is None,
    ),
    "open": (Words("未核查", "not visited yet"), lambda one: one.finding is None),
}
"""The numbers of a summary, each with whom it counts."""


async def behind(
    desk: Desk, round_id: UUID, line: str, area: str | None, after: int
) -> dict[str, Any]:
    """The households behind a number of a summary, in an area, page by page.

    Raises:
        NoSuchRound, NoSuchLine: there is none, or it is not of the caller's area.
    """
    if line not in LINES:
        raise NoSuchLine()
    words, counts = LINES[line]
    found = [each for each in await _of(desk, round_id, area) if counts(each)]
    page = found[after : after + PAGE]
    hands = await round_hands.of(desk, page)
    return {
        "name": words.both(),
        "number": len(found),
        "items": [rounds.line(each, hands[each.id]) for each in page],
        "next": after + PAGE if after + PAGE < len(found) else None,
    }


async def sheets(
    desk: Desk, round_id: UUID, place: Place, area: str | None, *, households: bool
) -> tuple[str, list[Sheet]]:
    """What the round is called, and its summary with, where wanted, everybody it looked at.

    Raises:
        NoSuchRound: there is none, or it is not of the caller's area.
    """
    found = await _of(desk, round_id, area)
    sums: dict[str, list[int]] = {}
    for each in found:
        line = sums.setdefault(each.village, [0] * len(LINES))
        for column, (_, counts) in enumerate(LINES.values()):
            line[column] += counts(each)
    columns = ["乡镇（街道）", "村（社区）", *(words.zh for words, _ in LINES.values())]
    listed = [Sheet("分乡镇、村汇总", columns, tables.by_area(place, sums, len(LINES)))]
    if households:
        listed.append(_households(place, found))
    return (await rounds.round_of(desk, round_id)).name, listed


def _households(place: Place, found: Sequence[RoundHousehold]) -> Sheet:
    columns = (
        "序号",
        "村（社区）",
        "户号（编号）",
        "户主",
        "核查原因",
        "户别",
        "结果",
        "入户日期",
        "两人签字",
    )
    return Sheet(
        "逐户结果",
        columns,
        [
            (
                each.serial,
                place.called(each.village),
                each.number,
                each.head_name,
                rounds.BECAUSE[each.because],
                reviews.KINDS.get(str(each.kind), ""),
                rounds.FOUND.get(str(each.finding), ""),
                each.visited_on.isoformat() if each.visited_on else "",
                "是" if each.signed_on else "",
            )
            for each in found
        ],
    )


async def _of(desk: Desk, round_id: UUID, area: str | None) -> list[RoundHousehold]:
    await rounds.round_of(desk, round_id)
    return [
        each
        for each in await rounds.households_of(desk, round_id)
        if desk.caller.may_see(each.village) and each.village.startswith(area or "")
    ]
