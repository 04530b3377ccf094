"""A rule in the language of the machine: the same text, each read asked whether it can be read.

A value travels as a pair, the integer and its reason (0: it can be read). A name only carries its
pair; an operator, a test and a key read it. So a rule stops here exactly where the interpreter,
running it as it stands, would stop, and for the same reason. What does not fit 64 bits is a fault.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from llvmlite import ir

from policies import arithmetic
from policies.reading import grammar

INT: Final = ir.IntType(64)
BIT: Final = ir.IntType(1)
ZERO: Final = INT(0)

_COMPARISONS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_WITH_OVERFLOW: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "sadd_with_overflow",
    ast.Sub: "ssub_with_overflow",
    ast.Mult: "smul_with_overflow",
}
_CHOICES: Final[Mapping[str, str]] = {"min": "<", "max": ">"}


@dataclass(frozen=True)
class Pair:
    """A value, and why it cannot be read; 0 when it can."""

    value: Any
    reason: Any = ZERO


@dataclass(frozen=True)
class Slot:
    """Where a pair is put and taken again."""

    value: Any
    reason: Any

    @classmethod
    def new(cls, builder: Any, name: str) -> "Slot":
        with builder.goto_entry_block():
            return cls(builder.alloca(INT, name=name), builder.alloca(INT, name=f"{name}_reason"))

    def put(self, builder: Any, pair: Pair) -> None:
        builder.store(pair.value, self.value)
        builder.store(pair.reason, self.reason)

    def take(self, builder: Any) -> Pair:
        return Pair(builder.load(self.value, typ=INT), builder.load(self.reason, typ=INT))


@dataclass(frozen=True)
class Table:
    """A dated number by code: where its amounts lie, a place a code from `lowest` up."""

    amounts: Any
    gaps: Any
    lowest: int
    highest: int
    otherwise: int


Given = Pair | Table | Callable[[], Pair]
"""What a parameter is: a value, a table, or how to put the value down where it is asked for."""


def lower(builder: Any, function: ast.FunctionDef, given: Sequence[Given], fault: int) -> Pair:
    """Put a rule where the builder stands; `fault` is the reason when its arithmetic fails."""
    outcome = Slot.new(builder, function.name)
    after = builder.append_basic_block(f"{function.name}_end")
    stop = _Stop(outcome, after, fault)
    _Rule(builder, function, given, outcome, after, stop).follow()
    builder.position_at_end(after)
    return outcome.take(builder)


@lru_cache
def _arithmetic(name: str) -> ast.FunctionDef:
    """One function of the arithmetic as it is written."""
    text = textwrap.dedent(inspect.getsource(getattr(arithmetic, name)))
    tree = ast.parse(text).body[0]
    assert isinstance(tree, ast.FunctionDef)
    return tree


@dataclass(frozen=True)
class _Stop:
    """Where a rule goes when it cannot go on, from however deep within the arithmetic."""

    outcome: Slot
    after: Any
    fault: int


class _Rule:
    """One function being put down; a function of the arithmetic that it calls is another."""

    def __init__(
        self,
        builder: Any,
        function: ast.FunctionDef,
        given: Sequence[Given],
        outcome: Slot,
        after: Any,
        stop: _Stop,
    ) -> None:
        self._builder = builder
        self._function = function
        self._outcome = outcome
        self._after = after
        self._stop = stop
        names = [argument.arg for argument in function.args.args]
        self._names: dict[str, Given | Slot] = dict(zip(names, given, strict=True))

    def follow(self) -> None:
        self._statements(grammar.body(self._function))

    # Statements.

    def _statements(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    self._outcome.put(self._builder, self._pair(value))
                    self._builder.branch(self._after)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._slot(name).put(self._builder, self._pair(value))
                case ast.If(test=test, body=body, orelse=otherwise):
                    self._fork(self._test(test), body, otherwise)
                case _:
                    raise AssertionError(ast.unparse(statement))

    def _fork(self, test: Any, body: list[ast.stmt], otherwise: list[ast.stmt]) -> None:
        builder = self._builder
        branches = [builder.append_basic_block() for _ in range(2)]
        builder.cbranch(test, *branches)
        goes_on = []
        for block, statements in zip(branches, (body, otherwise), strict=True):
            builder.position_at_end(block)
            self._statements(statements)
            if not builder.block.is_terminated:
                goes_on.append(builder.block)
        if goes_on:
            after = builder.append_basic_block()
            for block in goes_on:
                builder.position_at_end(block)
                builder.branch(after)
            builder.position_at_end(after)

    def _slot(self, name: str) -> Slot:
        found = self._names.get(name)
        if not isinstance(found, Slot):
            found = self._names[name] = Slot.new(self._builder, name)
        return found

    # Reading.

    def _read(self, *pairs: Pair) -> None:
        """Stop at the first of the pairs that cannot be read."""
        for pair in pairs:
            if pair.reason is not ZERO:
                with self._stopping_if(self._compare("!=", pair.reason, ZERO)):
                    self._stop.outcome.put(self._builder, Pair(ZERO, pair.reason))

    def _fault_if(self, condition: Any) -> None:
        with self._stopping_if(condition):
            self._stop.outcome.put(self._builder, Pair(ZERO, INT(self._stop.fault)))

    @contextmanager
    def _stopping_if(self, condition: Any) -> Iterator[None]:
        with self._builder.if_then(condition, likely=False):
            yield
            self._builder.branch(self._stop.after)

    # Expressions.

    def _test(self, node: ast.expr) -> Any:
        """A condition as one bit."""
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                first, second = self._pair(left), self._pair(right)
                self._read(first, second)
                return self._compare(_COMPARISONS[type(operator)], first.value, second.value)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._builder.not_(self._test(operand))
            case _:
                found = self._pair(node)
                self._read(found)
                return self._compare("!=", found.value, ZERO)

    def _pair(self, node: ast.expr) -> Pair:
        match node:
            case ast.Constant(value=int() as value):
                return Pair(INT(value))
            case ast.Name(id=name):
                return self._named(name)
            case ast.Subscript(value=ast.Name(id=name), slice=key):
                return self._entry(self._names[name], self._pair(key))
            case ast.BinOp(left=left, op=operator, right=right):
                return self._operation(self._pair(left), operator, self._pair(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._operation(Pair(ZERO), ast.Sub(), self._pair(operand))
            case ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return Pair(self._builder.zext(self._test(node), INT))
            case ast.BoolOp(op=operator, values=values):
                return self._joint(values, "!=" if isinstance(operator, ast.And) else "==")
            case ast.IfExp(test=test, body=first, orelse=second):
                return self._choice(self._test(test), first, second)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, [self._pair(each) for each in arguments])
            case _:
                raise AssertionError(ast.unparse(node))

    def _named(self, name: str) -> Pair:
        found = self._names.get(name)
        if found is None:
            return Pair(INT(grammar.CONSTANTS[name]))
        assert not isinstance(found, Table), name
        if isinstance(found, Slot):
            return found.take(self._builder)
        return found if isinstance(found, Pair) else found()

    def _operation(self, left: Pair, operator: ast.operator, right: Pair) -> Pair:
        self._read(left, right)
        builder = self._builder
        if type(operator) in _WITH_OVERFLOW:
            reckon = getattr(builder, _WITH_OVERFLOW[type(operator)])
            found = reckon(left.value, right.value)
            self._fault_if(builder.extract_value(found, 1))
            return Pair(builder.extract_value(found, 0))
        self._fault_if(self._compare("==", right.value, ZERO))
        # The least integer has no opposite: dividing it by -1 would trap.
        least = self._compare("==", left.value, INT(-(2**63)))
        self._fault_if(builder.and_(least, self._compare("==", right.value, INT(-1))))
        rest = builder.srem(left.value, right.value)
        # Python rounds down where the machine rounds towards zero.
        other_sign = self._compare("<", builder.xor(rest, right.value), ZERO)
        down = builder.and_(self._compare("!=", rest, ZERO), other_sign)
        if isinstance(operator, ast.Mod):
            return Pair(builder.select(down, builder.add(rest, right.value), rest))
        quotient = builder.sdiv(left.value, right.value)
        return Pair(builder.select(down, builder.sub(quotient, INT(1)), quotient))

    def _entry(self, table: Given | Slot, key: Pair) -> Pair:
        """One amount of a table; a gap stops at the key, not where the amount is used."""
        assert isinstance(table, Table)
        self._read(key)
        builder = self._builder
        place = builder.sub(key.value, INT(table.lowest))
        outside = builder.icmp_unsigned(">", place, INT(table.highest - table.lowest))
        with self._stopping_if(outside):
            self._stop.outcome.put(builder, Pair(ZERO, INT(table.otherwise)))
        amount, gap = (
            builder.load(builder.gep(column, [place], source_etype=INT), typ=INT)
            for column in (table.amounts, table.gaps)
        )
        self._read(Pair(amount, gap))
        return Pair(amount)

    def _joint(self, values: list[ast.expr], goes_on: str) -> Pair:
        """`and` and `or`: what stands to the right is reached only if what stands left lets it."""
        found = self._pair(values[0])
        if len(values) == 1:
            return found
        self._read(found)
        outcome = Slot.new(self._builder, "joint")
        outcome.put(self._builder, found)
        with self._builder.if_then(self._compare(goes_on, found.value, ZERO)):
            outcome.put(self._builder, self._joint(values[1:], goes_on))
        return outcome.take(self._builder)

    def _choice(self, test: Any, first: ast.expr, second: ast.expr) -> Pair:
        outcome = Slot.new(self._builder, "choice")
        with self._builder.if_else(test) as (then, otherwise):
            with then:
                outcome.put(self._builder, self._pair(first))
            with otherwise:
                outcome.put(self._builder, self._pair(second))
        return outcome.take(self._builder)

    def _call(self, name: str, given: list[Pair]) -> Pair:
        builder = self._builder
        if name == "abs":
            opposite = self._operation(Pair(ZERO), ast.Sub(), given[0])
            is_negative = self._compare("<", given[0].value, ZERO)
            return Pair(builder.select(is_negative, opposite.value, given[0].value))
        if name in _CHOICES:
            # The second is held against the first, then each later one against the best so far.
            self._read(*given[1:2], *given[:1], *given[2:])
            best = given[0].value
            for each in given[1:]:
                better = self._compare(_CHOICES[name], each.value, best)
                best = builder.select(better, each.value, best)
            return Pair(best)
        outcome, after = Slot.new(builder, name), builder.append_basic_block(f"{name}_end")
        _Rule(builder, _arithmetic(name), given, outcome, after, self._stop).follow()
        builder.position_at_end(after)
        return outcome.take(builder)

    def _compare(self, sign: str, left: Any, right: Any) -> Any:
        return self._builder.icmp_signed(sign, left, right)
