"""The rules and the numbers of one month laid out, and what stands where there is no value."""

from collections.abc import Mapping
from typing import Final, NoReturn

from policies.engine.kernel import Kernel
from policies.reading.facts import NOT_APPLICABLE, State
from policies.reading.packs import MONTH

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


def unreadable(name: str, state: State) -> Missing:
    """What stands for a fact that cannot be read."""
    return Missing(f"{_UNREADABLE[state]}-{name}")


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

    def given(self, name: str) -> int | Amounts | Missing | None:
        """What a name is for everyone in this month; None of what differs."""
        return self.month if name == MONTH else self.numbers.get(name)
