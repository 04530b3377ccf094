"""Roster imports: received once for each file, looked at, and what became of them."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.determinations import NoSuchImport
from services.identification.models import RosterFault, RosterImport
from services.identification.roster.faults import Fault
from shared import audit
from shared.callers import Caller
from shared.database import copy_rows, run
from shared.problems import Conflict, Forbidden, NotFound

ACTOR: Final = "identification"
FAULTS_SHOWN: Final = 200
LISTED_MAX: Final = 50
FELL: Final = "import-stopped"
HANDING_REFUSED: Final = "handing-refused"
NOT_ACCEPTED: Final = "not-accepted"
# Why an import was set aside though its file can be read: the same file again lets it go on.
STOPPED: Final = {
    FELL: "导入多次中断，已经停下；查明原因后再传同一个文件，就接着导入",
    HANDING_REFUSED: "账户或电话移交时被拒收，已经停下；改正后再传同一个文件，就接着导入",
    NOT_ACCEPTED: "核对的人没有接收；问清楚以后再传同一个文件，就再请人核对",
}
_FAULT: Final = ("county", "import_id", "sheet", "row", "column", "code", "reason")


class BroughtItYourself(Forbidden):
    """Whoever brought a roster does not accept it."""


class NotWaiting(Conflict):
    """This roster does not wait to be accepted."""


class NothingToCorrect(NotFound):
    """No row of this roster came back."""


def upload_path(files_dir: Path, import_id: UUID) -> Path:
    """Where the sealed roster lies."""
    return files_dir / "uploads" / f"{import_id}.sealed"


def staged_path(files_dir: Path, import_id: UUID) -> Path:
    """Where its rows lie, sealed, while they are being loaded."""
    return files_dir / "staged" / f"{import_id}.sealed"


def annotated_path(files_dir: Path, import_id: UUID) -> Path:
    """Where the workbook of bad rows lies, sealed."""
    return files_dir / "annotated" / f"{import_id}.sealed"


def purpose(kind: str, import_id: UUID) -> str:
    """What a sealed file of an import is for; it opens for nothing else."""
    return f"{kind}|{import_id}"


async def receive(
    session: AsyncSession,
    import_id: UUID,
    file_sha256: str,
    file_bytes: int,
    caller: Caller,
    now: datetime,
) -> RosterImport:
    """Write a received file down; the same file again is the same import, and one that was
    stopped goes on."""
    written = await run(
        session,
        insert(RosterImport)
        .values(
            county=caller.county,
            id=import_id,
            file_sha256=file_sha256,
            file_bytes=file_bytes,
            status="received",
            received_by=caller.subject,
            received_person=caller.person,
            received_at=now,
        )
        .on_conflict_do_nothing(constraint="uq_roster_import_county_file_sha256")
        .returning(col(RosterImport.id)),
    )
    if written.first() is not None:
        await audit.record(
            session,
            caller.county,
            actor=caller.subject,
            act="roster-received",
            subject=str(import_id),
            details={"file_sha256": file_sha256, "file_bytes": file_bytes},
        )
    statement = select(RosterImport).where(
        col(RosterImport.county) == caller.county, col(RosterImport.file_sha256) == file_sha256
    )
    found = (await session.exec(statement.with_for_update())).one()
    if found.refused_because in STOPPED:
        await _go_on(session, found, caller.subject)
    return found


async def judge(
    session: AsyncSession, caller: Caller, import_id: UUID, *, accepted: bool, now: datetime
) -> RosterImport:
    """Another than who brought it lets a roster go in, or does not.

    Raises:
        NoSuchImport, NotWaiting, BroughtItYourself: as they say.
    """
    found = await session.get(RosterImport, import_id, with_for_update=True)
    if found is None:
        raise NoSuchImport()
    if found.status != "waiting":
        raise NotWaiting(f"it is {found.status}")
    if caller.is_same(found.received_by, found.received_person):
        raise BroughtItYourself()
    if not accepted:
        await stop(session, import_id, NOT_ACCEPTED, actor=caller.subject)
    else:
        await change(
            session,
            import_id,
            status="importing",
            accepted_by=caller.subject,
            accepted_person=caller.person,
            accepted_at=now,
        )
        await audit.record(
            session,
            found.county,
            actor=caller.subject,
            act="roster-accepted",
            subject=str(import_id),
            details={"rows": found.rows, "file_sha256": found.file_sha256},
        )
    await session.refresh(found)
    return found


async def stop(session: AsyncSession, import_id: UUID, because: str, actor: str = ACTOR) -> None:
    """Set an import aside, so that others go on; its files stay, for what is in must be said.

    Chunks may be loaded that nobody has been told of: the same file again finishes them.
    """
    found = await one(session, import_id)
    if found.status not in ("received", "importing", "waiting"):
        return
    await put_down_faults(
        session, found.county, import_id, [Fault("", 0, "", because, STOPPED[because])]
    )
    await change(session, import_id, status="refused", refused_because=because, waits_for=None)
    await audit.record(
        session,
        found.county,
        actor=actor,
        act="roster-stopped",
        subject=str(import_id),
        details={"because": because},
    )


async def _go_on(session: AsyncSession, found: RosterImport, actor: str) -> None:
    await run(
        session,
        delete(RosterFault).where(
            col(RosterFault.import_id) == found.id, col(RosterFault.code).in_(STOPPED)
        ),
    )
    await change(session, found.id, status="importing", refused_because=None)
    await session.refresh(found)
    await audit.record(
        session,
        found.county,
        actor=actor,
        act="roster-goes-on",
        subject=str(found.id),
        details={"chunks_handed": found.chunks_handed},
    )


async def one(session: AsyncSession, import_id: UUID) -> RosterImport:
    """An import.

    Raises:
        NoSuchImport: there is none.
    """
    found = await session.get(RosterImport, import_id)
    if found is None:
        raise NoSuchImport()
    return found


async def latest(session: AsyncSession) -> list[RosterImport]:
    """The last imports, the newest first."""
    statement = select(RosterImport).order_by(col(RosterImport.id).desc()).limit(LISTED_MAX)
    return list((await session.exec(statement)).all())


async def waiting(session: AsyncSession) -> RosterImport | None:
    """The oldest import that is not finished."""
    statement = (
        select(RosterImport)
        .where(col(RosterImport.status).in_(("received", "importing")))
        .order_by(col(RosterImport.id))
        .limit(1)
    )
    return (await session.exec(statement)).first()


async def put_down_faults(
    session: AsyncSession, county: str, import_id: UUID, faults: list[Fault]
) -> None:
    """Write faults down, by COPY."""
    await copy_rows(
        session,
        "roster_fault",
        _FAULT,
        (
            (county, import_id, fault.sheet, fault.row, fault.column, fault.code, fault.reason)
            for fault in faults
        ),
    )


async def forget_faults(session: AsyncSession, import_id: UUID) -> None:
    """Take the faults of an earlier, unfinished survey away."""
    await run(session, delete(RosterFault).where(col(RosterFault.import_id) == import_id))


async def faults(
    session: AsyncSession, import_id: UUID, limit: int | None = None
) -> list[RosterFault]:
    """What is wrong with a roster, in the order of its rows."""
    statement = (
        select(RosterFault)
        .where(col(RosterFault.import_id) == import_id)
        .order_by(col(RosterFault.row), col(RosterFault.id))
        .limit(limit)
    )
    return list((await session.exec(statement)).all())


async def rows_at_fault(
    session: AsyncSession, import_id: UUID, sheet: str, first: int, last: int
) -> set[int]:
    """The rows between two that are named as wrong."""
    statement = (
        select(col(RosterFault.row))
        .where(
            col(RosterFault.import_id) == import_id,
            col(RosterFault.sheet) == sheet,
            col(RosterFault.row).between(first, last),
        )
        .distinct()
    )
    return set((await session.exec(statement)).all())


async def change(session: AsyncSession, import_id: UUID, **values: Any) -> None:
    """Write how far an import is."""
    await run(
        session, update(RosterImport).where(col(RosterImport.id) == import_id).values(**values)
    )


async def words(session: AsyncSession, found: RosterImport) -> dict[str, Any]:
    """An import in the words of the API, with the first of its faults."""
    shown = await faults(session, found.id, FAULTS_SHOWN)
    counted = await session.exec(select(func.count()).where(col(RosterFault.import_id) == found.id))
    return {
        **short(found),
        "problems_count": counted.one(),
        "problems": [
            {
                "sheet": fault.sheet,
                "row": fault.row,
                "column": fault.column,
                "reason": fault.reason,
                "code": fault.code,
            }
            for fault in shown
        ],
    }


def short(found: RosterImport) -> dict[str, Any]:
    """An import without its faults."""
    return {
        "import_id": str(found.id),
        "status": found.status,
        "file_sha256": found.file_sha256,
        "received_at": found.received_at.isoformat(),
        "received_by": found.received_by,
        "effect": found.effect,
        "accepted_by": found.accepted_by,
        "finished_at": found.finished_at.isoformat() if found.finished_at else None,
        "refused_because": found.refused_because,
        "waits_for": found.waits_for,
        "rows": found.rows,
        "people": found.people,
        "households": found.households,
        "rows_good": found.rows_good,
        "rows_bad": found.rows_bad,
        "chunks": found.chunks,
        "chunks_loaded": found.chunks_loaded,
        "determinations": found.determinations,
        "determinations_sha256": found.determinations_sha256,
        "deaths": found.deaths,
    }
