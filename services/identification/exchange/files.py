"""Files of the exchange: one in is read whole and applied whole, or returned with what is wrong.

A file in lies sealed from its first byte. Its rows are understood, set against what is known, and
only when nothing is wrong carried out, in the transaction that also writes the file down. The same
file again changes nothing; one that was refused is looked at again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.exchange import writing
from services.identification.exchange.faults import Taken
from services.identification.exchange.reading import Sheet, read_sheet
from services.identification.exchange.templates import FORMS, IN, OUT, Template
from services.identification.exchange.works import work_of
from services.identification.models import ExchangeFile
from services.identification.places import Place
from services.identification.roster.faults import Fault
from services.identification.sealed_files import SealedReader, seal, unseal
from shared.database import new_id
from shared.problems import Conflict, Forbidden, Malformed, NotFound
from shared.secrets import KeyRing, fingerprint

APPLIED: Final = "applied"
REFUSED: Final = "refused"
MADE: Final = "made"
FAULTS_SHOWN: Final = 200
LISTED_MAX: Final = 100


class NoSuchTemplate(Malformed):
    """The exchange knows no such template, or it goes the other way."""


class NoSuchFile(NotFound):
    """There is no such file of the exchange."""


class NothingToSend(Conflict):
    """Nothing waits to be sent by this template."""


class NothingToAnswer(NotFound):
    """This file asks for no answers."""


class CountyWideOnly(Forbidden):
    """A file of the exchange speaks of the whole county; only county staff may work with it."""


def path_of(files: Path, file_id: UUID, kind: str = "content") -> Path:
    """Where a file lies, sealed."""
    return files / "exchange" / f"{file_id}.{kind}.sealed"


def purpose(file_id: UUID, kind: str = "content") -> str:
    """What a sealed file is for; it opens for nothing else."""
    return f"exchange-{kind}|{file_id}"


def county_wide(desk: Desk) -> None:
    """Refuse whoever is of a part of the county.

    Raises:
        CountyWideOnly: the caller is.
    """
    if not desk.caller.may_see(desk.caller.county):
        raise CountyWideOnly()


def template_of(templates: Mapping[str, Template], name: str, direction: str) -> Template:
    """A template by its name.

    Raises:
        NoSuchTemplate: there is none of that direction.
    """
    template = templates.get(name)
    if template is None or template.direction != direction:
        known = [each.name for each in templates.values() if each.direction == direction]
        raise NoSuchTemplate(f"there are {', '.join(known)}")
    return template


async def receive(
    desk: Desk,
    files: Path,
    place: Place,
    template: Template,
    file_id: UUID,
    sha256: str,
    size_bytes: int,
) -> ExchangeFile:
    """Look at a file that lies sealed under its id, and apply it or say what is wrong.

    Raises:
        RosterUnreadable: it is no such file at all.
    """
    before = await _same(desk, template, sha256)
    if before is not None:
        # These bytes lie here already, sealed for their own id.
        path_of(files, file_id).unlink()
        if before.state == APPLIED:
            if (again := work_of(template).again) is not None:
                await again(desk, before)
            return before
    found = before or ExchangeFile(
        id=file_id,
        county=desk.caller.county,
        template=template.name,
        direction=IN,
        state=REFUSED,
        sha256=sha256,
        size_bytes=size_bytes,
        form="",
        counts={},
        faults=[],
        by=desk.caller.subject,
        at=desk.now,
    )
    return await _look(desk, files, place, template, found)


async def make(desk: Desk, files: Path, template: Template, form: str | None) -> ExchangeFile:
    """Make a file that goes out, and keep it.

    Raises:
        NothingToSend: there is no row.
    """
    form = form or template.form
    if form not in FORMS:
        raise NoSuchTemplate(f"a file is one of {', '.join(FORMS)}")
    work = work_of(template)
    assert work.rows is not None
    found = ExchangeFile(
        id=(file_id := new_id()),
        county=desk.caller.county,
        template=template.name,
        direction=OUT,
        state=MADE,
        sha256="",
        size_bytes=0,
        form=form,
        counts={},
        faults=[],
        by=desk.caller.subject,
        at=desk.now,
    )
    desk.session.add(found)
    await desk.session.flush()
    rows = await work.rows(desk, template, file_id)
    if not rows:
        raise NothingToSend()
    content = await asyncio.to_thread(writing.going_out, template, rows, form)
    found.rows, found.sha256, found.size_bytes = len(rows), fingerprint(content), len(content)
    _seal(files, desk.keys, file_id, "content", content)
    desk.session.add(found)
    await _note(desk, found, "exchange-file-made")
    return found


async def content(desk: Desk, files: Path, file_id: UUID, kind: str = "content") -> bytes:
    """A file as it came or went, or its rows with what is wrong; that it was read is written down.

    Raises:
        NoSuchFile: there is none.
    """
    found = await one(desk, file_id)
    if not path_of(files, file_id, kind).exists():
        raise NoSuchFile()
    read = await asyncio.to_thread(_unseal, files, desk.keys, file_id, kind)
    await _note(desk, found, "exchange-file-read", kind=kind)
    return read


async def answers(
    desk: Desk, files: Path, place: Place, template: Template, file_id: UUID
) -> tuple[str, bytes]:
    """Their list as it came, with what we have answered so far; its form, and the file.

    Raises:
        NoSuchFile, NothingToAnswer: there is none, or it asks nothing.
    """
    found = await one(desk, file_id)
    work = work_of(template)
    if found.template != template.name or found.state != APPLIED or work.answers is None:
        raise NothingToAnswer()
    if found.content_deleted_at is not None:
        raise NoSuchFile("its days are over, and it was taken away")
    sheet = await asyncio.to_thread(_sheet, desk, files, place, template, file_id)
    said = await work.answers(desk, template, sheet.lines)
    await _note(desk, found, "exchange-answers-read", answered=len(said))
    whole = writing.answered(template, sheet, said, found.form)
    return found.form, whole


async def one(desk: Desk, file_id: UUID) -> ExchangeFile:
    """One file.

    Raises:
        NoSuchFile: there is none.
    """
    found = await desk.session.get(ExchangeFile, file_id)
    if found is None or found.county != desk.caller.county:
        raise NoSuchFile()
    return found


async def latest(desk: Desk) -> list[ExchangeFile]:
    """The last files, the newest first."""
    statement = (
        select(ExchangeFile)
        .order_by(col(ExchangeFile.at).desc(), col(ExchangeFile.id).desc())
        .limit(LISTED_MAX)
    )
    return list(await desk.session.exec(statement))


def shown(found: ExchangeFile) -> dict[str, Any]:
    """A file as its readers see it; never what stood in its cells."""
    at: datetime = found.at
    return {
        "file_id": str(found.id),
        "template": found.template,
        "direction": found.direction,
        "state": found.state,
        "form": found.form,
        "sha256": found.sha256,
        "size_bytes": found.size_bytes,
        "rows": found.rows,
        "rows_bad": found.rows_bad,
        "counts": found.counts,
        "faults": found.faults,
        "by": found.by,
        "at": at.isoformat(),
        "content_deleted_at": found.content_deleted_at and found.content_deleted_at.isoformat(),
    }


async def _look(
    desk: Desk, files: Path, place: Place, template: Template, found: ExchangeFile
) -> ExchangeFile:
    work = work_of(template)
    sheet = await asyncio.to_thread(_sheet, desk, files, place, template, found.id)
    faults: Sequence[Fault] = sheet.faults
    if not faults and work.check is not None:
        faults = await work.check(desk, template, sheet.lines)
    found.form, found.rows = sheet.form, len(sheet.lines)
    found.rows_bad = len({each.row for each in faults})
    found.faults = _named(faults)
    found.at, found.by = desk.now, desk.caller.subject
    desk.session.add(found)
    await desk.session.flush()
    if faults:
        back = writing.returned(template, sheet, faults)
        _seal(files, desk.keys, found.id, "annotated", back)
        found.state = REFUSED
    else:
        taken = await _carry_out(desk, files, template, found, sheet)
        found.counts, found.faults = dict(taken.counts), _named(taken.left_out)
        found.state = APPLIED
        path_of(files, found.id, "annotated").unlink(missing_ok=True)
    desk.session.add(found)
    await _note(desk, found, f"exchange-file-{found.state}")
    return found


async def _carry_out(
    desk: Desk, files: Path, template: Template, found: ExchangeFile, sheet: Sheet
) -> Taken:
    work = work_of(template)
    if work.pass_on is not None:
        return Taken(await work.pass_on(desk, files, template, found, sheet.lines))
    assert work.take is not None
    return await work.take(desk, template, found.id, sheet.lines)


def _named(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """What is kept of faults: where and why, of as many as are shown."""
    return [
        {name: said for name, said in asdict(each).items() if name != "sheet"}
        for each in faults[:FAULTS_SHOWN]
    ]


def _sheet(desk: Desk, files: Path, place: Place, template: Template, file_id: UUID) -> Sheet:
    with SealedReader(path_of(files, file_id), desk.keys, purpose(file_id)) as file:
        return read_sheet(file, template, place, desk.today)  # type: ignore[arg-type] # It reads like any file.


async def _same(desk: Desk, template: Template, sha256: str) -> ExchangeFile | None:
    statement = select(ExchangeFile).where(
        col(ExchangeFile.county) == desk.caller.county,
        col(ExchangeFile.template) == template.name,
        col(ExchangeFile.direction) == IN,
        col(ExchangeFile.sha256) == sha256,
    )
    return (await desk.session.exec(statement.with_for_update())).first()


def _seal(files: Path, keys: KeyRing, file_id: UUID, kind: str, content: bytes) -> None:
    seal(path_of(files, file_id, kind), keys, purpose(file_id, kind), content)


def _unseal(files: Path, keys: KeyRing, file_id: UUID, kind: str) -> bytes:
    return unseal(path_of(files, file_id, kind), keys, purpose(file_id, kind))


async def _note(desk: Desk, found: ExchangeFile, act: str, **details: Any) -> None:
    await desk.note(act, str(found.id), {"template": found.template, "rows": found.rows, **details})
