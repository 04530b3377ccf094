"""Quantities in one function of the kernel: each put down where it is asked for, after its parts.

What is asked for on some ways only, and walks over the members to be known, stands in a function of
its own and is called when the first of those ways is taken; a household's frame keeps the answer.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from llvmlite import ir

from policies.counties.columns import width_of
from policies.counties.layout import Layout, needs, union
from policies.counties.lowering import BIT, INT, ZERO, Given, Pair, Slot, Table, lower
from policies.engine import demand
from policies.engine.kernel import Kernel, Kind
from policies.reading.packs import SUM

MONTH: Final = ir.IntType(32)
POINTER: Final = ir.PointerType()
FRAME: Final = ("first", "since", "until", "joined", "left", "numbers", "gaps")
"""The columns every kernel is handed, before those of facts."""


@dataclass
class Scope:
    """Whose quantities are reckoned: the person's place, if any, and what stands there already."""

    member: Any = None
    known: dict[str, Pair] = field(default_factory=dict)

    def inner(self) -> "Scope":
        """The same where only one of several ways leads."""
        return Scope(self.member, dict(self.known))


class Plan:
    """What all functions of a kernel know: the rules, and which quantities stand apart."""

    def __init__(self, kernel: Kernel, layout: Layout) -> None:
        self.kernel, self.layout = kernel, layout
        self.module = ir.Module("law")
        self.columns = (*FRAME, *(f"fact_{name}" for name in layout.facts))
        self.shared = self._asked_for_twice()
        kind = ir.FunctionType(ir.VoidType(), [INT, INT, POINTER, POINTER])
        self.apart = {
            name: (place, ir.Function(self.module, kind, f"apart_{name}"))
            for place, name in enumerate(self._standing_apart())
        }

    def write_apart(self) -> None:
        """The functions of what stands apart: (month, row, columns, frame)."""
        for name, (place, function) in self.apart.items():
            function.linkage = "internal"
            builder = ir.IRBuilder(function.append_basic_block("entry"))
            month, row, columns, frame = function.args
            given = {"month_index": month}
            for at, column in enumerate(self.columns):
                where = builder.gep(columns, [INT(at)], source_etype=POINTER)
                given[column] = builder.load(where, typ=POINTER)
            quantities = Quantities(self, builder, given, frame, columns, is_main=False)
            quantities.row = row
            quantities.remember(place, quantities.make(name, Scope()))
            builder.ret_void()

    def _asked_for_twice(self) -> tuple[str, ...]:
        """What more than one programme, or more than one member, asks for."""
        asked: dict[str, int] = {}
        for terms in self.layout.terms:
            for name in needs(self.kernel, terms):
                many = terms.is_personal and not self.kernel.is_personal(name)
                asked[name] = asked.get(name, 0) + (2 if many else 1)
        made = (Kind.RULE, Kind.SUM)
        return tuple(n for n, c in asked.items() if c > 1 and self.kernel.kind(n) in made)

    def _standing_apart(self) -> list[str]:
        kernel = self.kernel
        names = union(needs(kernel, terms) for terms in self.layout.terms)
        seldom = {
            parameter
            for name in names
            if kernel.kind(name) is Kind.RULE
            for parameter in kernel.rules[name].parameters
            if parameter not in demand.certain(kernel.rules[name].tree)
        }
        return [
            name
            for name in names
            if (name in seldom or name in self.shared)
            and not kernel.is_personal(name)
            and any(kernel.kind(part) is Kind.SUM for part in kernel.closure(name))
        ]


class Quantities:
    """The quantities of one function; `row` is the household it stands at."""

    def __init__(
        self,
        plan: Plan,
        builder: Any,
        given: Mapping[str, Any],
        frame: Any,
        columns: Any,
        *,
        is_main: bool,
    ) -> None:
        self.builder = builder
        self.row: Any = None
        self._plan, self._kernel, self._layout = plan, plan.kernel, plan.layout
        self._given, self._frame, self._columns = given, frame, columns
        self._is_main = is_main
        self._summing = False
        self._shared: dict[str, tuple[Slot, Any]] = {}
        self._numbers = dict(self._taken_numbers())

    def share(self) -> None:
        """Slots for what is shared and does not stand apart."""
        for name in self._plan.shared:
            if name not in self._plan.apart and self._kernel.kind(name) is Kind.RULE:
                is_known = self.builder.alloca(BIT, name=f"{name}_known")
                self._shared[name] = (Slot.new(self.builder, name), is_known)

    def reckon(self, name: str, scope: Scope) -> Pair:
        """A quantity, and before it what it needs."""
        builder = self.builder
        if name in scope.known:
            return scope.known[name]
        if name in self._plan.apart:
            if not self._is_main or name in self._plan.shared:
                return self._fetched(name)
            scope.known[name] = self._reckoned_here(name, scope)
            return scope.known[name]
        kind = self._kernel.kind(name)
        if kind is Kind.MONTH:
            return Pair(self._given["month_index"])
        if name in self._shared and not self._summing:
            slot, is_known = self._shared[name]
            with builder.if_then(builder.not_(builder.load(is_known, typ=BIT))):
                slot.put(builder, self.make(name, scope.inner()))
                builder.store(BIT(1), is_known)
            scope.known[name] = slot.take(builder)
        else:
            scope.known[name] = self.make(name, scope)
        return scope.known[name]

    def make(self, name: str, scope: Scope) -> Pair:
        """A quantity put down here, whether or not it stands elsewhere too."""
        kind = self._kernel.kind(name)
        if kind is Kind.FACT:
            return self._fact(name, scope)
        if kind is Kind.SUM:
            self._add_up([name], scope)
            return scope.known[name]
        rule = self._kernel.rules[name]
        sums = [each for each in rule.parameters if each.startswith(SUM)]
        self._add_up([each for each in sums if each not in self._plan.apart], scope)
        given = [self._given_to(rule.tree, each, scope) for each in rule.parameters]
        fault = self._layout.code(f"rule-fault-{name}")
        return lower(self.builder, rule.tree, given, fault)

    def forget(self, *, personal: bool) -> None:
        """Nothing is known yet of this household, or of this person."""
        for name, (_, is_known) in self._shared.items():
            if self._kernel.is_personal(name) == personal:
                self.builder.store(BIT(0), is_known)
        if not personal:
            for place, _ in self._plan.apart.values():
                self.builder.store(ZERO, _frame_at(self.builder, self._frame, place, 2))

    def _given_to(self, tree: ast.FunctionDef, name: str, scope: Scope) -> Given:
        """A parameter: at once, or where the rule comes to it."""
        if name in self._numbers:
            return self._numbers[name]
        kind = self._kernel.kind(name)
        seldom = name not in demand.certain(tree)
        if name in self._plan.apart and seldom and name not in scope.known:
            return lambda: self._fetched(name)
        if kind is Kind.FACT:
            return lambda: self.reckon(name, scope.inner())
        is_shared = name in self._shared and not self._summing
        once = demand.uses(tree)[name] == 1
        if once and seldom and kind is Kind.RULE and not is_shared and name not in scope.known:
            return lambda: self.make(name, scope.inner())
        return self.reckon(name, scope)

    def _reckoned_here(self, name: str, scope: Scope) -> Pair:
        """What stands apart too, put down where it is certainly asked for; the frame is told."""
        found, (place, _) = self.make(name, scope), self._plan.apart[name]
        self.remember(place, found)
        return found

    def remember(self, place: int, found: Pair) -> None:
        """Keep an answer for the household."""
        for offset, value in enumerate((found.value, found.reason, INT(1))):
            self.builder.store(value, _frame_at(self.builder, self._frame, place, offset))

    def _fetched(self, name: str) -> Pair:
        """What stands apart: reckoned by its own function unless the frame has it."""
        builder = self.builder
        place, function = self._plan.apart[name]
        is_known = builder.load(_frame_at(builder, self._frame, place, 2), typ=INT)
        with builder.if_then(builder.icmp_signed("==", is_known, ZERO)):
            month = self._given["month_index"]
            builder.call(function, [month, self.row, self._columns, self._frame])
        return Pair(
            *(
                builder.load(_frame_at(builder, self._frame, place, offset), typ=INT)
                for offset in (0, 1)
            )
        )

    def _fact(self, name: str, scope: Scope) -> Pair:
        builder = self.builder
        marks = width_of(self._kernel.facts[name])
        width = ir.IntType(marks.bits)
        place = scope.member if self._kernel.is_personal(name) else self.row
        raw = builder.load(self.at(f"fact_{name}", place, width), typ=width)
        unknown, beyond = (
            INT(self._layout.code(f"{why}-{name}")) for why in ("unknown", "fact-out-of-range")
        )
        is_unknown = builder.icmp_signed("==", raw, width(marks.unknown))
        is_known = builder.icmp_signed(">", raw, width(marks.beyond))
        reason = builder.select(is_known, ZERO, builder.select(is_unknown, unknown, beyond))
        return Pair(builder.sext(raw, INT) if marks.bits < 64 else raw, reason)

    def _add_up(self, names: Iterable[str], scope: Scope) -> None:
        """Sums over the members, all in one walk."""
        wanted = [name for name in names if name not in scope.known]
        if not wanted:
            return
        for part in union(self._kernel.closure(name.removeprefix(SUM)) for name in wanted):
            here = part not in self._numbers and part not in self._plan.apart
            if here and not self._kernel.is_personal(part):
                self.reckon(part, scope)
        slots = {name: Slot.new(self.builder, name) for name in wanted}
        for slot in slots.values():
            slot.put(self.builder, Pair(ZERO))
        household = {n: p for n, p in scope.known.items() if not self._kernel.is_personal(n)}
        was, self._summing = self._summing, True
        with self.each_member() as member:
            inner = Scope(member, dict(household))
            for name, slot in slots.items():
                summed = name.removeprefix(SUM)
                self._add(self.reckon(summed, inner), slot, summed)
        self._summing = was
        scope.known.update((name, slot.take(self.builder)) for name, slot in slots.items())

    def _add(self, part: Pair, total: Slot, name: str) -> None:
        """The reason must not hang on the order of the members: the least is kept."""
        builder = self.builder
        so_far = total.take(builder)
        added = builder.sadd_with_overflow(so_far.value, part.value)
        fault = INT(self._layout.code(f"rule-fault-{name}"))
        reason = builder.select(builder.extract_value(added, 1), fault, part.reason)
        # Counted from -1 without sign, "no reason" is the greatest.
        least = builder.icmp_unsigned(
            "<", builder.sub(reason, INT(1)), builder.sub(so_far.reason, INT(1))
        )
        reason = builder.select(least, reason, so_far.reason)
        total.put(builder, Pair(builder.extract_value(added, 0), reason))

    def _taken_numbers(self) -> Iterator[tuple[str, Pair | Table]]:
        for name, place in self._layout.scalars.items():
            amount, gap = (
                self.builder.load(self.at(column, INT(place), INT), typ=INT)
                for column in ("numbers", "gaps")
            )
            yield name, Pair(amount, gap)
        for name, (place, lowest, highest) in self._layout.tables.items():
            amounts, gaps = (self.at(column, INT(place), INT) for column in ("numbers", "gaps"))
            otherwise = self._layout.code(f"no-number-{name}")
            yield name, Table(amounts, gaps, lowest, highest, otherwise)

    # Where the function stands.

    def at(self, column: str, index: Any, kind: Any) -> Any:
        """The address of an entry of a column."""
        return self.builder.gep(self._given[column], [index], source_etype=kind)

    def in_force(self, since: str, until: str, at: Any) -> Any:
        """Whether the month lies between the two months of a determination or a membership."""
        builder = self.builder
        month = self._given["month_index"]
        begins, ends = (
            builder.sext(builder.load(self.at(column, at, MONTH), typ=MONTH), INT)
            for column in (since, until)
        )
        has_begun = builder.icmp_signed("<=", begins, month)
        return builder.and_(has_begun, builder.icmp_signed("<=", month, ends))

    @contextmanager
    def each(self, name: str, start: Any, stop: Any) -> Iterator[Any]:
        """A loop; the place it stands at."""
        builder = self.builder
        counter = self.counter(name)
        builder.store(start, counter)
        head, body, end = (
            builder.append_basic_block(f"{name}_{part}") for part in ("head", "body", "end")
        )
        builder.branch(head)
        builder.position_at_end(head)
        at = builder.load(counter, typ=INT)
        builder.cbranch(builder.icmp_signed("<", at, stop), body, end)
        builder.position_at_end(body)
        yield at
        builder.store(builder.add(at, INT(1)), counter)
        builder.branch(head)
        builder.position_at_end(end)

    @contextmanager
    def each_member(self) -> Iterator[Any]:
        """The members of the row in force this month."""
        builder = self.builder
        begin, end = (
            builder.sext(builder.load(self.at("first", at, MONTH), typ=MONTH), INT)
            for at in (self.row, builder.add(self.row, INT(1)))
        )
        with (
            self.each("member", begin, end) as member,
            builder.if_then(self.in_force("joined", "left", member)),
        ):
            yield member

    def counter(self, name: str) -> Any:
        """Room for a number that grows, from 0."""
        builder = self.builder
        with builder.goto_entry_block():
            counter = builder.alloca(INT, name=name)
            builder.store(ZERO, counter)
        return counter


def _frame_at(builder: Any, frame: Any, place: int, offset: int) -> Any:
    """Where a frame keeps a value (0), its reason (1), and whether it is known (2)."""
    return builder.gep(frame, [INT(3 * place + offset)], source_etype=INT)
