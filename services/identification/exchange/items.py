"""What was asked over the exchange and waits for its answer: of us, or of the province."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from services.identification import disputes, id_numbers, near_relatives
from services.identification.areas import of_areas
from services.identification.casework import applicants, reading, same_people
from services.identification.casework.paths import AGAINST, UNDECIDED
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.exchange.templates import Column, Template
from services.identification.models import CaseFile, ExchangeItem, Membership
from services.identification.people import index_of
from services.identification.places import Place
from shared.database import run
from shared.months import civil_date
from shared.problems import Conflict, Malformed, NotFound
from shared.secrets import KeyRing

PAGE_MAX: Final = 200
OPEN: Final = "open"
OVERDUE: Final = "overdue"
ANSWERED: Final = "answered"
STATES: Final = (OPEN, OVERDUE, ANSWERED)


class NoSuchItem(NotFound):
    """There is nothing of that id to be answered, or not in your area."""


class AnsweredAlready(Conflict):
    """This was answered already; what was said on the list stays said."""


class NoSuchAnswer(Malformed):
    """The list knows no such answer."""


class NothingBehindIt(Conflict):
    """This answer says that something was done, and no case of theirs was opened for it since."""


class HelpGoesOn(Conflict):
    """Something is granted to whose part is in dispute: a leaving or a change decides about them
    first, or the answer says that it is wrong."""


class AnotherConfirms(Conflict):
    """What is held is paid by this answer, and you gave it already: another officer confirms it."""


class RemarkWanted(Malformed):
    """Where no case stands behind an answer, it says why."""


class NotOurs(Malformed):
    """The province answers this, not we."""


def seal(keys: KeyRing, item_id: UUID, column: str, content: Any) -> str:
    """What an item says of people, as it lies in the database."""
    return keys.encrypt(
        json.dumps(content, ensure_ascii=False, sort_keys=True),
        table="exchange_item",
        column=column,
        row=item_id,
    )


def unseal(keys: KeyRing, item: ExchangeItem, column: str = "content_sealed") -> Any:
    """The same again; nothing where nothing was said."""
    sealed: str | None = getattr(item, column)
    if sealed is None:
        return None
    return json.loads(keys.decrypt(sealed, table="exchange_item", column=column, row=item.id))


def fingerprint(keys: KeyRing, content: Any) -> bytes:
    """Equal for equal content, and of no use without the key."""
    words = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return keys.blind_index(words, column="exchange_item.content")


async def by_key(desk: Desk, template: str, keys: Iterable[str]) -> dict[str, ExchangeItem]:
    """Items of a template by the number both sides know them by."""
    rows = await desk.session.exec(
        select(ExchangeItem).where(
            col(ExchangeItem.county) == desk.caller.county,
            col(ExchangeItem.template) == template,
            col(ExchangeItem.key).in_(list(keys)),
        )
    )
    return {row.key: row for row in rows}


async def listed(
    desk: Desk,
    *,
    template: str | None,
    state: str | None,
    case_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = PAGE_MAX,
) -> list[ExchangeItem]:
    """Items of the caller's areas, the most urgent first."""
    statement = (
        select(ExchangeItem)
        .where(of_areas(desk.caller, col(ExchangeItem.village)))
        .order_by(col(ExchangeItem.due_on), col(ExchangeItem.id))
        .limit(limit)
    )
    if template is not None:
        statement = statement.where(col(ExchangeItem.template) == template)
    if case_id is not None:
        statement = statement.where(col(ExchangeItem.case_id) == case_id)
    if state is not None:
        statement = statement.where(_stands(state, desk.today))
    last = await desk.session.get(ExchangeItem, after) if after else None
    if last is not None:
        later = and_(col(ExchangeItem.due_on) == last.due_on, col(ExchangeItem.id) > last.id)
        statement = statement.where(or_(col(ExchangeItem.due_on) > last.due_on, later))
    return list(await desk.session.exec(statement))


async def counted(desk: Desk) -> dict[str, Any]:
    """How many were asked, answered, and are overdue: by template, and by owner."""
    by = (col(ExchangeItem.template), col(ExchangeItem.owner))
    rows = await run(
        desk.session,
        sa.select(
            *by,
            func.count().label("asked"),
            func.count(col(ExchangeItem.answered_on)).label("answered"),
            func.count().filter(_stands(OVERDUE, desk.today)).label("overdue"),
        )
        .where(of_areas(desk.caller, col(ExchangeItem.village)))
        .group_by(*by)
        .order_by(*by),
    )
    found: dict[str, Any] = {}
    for row in rows.mappings():
        own = {name: row[name] for name in ("asked", "answered", OVERDUE)}
        own[OPEN] = own["asked"] - own["answered"]
        whole = found.setdefault(row["template"], {**dict.fromkeys(own, 0), "owners": {}})
        for name, number in own.items():
            whole[name] += number
        whole["owners"][row["owner"]] = own
    return found


async def assign(desk: Desk, item_id: UUID, owner: str) -> ExchangeItem:
    """Name the officer whose it is."""
    item = await one(desk, item_id)
    item.owner = owner
    desk.session.add(item)
    await _note(desk, item, "exchange-item-assigned", {"owner": owner})
    return item


async def answer(
    desk: Desk, templates: Mapping[str, Template], item_id: UUID, outcome: str, remark: str
) -> ExchangeItem:
    """Answer a warning or a double with one of the codes of its list: with the case it rests on,
    or with what was found. One that pays what is held is answered when a second officer says it.

    Raises:
        NoSuchItem, NotOurs, NoSuchAnswer, AnsweredAlready, NearRelative, NothingBehindIt,
        RemarkWanted, HelpGoesOn, AnotherConfirms: in this order.
    """
    item = await one(desk, item_id)
    column = _outcomes(templates, item)
    if column is None:
        raise NotOurs()
    if outcome not in column.codes:
        raise NoSuchAnswer(f"there are {', '.join(column.codes)}")
    if item.answered_on is not None:
        raise AnsweredAlready()
    number = unseal(desk.keys, item)["id_number"]
    await near_relatives.insist_on_none(desk.session, desk.caller, {index_of(desk.keys, number)})
    words = templates[item.template].words
    rests_on, case = words.get("rests_on", {}), None
    wrong = outcome in words.get("wrong", ())
    if outcome in rests_on:
        is_gone = outcome in words.get("gone", ()) and not await _draws(desk, item)
        case = await _case_behind(desk, item, number, rests_on[outcome], is_gone=is_gone)
    if case is not None:
        item.case_id, remark = case.case.id, remark or case.case.receipt
    elif (rests_on or wrong) and not remark:
        raise RemarkWanted()
    decides = case is not None and case.path.about_household
    if not (decides or wrong) and await disputes.is_granted(desk, item):
        raise HelpGoesOn()
    if wrong and item.kind in disputes.ASKED and not _is_second(desk, item, outcome):
        return await _propose(desk, item, outcome, remark)
    settle(desk, item, outcome, {"remark": remark} if remark else {})
    if case is not None and decides:
        await disputes.settle_by(desk, item, case)
    else:
        await disputes.settle(desk, item, upheld=not wrong)
    await _note(desk, item, "exchange-item-answered", {"outcome": outcome})
    return item


def _is_second(desk: Desk, item: ExchangeItem, outcome: str) -> bool:
    """Whether another officer gave this answer before.

    Raises:
        AnotherConfirms: the caller did.
    """
    proposal = unseal(desk.keys, item, "proposal_sealed")
    if item.proposed_by is None or proposal["outcome"] != outcome:
        return False
    if desk.caller.is_same(item.proposed_by, item.proposed_person):
        raise AnotherConfirms()
    return True


async def _propose(desk: Desk, item: ExchangeItem, outcome: str, remark: str) -> ExchangeItem:
    """The first of two who say it; what is held stays held."""
    said = {"outcome": outcome, "remark": remark}
    item.proposal_sealed = seal(desk.keys, item.id, "proposal_sealed", said)
    item.proposed_by, item.proposed_person = desk.caller.subject, desk.caller.person
    desk.session.add(item)
    await _note(desk, item, "exchange-item-proposed", {"outcome": outcome})
    return item


async def _draws(desk: Desk, item: ExchangeItem) -> bool:
    return item.person_id is not None and await disputes.draws(desk, item.person_id)


async def _case_behind(
    desk: Desk, item: ExchangeItem, number: str, categories: Sequence[str], *, is_gone: bool
) -> Standing | None:
    """The case an answer rests on, locked: about them, not over before it was asked, nor ended with
    nothing changed, or with nothing decided about whose part is in dispute. Of who is gone a
    leaving that was over before counts too, and none need be here: they may have left by a roster.

    Raises:
        NothingBehindIt: there is none.
    """
    homes = select(col(Membership.household_id)).where(
        col(Membership.person_id) == item.person_id, col(Membership.until).is_(None)
    )
    found = await desk.session.exec(
        select(col(CaseFile.id))
        .where(
            col(CaseFile.county) == item.county,
            col(CaseFile.category).in_(categories),
            or_(
                same_people.name_one_of([index_of(desk.keys, number)]),
                col(CaseFile.household_id).in_(homes),
            ),
            ~applicants.unsent(),
        )
        .order_by(col(CaseFile.id).desc())
    )
    for case_id in found.all():
        case = await desk.session.get(
            CaseFile, case_id, with_for_update=True, populate_existing=True
        )
        assert case is not None, "no case ever goes"
        over = case.closed_at and civil_date(case.closed_at)
        if case.state in UNDECIDED | AGAINST:
            continue
        (at,) = await reading.standings(desk, [case])
        over_before = over is not None and over < item.asked_on
        if over_before and not (
            is_gone and item.person_id and disputes.took_out(at, item.person_id)
        ):
            continue
        if await disputes.may_settle(desk, item, at):
            return at
    if is_gone:
        return None
    raise NothingBehindIt()


def settle(desk: Desk, item: ExchangeItem, outcome: str, said: Any) -> None:
    """Write down how an item was answered."""
    item.outcome = outcome
    item.answered_on = desk.today
    item.answered_by = desk.caller.subject
    item.answer_sealed = seal(desk.keys, item.id, "answer_sealed", said)
    desk.session.add(item)


async def renew(desk: Desk, item: ExchangeItem, words: Mapping[str, Any]) -> bool:
    """Let an open question say what its newest list says; whether that is anything new."""
    if item.content_index == (index := fingerprint(desk.keys, words)):
        return False
    item.content_index = index
    item.proposal_sealed = item.proposed_by = item.proposed_person = None
    item.content_sealed = seal(desk.keys, item.id, "content_sealed", words)
    if words.get("due_on"):
        item.due_on, item.due_said = date.fromisoformat(words["due_on"]), True
    desk.session.add(item)
    await _note(desk, item, "exchange-item-renewed", {"due_on": item.due_on.isoformat()})
    return True


async def one(desk: Desk, item_id: UUID) -> ExchangeItem:
    """One item of the caller's area, locked.

    Raises:
        NoSuchItem: there is none, or the caller may not know that there is one.
    """
    item = await desk.session.get(
        ExchangeItem, item_id, with_for_update=True, populate_existing=True
    )
    if item is None or not desk.caller.may_see(item.village):
        raise NoSuchItem()
    return item


def shown(
    desk: Desk, place: Place, templates: Mapping[str, Template], items: Sequence[ExchangeItem]
) -> list[dict[str, Any]]:
    """Items as their readers see them; the ID number masked."""
    return [_shown(desk, place, _outcomes(templates, item), item) for item in items]


def _outcomes(templates: Mapping[str, Template], item: ExchangeItem) -> Column | None:
    """The column an item is answered in, with its codes; none where it is not ours to answer."""
    template = templates.get(item.template)
    return template.answers.get("outcome") if template else None


def _shown(desk: Desk, place: Place, outcome: Column | None, item: ExchangeItem) -> dict[str, Any]:
    content = unseal(desk.keys, item)
    return {
        "item_id": str(item.id),
        "template": item.template,
        "key": item.key,
        "kind": item.kind,
        "content": id_numbers.masked_within(content),
        "case_id": item.case_id and str(item.case_id),
        "village": item.village,
        "village_name": place.villages.get(item.village, ""),
        "owner": item.owner,
        "asked_on": item.asked_on.isoformat(),
        "due_on": item.due_on.isoformat(),
        "overdue": item.answered_on is None and item.due_on < desk.today,
        "sent": item.file_id is not None,
        "answered_on": item.answered_on and item.answered_on.isoformat(),
        "answered_by": item.answered_by,
        "outcome": item.outcome,
        "answer": id_numbers.masked_within(unseal(desk.keys, item, "answer_sealed")),
        "proposed_by": item.proposed_by,
        "proposal": id_numbers.masked_within(unseal(desk.keys, item, "proposal_sealed")),
        "answers": list(outcome.codes) if outcome else [],
    }


def _stands(state: str, today: date) -> ColumnElement[bool]:
    if state == ANSWERED:
        return col(ExchangeItem.answered_on).is_not(None)
    still_open = col(ExchangeItem.answered_on).is_(None)
    return still_open if state == OPEN else and_(still_open, col(ExchangeItem.due_on) < today)


async def _note(desk: Desk, item: ExchangeItem, act: str, details: Mapping[str, str]) -> None:
    await desk.note(act, str(item.id), {"template": item.template, **details})
