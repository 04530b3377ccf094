"""The county's roster, household by household, with what its statistics table must add up to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from demonstration.population import months
from demonstration.population.assistance import Office, homes
from demonstration.population.households import Household, Maker, Person
from demonstration.population.numbers import AccountNumbers, IdNumbers, PhoneNumbers
from demonstration.population.shares import Shares, Village, banks, villages
from services.identification.roster.columns import COUNTED
from shared.money import yuan_text
from shared.months import Month, months_between

FIRST_MONTH: Final = Month(2026, 10)
_DISABILITIES: Final = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
_GRADES: Final = "一二三四"


@dataclass
class Counts:
    """What the statistics table says, village by village."""

    by_village: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, household: Household) -> None:
        """Count a household."""
        row = self.by_village.setdefault(household.village.code, dict.fromkeys(COUNTED, 0))
        row["households"] += 1
        row["people"] += len(household.people)
        if household.dibao:
            row["dibao_households"] += 1
            row["dibao_people"] += len(household.people)
        for person in household.people:
            row["tekun"] += person.tekun
            row["disability_living"] += person.disability_living
            row["disability_nursing"] += person.disability_nursing
            row["old_age"] += person.old_age

    def total(self, key: str) -> int:
        """One column's sum."""
        return sum(row[key] for row in self.by_village.values())


@dataclass(frozen=True)
class Population:
    """A population: its size, its seed, its county, and the month of the roster."""

    people: int
    seed: int
    county: str = "511425"
    month: Month = FIRST_MONTH
    shares: Shares = field(default_factory=Shares.read)

    def households(self) -> Iterator[Household]:
        """Every household in the order of the roster; the same again for the same numbers."""
        places = villages(self.county)
        their_banks = banks(self.county)
        ids, phones = IdNumbers(), PhoneNumbers()
        day = months.as_of(FIRST_MONTH)
        maker = Maker(self.shares, ids, day)
        office = Office(
            shares=self.shares,
            ids=ids,
            accounts=AccountNumbers(self.seed),
            phones=phones,
            banks=their_banks,
            homes=homes(self.county, places, their_banks, self.seed),
            as_of=day,
        )
        for village, count in self._spread(places):
            left, number = count, 0
            while left:
                number += 1
                name = f"{village.code[6:]}-{number:05d}"
                rng = Random(f"{self.seed}:{name}")  # noqa: S311 # Made-up people, no secrets.
                household = maker.make(rng, village, name, left)
                left -= len(household.people)
                office.consider(rng, household)
                self._until_this_month(household, maker, office)
                yield household

    def _until_this_month(self, household: Household, maker: Maker, office: Office) -> None:
        for step, month in enumerate(months_between(FIRST_MONTH.next(), self.month), start=1):
            rng = Random(f"{self.seed}:{household.number}:{month}")  # noqa: S311 # As above.
            months.pass_by(rng, household, month, maker)
            months.decide_anew(rng, household, step, month, office)

    def _spread(self, places: list[Village]) -> list[tuple[Village, int]]:
        """How many people live where: neighbourhoods are larger; the sum is exact."""
        rng = Random(f"{self.seed}:villages")  # noqa: S311 # As above.
        weights = [rng.uniform(0.6, 1.4) * (2.2 if place.urban else 1.0) for place in places]
        total = sum(weights)
        counts = [int(self.people * weight / total) for weight in weights]
        for index in range(self.people - sum(counts)):
            counts[index % len(counts)] += 1
        return [pair for pair in zip(places, counts, strict=True) if pair[1]]


def row(serial: int, household: Household, person: Person) -> tuple[Any, ...]:
    """One person's row, in the order of the columns; None is an empty cell."""
    head = person.relation == "户主"
    account = person.account
    money: tuple[str | None, ...] = (None,) * 8
    if account is not None:
        money = (
            account.bank, account.number, account.kind, account.since,
            account.relation, account.holder_name, account.holder_number, account.paper,
        )  # fmt: skip
    decided: tuple[str | None, ...] = (None, None, None)
    if head and household.decided_on is not None:
        decided = (
            household.decision_number, household.decided_on.isoformat(), household.from_month
        )  # fmt: skip
    income = household.income_fen if head else None
    grade, kind = person.disability_grade, person.disability_kind
    return (
        serial,
        household.number,
        household.village.code,
        person.relation,
        person.name,
        person.id_number,
        "城镇" if household.urban else "农村",
        person.since,
        person.until,
        None if income is None else yuan_text(income),
        "是" if head and household.dibao else None,
        "是" if person.tekun else None,
        person.care_mode,
        person.self_care,
        None if grade is None else f"{_GRADES[grade - 1]}级",
        None if kind is None else _DISABILITIES[kind - 1],
        "是" if person.disability_living else None,
        "是" if person.disability_nursing else None,
        "是" if person.old_age else None,
        None if person.died_on is None else person.died_on.isoformat(),
        person.phone,
        *money,
        *decided,
    )
