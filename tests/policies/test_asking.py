"""In every place an answer and its workings are what the rules, run as they stand, come to."""

from collections.abc import Iterator
from typing import Any

import pytest

import policies
from policies.engine.bench import Bench, Missing
from policies.engine.kernel import Kind
from policies.engine.trace import NO_MEMBER
from policies.reading.documents import month_index
from policies.reading.facts import HOUSEHOLD, PERSON
from policies.reading.packs import SUM, Rule
from tests.policies.plainly import Reading, names_read, read_facts
from tests.policies.test_every_place import MONTH, PLACES, a_mixed_county, law_of, without_gaps

HOUSEHOLDS = 3
Line = tuple[str, int, int, Any]
"""A quantity, whose it is, how deep it stands, and what it is."""


class Plainly:
    """Answers and workings of one household, the slow way."""

    def __init__(self, law: policies.Law, household: dict[str, Any]) -> None:
        self.kernel = law.kernel(MONTH)
        members = household["members"]
        self.reading = Reading(
            Bench(self.kernel, month_index(MONTH)),
            read_facts(law.facts, HOUSEHOLD, household["facts"]),
            [read_facts(law.facts, PERSON, each["facts"]) for each in members],
        )

    def verdict(self, programme: str, member: int) -> tuple[list[Rule], Any]:
        """The rules that were asked, and what stood there: a reason, a test that failed, a sum."""
        steps = self.kernel.programmes[programme]
        for place, test in enumerate(steps.tests, 1):
            value = self.reading.value(test.name, member)
            if isinstance(value, Missing) or value < (test.passes_from or 0):
                return list(steps.tests[:place]), value
        return [*steps.tests, steps.award], self.reading.value(steps.award.name, member)

    def read(self, name: str, member: int) -> list[str]:
        """What a quantity was reckoned from, along the way it went."""
        if self.kernel.kind(name) is not Kind.RULE:
            return []
        rule = self.kernel.rules[name]
        return names_read(rule.tree, self.reading.arguments(rule, member))

    def looks(self, name: str, member: int) -> bool:
        """Whether it looked at anything but settings."""
        kind = self.kernel.kind(name)
        if kind is Kind.RULE:
            return any(self.looks(each, member) for each in self.read(name, member))
        return kind is not Kind.NUMBER

    def lines(self, roots: list[Rule], member: int) -> list[Line]:
        seen: set[tuple[str, int]] = set()
        return [
            line
            for rule in roots
            if not self._is_left_out(rule, member)
            for line in self._walk(rule.name, member, 0, seen)
        ]

    def _is_left_out(self, rule: Rule, member: int) -> bool:
        """A test that was passed without a look at the household."""
        value = self.reading.value(rule.name, member)
        passed = not isinstance(value, Missing) and value >= (rule.passes_from or 0)
        return rule.threshold is not None and passed and not self.looks(rule.name, member)

    def _walk(
        self, name: str, member: int, depth: int, seen: set[tuple[str, int]]
    ) -> Iterator[Line]:
        kind = self.kernel.kind(name)
        by = self.kernel.numbers[name].declaration.by if kind is Kind.NUMBER else None
        at = member if self.kernel.is_personal(by or name) else NO_MEMBER
        if (name, at) in seen:
            return
        seen.add((name, at))
        if kind is Kind.SUM:
            for each in self.reading.members():
                yield from self._walk(name.removeprefix(SUM), each, depth, seen)
            return
        for part in self.read(name, member):
            yield from self._walk(part, member, depth + 1, seen)
        value = self.reading.value(name, member)
        if by is not None:
            key = self.reading.value(by, member)
            value = key if isinstance(key, Missing) else value.get(key, Missing(""))
        if kind is not Kind.MONTH and not isinstance(value, Missing):
            yield (name, NO_MEMBER if kind is Kind.NUMBER else at, depth, value)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("is_filled", [False, True], ids=["as-it-is", "without-gaps"])
def test_an_answer_and_its_workings_are_what_the_plain_rules_come_to(
    place: str, is_filled: bool
) -> None:
    law = without_gaps(law_of(place)) if is_filled else law_of(place)
    for household in a_mixed_county(law, 2027, HOUSEHOLDS):
        plainly = Plainly(law, household)
        ids = [each["person_id"] for each in household["members"]]
        for answer in law.assess(household, MONTH):
            personal = answer.beneficiary_kind == "person"
            member = ids.index(answer.beneficiary_id) if personal else NO_MEMBER
            roots, value = plainly.verdict(answer.programme, member)
            if answer.failed:
                assert answer.failed.test == roots[-1].name
                assert answer.failed.short_by == (roots[-1].threshold or 0) - value
            elif answer.held is None:
                assert value == (answer.amount_fen if answer.gives == "money" else answer.quantity)
                steps = law.kernel(MONTH).programmes[answer.programme]
                roots += [*steps.parts, *steps.explanations]
            elif isinstance(value, Missing):
                assert answer.held == value.reason
            told = [
                (w.quantity, NO_MEMBER if w.subject is None else ids.index(w.subject), w.depth)
                for w in answer.workings
            ]
            plain = plainly.lines(roots, member)
            assert told == [line[:3] for line in plain]
            assert [w.value for w in answer.workings] == [line[3] for line in plain]
