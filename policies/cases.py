"""Worked households: what a pack promises, written as a clerk would, and every one a test."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from policies.documents import Entry, read
from policies.facts import FACTS, NOT_APPLICABLE_WORD, Fact
from policies.law import Law

HOUSEHOLD: Final = "household"
_ORDINARY: Final[Mapping[str, Mapping[str, object]]] = {
    "household": {"registration": 2, "on_dibao": 0, "income_fen_monthly": 0},
    "person": {
        "born_on": 1980_01_01,
        "died_on": NOT_APPLICABLE_WORD,
        "on_tekun": 0,
        "care_mode": NOT_APPLICABLE_WORD,
        "self_care": NOT_APPLICABLE_WORD,
        "disability_grade": NOT_APPLICABLE_WORD,
        "disability_kind": NOT_APPLICABLE_WORD,
        "on_disability_living": 0,
        "on_disability_nursing": 0,
        "on_old_age": 0,
    },
}


@dataclass(frozen=True)
class Expected:
    """What one programme says of one beneficiary: a sum, a failed test, or a hold."""

    beneficiary: str
    programme: str
    amount_fen: int | None = None
    fails: str | None = None
    short_by: int | None = None
    held: str | None = None


@dataclass(frozen=True)
class Case:
    """One worked household in one month; what it does not say is ordinary."""

    name: str
    path: Path
    line: int
    month: str
    numbers: Mapping[str, int | dict[int, int]]
    household: Mapping[str, Any]
    expects: tuple[Expected, ...] = field(default=())

    def differences(self, law: Law) -> list[str]:
        """Where the law says something else than the case."""
        supposed = law.supposing(self.numbers) if self.numbers else law
        answers = {
            (HOUSEHOLD if a.beneficiary_kind == HOUSEHOLD else a.beneficiary_id, a.programme): a
            for a in supposed.assess(self.household, self.month)
        }
        found = []
        for expected in self.expects:
            answer = answers.get((expected.beneficiary, expected.programme))
            if answer is None:
                found.append(f"{expected.programme}: no answer for {expected.beneficiary}")
                continue
            failed = answer.failed
            said = Expected(
                beneficiary=expected.beneficiary,
                programme=expected.programme,
                amount_fen=answer.amount_fen if answer.eligible else None,
                fails=failed.test if failed else None,
                short_by=failed.short_by if failed and expected.short_by is not None else None,
                held=answer.held,
            )
            if said != expected:
                found.append(f"{self.path}:{self.line}: expected {expected}, the law says {said}")
        return found


def read_cases(folder: Path, law: Law) -> Iterator[Case]:
    """The cases of a pack's or a place's folder, file by file."""
    for path in sorted(folder.glob("*.yaml")):
        for entry in read(path).items():
            yield _case(entry, law)


def _case(entry: Entry, law: Law) -> Case:
    fields = entry.fields(["name", "month", "expect"], ["numbers", "household", "members"])
    household = fields["household"].mapping() if "household" in fields else {}
    members = fields["members"].mapping() if "members" in fields else {}
    fields["month"].month()
    numbers = fields["numbers"].mapping() if "numbers" in fields else {}
    return Case(
        name=fields["name"].text(),
        path=entry.path,
        line=entry.line,
        month=fields["month"].text(),
        numbers={name: _number(name, each, law) for name, each in numbers.items()},
        household={
            "household_id": HOUSEHOLD,
            "facts": _facts("household", household),
            "members": [
                {"person_id": name, "facts": _facts("person", each.mapping())}
                for name, each in members.items()
            ],
        },
        expects=tuple(_expected(fields["expect"])),
    )


def _facts(entity: str, entries: Mapping[str, Entry]) -> dict[str, object]:
    found = dict(_ORDINARY[entity])
    for name, entry in entries.items():
        if name not in FACTS or FACTS[name].entity != entity:
            raise entry.fault(f"no fact of a {entity} is called {name}")
        found[name] = _word(FACTS[name], entry)
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
    if not entry.is_mapping:
        return entry.integer()
    numbers = {each: found for pack in law.packs.values() for each, found in pack.numbers.items()}
    if name not in numbers:
        raise entry.fault(f"no number is called {name}")
    by_name = {code.name: value for value, code in numbers[name].declaration.codes.items()}
    return {by_name[code]: each.integer() for code, each in entry.fields([], by_name).items()}


def _expected(entry: Entry) -> Iterator[Expected]:
    for beneficiary, programmes in entry.mapping().items():
        for programme, said in programmes.mapping().items():
            if not said.is_mapping:
                yield Expected(beneficiary, programme, amount_fen=said.integer())
                continue
            fields = said.fields([], ["fails", "short_by", "held"])
            yield Expected(
                beneficiary,
                programme,
                fails=fields["fails"].text() if "fails" in fields else None,
                short_by=fields["short_by"].integer() if "short_by" in fields else None,
                held=fields["held"].text() if "held" in fields else None,
            )
