"""A round's list of a village on paper, taken along and signed."""

from uuid import UUID

from services.identification.casework.looking_again import reviews, rounds
from services.identification.casework.papers import printing
from services.identification.desk import Desk
from services.identification.places import Place


async def printed(desk: Desk, place: Place, round_id: UUID, village: str) -> bytes:
    """The list of a village to be taken along: pre-filled, with room for what is found and signed.

    Raises:
        NoSuchRound: there is none, or the village is not of it, or not of the caller's area.
    """
    shown = await rounds.show(desk, round_id, village)
    if village not in {each["village"] for each in shown["villages"]}:
        raise rounds.NoSuchRound()
    rows = [
        [
            str(each["serial"]),
            each["number"],
            each["head_name"],
            rounds.BECAUSE[each["because"]],
            reviews.KINDS.get(each["kind"], ""),
            "是" if each["sampled"] else "",
            "",
        ]
        for each in shown["households"]
    ]
    return printing.sheet(
        "visit-list",
        {
            "title": f"{shown['name']}核查表",
            "village": place.called(village),
            "columns": [
                "序号",
                "户号（编号）",
                "户主",
                "核查原因",
                "户别",
                "抽查",
                "结果、日期、两人签字",
            ],
            "rows": rows,
            "on": desk.today.isoformat(),
        },
    )
