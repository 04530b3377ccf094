"""The programmes of one month's law as one function over columns, for the machine.

The function hangs on the rules in force and on nothing that changes from place to place or from one
what-if to the next: month, numbers and columns are handed in. What several programmes need is
reckoned once, and only when one of them asks.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from llvmlite import ir

from policies.columns import width_of
from policies.kernel import Kernel, Kind
from policies.layout import Layout, needs, union
from policies.lowering import BIT, INT, ZERO, Pair, Slot, Table, lower
from policies.packs import SUM

NAME: Final = "award"
"""The function in the kernel's text."""
INTEGERS: Final = 4
OUTPUTS: Final = 5
"""How many integers a kernel is handed first, and how many columns to write on last."""

_MONTH: Final = ir.IntType(32)
_WHY: Final = ir.IntType(16)


def write(kernel: Kernel, layout: Layout) -> str:
    """The text of the kernel."""
    return _Loop(kernel, layout).text()


@dataclass
class _Scope:
    """Whose quantities are reckoned: the person's place, if any, and what stands there already."""

    member: Any = None
    known: dict[str, Pair] = field(default_factory=dict)

    def inner(self) -> "_Scope":
        return _Scope(self.member, dict(self.known))


@dataclass(frozen=True)
class _Shared:
    """A quantity more than one may ask for: reckoned at the first asking, kept for the others."""

    slot: Slot
    is_known: Any


class _Loop:
    def __init__(self, kernel: Kernel, layout: Layout) -> None:
        self._kernel = kernel
        self._layout = layout
        self._module = ir.Module("law")
        self._builder = ir.IRBuilder()
        pointer = ir.PointerType()
        self._columns = ("first", "since", "until", "joined", "left", "numbers", "gaps")
        outputs = ("award_at", "award_fen", "hold_at", "hold_why", "counts")
        names = (*self._columns, *(f"fact_{name}" for name in layout.facts), *outputs)
        integers = ("month_index", "start", "stop", "capacity")
        kind = ir.FunctionType(ir.VoidType(), [INT] * len(integers) + [pointer] * len(names))
        self._function = ir.Function(self._module, kind, NAME)
        for argument, name in zip(self._function.args, (*integers, *names), strict=True):
            argument.name = name
            if name not in integers:
                argument.add_attribute("noalias")
        self._given = dict(zip((*integers, *names), self._function.args, strict=True))
        self._shared: dict[str, _Shared] = {}
        self._numbers: dict[str, Pair | Table] = {}
        self._summing = False

    def text(self) -> str:
        builder = self._builder
        builder.position_at_end(self._function.append_basic_block("entry"))
        self._take_numbers()
        self._share()
        places = range(len(self._layout.terms))
        self._found = [
            [self._counter(f"{what}{place}") for what in ("awards", "holds")] for place in places
        ]
        with (
            self._each("row", self._given["start"], self._given["stop"]) as row,
            builder.if_then(self._in_force("since", "until", row)),
        ):
            self._row(row)
        for place in places:
            for column, counter in enumerate(self._found[place]):
                count = builder.load(counter, typ=INT)
                builder.store(count, self._at("counts", INT(2 * place + column), INT))
        builder.ret_void()
        return str(self._module)

    # The frame.

    def _row(self, row: Any) -> None:
        builder = self._builder
        self._row_at = row
        self._forget(personal=False)
        scope = _Scope()
        for place, terms in enumerate(self._layout.terms):
            if not terms.is_personal:
                self._programme(place, scope.inner(), row)
        if any(terms.is_personal for terms in self._layout.terms):
            with self._each_member() as member:
                self._forget(personal=True)
                for place, terms in enumerate(self._layout.terms):
                    if terms.is_personal:
                        self._programme(place, _Scope(member), member)
        assert not builder.block.is_terminated

    def _programme(self, place: int, scope: _Scope, at: Any) -> None:
        """The tests in their order, then the sum; only what was reached can hold."""
        builder = self._builder
        terms = self._layout.terms[place]
        programme = terms.programme
        steps = self._kernel.programmes[programme]
        end, held = (builder.append_basic_block(f"{programme}_{what}") for what in ("end", "held"))
        why = Slot.new(builder, f"{programme}_why").reason

        def hold_if(condition: Any, reason: Any) -> None:
            with builder.if_then(condition, likely=False):
                builder.store(reason, why)
                builder.branch(held)

        def go_on_if(condition: Any) -> None:
            on = builder.append_basic_block()
            builder.cbranch(condition, on, end)
            builder.position_at_end(on)

        for test in steps.tests:
            found = self._reckon(test.name, scope)
            hold_if(builder.icmp_signed("!=", found.reason, ZERO), found.reason)
            go_on_if(builder.icmp_signed(">=", found.value, INT(test.passes_from)))
        amount = self._reckon(steps.award.name, scope)
        hold_if(builder.icmp_signed("!=", amount.reason, ZERO), amount.reason)
        fault = INT(self._layout.code(f"rule-fault-{steps.award.name}"))
        hold_if(builder.icmp_signed("<", amount.value, ZERO), fault)
        for name in terms.settled_by:
            found = self._reckon(name, scope)
            hold_if(builder.icmp_signed("!=", found.reason, ZERO), found.reason)
        # Goods and services have no sum: of them a month's run learns only what is held.
        go_on_if(builder.icmp_signed(">", amount.value, ZERO) if terms.gives_money else BIT(0))
        awards, holds = self._found[place]
        self._append(place, awards, at, "award_at", "award_fen", INT, amount.value)
        builder.branch(end)
        builder.position_at_end(held)
        reason = builder.trunc(builder.load(why, typ=INT), _WHY)
        self._append(place, holds, at, "hold_at", "hold_why", _WHY, reason)
        builder.branch(end)
        builder.position_at_end(end)

    def _append(
        self, place: int, counter: Any, at: Any, where: str, what: str, kind: Any, value: Any
    ) -> None:
        builder = self._builder
        count = builder.load(counter, typ=INT)
        index = builder.add(builder.mul(self._given["capacity"], INT(place)), count)
        builder.store(builder.trunc(at, _MONTH), self._at(where, index, _MONTH))
        builder.store(value, self._at(what, index, kind))
        builder.store(builder.add(count, INT(1)), counter)

    # Quantities.

    def _reckon(self, name: str, scope: _Scope) -> Pair:
        """A quantity, and before it what it needs."""
        kernel, builder = self._kernel, self._builder
        if name not in scope.known:
            kind = kernel.kind(name)
            if kind is Kind.MONTH:
                return Pair(self._given["month_index"])
            if kind is Kind.FACT:
                scope.known[name] = self._fact(name, scope)
            elif kind is Kind.SUM:
                self._add_up([name], scope)
            elif name in self._shared and not self._summing:
                shared = self._shared[name]
                with builder.if_then(builder.not_(builder.load(shared.is_known, typ=BIT))):
                    shared.slot.put(builder, self._run(name, scope.inner()))
                    builder.store(BIT(1), shared.is_known)
                scope.known[name] = shared.slot.take(builder)
            else:
                scope.known[name] = self._run(name, scope)
        return scope.known[name]

    def _run(self, name: str, scope: _Scope) -> Pair:
        rule = self._kernel.rules[name]
        self._add_up([each for each in rule.parameters if each.startswith(SUM)], scope)
        given = [
            self._numbers[each] if each in self._numbers else self._reckon(each, scope)
            for each in rule.parameters
        ]
        fault = self._layout.code(f"rule-fault-{name}")
        return lower(self._builder, rule.tree, given, fault)

    def _fact(self, name: str, scope: _Scope) -> Pair:
        builder = self._builder
        marks = width_of(self._kernel.facts[name])
        width = ir.IntType(marks.bits)
        at = scope.member if self._kernel.is_personal(name) else self._row_at
        raw = builder.load(self._at(f"fact_{name}", at, width), typ=width)
        unknown, beyond = (
            INT(self._layout.code(f"{why}-{name}")) for why in ("unknown", "fact-out-of-range")
        )
        is_unknown = builder.icmp_signed("==", raw, width(marks.unknown))
        is_known = builder.icmp_signed(">", raw, width(marks.beyond))
        reason = builder.select(is_known, ZERO, builder.select(is_unknown, unknown, beyond))
        return Pair(builder.sext(raw, INT) if marks.bits < 64 else raw, reason)

    def _add_up(self, names: Iterable[str], scope: _Scope) -> None:
        """Sums over the members, all in one walk."""
        builder = self._builder
        wanted = [name for name in names if name not in scope.known]
        if not wanted:
            return
        for part in union(self._kernel.closure(name.removeprefix(SUM)) for name in wanted):
            if not self._kernel.is_personal(part) and part not in self._numbers:
                self._reckon(part, scope)
        kept = [self._shared[name] for name in wanted if name in self._shared]
        slots = {
            name: self._shared[name].slot if name in self._shared else Slot.new(builder, name)
            for name in wanted
        }
        household = {n: p for n, p in scope.known.items() if not self._kernel.is_personal(n)}
        all_known = BIT(len(kept) == len(wanted))
        for each in kept:
            all_known = builder.and_(all_known, builder.load(each.is_known, typ=BIT))
        with builder.if_then(builder.not_(all_known)):
            self._walk(slots, household)
            for each in kept:
                builder.store(BIT(1), each.is_known)
        scope.known.update((name, slot.take(builder)) for name, slot in slots.items())

    def _walk(self, slots: Mapping[str, Slot], household: Mapping[str, Pair]) -> None:
        for slot in slots.values():
            slot.put(self._builder, Pair(ZERO))
        was, self._summing = self._summing, True
        with self._each_member() as member:
            inner = _Scope(member, dict(household))
            for name, slot in slots.items():
                summed = name.removeprefix(SUM)
                self._add(self._reckon(summed, inner), slot, summed)
        self._summing = was

    def _add(self, part: Pair, total: Slot, name: str) -> None:
        """The reason must not hang on the order of the members: the least is kept."""
        builder = self._builder
        so_far = total.take(builder)
        added = builder.sadd_with_overflow(so_far.value, part.value)
        fault = INT(self._layout.code(f"rule-fault-{name}"))
        reason = builder.select(builder.extract_value(added, 1), fault, part.reason)
        # Counted from -1 without sign, "no reason" is the greatest.
        least = builder.icmp_unsigned(
            "<", builder.sub(reason, INT(1)), builder.sub(so_far.reason, INT(1))
        )
        total.put(
            builder,
            Pair(builder.extract_value(added, 0), builder.select(least, reason, so_far.reason)),
        )

    # What is shared.

    def _share(self) -> None:
        """Slots for the rules that more than one programme, or more than one member, asks for."""
        asked: dict[str, int] = {}
        for terms in self._layout.terms:
            for name in needs(self._kernel, terms):
                many = terms.is_personal and not self._kernel.is_personal(name)
                asked[name] = asked.get(name, 0) + (2 if many else 1)
        for name, count in asked.items():
            if count > 1 and self._kernel.kind(name) in (Kind.RULE, Kind.SUM):
                is_known = self._builder.alloca(BIT, name=f"{name}_known")
                self._shared[name] = _Shared(Slot.new(self._builder, name), is_known)

    def _forget(self, *, personal: bool) -> None:
        for name, shared in self._shared.items():
            if self._kernel.is_personal(name) == personal:
                self._builder.store(BIT(0), shared.is_known)

    # What is handed in.

    def _take_numbers(self) -> None:
        builder = self._builder
        for name, place in self._layout.scalars.items():
            self._numbers[name] = Pair(
                *(
                    builder.load(self._at(column, INT(place), INT), typ=INT)
                    for column in ("numbers", "gaps")
                )
            )
        for name, (place, lowest, highest) in self._layout.tables.items():
            amounts, gaps = (self._at(column, INT(place), INT) for column in ("numbers", "gaps"))
            otherwise = self._layout.code(f"no-number-{name}")
            self._numbers[name] = Table(amounts, gaps, lowest, highest, otherwise)

    def _at(self, column: str, index: Any, kind: Any) -> Any:
        return self._builder.gep(self._given[column], [index], source_etype=kind)

    def _in_force(self, since: str, until: str, at: Any) -> Any:
        builder = self._builder
        month = self._given["month_index"]
        begins, ends = (
            builder.sext(builder.load(self._at(column, at, _MONTH), typ=_MONTH), INT)
            for column in (since, until)
        )
        has_begun = builder.icmp_signed("<=", begins, month)
        return builder.and_(has_begun, builder.icmp_signed("<=", month, ends))

    @contextmanager
    def _each(self, name: str, start: Any, stop: Any) -> Iterator[Any]:
        """A loop; the place it stands at."""
        builder = self._builder
        counter = self._counter(name)
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
    def _each_member(self) -> Iterator[Any]:
        """The members of the row in force this month."""
        builder = self._builder
        begin, end = (
            builder.sext(builder.load(self._at("first", at, _MONTH), typ=_MONTH), INT)
            for at in (self._row_at, builder.add(self._row_at, INT(1)))
        )
        with (
            self._each("member", begin, end) as member,
            builder.if_then(self._in_force("joined", "left", member)),
        ):
            yield member

    def _counter(self, name: str) -> Any:
        builder = self._builder
        with builder.goto_entry_block():
            counter = builder.alloca(INT, name=name)
            builder.store(ZERO, counter)
        return counter
