"""What there is to say of each quantity of a law in a month, whoever it is said of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from policies.engine.bench import Missing
from policies.engine.kernel import Kernel, Kind
from policies.engine.readable import Rendering, Shown, Template
from policies.engine.trace import Trace
from policies.engine.ways import Way, Went, crossroads
from policies.engine.workings import Evidence, Working
from policies.reading.documents import month_text
from policies.reading.facts import Fact
from policies.reading.numbers import Number
from policies.reading.packs import SUM, Rule, Source
from policies.reading.words import Told, Words

_ENGLISH: Final = re.compile("[a-z]{3}")


class Phrase:
    """A quantity; of the month itself, and of a sum, nothing is said."""

    looks = True
    """Whether it says something of the household, and not of settings alone."""

    def __init__(
        self, name: str, *, is_personal: bool = False, summed: Phrase | None = None
    ) -> None:
        self.name, self.is_personal = name, is_personal
        self.summed = summed
        """What is told of every member instead."""

    def course(self, trace: Trace, member: int) -> Course | None:
        """The way that led to it."""
        return None

    def line(self, trace: Trace, member: int, depth: int, course: Course | None) -> Working | None:
        """What is told of it, if it has a value."""
        return None


class FactPhrase(Phrase):
    """A fact, and what proves it."""

    def __init__(self, fact: Fact, shown: Shown, *, is_personal: bool) -> None:
        super().__init__(fact.name, is_personal=is_personal)
        self._shown, self._proof = shown, fact.proof
        self._sentence = Words(f"以{fact.proof.zh}为凭", f"as {fact.proof.en} shows")

    def line(self, trace: Trace, member: int, depth: int, course: Course | None) -> Working | None:
        value = trace.value(self.name, member)
        if value.__class__ is Missing:
            return None
        return Working(
            quantity=self.name,
            kind="fact",
            subject=trace.person_ids[member] if self.is_personal else None,
            depth=depth,
            label=self._shown.label,
            value=value,
            unit=self._shown.unit,
            shown=self._shown.words(value),
            arithmetic=None,
            sentence=self._sentence,
            source=None,
            standing=None,
            evidence=Evidence(self._proof, trace.determination_id, trace.decided_on),
        )


class NumberPhrase(Phrase):
    """A dated number: the one in force, of a table the one entry that was read."""

    looks = False

    def __init__(self, number: Number, book: Phrasebook, *, is_personal: bool) -> None:
        super().__init__(number.declaration.name, is_personal=is_personal)
        self._number, self._book = number, book
        self._lines: dict[tuple[int | None, int], Working] = {}

    def line(self, trace: Trace, member: int, depth: int, course: Course | None) -> Working | None:
        value, by = trace.value(self.name), self._number.declaration.by
        if value.__class__ is Missing:
            return None
        code = None if by is None else trace.value(by, member)
        if code is not None and (code.__class__ is Missing or code not in value):
            return None
        # Whoever reads it is told the same.
        if (code, depth) not in self._lines:
            self._lines[code, depth] = self._line(code, depth)
        return self._lines[code, depth]

    def _line(self, code: int | None, depth: int) -> Working:
        dated = self._number.at(self._book.month, code)
        assert dated is not None
        shown, label = self._book.shown(self.name), self._number.declaration.label
        if code is not None:
            of = self._number.declaration.codes[code].words
            label = Words(f"{label.zh}（{of.zh}）", f"{label.en} ({of.en})")
        since = month_text(dated.since)
        return Working(
            quantity=self.name,
            kind="number",
            subject=None,
            depth=depth,
            label=label,
            value=dated.amount,
            unit=shown.unit,
            shown=shown.words(dated.amount),
            arithmetic=None,
            sentence=Words(f"自 {since} 起执行", f"in force since {since}"),
            source=self._book.source(dated.source),
            standing=dated.standing.name.lower(),
            evidence=None,
        )


class RulePhrase(Phrase):
    """A rule, with the ways it was seen to go."""

    def __init__(self, rule: Rule, book: Phrasebook, *, is_personal: bool) -> None:
        super().__init__(rule.name, is_personal=is_personal)
        self._rule = rule
        self._book = book
        self._kind = "rule" if rule.threshold is None else "test"
        self._shown, self._source = book.shown(rule.name), book.source(rule.source)
        self._crossroads = crossroads(rule.tree)
        self._courses: dict[Went, Course] = {}

    def course(self, trace: Trace, member: int) -> Course:
        went = self._crossroads.went([trace.value(name, member) for name in self._rule.parameters])
        if went not in self._courses:
            way = self._crossroads.way(went)
            parts = tuple(self._book.phrase(name) for name in self._crossroads.names_read(way))
            self._courses[went] = Course(parts, partial(self._template, way))
        return self._courses[went]

    def line(self, trace: Trace, member: int, depth: int, course: Course | None) -> Working | None:
        value, rule = trace.value(self.name, member), self._rule
        if value.__class__ is Missing:
            return None
        assert course is not None
        return Working(
            quantity=self.name,
            kind=self._kind,
            subject=trace.person_ids[member] if self.is_personal else None,
            depth=depth,
            label=rule.label,
            value=value,
            unit=rule.unit,
            shown=self._shown.words(value),
            arithmetic=Told(partial(course.arithmetic, trace, member)),
            sentence=rule.sentence,
            source=self._source,
            standing=None,
            evidence=None,
        )

    def _template(self, way: Way, tongue: str) -> Template:
        shown = {name: self._book.shown(name) for name in self._rule.parameters}
        rendering = Rendering(way, shown, self._shown, chinese=tongue == "zh")
        return rendering.of(self._rule.tree)


class Course:
    """One way through a rule: what was read on it, and its arithmetic in either language."""

    def __init__(self, parts: Sequence[Phrase], written: Callable[[str], Template]) -> None:
        self.parts = parts
        self._written = written
        self._templates: dict[str, Template] = {}

    def arithmetic(self, trace: Trace, member: int, tongue: str) -> str:
        """The arithmetic with the values of a trace put in."""
        if tongue not in self._templates:
            self._templates[tongue] = self._written(tongue)
        template = self._templates[tongue]
        found = []
        for gap in template.gaps:
            value = trace.value(gap.name, member)
            if gap.key is not None:
                value = value[trace.value(gap.key, member)]
            words = gap.shown.words(value)
            found.append(words.zh if tongue == "zh" else words.en)
        return template.text % tuple(found)


class Phrasebook:
    """The phrases of a law in a month, each made when it is first asked for."""

    def __init__(self, kernel: Kernel, month: int, sources: Mapping[str, Source]) -> None:
        self.month = month
        self._kernel = kernel
        self._sources = sources
        self._phrases: dict[str, Phrase] = {}

    def phrase(self, name: str) -> Phrase:
        """What there is to say of a quantity."""
        found = self._phrases.get(name)
        if found is None:
            found = self._phrases[name] = self._phrase(name)
        return found

    def shown(self, name: str) -> Shown:
        """How a quantity is shown where it is named."""
        name = name.removeprefix(SUM)
        if name in self._kernel.facts:
            fact = self._kernel.facts[name]
            return Shown(fact.label, fact.unit, fact.codes)
        if name in self._kernel.rules:
            rule = self._kernel.rules[name]
            return Shown(rule.label, rule.unit, rule.codes)
        if name in self._kernel.numbers:
            declaration = self._kernel.numbers[name].declaration
            return Shown(declaration.label, declaration.unit, declaration.choices)
        return Shown(Words("本月", "this month"), "month", {})

    def source(self, named: str) -> Words:
        """Where something is written; in Chinese without a place that is told in English words."""
        key, _, where = named.partition(" ")
        title = self._sources[key].title if key in self._sources else Words(key, key)
        if not where:
            return title
        place = "" if _ENGLISH.search(where) else f"（{where}）"
        return Words(f"{title.zh}{place}", f"{title.en} ({where})")

    def _phrase(self, name: str) -> Phrase:
        kernel = self._kernel
        kind, is_personal = kernel.kind(name), kernel.is_personal(name)
        if kind is Kind.FACT:
            return FactPhrase(kernel.facts[name], self.shown(name), is_personal=is_personal)
        if kind is Kind.RULE:
            return RulePhrase(kernel.rules[name], self, is_personal=is_personal)
        if kind is Kind.NUMBER:
            number = kernel.numbers[name]
            # A table that is read by something of the person's is told of each person.
            by = number.declaration.by
            return NumberPhrase(number, self, is_personal=by is not None and kernel.is_personal(by))
        if kind is Kind.SUM:
            return Phrase(name, summed=self.phrase(name.removeprefix(SUM)))
        return Phrase(name)
