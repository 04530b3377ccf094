"""One household, one month: the rules run as they stand, and what stops them is said by name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn

from policies.engine.kernel import Kernel, Kind
from policies.reading.facts import NOT_APPLICABLE, Fact, State
from policies.reading.packs import SUM, Rule

NO_MEMBER: Final = -1
Facts = Mapping[str, tuple[int, State]]

_UNREADABLE: Final = {State.UNKNOWN: "unknown", State.OUT_OF_RANGE: "fact-out-of-range"}


class Reached(Exception):
    """A rule read something it cannot know."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Missing:
    """What stands in for a value that is not there: harmless to carry, fatal to read."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def _reach(self, *_: object) -> NoReturn:
        raise Reached(self.reason)

    def __eq__(self, other: object) -> bool:
        self._reach()

    def __hash__(self) -> int:
        self._reach()

    def __bool__(self) -> bool:
        self._reach()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _reach
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __neg__ = __abs__ = _reach
    __lt__ = __le__ = __gt__ = __ge__ = __getitem__ = _reach


class Amounts(dict[int, int]):
    """A dated number by code for one month; a code without an amount stops the rule."""

    def __init__(self, name: str, by: str, amounts: Mapping[int, int]) -> None:
        super().__init__(amounts)
        self.name, self.by = name, by

    def __missing__(self, code: int) -> NoReturn:
        raise Reached(self.gap(code))

    def gap(self, code: int) -> str:
        """Why there is no amount for a code."""
        lacks_fact = code == NOT_APPLICABLE
        return f"not-applicable-{self.by}" if lacks_fact else f"no-number-{self.name}"


class Bench:
    """A kernel with the numbers of one month laid out."""

    def __init__(self, kernel: Kernel, month: int) -> None:
        self.kernel, self.month = kernel, month
        self.numbers: dict[str, int | Amounts | Missing] = {}
        for name, number in kernel.numbers.items():
            by = number.declaration.by
            if by is None:
                dated = number.at(month)
                self.numbers[name] = dated.amount if dated else Missing(f"no-number-{name}")
            else:
                at = {code: number.at(month, code) for code in number.declaration.codes}
                amounts = {code: dated.amount for code, dated in at.items() if dated}
                self.numbers[name] = Amounts(name, by, amounts)


class Reading:
    """One household read at one bench; each quantity is reckoned once, and only when asked for."""

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
            return value if state is State.KNOWN else Missing(f"{_UNREADABLE[state]}-{name}")
        if kind is Kind.NUMBER:
            return self.bench.numbers[name]
        if kind is Kind.MONTH:
            return self.bench.month
        if kind is Kind.SUM:
            return self._sum(name.removeprefix(SUM))
        return self._run(kernel.rules[name], member)

    def _sum(self, name: str) -> Any:
        parts = [self.value(name, member) for member in self.members()]
        missing = [part.reason for part in parts if isinstance(part, Missing)]
        # The reason must not hang on the order of the members.
        if missing:
            return Missing(min(missing))
        total = sum(parts)
        return total if _is_sound(total) else Missing(f"rule-fault-{name}")

    def _run(self, rule: Rule, member: int) -> Any:
        given = [self.value(name, member) for name in rule.parameters]
        try:
            found = rule.function(*given)
        except Reached as what:
            return Missing(what.reason)
        except ZeroDivisionError:
            return Missing(f"rule-fault-{rule.name}")
        return found if _is_sound(found) else Missing(f"rule-fault-{rule.name}")


def _is_sound(found: Any) -> bool:
    """Whether a quantity fits 64 bits, as it must for a county; what is missing may be carried."""
    return isinstance(found, Missing) or -(2**63) <= found < 2**63


def read_facts(
    facts: Mapping[str, Fact], entity: str, words: Mapping[str, object]
) -> dict[str, tuple[int, State]]:
    """What words say of a household or a person: values with what stands beside them.

    A fact they do not mention is left out, which is to say unknown.
    """
    known = ((facts[name], word) for name, word in words.items() if name in facts)
    return {fact.name: fact.read(word) for fact, word in known if fact.entity == entity}
