"""What a household is paid a month as it stands, and by what is written or was decided: asked of
benefits, who reckons by the law.

No sum is made here, kept here or typed by anybody. With benefits away none is known, and it is said
that the message of payment names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import before_and_after, decisions, determinations
from services.identification.casework import classes, would_stand
from services.identification.casework.foresight import foresee
from services.identification.casework.homes import Foresight, Home
from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.grammar.history import Done
from services.identification.models import Household, Person
from shared.ids import new_id
from shared.money import yuan_text
from shared.months import Month
from shared.problems import Problem

FORESEEN: Final = "foreseen"
DECIDED: Final = "decided"
_AWAY: Final = Words(
    "金额现在查不到，请过一会儿再看", "the sums cannot be read just now; look again later"
)
_LATER: Final = "自{month}起每月的金额，以发放时的通知为准，通知里写明数额和算法。"
_SAME: Final = "自{month}起，每月发放的金额不变，共{after}元。"
_OTHER: Final = "自{month}起，{lines}。"
_LINE: Final = "{whose}{name}每月由{before}元变为{after}元"
_NEW: Final = "{whose}{name}每月发放{after}元"


@dataclass(frozen=True)
class Part:
    """What one programme pays a month; without a sum there is a reason it is held."""

    fen: int | None = 0
    held: Words | None = None


@dataclass(frozen=True)
class Line:
    """What one programme pays to whom, before and after; a household, where no person is named."""

    name: Words
    person_id: str | None
    whose: str | None
    before: Part
    after: Part


@dataclass(frozen=True)
class OfHome:
    """A household with its lines; without a number it is a new one."""

    number: str | None
    lines: Sequence[Line]

    def of(self, person_id: str | None) -> "OfHome":
        """The same without what is another person's own."""
        lines = [each for each in self.lines if each.person_id in {None, person_id}]
        return OfHome(self.number, lines)

    @property
    def totals(self) -> tuple[int | None, int | None]:
        """What all of it comes to before and after; unknown where anything of it is."""
        return _total([e.before.fen for e in self.lines]), _total([e.after.fen for e in self.lines])


@dataclass(frozen=True)
class Sums:
    """What is paid a month before and after, of which month, household by household."""

    stage: str
    month: Month
    homes: Sequence[OfHome]
    missing: Words | None = None


@dataclass(frozen=True)
class _Supposed:
    """A household before and after, in the words of a decision; before, since when it stood so."""

    household_id: str
    number: str | None
    village: str
    before: Mapping[str, Any] | None
    recorded_at: str
    after: Mapping[str, Any]


async def of_case(desk: Desk, at: Standing) -> Sums | None:
    """What a case would change of what is paid, or changed, once it is decided; nothing where it
    does neither, or cannot be carried out as it is written."""
    if at.decided is not None:
        return await decided(desk, at.decided, at.case.household_id)
    try:
        return await foreseen(desk, at)
    except Problem:
        return None


async def foreseen(desk: Desk, at: Standing) -> Sums | None:
    """What an open case about a household would come to: what is written there, as declared or as
    the visit found it. Of the next month, or the first in which all of it would be so; nothing of a
    household that merged, for which no month is to come.

    Raises:
        TooEarly, NoLongerThere, LivesHere, NamedTwice, NoOtherHousehold: it cannot be carried out.
    """
    if not at.path.about_household or at.case.closed_at is not None:
        return None
    found = await foresee(desk.session, desk.keys, at)
    if found.merged is not None:
        return None
    found.own.facts |= await _class_sum(desk, at, found.own)
    supposed = [await _would_be(desk, found, home) for home in found.homes]
    return await _asked(desk, FORESEEN, _month(desk, found), supposed)


async def decided(desk: Desk, done: Done | None, household_id: UUID | None) -> Sums | None:
    """What a decision changed of what a household is paid, in the first month it holds for; nothing
    where it decided nothing of how a household stands."""
    if done is None or household_id is None or DECISION_NUMBER not in done.words:
        return None
    number = str(done.words[DECISION_NUMBER])
    stood = await before_and_after.by_number(desk.session, desk.keys, household_id, number)
    if stood is None:
        return None
    before, after = stood
    household = await desk.session.get_one(Household, household_id)
    now = desk.now.isoformat()
    # Both as of now: a death the decision was about is in its words, and not in those before.
    supposed = _Supposed(str(household_id), household.number, household.village, before, now, after)
    return await _asked(desk, DECIDED, Month.parse(after["from_month"]), [supposed])


def in_words(sums: Sums | None) -> dict[str, Any]:
    """Sums as pages draw them."""
    if sums is None:
        return {"stage": None, "month": None, "homes": [], "missing": None}
    return {
        "stage": sums.stage,
        "month": str(sums.month),
        "homes": [_home_in_words(each) for each in sums.homes],
        "missing": sums.missing and sums.missing.both(),
    }


def sentence(sums: Sums | None) -> str:
    """The same in a letter: old sum and new, and from which month; nothing where nothing was paid
    and nothing is."""
    if sums is None:
        return ""
    month = f"{sums.month.year}年{sums.month.number}月"
    (home,) = sums.homes or (OfHome(None, ()),)
    before, after = home.totals
    if sums.missing or before is None or after is None:
        return _LATER.format(month=month)
    moved = [each for each in home.lines if each.before != each.after]
    if not moved:
        return _SAME.format(month=month, after=yuan_text(after)) if after else ""
    return _OTHER.format(month=month, lines="；".join(_said(each) for each in moved))


def _said(line: Line) -> str:
    assert line.before.fen is not None, "a sum that is not known is not told"
    assert line.after.fen is not None, "a sum that is not known is not told"
    words = _LINE if line.before.fen else _NEW
    return words.format(
        whose=f"{line.whose}的" if line.whose else "",
        name=line.name.zh,
        before=yuan_text(line.before.fen),
        after=yuan_text(line.after.fen),
    )


async def _class_sum(desk: Desk, at: Standing, home: Home) -> Mapping[str, Any]:
    """The sum the village set anew for class 2; none, where it is still to set one."""
    try:
        return await classes.facts_after(desk, at, home)
    except classes.SumNotSet:
        return classes.NO_SUM


async def _would_be(desk: Desk, found: Foresight, home: Home) -> _Supposed:
    after = await would_stand.content_of(desk.session, desk.keys, found, home)
    own = found.own.household
    assert own is not None, "only a household of the register changes"
    household = home.household
    village = home.village or (household or own).village
    number = household.number if household else None
    row = await decisions.last_row(desk.session, household.id) if household else None
    before, recorded_at = None, desk.now
    if household is not None and row is not None:
        before = await decisions.last(desk.session, desk.keys, household.id)
        recorded_at = row.recorded_at
    household_id = str(household.id if household else new_id())
    return _Supposed(household_id, number, village, before, recorded_at.isoformat(), after)


def _month(desk: Desk, found: Foresight) -> Month:
    """The first month that is still to come in which everything that is written holds."""
    return max([
        Month.of(desk.today).next(),
        *(each.since for home in found.homes for each in home.comes),
        *(until.next() for home in found.homes for _, _, until in home.goes),
    ])  # fmt: skip


async def _asked(desk: Desk, stage: str, month: Month, supposed: Sequence[_Supposed]) -> Sums:
    """Ask benefits for all of it at once."""
    words = []
    for each in supposed:
        home = {"household_id": each.household_id, "village": each.village}
        if each.before is not None:
            words.append({**home, "recorded_at": each.recorded_at, **_counted(each.before, month)})
        words.append({**home, "recorded_at": desk.now.isoformat(), **_counted(each.after, month)})
    if desk.benefits is None:
        return Sums(stage, month, (), _AWAY)
    asked = {"month": str(month), "households": words}
    try:
        said = await desk.benefits.post("/supposed", asked, key=str(new_id()))
    except Problem:
        return Sums(stage, month, (), _AWAY)
    answers, names = iter(said["households"]), await _names(desk.session, supposed)
    homes = []
    for each in supposed:
        before = next(answers)["sums"] if each.before is not None else []
        homes.append(OfHome(each.number, _lines(before, next(answers)["sums"], names)))
    return Sums(stage, month, homes)


def _counted(content: Mapping[str, Any], month: Month) -> dict[str, Any]:
    return {"facts": content["facts"], "members": determinations.counted(content, month)}


def _lines(
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
) -> list[Line]:
    """Every programme that pays or holds anything before or after, to whom."""
    was, will_be = _by_whom(before), _by_whom(after)
    found = []
    for of in dict.fromkeys([*was, *will_be]):
        said = will_be.get(of) or was[of]
        person_id = of[1] if said["beneficiary_kind"] == "person" else None
        whose = names.get(of[1]) if person_id else None
        name = Words(said["name"]["zh"], said["name"]["en"])
        found.append(Line(name, person_id, whose, _part(was.get(of)), _part(will_be.get(of))))
    return found


def _by_whom(sums: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(each["programme"], each["beneficiary_id"]): each for each in sums}


def _part(said: Mapping[str, Any] | None) -> Part:
    if said is None:
        return Part()
    held = said["held"]
    return Part(said["amount_fen"], Words(held["zh"], held["en"]) if held else None)


async def _names(session: AsyncSession, supposed: Sequence[_Supposed]) -> dict[str, str]:
    people = {UUID(one["person_id"]) for each in supposed for one in each.after["members"]}
    statement = select(col(Person.id), col(Person.name)).where(col(Person.id).in_(people))
    return {str(person_id): name for person_id, name in await session.exec(statement)}


def _home_in_words(home: OfHome) -> dict[str, Any]:
    before, after = home.totals
    return {
        "household": home.number,
        "before_fen": before,
        "after_fen": after,
        "lines": [
            {
                "name": each.name.both(),
                "whose": each.whose,
                "before": _part_in_words(each.before),
                "after": _part_in_words(each.after),
            }
            for each in home.lines
        ],
    }


def _part_in_words(part: Part) -> dict[str, Any]:
    return {"fen": part.fen, "held": part.held and part.held.both()}


def _total(sums: Sequence[int | None]) -> int | None:
    known = [each for each in sums if each is not None]
    return sum(known) if len(known) == len(sums) else None
