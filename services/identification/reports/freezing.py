"""A report frozen with its runs: its lines, numbers and records are kept, and found unchanged."""

import io
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import pyarrow as pa
import sqlalchemy as sa
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework.paths import endable
from services.identification.desk import Desk
from services.identification.models import FrozenBook, FrozenReport
from services.identification.reports import closings
from services.identification.reports.books import Book
from services.identification.reports.definitions import Definitions, Report, parsed, written
from services.identification.reports.periods import Period
from services.identification.reports.shelves import Books
from shared import kit_tables
from shared.contracts.benefits import RunKind
from shared.database import new_id, run
from shared.problems import Conflict, Forbidden
from shared.secrets import fingerprint

_COMPRESSED: Final = pa.ipc.IpcWriteOptions(compression="zstd")


class CountyWideOnly(Forbidden):
    """A report is frozen for the whole county."""


class FrozenBefore(Conflict):
    """This report is frozen already; it stays as it is."""

    constraint = "uq_frozen_report_county_report_period"


class NothingClosed(Conflict):
    """No regular run of this month is closed: its report freezes with its money."""


class FamiliesNotRun(Conflict):
    """Somebody draws of a family whose regular run of this month is not closed yet."""


class NotOver(Conflict):
    """The period is not over."""


class FrozenDiffers(Conflict):
    """The frozen records do not give the frozen numbers: somebody changed the database."""


async def found(session: AsyncSession, report: str, period: str) -> FrozenReport | None:
    """A report as it was frozen; None while it is provisional."""
    statement = select(FrozenReport).where(
        FrozenReport.report == report, FrozenReport.period == period
    )
    return (await session.exec(statement)).first()


async def may_freeze(desk: Desk, report: Report, period: Period) -> list[dict[str, Any]]:
    """The runs a report is frozen with.

    Raises:
        CountyWideOnly: the caller's area is a part of the county.
        FrozenBefore: it is frozen already.
        NothingClosed: a month waits for its run.
        NotOver: it waits for its last day, or what comes until then would be in no report.
    """
    if not desk.caller.may_see(desk.caller.county):
        raise CountyWideOnly()
    if await found(desk.session, report.name, period.name) is not None:
        raise FrozenBefore()
    runs = await closings.of_period(desk.session, period)
    if report.name == "month" and not any(each["kind"] == RunKind.REGULAR for each in runs):
        raise NothingClosed()
    if not period.is_over(desk.today):
        raise NotOver()
    return runs


def _columns(programmes: Sequence[str], told: Collection[str]) -> set[str]:
    """The columns of people who draw these programmes: named like one, or like the category whose
    decision grants it."""
    flags = {f"on_{each}" for each in programmes}
    granted = {
        name.replace("-", "_") for name, grant in endable().items() if flags & set(grant.flags)
    }
    return {*programmes, *granted} & set(told)


def refuse_unrun(
    families: Mapping[str, Sequence[str]], books: Books, runs: Sequence[Mapping[str, Any]]
) -> None:
    """A month is frozen with all its money: of each family of which somebody is counted.

    Raises:
        FamiliesNotRun: a regular run is not closed.
    """
    closed = {each["family"] for each in runs if each["kind"] == RunKind.REGULAR}
    people = books["people"]
    told = set(people.rows.column_names)
    waiting = [
        family
        for family, programmes in families.items()
        if family not in closed
        and any(len(people.where({each: ["yes"]})) for each in _columns(programmes, told))
    ]
    if waiting:
        raise FamiliesNotRun(families=sorted(waiting))


async def freeze(
    desk: Desk, report: Report, period: Period, books: Books, numbers: list[Any], runs: list[Any]
) -> FrozenReport:
    """Freeze a report of the whole county: its lines, its numbers, and the records they count."""
    rows, head = await _audited(desk.session)
    frozen = FrozenReport(
        id=new_id(),
        county=desk.caller.county,
        report=report.name,
        period=period.name,
        definition=written(report),
        numbers=numbers,
        numbers_sha256=_digest(numbers),
        runs=runs,
        audit_rows=rows,
        audit_head=head,
        frozen_by=desk.caller.subject,
        frozen_at=desk.now,
    )
    desk.session.add(frozen)
    await desk.session.flush()
    for name, book in books.items():
        sealed = desk.keys.encrypt_bytes(_packed(book), purpose=_purpose(frozen.id, name))
        desk.session.add(
            FrozenBook(county=frozen.county, frozen_id=frozen.id, book=name, rows_sealed=sealed)
        )
    await desk.session.flush()
    await desk.note(
        "report-frozen",
        str(frozen.id),
        {
            "report": report.name,
            "period": period.name,
            "numbers_sha256": frozen.numbers_sha256,
        },
    )
    return frozen


async def _audited(session: AsyncSession) -> tuple[int, str]:
    """How many rows the audit log has, and the hash of the last.

    Printed with the report they lie outside the database, and show whether its end is still there.
    """
    table = kit_tables.audit
    last = sa.select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
    found = (await run(session, last)).one_or_none()
    return (int(found.number), bytes(found.hash).hex()) if found else (0, "")


def report_of(definitions: Definitions, frozen: FrozenReport) -> Report:
    """The lines as they were when it was frozen."""
    return parsed(frozen.report, frozen.definition, definitions.books)


async def books_of(desk: Desk, definitions: Definitions, frozen: FrozenReport) -> Books:
    """The records as they were when it was frozen, in the columns there are today.

    Raises:
        Tampered: they were changed.
    """
    rows = await desk.session.exec(select(FrozenBook).where(FrozenBook.frozen_id == frozen.id))
    return {
        row.book: Book(
            pa.ipc.open_stream(
                desk.keys.decrypt_bytes(row.rows_sealed, purpose=_purpose(frozen.id, row.book))
            ).read_all()
        ).with_columns(definitions.books[row.book])
        for row in rows
    }


def check(frozen: FrozenReport, numbers: list[Any]) -> None:
    """The frozen records give the frozen numbers.

    Raises:
        FrozenDiffers: they do not.
    """
    if not _digest(numbers) == _digest(frozen.numbers) == frozen.numbers_sha256:
        raise FrozenDiffers()


def words(frozen: FrozenReport) -> dict[str, Any]:
    """When it was frozen, by whom, with which runs, under which hash; where the audit log ended."""
    return {
        "frozen_at": frozen.frozen_at.isoformat(),
        "frozen_by": frozen.frozen_by,
        "numbers_sha256": frozen.numbers_sha256,
        "runs": frozen.runs,
        "audit_rows": frozen.audit_rows,
        "audit_head": frozen.audit_head,
    }


def _counts(sections: Any) -> Mapping[str, Any]:
    """The numbers of a report, without the words they are told in."""
    return {
        line["line"]: [
            # A sum of nothing is written like a line without a number, as it always was.
            line.get("number", line.get("fen") or None),
            line.get("basis_points", line.get("mean_fen")),
            {
                by["column"]: {
                    each["value"]: each["fen" if "fen" in each else "number"]
                    for each in by["values"]
                }
                for by in line.get("by", ())
            },
        ]
        for section in sections
        for line in section["lines"]
    }


def _digest(numbers: Any) -> str:
    text = json.dumps(_counts(numbers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return fingerprint(text.encode())


def _packed(book: Book) -> bytes:
    out = io.BytesIO()
    with pa.ipc.new_stream(out, book.rows.schema, options=_COMPRESSED) as stream:
        stream.write_table(book.rows)
    return out.getvalue()


def _purpose(frozen_id: UUID, book: str) -> str:
    return f"frozen-book|{frozen_id}|{book}"
