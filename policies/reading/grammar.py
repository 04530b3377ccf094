"""What a rule may be written in: integers, comparisons, choices, and nothing that could surprise.

The same small language runs for one household, is rendered as workings, and compiles to one loop.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Final

from policies import arithmetic, marks
from policies.reading.documents import PackFault, apart

OPERATIONS: Final[Mapping[str, FunctionType]] = {
    name: getattr(arithmetic, name) for name in arithmetic.OPERATIONS
}
"""What a call by name means where a rule runs as it stands."""

_HOW_MANY: Final[Mapping[str, tuple[int, int]]] = {
    "min": (2, 9),
    "max": (2, 9),
    "abs": (1, 1),
    **{name: (each.__code__.co_argcount,) * 2 for name, each in OPERATIONS.items()},
}
"""How many values a call is given, at least and at most."""

CALLS: Final = frozenset(_HOW_MANY)
CONSTANTS: Final[Mapping[str, int]] = {
    name: value for name, value in vars(arithmetic).items() if name.isupper() and type(value) is int
}
_IMPORTS: Final = frozenset({"policies.arithmetic", "policies.marks"})
_KINDS: Final = frozenset({"int", "Table"})
_MARKS: Final = frozenset(
    name
    for name, each in vars(marks).items()
    if isinstance(each, FunctionType) and each.__module__ == marks.__name__ and name[0] != "_"
)
_OWN: Final = CALLS | CONSTANTS.keys() | _MARKS | _KINDS
"""The names no rule and no parameter may take: what they mean is said elsewhere."""
_OPERATORS: Final = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)
_COMPARISONS: Final = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_UNARY: Final = (ast.USub, ast.Not)


@dataclass(frozen=True)
class Written:
    """What stands in a rules file: where its words come from, and its rules by name."""

    imports: tuple[ast.ImportFrom, ...]
    functions: Mapping[str, ast.FunctionDef]


def read_rules(path: Path) -> Written:
    """The rules of a file, when nothing else stands in it."""
    try:
        module = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as why:
        raise PackFault(path, why.lineno or 1, f"not Python: {why.msg}") from None
    except (RecursionError, MemoryError):
        raise PackFault(path, 1, "it is nested too deeply") from None
    except ValueError as why:
        raise PackFault(path, 1, f"no text to be read: {why}") from None
    imports: list[ast.ImportFrom] = []
    found: dict[str, ast.FunctionDef] = {}
    for position, statement in enumerate(module.body):
        if position == 0 and _is_docstring(statement):
            continue
        if isinstance(statement, ast.ImportFrom) and statement.module in _IMPORTS:
            if any(each.asname for each in statement.names):
                raise PackFault(path, statement.lineno, "a word is called what it is called")
            imports.append(statement)
            continue
        with apart(getattr(statement, "name", path)):
            if not isinstance(statement, ast.FunctionDef):
                raise PackFault(path, statement.lineno, "only rules stand in a rules file")
            if statement.name in found:
                raise PackFault(path, statement.lineno, f"{statement.name} stands here twice")
            _check(path, statement)
            found[statement.name] = statement
    return Written(tuple(imports), found)


def body(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a rule after its docstring."""
    return function.body[1:] if _is_docstring(function.body[0]) else function.body


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _check(path: Path, function: ast.FunctionDef) -> None:
    arguments = function.args
    others = arguments.posonlyargs or arguments.kwonlyargs or arguments.defaults
    if arguments.vararg or arguments.kwarg or others:
        raise PackFault(path, function.lineno, "a rule has plain parameters only")
    for name in (function.name, *(argument.arg for argument in arguments.args)):
        if name in _OWN:
            raise PackFault(path, function.lineno, f"{name} has a meaning of its own")
    # Marks and kinds are run as they stand when a file is read: nothing may hide in them.
    for kind in (function.returns, *(argument.annotation for argument in arguments.args)):
        if not isinstance(kind, ast.Name) or kind.id not in _KINDS:
            raise PackFault(path, function.lineno, "a value is an int or a Table")
    for mark in function.decorator_list:
        if not _is_mark(mark):
            raise PackFault(path, mark.lineno, f"no mark of a rule: {ast.unparse(mark)}")
    known = {argument.arg for argument in arguments.args} | CONSTANTS.keys()
    if not _statements(path, body(function), known):
        raise PackFault(path, function.lineno, f"{function.name} may end without a return")


def _is_mark(node: ast.expr) -> bool:
    """One of our marks, perhaps with words that stand there: @award, @must_be(at_least=1)."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[], keywords=words):
            plain = all(word.arg and isinstance(word.value, ast.Constant) for word in words)
            return plain and name in _MARKS
        case _:
            return isinstance(node, ast.Name) and node.id in _MARKS


def _statements(path: Path, statements: Iterable[ast.stmt], known: set[str]) -> bool:
    """Check the statements in order; whether every way through them returns."""
    returned = False
    for statement in statements:
        if returned:
            raise PackFault(path, statement.lineno, "nothing can stand after a return")
        if isinstance(statement, ast.Return) and statement.value is not None:
            _expression(path, statement.value, known)
            returned = True
        elif isinstance(statement, ast.If):
            _expression(path, statement.test, known)
            branches = []
            for branch in (statement.body, statement.orelse):
                within = set(known)
                if not _statements(path, branch, within):
                    branches.append(within)
            returned = not branches
            # What only one of two ways has set is not known after them.
            known |= set.intersection(*branches) if branches else set()
        elif isinstance(statement, ast.Assign) and (name := _name_set(statement)):
            _expression(path, statement.value, known)
            if name in CALLS or name in CONSTANTS:
                raise PackFault(path, statement.lineno, f"{name} has a meaning of its own")
            known.add(name)
        else:
            raise PackFault(path, statement.lineno, "a rule is made of if, = and return")
    return returned


def _name_set(statement: ast.Assign) -> str | None:
    """The one name an assignment sets; two at once would not be compiled as they are read."""
    match statement.targets:
        case [ast.Name(id=name)]:
            return name
        case _:
            return None


def _expression(path: Path, node: ast.expr, known: set[str]) -> None:
    if not _is_allowed(node, known):
        raise PackFault(path, node.lineno, f"a rule does not say: {ast.unparse(node)}")
    for child in _parts(node):
        _expression(path, child, known)


def _is_allowed(node: ast.expr, known: set[str]) -> bool:
    match node:
        case ast.Constant(value=value):
            return type(value) is int
        case ast.Name(id=name):
            return name in known
        case ast.BinOp(op=operator):
            return isinstance(operator, _OPERATORS)
        case ast.UnaryOp(op=operator):
            return isinstance(operator, _UNARY)
        case ast.Compare(ops=operators):
            return len(operators) == 1 and isinstance(operators[0], _COMPARISONS)
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
            least, most = _HOW_MANY.get(name, (1, 0))
            return least <= len(given) <= most
        case ast.Subscript(value=ast.Name(id=name)):
            return name in known
        case _:
            return isinstance(node, ast.BoolOp | ast.IfExp)


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Compare(left=left, comparators=others):
            return [left, *others]
        case ast.BoolOp(values=values):
            return values
        case ast.IfExp(test=test, body=first, orelse=second):
            return [test, first, second]
        case ast.Call(args=arguments):
            return arguments
        case ast.Subscript(slice=key):
            return [key]
        case _:
            return []
