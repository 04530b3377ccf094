"""Worked households: what a pack promises, written as a clerk would, and every one a test.

A case says a month, or a stretch of months (`2026-01..2026-12`: the sums are of all of them), the
facts that matter, and what is expected; facts it does not say are ordinary. `changes` says what
was decided anew from a month on. What is expected is of a programme – a sum in fen, or more than
that by name – or of any quantity, by the name of its rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.engine.answers import Answer
from policies.engine.law import Law
from policies.reading.documents import Entry, apart, month_index, month_text, read
from policies.reading.facts import HOUSEHOLD, NOT_APPLICABLE_WORD, PERSON, Fact


@dataclass(frozen=True)
class Expected:
    """What is said of one beneficiary: by a programme, or of a quantity."""

    beneficiary: str
    name: str
    amount_fen: int | None = None
    quantity: int | None = None
    value: int | None = None
    fails: str | None = None
    short_by: int | None = None
    held: str | None = None
    payee: str | None = None
    to: tuple[tuple[str, int], ...] | None = None
    paid_by: tuple[tuple[str, int], ...] | None = None


@dataclass(frozen=True)
class Change:
    """What is known from a month on."""

    since: int
    facts: Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Case:
    """One worked household in one month, or over a stretch of months."""

    name: str
    path: Path
    line: int
    months: tuple[str, ...]
    numbers: Mapping[str, int | dict[int, int]]
    facts: Mapping[str, Mapping[str, object]]
    changes: tuple[Change, ...] = ()
    expects: tuple[Expected, ...] = ()
    shows: tuple[str, ...] = ()

    @property
    def month(self) -> str:
        """The month, or the first one."""
        return self.months[0]

    def household(self, month: str) -> dict[str, Any]:
        """The words of the household as they stood in a month."""
        facts = {name: dict(each) for name, each in self.facts.items()}
        for change in self.changes:
            if change.since <= month_index(month):
                for name, changed in change.facts.items():
                    facts[name].update(changed)
        members = [name for name in facts if name != HOUSEHOLD]
        return {
            "household_id": HOUSEHOLD,
            "facts": facts[HOUSEHOLD],
            "members": [{"person_id": name, "facts": facts[name]} for name in members],
        }

    def differences(self, law: Law) -> list[str]:
        """Where the law says something else than the case."""
        supposed = law.supposing(self.numbers) if self.numbers else law
        answers: dict[tuple[str, str], list[Answer]] = {}
        for month in self.months:
            for answer in supposed.assess(
                self.household(month), month, programmes=supposed.programmes
            ):
                personal = answer.beneficiary_kind == PERSON
                beneficiary = answer.beneficiary_id if personal else HOUSEHOLD
                answers.setdefault((beneficiary, answer.programme), []).append(answer)
        found = []
        for expected in self.expects:
            said = self._said(
                supposed, expected, answers.get((expected.beneficiary, expected.name))
            )
            if said != expected:
                found.append(f"{self.path}:{self.line}: expected {expected}, the law says {said}")
        return found

    def _said(self, law: Law, expected: Expected, answers: list[Answer] | None) -> Expected:
        """What the law says, told with the same words as what is expected."""
        if answers is None:
            person = None if expected.beneficiary == HOUSEHOLD else expected.beneficiary
            value = law.value(expected.name, self.household(self.month), self.month, person)
            held = value if isinstance(value, str) else None
            number = value if isinstance(value, int) else None
            return Expected(expected.beneficiary, expected.name, value=number, held=held)
        last, failed = answers[-1], answers[-1].failed
        held = next((each.held for each in answers if each.held), None)
        owed = held is None and any(each.eligible for each in answers)
        money = last.gives == "money"
        return Expected(
            beneficiary=expected.beneficiary,
            name=expected.name,
            amount_fen=sum(each.amount_fen or 0 for each in answers) if owed and money else None,
            quantity=last.quantity if owed else None,
            fails=failed.test if failed and not owed else None,
            short_by=failed.short_by if failed and expected.short_by is not None else None,
            held=held,
            payee=last.payee if expected.payee else None,
            to=_shares(answers, "to") if expected.to is not None else None,
            paid_by=_shares(answers, "paid_by") if expected.paid_by is not None else None,
        )


def read_cases(folder: Path, law: Law) -> Iterator[Case]:
    """The cases of a pack's or a place's folder, file by file."""
    for path in sorted(folder.glob("*.yaml")):
        with apart():
            for entry in read(path).items():
                with apart():
                    yield _case(entry, law)


def _shares(answers: list[Answer], by: str) -> tuple[tuple[str, int], ...]:
    """The sums of the parts by receiver or purse, in the order of their names."""
    sums: dict[str, int] = {}
    for part in (part for answer in answers for part in answer.parts):
        name = getattr(part, by)
        if name is not None and part.amount_fen is not None:
            sums[name] = sums.get(name, 0) + part.amount_fen
    return tuple(sorted(sums.items()))


def _case(entry: Entry, law: Law) -> Case:
    fields = entry.fields(
        ["name", "month", "expect"], ["shows", "numbers", "household", "members", "changes"]
    )
    said = _said_facts(fields, law)
    members = fields["members"].mapping() if "members" in fields else {}
    facts = {HOUSEHOLD: _ordinary(law, HOUSEHOLD) | said[HOUSEHOLD]}
    facts |= {name: _ordinary(law, PERSON) | said[name] for name in members}
    changes = []
    for change in fields["changes"].items() if "changes" in fields else ():
        parts = change.fields(["from"], ["household", "members"])
        changed = _said_facts(parts, law)
        for name in changed.keys() - facts.keys():
            raise change.fault(f"nobody is called {name} here")
        changes.append(Change(parts["from"].month(), changed))
    numbers = fields["numbers"].mapping() if "numbers" in fields else {}
    return Case(
        name=fields["name"].text(),
        path=entry.path,
        line=entry.line,
        months=_months(fields["month"]),
        numbers={name: _number(name, each, law) for name, each in numbers.items()},
        facts=facts,
        changes=tuple(changes),
        expects=tuple(_expected(fields["expect"], law, facts)),
        shows=tuple(each.text() for each in fields["shows"].items()) if "shows" in fields else (),
    )


def _months(entry: Entry) -> tuple[str, ...]:
    """A month, or every month of a stretch written `first..last`."""
    first, _, last = entry.text().partition("..")
    try:
        begin, end = month_index(first), month_index(last or first)
    except ValueError as why:
        raise entry.fault(str(why)) from None
    if end < begin:
        raise entry.fault(f"{last} comes before {first}")
    return tuple(month_text(index) for index in range(begin, end + 1))


def _ordinary(law: Law, entity: str) -> dict[str, object]:
    return {f.name: f.ordinary_word for f in law.facts.values() if f.entity == entity}


def _said_facts(fields: Mapping[str, Entry], law: Law) -> dict[str, dict[str, object]]:
    """What is said of the household, and of each member by name."""
    own = fields["household"].mapping() if "household" in fields else {}
    said = {HOUSEHOLD: _facts(HOUSEHOLD, own, law)}
    for name, each in fields["members"].mapping().items() if "members" in fields else ():
        if name == HOUSEHOLD:
            raise each.fault(f"a member cannot be called {HOUSEHOLD}")
        said[name] = _facts(PERSON, each.mapping(), law)
    return said


def _facts(entity: str, entries: Mapping[str, Entry], law: Law) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, entry in entries.items():
        if name not in law.facts or law.facts[name].entity != entity:
            raise entry.fault(f"no fact of a {entity} is called {name}", over=name)
        found[name] = _word(law.facts[name], entry)
    return found


def _word(fact: Fact, entry: Entry) -> object:
    text = entry.text()
    if text in {"unknown", NOT_APPLICABLE_WORD}:
        return None if text == "unknown" else NOT_APPLICABLE_WORD
    by_name = {code.name: value for value, code in fact.codes.items()}
    if text in by_name:
        return by_name[text]
    if fact.unit == "date":
        return int(text.replace("-", ""))
    return entry.integer()


def _number(name: str, entry: Entry, law: Law) -> int | dict[int, int]:
    if name not in law.numbers:
        raise entry.fault(f"no number is called {name}", over=name)
    declaration = law.numbers[name].declaration
    if not entry.is_mapping:
        return declaration.amount(entry)
    by_name = {code.name: value for value, code in declaration.codes.items()}
    fields = entry.fields([], by_name)
    return {by_name[code]: declaration.amount(each) for code, each in fields.items()}


def _expected(
    entry: Entry, law: Law, facts: Mapping[str, Mapping[str, object]]
) -> Iterator[Expected]:
    for beneficiary, names in entry.mapping().items():
        if beneficiary not in facts:
            raise names.fault(f"nobody is called {beneficiary} here")
        for name, said in names.mapping().items():
            if name in law.programmes:
                yield _of_programme(beneficiary, name, said)
            elif law.is_quantity(name):
                yield _of_quantity(beneficiary, name, said)
            else:
                why = f"no programme and no quantity is called {name}"
                raise said.fault(why, over=name)


def _of_quantity(beneficiary: str, name: str, said: Entry) -> Expected:
    if said.is_mapping:
        return Expected(beneficiary, name, held=said.fields(["held"])["held"].text())
    return Expected(beneficiary, name, value=said.integer())


def _of_programme(beneficiary: str, programme: str, said: Entry) -> Expected:
    if not said.is_mapping:
        return Expected(beneficiary, programme, amount_fen=said.integer())
    fields = said.fields(
        [], ["fen", "quantity", "fails", "short_by", "held", "payee", "to", "paid_by"]
    )
    said_of: dict[str, Any] = {}
    for name, each in fields.items():
        if name in {"fen", "quantity", "short_by"}:
            said_of[name] = each.integer()
        elif name in {"to", "paid_by"}:
            shares = each.mapping().items()
            said_of[name] = tuple(sorted((key, share.integer()) for key, share in shares))
        else:
            said_of[name] = each.text()
    return Expected(beneficiary, programme, amount_fen=said_of.pop("fen", None), **said_of)
