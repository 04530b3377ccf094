"""For what a case waits for somebody: by what they may do, the kinds of cases that wait for it.

A kind is a state with its category before it, for a state of two categories is two kinds of work.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlmodel import col

from services.identification.casework.hits import JUDGING
from services.identification.casework.home_counties import TELLS
from services.identification.casework.lists.kept_secret import LOOKS
from services.identification.casework.objections import ANSWER
from services.identification.casework.paths import all_paths
from services.identification.casework.visits import CHOICES, WEIGHED
from services.identification.grammar.acts import Act
from services.identification.models import CaseFile
from shared.database import one_of

STATEMENTS_KEPT: Final = 512
KIND: Final = col(CaseFile.category) + "." + col(CaseFile.state)


@dataclass(frozen=True)
class Waits:
    """The kinds of which a case waits: any; one that has a day; one whose days are over; one whose
    visits differ, whose answer is to be judged, whose secret is to be looked at, or whose home
    county is to be told."""

    moves: frozenset[str]
    untold: frozenset[str]
    over: frozenset[str]
    chosen: frozenset[str]

    def whole(self) -> frozenset[str]:
        """Kinds all of whose cases wait: in none of them may one be that is still a citizen's."""
        begins = {path.begins for path in all_paths().values()}
        return frozenset(each for each in self.moves if _state_of(each) not in begins)


@lru_cache(maxsize=STATEMENTS_KEPT)
def waits_of(scopes: frozenset[str], category: str | None, state: str | None) -> Waits | None:
    """What waits for somebody with such scopes: what they may move on, tell, choose or look at."""
    found: dict[str, set[str]] = {each.name: set() for each in fields(Waits)}
    paths = all_paths().values()
    for path in (each for each in paths if category in {None, each.category}):
        for act in (each for each in path.acts.values() if not scopes.isdisjoint(each.scopes)):
            wanted = {name for name in act.sources if state in {None, name}}
            ended = {kind_of(path.category, name) for name in wanted if path.states[name].ends}
            open_still = {kind_of(path.category, name) for name in wanted} - ended
            if how := _how(act):
                found[how] |= open_still
            if act.stops:
                found["untold"] |= open_still | ended
            if act.name == ANSWER:
                found["untold"] |= ended
            if act.name in LOOKS | {TELLS}:
                found["chosen"] |= ended
    moves = found["moves"]
    kinds = {name: frozenset(each - moves) for name, each in found.items()}
    return Waits(**kinds | {"moves": frozenset(moves)}) if any(found.values()) else None


def _how(act: Act) -> str | None:
    """How whatever is open waits for an act."""
    if act.name in CHOICES | WEIGHED | JUDGING | LOOKS:
        return "chosen"
    if act.is_a_turn:
        return "moves"
    return "over" if act.late else None


def waiting(waits: Waits) -> ColumnElement[bool]:
    """All that waits, as the database knows it."""
    return or_(_in_states(waits), is_chosen(waits))


def in_whole(waits: Waits) -> ColumnElement[bool]:
    """What is in states in which all cases of a kind wait, with what other kinds are in them."""
    return one_of(col(CaseFile.state), _states_of(waits.whole()))


def in_part(waits: Waits) -> ColumnElement[bool]:
    """What waits of kinds of which not all cases do, but for what waits to be chosen."""
    rest = replace(waits, moves=waits.moves - waits.whole())
    return and_(_in_states(rest), ~is_chosen(waits))


def is_chosen(waits: Waits) -> ColumnElement[bool]:
    """What waits that somebody chooses, judges or looks, in any state: an index has these few."""
    return and_(col(CaseFile.choice_waits), one_of(KIND, waits.chosen))


def _in_states(waits: Waits) -> ColumnElement[bool]:
    """What waits for its state, or a day; the states are named besides, for the database has
    statistics of states alone."""
    return and_(
        one_of(col(CaseFile.state), _states_of(waits.moves | waits.untold | waits.over)),
        or_(
            one_of(KIND, waits.moves),
            and_(one_of(KIND, waits.untold), col(CaseFile.due_on).is_not(None)),
            and_(one_of(KIND, waits.over), col(CaseFile.state_due_on) < bindparam("today")),
        ),
    )


def kind_of(category: str, state: str) -> str:
    """A state of a category, in one word."""
    return f"{category}.{state}"


def _state_of(kind: str) -> str:
    return kind.partition(".")[2]


def _states_of(kinds: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_state_of, kinds))
