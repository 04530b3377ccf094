"""The file of one case as one PDF: of whoever is not in the register, the file that is theirs."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from services.identification.casework.papers import archive, whole_files
from services.identification.casework.reading import stand
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from shared import audit


async def printed(desk: Desk, files: Path, case_id: UUID) -> bytes:
    """The nine items, then every paper that counts; audited.

    Raises:
        NoSuchCase, FileTooLarge: before anything is read.
    """
    at = await stand(desk, case_id)
    filed = [
        whole_files.Filed(
            f"{number} {archive.ITEMS[item.kind].zh}",
            f"{number} {archive.ITEMS[item.kind].zh} {each.added_at.date()} {each.sha256[:8]}",
            each,
        )
        for number, item in enumerate(archive.items(at), 1)
        for each in item.papers
    ]
    title = at.case.receipt
    pdf = await asyncio.to_thread(whole_files.printed, desk.keys, files, title, _cover(at), filed)
    await audit.record(
        desk.session,
        at.case.county,
        actor=desk.caller.subject,
        act="case-file-read",
        subject=str(case_id),
        details={"size_bytes": len(pdf)},
    )
    return pdf


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
                str(number), archive.ITEMS[item.kind].zh, archive.STATES[item.state].zh,
                str(len(item.papers)), str(len(item.earlier)),
            ]
            for number, item in enumerate(archive.items(at), 1)
        ],
        "cases": [],
        "versions": [],
    }  # fmt: skip
