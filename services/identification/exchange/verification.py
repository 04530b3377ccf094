"""A household's means are verified by the province: asked from its case, answered by a report."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from services.identification.casework import authorisations, authorised_before, cases
from services.identification.casework.applications import Member
from services.identification.casework.authorised_before import Before
from services.identification.casework.standing import CORRECT, Standing
from services.identification.desk import Desk
from services.identification.exchange import items, numbers
from services.identification.exchange.faults import Code, Taken, fault
from services.identification.exchange.reading import Line
from services.identification.exchange.templates import Template
from services.identification.grammar.moving import NotHere
from services.identification.models import CaseFile, ExchangeItem
from services.identification.roster.faults import Fault
from shared.database import new_id, run
from shared.problems import Conflict

REQUEST: Final = "verification-request"
COMPARE: Final = "compare"
HIT: Final = "hit"
NOT_NEEDED: Final = "not-needed"
LINES_MAX: Final = 60
"""As many hits an act takes; the rest stand in the report's own rows."""


class AuthorisationMissing(Conflict):
    """Not every adult member has signed the authorisation; nobody is asked about."""


class NobodyToAskAbout(Conflict):
    """No adult of this household has an ID number by which the province could answer."""


class AskedAlready(Conflict):
    """The province was asked about this case and has not answered yet."""

    constraint = "uq_exchange_item_open_case"


async def ask(desk: Desk, case_id: UUID) -> ExchangeItem:
    """Ask the province about everybody whose means a case compares; the request waits for the
    next file out.

    Raises:
        NoSuchCase, NotHere, AuthorisationMissing, NobodyToAskAbout, AskedAlready: in this order.
    """
    at = await cases.stand(desk, case_id, lock=True)
    compare = at.path.acts.get(COMPARE)
    if compare is None or at.case.state not in compare.sources:
        raise NotHere(f"it is {at.case.state}", state=at.case.state)
    if missing := await unauthorised(desk, at):
        raise AuthorisationMissing(members=[each.key for each in missing])
    letters = await authorised_before.of(desk, at)
    people = [_asked_about(at, e, letters) for e in authorisations.compared(at) if e.id_number]
    if not people:
        raise NobodyToAskAbout()
    before = await of_case(desk, case_id)
    for item in before:
        if item.answered_on is None and _is_waited_for(desk, at, item):
            raise AskedAlready()
        if item.answered_on is None:
            items.settle(desk, item, NOT_NEEDED, [])
    await desk.session.flush()
    content = {"people": people, "data_sets": desk.settings.words["verification_data_sets"]}
    item_id = new_id()
    item = ExchangeItem(
        id=item_id,
        county=at.case.county,
        template=REQUEST,
        key=f"{at.case.receipt}-{len(before) + 1}",
        case_id=case_id,
        village=at.case.village,
        owner=desk.caller.subject,
        kind="verification",
        asked_by=desk.caller.subject,
        asked_on=desk.today,
        due_on=desk.settings.add_workdays(desk.today, desk.settings.number("verification_days")),
        content_index=items.fingerprint(desk.keys, content),
        content_sealed=items.seal(desk.keys, item_id, "content_sealed", content),
    )
    desk.session.add(item)
    await desk.session.flush()
    await desk.note(
        "verification-asked", str(case_id), {"request": item.key, "people": len(people)}
    )
    return item


async def unauthorised(desk: Desk, at: Standing) -> list[Member]:
    """Whose letter is missing: neither of this case, nor of the one by which they are on
    assistance, where that holds."""
    letters = await authorised_before.of(desk, at)
    return [each for each in authorisations.unauthorised(at) if each.key not in letters]


async def of_case(desk: Desk, case_id: UUID) -> list[ExchangeItem]:
    """Every request about a case, in their order."""
    statement = (
        select(ExchangeItem)
        .where(col(ExchangeItem.case_id) == case_id, col(ExchangeItem.template) == REQUEST)
        .order_by(col(ExchangeItem.id))
    )
    return list(await desk.session.exec(statement))


async def rows(desk: Desk, template: Template, file_id: UUID) -> list[Mapping[str, Any]]:
    """Every request that has not gone out yet: one row for each person asked about; nobody is asked
    about for a case that ended meanwhile."""
    del template
    statement = (
        select(ExchangeItem)
        .where(
            col(ExchangeItem.template) == REQUEST,
            col(ExchangeItem.file_id).is_(None),
            col(ExchangeItem.answered_on).is_(None),
        )
        .order_by(col(ExchangeItem.id))
        .with_for_update()
    )
    unsent = list(await desk.session.exec(statement))
    ended = select(col(CaseFile.id)).where(
        col(CaseFile.id).in_([item.case_id for item in unsent]),
        col(CaseFile.closed_at).is_not(None),
    )
    over = set(await desk.session.exec(ended))
    for item in unsent:
        if item.case_id in over:
            items.settle(desk, item, NOT_NEEDED, [])
    waiting = [item for item in unsent if item.case_id not in over]
    known = await _numbers(desk, [item.case_id for item in waiting if item.case_id])
    found: list[Mapping[str, Any]] = []
    for item in waiting:
        content = items.unseal(desk.keys, item)
        for each in content["people"]:
            found.append(
                {
                    "request_number": item.key,
                    "provincial_number": known.get(item.case_id) if item.case_id else None,
                    "village": item.village,
                    "name": each["name"],
                    "id_number": each["id_number"],
                    "signed_on": each["signed_on"],
                    "asked_on": item.asked_on.isoformat(),
                    "data_sets": content["data_sets"],
                }
            )
    await run(
        desk.session,
        update(ExchangeItem)
        .where(col(ExchangeItem.id).in_([item.id for item in waiting]))
        .values(file_id=file_id),
    )
    return found


async def _numbers(desk: Desk, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The province's number of each case: its own, or that of the household it is about."""
    rows = await desk.session.exec(
        select(col(CaseFile.id), col(CaseFile.household_id)).where(col(CaseFile.id).in_(ids))
    )
    homes = dict(rows.all())
    known = await numbers.of_subjects(
        desk.session, [*homes, *(home for home in homes.values() if home is not None)]
    )
    found = {
        case: known.get(case) or (known.get(home) if home else None) for case, home in homes.items()
    }
    return {case: number for case, number in found.items() if number}


async def check(desk: Desk, template: Template, lines: Sequence[Line]) -> list[Fault]:
    """Each request was asked, is answered for everybody and everything, and its case waits.

    Of a case that ended meanwhile, or names others now, nothing is needed, and nothing of it stops
    the others.
    """
    by_request = _by_request(lines)
    known = await items.by_key(desk, REQUEST, by_request)
    told = {line.words["provincial_number"] for line in lines if "provincial_number" in line.words}
    taken = dict(await numbers.subjects(desk.session, desk.caller.county, numbers.CASE, told))
    faults: list[Fault] = []
    for number, theirs in by_request.items():
        item = known.get(number)
        if item is not None and item.outcome == NOT_NEEDED:
            continue
        if item is None or item.answered_on is not None or item.file_id is None:
            faults += [
                _fault(template, line, "request_number", Code.NOBODY_ASKED) for line in theirs
            ]
            continue
        assert item.case_id is not None
        at = await cases.stand(desk, item.case_id)
        if not _is_waited_for(desk, at, item):
            continue
        faults += _unasked(desk, template, item, theirs)
        said = theirs[0].words.get("provincial_number")
        if said and taken.setdefault(said, item.case_id) != item.case_id:
            faults.append(_fault(template, theirs[0], "provincial_number", Code.NUMBER_TAKEN))
        if at.case.state not in at.path.acts[COMPARE].sources:
            faults.append(_fault(template, theirs[0], "request_number", Code.CASE_MOVED_ON))
    return faults


async def take(desk: Desk, template: Template, file_id: UUID, lines: Sequence[Line]) -> Taken:
    """A dated report is filed on the case of every request, with what was hit."""
    by_request = _by_request(lines)
    known = await items.by_key(desk, REQUEST, by_request)
    hits, not_needed = 0, 0
    learned: dict[UUID, str] = {}
    for number, theirs in by_request.items():
        item = known[number]
        assert item.case_id is not None
        said = [line.words for line in theirs]
        hit = [words for words in said if words["result"] == HIT]
        at = await cases.stand(desk, item.case_id)
        if not _is_waited_for(desk, at, item):
            not_needed += 1
            if item.answered_on is None:
                items.settle(desk, item, NOT_NEEDED, said)
                item.answer_file_id = file_id
            continue
        hits += bool(hit)
        items.settle(desk, item, HIT if hit else "clear", said)
        item.answer_file_id = file_id
        words: dict[str, Any] = {
            "report_number": said[0]["report_number"],
            "reported_on": said[0]["reported_on"],
        }
        people = items.unseal(desk.keys, item)["people"]
        before = [each["signed_on"] for each in people if each.get("signed_before")]
        if before:
            words["authorised_on"] = max(before)
        if hit:
            words["hits"] = _told(template, hit)
        if "provincial_number" in said[0]:
            learned[item.case_id] = said[0]["provincial_number"]
        await cases.do(desk, item.case_id, COMPARE, at.case.version, words)
    await numbers.learn(
        desk.session, desk.caller.county, numbers.CASE, learned, desk.now, desk.caller.subject
    )
    return Taken({"reports": len(by_request), "with_hits": hits, "not_needed": not_needed})


def _is_waited_for(desk: Desk, at: Standing, item: ExchangeItem) -> bool:
    """Whether its case is open, and was neither corrected since to name other people, nor names
    anybody more: a report counts for those alone whom it was asked about."""
    if at.case.closed_at is not None or item.outcome == NOT_NEEDED:
        return False
    corrected = any(each.done_on >= item.asked_on for each in at.done(CORRECT))
    people = {each["id_number"] for each in items.unseal(desk.keys, item)["people"]}
    now = {each.id_number for each in authorisations.compared(at) if each.id_number}
    return people == now or (people > now and not corrected)


def _unasked(
    desk: Desk, template: Template, item: ExchangeItem, lines: Sequence[Line]
) -> list[Fault]:
    """What the rows of one request say that was not asked, and what they do not say that was."""
    content = items.unseal(desk.keys, item)
    people = {each["id_number"] for each in content["people"]}
    left = {(number, asked) for number in people for asked in content["data_sets"]}
    first = lines[0].words
    faults = []
    for line in lines:
        words = line.words
        if words["id_number"] not in people:
            faults.append(_fault(template, line, "id_number", Code.NOT_THE_PERSON))
        elif words["data_set"] not in content["data_sets"]:
            faults.append(_fault(template, line, "data_set", Code.NOT_ASKED))
        if (words["report_number"], words["reported_on"]) != (
            first["report_number"],
            first["reported_on"],
        ):
            faults.append(_fault(template, line, "report_number", Code.REPORT_DIFFERS))
        left.discard((words["id_number"], words["data_set"]))
    if left:
        faults.append(
            _fault(template, lines[0], "request_number", Code.ANSWER_MISSING, f"缺{len(left)}项")
        )
    return faults


def _by_request(lines: Sequence[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.words["request_number"], []).append(line)
    return found


def _told(template: Template, hit: Sequence[Mapping[str, Any]]) -> list[str]:
    """What was hit, a line each, as the case shows it."""
    column = template.columns["data_set"]
    names = template.words.get("data_sets", {})
    told = [
        "{}：{}（{}）{}".format(
            each.get("name", ""),
            names.get(each["data_set"], each["data_set"]),
            column.code_of(each["data_set"]),
            each.get("detail", ""),
        )
        for each in hit
    ]
    if len(told) > LINES_MAX:
        told = [*told[: LINES_MAX - 1], f"另有{len(told) - LINES_MAX + 1}条，见核对报告"]
    return told


def _asked_about(at: Standing, member: Member, letters: Mapping[str, Before]) -> dict[str, Any]:
    """A person as the request names them, with the letter that allows it: of this case, or of the
    one by which they are on assistance."""
    before = letters.get(member.key) if member in authorisations.unauthorised(at) else None
    if before is None:
        last = authorisations.last_of(at, member)
        document = at.document(str(last["document_id"]))
        letter = Before(last["signed_on"], document.sha256 if document else None)
    else:
        letter = before
    return {
        "key": member.key,
        "name": member.name,
        "id_number": member.id_number,
        "signed_on": letter.signed_on,
        "signed_before": before is not None,
        "letter_sha256": letter.sha256,
    }


def _fault(template: Template, line: Line, name: str, code: Code, more: str = "") -> Fault:
    return fault(line.number, template.columns[name].heading, code, more)
