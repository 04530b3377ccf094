"""The law of one place: what it owes a household in a month, and a county's month at once."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policies.counties.outcome import Outcome
from policies.counties.snapshot import Snapshot
from policies.engine.answers import Answer, FailedTest, Part, Programme
from policies.engine.assessment import NO_MEMBER, Bench, Missing, Reading, read_facts
from policies.engine.kernel import Kernel, Steps
from policies.engine.readable import value_words
from policies.engine.workings import Telling
from policies.reading.documents import month_index
from policies.reading.facts import HOUSEHOLD, PERSON
from policies.reading.packs import Pack, Rule, Source, facts_of, numbers_of
from policies.reading.places import Place
from policies.reading.programmes import MONEY
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
        self._benches: dict[int, Bench] = {}
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
        workings: bool = False,
    ) -> list[Answer]:
        """One answer a beneficiary and programme: the household, and each member of the month."""
        reading, person_ids = self._read(household, month)
        bench = reading.bench
        telling = Telling(
            reading=reading,
            kernel=bench.kernel,
            month=bench.month,
            sources=self.sources,
            person_ids=person_ids,
            determination_id=household.get("determination_id"),
            decided_on=household.get("decided_on"),
        )
        answers = []
        names = self._given() if programmes is None else programmes
        for programme in map(self.programmes.__getitem__, names):
            if programme.beneficiary_kind == "household":
                asked = [(str(household["household_id"]), NO_MEMBER)]
            else:
                asked = list(zip(person_ids, reading.members(), strict=True))
            for beneficiary_id, member in asked:
                answer, reached = self._answer(bench, reading, programme, beneficiary_id, member)
                if workings:
                    answer = replace(answer, workings=telling.lines(reached, member))
                answers.append(answer)
        return answers

    def _given(self) -> list[str]:
        """What the place gives: its programmes without those that only warn."""
        return [name for name in self.programmes if name not in self.place.watches]

    def value(
        self, name: str, household: Mapping[str, Any], month: str, person_id: str | None = None
    ) -> int | str:
        """One quantity of a household or of a member, or the reason it cannot be known."""
        reading, person_ids = self._read(household, month)
        member = NO_MEMBER if person_id is None else person_ids.index(person_id)
        value = reading.value(name, member)
        return value.reason if isinstance(value, Missing) else int(value)

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
        bench = self._bench(index)
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
        return Law(
            self.place,
            packs,
            self.sources,
            self._reasons,
            {**self._files, "supposed": supposed},
            self.code_dir,
        )

    def kernel(self, month: str) -> Kernel:
        """The rules in force in a month, and how they hang together."""
        return self._bench(month_index(month)).kernel

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

    def _read(self, household: Mapping[str, Any], month: str) -> tuple[Reading, list[str]]:
        """A household laid out for a month, and who its members of the month are."""
        bench = self._bench(month_index(month))
        members = [each for each in household["members"] if _is_member(each, bench.month)]
        reading = Reading(
            bench,
            read_facts(self.facts, HOUSEHOLD, household["facts"]),
            [read_facts(self.facts, PERSON, each["facts"]) for each in members],
        )
        return reading, [str(each["person_id"]) for each in members]

    def _bench(self, month: int) -> Bench:
        if month not in self._benches:
            kernel = next(kernel for since, kernel in reversed(self._kernels) if since <= month)
            self._benches[month] = Bench(kernel, month)
        return self._benches[month]

    def _tool(self, kernel: Kernel, names: tuple[str, ...]) -> "Tool":
        from policies.counties.county import (
            Tool,  # Brings the compiler, which no single household needs.
        )

        if (kernel, names) not in self._tools:
            terms = [self.programmes[name].terms for name in names]
            self._tools[kernel, names] = Tool(kernel, terms, self.code_dir)
        return self._tools[kernel, names]

    def _answer(
        self,
        bench: Bench,
        reading: Reading,
        programme: Programme,
        beneficiary_id: str,
        member: int,
    ) -> tuple[Answer, list[Rule]]:
        """The answer, and the rules that were asked on the way to it."""
        steps = bench.kernel.programmes[programme.name]
        verdict, reached = _follow(bench, reading, programme.name, member)
        answer = Answer(
            programme=programme.name,
            beneficiary_kind=programme.beneficiary_kind,
            beneficiary_id=beneficiary_id,
            eligible=False,
            amount_fen=0,
            held=None,
            failed=None,
            budget_item=None,
            fund=programme.fund,
            gives=programme.declared.gives,
            period=programme.declared.period,
            payee=programme.declared.payee,
        )
        if isinstance(verdict, FailedTest):
            return replace(answer, failed=verdict), reached
        if not isinstance(verdict, Missing):
            item = self._budget_item(reading, programme.name)
            payee = _payee(bench, reading, programme, member)
            verdict = next((each for each in (item, payee) if isinstance(each, Missing)), verdict)
        if isinstance(verdict, Missing):
            return replace(answer, eligible=None, amount_fen=None, held=verdict.reason), reached
        assert not isinstance(item, Missing)
        assert not isinstance(payee, Missing)
        money = programme.declared.gives == MONEY
        answer = replace(
            answer,
            eligible=True,
            amount_fen=verdict if money else 0,
            quantity=None if money else verdict,
            unit=steps.award.unit,
            budget_item=item,
            payee=payee,
            parts=_parts(reading, steps, verdict, member),
        )
        return answer, [*reached, *steps.parts, *steps.explanations]

    def _budget_item(self, reading: Reading, programme: str) -> "str | Missing | None":
        """The item by the household's registration, where the place has named items."""
        items = self.place.budget_items.get(programme)
        if items is None:
            return None
        registration = reading.value("registration")
        return registration if isinstance(registration, Missing) else items[registration]

    def _label(self, name: str) -> Words:
        if name in self.facts:
            return self.facts[name].label
        kernel = self._kernels[-1][1]
        if name in kernel.rules:
            return kernel.rules[name].label
        return kernel.numbers[name].declaration.label


def _follow(
    bench: Bench, reading: Reading, programme: str, member: int
) -> tuple["int | Missing | FailedTest", list[Rule]]:
    """The tests in their order, then the sum; only what was reached can hold."""
    steps = bench.kernel.programmes[programme]
    reached: list[Rule] = []
    for test in steps.tests:
        reached.append(test)
        value = reading.value(test.name, member)
        if isinstance(value, Missing):
            return value, reached
        if value < (test.passes_from or 0):
            return _failed(test, value), reached
    reached.append(steps.award)
    amount = reading.value(steps.award.name, member)
    if not isinstance(amount, Missing) and amount < 0:
        amount = Missing(f"rule-fault-{steps.award.name}")
    return amount, reached


def _payee(bench: Bench, reading: Reading, programme: Programme, member: int) -> "str | Missing":
    """Into whose hands it goes; where a coded quantity decides, by that quantity."""
    declared = programme.declared
    if declared.payee_by is None:
        return declared.payee
    code = reading.value(declared.payee_by, member)
    if isinstance(code, Missing):
        return code
    return declared.payee_of(code, bench.kernel.codes(declared.payee_by))


def _parts(reading: Reading, steps: Steps, award: int, member: int) -> tuple[Part, ...]:
    """The shares of an award; a share whose reckoning lacks a number is named without a sum."""
    found = []
    for rule in steps.parts:
        fen = reading.value(rule.name, member)
        if not isinstance(fen, Missing) and fen < 0:
            fen = Missing(f"rule-fault-{rule.name}")
        missing = isinstance(fen, Missing)
        found.append(
            Part(
                name=rule.name,
                words=rule.label,
                to=rule.to,
                paid_by=rule.paid_by,
                amount_fen=None if missing else fen,
                held=fen.reason if missing else None,
            )
        )
    for named in ("to", "paid_by"):
        shares = [each.amount_fen for each in found if getattr(each, named)]
        known = [share for share in shares if share is not None]
        assert not shares or len(known) < len(shares) or sum(known) == award, (
            f"the parts of {steps.award.name} by {named} are not the whole"
        )
    return tuple(found)


def _failed(test: Rule, value: int) -> FailedTest:
    assert test.otherwise is not None
    short_by = (test.threshold or 0) - value
    text = value_words(short_by, test.unit, {})
    words = Words(
        test.otherwise.zh.replace("{short_by}", text.zh),
        test.otherwise.en.replace("{short_by}", text.en),
    )
    return FailedTest(test.name, short_by, test.unit, words)


def _is_member(words: Mapping[str, Any], month: int) -> bool:
    since, until = words.get("since"), words.get("until")
    return (not since or month_index(since) <= month) and (not until or month <= month_index(until))


def _digest(files: Mapping[str, bytes]) -> str:
    """Over the engine's version, and every file's name and bytes in order."""
    total = hashlib.sha256(f"engine {ENGINE}\n".encode())
    for name, content in sorted(files.items()):
        total.update(f"{name} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()
