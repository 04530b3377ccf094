"""The file of one case as one PDF: of whoever is not in the register, the file that is theirs."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from services.identification.casework.papers import archive, whole_files
from services.identification.casework.reading import stand
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseDocument
from shared.months import civil_date


async def printed(desk: Desk, files: Path, case_id: UUID) -> bytes:
    """The nine items, then every paper that counts, those of other cases too; audited.

    Raises:
        NoSuchCase, FileTooLarge.
    """
    at = await stand(desk, case_id)
    filed: list[whole_files.Filed | whole_files.Written] = [
        _filed(number, item, paper, receipt)
        for number, item in enumerate(archive.items(at), 1)
        for paper, receipt in [
            *((each, "") for each in item.papers),
            *((e.paper, e.receipt) for e in item.before if desk.caller.may_see(e.village)),
        ]
    ]
    filed += whole_files.objections_of(at)
    title = at.case.receipt
    pdf = await asyncio.to_thread(whole_files.printed, desk.keys, files, title, _cover(at), filed)
    await desk.note("case-file-read", str(case_id), {"size_bytes": len(pdf)})
    return pdf


def _filed(number: int, item: archive.Item, paper: CaseDocument, receipt: str) -> whole_files.Filed:
    name = f"{number} {archive.ITEMS[item.kind].zh}"
    return whole_files.Filed(
        name,
        f"{name} {civil_date(paper.added_at)} {receipt} {paper.sha256[:8]}",
        paper,
        paper.case_id,
    )


def _state(item: archive.Item) -> str:
    """How an item stands; where nothing was brought to this case, by which other it is there."""
    words = archive.STATES[item.state].zh
    before = "、".join(f"{each.receipt} 存档，有效至 {each.until}" for each in item.before)
    return f"{words}（{before}）" if before else words


def _cover(at: Standing) -> dict[str, Any]:
    case = at.case
    return {
        "facts": [
            ["编号", case.receipt],
            ["类别", at.path.words.zh],
            ["户主", case.head_name],
            ["村（社区）", case.village],
            ["状态", at.path.states[case.state].words.zh],
            ["打印日期", at.today.isoformat()],
        ],
        "items": [
            [
                str(number), archive.ITEMS[item.kind].zh, _state(item),
                str(len(item.papers)), str(len(item.earlier)),
            ]
            for number, item in enumerate(archive.items(at), 1)
        ],
        "cases": [],
        "versions": [],
    }  # fmt: skip
