"""A campaign round: phases with their days, everybody frozen at its start, each with a finding.

Frozen are the households on the list; a look-back adds who was refused within its months, who left,
and registered poor who are not covered. What is found moves nobody: a change, a leaving or an
application does, and has its own case.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from services.identification import areas, people
from services.identification.casework import last_decisions
from services.identification.casework.looking_again import (
    reviews,
    round_hands,
    round_refusals,
    round_seconds,
    samples,
)
from services.identification.casework.looking_again.round_hands import Hands
from services.identification.desk import Desk
from services.identification.models import (
    CaseFile,
    Household,
    Round,
    RoundHousehold,
)
from shared.database import among, new_id, one_of
from shared.months import Month
from shared.problems import Conflict, Forbidden, Malformed, NotFound

CURRENT: Final = "current"
REFUSED: Final = round_refusals.REFUSED
LEFT: Final = "left"
REGISTERED_POOR: Final = "registered-poor"
BECAUSE: Final = {
    CURRENT: "在保",
    REFUSED: "未批准",
    LEFT: "已退出",
    REGISTERED_POOR: "建档立卡未保",
}
FOUND: Final = {"kept": "继续保障", "left": "应退出", "added": "应纳入", "not-added": "不纳入"}
"""What may be found, in words."""
NUMBERS_MAX: Final = 20_000
YEARS_APART: Final = 1
"""How far the year of a campaign is from today's: one that was late, or that is prepared."""
SHOWN_MAX: Final = 100


class NoSuchCampaign(Malformed):
    """The place has no campaign of that name."""


class YearOutside(Malformed):
    """A campaign is of this year, or of the one before or after it."""


class NoSuchRound(NotFound):
    """There is no such round here."""


class AreaNotYours(Forbidden):
    """The area is not yours."""


class RoundClosed(Conflict):
    """This round is closed."""


class NotAllFound(Conflict):
    """Somebody of this round has no finding yet, or one that is not signed."""


class NotAllChecked(Conflict):
    """A sample is drawn, and everybody in it looked at a second time, before a round ends."""


class FoundAlready(Conflict):
    """Somebody of this round was looked at: it is gone through and ended, not called off."""


class BegunByAnother(Forbidden):
    """A round is called off by who began it, or by the county."""


class SampledAlready(Conflict):
    """A sample of this round was drawn; it is drawn once."""


async def open_round(
    desk: Desk,
    campaign: str,
    year: int,
    area: str,
    *,
    look_back: bool,
    poor: Sequence[str],
    uncovered: Collection[UUID] = (),
) -> tuple[Round, list[str]]:
    """Begin a campaign of the place in an area: its phases of this year, and everybody frozen.

    Args:
        poor: numbers of households with registered poor, as somebody brought them.
        uncovered: those of the last comparison.

    Returns:
        the round, and the numbers no household of the area has.

    Raises:
        NoSuchCampaign, YearOutside, AreaNotYours: it cannot begin.
    """
    words = desk.settings.words["campaigns"].get(campaign)
    if words is None:
        raise NoSuchCampaign(f"there are {', '.join(desk.settings.words['campaigns'])}")
    if abs(year - desk.today.year) > YEARS_APART:
        raise YearOutside()
    if not desk.caller.may_see(area):
        raise AreaNotYours()
    round_ = Round(
        id=new_id(),
        county=desk.caller.county,
        name=f"{year}年{words['zh']}",
        area=area,
        look_back=look_back,
        phases=_phases(words["phases"], year),
        opened_by=desk.caller.subject,
        opened_at=desk.now,
    )
    desk.session.add(round_)
    await desk.session.flush()
    unknown = await _freeze(desk, round_, list(poor)[:NUMBERS_MAX], uncovered)
    await record(desk, "round-opened", round_, {"frozen": round_.frozen})
    return round_, unknown


async def draw_sample(desk: Desk, round_id: UUID) -> Round:
    """Draw who is visited once more: the county's share, rounded up, by a seed that is kept. Whom
    nobody looks at again nobody is to know before the first look.

    Raises:
        NoSuchRound, AreaNotYours, SampledAlready, NotAllFound: it is not drawn.
    """
    round_ = await _whole(desk, round_id)
    if round_.seed is not None:
        raise SampledAlready()
    round_.seed = secrets.token_hex(16)
    round_.sample_percent = desk.settings.number("round_sample_percent")
    all_of_it = await households_of(desk, round_id)
    if any(each.signed_on is None for each in all_of_it):
        raise NotAllFound()
    chosen = _drawn(round_, all_of_it)
    for one in all_of_it:
        one.sampled = one.id in chosen
        desk.session.add(one)
    desk.session.add(round_)
    details = {"percent": round_.sample_percent, "seed": round_.seed, "of": len(all_of_it)}
    await record(desk, "round-sampled", round_, details)
    return round_


def _drawn(round_: Round, all_of_it: Sequence[RoundHousehold]) -> set[UUID]:
    """Whom chance picked, by the seed; nobody, before."""
    if round_.seed is None or round_.sample_percent is None:
        return set()
    ids = (each.id for each in all_of_it)
    return set(samples.chosen_of(ids, round_.sample_percent, round_.seed))


async def close(desk: Desk, round_id: UUID) -> Round:
    """End a round in which everybody has a finding that is signed, and the sample a second look.

    Raises:
        NoSuchRound, AreaNotYours, RoundClosed, NotAllFound, NotAllChecked: it does not end.
    """
    round_ = await _whole(desk, round_id)
    if round_.closed_at is not None:
        raise RoundClosed()
    households = await households_of(desk, round_id)
    if any(each.signed_on is None for each in households):
        raise NotAllFound()
    seconds = await round_seconds.of(desk, households)
    if round_.seed is None or any(each.is_due for each in seconds.values()):
        raise NotAllChecked()
    round_.closed_at = desk.now
    desk.session.add(round_)
    await record(desk, "round-closed", round_, {"frozen": round_.frozen})
    return round_


async def call_off(desk: Desk, round_id: UUID, reason: str) -> Round:
    """End a round that was begun by mistake, before anybody was looked at; it stays to be read.

    Raises:
        NoSuchRound, AreaNotYours, RoundClosed, BegunByAnother, FoundAlready: in this order.
    """
    round_ = await _whole(desk, round_id)
    if round_.closed_at is not None:
        raise RoundClosed()
    if desk.caller.subject != round_.opened_by and not desk.caller.may_see(round_.county):
        raise BegunByAnother()
    if any(each.finding is not None for each in await households_of(desk, round_id)):
        raise FoundAlready()
    round_.closed_at, round_.called_off = desk.now, reason
    desk.session.add(round_)
    await record(desk, "round-called-off", round_, {"reason": reason})
    return round_


async def all_rounds(desk: Desk) -> list[dict[str, Any]]:
    """The rounds of the caller's areas, the newest first."""
    around = {area[:digits] for area in desk.caller.areas for digits in range(1, len(area))}
    concern = or_(one_of(col(Round.area), around), areas.of_areas(desk.caller, col(Round.area)))
    statement = select(Round).where(concern).order_by(col(Round.id).desc()).limit(SHOWN_MAX)
    return [head(desk, each) for each in await desk.session.exec(statement)]


async def show(desk: Desk, round_id: UUID, village: str | None) -> dict[str, Any]:
    """A round with its sums, village by village, and the households of one village.

    Raises:
        NoSuchRound: there is none, or it is not of the caller's area.
    """
    round_ = await round_of(desk, round_id)
    whole = await households_of(desk, round_id)
    households = [each for each in whole if desk.caller.may_see(each.village)]
    drawn = _drawn(round_, whole)
    shown = [each for each in households if each.village == village]
    hands = await round_hands.of(desk, shown)
    seconds = await round_seconds.of(desk, households)
    return {
        **head(desk, round_),
        "sums": _sums(households),
        "villages": [
            {"village": each, **_sums([e for e in households if e.village == each])}
            for each in sorted({e.village for e in households})
        ],
        "households": [
            {**line(each, hands[each.id]), **seconds[each.id].shown(desk)} for each in shown
        ],
        "sample": [each.serial for each in households if each.id in drawn],
        "unchecked": [each.one.serial for each in seconds.values() if each.is_due],
        "to_weigh": [each.one.serial for each in seconds.values() if each.waits],
        "seed": round_.seed,
    }


def head(desk: Desk, round_: Round) -> dict[str, Any]:
    """What a round is, and which phase it is in today."""
    today = desk.today.isoformat()
    return {
        "round_id": str(round_.id),
        "name": round_.name,
        "area": round_.area,
        "look_back": round_.look_back,
        "phases": round_.phases,
        "phase": [e["zh"] for e in round_.phases if e["first_day"] <= today <= e["last_day"]],
        "frozen": round_.frozen,
        "closed": round_.closed_at is not None,
        "called_off": round_.called_off,
    }


def line(one: RoundHousehold, hands: Hands) -> dict[str, Any]:
    """One household of a round, with who signed what was found last, and who is waited for."""
    return {
        "serial": one.serial,
        "village": one.village,
        "because": one.because,
        "number": one.number,
        "head_name": one.head_name,
        "kind": one.kind,
        "sampled": one.sampled,
        "finding": one.finding,
        "visited_on": one.visited_on and one.visited_on.isoformat(),
        "signed": one.signed_on is not None,
        "signed_by": [each.actor for each in hands.signed],
        "awaited": sorted(hands.awaited),
        "paper_id": hands.paper_id and str(hands.paper_id),
    }


def _sums(households: Sequence[RoundHousehold]) -> dict[str, Any]:
    """How many there are, by why and by what was found and signed; the rest, so that it adds up."""
    found = Counter(each.finding if each.signed_on else None for each in households)
    unsigned = sum(each.finding is not None and each.signed_on is None for each in households)
    return {
        "all": len(households),
        "because": dict(Counter(each.because for each in households)),
        "found": {name: found[name] for name in FOUND},
        "unsigned": unsigned,
        "open": found[None] - unsigned,
    }


async def _freeze(
    desk: Desk, round_: Round, poor: Sequence[str], uncovered: Collection[UUID]
) -> list[str]:
    """Write down everybody the round looks at, village by village, with a serial.

    What comes back are the numbers of registered poor no household of its area has.
    """
    unknown = set(poor) if round_.look_back else set()
    found: list[dict[str, Any]] = []
    listed: set[UUID] = set()
    others: dict[UUID, dict[str, Any]] = {}
    async for stood in last_decisions.of_areas(desk, [round_.area], Month.of(desk.today)):
        kind = reviews.kind_of(stood.content, None, desk.today, desk.settings)
        home = stood.household_id
        because = CURRENT if stood.listed else LEFT
        one = _frozen(stood.village, because, stood.number, home, kind)
        if stood.listed:
            listed.add(home)
            found.append(one)
        else:
            others[home] = one
    if round_.look_back:
        found += [others[home] for home in await last_decisions.ever_listed(desk, others)]
        taken = {each["household_id"] for each in found}
        refused = await round_refusals.of(desk, round_.area, listed, taken)
        found += [_refused_now(each.case) for each in refused]
        taken |= {each.home for each in refused}
        of_poor = await _poor(desk, round_, poor, uncovered)
        unknown -= {each.number for each in of_poor}
        found += [
            _frozen(each.village, REGISTERED_POOR, each.number, each.id, None)
            for each in of_poor
            if each.id not in taken
        ]
    ids = [each["household_id"] for each in found if each["household_id"]]
    names = await people.names_of(desk.session, desk.caller, ids)
    found.sort(key=lambda each: (each["village"], each["because"], each["number"]))
    for serial, each in enumerate(found, 1):
        each.setdefault("head_name", names.get(str(each["household_id"]), ""))
        desk.session.add(
            RoundHousehold(county=round_.county, round_id=round_.id, serial=serial, **each)
        )
    round_.frozen = len(found)
    desk.session.add(round_)
    await desk.session.flush()
    return sorted(unknown)


def _refused_now(case: CaseFile) -> dict[str, Any]:
    return {
        **_frozen(case.village, REFUSED, case.receipt, case.household_id, None),
        "case_id": case.id,
        "head_name": case.head_name,
    }


async def _poor(
    desk: Desk, round_: Round, numbers: Sequence[str], uncovered: Collection[UUID]
) -> list[Household]:
    """Households with registered poor in the area: of the last comparison, and by their numbers."""
    found = await desk.session.exec(
        select(Household).where(
            or_(
                col(Household.number).in_(numbers),
                among(col(Household.id), uncovered),
            ),
            areas.within([round_.area], col(Household.village)),
        )
    )
    return list(found.all())


def _frozen(
    village: str, because: str, number: str, household_id: UUID | None, kind: str | None
) -> dict[str, Any]:
    return {
        "village": village,
        "because": because,
        "number": number,
        "household_id": household_id,
        "kind": kind,
    }


def _phases(said: Sequence[Mapping[str, Any]], year: int) -> list[dict[str, Any]]:
    """The phases of the place's table from a year on: one that begins earlier in the year than the
    one before is of the next, and so is an end before its beginning."""
    found, begun = [], date(year, 1, 1)
    for words in said:
        begun = _on(words["first"], begun)
        days = {"first_day": str(begun), "last_day": str(_on(words["last"], begun))}
        found.append({"zh": words["zh"], "en": words["en"], **days})
    return found


def _on(month_and_day: str, since: date) -> date:
    """A day of the year of another, or of the next where it has been by then."""
    day = date.fromisoformat(f"{since.year}-{month_and_day}")
    return day if day >= since else day.replace(year=since.year + 1)


async def round_of(desk: Desk, round_id: UUID, *, lock: bool = False) -> Round:
    """A round that goes over an area of the caller's, or part of one.

    Raises:
        NoSuchRound: there is none, or it does not.
    """
    round_ = await desk.session.get(Round, round_id, with_for_update=lock, populate_existing=True)
    if round_ is None or not _concerns(desk, round_):
        raise NoSuchRound()
    return round_


async def _whole(desk: Desk, round_id: UUID) -> Round:
    """A round whose whole area is the caller's: who answers for a part of it ends it for nobody."""
    round_ = await round_of(desk, round_id, lock=True)
    if not desk.caller.may_see(round_.area):
        raise AreaNotYours()
    return round_


def _concerns(desk: Desk, round_: Round) -> bool:
    """Whether the round goes over an area of the caller's, or part of one."""
    return any(
        area.startswith(round_.area) or round_.area.startswith(area) for area in desk.caller.areas
    )


async def households_of(desk: Desk, round_id: UUID) -> list[RoundHousehold]:
    found = await desk.session.exec(
        select(RoundHousehold)
        .where(col(RoundHousehold.round_id) == round_id)
        .order_by(col(RoundHousehold.serial))
    )
    return list(found.all())


async def record(desk: Desk, act: str, round_: Round, details: dict[str, Any]) -> None:
    """What was done to a round, in the audit log."""
    await desk.note(act, str(round_.id), details)
