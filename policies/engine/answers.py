"""What the law says of one beneficiary: owed, not eligible, or held, and how it is made up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from policies.counties.outcome import Terms
from policies.engine.readable import value_words
from policies.engine.workings import Working
from policies.reading.programmes import MONEY, WARNING, Declared
from policies.reading.words import Words


@dataclass(frozen=True)
class Programme:
    """One programme a place offers; one that is given on application has no family."""

    name: str
    declared: Declared
    beneficiary_kind: str
    family: str | None
    fund: str | None
    budget_items: Mapping[int, str] | None

    @property
    def words(self) -> Words:
        """Its name in both languages."""
        return self.declared.name

    @property
    def terms(self) -> Terms:
        """On what terms it is given; what must be readable is asked in the order of an answer."""
        registration = [] if self.budget_items is None else ["registration"]
        payee_by = self.declared.payee_by
        return Terms(
            programme=self.name,
            beneficiary_kind=self.beneficiary_kind,
            fund=self.fund,
            budget_items=self.budget_items,
            is_listed=self.declared.gives in {MONEY, WARNING},
            settled_by=(*registration, *([payee_by] if payee_by else [])),
        )


class FailedTest(NamedTuple):
    """The test a beneficiary did not pass, and by how much."""

    test: str
    short_by: int
    unit: str
    otherwise: Words
    """What is said then, with a gap for the shortfall."""

    @property
    def words(self) -> Words:
        """What is said to whoever failed it."""
        text = value_words(self.short_by, self.unit, {})
        return Words(
            self.otherwise.zh.replace("{short_by}", text.zh),
            self.otherwise.en.replace("{short_by}", text.en),
        )


@dataclass(frozen=True)
class Part:
    """A share of an award: into whose hands (`to`), or from whose purse (`paid_by`)."""

    name: str
    words: Words
    to: str | None
    paid_by: str | None
    amount_fen: int | None
    held: str | None


class Answer(NamedTuple):
    """What a programme says of one beneficiary.

    Of a programme that gives something else than money, `amount_fen` is 0 and `quantity` says how
    much of `unit` is given.
    """

    programme: str
    beneficiary_kind: str
    beneficiary_id: str
    eligible: bool | None
    amount_fen: int | None
    held: str | None
    failed: FailedTest | None
    budget_item: str | None
    fund: str | None
    gives: str
    period: str
    payee: str
    quantity: int | None = None
    unit: str = "fen"
    parts: tuple[Part, ...] = ()
    workings: Sequence[Working] = ()
