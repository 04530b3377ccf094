"""Where each quantity of a law can lie: facts and numbers in their declared ranges, rules by them.

What lies outside a declared range is held or refused and reaches no rule.
"""

import ast
from typing import Final

from policies.colleague import ranges
from policies.colleague.bounds import Hazard, Way
from policies.colleague.ranges import Range
from policies.colleague.states import State, joined
from policies.engine.kernel import Kernel, Kind
from policies.reading import grammar
from policies.reading.facts import NOT_APPLICABLE
from policies.reading.packs import SUM, Rule

MEMBERS_AT_MOST: Final = 1_000
"""No household is as large, by far; a sum over its members is reckoned for so many."""
MONTHS: Final = ranges.between(1000 * 12, 2999 * 12 + 11)
"""Every month that can be written YYYY-MM and asked for."""


class Intervals:
    """Where each quantity of a law lies, once something is known."""

    def __init__(
        self, kernel: Kernel, state: State | None = None, everyone: "Intervals | None" = None
    ) -> None:
        self._kernel = kernel
        self._state = state or State()
        self._everyone = everyone or self
        self._found: dict[str, Range] = {}
        self._ways: dict[str, Way] = {}

    def range_of(self, name: str) -> Range:
        if name not in self._found:
            found = self._reckon(name)
            known = self._state.known.get(name)
            self._found[name] = found if known is None else found & known
        return self._found[name]

    def meaning_of(self, name: str) -> ast.expr | None:
        """What a rule of one line returns: it says the same in other words."""
        if self._kernel.kind(name) is not Kind.RULE:
            return None
        match grammar.body(self._kernel.rules[name].tree):
            case [ast.Return(value=ast.expr() as value)]:
                return value
            case _:
                return None

    def hazards_of(self, name: str) -> list[Hazard]:
        """What could go wrong within one rule."""
        self.range_of(name)
        return self._ways[name].hazards

    def passing(self, test: Rule) -> "Intervals | None":
        """The same for those who pass a test; nothing if nobody does."""
        state = self._narrowed(test.name, ranges.at_least(test.passes_from or 0), self._state)
        return Intervals(self._kernel, state, self._everyone) if state else None

    def _narrowed(self, name: str, to: Range, state: State) -> State | None:
        """What is known besides, where a quantity lies in a range; nothing if it never does."""
        found = self.range_of(name) & state.known.get(name, ranges.INTEGERS) & to
        if not found:
            return None
        state = state.knowing(name, found)
        if self._kernel.kind(name) is not Kind.RULE:
            return state
        rule = self._kernel.rules[name]
        way = Way(rule.tree, self)
        ends = [
            end for node, before in way.outcomes(state) for end in way.narrow(node, found, before)
        ]
        if not ends:
            return None
        narrowed = joined(ends).outside(way.locals)
        for each in rule.parameters:
            known = narrowed.known.get(each)
            if known is not None and known != state.known.get(each, self.range_of(each)):
                deeper = self._narrowed(each, known, narrowed)
                if deeper is None:
                    return None
                narrowed = deeper
        return narrowed

    def _reckon(self, name: str) -> Range:
        kernel = self._kernel
        kind = kernel.kind(name)
        if kind is Kind.FACT:
            fact = kernel.facts[name]
            found = ranges.between(fact.lowest, fact.highest)
            return found | ranges.exactly(NOT_APPLICABLE) if fact.may_not_apply else found
        if kind is Kind.NUMBER:
            declared = kernel.numbers[name].declaration
            return ranges.between(declared.lowest, declared.highest)
        if kind is Kind.MONTH:
            return MONTHS
        if kind is Kind.SUM:
            return self._everyone.range_of(name.removeprefix(SUM)).times_a_sum_of(MEMBERS_AT_MOST)
        way = self._ways[name] = Way(kernel.rules[name].tree, self)
        return way.value(self._state)
