"""What was granted, and what a run would grant: lines, in the words others read them in."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.benefits.models import (
    Determination,
    EntitlementLine,
    Membership,
    Run,
    RunStatus,
)
from shared.callers import Caller, Kind
from shared.contracts.digest import ListDigest
from shared.database import run
from shared.problems import NotFound

_DIGEST_ROWS: Final = 5000
_LINES_MAX: Final = 1000


class NoSuchLine(NotFound):
    """There is no such line here."""


def words(line_id: object, run_id: object, line: Any) -> dict[str, Any]:
    """A line in the words of the contract, of which the list's hash is made."""
    return {
        "line_id": str(line_id),
        "run_id": str(run_id),
        "beneficiary_kind": line.beneficiary_kind,
        "beneficiary_id": str(line.beneficiary_id),
        "household_id": str(line.household_id),
        "village": line.village,
        "programme": line.programme,
        "budget_item": line.budget_item,
        "month": line.month,
        "difference": line.difference,
        "kind": str(line.kind),
        "cause": line.cause,
        "amount_fen": line.amount_fen,
    }


def table_of(of: Run) -> str:
    """Where a run's lines lie: drafts until it is closed."""
    return "entitlement_line" if of.status == RunStatus.CLOSED else "draft_line"


async def page(
    session: AsyncSession, of: Run, *, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """A run's lines in the order of their ids."""
    rows = await run(
        session,
        text(_PAGE[table_of(of)]),
        {"run_id": of.id, "after": after or UUID(int=0), "limit": limit},
    )
    return [words(row.line_id, row.run_id, row) for row in rows]


async def behind(
    session: AsyncSession, county: str, asked: Mapping[str, Any], *, after: UUID | None, limit: int
) -> dict[str, Any]:
    """What a sum counts: lines of closed runs of some pay months, of a programme or budget item.

    `asked` says first, last, programme and budget_item (None: any).
    """
    wanted = {**asked, "county": county, "after": after or UUID(int=0), "limit": limit}
    sums = (await run(session, text(f"SELECT {_SUMS} {_BEHIND}"), wanted)).one()
    rows = await run(session, text(f"SELECT {_LINES} {_BEHIND} {_ONE_PAGE}"), wanted)
    items = [{**words(row.line_id, row.run_id, row), "pay_month": row.pay_month} for row in rows]
    return {"count": sums.lines, "total_fen": int(sums.total_fen), "items": items}


async def digest(session: AsyncSession, of: Run) -> tuple[ListDigest, int]:
    """The hash, count and sum of a run's list, as it lies in the database now."""
    total, after, found = 0, UUID(int=0), ListDigest()
    async for line in _stream(session, of, after):
        found.add(line)
        total += int(line["amount_fen"])
    return found, total


async def granted(session: AsyncSession, caller: Caller, line_id: UUID) -> EntitlementLine:
    """A line that was granted, if the caller may see it.

    Raises:
        NoSuchLine: there is none, or it is not the caller's to see: the two look the same.
    """
    line = await session.get(EntitlementLine, line_id)
    if line is None or not await _visible(session, caller, line):
        raise NoSuchLine
    return line


async def of_beneficiary(
    session: AsyncSession, caller: Caller, beneficiary_id: UUID
) -> list[EntitlementLine]:
    """What a household or a person was granted, the newest month first.

    A person's answer holds what their household was granted while they were counted in it; a
    household's holds what was granted to its members. A citizen sees only what is theirs.
    """
    wanted = (
        select(EntitlementLine)
        .where(
            or_(
                col(EntitlementLine.beneficiary_id) == beneficiary_id,
                col(EntitlementLine.household_id) == beneficiary_id,
                _counts(beneficiary_id),
            )
        )
        .order_by(col(EntitlementLine.month).desc(), col(EntitlementLine.line_id).desc())
        .limit(_LINES_MAX)
    )
    found = (await session.exec(wanted)).all()
    return [line for line in found if await _visible(session, caller, line)]


async def _visible(session: AsyncSession, caller: Caller, line: EntitlementLine) -> bool:
    if caller.kind != Kind.CITIZEN:
        return caller.may_see(line.village)
    if line.beneficiary_kind == "person":
        return str(line.beneficiary_id) == caller.person
    counted = select(EntitlementLine.line_id).where(
        EntitlementLine.line_id == line.line_id, _counts(UUID(caller.person))
    )
    return (await session.exec(counted)).first() is not None


def _counts(person_id: UUID) -> ColumnElement[bool]:
    """Whether a line is a household's in which its determination counted this person."""
    households = select(Membership.household_id).where(Membership.person_id == person_id)
    return and_(
        col(EntitlementLine.beneficiary_kind) == "household",
        col(EntitlementLine.household_id).in_(households),
        select(Determination.determination_id)
        .where(
            Determination.determination_id == EntitlementLine.determination_id,
            col(Determination.person_ids).contains([person_id]),
        )
        .exists(),
    )


async def _stream(session: AsyncSession, of: Run, after: UUID) -> AsyncIterator[dict[str, Any]]:
    while True:
        lines = await page(session, of, after=after, limit=_DIGEST_ROWS)
        for line in lines:
            yield line
        if len(lines) < _DIGEST_ROWS:
            return
        after = UUID(lines[-1]["line_id"])


_PAGE: Final = {
    table: (
        "SELECT line_id, run_id, beneficiary_kind, beneficiary_id, household_id, village,"  # noqa: S608 # Words of this file only.
        "    programme, budget_item, month, difference, kind, cause, amount_fen"
        f" FROM {table} WHERE run_id = :run_id AND line_id > :after"
        " ORDER BY line_id LIMIT :limit"
    )
    for table in ("draft_line", "entitlement_line")
}

_SUMS: Final = "count(*) AS lines, coalesce(sum(amount_fen), 0) AS total_fen"
_LINES: Final = "line.*, run.pay_month"
_BEHIND: Final = """
FROM run JOIN entitlement_line AS line ON line.run_id = run.id
WHERE run.county = :county AND run.status = 'closed' AND run.pay_month BETWEEN :first AND :last
    AND (CAST(:programme AS text) IS NULL OR line.programme = :programme)
    AND (CAST(:budget_item AS text) IS NULL OR line.budget_item = :budget_item)
"""
_ONE_PAGE: Final = "AND line.line_id > :after ORDER BY line.line_id LIMIT :limit"
