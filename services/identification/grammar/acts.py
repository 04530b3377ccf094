"""A table of acts: states with their clocks, acts with who, from where, to where, and what must be
there first; read strictly, so that nothing in it is guessed."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from shared.money import yuan_text
from shared.tables import TableUnreadable, read_table

STOPPED: Final = "stopped"
PLAIN_TYPES: Final = frozenset(
    {
        "account", "area", "choice", "count", "date", "fen", "flag", "id", "id-number", "lines",
        "month", "phone", "text",
    }
)  # fmt: skip
_SHARED_WORDS: Final = {"name", "begins", "states", "acts", "like", "without"}
_ACT_WORDS: Final = {
    "name", "from", "to", "scopes", "fields", "needs", "does", "starts", "stops", "due", "aside",
    "extends",
    "meets",
    "tells",
    "asks",
    "when",
    "waits",
    "late",
}  # fmt: skip
_LIKENESS: Final = {"like", "fields", "needs", "also_needs", "without"}
"""What an act says of how it differs from the one it is like."""
_FIELD_WORDS: Final = {"type", "zh", "en", "optional", "most", "of", "kind", "seen_by", "since"}


@dataclass(frozen=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str

    def both(self) -> dict[str, str]:
        """As pages read it."""
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class State:
    """Where something stands, and which clock runs there."""

    name: str
    words: Words
    clock: str | None = None
    ends: bool = False
    lapses: str | None = None
    """The days that whoever is waited for has, where it waits and the whole clock stands still."""
    step: str | None = None
    """The days that whoever is to act there has, where the whole clock stands still."""
    found: str | None = None
    """The clock that runs there where an office found it, and nobody asked for it."""
    met: bool = False
    """Whether what was due by the whole clock is done there, though it is not at its end."""


@dataclass(frozen=True)
class Field:
    """One thing an act asks for; one that names scopes in `seen_by` is read by nobody else.

    A date that names acts in `since` lies no earlier than any of them: than the day it was done,
    or, for `act.word`, than the day that was said with it. What one act said and another says anew
    (`act|other.word`) is as it was said last.
    """

    name: str
    type: str
    words: Words
    optional: bool = False
    most: int = 400
    choices: Mapping[str, Words] = field(default_factory=dict)
    kind: str | None = None
    seen_by: frozenset[str] = frozenset()
    since: tuple[str, ...] = ()

    def told(self, word: Any) -> str:
        """A word of it as people read it: a choice by name, a sum in yuan, a flag as yes or no."""
        if self.type == "choice":
            return self.choices[word].zh if word in self.choices else str(word)
        if self.type == "fen":
            return yuan_text(int(word))
        if self.type == "flag":
            return "是" if word else "否"
        return str(word)


@dataclass(frozen=True)
class Way:
    """Where an act leads: a state, or by a word, a setting, or what was done before: ever, or
    `since` another act was last done."""

    state: str | None = None
    by: str | None = None
    states: Mapping[str, "Way"] = field(default_factory=dict)
    after: str | None = None
    since: str | None = None

    def ends(self) -> Iterator[str]:
        """Every state it may lead to."""
        if self.state is not None:
            yield self.state
        for way in self.states.values():
            yield from way.ends()

    def asks_for(self) -> Iterator[str]:
        """Every act it asks whether it was done."""
        yield from (each for each in (self.after, self.since) if each is not None)
        for way in self.states.values():
            yield from way.asks_for()


@dataclass(frozen=True)
class Act:
    """One thing that may be done; `tells` is said aloud.

    It is the turn of whoever may do what leads on, unless it is done `aside`; and of whoever may do
    what `waits` for them though it leads nowhere. What comes `late` is, once the days of where it
    stands are over.

    One that `meets` is what the clock of the state waits for.
    `asks` names what it asks for besides its fields, by where the thing stands. `when` are needs
    without which it is not even offered: there is nothing for it to do.
    """

    name: str
    words: Words
    sources: frozenset[str]
    way: Way | None
    scopes: frozenset[str]
    fields: Mapping[str, Field]
    needs: tuple[str, ...]
    does: str | None
    starts: str | None
    stops: bool
    due: str | None
    aside: bool
    extends: str | None
    meets: bool = False
    tells: str | None = None
    asks: str | None = None
    when: tuple[str, ...] = ()
    waits: bool = False
    late: bool = False

    @property
    def is_a_turn(self) -> bool:
        """Whether something waits, where it stands, for whoever may do this."""
        return self.waits or (self.way is not None and not self.aside and not self.late)


@dataclass(frozen=True)
class Table:
    """States and acts: what may be done to something, from its beginning to its end."""

    words: Words
    begins: str
    states: Mapping[str, State]
    acts: Mapping[str, Act]

    @property
    def whole_clock(self) -> str:
        """The clock of the whole, by its name: the one that acceptance starts; where nobody
        accepts, handing in."""
        return str(self.acts["accept" if "accept" in self.acts else "submit"].starts)

    def acts_from(self, state: str) -> list[Act]:
        """What may be done where it stands, in the order of the table."""
        return [act for act in self.acts.values() if state in act.sources]


def read_whole(path: Path, own_words: Set[str]) -> Mapping[str, Any]:
    """A table as it is written; one that is `like` another has that one's rows but for its own.

    Raises:
        TableUnreadable: it says a word that is neither of every table nor of its kind.
    """
    return _whole(path, frozenset(own_words))


@lru_cache
def _whole(path: Path, own_words: frozenset[str]) -> Mapping[str, Any]:
    """The same, once: a table that others are like is asked for by each of their acts."""
    words: Mapping[str, Any] = read_table(path)
    only(path, "the table", words, _SHARED_WORDS | own_words)
    acts = {
        name: _alike(path, name, said, own_words) for name, said in words.get("acts", {}).items()
    }
    words = {**words, "acts": acts}
    if "like" not in words:
        return words
    other = read_whole(path.with_name(f"{words['like']}.yaml"), own_words)
    without = set(words.get("without", ()))
    for name in without - other["acts"].keys() - other["states"].keys():
        raise TableUnreadable(f"{path}: {words['like']} has no {name} to be without")
    rows = ("states", "acts")
    own = {name: each for name, each in words.items() if name not in {*rows, "like", "without"}}
    whole = {**other, **own}
    for row in rows:
        kept = {
            name: _left(each, without) for name, each in other[row].items() if name not in without
        }
        whole[row] = {**kept, **words.get(row, {})}
    return whole


def _alike(
    path: Path, name: str, said: Mapping[str, Any], own_words: Set[str]
) -> Mapping[str, Any]:
    """An act that is `like` another table's says what that one's does but for its own words.

    It asks for the same, but for its own words of each field, and needs the same: what it
    `also_needs` comes besides, and the fields and needs it is `without` are left out. A field of
    its own stands behind the one it names before it; at the end, where it names none.
    """
    if "like" not in said:
        return said
    other = read_whole(path.with_name(f"{said['like']}.yaml"), own_words)["acts"].get(name)
    if other is None:
        raise TableUnreadable(f"{path}: {said['like']} has no {name} to be like")
    left, asked = set(said.get("without", ())), dict(other.get("fields", {}))
    needs = [*said.get("needs", other.get("needs", ())), *said.get("also_needs", ())]
    for each in left - asked.keys() - set(needs):
        raise TableUnreadable(f"{path}: {name} of {said['like']} has no {each} to be without")
    order = list(asked)
    behind = len(order)
    for each, words in said.get("fields", {}).items():
        if each not in asked:
            order.insert(behind, each)
        behind = order.index(each) + 1
        asked[each] = {**asked.get(each, {}), **words}
    own = {word: each for word, each in said.items() if word not in _LIKENESS}
    return {
        **other,
        **own,
        "fields": {each: asked[each] for each in order if each not in left},
        "needs": [each for each in needs if each not in left],
    }


def _left(said: Mapping[str, Any], without: Set[str]) -> Mapping[str, Any]:
    """A row of another table, from the states that are left here."""
    if "from" not in said:
        return said
    return {**said, "from": [state for state in said["from"] if state not in without]}


def read_rows(path: Path, words: Mapping[str, Any], types: Set[str] = PLAIN_TYPES) -> Table:
    """The states and acts of a table, each word of them understood.

    Raises:
        TableUnreadable: it names what is not there, or says something that is not known.
    """
    table = Table(
        words=read_words(path, "name", words["name"]),
        begins=words["begins"],
        states={name: _state(path, name, each) for name, each in words["states"].items()},
        acts={name: read_act(path, name, each, types) for name, each in words["acts"].items()},
    )
    _check(path, table)
    return table


def _check(path: Path, table: Table) -> None:
    """Whatever is named is there; every state is reached, and from every one an end is."""
    onward: dict[str, set[str]] = {name: set() for name in table.states}
    for act in table.acts.values():
        ends = set(act.way.ends()) if act.way else set()
        if not act.sources:
            raise TableUnreadable(f"{path}: {act.name} can be done nowhere")
        for named in act.sources | ends:
            if named not in table.states:
                raise TableUnreadable(f"{path}: {act.name} names {named}, which is no state")
        for named in act.way.asks_for() if act.way else ():
            if named not in table.acts:
                raise TableUnreadable(f"{path}: {act.name} leads on after {named}, which is no act")
        for name in act.sources:
            onward[name] |= ends
        for each in act.fields.values():
            _check_since(path, table, act, each)
    _check_ways(path, table, onward)


def _check_ways(path: Path, table: Table, onward: Mapping[str, Set[str]]) -> None:
    backward = {name: {each for each in onward if name in onward[each]} for name in onward}
    for name in onward.keys() - _reached({table.begins}, onward):
        raise TableUnreadable(f"{path}: nothing leads to {name}")
    ended = {name for name, state in table.states.items() if state.ends}
    for name in onward.keys() - _reached(ended, backward):
        raise TableUnreadable(f"{path}: from {name} nothing leads to an end")


def _reached(begun: Set[str], onward: Mapping[str, Set[str]]) -> Set[str]:
    """Every state that is reached, by one act after another, from where it began."""
    found: set[str] = set()
    fresh = set(begun)
    while fresh:
        found |= fresh
        fresh = {state for name in fresh for state in onward[name]} - found
    return found


def _check_since(path: Path, table: Table, act: Act, asked: Field) -> None:
    """Only a date is since something, and what it is since can be done, and says a date."""
    if asked.since and asked.type != "date":
        raise TableUnreadable(f"{path}: {act.name}: {asked.name} is no date, and since nothing")
    for named in asked.since:
        names, _, word = named.partition(".")
        for other in map(table.acts.get, names.split("|")):
            said = other.fields.get(word) if other else None
            if other is None or (word and (said is None or said.type != "date")):
                raise TableUnreadable(f"{path}: {act.name}: {asked.name} is since {named}, unknown")


def _state(path: Path, name: str, said: Mapping[str, Any]) -> State:
    known = {"zh", "en", "clock", "ends", "lapses", "step", "found", "met"}
    only(path, name, said, known)
    return State(
        name,
        read_words(path, name, said),
        said.get("clock"),
        bool(said.get("ends", False)),
        said.get("lapses"),
        said.get("step"),
        said.get("found"),
        bool(said.get("met", False)),
    )


def read_act(path: Path, name: str, said: Mapping[str, Any], types: Set[str] = PLAIN_TYPES) -> Act:
    """One act of a table.

    Raises:
        TableUnreadable: it says something that is not known, or nobody may do it.
    """
    only(path, name, said, _ACT_WORDS)
    if not said.get("scopes"):
        raise TableUnreadable(f"{path}: {name} says nobody who may do it")
    fields = read_fields(path, said.get("fields", {}), types)
    due = said.get("due")
    if due is not None and (due not in fields or fields[due].type != "date"):
        raise TableUnreadable(f"{path}: {name} is due on {due}, which is no date it asks for")
    return Act(
        name=name,
        words=read_words(path, name, said["name"]),
        sources=frozenset(said.get("from", ())),
        way=_way(path, name, said["to"]) if "to" in said else None,
        scopes=frozenset(said["scopes"]),
        fields=fields,
        needs=tuple(said.get("needs", ())),
        does=said.get("does"),
        starts=said.get("starts"),
        stops=bool(said.get("stops", False)),
        due=due,
        aside=bool(said.get("aside", False)),
        extends=said.get("extends"),
        meets=bool(said.get("meets", False)),
        tells=said.get("tells"),
        asks=said.get("asks"),
        when=tuple(said.get("when", ())),
        waits=bool(said.get("waits", False)),
        late=bool(said.get("late", False)),
    )


def _way(path: Path, name: str, said: Any) -> Way:
    if isinstance(said, str):
        return Way(state=said)
    if "after" in said:
        only(path, name, said, {"after", "since", "then", "otherwise"})
        ways = {key: _way(path, name, said[key]) for key in ("then", "otherwise")}
        return Way(after=said["after"], since=said.get("since"), states=ways)
    ways = {key: _way(path, name, each) for key, each in said.items() if key != "by"}
    return Way(by=said["by"], states=ways)


def read_fields(
    path: Path, said: Mapping[str, Any], types: Set[str] = PLAIN_TYPES
) -> dict[str, Field]:
    """Fields by name.

    Raises:
        TableUnreadable: one is of a type, or says something, that is not known.
    """
    return {name: _field(path, name, each, types) for name, each in said.items()}


def _field(path: Path, name: str, said: Mapping[str, Any], types: Set[str]) -> Field:
    only(path, name, said, _FIELD_WORDS)
    if said["type"] not in types:
        raise TableUnreadable(f"{path}: {name} is a {said['type']}, which is not known")
    plain = {"zh": said.get("zh", name), "en": said.get("en", name)}
    return Field(
        name=name,
        type=said["type"],
        words=read_words(path, name, plain),
        optional=bool(said.get("optional", False)),
        most=int(said.get("most", 400)),
        choices={key: read_words(path, key, each) for key, each in said.get("of", {}).items()},
        kind=said.get("kind"),
        seen_by=frozenset(said.get("seen_by", ())),
        since=tuple(said.get("since", ())),
    )


def read_words(path: Path, name: str, said: Mapping[str, Any]) -> Words:
    """What a thing is called.

    Raises:
        TableUnreadable: one of the two languages is missing.
    """
    if not said.get("zh") or not said.get("en"):
        raise TableUnreadable(f"{path}: {name} is not said in both languages")
    return Words(str(said["zh"]), str(said["en"]))


def only(path: Path, name: str, said: Mapping[str, Any], known: Set[str]) -> None:
    """Whatever is said is known.

    Raises:
        TableUnreadable: it is not.
    """
    for word in said:
        if word not in known:
            raise TableUnreadable(f"{path}: {name} says {word}, which is not known")
