"""What must be there before an act: asked of where something stands, and said in words if not."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

from services.identification.grammar.acts import Act, TableUnreadable, Words, read_words
from services.identification.grammar.history import History, dates_in_order
from services.identification.grammar.moving import NotYet
from services.identification.tables import read_table

At = TypeVar("At", bound=History)
IN_ORDER: Final = Words(
    "日期不得早于应先办的事项", "no date comes before what had to be done first"
)


def in_words(path: Path) -> Mapping[str, Words]:
    """What an officer reads of each need.

    Raises:
        TableUnreadable: a need is not said in both languages.
    """
    found = read_table(path, TableUnreadable)
    return {name: read_words(path, name, each) for name, each in found.items()}


def lawful(
    needs: Mapping[str, Callable[[At], bool]], acts: Iterable[Act], at: At
) -> Iterator[tuple[Act, list[str]]]:
    """Those acts that are the caller's and offered, each with what is still missing for it."""
    for act in acts:
        is_theirs = any(at.caller.has(scope) for scope in act.scopes)
        if is_theirs and not _unmet(needs, act.when, at):
            yield act, [] if act.fields else _unmet(needs, act.needs, at)


def insist(
    needs: Mapping[str, Callable[[At], bool]], words: Mapping[str, Words], act: Act, at: At
) -> None:
    """Everything an act needs is there, and no date of it comes before what it is since.

    Raises:
        NotYet: something is not; the first of it in words.
    """
    missing = _unmet(needs, [*act.when, *act.needs], at)
    if missing:
        raise NotYet(words[missing[0]].en, needs=missing)
    if not dates_in_order(act, at):
        raise NotYet(IN_ORDER.en, needs=["dates-in-order"])


def _unmet(needs: Mapping[str, Callable[[At], bool]], names: Iterable[str], at: At) -> list[str]:
    return [need for need in names if not needs[need](at)]
