"""Work queues and search: whose turn it is, what is due, and where a case is found again."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import id_numbers, names
from services.identification.areas import within
from services.identification.casework.applicants import unsent
from services.identification.casework.hits import JUDGING
from services.identification.casework.lists.kept_secret import LOOKS
from services.identification.casework.objections import ANSWER
from services.identification.casework.paths import all_paths
from services.identification.casework.visits import CHOICES, WEIGHED
from services.identification.models import CaseFile, CasePerson, Household
from services.identification.people import index_of
from services.identification.places import Place
from shared.callers import Caller
from shared.database import one_of, run
from shared.secrets import KeyRing

PAGE_MAX: Final = 100
STATEMENTS_KEPT: Final = 512
_LINE: Final = tuple(
    col(each)
    for each in (
        CaseFile.id, CaseFile.receipt, CaseFile.category, CaseFile.state, CaseFile.village,
        CaseFile.head_name, CaseFile.state_since, CaseFile.state_due_on, CaseFile.due_on,
        CaseFile.stopped_on, CaseFile.choice_waits, CaseFile.version,
    )
)  # fmt: skip


class How(Enum):
    """By what a case is looked for."""

    VILLAGE = auto()
    VILLAGES = auto()
    RECEIPT = auto()
    NUMBER = auto()
    PINYIN = auto()
    NAME = auto()


async def queue(
    session: AsyncSession,
    caller: Caller,
    today: date,
    *,
    category: str | None,
    state: str | None,
    village: str | None,
    overdue: bool,
    after: UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Cases of the caller's areas that wait for an act of theirs, the most urgent first.

    They are open, or decided with something still to be done by a day: reasons to be handed
    over; or ended undecided, while somebody who objected is to be answered.
    With a village, those of that village alone.
    """
    waits = _waits(caller.scopes, category, state)
    if waits is None:
        return []
    statement = _queue(waits, caller.divisions, village is not None, overdue)
    if after is not None:
        last = await session.get(CaseFile, after)
        if last is not None:
            statement = statement.where(_behind(last))
    words = {"today": today, "of_village": village, "most": min(limit, PAGE_MAX)}
    return [row(case, today) for case in await run(session, statement, words)]


async def counts(session: AsyncSession, caller: Caller, today: date) -> list[dict[str, Any]]:
    """How many cases of each category and state wait for the caller, and how many are late."""
    waits = _waits(caller.scopes, None, None)
    if waits is None:
        return []
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for each in await run(session, _counted(waits, caller.divisions), {"today": today}):
        if waits.holds(each):
            cases, late = sums.get((each.category, each.state), (0, 0))
            sums[each.category, each.state] = (cases + each.cases, late + each.late)
    return [
        {
            "category": category,
            "category_words": all_paths()[category].words.both(),
            "state": state,
            "state_words": all_paths()[category].states[state].words.both(),
            "count": cases,
            "overdue": late,
        }
        for (category, state), (cases, late) in sorted(sums.items())
    ]


async def search(
    session: AsyncSession, keys: KeyRing, place: Place, caller: Caller, today: date, query: str
) -> list[dict[str, Any]]:
    """Cases by receipt, ID number, name, the beginning of its pinyin, or village; at most 100."""
    words = " ".join(query.replace("\x00", " ").split())
    if not words:
        return []
    sought = _sought(keys, place, words)
    if sought is None:
        return []
    how, what = sought
    statement = _finding(how, caller.divisions)
    return [row(case, today) for case in await run(session, statement, {"what": what})]


def row(case: CaseFile | Row[Any], today: date) -> dict[str, Any]:
    """One line of a queue, of a case or of its columns that are in a line."""
    path = all_paths()[case.category]
    state = path.states[case.state]
    urgent_on = _late_after(case)
    return {
        "case_id": str(case.id),
        "receipt": case.receipt,
        "category": case.category,
        "category_words": path.words.both(),
        "state": case.state,
        "state_words": state.words.both(),
        "village": case.village,
        "head_name": case.head_name,
        "state_since": case.state_since.isoformat(),
        "state_due_on": case.state_due_on and case.state_due_on.isoformat(),
        "due_on": case.due_on and case.due_on.isoformat(),
        "choice_waits": case.choice_waits,
        "overdue": urgent_on is not None and urgent_on < today,
        "version": case.version,
    }


# A caller asks for the same again and again; a statement is written once, and told the rest.
@dataclass(frozen=True)
class Waits:
    """In which states a case waits: any, one that has a day, one whose visits differ, whose answer
    is to be judged or whose secret is to be looked at, one whose days are over. Each has its
    category before it, for a state of two categories is two kinds of work."""

    moves: frozenset[str]
    untold: frozenset[str]
    differs: frozenset[str]
    over: frozenset[str]

    def all(self) -> frozenset[str]:
        """Every one of them."""
        return self.moves | self.untold | self.differs | self.over

    def states(self) -> frozenset[str]:
        """The same without their categories."""
        return _states_of(self.all())

    def holds(self, group: Row[Any]) -> bool:
        """Whether cases that stand so wait; `_waiting` asks the database the same."""
        kind = _in(group.category, group.state)
        return (
            kind in self.moves
            or (kind in self.untold and group.has_day)
            or (kind in self.differs and group.choice_waits)
            or (kind in self.over and group.days_over)
        )


@lru_cache(maxsize=STATEMENTS_KEPT)
def _waits(scopes: frozenset[str], category: str | None, state: str | None) -> Waits | None:
    """What waits for somebody with such scopes: what they may move on, tell, or choose."""
    moves: set[str] = set()
    untold: set[str] = set()
    differs: set[str] = set()
    over: set[str] = set()
    for path in all_paths().values():
        if category not in {None, path.category}:
            continue
        for act in path.acts.values():
            if scopes.isdisjoint(act.scopes):
                continue
            wanted = {name for name in act.sources if state in {None, name}}
            names = {_in(path.category, name) for name in wanted if not path.states[name].ends}
            if act.name in CHOICES | WEIGHED | JUDGING | LOOKS:
                differs |= names
            elif act.is_a_turn:
                moves |= names
            elif act.late:
                over |= names
            if act.stops:
                untold |= {_in(path.category, name) for name in wanted}
            elif act.name == ANSWER:
                ended = {name for name in wanted if path.states[name].ends}
                untold |= {_in(path.category, name) for name in ended}
    found = Waits(frozenset(moves), frozenset(untold), frozenset(differs), frozenset(over))
    return found if found.all() else None


def _in(category: str, state: str) -> str:
    """A state of a category, in one word."""
    return f"{category}.{state}"


def _states_of(kinds: frozenset[str]) -> frozenset[str]:
    """The states in such words, whichever their category."""
    return frozenset(each.partition(".")[2] for each in kinds)


@lru_cache(maxsize=STATEMENTS_KEPT)
def _queue(
    waits: Waits, divisions: tuple[str, ...], of_village: bool, overdue: bool
) -> Select[*tuple[Any, ...]]:
    """The statement of a queue."""
    wanted = [_waiting(waits), _seen_from(divisions)]
    if of_village:
        wanted.append(col(CaseFile.village) == bindparam("of_village"))
    if overdue:
        wanted.append(_late())
    order = (_urgent_on(), col(CaseFile.id))
    return select(*_LINE).where(*wanted).order_by(*order).limit(bindparam("most"))


@lru_cache(maxsize=STATEMENTS_KEPT)
def _counted(waits: Waits, divisions: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """The statement of the counts: all in the states that matter, by what else decides it.

    Asking of each group whether it waits costs a third less than asking it of each case.
    """
    has_day = col(CaseFile.due_on).is_not(None).label("has_day")
    lapsed = one_of(col(CaseFile.state), _states_of(waits.over))
    days_over = and_(
        lapsed, func.coalesce(col(CaseFile.state_due_on) < bindparam("today"), false())
    )
    flags = (has_day, col(CaseFile.choice_waits), days_over.label("days_over"))
    by = (col(CaseFile.category), col(CaseFile.state), *flags)
    cases, late = func.count(), func.count().filter(_late())
    counted = select(*by, cases.label("cases"), late.label("late"))
    wanted = one_of(col(CaseFile.state), waits.states())
    return counted.where(wanted, _seen_from(divisions)).group_by(*by)


def _waiting(waits: Waits) -> ColumnElement[bool]:
    """The same as the database knows it, which has statistics of states alone."""
    kind = col(CaseFile.category) + "." + col(CaseFile.state)
    return and_(
        one_of(col(CaseFile.state), waits.states()),
        or_(
            one_of(kind, waits.moves),
            and_(one_of(kind, waits.untold), col(CaseFile.due_on).is_not(None)),
            and_(one_of(kind, waits.differs), col(CaseFile.choice_waits)),
            and_(one_of(kind, waits.over), col(CaseFile.state_due_on) < bindparam("today")),
        ),
    )


def _late() -> ColumnElement[bool]:
    """The first of the clocks that run has run out; `_late_after` says the same of one case. That
    the first of both has is asked besides, for an index has that day."""
    own_clock = and_(col(CaseFile.state_due_on) < bindparam("today"), ~of_lapsing())
    runs = or_(col(CaseFile.stopped_on).is_(None), own_clock)
    return and_(_urgent_on() < bindparam("today"), runs)


@lru_cache(maxsize=STATEMENTS_KEPT)
def _finding(how: How, divisions: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """The statement of a search."""
    what: BindParameter[Any] = bindparam("what")
    found = {
        How.VILLAGE: col(CaseFile.village) == what,
        How.VILLAGES: col(CaseFile.village) == func.any(bindparam("what", type_=ARRAY(Text))),
        How.RECEIPT: col(CaseFile.receipt) == what,
        How.NUMBER: _of_somebody(col(CasePerson.id_index) == what),
        How.PINYIN: _of_somebody(col(CasePerson.name_sort).like(what)),
        How.NAME: _of_somebody(col(CasePerson.name).like(what)),
    }
    seen = _seen_from(divisions)
    if how not in {How.VILLAGE, How.VILLAGES}:
        seen = or_(seen, and_(_of_who_came_to(divisions), ~unsent()))
    newest = col(CaseFile.id).desc()
    return select(*_LINE).where(found[how], seen).order_by(newest).limit(PAGE_MAX)


def _of_who_came_to(divisions: tuple[str, ...]) -> ColumnElement[bool]:
    """What was decided elsewhere of a household that lives here now."""
    here = select(col(Household.id)).where(
        col(Household.id) == col(CaseFile.household_id), within(divisions, col(Household.village))
    )
    return here.correlate(CaseFile).exists()


def _of_somebody(person: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(CaseFile.id).in_(select(col(CasePerson.case_id)).where(person))


def _urgent_on() -> ColumnElement[date]:
    """The day on which the first of a case's two clocks runs out, as an index has it."""
    return func.least(col(CaseFile.due_on), col(CaseFile.state_due_on))


def _first_due_on(case: CaseFile | Row[Any]) -> date | None:
    """The same of one case."""
    whole, step = case.due_on, case.state_due_on
    return min(whole, step) if whole and step else whole or step


def of_lapsing() -> ColumnElement[bool]:
    """Whether a case stands where its days are those of whoever is waited for."""
    return one_of(
        col(CaseFile.category) + "." + col(CaseFile.state),
        (
            _in(path.category, name)
            for path in all_paths().values()
            for name, state in path.states.items()
            if state.lapses is not None
        ),
    )


def _late_after(case: CaseFile | Row[Any]) -> date | None:
    """After which day a case is late; while the whole clock stands still, by its state's own alone,
    unless those are the days of whoever is waited for."""
    if case.stopped_on is None:
        return _first_due_on(case)
    state = all_paths()[case.category].states[case.state]
    return case.state_due_on if state.lapses is None else None


def _behind(last: CaseFile) -> ColumnElement[bool]:
    """What comes after a case in the order of the queue."""
    day, last_day, further = _urgent_on(), _first_due_on(last), col(CaseFile.id) > last.id
    if last_day is None:
        return and_(day.is_(None), further)
    return or_(day > last_day, and_(day == last_day, further), day.is_(None))


def _sought(keys: KeyRing, place: Place, words: str) -> tuple[How, Any] | None:
    """How a case is looked for by such words, and what is looked for; none finds nothing."""
    if villages := place.villages_called(words):
        return (How.VILLAGES, villages) if len(villages) > 1 else (How.VILLAGE, villages[0])
    number = id_numbers.normalise(words)
    if len(number) == 18 and number[:17].isdigit():
        return How.NUMBER, index_of(keys, number)
    if "-" in words and words.isascii():
        return How.RECEIPT, words.upper()
    if not words.isascii():
        return How.NAME, names.beginning(words)
    if words.replace(" ", "").isalpha():
        return How.PINYIN, names.beginning(words.lower())
    return None


def visible(caller: Caller) -> ColumnElement[bool]:
    """The caller's areas, as the database filters cases by them; not what is still a citizen's."""
    return _seen_from(caller.divisions)


def _seen_from(divisions: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(within(divisions, col(CaseFile.village)), ~unsent())
