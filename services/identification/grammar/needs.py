"""What must be there before an act: asked of where something stands, and said in words if not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from services.identification.grammar.acts import Act, Table, Words, only, read_words
from services.identification.grammar.history import History, dates_in_order
from services.identification.grammar.moving import NotYet
from shared.tables import read_table

At = TypeVar("At", bound=History)


@dataclass(frozen=True)
class Wanted(Words):
    """A need as an officer reads it; `by` are the acts that bring it about, in their order, and
    `field` the word of the act that it is about."""

    by: tuple[str, ...] = ()
    field: str = ""

    def told(self, table: Table) -> dict[str, Any]:
        """In both languages, with the acts of a table that bring it about, as they are called."""
        first = [table.acts[name].words.both() for name in self.by if name in table.acts]
        return {**self.both(), "first": first}


IN_ORDER: Final = Wanted(
    "日期不得早于应先办的事项", "no date comes before what had to be done first"
)


def in_words(path: Path) -> Mapping[str, Wanted]:
    """What an officer reads of each need.

    Raises:
        TableUnreadable: a need is not said in both languages, or says something else.
    """
    found = read_table(path)
    return {name: _wanted(path, name, each) for name, each in found.items()}


def _wanted(path: Path, name: str, said: Mapping[str, Any]) -> Wanted:
    only(path, name, said, {"zh", "en", "by", "field"})
    words = read_words(path, name, said)
    return Wanted(words.zh, words.en, tuple(said.get("by", ())), said.get("field", ""))


def lawful(
    needs: Mapping[str, Callable[[At], bool]], acts: Iterable[Act], at: At
) -> Iterator[tuple[Act, list[str]]]:
    """Those acts that are the caller's and offered, each with what is still missing for it."""
    for act in acts:
        is_theirs = any(at.caller.has(scope) for scope in act.scopes)
        if is_theirs and not _unmet(needs, act.when, at):
            yield act, [] if act.fields else _unmet(needs, act.needs, at)


def insist(
    needs: Mapping[str, Callable[[At], bool]],
    words: Mapping[str, Wanted],
    table: Table,
    act: Act,
    at: At,
    closer: Mapping[str, Callable[[At], Words]] = MappingProxyType({}),
) -> None:
    """Everything an act needs is there, and no date of it comes before what it is since.

    `closer` says some needs with what this one comes to, such as a sum.

    Raises:
        NotYet: something is not; all of it in words, each with the acts that bring it about, and
            the field it is about.
    """
    missing = _unmet(needs, [*act.when, *act.needs], at)
    if missing:
        said = {each: closer[each](at) if each in closer else words[each] for each in missing}
        told = [{**words[each].told(table), **said[each].both()} for each in missing]
        fields = [words[each].field for each in missing if words[each].field]
        about = {"field": fields[0]} if fields else {}
        raise NotYet(said[missing[0]].en, needs=missing, missing=told, **about)
    if not dates_in_order(act, at):
        raise NotYet(IN_ORDER.en, needs=["dates-in-order"], missing=[IN_ORDER.told(table)])


def _unmet(needs: Mapping[str, Callable[[At], bool]], names: Iterable[str], at: At) -> list[str]:
    return [need for need in names if not needs[need](at)]
