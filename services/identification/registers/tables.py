"""The table of a register: what its entries are about, their numbers, their readers, their acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from services.identification.casework.paths import applied_for
from services.identification.grammar.acts import (
    PLAIN_TYPES,
    Act,
    Field,
    Table,
    Words,
    only,
    read_act,
    read_fields,
    read_rows,
    read_whole,
    read_words,
)
from services.identification.low_income.groups import DECISION, all_groups
from shared.tables import TableUnreadable

TABLES: Final = Path(__file__).resolve().parent / "tables"
ABOUT: Final = ("household", "person", "low-income", "village", "case", "unit", "nothing")
LEVELS: Final = {"county": 6, "township": 9, "village": 12}
"""How long the code of an area is, by the level an entry belongs to."""
TYPES: Final = PLAIN_TYPES | {"paper"}
ADDED_TYPES: Final = frozenset({"scores"})
"""What only an effect can say."""
ON_ASSISTANCE: Final = "households-on-assistance"
"""Who is to be on a register that says nobody is missing from it."""
STRETCHES: Final = ("this", "last", "year")
"""This month, the last one, and this year."""
OWNERS: Final = ("opener", "asked", "nobody")
_OWN_WORDS: Final = {
    "kind", "number", "about", "level", "owner", "opens", "adds", "read", "shown", "lists",
    "one_per", "one_open_per", "against", "guarded", "lifted", "outside", "public", "found_by",
    "enters", "targets",
}  # fmt: skip
_LIST_WORDS: Final = {
    "zh", "en", "states", "open", "overdue", "late", "in_time", "ownerless", "with", "without",
    "last", "fewer", "idle", "busy", "says", "said", "tells",
}  # fmt: skip


@dataclass(frozen=True)
class During:
    """An act in a stretch of time."""

    act: str
    stretch: str


@dataclass(frozen=True)
class Listing:
    """One list of a register: which of its entries stand on it."""

    name: str
    words: Words
    states: frozenset[str] = frozenset()
    open: bool | None = None
    overdue: bool = False
    late: bool = False
    in_time: bool = False
    ownerless: bool = False
    done: frozenset[str] = frozenset()
    not_done: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    fewer: Mapping[str, int] = field(default_factory=dict)
    idle: During | None = None
    busy: During | None = None
    says: Mapping[str, frozenset[str]] = field(default_factory=dict)
    said: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tells: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def stretched(self) -> bool:
        """Whether it is of a stretch of time: a month that is asked is then that stretch."""
        return self.idle is not None or self.busy is not None


@dataclass(frozen=True)
class Guard:
    """An entry that says one of these ranks may be against its reader, until an account is said, or
    that there is none."""

    by: str
    ranks: frozenset[str]
    until: str
    without: str

    def tells(self, said: Mapping[str, Any]) -> bool:
        """Whether it is said who it is, or that they have no account to read it by."""
        return self.until in said or bool(said.get(self.without))


@dataclass(frozen=True)
class Outside:
    """What somebody who is not signed in may say, and may read of it again with the code."""

    asks: tuple[str, ...]
    says: Mapping[str, Any]
    tells: tuple[str, ...]


@dataclass(frozen=True)
class RegisterTable(Table):
    """The whole table of one register."""

    kind: str
    number: str
    about: tuple[str, ...]
    level: str
    owner: str
    opens: Act
    adds: Mapping[str, Field]
    read: frozenset[str]
    shown: tuple[str, ...]
    lists: Mapping[str, Listing]
    one_per: tuple[str, ...]
    one_open_per: tuple[str, ...]
    against: tuple[str, ...]
    guarded: Guard | None
    outside: Outside | None
    public: tuple[str, ...]
    lifted: Mapping[str, Mapping[str, str]]
    found_by: tuple[str, ...]
    enters: str | None
    targets: Mapping[str, str]

    @cached_property
    def all_acts(self) -> Mapping[str, Act]:
        """Every act, and the one an entry begins with."""
        return {self.opens.name: self.opens, **self.acts}

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Everything an entry may say, by name: what acts ask for, and what their effects add."""
        found = dict(self.adds)
        for act in self.all_acts.values():
            found |= {name: each for name, each in act.fields.items() if name not in found}
        return found

    @cached_property
    def met_states(self) -> frozenset[str]:
        """Where what was due by the day of an entry is done: its clock runs there no more."""
        return frozenset(name for name, each in self.states.items() if each.met or each.ends)

    @cached_property
    def hidden(self) -> Mapping[str, frozenset[str]]:
        """What only some may read, and by which scopes."""
        return {name: each.seen_by for name, each in self.fields.items() if each.seen_by}

    @cached_property
    def remembered(self) -> frozenset[str]:
        """What an entry is found by even when it says something else by now."""
        return frozenset(name for each in self.lists.values() for name in each.said)


@lru_cache
def read_register(path: Path) -> RegisterTable:
    """A register's table.

    Raises:
        TableUnreadable: it names what is not there, or says something that is not known.
    """
    words = _with_choices(read_whole(path, _OWN_WORDS))
    table = read_rows(path, words, TYPES)
    outside, public = words.get("outside"), words.get("public", ())
    found = RegisterTable(
        **vars(table),
        kind=str(words["kind"]),
        number=str(words["number"]),
        about=tuple(words["about"]),
        level=words["level"],
        owner=words.get("owner", "opener"),
        opens=read_act(path, "open", words["opens"]),
        adds=read_fields(path, words.get("adds", {}), PLAIN_TYPES | ADDED_TYPES),
        read=frozenset(words["read"]),
        shown=tuple(words.get("shown", ())),
        lists={name: _listing(path, name, each) for name, each in words.get("lists", {}).items()},
        one_per=tuple(words.get("one_per", ())),
        one_open_per=tuple(words.get("one_open_per", ())),
        against=tuple(words.get("against", ())),
        guarded=_guard(path, words["guarded"]) if "guarded" in words else None,
        outside=_outside(path, outside) if outside else None,
        public=tuple(public),
        lifted=words.get("lifted", {}),
        found_by=tuple(words.get("found_by", ())),
        enters=words.get("enters"),
        targets=words.get("targets", {}),
    )
    _check(path, found)
    return found


@lru_cache
def all_registers(folder: Path = TABLES) -> Mapping[str, RegisterTable]:
    """Every register by its kind.

    Raises:
        TableUnreadable: a table is wrong, or two registers number alike.
    """
    found = [read_register(path) for path in sorted(folder.glob("*.yaml"))]
    if len({each.number for each in found}) < len(found):
        raise TableUnreadable(f"{folder}: two registers have the same series of numbers")
    return {each.kind: each for each in found}


def _with_choices(said: Any) -> Any:
    """A choice `of: programmes` is one of all that somebody applies for; one `of: groups-by-hand`
    of the low-income groups that no decision is wanted for."""
    if not isinstance(said, Mapping):
        return said
    named = {
        "programmes": {name: path.words.both() for name, path in applied_for().items()},
        "groups-by-hand": {
            name: {"zh": each.zh, "en": each.en}
            for name, each in all_groups().items()
            if each.by != DECISION
        },
    }
    return {
        word: named[each] if word == "of" and isinstance(each, str) else _with_choices(each)
        for word, each in said.items()
    }


def _listing(path: Path, name: str, said: Mapping[str, Any]) -> Listing:
    only(path, name, said, _LIST_WORDS)
    return Listing(
        name=name,
        words=read_words(path, name, said),
        states=frozenset(said.get("states", ())),
        open=said.get("open"),
        overdue=bool(said.get("overdue", False)),
        late=bool(said.get("late", False)),
        in_time=bool(said.get("in_time", False)),
        ownerless=bool(said.get("ownerless", False)),
        done=frozenset(said.get("with", ())),
        not_done=frozenset(said.get("without", ())),
        last=frozenset(said.get("last", ())),
        fewer={act: int(times) for act, times in said.get("fewer", {}).items()},
        idle=_during(path, name, said.get("idle")),
        busy=_during(path, name, said.get("busy")),
        says={word: frozenset(of) for word, of in said.get("says", {}).items()},
        said={word: frozenset(of) for word, of in said.get("said", {}).items()},
        tells={word: frozenset(of) for word, of in said.get("tells", {}).items()},
    )


def _during(path: Path, name: str, said: Mapping[str, Any] | None) -> During | None:
    if said is None:
        return None
    only(path, name, said, {"act", "month"})
    if said["month"] not in STRETCHES:
        raise TableUnreadable(f"{path}: {name} is of {', '.join(STRETCHES)}")
    return During(said["act"], said["month"])


def _guard(path: Path, said: Mapping[str, Any]) -> Guard:
    only(path, "guarded", said, {"by", "of", "until", "without"})
    return Guard(said["by"], frozenset(said["of"]), said["until"], said["without"])


def _outside(path: Path, said: Mapping[str, Any]) -> Outside:
    only(path, "outside", said, {"asks", "says", "tells"})
    return Outside(tuple(said["asks"]), said.get("says", {}), tuple(said["tells"]))


def _check(path: Path, table: RegisterTable) -> None:
    """Whatever a register names is there; what is hidden is neither listed nor told outside."""
    _check_words(path, table)
    fields, acts = set(table.fields), set(table.all_acts)
    outside = table.outside or Outside((), {}, ())
    unique = {*table.one_per, *table.one_open_per} - {"about"}
    named = {*table.shown, *unique, *table.against, *table.public, *table.found_by}
    named |= {*outside.asks, *outside.says, *outside.tells}
    for name in named - fields:
        raise TableUnreadable(f"{path}: {name} is asked for by no act")
    for name in {*table.shown, *table.public, *outside.tells} & set(table.hidden):
        raise TableUnreadable(f"{path}: {name} is hidden, and would be shown")
    for each in table.lists.values():
        for name in each.states - set(table.states):
            raise TableUnreadable(f"{path}: {each.name} names {name}, which is no state")
        during = {one.act for one in (each.idle, each.busy) if one}
        acted = each.done | each.not_done | each.last | each.fewer.keys() | during
        acted = acted.union(*each.tells.values())
        for name in acted - acts:
            raise TableUnreadable(f"{path}: {each.name} names {name}, which is no act")
        for name, of in [*each.says.items(), *each.said.items()]:
            if name not in table.found_by or not of <= table.fields[name].choices.keys():
                raise TableUnreadable(f"{path}: {each.name} finds nothing by {name}")
        for name in each.tells.keys() - set(table.found_by):
            raise TableUnreadable(f"{path}: {each.name} finds nothing by {name}")
    missing = {name for name, each in table.opens.fields.items() if not each.optional}
    if table.outside and missing - {*outside.asks, *outside.says}:
        raise TableUnreadable(f"{path}: outside does not ask for what opening asks for")


def _check_words(path: Path, table: RegisterTable) -> None:
    if not table.number.isascii() or not table.number.isupper():
        raise TableUnreadable(f"{path}: a series of numbers is named by capitals")
    if not table.about or not set(table.about) <= set(ABOUT):
        raise TableUnreadable(f"{path}: an entry is about {', '.join(ABOUT)}")
    if table.level not in LEVELS:
        raise TableUnreadable(f"{path}: the level is one of {', '.join(LEVELS)}")
    if table.owner not in OWNERS or (table.owner == "asked" and "owner" not in table.opens.fields):
        raise TableUnreadable(f"{path}: the owner is {', '.join(OWNERS)}, and asked for if so")
    if table.opens.way or table.opens.sources:
        raise TableUnreadable(f"{path}: an entry begins where the table begins")
    if table.enters not in {None, ON_ASSISTANCE} or (table.enters and table.opens.fields):
        raise TableUnreadable(f"{path}: it enters {ON_ASSISTANCE}, and asks nothing of them")
    for name in table.targets.keys() - table.lists.keys():
        raise TableUnreadable(f"{path}: {name} is no list, and has no target")
    if not table.read:
        raise TableUnreadable(f"{path}: it says nobody who may read it")
    if table.guarded is not None:
        _check_guard(path, table, table.guarded)
    _check_fields(path, table)


def _check_guard(path: Path, table: RegisterTable, guard: Guard) -> None:
    ranks = table.fields[guard.by].choices.keys() if guard.by in table.fields else set()
    if not guard.ranks <= ranks:
        raise TableUnreadable(f"{path}: {guard.by} guards nothing: it is no choice of these")
    if guard.until not in table.against or table.fields[guard.until].type != "account":
        raise TableUnreadable(f"{path}: {guard.until} is no account an entry is against")
    if guard.without not in table.fields or table.fields[guard.without].type != "flag":
        raise TableUnreadable(f"{path}: {guard.without} says not that there is no account")


def _check_fields(path: Path, table: RegisterTable) -> None:
    """A name asks for the same everywhere, and is hidden everywhere or nowhere."""
    for name, levels in table.lifted.items():
        choices = table.fields[name].choices if name in table.fields else {}
        if not levels.keys() <= choices.keys() or not set(levels.values()) <= LEVELS.keys():
            raise TableUnreadable(f"{path}: {name} lifts no entry: it is no choice, or no level")
    for act in table.all_acts.values():
        for asked in act.fields.values():
            if asked.name in table.adds:
                raise TableUnreadable(f"{path}: {act.name} asks for {asked.name}, which is counted")
            first = table.fields[asked.name]
            if (asked.type, asked.seen_by) != (first.type, first.seen_by):
                raise TableUnreadable(f"{path}: {act.name} asks for another {asked.name}")
            if asked.name == "owner" and asked.type != "account":
                raise TableUnreadable(f"{path}: an owner is an account")
