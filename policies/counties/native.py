"""The programmes of one month's law as one function over columns, for the machine.

The function hangs on the rules in force and on nothing that changes from place to place or from one
what-if to the next: month, numbers and columns are handed in. What several programmes need is
reckoned once, and only when one of them asks.
"""

from typing import Any, Final

from llvmlite import ir

from policies.counties.layout import Layout
from policies.counties.lowering import BIT, INT, ZERO, Slot
from policies.counties.quantities import MONTH, POINTER, Plan, Quantities, Scope
from policies.engine.kernel import Kernel

NAME: Final = "award"
"""The function in the kernel's text."""
INTEGERS: Final = 4
OUTPUTS: Final = 5
"""How many integers a kernel is handed first, and how many columns to write on last."""

_WHY: Final = ir.IntType(16)


def write(kernel: Kernel, layout: Layout) -> str:
    """The text of the kernel."""
    return _Loop(kernel, layout).text()


class _Loop:
    def __init__(self, kernel: Kernel, layout: Layout) -> None:
        self._kernel, self._layout = kernel, layout
        self._plan = Plan(kernel, layout)
        outputs = ("award_at", "award_fen", "hold_at", "hold_why", "counts")
        names = (*self._plan.columns, *outputs)
        integers = ("month_index", "start", "stop", "capacity")
        kind = ir.FunctionType(ir.VoidType(), [INT] * len(integers) + [POINTER] * len(names))
        function = ir.Function(self._plan.module, kind, NAME)
        for argument, name in zip(function.args, (*integers, *names), strict=True):
            argument.name = name
            if name not in integers:
                argument.add_attribute("noalias")
        self._given = dict(zip((*integers, *names), function.args, strict=True))
        self._builder = ir.IRBuilder(function.append_basic_block("entry"))
        frame, columns = self._laid_aside()
        self._quantities = Quantities(
            self._plan, self._builder, self._given, frame, columns, is_main=True
        )
        self._quantities.share()
        self._found = [
            [self._quantities.counter(f"{what}{place}") for what in ("awards", "holds")]
            for place in range(len(layout.terms))
        ]

    def text(self) -> str:
        builder, quantities = self._builder, self._quantities
        with (
            quantities.each("row", self._given["start"], self._given["stop"]) as row,
            builder.if_then(quantities.in_force("since", "until", row)),
        ):
            self._row(row)
        for place, counters in enumerate(self._found):
            for column, counter in enumerate(counters):
                count = builder.load(counter, typ=INT)
                builder.store(count, quantities.at("counts", INT(2 * place + column), INT))
        builder.ret_void()
        self._plan.write_apart()
        return str(self._plan.module)

    def _laid_aside(self) -> tuple[Any, Any]:
        """The frame, and the columns as those functions find them that stand apart."""
        builder, plan = self._builder, self._plan
        frame = builder.alloca(INT, size=3 * max(len(plan.apart), 1), name="frame")
        columns = builder.alloca(POINTER, size=len(plan.columns), name="columns")
        if plan.apart:
            for place, name in enumerate(plan.columns):
                where = builder.gep(columns, [INT(place)], source_etype=POINTER)
                builder.store(self._given[name], where)
        return frame, columns

    def _row(self, row: Any) -> None:
        self._quantities.row = row
        self._quantities.forget(personal=False)
        for place, terms in enumerate(self._layout.terms):
            if not terms.is_personal:
                self._programme(place, Scope(), row)
        if any(terms.is_personal for terms in self._layout.terms):
            with self._quantities.each_member() as member:
                self._quantities.forget(personal=True)
                for place, terms in enumerate(self._layout.terms):
                    if terms.is_personal:
                        self._programme(place, Scope(member), member)

    def _programme(self, place: int, scope: Scope, at: Any) -> None:
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
            found = self._quantities.reckon(test.name, scope)
            hold_if(builder.icmp_signed("!=", found.reason, ZERO), found.reason)
            go_on_if(builder.icmp_signed(">=", found.value, INT(test.passes_from)))
        amount = self._quantities.reckon(steps.award.name, scope)
        hold_if(builder.icmp_signed("!=", amount.reason, ZERO), amount.reason)
        fault = INT(self._layout.code(f"rule-fault-{steps.award.name}"))
        hold_if(builder.icmp_signed("<", amount.value, ZERO), fault)
        for name in terms.settled_by:
            found = self._quantities.reckon(name, scope)
            hold_if(builder.icmp_signed("!=", found.reason, ZERO), found.reason)
        # Goods and services have no sum: of them a month's run learns only what is held.
        go_on_if(builder.icmp_signed(">", amount.value, ZERO) if terms.is_listed else BIT(0))
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
        builder.store(builder.trunc(at, MONTH), self._quantities.at(where, index, MONTH))
        builder.store(value, self._quantities.at(what, index, kind))
        builder.store(builder.add(count, INT(1)), counter)
