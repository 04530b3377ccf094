"""Words of a case that few may read: hidden from everybody else, wherever the case is read.

A field that is `seen_by` scopes is read by whoever has one of them and by who wrote it down; never
by a near relative of somebody the case is about.
"""

from collections.abc import Set
from dataclasses import replace

from services.identification.casework.standing import Standing
from services.identification.grammar.history import Done


def as_read(at: Standing) -> Standing:
    """A case as its reader finds it."""
    if not any(each.act in at.path.seen_by_few for each in at.acts):
        return at
    return replace(at, acts=[_as_read(at, each) for each in at.acts])


def _as_read(at: Standing, done: Done) -> Done:
    fields = at.path.seen_by_few.get(done.act, {})
    hidden = {name for name in fields if name in done.words and not _may(at, done, fields[name])}
    if not hidden:
        return done
    words = {name: word for name, word in done.words.items() if name not in hidden}
    return replace(done, words=words, hidden=frozenset(hidden))


def _may(at: Standing, done: Done, scopes: Set[str]) -> bool:
    if at.is_of_a_relative:
        return False
    return done.person == at.caller.person or any(at.caller.has(each) for each in scopes)
