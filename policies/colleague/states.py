"""What is known on one way through a rule: where names lie, and which lies above which."""

import ast
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from policies.colleague.ranges import Range

_STATES_AT_MOST: Final = 24


@dataclass(frozen=True)
class State:
    """What is known on one way through a rule.

    `known` is by name, or by the text of a table's entry; `above` by how much at least one
    expression lies above another; `meaning` what a local name was set to.
    """

    known: Mapping[str, Range] = field(default_factory=dict)
    above: Mapping[tuple[str, str], int] = field(default_factory=dict)
    meaning: Mapping[str, ast.expr] = field(default_factory=dict)

    def knowing(self, text: str, found: Range) -> "State":
        return replace(self, known={**self.known, text: found})

    def raised(self, one: ast.expr, other: ast.expr, by: int) -> "State":
        """The same, and that one expression lies at least so much above another."""
        key = (ast.unparse(one), ast.unparse(other))
        least = max(by, self.above.get(key, by))
        return replace(self, above={**self.above, key: least})

    def setting(self, name: str, node: ast.expr, found: Range) -> "State":
        """A local name gets a value; whatever was known of it before is no longer true."""
        before = self.outside({name})
        meaning = {
            each: told
            for each, told in self.meaning.items()
            if each != name and name not in names_in(ast.unparse(told))
        }
        if name not in names_in(ast.unparse(node)):
            meaning[name] = node
        return State({**before.known, name: found}, before.above, meaning)

    def outside(self, names: Set[str]) -> "State":
        """The same, without what is known of local names."""
        known = {text: each for text, each in self.known.items() if not names & names_in(text)}
        above = {
            (one, other): by
            for (one, other), by in self.above.items()
            if not names & (names_in(one) | names_in(other))
        }
        return State(known, above)


def joined(states: Sequence[State]) -> State:
    """What is known on each of several ways."""
    first, rest = states[0], states[1:]
    known = dict(first.known)
    above = dict(first.above)
    meaning = dict(first.meaning)
    for state in rest:
        known = {
            text: each | state.known[text] for text, each in known.items() if text in state.known
        }
        above = {key: min(by, state.above[key]) for key, by in above.items() if key in state.above}
        meaning = {n: told for n, told in meaning.items() if state.meaning.get(n) is told}
    return State(known, above, meaning)


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    tree = ast.parse(text, mode="eval")
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def few(states: list[State]) -> list[State]:
    """The ways kept apart, or all taken together, which is wider and as true."""
    return states if len(states) <= _STATES_AT_MOST else [joined(states)]
