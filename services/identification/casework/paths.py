"""The table of a category: states with their clocks, acts with who, from where, to where, and what
must be there first; read strictly, so that nothing in it is guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from services.identification.tables import read_table

PATHS: Final = Path(__file__).resolve().parent / "paths"
STOPPED: Final = "stopped"
TYPES: Final = frozenset(
    {
        "application", "choice", "count", "date", "document", "fen", "flag", "id", "id-number",
        "lines", "month", "person", "text",
    }
)  # fmt: skip
_TABLE_WORDS: Final = {
    "category", "name", "about", "begins", "states", "acts", "like", "without",
}  # fmt: skip
HOUSEHOLD: Final = "household"
_ACT_WORDS: Final = {
    "name", "from", "to", "scopes", "fields", "needs", "does", "starts", "stops", "aside",
}  # fmt: skip
_FIELD_WORDS: Final = {"type", "zh", "en", "optional", "most", "of", "kind"}


class PathUnreadable(Exception):
    """A table of a category cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class State:
    """Where a case stands, and which clock runs there."""

    name: str
    words: Words
    clock: str | None = None
    ends: bool = False


@dataclass(frozen=True)
class Field:
    """One thing an act asks for."""

    name: str
    type: str
    words: Words
    optional: bool = False
    most: int = 400
    choices: Mapping[str, Words] = field(default_factory=dict)
    kind: str | None = None


@dataclass(frozen=True)
class Way:
    """Where an act leads: a state, or by a word, a setting, or what was done before."""

    state: str | None = None
    by: str | None = None
    states: Mapping[str, "Way"] = field(default_factory=dict)
    after: str | None = None

    def ends(self) -> Iterator[str]:
        """Every state it may lead to."""
        if self.state is not None:
            yield self.state
        for way in self.states.values():
            yield from way.ends()


@dataclass(frozen=True)
class Act:
    """One thing that may be done to a case; one done `aside` is nobody's turn."""

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
    aside: bool


@dataclass(frozen=True)
class CasePath:
    """The whole table of one category."""

    category: str
    words: Words
    begins: str
    states: Mapping[str, State]
    acts: Mapping[str, Act]
    about: str | None = None

    @property
    def about_household(self) -> bool:
        """Whether a case of it is about a household of the register, and so begins with one."""
        return self.about == HOUSEHOLD

    def acts_from(self, state: str) -> list[Act]:
        """What may be done to a case that stands there, in the order of the table."""
        return [act for act in self.acts.values() if state in act.sources]


@lru_cache
def read_path(path: Path) -> CasePath:
    """A category's table.

    Raises:
        PathUnreadable: it names what is not there, or says something that is not known.
    """
    words = _whole(path)
    states = {name: _state(path, name, each) for name, each in words["states"].items()}
    acts = {name: _act(path, name, each) for name, each in words["acts"].items()}
    found = CasePath(
        category=str(words["category"]),
        words=_words(path, "name", words["name"]),
        begins=words["begins"],
        states=states,
        acts=acts,
        about=words.get("about"),
    )
    _check(path, found)
    return found


def _whole(path: Path) -> Mapping[str, Any]:
    """A table as it is written; one that is `like` another has that one's rows but for its own."""
    words: Mapping[str, Any] = read_table(path, PathUnreadable)
    _only(path, "the table", words, _TABLE_WORDS)
    if "like" not in words:
        return words
    other = _whole(path.with_name(f"{words['like']}.yaml"))
    without = set(words.get("without", ()))
    for name in without - other["acts"].keys() - other["states"].keys():
        raise PathUnreadable(f"{path}: {words['like']} has no {name} to be without")
    whole = {**other, **{key: words[key] for key in ("category", "name")}}
    for rows in ("states", "acts"):
        kept = {name: each for name, each in other[rows].items() if name not in without}
        whole[rows] = {**kept, **words.get(rows, {})}
    return whole


@lru_cache
def all_paths(folder: Path = PATHS) -> Mapping[str, CasePath]:
    """Every category by its name."""
    found = [read_path(path) for path in sorted(folder.glob("*.yaml"))]
    return {each.category: each for each in found}


def _check(path: Path, table: CasePath) -> None:
    """Whatever is named is there; every state is reached, and every open one can be left."""
    if table.about not in {None, HOUSEHOLD}:
        raise PathUnreadable(f"{path}: a case is about a {HOUSEHOLD}, or says nothing of it")
    reached = {table.begins}
    for act in table.acts.values():
        ends = set(act.way.ends()) if act.way else set()
        for named in act.sources | ends:
            if named not in table.states:
                raise PathUnreadable(f"{path}: {act.name} names {named}, which is no state")
        reached |= ends
    for name, state in table.states.items():
        if name not in reached:
            raise PathUnreadable(f"{path}: nothing leads to {name}")
        leaves = any(act.way and name in act.sources for act in table.acts.values())
        if not leaves and not state.ends:
            raise PathUnreadable(f"{path}: nothing leads out of {name}")


def _state(path: Path, name: str, said: Mapping[str, Any]) -> State:
    _only(path, name, said, {"zh", "en", "clock", "ends"})
    return State(name, _words(path, name, said), said.get("clock"), bool(said.get("ends", False)))


def _act(path: Path, name: str, said: Mapping[str, Any]) -> Act:
    _only(path, name, said, _ACT_WORDS)
    if not said.get("scopes"):
        raise PathUnreadable(f"{path}: {name} says nobody who may do it")
    return Act(
        name=name,
        words=_words(path, name, said["name"]),
        sources=frozenset(said["from"]),
        way=_way(path, name, said["to"]) if "to" in said else None,
        scopes=frozenset(said["scopes"]),
        fields={each: _field(path, each, words) for each, words in said.get("fields", {}).items()},
        needs=tuple(said.get("needs", ())),
        does=said.get("does"),
        starts=said.get("starts"),
        stops=bool(said.get("stops", False)),
        aside=bool(said.get("aside", False)),
    )


def _way(path: Path, name: str, said: Any) -> Way:
    if isinstance(said, str):
        return Way(state=said)
    if "after" in said:
        _only(path, name, said, {"after", "then", "otherwise"})
        ways = {key: _way(path, name, said[key]) for key in ("then", "otherwise")}
        return Way(after=said["after"], states=ways)
    ways = {key: _way(path, name, each) for key, each in said.items() if key != "by"}
    return Way(by=said["by"], states=ways)


def _field(path: Path, name: str, said: Mapping[str, Any]) -> Field:
    _only(path, name, said, _FIELD_WORDS)
    if said["type"] not in TYPES:
        raise PathUnreadable(f"{path}: {name} is a {said['type']}, which is not known")
    plain = {"zh": said.get("zh", name), "en": said.get("en", name)}
    return Field(
        name=name,
        type=said["type"],
        words=_words(path, name, plain),
        optional=bool(said.get("optional", False)),
        most=int(said.get("most", 400)),
        choices={key: _words(path, key, each) for key, each in said.get("of", {}).items()},
        kind=said.get("kind"),
    )


def _words(path: Path, name: str, said: Mapping[str, Any]) -> Words:
    if not said.get("zh") or not said.get("en"):
        raise PathUnreadable(f"{path}: {name} is not said in both languages")
    return Words(str(said["zh"]), str(said["en"]))


def _only(path: Path, name: str, said: Mapping[str, Any], known: set[str]) -> None:
    for word in said:
        if word not in known:
            raise PathUnreadable(f"{path}: {name} says {word}, which is not known")
