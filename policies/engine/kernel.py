"""Many small rules, one order: who needs what, found from the names of parameters alone."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from policies.reading.documents import PackFault, apart
from policies.reading.packs import MONTH, SUM, Pack, Rule, facts_of, numbers_of
from policies.reading.words import Code


class Kind(Enum):
    """What a name stands for."""

    FACT = "fact"
    NUMBER = "number"
    RULE = "rule"
    SUM = "sum"
    MONTH = "month"


@dataclass(frozen=True)
class Steps:
    """How one programme is decided: its tests in order, its sum, its parts, what explains it."""

    tests: tuple[Rule, ...]
    award: Rule
    parts: tuple[Rule, ...]
    explanations: tuple[Rule, ...]

    def roots(self) -> tuple[Rule, ...]:
        return (*self.tests, self.award, *self.parts, *self.explanations)


class Kernel:
    """The rules in force in one month, resolved; refuses strays, mixed entities and cycles."""

    def __init__(self, packs: Mapping[str, Pack], month: int) -> None:
        self.rules = _in_force((rule for pack in packs.values() for rule in pack.rules), month)
        self._kinds: dict[str, Kind] = {}
        self.facts = facts_of(packs.values())
        self._personal = {rule.name for rule in self.rules.values() if rule.entity == "person"}
        self._personal |= {fact.name for fact in self.facts.values() if fact.entity == "person"}
        self.numbers = numbers_of(packs.values())
        self.programmes: dict[str, Steps] = {}
        for pack in packs.values():
            with apart(pack.name):
                if pack.programme is not None:
                    self.programmes[pack.name] = self._steps(pack)
        for rule in self.rules.values():
            with apart(rule.name):
                for parameter in rule.parameters:
                    self._check(rule, parameter)
        for pack in packs.values():
            with apart():
                self._check_payee(pack)
        self._refuse_cycles()

    def kind(self, name: str) -> Kind:
        """What a name stands for; every name was checked when the kernel was made."""
        found = self._kinds.get(name)
        if found is None:
            found = self._kinds[name] = self._kind(name)
        return found

    def _kind(self, name: str) -> Kind:
        if name in self.rules:
            return Kind.RULE
        if name in self.facts:
            return Kind.FACT
        if name in self.numbers:
            return Kind.NUMBER
        return Kind.MONTH if name == MONTH else Kind.SUM

    def codes(self, name: str) -> Mapping[int, Code]:
        """The codes of a coded fact or rule."""
        return self.rules[name].codes if name in self.rules else self.facts[name].codes

    def is_personal(self, name: str) -> bool:
        """Whether a name has one value for each member rather than one for the household."""
        return name in self._personal

    def needs(self, name: str) -> tuple[str, ...]:
        """The names a quantity is reckoned from, directly."""
        if name in self.rules:
            return self.rules[name].parameters
        return (name.removeprefix(SUM),) if name.startswith(SUM) else ()

    def closure(self, name: str) -> Iterator[str]:
        """Everything a quantity is reckoned from, parts before wholes, itself last."""
        seen: set[str] = set()

        def walk(each: str) -> Iterator[str]:
            if each in seen:
                return
            seen.add(each)
            for part in self.needs(each):
                yield from walk(part)
            yield each

        return walk(name)

    def is_known(self, name: str) -> bool:
        """Whether a name stands for something; all do that a law was loaded with."""
        return name == MONTH or any(
            name.removeprefix(SUM) in each for each in (self.rules, self.facts, self.numbers)
        )

    def _steps(self, pack: Pack) -> Steps:
        rules = [rule for rule in self.rules.values() if rule.pack == pack.name]
        award = next((rule for rule in rules if rule.pays), None)
        if award is None:
            path = pack.path / "rules.py"
            raise PackFault(path, 1, f"no @award of {pack.name} is in force", over=pack.name)
        tests = tuple(rule for rule in rules if rule.threshold is not None)
        for rule in tests:
            if rule.entity != award.entity and award.entity == "household":
                raise rule.fault("a household's programme cannot test one person")
        parts = tuple(rule for rule in rules if rule.to or rule.paid_by)
        for rule in parts:
            if rule.entity != award.entity:
                raise rule.fault("a part is of whoever the award is of")
        return Steps(tests, award, parts, tuple(rule for rule in rules if rule.explains))

    def _check(self, rule: Rule, parameter: str) -> None:
        if parameter.startswith(SUM):
            summed = self.rules.get(parameter.removeprefix(SUM))
            if summed is None or summed.entity != "person":
                why = f"{parameter}: only a person's rule can be summed"
                raise rule.fault(why, over=parameter.removeprefix(SUM))
        elif not (
            parameter in self.rules
            or parameter in self.facts
            or parameter in self.numbers
            or parameter == MONTH
        ):
            raise rule.fault(f"nothing is called {parameter}", over=parameter)
        elif rule.entity == "household" and self.is_personal(parameter):
            raise rule.fault(f"{parameter} is a person's: the household can take {SUM}{parameter}")
        number = self.numbers.get(parameter)
        if number is not None and not _is_used_as(rule, parameter, number.declaration.by):
            by = number.declaration.by
            rule_form = f"{parameter}[{by}]" if by else f"{parameter}, without brackets"
            raise rule.fault(f"the number is read as {rule_form}")

    def _check_payee(self, pack: Pack) -> None:
        """Whoever receives it is told apart by a coded quantity of the beneficiary's."""
        declared = pack.programme
        if declared is None or declared.payee_by is None or pack.name not in self.programmes:
            return
        name = declared.payee_by
        known = name in self.rules or name in self.facts
        names = {code.name for code in self.codes(name).values()} if known else set()
        if not names or not declared.payees.keys() <= names:
            why = f"{name} has no such codes to pay by"
            raise PackFault(declared.path, declared.line, why, over=name)
        if self.is_personal(name) and self.programmes[pack.name].award.entity == "household":
            raise PackFault(declared.path, declared.line, f"{name} is one person's, not all's")

    def _refuse_cycles(self) -> None:
        done: set[str] = set()

        def walk(name: str, above: tuple[str, ...]) -> None:
            if name in above:
                circle = (*above[above.index(name) :], name)
                done.update(circle)
                with apart(*circle):
                    why = f"a circle: {' → '.join(circle)}"
                    raise self.rules[name.removeprefix(SUM)].fault(why)
            if name in done:
                return
            for part in self.needs(name):
                walk(part, (*above, name))
            done.add(name)

        for name in self.rules:
            walk(name, ())


def _is_used_as(rule: Rule, name: str, by: str | None) -> bool:
    """Whether a rule reads a plain number plainly, and a table by its own dimension only."""
    keyed = [
        node
        for node in ast.walk(rule.tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    ]
    named = [node for node in ast.walk(rule.tree) if isinstance(node, ast.Name) and node.id == name]
    keys = {node.slice.id if isinstance(node.slice, ast.Name) else "" for node in keyed}
    return keys <= {by} and len(keyed) == (len(named) if by else 0)


def _in_force(rules: Iterable[Rule], month: int) -> dict[str, Rule]:
    """The latest shape of each rule that has begun by the month, in the order of the files."""
    found: dict[str, Rule] = {}
    for rule in rules:
        if rule.since <= month and (rule.name not in found or found[rule.name].since <= rule.since):
            found[rule.name] = rule
    return found
