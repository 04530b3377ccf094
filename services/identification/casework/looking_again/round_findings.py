"""What a visit of a round found of a household: recorded by one, signed by another, or on a form.

A finding counts once as many people have signed it as sign a visit. Whoever records one signs it;
a form on paper that is typed in later is kept, and waits for whoever it names (`on_paper`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import near_relatives
from services.identification.casework.looking_again import round_hands, round_seconds
from services.identification.casework.looking_again.round_hands import Hands
from services.identification.casework.looking_again.round_seconds import Second
from services.identification.casework.looking_again.rounds import (
    CURRENT,
    LEFT,
    REFUSED,
    REGISTERED_POOR,
    NoSuchRound,
    RoundClosed,
    record,
    round_of,
)
from services.identification.casework.papers import small_pictures
from services.identification.desk import Desk
from services.identification.grammar.moving import MovedOn
from services.identification.models import (
    NamedVisitor,
    Round,
    RoundHousehold,
    RoundPaper,
    RoundSignature,
)
from services.identification.sealed_papers import NoSuchPaper, Shelf, brought
from shared.months import civil_date
from shared.problems import Conflict, Malformed

SHELF: Final = Shelf("round-papers", "round-paper")
FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    CURRENT: ("kept", "left"),
    REFUSED: ("added", "not-added"),
    LEFT: ("added", "not-added"),
    REGISTERED_POOR: ("added", "not-added"),
}
"""What may be found of whom, by why the round looks at them."""


class FindingUnfit(Malformed):
    """This cannot be found of a household that is looked at for that reason."""


class DayOutside(Malformed):
    """A visit of a round is on a day of the round that has been."""


class TooFewSigned(Malformed):
    """A form on paper names as many as sign a visit, of the staff of its area, and no relatives."""


class SignedBefore(Conflict):
    """You have signed this already: the second signature is another person's."""


class ToBeWeighed(Conflict):
    """A second look found it otherwise: first somebody who made neither chooses which counts."""


Counted = tuple[Round, RoundHousehold]
"""A household of a round of which what was found counts from now on."""


@dataclass(frozen=True)
class Visitor:
    """Somebody of the staff, as the gateway knows an account that was named."""

    person: str
    areas: tuple[str, ...]
    until: date | None
    """The day the account ended, where it did."""


@dataclass(frozen=True)
class Found:
    """What a visit found, said over what its sender read (`was`)."""

    serial: int
    was: str | None
    finding: str
    visited_on: date
    note: str = ""


async def find(desk: Desk, round_id: UUID, said: Found) -> Counted | None:
    """Record what a visit found, and sign it; it counts when another has signed it too.

    Whoever says otherwise names what they read (`was`); what was found before is kept beneath.

    Raises:
        NoSuchRound, RoundClosed, MovedOn, ToBeWeighed, FindingUnfit, DayOutside: in this order.
    """
    round_, one = await _record(desk, round_id, said)
    counts = await _sign(desk, one)
    await record(desk, "round-found", round_, _details(said))
    return (round_, one) if counts else None


async def sign(desk: Desk, round_id: UUID, serial: int, finding: str) -> Counted | None:
    """Sign what another found, as it was read.

    Raises:
        NoSuchRound, RoundClosed, MovedOn, ToBeWeighed, SignedBefore: in this order.
    """
    round_, one = await open_household(desk, round_id, serial)
    if one.finding is None or one.finding != finding:
        raise MovedOn()
    if (await _refuse_to_be_weighed(desk, one)).is_over:
        raise MovedOn()
    if desk.caller.person in (await _hands(desk, one)).people:
        raise SignedBefore()
    counts = await _sign(desk, one)
    await record(desk, "round-signed", round_, {"serial": serial, "finding": finding})
    return (round_, one) if counts else None


async def find_on_paper(
    desk: Desk,
    files: Path,
    round_id: UUID,
    said: Found,
    visitors: Sequence[Visitor],
    content: bytes,
) -> UUID:
    """What a form on paper says, with the form; who is named there is told, and signs too.

    Raises:
        NoSuchRound, RoundClosed, MovedOn, FindingUnfit, DayOutside, TooFewSigned, PaperTooLarge,
        NoPaper: in this order; nothing is kept.
    """
    round_, one = await _record(desk, round_id, said)
    related = await near_relatives.officers(desk.session, await round_hands.of_whom(desk, one))
    signers = {
        each.person: each
        for each in visitors
        if each.person not in related
        and any(one.village.startswith(area) for area in each.areas)
        and (each.until is None or said.visited_on <= each.until)
    }
    if len(signers) < desk.settings.number("investigators_min"):
        raise TooFewSigned()
    paper = RoundPaper(county=one.county, household_id=one.id, **brought(desk, content))
    await SHELF.put(desk, files, one.id, paper, content)
    await small_pictures.keep(desk, files, SHELF, one.id, paper, content)
    desk.session.add_all(
        NamedVisitor(
            county=one.county,
            person=each.person,
            named_at=desk.now,
            household_id=one.id,
            number=one.finding_number,
            paper_id=paper.id,
            until=each.until,
        )
        for each in signers.values()
    )
    await _sign(desk, one)
    details = {**_details(said), "paper_id": str(paper.id), "named": sorted(signers)}
    await record(desk, "round-found-on-paper", round_, details)
    return paper.id


async def read_paper(desk: Desk, files: Path, round_id: UUID, paper_id: UUID) -> tuple[str, bytes]:
    """The form of a visit: its media type and content; that it was read is written down.

    Raises:
        NoSuchRound, NoSuchPaper: there is none, or it is not of the caller's area.
    """
    round_ = await round_of(desk, round_id)
    paper = await desk.session.get(RoundPaper, paper_id)
    if paper is None:
        raise NoSuchPaper()
    one = await desk.session.get_one(RoundHousehold, paper.household_id)
    if one.round_id != round_id or not desk.caller.may_see(one.village):
        raise NoSuchPaper()
    content = SHELF.take(desk.keys, files, one.id, paper)
    await record(desk, "round-paper-read", round_, {"paper_id": str(paper_id)})
    return paper.media_type, content


async def open_household(desk: Desk, round_id: UUID, serial: int) -> Counted:
    """A household of the caller's area, and no relatives of theirs, in a round that is not closed;
    the round under its lock.

    Raises:
        NoSuchRound, RoundClosed, NearRelative: in this order.
    """
    round_ = await round_of(desk, round_id, lock=True)
    if round_.closed_at is not None:
        raise RoundClosed()
    statement = select(RoundHousehold).where(
        col(RoundHousehold.round_id) == round_id, col(RoundHousehold.serial) == serial
    )
    one = (await desk.session.exec(statement)).first()
    if one is None or not desk.caller.may_see(one.village):
        raise NoSuchRound()
    await near_relatives.insist_on_none(
        desk.session, desk.caller, await round_hands.of_whom(desk, one)
    )
    return round_, one


async def _record(desk: Desk, round_id: UUID, said: Found) -> tuple[Round, RoundHousehold]:
    """A new finding in the place of the one that was read, signed by nobody yet."""
    round_, one = await open_household(desk, round_id, said.serial)
    if one.finding != said.was:
        raise MovedOn()
    await _refuse_to_be_weighed(desk, one)
    if said.finding not in FINDINGS[one.because]:
        raise FindingUnfit(f"{one.because}: {', '.join(FINDINGS[one.because])}")
    if not first_day(round_) <= said.visited_on <= desk.today:
        raise DayOutside(f"from {first_day(round_)} to today")
    words = json.dumps({"note": said.note, "before": _found_before(desk, one)}, ensure_ascii=False)
    one.finding, one.visited_on = said.finding, said.visited_on
    one.found_by, one.signed_on = desk.caller.subject, None
    one.finding_number += 1
    # Once it is known whom chance picked, what is found anew is looked at by others too.
    one.sampled = one.sampled or round_.seed is not None
    one.found_sealed = desk.keys.encrypt(
        words, table="campaign_household", column="found_sealed", row=one.id
    )
    return round_, one


async def _sign(desk: Desk, one: RoundHousehold) -> bool:
    """The caller's signature under what was found last; whether it counts by that, and did not."""
    caller, hands = desk.caller, await _hands(desk, one)
    mine = RoundSignature(
        county=one.county,
        household_id=one.id,
        number=one.finding_number,
        finding=str(one.finding),
        actor=caller.subject,
        person=caller.person,
        areas=[each for each in caller.divisions if one.village.startswith(each)],
        signed_at=desk.now,
        signed_on=desk.today,
        paper_id=hands.paper_id,
    )
    desk.session.add(one)
    desk.session.add(mine)
    await desk.session.flush()
    hands.signed.append(mine)
    if one.signed_on or not hands.are_enough(desk.settings.number("investigators_min")):
        return False
    if not await _seen_by_another(desk, one, hands.people):
        return False
    one.signed_on = desk.today
    return True


async def _refuse_to_be_weighed(desk: Desk, one: RoundHousehold) -> Second:
    """Go on only where no second look found otherwise that nobody has weighed.

    Raises:
        ToBeWeighed: one did.
    """
    second = (await round_seconds.of(desk, [one]))[one.id]
    if second.waits:
        raise ToBeWeighed()
    return second


async def _seen_by_another(desk: Desk, one: RoundHousehold, people: set[str]) -> bool:
    """Whether somebody signed who had not before a second look found it otherwise."""
    second = (await round_seconds.of(desk, [one]))[one.id]
    if not second.found_anew or second.check is None:
        return True
    statement = select(col(RoundSignature.person)).where(
        col(RoundSignature.household_id) == one.id,
        col(RoundSignature.number) <= second.check.number,
    )
    before = (await desk.session.exec(statement)).all()
    return bool(people - set(before))


async def _hands(desk: Desk, one: RoundHousehold) -> Hands:
    return (await round_hands.of(desk, [one]))[one.id]


def _found_before(desk: Desk, one: RoundHousehold) -> list[dict[str, Any]]:
    """Every earlier finding of a household, the first first."""
    if one.finding is None or one.visited_on is None or one.found_sealed is None:
        return []
    said = json.loads(
        desk.keys.decrypt(
            one.found_sealed, table="campaign_household", column="found_sealed", row=one.id
        )
    )
    last = {
        "number": one.finding_number,
        "finding": one.finding,
        "visited_on": one.visited_on.isoformat(),
        "found_by": one.found_by,
        "note": said["note"],
    }
    return [*said.get("before", []), last]


def first_day(round_: Round) -> date:
    """The day from which visits are of this round: its first phase's, or when it was opened."""
    phases = [date.fromisoformat(each["first_day"]) for each in round_.phases]
    return min(*phases, civil_date(round_.opened_at))


def _details(said: Found) -> dict[str, Any]:
    return {"serial": said.serial, "finding": said.finding, "was": said.was}
