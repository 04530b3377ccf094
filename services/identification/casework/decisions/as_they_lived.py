"""Who lives where once a change is undone: whoever came goes, and whoever left is back."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.determinations import NOT_APPLICABLE
from services.identification.histories import Content, History
from services.identification.models import Membership, Person
from shared.months import Month
from shared.problems import Conflict

_NOBODY: Final[Content] = {"decision_number": None, "facts": {}, "members": []}


class BuiltOn(Conflict):
    """Whoever came by this decision has gone on from there, or something that was decided since
    about the household they came to stands: that is undone first, or what follows is decided as a
    change."""


def since(history: History, numbers: Collection[str]) -> list[Content]:
    """How a household stood before the first decision under one of these numbers, by it, and by
    each since; nothing, where there is none. Before the first of all nobody stood there."""
    turns = list(history.in_turn())
    for place, each in enumerate(turns):
        if each.number in numbers:
            before = each.before.content if each.before else _NOBODY
            return [before, *(one.content for one in turns[place:])]
    return []


async def put_back(
    tools: Tools,
    at: Standing,
    histories: Mapping[UUID, History],
    numbers: Collection[str],
    from_month: Month,
) -> set[UUID]:
    """End the stays a case began in the households it touched and reopen those it ended, where
    nobody came and went since; who lives again where they left.

    A stay of no month before `from_month` never was.

    Raises:
        BuiltOn: what was to be ended has been built on.
    """
    sinces = {str(each.words["since"]) for each in at.acts if "since" in each.words}
    stood = {key: since(history, numbers) for key, history in histories.items()}
    began = list[Membership]()
    for household_id, steps in stood.items():
        came = {(key, since) for key, since in _came(steps, numbers) if since in sinces}
        here = [
            stay
            for person_id, since in sorted(came)
            if (stay := await _stay(tools, household_id, person_id, since)) is not None
        ]
        if here:
            brought = {str(stay.person_id) for stay in here}
            _refuse_built_on(histories[household_id], numbers, brought)
        began += here
    if any(stay.until is not None for stay in began):
        raise BuiltOn()
    for stay in began:
        stay.until = str(max(from_month, Month.parse(stay.since)).previous())
        tools.session.add(stay)
    await tools.session.flush()
    back = set[UUID]()
    for household_id, steps in stood.items():
        for key, left_with in sorted(_left(steps, numbers)):
            stay = await _last(tools, UUID(key), began)
            if (stay.household_id, stay.until) == (household_id, left_with):
                stay.until = None
                tools.session.add(stay)
                back.add(stay.person_id)
        for key, month in sorted(_never_in(steps, numbers)):
            if (gone := await _without_a_month(tools, household_id, UUID(key), month)) is not None:
                gone.until = None
                tools.session.add(gone)
                back.add(gone.person_id)
    await tools.session.flush()
    return back


def _came(
    steps: Sequence[Mapping[str, Any]], numbers: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Who came by decisions under these numbers, and since when."""
    for there, members in _own(steps, numbers):
        for one in members:
            if one["until"] is None and one["person_id"] not in there:
                yield one["person_id"], one["since"]


def _left(
    steps: Sequence[Mapping[str, Any]], numbers: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Who left alive by decisions under these numbers, and with which month."""
    for there, members in _own(steps, numbers):
        for one in members:
            alive = one["facts"]["died_on"] == NOT_APPLICABLE
            if one["until"] is not None and one["person_id"] in there and alive:
                yield one["person_id"], one["until"]


def _never_in(
    steps: Sequence[Mapping[str, Any]], numbers: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Who was found by decisions under these numbers to have been gone before they came in, and
    since when they had been there; nobody whom these decisions let come."""
    came = {key for key, _ in _came(steps, numbers)}
    for before, after in pairwise(steps):
        here = {one["person_id"] for one in after["members"]} | came
        for one in before["members"] if after["decision_number"] in numbers else ():
            if one["until"] is None and one["person_id"] not in here:
                yield one["person_id"], one["since"]


async def _without_a_month(
    tools: Tools, household_id: UUID, person_id: UUID, since: str
) -> Membership | None:
    """The stay that ended before it began of somebody alive who has lived nowhere else since."""
    person = await tools.session.get_one(Person, person_id)
    statement = select(Membership).where(col(Membership.person_id) == person_id)
    stays = (await tools.session.exec(statement)).all()
    if person.died_on is not None or any(e.until is None or e.until >= since for e in stays):
        return None
    return next((e for e in stays if (e.household_id, e.since) == (household_id, since)), None)


def _own(
    steps: Sequence[Mapping[str, Any]], numbers: Collection[str]
) -> Iterator[tuple[Collection[str], Sequence[Mapping[str, Any]]]]:
    """Of each decision under these numbers, who lived there before it, and everybody by it."""
    for before, after in pairwise(steps):
        if after["decision_number"] in numbers:
            there = {one["person_id"] for one in before["members"] if one["until"] is None}
            yield there, after["members"]


def _refuse_built_on(history: History, numbers: Collection[str], came: Collection[str]) -> None:
    """Of the household, or of whoever came, nothing that was decided since stands otherwise in any
    month; what was, and is undone, does not."""
    first = min(each.from_month for each in history.recorded if each.number in numbers)
    for each in history.stretches(first):
        line = each.by.line() if each.by else []
        own = [one for one in line if one["decision_number"] in numbers]
        if own and _decided(line[-1], came) != _decided(own[-1], came):
            raise BuiltOn()


def _decided(step: Mapping[str, Any], people: Collection[str]) -> tuple[Any, ...]:
    of_people = {
        one["person_id"]: one["facts"] for one in step["members"] if one["person_id"] in people
    }
    return step["facts"], of_people


async def _stay(tools: Tools, household_id: UUID, person_id: str, since: str) -> Membership | None:
    """A stay as the register has it, unless its coming was undone before."""
    statement = select(Membership).where(
        col(Membership.household_id) == household_id,
        col(Membership.person_id) == UUID(person_id),
        col(Membership.since) == since,
    )
    stay = (await tools.session.exec(statement)).first()
    if stay is None:
        return None
    return stay if stay.until is None or stay.until >= stay.since else None


async def _last(tools: Tools, person_id: UUID, began: Collection[Membership]) -> Membership:
    """Where somebody lived last, but for the stays that are undone."""
    statement = (
        select(Membership)
        .where(col(Membership.person_id) == person_id)
        .order_by(col(Membership.since).desc())
    )
    undone = {stay.id for stay in began}
    stays = (await tools.session.exec(statement)).all()
    return next(
        stay
        for stay in stays
        if stay.id not in undone and (stay.until is None or stay.until >= stay.since)
    )
