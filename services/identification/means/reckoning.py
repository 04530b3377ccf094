"""What a household lives on, reckoned by the law of its place: each sum, and how it came.

The law reckons means for whoever tests them. What a programme pays is reckoned where money is, from
what was decided; no amount comes from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import policies
from policies.reading.documents import month_text
from policies.reading.numbers import Dated
from services.identification.grammar.acts import Words
from services.identification.means import questions
from services.identification.means.questions import Facts

SUMS: Final = (
    "means_members", "means_period_income_fen", "means_farm_fen_yearly",
    "means_support_fen_yearly", "means_income_fen_yearly", "means_income_per_head_fen_monthly",
    "means_rigid_spending_fen_yearly", "means_net_income_per_head_fen_yearly",
    "means_property_within_rules",
)  # fmt: skip
"""What a page tells of means, parts before wholes."""
INCOME: Final = "means_income_fen_yearly"
PROPERTY: Final = tuple(
    f"means_{kind}_within_rules"
    for kind in ("vehicles", "homes", "savings", "machinery", "enterprises")
)
"""Each kind of property by itself: too much of one is too much, whatever is known of the others."""
SPENDING: Final = "means_rigid_spending_fen_yearly"


@dataclass(frozen=True)
class Living:
    """Facts of a household and, by their keys, of its members, as somebody said or found them."""

    household: Facts = field(default_factory=dict)
    members: Mapping[str, Facts] = field(default_factory=dict)

    def corrected(self, by: "Living") -> "Living":
        """The same, and what was found otherwise in its place."""
        members = {
            key: {**self.members.get(key, {}), **by.members.get(key, {})}
            for key in self.members.keys() | by.members.keys()
        }
        return Living({**self.household, **by.household}, members)

    def in_words(self) -> dict[str, Any]:
        """As it is said between services."""
        return {"household": dict(self.household), "members": dict(self.members)}


@dataclass(frozen=True)
class Sum:
    """One quantity as it was reckoned; without a value there is a reason."""

    name: str
    words: Words
    value: int | None
    shown: Words | None
    missing: Words | None


@dataclass(frozen=True)
class Norm:
    """What the place reckons by: a sum a mu, a head, a month; since when, where it is written."""

    words: Words
    amount_fen: int
    since: str
    source: Words
    standing: str


@dataclass(frozen=True)
class Reckoned:
    """The sums of a household in a month, and every line they came from."""

    month: str
    law_sha256: str
    sums: Sequence[Sum]
    workings: Sequence[policies.Working]


def read_living(said: Any, keys: set[str]) -> Living:
    """Facts as somebody says them of a household and of the members of these keys.

    Raises:
        ValueError: naming what is none of the law's, or of nobody.
    """
    if not isinstance(said, Mapping) or said.keys() - {"household", "members"}:
        raise ValueError("facts of the household, and of members by their keys, are wanted")
    household, members = said.get("household", {}), said.get("members", {})
    if not isinstance(household, Mapping) or not isinstance(members, Mapping):
        raise ValueError("facts are said by their names")
    if members.keys() - keys:
        raise ValueError("nobody of this application has that key")
    if not all(isinstance(each, Mapping) for each in members.values()):
        raise ValueError("facts are said by their names")
    return Living(
        questions.read("household", household),
        {key: questions.read("person", each) for key, each in members.items()},
    )


def reckon(
    law: policies.Law, household: Mapping[str, Any], month: str, names: Sequence[str] = SUMS
) -> Reckoned:
    """Sums of a household in a month, by the words of the law's own list."""
    found = law.explain(names, household, month)
    shown = {each.quantity: each.shown for each in found.workings if each.subject is None}
    rules = law.kernel(month).rules
    sums = []
    for name in names:
        value = found.values[name]
        known = isinstance(value, int)
        sums.append(
            Sum(
                name,
                _both(rules[name].label),
                value if isinstance(value, int) else None,
                _both(shown[name]) if known else None,
                _why(law, str(value)) if not known else None,
            )
        )
    return Reckoned(month, law.sha256, sums, found.workings)


def norms(law: policies.Law, name: str, month: str) -> list[Norm]:
    """A number of the place in a month: one, or one for each code, as far as it has said any."""
    declared = law.numbers[name].declaration
    called: list[tuple[int | None, policies.Words]] = [(None, declared.label)]
    if declared.by:
        called = [(code, each.words) for code, each in declared.codes.items()]
    found = [(words, law.number(name, month, code)) for code, words in called]
    return [_norm(law, words, dated) for words, dated in found if dated is not None]


def asked_here(law: policies.Law, month: str) -> list[questions.Step]:
    """The steps that are asked in this place: not those of a setting it does without."""
    return [
        each
        for each in questions.steps()
        if each.only is None or ((there := law.number(each.only, month)) and there.amount)
    ]


def _norm(law: policies.Law, words: policies.Words, dated: Dated) -> Norm:
    title = law.sources[dated.source.split()[0]].title
    since, standing = month_text(dated.since), dated.standing.name.lower()
    return Norm(_both(words), dated.amount, since, _both(title), standing)


def _why(law: policies.Law, reason: str) -> Words:
    for kind, words in questions.missing().items():
        name = reason.removeprefix(f"{kind}-")
        if name != reason:
            label = law.facts[name].label if name in law.facts else _label(law, name)
            return Words(
                words.zh.replace("{label}", label.zh), words.en.replace("{label}", label.en)
            )
    return _both(law.reason(reason))


def _label(law: policies.Law, name: str) -> policies.Words:
    return law.numbers[name].declaration.label


def _both(words: policies.Words) -> Words:
    return Words(words.zh, words.en)
