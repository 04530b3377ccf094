"""Lists of people from schools and agencies: staged row by row, then opened as drafts or leads.

Another than who brought a list opens it, however short it is: else a long one is brought in parts.
A row that is wrong waits for nobody: it is named by its number, and the others go on. Whoever has
an open case or lead of the programme already is known, and gets no second one.
"""

import asyncio
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select

from services.identification import areas, id_numbers
from services.identification.casework import drafts, opening
from services.identification.casework.applications import Application, Member
from services.identification.casework.paths import applied_for
from services.identification.desk import Desk
from services.identification.discovery import reporting
from services.identification.exchange.faults import Code, fault
from services.identification.exchange.reading import Line, read_sheet
from services.identification.exchange.templates import Template, read_template
from services.identification.grammar.wrong import Wrong
from services.identification.id_numbers import Flaw
from services.identification.models import PeopleList, PeopleListRow, RegisterEntry
from services.identification.people import index_of
from services.identification.places import Place
from services.identification.roster.columns import HEAD
from services.identification.roster.faults import Fault
from shared.database import new_id
from shared.problems import Conflict, Forbidden, Malformed, NotFound

TABLE: Final = Path(__file__).with_name("people.yaml")
CHANNELS: Final = {"school": "school", "agency": "list"}
DRAFT, LEAD = "draft", "lead"
OUTCOMES: Final = ("faulty", "waiting", "opened", "known")
_SO_ASKED: Final = {
    "no_id_reason": "至少写两个字",
    "temporary_code": "以T开头，后面是数字、大写字母或横线；没有的留空",
}
"""How a cell is to be where an application asks it in its own way."""
OPENED_MAX: Final = 200
"""As many are opened in one request; the rest by the same request again."""


class NoSuchList(NotFound):
    """There is no such list here."""


class BroughtByAnother(Conflict):
    """Somebody else brought this very file already, and goes on with it."""


class ListGone(Conflict):
    """The days of this list are over; its rows were taken away."""


class AnotherAccepts(Forbidden):
    """Whatever somebody brought is opened by another, who has looked at it."""


class NotForAList(Malformed):
    """Nobody is brought on a list for this."""


@lru_cache
def template() -> Template:
    """How such a file looks."""
    return read_template(TABLE)


async def stage(
    desk: Desk, place: Place, source: str, name: str, category: str, opens: str, content: bytes
) -> PeopleList:
    """Read a file and put its rows by, each with what is wrong with it; nothing is opened yet.

    The same bytes for the same programme are the same list, as it stands.

    Raises:
        NotForAList: nobody applies for that programme.
        BroughtByAnother: the same file was brought already, by somebody else.
        ListGone: it was brought so long ago that its rows went.
        RosterUnreadable, RosterTooLarge: it is no such file.
    """
    if category not in applied_for():
        raise NotForAList(f"{category} is not applied for")
    sha256 = hashlib.sha256(content).hexdigest()
    known = await _same(desk, sha256, category, opens)
    if known is not None:
        if not await _may_see(desk, known):
            raise BroughtByAnother()
        _still_there(known)
        return known
    file = io.BytesIO(content)
    sheet = await asyncio.to_thread(read_sheet, file, template(), place, desk.today)
    faults: dict[int, list[Fault]] = {}
    for each in [*sheet.faults, *_own_faults(desk, sheet.lines)]:
        faults.setdefault(each.row, []).append(each)
    for line in sheet.lines:
        if line.number not in faults and (wrong := _no_application(line)):
            faults[line.number] = wrong
    found = PeopleList(
        county=desk.caller.county,
        source=source,
        name=name,
        category=category,
        opens=opens,
        sha256=sha256,
        rows=len(sheet.lines),
        brought_by=desk.caller.subject,
        brought_person=desk.caller.person,
        brought_at=desk.now,
    )
    desk.session.add(found)
    await desk.session.flush()
    for line in sheet.lines:
        desk.session.add(_row(desk, found, line, faults.get(line.number, [])))
    await desk.session.flush()
    await desk.note(
        "people-list-staged",
        str(found.id),
        {"rows": found.rows, "faulty": len(faults), "category": category},
    )
    return found


async def accept(desk: Desk, list_id: UUID) -> int:
    """Open a draft or a lead for rows that wait, at most so many; how many still wait.

    Raises:
        NoSuchList: there is none that the caller may see.
        ListGone: its days are over.
        AnotherAccepts: the caller brought it.
    """
    found = await stand(desk, list_id)
    _still_there(found)
    if _brought_it(desk, found):
        raise AnotherAccepts()
    statement = (
        select(PeopleListRow)
        .where(col(PeopleListRow.list_id) == list_id, col(PeopleListRow.outcome) == "waiting")
        .order_by(col(PeopleListRow.number))
        .limit(OPENED_MAX)
        .with_for_update()
    )
    rows = (await desk.session.exec(statement)).all()
    for row in rows:
        await _open(desk, found, row)
        desk.session.add(row)
        await desk.session.flush()
    await desk.note("people-list-accepted", str(list_id), {"rows": len(rows)})
    return (await counts(desk, list_id))["waiting"]


async def stand(desk: Desk, list_id: UUID) -> PeopleList:
    """A list the caller brought, or of whose people everybody is of the caller's area.

    Raises:
        NoSuchList: there is none, or it is of others' areas too.
    """
    found = await desk.session.get(PeopleList, list_id)
    if found is None or not await _may_see(desk, found):
        raise NoSuchList()
    return found


def _still_there(found: PeopleList) -> None:
    if found.rows_deleted_at is not None:
        raise ListGone()


async def _may_see(desk: Desk, found: PeopleList) -> bool:
    visible = select(col(PeopleList.id)).where(col(PeopleList.id) == found.id, _there_for(desk))
    return (await desk.session.exec(visible)).first() is not None


def _brought_it(desk: Desk, found: PeopleList) -> bool:
    return desk.caller.is_same(found.brought_by, found.brought_person)


def _there_for(desk: Desk) -> ColumnElement[bool]:
    """The lists a caller may know of, as the database filters by them."""
    if desk.caller.may_see(desk.caller.county):
        return true()
    theirs = (
        col(PeopleListRow.list_id) == col(PeopleList.id),
        col(PeopleListRow.outcome) != "faulty",
    )
    rows = select(col(PeopleListRow.id)).where(*theirs).correlate(PeopleList)
    here = areas.of_areas(desk.caller, col(PeopleListRow.village))
    return or_(
        col(PeopleList.brought_by) == desk.caller.subject,
        col(PeopleList.brought_person) == (desk.caller.person or None),
        and_(rows.where(here).exists(), ~rows.where(~here).exists()),
    )


async def listed(desk: Desk) -> list[dict[str, Any]]:
    """The newest lists the caller may see, each with its counts."""
    newest = select(PeopleList).where(_there_for(desk)).order_by(col(PeopleList.id).desc())
    found = (await desk.session.exec(newest.limit(50))).all()
    return [{**_shown(desk, each), "counts": await counts(desk, each.id)} for each in found]


async def shown(desk: Desk, found: PeopleList) -> dict[str, Any]:
    """A list with every row: what is wrong with it, or what came of it; names and no numbers."""
    statement = (
        select(PeopleListRow)
        .where(col(PeopleListRow.list_id) == found.id)
        .order_by(col(PeopleListRow.number))
    )
    rows = (await desk.session.exec(statement)).all()
    return {
        **_shown(desk, found),
        "counts": await counts(desk, found.id),
        "items": [
            {
                "row": row.number,
                "name": _content(desk, row).get("name", "") if row.content_sealed else "",
                "village": row.village,
                "outcome": row.outcome,
                "faults": row.faults,
                "case_id": row.case_id and str(row.case_id),
                "entry_id": row.entry_id and str(row.entry_id),
            }
            for row in rows
        ],
    }


async def counts(desk: Desk, list_id: UUID) -> dict[str, int]:
    """Rows by outcome; together they are the rows of the file."""
    statement = (
        select(col(PeopleListRow.outcome), func.count())
        .where(col(PeopleListRow.list_id) == list_id)
        .group_by(col(PeopleListRow.outcome))
    )
    found = {str(outcome): int(count) for outcome, count in await desk.session.exec(statement)}
    return {outcome: found.get(outcome, 0) for outcome in OUTCOMES}


def _shown(desk: Desk, found: PeopleList) -> dict[str, Any]:
    return {
        "list_id": str(found.id),
        "source": found.source,
        "name": found.name,
        "category": found.category,
        "category_words": applied_for()[found.category].words.both(),
        "opens": found.opens,
        "rows": found.rows,
        "to_another": _brought_it(desk, found),
        "brought_by": found.brought_by,
        "brought_at": found.brought_at.isoformat(),
        "rows_deleted_at": found.rows_deleted_at and found.rows_deleted_at.isoformat(),
    }


def _own_faults(desk: Desk, lines: Sequence[Line]) -> list[Fault]:
    """What the columns alone do not tell: numbers, codes, areas, and who stands there twice."""
    found: list[Fault] = []
    columns, seen = template().columns, dict[str, int]()
    for line in lines:
        said = line.words
        for name in ("id_number", "guardian_id"):
            number = id_numbers.normalise(said.get(name, ""))
            # A wrong check digit is a query on the case, and bars nobody.
            if number and id_numbers.flaw(number, desk.today) not in {None, Flaw.CHECK_DIGIT}:
                found.append(fault(line.number, columns[name].heading, Code.ID_FORM))
        if not said.get("id_number") and not _without_number(said):
            found.append(fault(line.number, columns["id_number"].heading, Code.MISSING))
        if said.get("village") and not desk.caller.may_see(said["village"]):
            found.append(fault(line.number, columns["village"].heading, Code.VILLAGE_UNKNOWN))
        who = id_numbers.normalise(said.get("id_number", "")) or said.get("temporary_code", "")
        first = seen.setdefault(who, line.number) if who else line.number
        if first != line.number:
            more = f"第{first}行"
            found.append(fault(line.number, columns["id_number"].heading, Code.TWICE, more))
    return found


def _no_application(line: Line) -> list[Fault]:
    """Why what a row says, cell by cell in order, is no application: what it would be opened as."""
    try:
        _application(line.words)
    except ValidationError as problem:
        columns, found = template().columns, list[Fault]()
        for each in problem.errors(include_input=False, include_url=False):
            name = next((str(part) for part in each["loc"] if part in columns), "guardian_id")
            wrong = each.get("ctx", {}).get("error")
            more = wrong.zh if isinstance(wrong, Wrong) else _SO_ASKED.get(name, "")
            found.append(fault(line.number, columns[name].heading, Code.NOT_AS_ASKED, more))
        return found
    return []


def _without_number(said: Mapping[str, Any]) -> bool:
    """Whether it says who somebody is who has no number; a code that is not said is issued."""
    return all(said.get(name) for name in ("no_id_reason", "born_on"))


def _row(desk: Desk, of: PeopleList, line: Line, faults: Sequence[Fault]) -> PeopleListRow:
    row_id = new_id()
    number = id_numbers.normalise(line.words.get("id_number", ""))
    words = json.dumps(line.words, ensure_ascii=False)
    return PeopleListRow(
        id=row_id,
        county=of.county,
        list_id=of.id,
        number=line.number,
        village=line.words.get("village", ""),
        person_index=index_of(desk.keys, number) if number else None,
        outcome="faulty" if faults else "waiting",
        faults=[{k: v for k, v in asdict(each).items() if k != "sheet"} for each in faults],
        content_sealed=desk.keys.encrypt(
            words, table="people_list_row", column="content_sealed", row=row_id
        ),
    )


def _content(desk: Desk, row: PeopleListRow) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(
        desk.keys.decrypt(
            row.content_sealed, table="people_list_row", column="content_sealed", row=row.id
        )
    )
    return said


async def _same(desk: Desk, sha256: str, category: str, opens: str) -> PeopleList | None:
    statement = select(PeopleList).where(
        col(PeopleList.county) == desk.caller.county,
        col(PeopleList.sha256) == sha256,
        col(PeopleList.category) == category,
        col(PeopleList.opens) == opens,
    )
    return (await desk.session.exec(statement)).first()


async def _open(desk: Desk, of: PeopleList, row: PeopleListRow) -> None:
    """A draft or a lead for one row; or what is open for that person already. What the row says is
    added to a draft; where nobody handed one in, somebody still looks after a lead."""
    said = _content(desk, row)
    application, path = _application(said), applied_for()[of.category]
    case = next(iter(await drafts.open_of(desk, path, application)), None)
    if case is not None and (of.opens == DRAFT or not drafts.is_one(case, path)):
        await drafts.add(desk, case.id, application)
        row.outcome, row.case_id = "known", case.id
    elif of.opens == DRAFT:
        channel = CHANNELS[of.source]
        case = await opening.begin(desk, path, row.village, channel, application)
        row.outcome, row.case_id = "opened", case.id
    else:
        entry_id = await _open_lead(desk, of, row)
        row.outcome = "known" if entry_id else "opened"
        row.entry_id = entry_id or await _lead(desk, of, row, said)


async def _open_lead(desk: Desk, of: PeopleList, row: PeopleListRow) -> UUID | None:
    """The lead an earlier list opened for this person and programme, while it is open."""
    statement = (
        select(col(PeopleListRow.entry_id))
        .join(PeopleList, col(PeopleList.id) == col(PeopleListRow.list_id))
        .join(RegisterEntry, col(RegisterEntry.id) == col(PeopleListRow.entry_id))
        .where(
            col(PeopleList.category) == of.category,
            col(PeopleListRow.person_index).is_not(None),
            col(PeopleListRow.person_index) == row.person_index,
            col(RegisterEntry.closed_on).is_(None),
        )
    )
    return (await desk.session.exec(statement)).first()


async def _lead(desk: Desk, of: PeopleList, row: PeopleListRow, said: Mapping[str, Any]) -> UUID:
    words = {
        "source": "feed",
        "found_on": desk.today.isoformat(),
        "visitor": of.name[:60],
        "name": said["name"],
        "id_number": said.get("id_number"),
        "phone": said.get("phone"),
        "programme": of.category,
        "situation": said.get("situation") or of.name,
        "source_list": of.name[:60],
        "source_number": f"{of.id}:{row.number}",
    }
    kept = {name: word for name, word in words.items() if word is not None}
    return (await reporting.report(desk, None, row.village, kept)).id


def _application(said: Mapping[str, Any]) -> Application:
    """What a row says, as an application begins; a guardian whose number is known heads it."""
    person = Member(
        key="person",
        name=said["name"],
        relation=HEAD,
        id_number=said.get("id_number"),
        temporary_code=None if said.get("id_number") else said.get("temporary_code"),
        no_id_reason=said.get("no_id_reason"),
        born_on=said.get("born_on"),
    )
    members: tuple[Member, ...] = (person,)
    if said.get("guardian") and said.get("guardian_id"):
        head = Member(
            key="guardian", name=said["guardian"], relation=HEAD, id_number=said["guardian_id"]
        )
        ward = person.model_copy(update={"relation": "被监护人", "guardian_key": head.key})
        members = (head, ward)
    return Application(
        address=said.get("address", ""),
        phone=said.get("phone", ""),
        reason=said.get("situation", ""),
        members=members,
        whose=person.key,
    )
