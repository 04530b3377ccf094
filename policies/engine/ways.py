"""The way one rule went: which of its names it read, in the order it read them, and no others.

A rule names everything it may need; for one household it reads what its conditions lead to. What
was not read explains nothing, so workings leave it out.
"""

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from policies.engine.assessment import Reached
from policies.engine.readable import reckoned
from policies.reading import grammar


def names_read(function: ast.FunctionDef, given: Mapping[str, Any]) -> list[str]:
    """The parameters a rule read with these values, each once, up to what stopped it if any did."""
    way = _Way(given)
    # Where the reading ends early, what was read last is the reason, and is among the names.
    with suppress(Reached, ZeroDivisionError):
        way.follow(grammar.body(function))
    return list(way.read)


class _Way:
    """One rule followed with its values."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._values: dict[str, Any] = {**grammar.CONSTANTS, **given}
        self.read: dict[str, None] = {}

    def follow(self, statements: list[ast.stmt]) -> bool:
        """Go through statements; whether a return was met."""
        for statement in statements:
            if isinstance(statement, ast.Return) and statement.value is not None:
                self._look(statement.value)
                return True
            if isinstance(statement, ast.Assign):
                self._look(statement.value)
                target = statement.targets[0]
                assert isinstance(target, ast.Name)
                self._values[target.id] = reckoned(statement.value, self._values)
            if isinstance(statement, ast.If):
                self._look(statement.test)
                holds = reckoned(statement.test, self._values)
                if self.follow(statement.body if holds else statement.orelse):
                    return True
        return False

    def _look(self, node: ast.expr) -> None:
        """What an expression reads: of a choice only what is chosen, of `or` only up to yes."""
        match node:
            case ast.Name(id=name):
                if name in self._given:
                    self.read.setdefault(name)
            case ast.IfExp(test=test, body=first, orelse=second):
                self._look(test)
                self._look(first if reckoned(test, self._values) else second)
            case ast.BoolOp(op=joint, values=values):
                until = isinstance(joint, ast.Or)
                for value in values:
                    self._look(value)
                    if bool(reckoned(value, self._values)) is until:
                        break
            case _:
                for part in _parts(node):
                    self._look(part)


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions an operation is made of; of a table its name and its key."""
    if isinstance(node, ast.Call):
        yield from node.args
    else:
        yield from (each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr))
