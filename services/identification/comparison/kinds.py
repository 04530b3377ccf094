"""What each warning may lead to and what that is, and the table an alert goes by; read strictly."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from services.identification.casework.paths import all_paths
from services.identification.comparison.feeds import read_feeds
from services.identification.grammar.acts import Table, Words, read_rows, read_whole, read_words
from services.identification.registers.tables import all_registers
from shared.tables import TableUnreadable, read_table

_HERE: Final = Path(__file__).resolve().parent
DEATH: Final = "death"
HOLDS: Final = {DEATH, "prison", "double"}
BEGINS: Final = {"lead", "exit", "pairing", "review"}
GROUPS: Final = {"cleared", "extended"}
DISMISSED: Final = "dismissed"
"""The outcome of an alert that was found not to be so."""
BY_CASE: Final = "by-case"
WRONG: Final = "wrong"
DISPUTES: Final = {None, BY_CASE, WRONG}


@dataclass(frozen=True)
class Outcome:
    """What acting on an alert leads to: cases or entries it may be, and what begins of itself."""

    begins: str | None
    cases: tuple[str, ...]
    registers: tuple[str, ...]
    groups: str | None
    alone: bool
    against: bool
    """Whether a case may be behind it that ended with nothing changed."""

    dispute: str | None
    """How it settles what is in dispute; upheld, where nothing is said."""

    parts: str | None
    """The case that takes whose part is in dispute out of the household that is helped."""


@dataclass(frozen=True)
class Kind:
    """What follows from one warning; one against somebody says on which list they stand.

    What it weighs are these sums of lists, each so many times: as often as it comes in a year.
    """

    name: str
    leads_to: tuple[str, ...]
    against: bool
    holds: str | None
    listed: Words | None
    of_home: bool
    weighs: Mapping[str, int]


@dataclass(frozen=True)
class Kinds:
    """Every warning with what follows, and the path of an alert."""

    path: Table
    kinds: Mapping[str, Kind]
    outcomes: Mapping[str, Outcome]

    def of(self, name: str) -> Kind:
        """What follows from a warning."""
        return self.kinds[name]

    @property
    def against(self) -> tuple[str, ...]:
        """The warnings that speak against somebody."""
        return tuple(each.name for each in self.kinds.values() if each.against)

    @property
    def of_home(self) -> tuple[str, ...]:
        """Those that whoever lives with somebody may answer too."""
        return tuple(each.name for each in self.kinds.values() if each.of_home)


@lru_cache
def read_kinds() -> Kinds:
    """The three tables.

    Raises:
        TableUnreadable: a warning leads to what no act knows, or holds what nothing may hold.
    """
    where = _HERE / "alert_path.yaml"
    path = read_rows(where, read_whole(where, frozenset()))
    outcomes = path.acts["act"].fields["outcome"].choices
    brought, kinds = {each.fact for feed in read_feeds().values() for each in feed.facts}, {}
    for name, said in read_table(_HERE / "alerts.yaml").items():
        against, listed = bool(said["against"]), said.get("list")
        kind = Kind(
            name,
            leads_to=tuple(said["leads_to"]),
            against=against,
            holds=said.get("holds"),
            listed=read_words(_HERE / "alerts.yaml", name, listed) if listed else None,
            of_home=bool(said.get("home", False)),
            weighs={str(each): int(times) for each, times in said.get("weighs", {}).items()},
        )
        if strays := kind.weighs.keys() - brought:
            raise TableUnreadable(f"{name} weighs what no list brings: {strays}")
        if against != (kind.listed is not None):
            raise TableUnreadable(f"{name} says of which list it is only if against somebody")
        if not kind.leads_to or set(kind.leads_to) - outcomes.keys():
            raise TableUnreadable(f"{name} leads to what no act knows")
        if kind.holds not in {None, *HOLDS}:
            raise TableUnreadable(f"{name} holds what only a death, prison or help twice may")
        kinds[name] = kind
    return Kinds(path, kinds, _outcomes(outcomes.keys()))


def _outcomes(known: Set[str]) -> dict[str, Outcome]:
    where = _HERE / "outcomes.yaml"
    found = {
        name: Outcome(
            said.get("begins"),
            tuple(said.get("cases", ())),
            tuple(said.get("registers", ())),
            said.get("groups"),
            bool(said.get("alone", False)),
            bool(said.get("against", False)),
            said.get("dispute"),
            said.get("parts"),
        )
        for name, said in read_table(where).items()
    }
    if found.keys() != known:
        raise TableUnreadable(f"{where}: it says what each outcome leads to, and of no other")
    for name, each in found.items():
        strays = {each.begins} - BEGINS - {None} | {each.groups} - GROUPS - {None}
        strays |= {each.dispute} - DISPUTES
        strays |= {each.parts} - {None} - all_paths().keys()
        strays |= {*each.cases} - all_paths().keys() | {*each.registers} - all_registers().keys()
        if strays:
            raise TableUnreadable(f"{where}: {name} leads to what is not there: {strays}")
    return found
