"""The rules of one programme as one plain loop over columns, written out once a month's law.

The loop resolves no name while it runs. It decides only households whose every fact is readable;
the others, and whatever stops a rule, go to the single evaluation, which knows the reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from policies.assessment import Amounts, Bench, Missing
from policies.kernel import Kernel, Kind, Steps
from policies.packs import SUM, Rule


@dataclass(frozen=True)
class Loop:
    """One programme's loop, and the facts it may read of a household, a person, all members."""

    run: Callable[..., None]
    decides: bool
    columns: tuple[str, ...]
    household_facts: tuple[str, ...]
    person_facts: tuple[str, ...]
    member_facts: tuple[str, ...]


@dataclass
class _Scope:
    """Where quantities are being put: the variables of persons, their index, what stands there."""

    prefix: str
    index: str
    done: set[str]


class _Writer:
    """The text of one loop, quantity by quantity, each after what it is reckoned from."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.lines: list[str] = []
        self.used: dict[str, None] = {}
        self._outer = _Scope("p", "m", set())

    def say(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def reckon(self, depth: int, name: str, scope: _Scope | None = None) -> str:
        """Put a quantity in a variable, and before it everything it needs; the variable's name."""
        scope = scope or self._outer
        kind = self._kernel.kind(name)
        variable = self._variable(name, scope)
        if kind is Kind.MONTH or name in scope.done:
            return variable
        scope.done.add(name)
        if kind is Kind.SUM:
            self._sum(depth, name, scope)
            return variable
        self.used.setdefault(name)
        if kind is Kind.RULE:
            rule = self._kernel.rules[name]
            given = ", ".join(self.reckon(depth, each, scope) for each in rule.parameters)
            self.say(depth, f"{variable} = r_{name}({given})")
        return variable

    def _sum(self, depth: int, name: str, scope: _Scope) -> None:
        summed = name.removeprefix(SUM)
        for part in self._kernel.closure(summed):
            if not self._kernel.is_personal(part):
                self.reckon(depth, part, scope)
        inner = _Scope("k", "k", {n for n in scope.done if not self._kernel.is_personal(n)})
        self.say(depth, f"s_{summed} = 0")
        self.say(depth, "for k in range(first[i], first[i + 1]):")
        self.say(depth + 1, "if active[k]:")
        variable = self.reckon(depth + 2, summed, inner)
        self.say(depth + 2, f"s_{summed} += {variable}")

    def _variable(self, name: str, scope: _Scope) -> str:
        kind, personal = self._kernel.kind(name), self._kernel.is_personal(name)
        if kind is Kind.MONTH:
            return "month_index"
        if kind is Kind.NUMBER:
            return f"n_{name}"
        if kind is Kind.SUM:
            return "s_" + name.removeprefix(SUM)
        if kind is Kind.FACT:
            return f"f_{name}[{scope.index if personal else 'i'}]"
        return f"{scope.prefix if personal else 'q'}_{name}"


def build(bench: Bench, programme: str) -> Loop:
    """Write and compile the loop of a programme for one month's law."""
    kernel = bench.kernel
    steps = kernel.programmes[programme]
    personal = steps.award.entity == "person"
    writer = _Writer(kernel)
    _write_body(writer, steps, depth=3 if personal else 2, where="i, m" if personal else "i")
    names = list(writer.used)
    facts = [name for name in names if kernel.kind(name) is Kind.FACT]
    numbers = [name for name in names if kernel.kind(name) is Kind.NUMBER]
    given = "rows, first, active, clean, doubt, pay, month_index"
    columns = "".join(f", f_{name}" for name in facts)
    text = [f"def loop({given}{columns}):", "    for i in rows:"]
    if personal:
        text += ["        for m in range(first[i], first[i + 1]):"]
        text += ["            if not active[m]:", "                continue"]
    text += writer.lines
    space: dict[str, Any] = {f"n_{name}": _plain(bench.numbers[name]) for name in numbers}
    space |= {f"r_{name}": rule.function for name, rule in _rules(kernel, names).items()}
    exec(compile("\n".join(text), f"<{programme}>", "exec"), space)  # noqa: S102  # Written above from names the packs were checked for.
    in_sums = _facts_summed(kernel, steps)
    return Loop(
        run=space["loop"],
        decides=not any(isinstance(bench.numbers[name], Missing) for name in numbers),
        columns=tuple(facts),
        household_facts=(*(n for n in facts if not kernel.is_personal(n)), "registration"),
        person_facts=tuple(n for n in facts if kernel.is_personal(n) and n not in in_sums),
        member_facts=tuple(name for name in facts if name in in_sums),
    )


def _write_body(writer: _Writer, steps: Steps, depth: int, where: str) -> None:
    writer.say(depth, f"if not clean[{where[-1]}]:")
    writer.say(depth + 1, f"doubt({where})")
    writer.say(depth + 1, "continue")
    writer.say(depth, "try:")
    for test in steps.tests:
        variable = writer.reckon(depth + 1, test.name)
        writer.say(depth + 1, f"if {variable} < {test.passes_from}:")
        writer.say(depth + 2, "continue")
    amount = writer.reckon(depth + 1, steps.award.name)
    writer.say(depth, "except (KeyError, ZeroDivisionError):")
    writer.say(depth + 1, f"doubt({where})")
    writer.say(depth + 1, "continue")
    writer.say(depth, f"if {amount} > 0:")
    writer.say(depth + 1, f"pay({where}, {amount})")
    writer.say(depth, f"elif {amount} < 0:")
    writer.say(depth + 1, f"doubt({where})")


def _plain(number: int | Amounts | Missing) -> Any:
    """A table without its own way to stop: a missing code is a KeyError of the loop."""
    return dict(number) if isinstance(number, Amounts) else number


def _rules(kernel: Kernel, names: list[str]) -> Mapping[str, Rule]:
    return {name: kernel.rules[name] for name in names if kernel.kind(name) is Kind.RULE}


def _facts_summed(kernel: Kernel, steps: Steps) -> set[str]:
    """The facts read of every member, because a sum over members needs them."""
    roots = (*steps.tests, steps.award)
    reached = {name for root in roots for name in kernel.closure(root.name)}
    sums = [name for name in reached if kernel.kind(name) is Kind.SUM]
    return {name for each in sums for name in kernel.closure(each) if kernel.is_personal(name)}
