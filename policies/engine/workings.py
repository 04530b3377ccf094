"""Why this sum: each quantity, its reckoning, its sentence, its source and what proves it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from policies.engine.assessment import NO_MEMBER, Missing, Reading
from policies.engine.kernel import Kernel, Kind
from policies.engine.readable import Rendering, Shown, value_words
from policies.engine.ways import names_read
from policies.reading.documents import month_text
from policies.reading.packs import SUM, Rule, Source
from policies.reading.words import Code, Words


@dataclass(frozen=True)
class Evidence:
    """What stands behind a fact."""

    proof: Words
    determination_id: str | None
    decided_on: str | None


@dataclass(frozen=True)
class Working:
    """One line a clerk can read out; `depth` 0 is a test or the sum itself."""

    quantity: str
    kind: str
    subject: str | None
    depth: int
    label: Words
    value: int
    unit: str
    shown: Words
    arithmetic: Words | None
    sentence: Words
    source: Words | None
    standing: str | None
    evidence: Evidence | None


@dataclass(frozen=True)
class Telling:
    """What workings are told from: the reading, and the words around it."""

    reading: Reading
    kernel: Kernel
    month: int
    sources: Mapping[str, Source]
    person_ids: Sequence[str]
    determination_id: str | None
    decided_on: str | None
    _ways: dict[tuple[str, int], Sequence[str]] = field(default_factory=dict)
    _told: dict[tuple[str, int, int], tuple[Working, ...]] = field(default_factory=dict)
    """What one answer was told serves the next, for several rest on the same quantities."""

    def lines(self, roots: Sequence[Rule], member: int) -> tuple[Working, ...]:
        """The lines of the quantities given, parts before wholes, each once.

        Only what was read on the way is told; a test that the place does not ask is left out.
        """
        asked = [rule for rule in roots if rule.threshold is None or self._is_asked(rule, member)]
        return tuple(self._walk([(rule.name, member) for rule in asked]))

    def _is_asked(self, rule: Rule, member: int) -> bool:
        """Whether a test looked at anything of the household, and not at settings alone."""
        value = self.reading.value(rule.name, member)
        failed = isinstance(value, Missing) or value < (rule.passes_from or 0)
        return failed or any(self._looks(name, member) for name in self._read(rule.name, member))

    def _looks(self, name: str, member: int) -> bool:
        kind = self.kernel.kind(name)
        if kind is Kind.RULE:
            return any(self._looks(each, member) for each in self._read(name, member))
        return kind is not Kind.NUMBER

    def _read(self, name: str, member: int) -> Sequence[str]:
        """What a quantity was reckoned from, along the way it went."""
        at = member if self._is_personal(name) else NO_MEMBER
        if self.kernel.kind(name) is not Kind.RULE:
            return self.kernel.needs(name)
        if (name, at) not in self._ways:
            rule = self.kernel.rules[name]
            self._ways[name, at] = names_read(rule.tree, self.reading.arguments(rule, at))
        return self._ways[name, at]

    def _walk(self, roots: Sequence[tuple[str, int]]) -> Iterator[Working]:
        seen: set[tuple[str, int]] = set()

        def walk(name: str, member: int, depth: int) -> Iterator[Working]:
            at = member if self._is_personal(name) else NO_MEMBER
            if (name, at) in seen:
                return
            seen.add((name, at))
            if self.kernel.kind(name) is Kind.SUM:
                for each in self.reading.members():
                    yield from walk(name.removeprefix(SUM), each, depth)
                return
            for part in self._read(name, member):
                yield from walk(part, member, depth + 1)
            key = (name, at, depth)
            if key not in self._told:
                self._told[key] = tuple(self._line(name, at, depth))
            yield from self._told[key]

        for name, member in roots:
            yield from walk(name, member, 0)

    def _line(self, name: str, member: int, depth: int) -> Iterator[Working]:
        kind = self.kernel.kind(name)
        value = self.reading.value(name, member)
        if isinstance(value, Missing) or kind is Kind.MONTH:
            return
        personal = self.kernel.is_personal(name)
        subject = self.person_ids[member] if personal else None
        if kind is Kind.FACT:
            yield self._fact(name, subject, depth, value)
        elif kind is Kind.NUMBER:
            yield from self._number(name, member, depth, value)
        else:
            yield self._rule(self.kernel.rules[name], subject, member, depth, value)

    def _fact(self, name: str, subject: str | None, depth: int, value: int) -> Working:
        fact = self.kernel.facts[name]
        sentence = Words(f"以{fact.proof.zh}为凭", f"as {fact.proof.en} shows")
        return Working(
            quantity=name,
            kind="fact",
            subject=subject,
            depth=depth,
            label=fact.label,
            value=value,
            unit=fact.unit,
            shown=value_words(value, fact.unit, fact.codes),
            arithmetic=None,
            sentence=sentence,
            source=None,
            standing=None,
            evidence=Evidence(fact.proof, self.determination_id, self.decided_on),
        )

    def _number(
        self, name: str, member: int, depth: int, value: int | Mapping[int, int]
    ) -> Iterator[Working]:
        """The one entry of a table that was read, or the plain number."""
        number = self.kernel.numbers[name]
        code = None
        if isinstance(value, Mapping):
            code = self.reading.value(number.declaration.by or "", member)
            if isinstance(code, Missing) or code not in value:
                return
        dated = number.at(self.month, code)
        assert dated is not None
        since = month_text(dated.since)
        unit = number.declaration.unit
        yield Working(
            quantity=name,
            kind="number",
            subject=None,
            depth=depth,
            label=_with_code(number.declaration.label, number.declaration.codes, code),
            value=dated.amount,
            unit=unit,
            shown=value_words(dated.amount, unit, number.declaration.choices),
            arithmetic=None,
            sentence=Words(f"自 {since} 起执行", f"in force since {since}"),
            source=self._source(dated.source),
            standing=dated.standing.name.lower(),
            evidence=None,
        )

    def _is_personal(self, name: str) -> bool:
        """Also a table that is read by something of the person's."""
        number = self.kernel.numbers.get(name)
        return self.kernel.is_personal((number and number.declaration.by) or name)

    def _rule(
        self, rule: Rule, subject: str | None, member: int, depth: int, value: int
    ) -> Working:
        given = self.reading.arguments(rule, member)
        return Working(
            quantity=rule.name,
            kind="rule" if rule.threshold is None else "test",
            subject=subject,
            depth=depth,
            label=rule.label,
            value=value,
            unit=rule.unit,
            shown=value_words(value, rule.unit, rule.codes),
            arithmetic=self._arithmetic(rule, given),
            sentence=rule.sentence,
            source=self._source(rule.source),
            standing=None,
            evidence=None,
        )

    def _arithmetic(self, rule: Rule, given: Mapping[str, Any]) -> Words:
        shown = {name: self._shown(name) for name in rule.parameters}
        result = self._shown(rule.name)
        chinese, english = (
            Rendering(given, shown, result, chinese=chinese).of(rule.tree)
            for chinese in (True, False)
        )
        return Words(chinese, english)

    def _shown(self, name: str) -> Shown:
        name = name.removeprefix(SUM)
        if name in self.kernel.facts:
            fact = self.kernel.facts[name]
            return Shown(fact.label, fact.unit, fact.codes)
        if name in self.kernel.rules:
            rule = self.kernel.rules[name]
            return Shown(rule.label, rule.unit, rule.codes)
        if name in self.kernel.numbers:
            declaration = self.kernel.numbers[name].declaration
            return Shown(declaration.label, declaration.unit, declaration.choices)
        return Shown(Words("本月", "this month"), "month", {})

    def _source(self, named: str) -> Words:
        key, _, where = named.partition(" ")
        title = self.sources[key].title if key in self.sources else Words(key, key)
        if not where:
            return title
        return Words(f"{title.zh}（{where}）", f"{title.en} ({where})")


def _with_code(label: Words, codes: Mapping[int, Code], code: int | None) -> Words:
    if code is None:
        return label
    words = codes[code].words
    return Words(f"{label.zh}（{words.zh}）", f"{label.en} ({words.en})")
