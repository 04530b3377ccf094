"""Whom chance picked from a round is visited once more, by somebody who did not sign the first."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework.looking_again import round_seconds
from services.identification.casework.looking_again.round_findings import (
    FINDINGS,
    DayOutside,
    FindingUnfit,
    Found,
    first_day,
    open_household,
)
from services.identification.casework.looking_again.round_seconds import CHECK, TABLE, VISIT, WEIGH
from services.identification.casework.looking_again.rounds import record
from services.identification.desk import Desk
from services.identification.grammar.moving import MovedOn
from services.identification.models import RoundCheck, RoundHousehold, RoundSignature
from shared.database import new_id
from shared.problems import Conflict, Forbidden


class NotToBeChecked(Conflict):
    """Chance did not pick this household, or its second look is there already."""


class DidTheFirst(Forbidden):
    """Who signed what was found does not look a second time, nor choose between the two."""


class NothingToWeigh(Conflict):
    """No second look found anything else here that waits for a choice."""


async def check(desk: Desk, round_id: UUID, said: Found) -> bool:
    """A second look, by who did not make the first; whether it found the same.

    Raises:
        NoSuchRound, RoundClosed, MovedOn, NotToBeChecked, DidTheFirst, FindingUnfit, DayOutside:
        in this order.
    """
    round_, one = await open_household(desk, round_id, said.serial)
    if one.signed_on is None or one.finding != said.was:
        raise MovedOn()
    if not (await round_seconds.of(desk, [one]))[one.id].is_due:
        raise NotToBeChecked()
    if desk.caller.person in await signers(desk, one):
        raise DidTheFirst()
    if said.finding not in FINDINGS[one.because]:
        raise FindingUnfit(f"{one.because}: {', '.join(FINDINGS[one.because])}")
    if not first_day(round_) <= said.visited_on <= desk.today:
        raise DayOutside(f"from {first_day(round_)} to today")
    _write_down(desk, one, CHECK, said.finding, said.note, said.visited_on)
    is_same = said.finding == one.finding
    if not is_same:
        # It counts no more until somebody has chosen.
        one.signed_on = None
        desk.session.add(one)
    details = {"serial": said.serial, "finding": said.finding, "was": said.was}
    await record(desk, "round-checked", round_, details)
    return is_same


async def weigh(desk: Desk, round_id: UUID, serial: int, counts: str, reason: str) -> None:
    """Choose, having made neither look: the first stands, or it is found anew by others.

    Raises:
        NoSuchRound, RoundClosed, NothingToWeigh, DidTheFirst: in this order.
    """
    round_, one = await open_household(desk, round_id, serial)
    second = (await round_seconds.of(desk, [one]))[one.id]
    if not second.waits or second.check is None:
        raise NothingToWeigh()
    if desk.caller.person in {*await signers(desk, one), second.check.person}:
        raise DidTheFirst()
    _write_down(desk, one, WEIGH, counts, reason, None)
    if counts == VISIT:
        one.signed_on = desk.today
        desk.session.add(one)
    await record(desk, "round-weighed", round_, {"serial": serial, "counts": counts})


async def signers(desk: Desk, one: RoundHousehold) -> set[str]:
    """Everybody who ever signed what a round found of a household."""
    statement = select(col(RoundSignature.person)).where(col(RoundSignature.household_id) == one.id)
    return set(await desk.session.exec(statement))


def _write_down(
    desk: Desk, one: RoundHousehold, act: str, said: str, note: str, visited_on: date | None
) -> None:
    row_id = new_id()
    words: dict[str, Any] = {
        "act": act,
        "said": said,
        "of_finding": str(one.finding),
        "number": one.finding_number,
        "visited_on": visited_on,
        "note_sealed": desk.keys.encrypt(note, table=TABLE, column="note_sealed", row=row_id),
    }
    desk.session.add(
        RoundCheck(
            id=row_id,
            county=one.county,
            household_id=one.id,
            actor=desk.caller.subject,
            person=desk.caller.person,
            done_at=desk.now,
            done_on=desk.today,
            **words,
        )
    )
