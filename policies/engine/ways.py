"""The way one rule went: which of its conditions held, and so which of its names it read.

A rule names everything it may need; for one household it reads what its conditions lead to. What
was not read explains nothing, so workings leave it out. A rule has few ways, and each is looked
into once: whoever goes it again is told the same with other values.
"""

import ast
import copy
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from policies.engine.bench import Reached
from policies.reading import grammar

Went = tuple[int, ...]
"""The conditions that were asked, in order, by number: as it is where one held, else inverted."""

_NOTE: Final = ".note"
"""A name that nobody can write into a rule."""
_SPACE: Final = {**grammar.OPERATIONS, **grammar.CONSTANTS}


class NotAsked(Exception):
    """A rule stopped before it came to a condition."""


class Way:
    """One way through a rule: of each condition that was asked, whether it held."""

    def __init__(self, held: Mapping[int, bool]) -> None:
        self._held = held
        """By the identity of the condition in the rule's own tree."""

    def holds(self, condition: ast.expr | ast.Assign) -> bool:
        """Whether a condition held that decides how the rule goes on; a name, once set, does."""
        if id(condition) not in self._held:
            raise NotAsked
        return self._held[id(condition)]

    def decided(self, node: ast.BoolOp, place: int) -> bool:
        """Whether `and` or `or` ends with the part at a place: later ones may not be known."""
        is_last = place == len(node.values) - 1
        return is_last or self.holds(node.values[place]) is isinstance(node.op, ast.Or)


class Crossroads:
    """A rule written anew, so that it notes the conditions it comes to."""

    def __init__(self, rule: ast.FunctionDef) -> None:
        self._rule = rule
        self._parameters = {argument.arg for argument in rule.args.args}
        self._conditions = list(_conditions(rule))
        self._run = _noting(rule)

    def went(self, given: Iterable[Any]) -> Went:
        """Which way it goes with these values, in the order of its parameters."""
        asked: list[int] = []

        def note(number: int, found: Any) -> Any:
            asked.append(number if found else ~number)
            return found

        # Where it ends early, what was asked last is the reason.
        with suppress(Reached, ZeroDivisionError):
            self._run(note, *given)
        return tuple(asked)

    def way(self, went: Went) -> Way:
        """The way with what was asked on it."""
        return Way({id(self._conditions[max(each, ~each)]): each >= 0 for each in went})

    def names_read(self, way: Way) -> list[str]:
        """The parameters that were read, each once, up to what stopped the rule if any did."""
        read: dict[str, None] = {}
        with suppress(NotAsked):
            for name in _met(grammar.body(self._rule), way):
                read.setdefault(name)
        return [name for name in read if name in self._parameters]


@lru_cache(maxsize=4096)
def crossroads(rule: ast.FunctionDef) -> Crossroads:
    """Those of a rule, written once for all who ask which way it goes."""
    return Crossroads(rule)


def _noting(rule: ast.FunctionDef) -> Callable[..., Any]:
    """The function of a rule, with one parameter more: what is told of each condition."""
    twin = copy.deepcopy(rule)
    numbers = {id(each): number for number, each in enumerate(_conditions(twin))}
    twin.body = _Noting(numbers).visit(ast.Module(grammar.body(twin), [])).body
    twin.decorator_list, twin.returns = [], None
    twin.args.args = [ast.arg(_NOTE), *(ast.arg(each.arg) for each in twin.args.args)]
    module = ast.fix_missing_locations(ast.Module([twin], []))
    space: dict[str, Any] = {}
    exec(compile(module, f"<way of {rule.name}>", "exec"), _SPACE, space)  # noqa: S102  # A rule that the grammar has checked.
    function: Callable[..., Any] = space[rule.name]
    return function


class _Noting(ast.NodeTransformer):
    """Puts each condition into the hands of the note that is taken of it."""

    def __init__(self, numbers: Mapping[int, int]) -> None:
        self._numbers = numbers

    def visit(self, node: ast.AST) -> Any:
        number = self._numbers.get(id(node))
        found = self.generic_visit(node)
        if number is None:
            return found
        if isinstance(found, ast.Assign):
            return [found, ast.Expr(_noted(number, ast.Constant(1)))]
        assert isinstance(found, ast.expr)
        return _noted(number, found)


def _noted(number: int, found: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(_NOTE, ast.Load()), [ast.Constant(number), found], [])


def _conditions(rule: ast.FunctionDef) -> Iterator[ast.expr | ast.Assign]:
    """Whatever decides how a rule goes on; what stands last in `and` and `or` decides nothing."""
    for node in ast.walk(rule):
        if isinstance(node, ast.Assign):
            yield node
        elif isinstance(node, ast.If | ast.IfExp):
            yield node.test
        elif isinstance(node, ast.BoolOp):
            yield from node.values[:-1]


def _met(statements: Iterable[ast.stmt], way: Way) -> Generator[str, None, bool]:
    """The names met on the way, in the order of reading; whether it came to a return."""
    for statement in statements:
        match statement:
            case ast.Return(value=ast.expr() as value):
                yield from _met_in(value, way)
                return True
            case ast.Assign(value=value):
                yield from _met_in(value, way)
                way.holds(statement)
            case ast.If(test=test, body=body, orelse=otherwise):
                yield from _met_in(test, way)
                if (yield from _met(body if way.holds(test) else otherwise, way)):
                    return True
    return False


def _met_in(node: ast.expr, way: Way) -> Iterator[str]:
    """What an expression reads: of a choice only what is chosen, of `or` only up to yes."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.IfExp(test=test, body=first, orelse=second):
            yield from _met_in(test, way)
            yield from _met_in(first if way.holds(test) else second, way)
        case ast.BoolOp(values=values):
            for place, each in enumerate(values):
                yield from _met_in(each, way)
                if way.decided(node, place):
                    return
        case ast.Call(args=arguments):
            for each in arguments:
                yield from _met_in(each, way)
        case _:
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.expr):
                    yield from _met_in(part, way)
