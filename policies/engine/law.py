"""The law of one place: what it owes a household in a month, and a county's month at once."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policies.counties.outcome import Outcome
from policies.counties.snapshot import Snapshot
from policies.engine.answers import Answer, FailedTest, Programme
from policies.engine.asking import Script
from policies.engine.bench import Bench, Missing
from policies.engine.kernel import Kernel
from policies.engine.sitting import Sitting
from policies.engine.workings import Explained
from policies.reading.documents import month_index
from policies.reading.numbers import Dated
from policies.reading.packs import Pack, Source, facts_of, numbers_of
from policies.reading.places import Place
from policies.reading.words import Words

if TYPE_CHECKING:
    from policies.counties.county import Tool

ENGINE: Final = "1"
"""Raised whenever the engine could give another sum for the same pack."""


class Law:
    """The packs and one place's numbers, checked as a whole; asked by household or by county."""

    def __init__(
        self,
        place: Place,
        packs: Mapping[str, Pack],
        sources: Mapping[str, Source],
        reasons: Mapping[str, Words],
        files: Mapping[str, bytes],
        code_dir: Path | None = None,
    ) -> None:
        self.place = place
        self.packs = packs
        self.sources = sources
        self.code_dir = code_dir
        self.sha256 = _digest(files)
        self._files = files
        self._reasons = reasons
        begun = sorted({rule.since for pack in packs.values() for rule in pack.rules} | {0})
        self._kernels = [(since, Kernel(packs, since)) for since in begun]
        self._scripts: dict[int, Script] = {}
        self._sittings: dict[int, Sitting] = {}
        self._tools: dict[tuple[Kernel, tuple[str, ...]], Tool] = {}
        steps = self._kernels[0][1].programmes
        self.facts = facts_of(packs.values())
        self.numbers = numbers_of(packs.values())
        self.families = {name: each.programmes for name, each in place.families.items()}
        run = [name for names in self.families.values() for name in names]
        self.programmes = {
            name: Programme(
                name=name,
                declared=declared,
                beneficiary_kind=steps[name].award.entity,
                family=place.family_of(name),
                fund=place.fund_of(name),
                budget_items=place.budget_items.get(name),
            )
            for name in (*run, *place.offers, *place.watches)
            if name in steps and (declared := packs[name].programme)
        }

    def assess(
        self,
        household: Mapping[str, Any],
        month: str,
        *,
        programmes: Iterable[str] | None = None,
    ) -> list[Answer]:
        """One answer a beneficiary and programme: the household, and each member of the month."""
        names = self._given() if programmes is None else programmes
        return self._sitting(month_index(month)).assess(household, names)

    def _given(self) -> list[str]:
        """What the place gives: its programmes without those that only warn."""
        return [name for name in self.programmes if name not in self.place.watches]

    def value(
        self, name: str, household: Mapping[str, Any], month: str, person_id: str | None = None
    ) -> int | str:
        """One quantity of a household or of a member, or the reason it cannot be known."""
        value = self._sitting(month_index(month)).value(name, household, person_id)
        return value.reason if isinstance(value, Missing) else int(value)

    def explain(self, names: Sequence[str], household: Mapping[str, Any], month: str) -> Explained:
        """Quantities of a household, each with everything it was reckoned from, parts first."""
        return self._sitting(month_index(month)).explain(names, household)

    def failed(self, programme: str, household: Mapping[str, Any], month: str) -> FailedTest | None:
        """The first test of a household's programme that it fails, whether or not the place gives
        it; None where it passes each, as far as that is known."""
        for test in self.kernel(month).programmes[programme].tests:
            value = self.value(test.name, household, month)
            assert test.passes_from is not None, "a test has a threshold"
            assert test.otherwise is not None, "a test says what is so otherwise"
            if isinstance(value, int) and value < test.passes_from:
                short_by = (test.threshold or 0) - value
                return FailedTest(test.name, short_by, test.unit, test.otherwise)
        return None

    def number(self, name: str, month: str, code: int | None = None) -> Dated | None:
        """The amount of a dated number in force in a month, with its source; none in a gap."""
        return self.numbers[name].at(month_index(month), code)

    def is_quantity(self, name: str) -> bool:
        """Whether some rule gives a quantity of this name."""
        return any(name in kernel.rules for _, kernel in self._kernels)

    def snapshot(self, determinations: Iterable[Mapping[str, Any]]) -> Snapshot:
        """The words of determinations as columns, in the order given, as this law reads them."""
        return Snapshot.of(determinations, self.facts)

    def award_county(
        self,
        snapshot: Snapshot,
        month: str,
        *,
        family: str | None = None,
        programmes: Iterable[str] | None = None,
        start: int = 0,
        stop: int | None = None,
    ) -> Outcome:
        """Awards above zero and holds of a county's month, or of a part of it."""
        index = month_index(month)
        bench = self._sitting(index).bench
        whole = self._given() if family is None else self.families[family]
        names = tuple(whole if programmes is None else programmes)
        rows = range(start, len(snapshot) if stop is None else min(stop, len(snapshot)))
        return self._tool(bench.kernel, names).award(snapshot, bench, rows)

    def supposing(self, numbers: Mapping[str, int | Mapping[int, int]]) -> "Law":
        """The same law with other amounts for every month: what if?"""
        unknown = numbers.keys() - self.numbers.keys()
        if unknown:
            raise ValueError(f"no number is called {', '.join(sorted(unknown))}")
        packs = {
            name: replace(
                pack,
                numbers={
                    each: number.with_amount(numbers[each]) if each in numbers else number
                    for each, number in pack.numbers.items()
                },
            )
            for name, pack in self.packs.items()
        }
        supposed = json.dumps(numbers, sort_keys=True).encode()
        law = Law(
            self.place,
            packs,
            self.sources,
            self._reasons,
            {**self._files, "supposed": supposed},
            self.code_dir,
        )
        law._scripts = self._scripts  # Of other amounts, but of the same rules.
        return law

    def kernel(self, month: str) -> Kernel:
        """The rules in force in a month, and how they hang together."""
        return self._sitting(month_index(month)).bench.kernel

    def reason(self, code: str) -> Words:
        """What a reason to hold says, in both languages."""
        for key, words in self._reasons.items():
            if code == key:
                return words
            if code.startswith(f"{key}-"):
                label = self._label(code.removeprefix(f"{key}-"))
                return Words(
                    words.zh.replace("{label}", label.zh), words.en.replace("{label}", label.en)
                )
        raise ValueError(f"{code} is no reason of the law")

    def archive(self) -> bytes:
        """Every file the law was read from, as one tar; the same bytes for the same law.

        Unpacked into a folder it loads again: `load(place, folder / "places", folder / "packs")`.
        """
        sink = io.BytesIO()
        with tarfile.open(fileobj=sink, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for name, content in sorted(self._files.items()):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        return sink.getvalue()

    def _sitting(self, month: int) -> Sitting:
        if month not in self._sittings:
            since, kernel = next(each for each in reversed(self._kernels) if each[0] <= month)
            bench = Bench(kernel, month)
            script = self._scripts.setdefault(since, Script(kernel))
            self._sittings[month] = Sitting(bench, script, self.programmes, self.sources)
        return self._sittings[month]

    def _tool(self, kernel: Kernel, names: tuple[str, ...]) -> "Tool":
        from policies.counties.county import (
            Tool,  # Brings the compiler, which no single household needs.
        )

        if (kernel, names) not in self._tools:
            terms = [self.programmes[name].terms for name in names]
            self._tools[kernel, names] = Tool(kernel, terms, self.code_dir)
        return self._tools[kernel, names]

    def _label(self, name: str) -> Words:
        if name in self.facts:
            return self.facts[name].label
        kernel = self._kernels[-1][1]
        if name in kernel.rules:
            return kernel.rules[name].label
        return kernel.numbers[name].declaration.label


def _digest(files: Mapping[str, bytes]) -> str:
    """Over the engine's version, and every file's name and bytes in order."""
    total = hashlib.sha256(f"engine {ENGINE}\n".encode())
    for name, content in sorted(files.items()):
        total.update(f"{name} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()
