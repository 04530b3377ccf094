"""The marks a rule carries: whose quantity it is, its source, and whether it tests or pays.

    @must_be(more_than=0)
    @household(source="dibao-measures-2021")
    def dibao_gap_fen_monthly(…): …

The name of the function is the quantity it gives; its parameters are facts, dated numbers,
`month_index`, other rules' quantities, or `sum_of_<quantity>` over the members of the household.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Rule = TypeVar("Rule", bound=Callable[..., int])
MARK = "__mark__"


@dataclass
class Mark:
    """What the decorators say of one rule."""

    entity: str
    source: str
    since: str | None = None
    replaces: str | None = None
    threshold: int | None = None
    strict: bool = False
    pays: bool = False
    explains: bool = False
    to: str | None = None
    paid_by: str | None = None


def household(
    *, source: str, since: str | None = None, replaces: str | None = None
) -> Callable[[Rule], Rule]:
    """A quantity of the household; `since` and `replaces` when the law changes its shape."""
    return _marked(Mark("household", source, since, replaces))


def person(
    *, source: str, since: str | None = None, replaces: str | None = None
) -> Callable[[Rule], Rule]:
    """A quantity of one person; `since` and `replaces` when the law changes its shape."""
    return _marked(Mark("person", source, since, replaces))


def must_be(*, at_least: int | None = None, more_than: int | None = None) -> Callable[[Rule], Rule]:
    """Who fails it is not eligible; the tests of a programme are asked in the order of the file."""

    def mark(rule: Rule) -> Rule:
        if (at_least is None) == (more_than is None):
            raise TypeError("must_be says either at_least or more_than")
        found = _mark_of(rule)
        found.threshold = more_than if at_least is None else at_least
        found.strict = at_least is None
        return rule

    return mark


def award(rule: Rule) -> Rule:
    """The sum in fen the programme pays to whoever passed its tests."""
    _mark_of(rule).pays = True
    return rule


def explanation(rule: Rule) -> Rule:
    """A quantity nothing is reckoned from, shown so that the sum can be read."""
    _mark_of(rule).explains = True
    return rule


def part(*, to: str | None = None, paid_by: str | None = None) -> Callable[[Rule], Rule]:
    """A share of the award: into whose hands, or from whose purse.

    The shares that name a receiver add up to the award, and so do those that name a purse.
    """

    def mark(rule: Rule) -> Rule:
        if to is None and paid_by is None:
            raise TypeError("@part says to whom it goes, or who pays it")
        found = _mark_of(rule)
        found.to, found.paid_by = to, paid_by
        return rule

    return mark


def _marked(mark: Mark) -> Callable[[Rule], Rule]:
    def put(rule: Rule) -> Rule:
        setattr(rule, MARK, mark)
        return rule

    return put


def _mark_of(rule: Callable[..., int]) -> Mark:
    mark = getattr(rule, MARK, None)
    if not isinstance(mark, Mark):
        raise TypeError("@household or @person stands directly above the function")
    return mark
