"""Near relatives of officers: declared by themselves, of officials without an account by whoever
oversees them, and found again in every case.

A filing is matched by the key of the ID number, whenever it was made: a case that was open before
is flagged from then on.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import id_numbers, near_relatives
from services.identification.casework.oversight import officials
from services.identification.casework.standing import Related
from services.identification.desk import Desk
from services.identification.models import CasePerson, Official, RelativeFiling
from services.identification.people import index_of
from shared.database import among_those, new_id, those
from shared.months import civil_date
from shared.problems import Forbidden, Malformed, NotFound

_FILINGS_MAX: Final = 500


class NoSuchRelation(Malformed):
    """The place knows no such relation."""


class NoIdNumber(Malformed):
    """A relative is filed under their ID number."""


class NoSuchFiling(NotFound):
    """There is no such filing of yours, or nothing is asked of it."""


class OnesOwn(Forbidden):
    """Whether a relative of one's own is one no longer is for another to say."""


async def file(
    desk: Desk, relation: str, name: str, id_number: str, official_id: UUID | None = None
) -> UUID:
    """An officer puts a relative on record, of their own or of an official without an account; it
    is about the person, whichever account it is.

    Raises:
        NoSuchRelation, NoIdNumber: it cannot be understood.
        NoSuchOfficial: there is none, or not of the caller's areas.
    """
    if relation not in desk.settings.words["relations"]:
        raise NoSuchRelation(f"there are {', '.join(desk.settings.words['relations'])}")
    number = id_numbers.normalise(id_number)
    if id_numbers.flaw(number, desk.today) is not None:
        raise NoIdNumber()
    officer, person = desk.caller.subject, desk.caller.person
    if official_id is not None:
        officer = person = officials.known_as(await officials.seen(desk, official_id))
    filing_id = new_id()
    content = json.dumps({"name": name, "id_number": number}, ensure_ascii=False)
    desk.session.add(
        RelativeFiling(
            id=filing_id,
            county=desk.caller.county,
            officer=officer,
            person=person,
            relation=relation,
            id_index=index_of(desk.keys, number),
            content_sealed=desk.keys.encrypt(
                content, table="relative_filing", column="content_sealed", row=filing_id
            ),
            filed_at=desk.now,
        )
    )
    await desk.session.flush()
    await _record(desk, "relative-filed", filing_id, {"relation": relation})
    return filing_id


async def ask_to_end(desk: Desk, filing_id: UUID) -> None:
    """The caller says that a filing of theirs, or of an official they oversee, holds no longer; it
    holds until another agrees.

    Raises:
        NoSuchFiling: there is none, it is another's, or it was asked before.
    """
    filing = await _open(desk, filing_id)
    theirs = filing.person == desk.caller.person or await officials.oversees(desk, filing.person)
    if not theirs or filing.ending_asked_on is not None:
        raise NoSuchFiling()
    filing.ending_asked_on, filing.ending_asked_by = desk.today, desk.caller.person
    desk.session.add(filing)
    await _record(desk, "relative-ending-asked", filing_id, {})


async def settle_ending(desk: Desk, filing_id: UUID, *, agreed: bool) -> None:
    """Somebody else has looked: the filing ends, or it holds on.

    Raises:
        NoSuchFiling: there is none, or nobody asked that it end.
        OnesOwn: it is a filing of the caller's own, or they asked themselves.
    """
    filing = await _open(desk, filing_id)
    if filing.ending_asked_on is None:
        raise NoSuchFiling()
    if desk.caller.person in {filing.person, filing.ending_asked_by}:
        raise OnesOwn()
    filing.ending_asked_on = None if not agreed else filing.ending_asked_on
    if agreed:
        filing.ended_on, filing.ended_by = desk.today, desk.caller.subject
    desk.session.add(filing)
    await _record(desk, "relative-ended" if agreed else "relative-kept", filing_id, {})


async def asked_to_end(desk: Desk) -> list[dict[str, Any]]:
    """Filings whose officers say they hold no longer, for another to look at; not the caller's."""
    found = await desk.session.exec(
        select(RelativeFiling)
        .where(
            col(RelativeFiling.ending_asked_on).is_not(None),
            col(RelativeFiling.ended_on).is_(None),
            col(RelativeFiling.person) != desk.caller.person,
            col(RelativeFiling.ending_asked_by).is_distinct_from(desk.caller.person),
        )
        .order_by(col(RelativeFiling.id))
        .limit(_FILINGS_MAX)
    )
    filings = list(found)
    called = await officials.names(desk, (each.officer for each in filings))
    return [
        {**_shown(desk, each), "officer": called.get(each.officer, each.officer)}
        for each in filings
    ]


async def of_officials(desk: Desk) -> list[dict[str, Any]]:
    """The officials on record in the caller's areas, each with their relatives."""
    found = await officials.listed(desk)
    rows = await desk.session.exec(
        select(RelativeFiling)
        .where(
            col(RelativeFiling.person).in_([officials.known_as(each) for each in found]),
            col(RelativeFiling.ended_on).is_(None),
        )
        .order_by(col(RelativeFiling.id))
    )
    of: dict[str, list[dict[str, Any]]] = {}
    for filing in rows:
        of.setdefault(filing.person, []).append(_shown(desk, filing))
    return [
        {**officials.shown(desk, each), "relatives": of.get(officials.known_as(each), [])}
        for each in found
    ]


async def _open(desk: Desk, filing_id: UUID) -> RelativeFiling:
    filing = await desk.session.get(RelativeFiling, filing_id, with_for_update=True)
    if filing is None or filing.ended_on is not None:
        raise NoSuchFiling()
    return filing


async def own(desk: Desk) -> list[dict[str, Any]]:
    """What the caller has put on record and still holds."""
    found = await desk.session.exec(
        select(RelativeFiling)
        .where(
            col(RelativeFiling.person) == desk.caller.person,
            col(RelativeFiling.ended_on).is_(None),
        )
        .order_by(col(RelativeFiling.id))
        .limit(_FILINGS_MAX)
    )
    return [_shown(desk, each) for each in found]


async def of_cases(desk: Desk, case_ids: Sequence[UUID]) -> dict[UUID, list[Related]]:
    """Who in these cases is an officer or a relative of one, by the officers' own filings; or an
    official without an account."""
    of_filings, of_officials = _asked_of_cases()
    ids = those(case_ids)
    filed = await desk.session.exec(of_filings, params=ids)
    themselves = await desk.session.exec(of_officials, params=ids)
    related = [(person, filing.officer, filing.person, filing.relation) for person, filing in filed]
    for person, official in themselves:
        name = officials.known_as(official)
        related.append((person, name, name, near_relatives.SELF))
    called = await officials.names(desk, {officer for _, officer, _, _ in related})
    found: dict[UUID, list[Related]] = {}
    for of, officer, who, relation in related:
        found.setdefault(of.case_id, []).append(
            Related(officer, who, relation, of.person_key, called.get(officer))
        )
    return found


@cache
def _asked_of_cases() -> tuple[Any, Any]:
    """What is asked whenever a case is looked at; put together once."""
    of_these = among_those(col(CasePerson.case_id))
    return (
        select(CasePerson, RelativeFiling)
        .join(RelativeFiling, near_relatives.filed_of())
        .where(of_these)
        .order_by(col(RelativeFiling.id)),
        select(CasePerson, Official)
        .join(Official, near_relatives.official_of())
        .where(of_these)
        .order_by(col(Official.id)),
    )


def _shown(desk: Desk, filing: RelativeFiling) -> dict[str, Any]:
    asked = filing.ending_asked_on
    relation = desk.settings.words["relations"].get(filing.relation, {})
    return {
        "filing_id": str(filing.id),
        "relation": {"zh": relation.get("zh", filing.relation)},
        "name": _content(desk, filing)["name"],
        "filed_on": civil_date(filing.filed_at).isoformat(),
        "ending_asked_on": asked and asked.isoformat(),
    }


def _content(desk: Desk, filing: RelativeFiling) -> dict[str, str]:
    content: dict[str, str] = json.loads(
        desk.keys.decrypt(
            filing.content_sealed, table="relative_filing", column="content_sealed", row=filing.id
        )
    )
    return content


async def _record(desk: Desk, act: str, filing_id: UUID, details: dict[str, str]) -> None:
    await desk.note(act, str(filing_id), details)
