"""Who is on what, what was decided, and whose account the money goes to."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from demonstration.population import names
from demonstration.population.households import Account, Household, Person
from demonstration.population.numbers import (
    AccountNumbers,
    IdNumbers,
    PhoneNumbers,
    credit_code,
)
from demonstration.population.shares import Bank, Shares, Village
from shared.months import Month

_MENTAL: Final = (5, 6)  # Intellectual and mental disability.
_ADULT: Final = 18
_OLD: Final = 65
_CARE: Final = ("全自理", "半护理", "全护理")


@dataclass(frozen=True)
class Home:
    """A town's home for the elderly; it is the payee of those who live in it."""

    name: str
    code: str
    account: str
    bank: str


@dataclass(frozen=True)
class Office:
    """Puts households on programmes and writes their accounts down."""

    shares: Shares
    ids: IdNumbers
    accounts: AccountNumbers
    phones: PhoneNumbers
    banks: list[Bank]
    homes: dict[str, Home]
    as_of: date

    def consider(self, rng: Random, household: Household) -> None:
        """Decide once about a household; most are on nothing."""
        for person in household.people:
            self._person_programmes(rng, household, person)
        self._dibao(rng, household)
        if household.dibao:
            percent = self.shares.assistance["disability_living_percent_of_dibao"]
            for person in household.people:
                if person.disability_grade and person.present:
                    person.disability_living = rng.random() * 100 < percent
        if household.assisted:
            self.decide(rng, household, self._decided_on(rng))
            self.pay_to(rng, household, 0)
            self._phones(rng, household)

    def _decided_on(self, rng: Random) -> date:
        """Mostly this month's review; now and then a decision whose money is late (arrears)."""
        earlier = rng.random() * 100 < self.shares.assistance["decided_earlier_percent"]
        return self.as_of - timedelta(days=rng.randrange(25, 75) if earlier else rng.randrange(19))

    def decide(self, rng: Random, household: Household, day: date) -> None:
        """Write a decision down; money runs from the month after it."""
        suffix = "" if household.decision_number is None else f"-{day:%Y%m}"
        household.decision_number = f"青民决〔{day.year}〕{household.number}{suffix}号"
        household.decided_on = day
        household.from_month = str(Month.of(day).next())

    def set_income(self, rng: Random, household: Household) -> None:
        """The income found: below the standard, a few times at it or above, seldom unknown."""
        standard = self.shares.standard_fen_monthly(household.urban)
        if rng.random() * 1000 < self.shares.assistance["income_unknown_per_thousand_dibao"]:
            household.income_fen = None
            return
        heads = max(sum(person.present for person in household.people), 1)
        above = rng.random() * 1000 < self.shares.assistance["above_standard_per_thousand_dibao"]
        share = 1 + rng.random() * 0.3 if above else rng.random() ** 0.8 * 0.97
        household.income_fen = int(standard * share * heads) // 100 * 100

    def pay_to(self, rng: Random, household: Household, month: int) -> None:
        """Give the household and its beneficiaries accounts, but for the few who have none."""
        head = household.people[0]
        if household.dibao or head.assisted:
            head.account = self._own_account(rng, household, head, month)
        for person in household.people[1:]:
            if person.assisted:
                person.account = self._account_for(rng, household, person, month)
        if head.tekun:
            self._tekun_account(rng, household, head, month)

    def _person_programmes(self, rng: Random, household: Household, person: Person) -> None:
        words = self.shares.assistance
        age = person.age_on(self.as_of)
        if person.until is not None:
            return
        if age >= words["old_age_from"]:
            person.old_age = rng.random() * 100 < words["old_age_percent"]
        if len(household.people) == 1 and age >= 60:
            person.tekun = rng.random() * 1000 < words["tekun_per_thousand_alone_old"]
        if person.tekun:
            central = rng.random() * 100 < words["tekun_centralised_percent"]
            person.care_mode = "集中" if central else "分散"
            person.self_care = rng.choices(_CARE, words["tekun_self_care_percent"])[0]
            if rng.random() * 1000 < words["self_care_unknown_per_thousand_tekun"]:
                person.self_care = None
        elif person.severe:
            percent = words["disability_nursing_percent_of_severe"]
            person.disability_nursing = rng.random() * 100 < percent

    def _dibao(self, rng: Random, household: Household) -> None:
        words = self.shares.assistance
        if any(person.tekun for person in household.people):
            return
        chance = words["dibao_per_thousand_households"]["urban" if household.urban else "rural"]
        if any(person.severe and person.present for person in household.people):
            chance = words["dibao_per_thousand_households_with_severe_disability"]
        if rng.random() * 1000 < chance and household.people[0].present:
            household.dibao = True
            self.set_income(rng, household)

    def _bank(self, rng: Random, household: Household) -> Bank:
        weights = [
            bank.urban_percent if household.village.urban else bank.rural_percent
            for bank in self.banks
        ]
        return rng.choices(self.banks, weights)[0]

    def _own_account(
        self, rng: Random, household: Household, person: Person, month: int
    ) -> Account | None:
        words = self.shares.accounts
        if rng.random() * 1000 < words["without_any_per_thousand"]:
            return None
        bank = self._bank(rng, household)
        old = person.age_on(self.as_of) >= _OLD
        percent = words["passbook_percent_old" if old else "passbook_percent_others"]
        if bank.kind != "bank" and rng.random() * 100 < percent:
            return Account(bank.name, self.accounts.passbook(bank, month), "存折")
        return Account(bank.name, self.accounts.card(bank, month))

    def _account_for(
        self, rng: Random, household: Household, person: Person, month: int
    ) -> Account | None:
        """A member's own account, or a guardian's, or that of a child who fetches the money."""
        age = person.age_on(self.as_of)
        head = household.people[0]
        helpless = person.severe and person.disability_kind in _MENTAL
        if age < _ADULT or helpless:
            paper = f"监护证明（{household.village.name}）"
            if rng.random() * 100 < self.shares.accounts["guardian_outside_percent"]:
                return self._outsider(rng, household, "监护人", paper, month)
            return self._through(rng, household, head, "监护人", paper, month)
        proxy = self.shares.accounts["proxy_percent_old_age"]
        if person.old_age and head is not person and rng.random() * 100 < proxy:
            return self._through(rng, household, head, "代领人", "委托代领书", month)
        return self._own_account(rng, household, person, month)

    def _through(
        self, rng: Random, household: Household, head: Person, right: str, paper: str, month: int
    ) -> Account | None:
        """By way of the head's account; one is opened where there is none."""
        theirs = head.account or self._own_account(rng, household, head, month)
        if theirs is None:
            return None
        return Account(
            theirs.bank, theirs.number, theirs.kind, theirs.since,
            right, head.name, head.id_number, paper,
        )  # fmt: skip

    def _outsider(
        self, rng: Random, household: Household, right: str, paper: str, month: int
    ) -> Account:
        """By way of somebody who lives in another county."""
        bank = self._bank(rng, household)
        born = date(1965 + rng.randrange(30), 1 + rng.randrange(12), 1 + rng.randrange(28))
        male = rng.random() < 0.5
        name = names.family_name(rng) + names.given_name(rng, self.shares, male)
        number = self.ids.give_elsewhere(rng, born, male, month)
        card = self.accounts.card(bank, month)
        return Account(bank.name, card, "卡", None, right, name, number, paper)

    def _tekun_account(self, rng: Random, household: Household, head: Person, month: int) -> None:
        home = self.homes[household.village.town]
        if head.care_mode == "集中":
            paper = f"入住协议{household.number}"
            head.account = Account(
                home.bank, home.account, "存折", None, "机构", home.name, home.code, paper
            )
        elif rng.random() * 100 < self.shares.accounts["carer_percent_tekun"]:
            paper = f"照料服务协议{household.number}"
            head.account = self._outsider(rng, household, "照料人", paper, month)

    def _phones(self, rng: Random, household: Household) -> None:
        percent = self.shares.words["phones_percent"]
        for person in household.people:
            share = percent["head" if person.relation == "户主" else "member"]
            age = person.age_on(self.as_of)
            if person.present and age >= _ADULT and rng.random() * 100 < share:
                person.phone = self.phones.give()


def homes(county: str, villages: list[Village], banks: list[Bank], seed: int) -> dict[str, Home]:
    """One home for the elderly a town, each with its account."""
    numbers = AccountNumbers(seed)
    towns = sorted({(village.town, village.town_name) for village in villages})
    bank = next(bank for bank in banks if bank.kind == "cooperative")
    # A month no roster reaches: a home's account is nobody's passbook.
    return {
        code: Home(
            f"{name}敬老院", credit_code(county, place), numbers.passbook(bank, 900), bank.name
        )
        for place, (code, name) in enumerate(towns, start=1)
    }
