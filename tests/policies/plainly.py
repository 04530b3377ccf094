"""Rules run as they stand, everything they name reckoned before: slow, plain, and the measure.

Neither the functions that ask nor the compiled kernel has a line in common with this.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from policies import arithmetic
from policies.engine.bench import Bench, Missing, Reached, unreadable
from policies.engine.kernel import Kind
from policies.engine.trace import NO_MEMBER
from policies.reading import grammar
from policies.reading.facts import Fact, State
from policies.reading.packs import SUM, Rule

Facts = Mapping[str, tuple[int, State]]


class Reading:
    """One household read at one bench; each quantity is reckoned once."""

    def __init__(self, bench: Bench, household: Facts, members: Sequence[Facts]) -> None:
        self.bench = bench
        self._household = household
        self._members = members
        self._known: dict[tuple[str, int], Any] = {}

    def value(self, name: str, member: int = NO_MEMBER) -> Any:
        """An int, a table of amounts, or what is missing."""
        at = member if self.bench.kernel.is_personal(name) else NO_MEMBER
        key = (name, at)
        if key not in self._known:
            self._known[key] = self._reckon(name, at)
        return self._known[key]

    def arguments(self, rule: Rule, member: int) -> dict[str, Any]:
        """What a rule was given, by the names of its parameters."""
        return {name: self.value(name, member) for name in rule.parameters}

    def members(self) -> Iterator[int]:
        return iter(range(len(self._members)))

    def _reckon(self, name: str, member: int) -> Any:
        kernel = self.bench.kernel
        kind = kernel.kind(name)
        if kind is Kind.FACT:
            facts = self._household if member == NO_MEMBER else self._members[member]
            value, state = facts.get(name, (0, State.UNKNOWN))
            return value if state is State.KNOWN else unreadable(name, state)
        if kind is Kind.SUM:
            return self._sum(name.removeprefix(SUM))
        if kind is Kind.RULE:
            return self._run(kernel.rules[name], member)
        return self.bench.given(name)

    def _sum(self, name: str) -> Any:
        parts = [self.value(name, member) for member in self.members()]
        missing = [part.reason for part in parts if isinstance(part, Missing)]
        if missing:
            return Missing(min(missing))
        total = sum(parts)
        return total if _is_sound(total) else Missing(f"rule-fault-{name}")

    def _run(self, rule: Rule, member: int) -> Any:
        try:
            found = rule.function(**self.arguments(rule, member))
        except Reached as what:
            return Missing(what.reason)
        except ZeroDivisionError:
            return Missing(f"rule-fault-{rule.name}")
        return found if _is_sound(found) else Missing(f"rule-fault-{rule.name}")


def _is_sound(found: Any) -> bool:
    """Whether a quantity fits 64 bits; what is missing may be carried."""
    return isinstance(found, Missing) or -(2**63) <= found < 2**63


def read_facts(
    facts: Mapping[str, Fact], entity: str, words: Mapping[str, object]
) -> dict[str, tuple[int, State]]:
    """What words say of a household or a person: values with what stands beside them."""
    known = ((facts[name], word) for name, word in words.items() if name in facts)
    return {fact.name: fact.read(word) for fact, word in known if fact.entity == entity}


def names_read(function: ast.FunctionDef, given: Mapping[str, Any]) -> list[str]:
    """The parameters a rule read with these values, each once, up to what stopped it if any did."""
    walk = _Walk(given)
    # What was read last is the reason, and is among the names.
    with suppress(Reached, ZeroDivisionError):
        walk.follow(grammar.body(function))
    return list(walk.read)


class _Walk:
    """One rule followed by evaluating its expressions one at a time."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        operations = {name: getattr(arithmetic, name) for name in arithmetic.OPERATIONS}
        self._values: dict[str, Any] = {**operations, **grammar.CONSTANTS, **given}
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
                self._values[target.id] = self._reckon(statement.value)
            if isinstance(statement, ast.If):
                self._look(statement.test)
                taken = statement.body if self._reckon(statement.test) else statement.orelse
                if self.follow(taken):
                    return True
        return False

    def _look(self, node: ast.expr) -> None:
        match node:
            case ast.Name(id=name):
                if name in self._given:
                    self.read.setdefault(name)
            case ast.IfExp(test=test, body=first, orelse=second):
                self._look(test)
                self._look(first if self._reckon(test) else second)
            case ast.BoolOp(op=joint, values=values):
                for value in values:
                    self._look(value)
                    if value is values[-1] or bool(self._reckon(value)) is isinstance(
                        joint, ast.Or
                    ):
                        break
            case _:
                for part in ast.iter_child_nodes(node):
                    if isinstance(part, ast.expr):
                        self._look(part)

    def _reckon(self, node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), "<rule>", "eval"), self._values)  # noqa: S307  # The grammar has checked the expression.
