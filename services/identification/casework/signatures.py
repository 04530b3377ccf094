"""Who signs is responsible: what each person did to cases in a time, and to which."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from sqlmodel import col, select

from services.identification.casework import queues
from services.identification.casework.paths import all_paths
from services.identification.desk import Desk
from services.identification.models import CaseAct, CaseFile
from shared.problems import TooLarge

SIGNATURES_MAX: Final = 50_000
APPLYING: Final = frozenset({"cases:apply", "cases:own"})
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_ALWAYS: Final = datetime(2026, 1, 1)  # noqa: DTZ001 # The format of workbooks knows no zones.


class TooManySignatures(TooLarge):
    """More was signed in that time than one list holds: ask for a shorter one."""


@dataclass(frozen=True)
class Signature:
    """One act somebody answers for."""

    person: str
    actor: str
    act: str
    act_words: str
    done_on: date
    version: int
    case_id: str
    receipt: str
    category_words: str
    village: str
    state_words: str


async def signed(desk: Desk, first: date, last: date, person: str | None) -> list[Signature]:
    """What was signed in the caller's areas from a day to another, by everybody or by one.

    To apply for somebody is no signature; every other act is.

    Raises:
        TooManySignatures: one list does not hold it.
    """
    statement = (
        select(CaseAct, CaseFile)
        .join(CaseFile, col(CaseFile.id) == col(CaseAct.case_id))
        .where(
            col(CaseAct.done_on) >= first,
            col(CaseAct.done_on) <= last,
            queues.visible(desk.caller),
        )
        .order_by(col(CaseAct.person), col(CaseAct.done_at), col(CaseAct.id))
        .limit(SIGNATURES_MAX + 1)
    )
    if person is not None:
        statement = statement.where(col(CaseAct.person) == person)
    found = (await desk.session.exec(statement)).all()
    if len(found) > SIGNATURES_MAX:
        raise TooManySignatures()
    return [_signature(act, case) for act, case in found if _is_one(act, case)]


def by_person(signatures: Sequence[Signature]) -> list[dict[str, Any]]:
    """Each person with how often they signed what, and in how many cases."""
    people: dict[str, dict[str, Any]] = {}
    for each in signatures:
        one = people.setdefault(
            each.person, {"person": each.person, "signatures": 0, "acts": {}, "cases": set()}
        )
        one["signatures"] += 1
        one["acts"][each.act_words] = one["acts"].get(each.act_words, 0) + 1
        one["cases"].add(each.case_id)
    return [{**one, "cases": len(one["cases"])} for one in people.values()]


def workbook(signatures: Sequence[Signature]) -> bytes:
    """The same as a workbook, a signature a line."""
    content = io.BytesIO()
    headings = ("签字人", "账号", "事项", "日期", "版本", "编号", "类别", "村（社区）", "现在状态")
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _ALWAYS})
        sheet = book.add_worksheet("谁签字谁负责")
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading)
        for line, each in enumerate(signatures, 1):
            cells = (
                each.person, each.actor, each.act_words, each.done_on.isoformat(),
                str(each.version), each.receipt, each.category_words, each.village,
                each.state_words,
            )  # fmt: skip
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, cell)
    return content.getvalue()


def _is_one(act: CaseAct, case: CaseFile) -> bool:
    of_table = all_paths()[case.category].acts.get(act.act)
    return of_table is None or not of_table.scopes <= APPLYING


def _signature(act: CaseAct, case: CaseFile) -> Signature:
    path = all_paths()[case.category]
    of_table: Mapping[str, Any] = path.acts
    words = of_table[act.act].words.zh if act.act in of_table else act.act
    return Signature(
        act.person,
        act.actor,
        act.act,
        words,
        act.done_on,
        act.number,
        str(case.id),
        case.receipt,
        path.words.zh,
        case.village,
        path.states[case.state].words.zh,
    )
