"""The workings of an answer: lines told from a trace when they are read, parts before wholes."""

from collections.abc import Iterator, Sequence
from typing import overload

from policies.engine.bench import Missing
from policies.engine.phrases import Course, Phrase, Phrasebook
from policies.engine.trace import NO_MEMBER, Trace
from policies.engine.workings import Working
from policies.reading.packs import Rule


class Workings(Sequence[Working]):
    """The lines of one answer, told when they are first read."""

    __slots__ = ("_lines", "_member", "_roots", "_telling")

    def __init__(self, telling: "Telling", roots: Sequence[Rule], member: int) -> None:
        self._telling, self._roots, self._member = telling, roots, member
        self._lines: tuple[Working, ...] | None = None

    def __len__(self) -> int:
        return len(self._told())

    def __iter__(self) -> Iterator[Working]:
        return iter(self._told())

    @overload
    def __getitem__(self, at: int) -> Working: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Working, ...]: ...
    def __getitem__(self, at: int | slice) -> Working | tuple[Working, ...]:
        return self._told()[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Workings) and self._told() == other._told()

    def __hash__(self) -> int:
        return hash(self._told())

    def __repr__(self) -> str:
        return repr(self._told())

    def _told(self) -> tuple[Working, ...]:
        if self._lines is None:
            self._lines = self._telling.lines(self._roots, self._member)
        return self._lines


class Telling:
    """The trace of a household, and the words for it; several answers rest on the same lines."""

    __slots__ = ("_book", "_courses", "_told", "_trace")

    def __init__(self, book: Phrasebook, trace: Trace) -> None:
        self._book, self._trace = book, trace
        self._courses: dict[tuple[Phrase, int], Course | None] = {}
        self._told: dict[tuple[Phrase, int, int], Working | None] = {}

    def lines(self, roots: Sequence[Rule], member: int) -> tuple[Working, ...]:
        """The lines of the quantities given, parts before wholes, each once.

        Only what was read on the way is told; a test that the place does not ask is left out.
        """
        lines: list[Working] = []
        seen: set[tuple[Phrase, int]] = set()
        for rule in roots:
            phrase = self._book.phrase(rule.name)
            if rule.threshold is None or self._is_asked(rule, phrase, member):
                self._walk(phrase, member, 0, seen, lines)
        return tuple(lines)

    def _is_asked(self, rule: Rule, phrase: Phrase, member: int) -> bool:
        """Whether a test looked at anything of the household, and not at settings alone."""
        value = self._trace.value(rule.name, member)
        failed = isinstance(value, Missing) or value < (rule.passes_from or 0)
        return failed or self._looks(phrase, member)

    def _looks(self, phrase: Phrase, member: int) -> bool:
        course = self._course(phrase, member)
        if course is None:
            return phrase.looks
        return any(self._looks(part, member) for part in course.parts)

    def _course(self, phrase: Phrase, member: int) -> Course | None:
        key = (phrase, member if phrase.is_personal else NO_MEMBER)
        if key not in self._courses:
            self._courses[key] = phrase.course(self._trace, member)
        return self._courses[key]

    def _walk(
        self,
        phrase: Phrase,
        member: int,
        depth: int,
        seen: set[tuple[Phrase, int]],
        lines: list[Working],
    ) -> None:
        at = member if phrase.is_personal else NO_MEMBER
        if (phrase, at) in seen:
            return
        seen.add((phrase, at))
        if phrase.summed is not None:
            for each in range(len(self._trace.members)):
                self._walk(phrase.summed, each, depth, seen, lines)
            return
        course = self._course(phrase, member)
        if course is not None:
            for part in course.parts:
                self._walk(part, member, depth + 1, seen, lines)
        key = (phrase, at, depth)
        if key not in self._told:
            self._told[key] = phrase.line(self._trace, at, depth, course)
        line = self._told[key]
        if line is not None:
            lines.append(line)
