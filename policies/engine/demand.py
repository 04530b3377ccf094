"""What a rule reads for certain, and what only on some of its ways."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from policies.reading import grammar


@lru_cache(maxsize=4096)
def certain(rule: ast.FunctionDef) -> frozenset[str]:
    """The names a rule meets whichever way it goes."""
    return frozenset(_met(grammar.body(rule)))


@lru_cache(maxsize=4096)
def uses(rule: ast.FunctionDef) -> Counter[str]:
    """How often each name stands in a rule."""
    nodes = (node for statement in grammar.body(rule) for node in ast.walk(statement))
    return Counter(node.id for node in nodes if isinstance(node, ast.Name))


def _met(statements: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        match statement:
            case ast.Return(value=ast.expr() as value) | ast.Assign(value=value):
                yield from _met_in(value)
            case ast.If(test=test):
                yield from _met_in(test)
                return


def _met_in(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.IfExp(test=test):
            yield from _met_in(test)
        case ast.BoolOp(values=[first, *_]):
            yield from _met_in(first)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _met_in(child)
