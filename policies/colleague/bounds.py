"""Where the value of a rule can lie, and which of its steps could go wrong on the way.

The rule is followed along every way through it at once, with ranges in the place of values. A
condition narrows what is known on either side of it; two quantities that were compared, or of which
one is the lesser of the other and something else, are known to lie above one another. What is found
may be wider than what can happen, never narrower.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from policies import arithmetic
from policies.arithmetic import WHOLE
from policies.colleague import ranges
from policies.colleague.ranges import NOT_ZERO, NOTHING, ZERO, Range
from policies.colleague.rounding import TIGHTER
from policies.colleague.states import State, few, names_in
from policies.reading import grammar

_DEPTH: Final = 5
"""How far two quantities are traced back to see which lies above the other."""

_OPERATIONS: Final[Mapping[type[ast.operator], Callable[[Range, Range], Range]]] = {
    ast.Add: ranges.add,
    ast.Sub: ranges.subtract,
    ast.Mult: ranges.multiply,
    ast.FloorDiv: ranges.divide,
    ast.Mod: ranges.remainder,
}
_OPPOSITES: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


@dataclass(frozen=True)
class Hazard:
    """A step that could leave the machine's integers, or divide by zero."""

    line: int
    text: str
    found: Range
    by_zero: bool


class Outside(Protocol):
    """What is known of names outside a rule."""

    def range_of(self, name: str) -> Range: ...

    def meaning_of(self, name: str) -> ast.expr | None:
        """What a quantity is the same as, in terms of other quantities."""


class Nowhere:
    """Outside a function of the arithmetic there is nothing."""

    def range_of(self, name: str) -> Range:
        raise KeyError(name)

    def meaning_of(self, name: str) -> ast.expr | None:
        return None


class Way:
    """One function followed along all its ways."""

    def __init__(self, function: ast.FunctionDef, outside: Outside) -> None:
        self._function = function
        self._outside = outside
        self._own = {id(node) for node in ast.walk(function)}
        self.locals = {
            node.id
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        self._hazards: dict[tuple[int, str, bool], Hazard] = {}

    def outcomes(self, state: State) -> list[tuple[ast.expr, State]]:
        """What is returned, and what is known there, of each way."""
        found: list[tuple[ast.expr, State]] = []
        self._statements(grammar.body(self._function), [state], found)
        return found

    def value(self, state: State) -> Range:
        """Where what is returned can lie."""
        return ranges.union(self.of(node, each) for node, each in self.outcomes(state))

    @property
    def hazards(self) -> list[Hazard]:
        return list(self._hazards.values())

    def _statements(
        self,
        statements: Iterable[ast.stmt],
        states: list[State],
        found: list[tuple[ast.expr, State]],
    ) -> list[State]:
        """The states in which the statements are left without a return."""
        for statement in statements:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    found += [(value, state) for state in states]
                    states = []
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    states = [state.setting(name, value, self.of(value, state)) for state in states]
                case ast.If(test=test, body=body, orelse=otherwise):
                    there = [each for state in states for each in self.assume(test, True, state)]
                    not_there = [
                        each for state in states for each in self.assume(test, False, state)
                    ]
                    states = self._statements(body, few(there), found)
                    states = states + self._statements(otherwise, few(not_there), found)
                    states = few(states)
                case _:
                    raise AssertionError(ast.unparse(statement))
        return states

    # Expressions.

    def of(self, node: ast.expr, state: State) -> Range:
        """Where an expression can lie; its hazards are noted on the way."""
        match node:
            case ast.Constant(value=int() as value):
                return self._safe(node, ranges.exactly(value))
            case ast.Name(id=name):
                return self._named(name, state)
            case ast.Subscript(value=ast.Name(id=name), slice=key):
                self.of(key, state)
                known = state.known.get(ast.unparse(node))
                return self._named(name, state) if known is None else known
            case ast.BinOp(left=left, op=operator, right=right):
                return self._operation(node, left, operator, right, state)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._safe(node, ranges.negate(self.of(operand, state)))
            case ast.UnaryOp() | ast.Compare():
                truths = [int(each) for each in (False, True) if self.assume(node, each, state)]
                return ranges.union(ranges.exactly(each) for each in truths)
            case ast.BoolOp(op=joint, values=values):
                return self._joint(isinstance(joint, ast.And), values, state)
            case ast.IfExp(test=test, body=first, orelse=second):
                taken = [self.of(first, each) for each in self.assume(test, True, state)]
                taken += [self.of(second, each) for each in self.assume(test, False, state)]
                return ranges.union(taken)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(node, name, arguments, state)
            case _:
                raise AssertionError(ast.unparse(node))

    def _named(self, name: str, state: State) -> Range:
        known = state.known.get(name)
        if known is not None:
            return known
        constant = grammar.CONSTANTS.get(name)
        return self._outside.range_of(name) if constant is None else ranges.exactly(constant)

    def _joint(self, truth: bool, values: Sequence[ast.expr], state: State) -> Range:
        """`and` gives the first that does not hold, or the last; `or` the first that holds."""
        found, states = NOTHING, [state]
        for each in values:
            found |= ranges.union(self.of(each, old) for old in states)
            states = [new for old in states for new in self.assume(each, truth, old)]
        return found

    def _operation(
        self, node: ast.expr, left: ast.expr, operator: ast.operator, right: ast.expr, state: State
    ) -> Range:
        one, other = self.of(left, state), self.of(right, state)
        if isinstance(operator, ast.FloorDiv | ast.Mod) and 0 in other:
            self._note(node, other, by_zero=True)
        found = _OPERATIONS[type(operator)](one, other)
        if isinstance(operator, ast.Sub) and found:
            above, below = self._above(left, right, state), self._above(right, left, state)
            found &= ranges.between(above, -below)
        return self._safe(node, found)

    def _call(
        self, node: ast.expr, name: str, arguments: Sequence[ast.expr], state: State
    ) -> Range:
        given = [self.of(each, state) for each in arguments]
        if name == "abs":
            return self._safe(node, ranges.size(given[0]))
        if name in {"min", "max"}:
            choose = ranges.least if name == "min" else ranges.greatest
            found = given[0]
            for each in given[1:]:
                found = choose(found, each)
            return found
        if not all(given):
            return NOTHING
        if name in TIGHTER:
            return self._tighter(node, name, given)
        function = _written(name)
        way = Way(function, Nowhere())
        names = [argument.arg for argument in function.args.args]
        found = way.value(State(dict(zip(names, given, strict=True))))
        for hazard in way.hazards:
            self._note(node, hazard.found, by_zero=hazard.by_zero)
        return found

    def _tighter(self, node: ast.expr, name: str, given: Sequence[Range]) -> Range:
        """The operations whose result hangs together in a way that ranges do not see."""
        if 0 in given[1]:
            self._note(node, given[1], by_zero=True)
        return self._safe(node, TIGHTER[name](*given))

    def _safe(self, node: ast.expr, found: Range) -> Range:
        """The part that the machine can hold; the rest is a hazard."""
        inside = found & ranges.INTEGERS
        if inside != found:
            self._note(node, found, by_zero=False)
        return inside

    def _note(self, node: ast.expr, found: Range, *, by_zero: bool) -> None:
        if id(node) in self._own:
            text = ast.unparse(node)
            key = (node.lineno, text, by_zero)
            before = self._hazards.get(key)
            wider = found | before.found if before else found
            self._hazards[key] = Hazard(node.lineno, text, wider, by_zero)

    # Which of two lies above the other.

    def _above(self, one: ast.expr, other: ast.expr, state: State, depth: int = _DEPTH) -> int:
        """By how much at least one expression lies above another; below zero if it may not."""
        first, second = self.of(one, state), self.of(other, state)
        if not first or not second:
            return 0
        texts = (ast.unparse(one), ast.unparse(other))
        bounds = [first.lowest - second.highest, state.above.get(texts, -ranges.BEYOND)]
        if texts[0] == texts[1]:
            bounds.append(0)
        if depth:
            bounds += self._above_parts(one, other, state, depth - 1)
            bounds += self._below_parts(one, other, state, depth - 1)
        return max(bounds)

    def _above_parts(
        self, one: ast.expr, other: ast.expr, state: State, depth: int
    ) -> Iterable[int]:
        """The same, by what the upper one is made of."""
        match one:
            case ast.Call(func=ast.Name(id="max"), args=parts):
                yield max(self._above(each, other, state, depth) for each in parts)
            case ast.Call(func=ast.Name(id="min"), args=parts):
                yield min(self._above(each, other, state, depth) for each in parts)
            case ast.Call(func=ast.Name(id="round_up"), args=[part, _]):
                yield self._above(part, other, state, depth)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield self._above(left, other, state, depth) + self.of(right, state).lowest
                yield self._above(right, other, state, depth) + self.of(left, state).lowest
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                yield self._above(left, other, state, depth) - self.of(right, state).highest
            case ast.Name(id=name) if (meaning := self._meaning(name, state)) is not None:
                yield self._above(meaning, other, state, depth)

    def _below_parts(
        self, one: ast.expr, other: ast.expr, state: State, depth: int
    ) -> Iterable[int]:
        """The same, by what the lower one is made of."""
        match other:
            case ast.Call(func=ast.Name(id="min"), args=parts):
                yield max(self._above(one, each, state, depth) for each in parts)
            case ast.Call(func=ast.Name(id="max"), args=parts):
                yield min(self._above(one, each, state, depth) for each in parts)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield self._above(one, left, state, depth) - self.of(right, state).highest
                yield self._above(one, right, state, depth) - self.of(left, state).highest
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                yield self._above(one, left, state, depth) + self.of(right, state).lowest
            case ast.Name(id=name) if (meaning := self._meaning(name, state)) is not None:
                yield self._above(one, meaning, state, depth)
            case _ if (whole := self._whole(other, state)) is not None:
                yield self._above(one, whole, state, depth)

    def _whole(self, node: ast.expr, state: State) -> ast.expr | None:
        """What an expression is a part of, and so never more than."""
        match node:
            case ast.Call(func=ast.Name(id="round_down"), args=[whole, _]):
                return whole
            case ast.Call(func=ast.Name(id="share_of"), args=[whole, share]):
                part, most = self.of(share, state), ranges.between(0, WHOLE)
            case ast.BinOp(left=whole, op=ast.FloorDiv(), right=by):
                part, most = self.of(by, state), ranges.at_least(1)
            case ast.BinOp(left=left, op=ast.Mult(), right=count):
                return self._whole_of_parts(left, count, state)
            case _:
                return None
        found = self.of(whole, state)
        return whole if found and found.lowest >= 0 and part == part & most else None

    def _whole_of_parts(self, part: ast.expr, count: ast.expr, state: State) -> ast.expr | None:
        """What was divided, if no more of its even parts are counted than it was divided into."""
        told = self._meaning(part.id, state) if isinstance(part, ast.Name) else part
        match told:
            case ast.BinOp(left=whole, op=ast.FloorDiv(), right=by):
                counted = self.of(count, state)
                enough = counted and counted.lowest >= 0 and self._above(by, count, state) >= 0
                return self._whole(told, state) and whole if enough else None
            case _:
                return None

    def _meaning(self, name: str, state: State) -> ast.expr | None:
        if name in self.locals:
            return state.meaning.get(name)
        meaning = self._outside.meaning_of(name)
        if meaning is None or names_in(ast.unparse(meaning)) & self.locals:
            return None
        return meaning

    # Conditions.

    def assume(self, test: ast.expr, truth: bool, state: State) -> list[State]:
        """The states in which a condition holds, or does not; none if it never does."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.assume(operand, not truth, state)
            case ast.BoolOp(op=joint, values=values):
                if isinstance(joint, ast.And) == truth:
                    states = [state]
                    for each in values:
                        states = [new for old in states for new in self.assume(each, truth, old)]
                    return few(states)
                return self._any(values, truth, state)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                kind = type(operator) if truth else _OPPOSITES[type(operator)]
                return few(self._compare(left, kind, right, state))
            case _:
                return self.narrow(test, NOT_ZERO if truth else ZERO, state)

    def _any(self, values: Sequence[ast.expr], truth: bool, state: State) -> list[State]:
        """One of the conditions settles it, and those before it did not."""
        found: list[State] = []
        before = [state]
        for each in values:
            found += [new for old in before for new in self.assume(each, truth, old)]
            before = [new for old in before for new in self.assume(each, not truth, old)]
        return few(found)

    def _compare(
        self, left: ast.expr, kind: type[ast.cmpop], right: ast.expr, state: State
    ) -> list[State]:
        if kind in {ast.Gt, ast.GtE}:
            left, right = right, left
            kind = ast.Lt if kind is ast.Gt else ast.LtE
        first, second = self.of(left, state), self.of(right, state)
        if not first or not second:
            return []
        if kind is ast.NotEq:
            return self._differ(left, right, state)
        by = int(kind is ast.Lt)
        if self._above(left, right, state) > -by:
            return []
        found = self.narrow(left, ranges.at_most(second.highest - by), state)
        lowest = ranges.at_least(first.lowest + by)
        found = [new for old in found for new in self.narrow(right, lowest, old)]
        found = [each.raised(right, left, by) for each in found]
        if kind is ast.Eq:
            found = [new for old in found for new in self._compare(right, ast.LtE, left, old)]
        return found

    def _differ(self, left: ast.expr, right: ast.expr, state: State) -> list[State]:
        first, second = self.of(left, state), self.of(right, state)
        if ast.unparse(left) == ast.unparse(right):
            return []
        if second.only is not None:
            return self.narrow(left, first.without(second.only), state)
        if first.only is not None:
            return self.narrow(right, second.without(first.only), state)
        return [state]

    def narrow(self, node: ast.expr, to: Range, state: State) -> list[State]:
        """The states in which an expression lies in a range."""
        found = self.of(node, state) & to
        if not found:
            return []
        match node:
            case ast.Name(id=name) if name not in grammar.CONSTANTS:
                narrowed = state.knowing(name, found)
                meaning = self._meaning(name, narrowed)
                return [narrowed] if meaning is None else self.narrow(meaning, found, narrowed)
            case ast.Subscript():
                return [state.knowing(ast.unparse(node), found)]
            case ast.BinOp(left=left, op=operator, right=right):
                return self._narrow_parts(left, operator, right, found, state)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.narrow(operand, ranges.negate(found), state)
            case ast.UnaryOp() | ast.Compare() if 0 not in to or 1 not in to:
                return self.assume(node, 0 not in to, state)
            case ast.IfExp(test=test, body=first, orelse=second):
                taken = [(first, each) for each in self.assume(test, True, state)]
                taken += [(second, each) for each in self.assume(test, False, state)]
                return few([new for part, old in taken for new in self.narrow(part, found, old)])
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=parts):
                is_min = name == "min"
                bound = ranges.at_least(found.lowest) if is_min else ranges.at_most(found.highest)
                states = [state]
                for each in parts:
                    states = [new for old in states for new in self.narrow(each, bound, old)]
                return states
            case _:
                return [state]

    def _narrow_parts(
        self, left: ast.expr, operator: ast.operator, right: ast.expr, to: Range, state: State
    ) -> list[State]:
        one, other = self.of(left, state), self.of(right, state)
        match operator:
            case ast.Add():
                lefts, rights = ranges.subtract(to, other), ranges.subtract(to, one)
            case ast.Sub():
                lefts, rights = ranges.add(to, other), ranges.subtract(one, to)
                state = state.raised(left, right, to.lowest).raised(right, left, -to.highest)
            case ast.FloorDiv() if other.only is not None and other.only > 0:
                by = other.only
                lefts, rights = ranges.between(to.lowest * by, to.highest * by + by - 1), other
            case ast.Mult() if other.only is not None and other.only > 0:
                by = other.only
                lefts, rights = ranges.between(-(-to.lowest // by), to.highest // by), other
            case ast.Mult() if min(one.lowest, other.lowest, to.lowest - 1) >= 0:
                lefts = rights = ranges.at_least(1)
            case _:
                return [state]
        found = self.narrow(left, lefts, state)
        return [new for old in found for new in self.narrow(right, rights, old)]


@lru_cache
def _written(name: str) -> ast.FunctionDef:
    """A function of the arithmetic as it is written."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(arithmetic, name)))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return tree
