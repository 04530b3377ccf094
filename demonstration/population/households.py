"""Who lives with whom: households of 1 to 15, with ages and relations that fit together."""

from bisect import bisect
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demonstration.population import names
from demonstration.population.numbers import IdNumbers
from demonstration.population.shares import Shares, Village
from shared.months import Month


@dataclass(slots=True)
class Account:
    """Where somebody's money goes, and by which right."""

    bank: str
    number: str
    kind: str = "卡"
    since: str | None = None
    relation: str | None = None
    holder_name: str | None = None
    holder_number: str | None = None
    paper: str | None = None


@dataclass(slots=True)
class Person:
    """One resident."""

    relation: str
    name: str
    id_number: str
    born: date
    male: bool
    since: str
    until: str | None = None
    died_on: date | None = None
    disability_grade: int | None = None
    disability_kind: int | None = None
    phone: str | None = None
    tekun: bool = False
    care_mode: str | None = None
    self_care: str | None = None
    disability_living: bool = False
    disability_nursing: bool = False
    old_age: bool = False
    account: Account | None = None

    def age_on(self, day: date) -> int:
        """Whole years lived."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    @property
    def present(self) -> bool:
        """Alive, and still of the household."""
        return self.died_on is None and self.until is None

    @property
    def severe(self) -> bool:
        """Disabled of grade 1 or 2."""
        return self.disability_grade is not None and self.disability_grade <= 2

    @property
    def assisted(self) -> bool:
        """On something that goes to the person."""
        return self.tekun or self.disability_living or self.disability_nursing or self.old_age


@dataclass(slots=True)
class Household:
    """One household, and what was decided about it."""

    number: str
    village: Village
    urban: bool
    people: list[Person] = field(default_factory=list)
    dibao: bool = False
    income_fen: int | None = None
    decision_number: str | None = None
    decided_on: date | None = None
    from_month: str | None = None

    @property
    def assisted(self) -> bool:
        """Whether anybody here is on anything."""
        return self.dibao or any(person.assisted for person in self.people)


@dataclass(frozen=True)
class Maker:
    """Makes households as of a day."""

    shares: Shares
    ids: IdNumbers
    as_of: date

    def make(self, rng: Random, village: Village, number: str, places_left: int) -> Household:
        """A household of at most `places_left` members."""
        shares = self.shares.households
        size = 1 + bisect(self.shares.sizes, rng.random() * self.shares.sizes[-1])
        size = min(size, len(self.shares.sizes), places_left)
        mixed = rng.random() * 1000 < shares["mixed_registration_per_thousand"]
        household = Household(number, village, village.urban != mixed)
        minority = rng.random() * 1000 < shares["minority_per_thousand"]
        moved_in = rng.random() * 1000 < shares["moved_in_per_thousand"]
        family = None if minority else names.family_name(rng)
        head_age = self._head_age(rng, size)
        for relation, age in _composition(rng, size, head_age):
            household.people.append(self._person(rng, relation, age, family, moved_in))
        self._troubles(rng, household)
        return household

    def newborn(self, rng: Random, household: Household, born: date) -> Person:
        """A child born into a household."""
        head = household.people[0]
        family = None if "·" in head.name else head.name[0]
        male = rng.random() < 0.52
        name = self._name(rng, family, male)
        return Person("子女", name, self.ids.give(born, male), born, male, str(Month.of(born)))

    def _head_age(self, rng: Random, size: int) -> int:
        if size == 1:
            return int(rng.triangular(22, 90, 64))
        if size == 2:
            return int(rng.triangular(26, 87, 57))
        return int(rng.triangular(26, 78, 46))

    def _person(
        self, rng: Random, relation: str, age: int, family: str | None, moved_in: bool
    ) -> Person:
        born = self.as_of - timedelta(days=int((age + rng.random()) * 365.2425) + 1)
        male = rng.random() < (0.72 if relation == "户主" else 0.3 if relation == "配偶" else 0.51)
        own = (
            family if relation not in ("配偶", "其他") or family is None else names.family_name(rng)
        )
        since = Month.of(born) if relation in ("子女", "孙子女") else None
        if moved_in:
            number = self.ids.give_elsewhere(rng, born, male)
            since = Month.of(self.as_of - timedelta(days=rng.randrange(40, 700)))
            since = max(since, Month.of(born))
        else:
            number = self.ids.give(born, male)
            since = since or max(Month(1990 + rng.randrange(30), 1), Month.of(born))
        return Person(relation, self._name(rng, own, male), number, born, male, str(since))

    def _name(self, rng: Random, family: str | None, male: bool) -> str:
        if family is None:
            return names.minority_name(rng, self.shares)
        return family + names.given_name(rng, self.shares, male)

    def _troubles(self, rng: Random, household: Household) -> None:
        """Disabilities, deaths and moves away."""
        by_age = self.shares.words["disability_per_thousand"]
        severe = self.shares.words["severe_percent"]
        deaths = self.shares.words["deaths_per_ten_thousand"]
        gone = self.shares.households["moved_out_per_thousand"]
        last_month = Month.of(self.as_of).previous()
        for person in household.people:
            age = person.age_on(self.as_of)
            stage = "child" if age < 16 else "adult" if age < 60 else "old"
            if rng.random() * 1000 < by_age[stage]:
                person.disability_grade = (
                    rng.choice((1, 2)) if rng.random() * 100 < severe else rng.choice((3, 4))
                )
                person.disability_kind = rng.choices(
                    (1, 2, 3, 4, 5, 6, 7), (12, 14, 3, 45, 9, 13, 4)
                )[0]
            if rng.random() * 10_000 < deaths * (6 if age >= 75 else 0.7):
                person.died_on = max(self.as_of - timedelta(days=rng.randrange(1, 90)), person.born)
            elif person.relation != "户主" and rng.random() * 1000 < gone:
                person.until = str(max(last_month, Month.parse(person.since)))


def _composition(rng: Random, size: int, head_age: int) -> list[tuple[str, int]]:
    """The members' relations to the head and their ages, the head first."""
    members = [("户主", head_age)]
    if size > 1 and rng.random() < (0.72 if size == 2 else 0.9):
        members.append(("配偶", max(head_age - rng.randrange(-3, 7), 21)))
    parents = 0
    while len(members) < size:
        chance = rng.random()
        if chance < 0.24 and parents < 2 and head_age < 66:
            members.append(("父母", min(head_age + rng.randrange(20, 30), 103)))
            parents += 1
        elif chance < 0.36 and head_age >= 48:
            members.append(("孙子女", rng.randrange(0, max(head_age - 44, 2))))
        elif chance < 0.40 and len(members) > 3:
            members.append(("兄弟姐妹", max(head_age - rng.randrange(-8, 9), 18)))
        elif chance < 0.42 and len(members) > 3:
            members.append(("其他", rng.randrange(16, 70)))
        else:
            members.append(("子女", max(head_age - rng.randrange(22, 40), 0)))
    return members
