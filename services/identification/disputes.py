"""What is in dispute, and how that ends: with the case it led to, where there is one.

A list says that somebody died, is in prison or is helped twice: an alert of ours, or an item of the
exchange. Who looked into it and found it so begins a case or names one; that case decides. Until it
has, the part stays held, whatever else is decided of the household. A case that decided nothing
about that person settles nothing: the alert or the item comes back to whoever acts on it. Nor does
one that is about something else: a death is upheld by the case that records it, and nothing by an
income that rose, whose fade-out is paid still.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import assistance, before_and_after, decisions
from services.identification.casework import households
from services.identification.casework.paths import AGAINST, UNDECIDED, CasePath, all_paths
from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.casework.steps import FADING, RISEN
from services.identification.comparison.kinds import BY_CASE, DEATH, WRONG, read_kinds
from services.identification.comparison.traces import CASE
from services.identification.desk import Desk
from services.identification.grammar import moving, rows
from services.identification.histories import History
from services.identification.models import (
    Alert,
    AlertAct,
    CaseFile,
    ExchangeItem,
    Household,
    Membership,
    Person,
)
from shared.contracts.identification import DisputeSettled, PersonDisputed
from shared.months import Month
from shared.outbox import announce

ASKED: Final[Mapping[str, str]] = {
    "death": "death", "imprisoned": "prison", "paid-twice": "double", "doubles": "double",
}  # fmt: skip
"""What an item of the exchange holds, by its kind."""
PROVINCE: Final = "province"
"""Who asked an item that is ours to answer."""
COUNTY_OFFICE: Final = "county"
CAME_BACK: Final = "came-back"
"""What happens to an alert whose case decided nothing about whom it is about."""
_CHECKED: Final = "checked"
_LEAVING: Final = "exit"


class End(StrEnum):
    """What a case came to, for somebody in dispute."""

    WAITS = "waits"
    UPHELD = "upheld"
    WRONG = "wrong"
    NOTHING = "nothing"


class Part(NamedTuple):
    """Whose part is held, and why."""

    person_id: UUID
    reason: str


def part_of(of: Alert | ExchangeItem) -> Part | None:
    """Whose part it holds, if it holds anything of anybody's."""
    holds = read_kinds().of(of.kind).holds if isinstance(of, Alert) else ASKED.get(of.kind)
    return Part(of.person_id, holds) if of.person_id and holds else None


async def begin(desk: Desk, of: Alert | ExchangeItem) -> None:
    """Say that somebody's part is in dispute, or is so again; nothing, where it holds nothing."""
    await _begin(desk.session, of, desk.now)


async def _begin(session: AsyncSession, of: Alert | ExchangeItem, now: datetime) -> None:
    part = part_of(of)
    if part is None:
        return
    await announce(
        session,
        PersonDisputed(
            county=of.county,
            occurred_at=now,
            dispute_id=of.id,
            person_id=part.person_id,
            reason=part.reason,
            from_month=_month_of(of),
        ),
    )


async def meet(session: AsyncSession, county: str, now: datetime) -> None:
    """Whoever the province asked about before they were in the register is there now: what it asked
    is about them from here on, where they live, and in dispute as long as nobody answered."""
    lives = and_(col(Membership.person_id) == col(Person.id), col(Membership.until).is_(None))
    found = await session.exec(
        select(ExchangeItem, col(Person.id), col(Household.village))
        .join(Person, col(Person.id_index) == col(ExchangeItem.id_index))
        .outerjoin(Membership, lives)
        .outerjoin(Household, col(Household.id) == col(Membership.household_id))
        .where(
            col(ExchangeItem.county) == county,
            col(Person.county) == county,
            col(ExchangeItem.person_id).is_(None),
        )
        .order_by(col(ExchangeItem.id))
        .with_for_update(of=ExchangeItem)
    )
    for item, person_id, lives_in in found.all():
        item.person_id, village = person_id, lives_in or item.village
        if item.owner == owner_of(item.village):
            item.owner = owner_of(village)
        item.village = village
        session.add(item)
        if item.answered_on is None:
            await _begin(session, item, now)
    await session.flush()


def owner_of(village: str) -> str:
    """Whose desk an item lies on until somebody is named: the town's, or the county's own."""
    return f"town:{village[:9]}" if len(village) == 12 else COUNTY_OFFICE


def _month_of(of: Alert | ExchangeItem) -> Month:
    return Month.parse(of.month) if isinstance(of, Alert) else Month.of(of.asked_on)


async def settle(
    desk: Desk, of: Alert | ExchangeItem, *, upheld: bool, decided_at: datetime | None = None
) -> None:
    """What was in dispute no longer is; by a decision of that instant, where one upheld it."""
    part = part_of(of)
    if part is None:
        return
    first = await _upheld_from(desk, part, _month_of(of)) if upheld else None
    await announce(
        desk.session,
        DisputeSettled(
            county=of.county,
            occurred_at=desk.now,
            dispute_id=of.id,
            person_id=part.person_id,
            upheld=upheld,
            decided_at=decided_at,
            from_month=first,
            ended_from=await _ended_from(desk, part.person_id, first) if first else None,
        ),
    )


async def is_granted(desk: Desk, of: Alert | ExchangeItem) -> bool:
    """Whether there is a part in dispute: they draw something, or their household does."""
    part = part_of(of)
    return part is not None and await draws(desk, part.person_id)


async def draws(desk: Desk, person_id: UUID) -> bool:
    """Whether somebody draws something, or their household does, by its last decision."""
    home = await households.home_of(desk.session, person_id)
    return home is not None and bool(await _drawn(desk, home.id, person_id))


def took_out(at: Standing, person_id: UUID) -> bool:
    """Whether a leaving that is over found something of somebody, or of their whole household."""
    if at.case.category != _LEAVING or not at.path.states[at.case.state].ends:
        return False
    found = [each for each in at.acts if each.from_state == at.path.begins != each.to_state]
    return bool(found) and found[-1].words.get("person_key") in {None, str(person_id)}


async def holds(desk: Desk, alert: Alert) -> bool:
    """Whether an alert still holds somebody's part: until it was dismissed, or what it led to was
    decided, whether or not the alert itself is closed. Where that is no case, it was settled with
    the act."""
    if part_of(alert) is None or alert.outcome is None:
        return part_of(alert) is not None
    outcome = read_kinds().outcomes.get(alert.outcome)
    if outcome is None or outcome.dispute != BY_CASE or alert.led_to != CASE:
        return False
    return not await _is_decided(desk, alert.led_to_id)


async def _is_decided(desk: Desk, case_id: UUID | None) -> bool:
    case = await desk.session.get_one(CaseFile, case_id)
    return _decides(all_paths()[case.category], case.state)


async def settle_by(desk: Desk, of: Alert | ExchangeItem, at: Standing) -> None:
    """The same by the case it rests on, as that stands; until it has come to its end, nothing."""
    if part_of(of) is None:
        return
    end = await _came_to(desk, at, of)
    if end in {End.UPHELD, End.WRONG}:
        upheld = end is End.UPHELD
        decided_at = at.decided.done_at if upheld and at.decided else None
        await settle(desk, of, upheld=upheld, decided_at=decided_at)


async def may_settle(desk: Desk, of: Alert | ExchangeItem, at: Standing) -> bool:
    """Whether a case is to decide about whose part is in dispute, or has; anything may rest on it
    where nothing is in dispute."""
    if part_of(of) is None or not at.path.about_household:
        return True
    return await _came_to(desk, at, of) is not End.NOTHING


async def follow(desk: Desk, at: Standing, before: str) -> None:
    """A case has moved: whatever rests on it is settled by its end, is in dispute again where its
    decision was set aside, or comes back where it ended without deciding about them. An answer
    where nothing is in dispute comes back where the case ended with nothing changed."""
    had, has = (_has_decided(at, state) for state in (before, at.case.state))
    if not (had or has):
        return
    await meet(desk.session, at.case.county, desk.now)
    about_household, state = at.path.about_household, at.case.state
    in_vain = state in UNDECIDED | AGAINST or (about_household and state == before)
    for item in await _answered_by(desk, at) if in_vain else ():
        if part_of(item) is None or not about_household:
            await begin(desk, item)
            await _come_back(desk, item, at)
    if not about_household:
        return
    for each in await _resting_on(desk, at):
        if not has:
            await begin(desk, each)
            continue
        # Decided otherwise on appeal it stands where it stood, and what it changed is as it was.
        end = End.WRONG if at.case.state == before else await _came_to(desk, at, each)
        if end is End.NOTHING:
            await begin(desk, each)
            await _come_back(desk, each, at)
            continue
        upheld = end is End.UPHELD
        if upheld and had and before not in AGAINST:
            continue
        await settle(desk, each, upheld=upheld, decided_at=desk.now if upheld else None)
        if not upheld and isinstance(each, ExchangeItem):
            await _come_back(desk, each, at)


async def take_back(desk: Desk, at: Standing, person_id: UUID) -> None:
    """Somebody who was found dead is alive by a case: what was upheld of their death was wrongly
    held. What the province was told of it by a case is to be answered once more."""
    for each in await _of_death(desk, person_id):
        if await _is_over(desk, each):
            await settle(desk, each, upheld=False)
            if isinstance(each, ExchangeItem) and each.case_id is not None:
                await _come_back(desk, each, at)


async def _of_death(desk: Desk, person_id: UUID) -> list[Alert | ExchangeItem]:
    """What a list said of somebody's death, each locked."""
    alerts = await desk.session.exec(
        select(Alert)
        .where(col(Alert.person_id) == person_id)
        .order_by(col(Alert.id))
        .with_for_update()
    )
    items = await desk.session.exec(
        select(ExchangeItem)
        .where(col(ExchangeItem.person_id) == person_id)
        .order_by(col(ExchangeItem.id))
        .with_for_update()
    )
    said: list[Alert | ExchangeItem] = [*alerts.all(), *items.all()]
    return [each for each in said if (part := part_of(each)) and part.reason == DEATH]


async def _is_over(desk: Desk, of: Alert | ExchangeItem) -> bool:
    """Whether what was in dispute no longer is, and was not found wrong by an alert's act."""
    if isinstance(of, Alert):
        outcome = read_kinds().outcomes.get(str(of.outcome))
        return outcome is not None and outcome.dispute != WRONG and not await holds(desk, of)
    by_case = of.case_id is not None
    return of.answered_on is not None and (not by_case or await _is_decided(desk, of.case_id))


async def _came_to(desk: Desk, at: Standing, of: Alert | ExchangeItem) -> End:
    """What a case has decided about whose part is in dispute, as it stands."""
    state, part = at.case.state, part_of(of)
    assert part is not None, "a dispute is about somebody"
    if state in UNDECIDED or not _may_be_about(at, part):
        return End.NOTHING
    if state in AGAINST:
        return End.WRONG
    if not _has_decided(at, state):
        return End.WAITS
    return End.UPHELD if await _is_about(desk, at, part) else End.NOTHING


def _may_be_about(at: Standing, part: Part) -> bool:
    """Whether a leaving found nothing yet, or what may be what a list says of somebody: a death is
    found as one, no list is of an income that rose, and what is said of another is not of them."""
    if at.case.category != _LEAVING:
        return True
    ends = {name for name, each in at.path.states.items() if each.ends}
    moves = [each for each in at.acts if each.from_state == at.path.begins != each.to_state]
    if not moves or moves[-1].to_state in ends:
        return True
    found = moves[-1]
    if found.act == RISEN or (part.reason == DEATH != found.act):
        return False
    return found.words.get("person_key") in {None, str(part.person_id)}


def _has_decided(at: Standing, state: str) -> bool:
    """Whether a case that stands there is over, or has decided that something fades out."""
    return _decides(at.path, state)


def _decides(path: CasePath, state: str) -> bool:
    return path.states[state].ends or state == FADING


async def _resting_on(desk: Desk, at: Standing) -> list[Alert | ExchangeItem]:
    """The alerts and items in dispute that rest on a case, each locked."""
    kinds = read_kinds()
    alerts = await desk.session.exec(
        select(Alert)
        .where(
            col(Alert.led_to_id) == at.case.id,
            col(Alert.person_id).is_not(None),
            col(Alert.kind).in_([name for name, each in kinds.kinds.items() if each.holds]),
            col(Alert.outcome).in_(
                [name for name, each in kinds.outcomes.items() if each.dispute == BY_CASE]
            ),
        )
        .order_by(col(Alert.id))
        .with_for_update()
    )
    return [*alerts, *(each for each in await _answered_by(desk, at) if part_of(each))]


async def _answered_by(desk: Desk, at: Standing) -> list[ExchangeItem]:
    """What the province asked and a case answers, each locked."""
    found = await desk.session.exec(
        select(ExchangeItem)
        .where(col(ExchangeItem.case_id) == at.case.id, col(ExchangeItem.asked_by) == PROVINCE)
        .order_by(col(ExchangeItem.id))
        .with_for_update()
    )
    return list(found)


async def _is_about(desk: Desk, at: Standing, part: Part) -> bool:
    """Whether by what a case decided somebody draws less than before, or nothing; of a death also
    whether it is recorded.

    Who lives elsewhere meanwhile, and draws something there, is not touched by it.
    """
    person_id, of_case = part.person_id, at.case.household_id
    if part.reason == DEATH and await _died_on(desk, person_id) is None:
        return False
    lives_in = await households.home_of(desk.session, person_id)
    home = lives_in.id if lives_in is not None else of_case
    now = await _drawn(desk, home, person_id) if home else set()
    if not now:
        return True
    number = at.words.get(DECISION_NUMBER) or (at.decided and at.decided.words[DECISION_NUMBER])
    if home != of_case or of_case is None or number is None:
        return False
    around = await before_and_after.by_number(desk.session, desk.keys, of_case, str(number))
    before = around and around[0]
    return bool(before and assistance.drawn_to(before, person_id) - now)


async def _died_on(desk: Desk, person_id: UUID) -> date | None:
    """The day on which somebody died, as it is recorded."""
    return (await desk.session.get_one(Person, person_id)).died_on


async def _upheld_from(desk: Desk, part: Part, disputed: Month) -> Month:
    """The first month for which nothing is owed by what is upheld: that from which it was in
    dispute, but of a death none before the month after it."""
    died_on = await _died_on(desk, part.person_id) if part.reason == DEATH else None
    return max(disputed, Month.of(died_on).next()) if died_on else disputed


async def _drawn(desk: Desk, home: UUID, person_id: UUID) -> set[str]:
    """What somebody draws by the last decision of a household."""
    stands = await decisions.last(desk.session, desk.keys, home)
    return assistance.drawn_to(stands, person_id) if stands else set()


async def _ended_from(desk: Desk, person_id: UUID, first: Month) -> Month | None:
    """The first month, from one on, from which somebody draws nothing wherever they lived; none,
    where they still draw something."""
    homes = await desk.session.exec(
        select(col(Membership.household_id))
        .where(col(Membership.person_id) == person_id)
        .distinct()
    )
    ended = first
    for home in homes.all():
        stretches = (await History.read(desk.session, desk.keys, home)).stretches(first)
        for each, after in zip(stretches, [*stretches[1:], None], strict=True):
            if each.content is not None and assistance.drawn_to(each.content, person_id):
                if after is None:
                    return None
                ended = max(ended, after.first)
    return ended


async def _come_back(desk: Desk, of: Alert | ExchangeItem, at: Standing) -> None:
    """It is to be acted on, or answered, once more: what it rested on is no answer."""
    if isinstance(of, Alert):
        before, of.state = of.state, _CHECKED
        of.version += 1
        of.outcome = of.led_to = of.led_to_id = of.led_to_number = None
        of.days_taken = of.closed_at = None
        moving.set_clocks(of, read_kinds().path, desk.settings, desk.today)
        said = {"case": at.case.receipt}
        _, row = rows.write_down(desk, AlertAct, of, CAME_BACK, before, said, alert_id=of.id)
        witness = {"row": row}
    else:
        witness = {}
        of.case_id = of.outcome = of.answered_on = of.answered_by = of.answer_sealed = None
        of.proposal_sealed = of.proposed_by = of.proposed_person = None
    desk.session.add(of)
    await desk.session.flush()
    await desk.note(
        f"{'alert' if isinstance(of, Alert) else 'exchange-item'}-{CAME_BACK}",
        str(of.id),
        {"case": str(at.case.id), **witness},
    )
