"""Temporary assistance in a period: each case that was helped in it, and with how much."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlmodel import col, select

from services.identification.areas import within
from services.identification.casework.decisions.aid import ADVANCE, HELPED, PROGRAMME, returned
from services.identification.casework.needs.temporary import REPORTS
from services.identification.desk import Desk
from services.identification.grammar.rows import words_of
from services.identification.models import CaseAct, CaseFile
from services.identification.reports.books import Book
from services.identification.reports.definitions import NONE
from services.identification.reports.periods import Period

COLUMNS: Final = ("aid", "first", "amount_fen")
_ASKED: Final = (*REPORTS, "propose", *HELPED)


async def book(desk: Desk, period: Period, areas: Sequence[str]) -> Book:
    """Every case somebody was helped by in the period, with what was approved or paid first in it:
    the sums of all periods together are what was approved. An advance that came back before it
    was verified is in none, also where that was later; what is frozen stays.
    """
    given = (col(CaseAct.act) != ADVANCE) | col(CaseAct.case_id).not_in(returned())
    first, on = period.first.first_day(), min(desk.today, period.last.last_day())
    helped = (
        select(col(CaseAct.case_id))
        .join(CaseFile, col(CaseFile.id) == col(CaseAct.case_id))
        .where(
            col(CaseFile.category) == PROGRAMME,
            within(areas, col(CaseFile.village)),
            col(CaseAct.act).in_(HELPED),
            given,
            col(CaseAct.done_on).between(first, on),
        )
    )
    acts = await desk.session.exec(
        select(CaseAct, CaseFile.village, CaseFile.household_id)
        .join(CaseFile, col(CaseFile.id) == col(CaseAct.case_id))
        .where(
            col(CaseAct.case_id).in_(helped),
            col(CaseAct.act).in_(_ASKED),
            given,
            col(CaseAct.done_on) <= on,
        )
        .order_by(col(CaseAct.case_id), col(CaseAct.number))
    )
    found: dict[str, _Helped] = {}
    for act, village, household_id in acts:
        one = found.setdefault(str(act.case_id), _Helped(village, str(household_id or NONE)))
        one.take(act, words_of(desk.keys, act), first)
    rows = [(case_id, *one.row()) for case_id, one in found.items()]
    return Book.of(COLUMNS, rows)


class _Helped:
    """What was done for one case, act by act."""

    def __init__(self, village: str, household_id: str) -> None:
        self._where = (household_id, village)
        self._aid, self._approved_fen = NONE, 0
        self._advanced_fen, self._in_period_fen, self._first = 0, 0, False

    def take(self, act: CaseAct, words: dict[str, object], first: date) -> None:
        """One act more; `first` is the period's first day."""
        fen = 0
        if act.act in REPORTS:
            self._aid = str(words["kind"])
        elif act.act == "propose":
            self._approved_fen = int(str(words.get("amount_fen") or 0))
        elif act.act == ADVANCE:
            fen = int(str(words["amount_fen"]))
            self._advanced_fen += fen
            self._first = True
        else:
            # A hearing that grants says the sum itself; what it was about had refused it.
            self._approved_fen = int(str(words.get("amount_fen") or self._approved_fen))
            fen = max(self._approved_fen - self._advanced_fen, 0)
        if act.done_on >= first:
            self._in_period_fen += fen

    def row(self) -> tuple[str, ...]:
        """The record, in the order of the columns."""
        first = "yes" if self._first else "no"
        return (*self._where, self._aid, first, str(self._in_period_fen))
