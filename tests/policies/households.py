"""Households for the tests of the law: readable ones by hand, hostile ones by the thousand."""

from datetime import date
from random import Random
from typing import Any

from hypothesis import strategies as st

import policies
from policies.reading.facts import HOUSEHOLD, NOT_APPLICABLE_WORD, PERSON, Fact

NATION = policies.load("nation")


def ordinary(entity: str) -> dict[str, object]:
    """What nothing unusual is known of."""
    facts = NATION.facts.values()
    return {fact.name: fact.ordinary_word for fact in facts if fact.entity == entity}


def a_person(
    person_id: str = "li-wei", since: str | None = None, **facts: object
) -> dict[str, Any]:
    """A member of ordinary circumstances, but for what is said."""
    return {
        "person_id": person_id,
        "since": since,
        "until": None,
        "facts": {**ordinary(PERSON), **facts},
    }


def a_household(
    *members: dict[str, Any],
    household_id: str = "household-1",
    from_month: str = "2026-10",
    until_month: str | None = None,
    **facts: object,
) -> dict[str, Any]:
    """A rural household on dibao without income, but for what is said."""
    return {
        "determination_id": f"determination-of-{household_id}",
        "household_id": household_id,
        "village": "511425100201",
        "from_month": from_month,
        "until_month": until_month,
        "decided_on": "2026-09-20",
        "facts": {**ordinary(HOUSEHOLD), "on_dibao": 1, **facts},
        "members": list(members) or [a_person()],
    }


def the_answer(
    law: policies.Law, household: dict[str, Any], programme: str, month: str = "2026-10"
) -> policies.Answer:
    """What a programme says of the first it can say something of."""
    answers = law.assess(household, month)
    return next(each for each in answers if each.programme == programme)


_DATES = st.dates(date(1900, 1, 1), date(2030, 12, 31)).map(
    lambda day: day.year * 10000 + day.month * 100 + day.day
)
_NEAR_DATES = st.tuples(
    st.sampled_from([1926, 1936, 1946, 2026]), st.integers(8, 12), st.integers(1, 30)
).map(lambda parts: parts[0] * 10000 + parts[1] * 100 + parts[2])
_EDGES = [0, 18_999, 19_000, 36_999, 37_000, 38_000, 1_000_000_000]
_HOSTILE: list[object] = [NOT_APPLICABLE_WORD, -1, -(2**63), 2**63, 2**31, "1", 1.0, True, ""]


def words(fact: Fact) -> st.SearchStrategy[object]:
    """A word for a fact: mostly one it can have, sometimes unknown, seldom what cannot be."""
    good: list[st.SearchStrategy[object]] = []
    if fact.unit == "date":
        good += [_NEAR_DATES, _DATES]
    elif fact.codes:
        good += [st.sampled_from([*fact.codes, 1, 1])]
    else:
        good += [st.integers(0, 60_000), st.sampled_from(_EDGES)]
    if fact.may_not_apply:
        good += [st.just(NOT_APPLICABLE_WORD)] * (4 if fact.name == "died_on" else 1)
    # Of forty words one is unknown and one hostile; the small draws, which come most, are good.
    strange = {17: st.none(), 29: st.sampled_from(_HOSTILE)}
    return st.integers(0, 39).flatmap(lambda each: strange.get(each, st.one_of(good)))


def read_by(law: policies.Law, month: str = "2026-10") -> list[Fact]:
    """The facts the programmes of a place may read."""
    kernel = law.kernel(month)
    roots = [root for name in law.programmes for root in kernel.programmes[name].roots()]
    names = {name for root in roots for name in kernel.closure(root.name)} | {"registration"}
    return [fact for fact in law.facts.values() if fact.name in names]


def _facts(facts: list[Fact], entity: str) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({f.name: words(f) for f in facts if f.entity == entity})


_MONTHS = st.sampled_from([None] * 12 + ["2024-12", "2025-01", "2026-09", "2026-10", "2026-11"])


@st.composite
def counties(draw: st.DrawFn, law: policies.Law) -> list[dict[str, Any]]:
    """A few households of up to five members, no person and no household twice."""
    facts_read = read_by(law)
    county = []
    for row in range(draw(st.integers(0, 5))):
        members = [
            {
                "person_id": f"person-{row}-{place}",
                "since": draw(_MONTHS),
                "until": draw(_MONTHS),
                "facts": draw(_facts(facts_read, PERSON)),
            }
            for place in range(draw(st.integers(0, 5)))
        ]
        facts = draw(_facts(facts_read, HOUSEHOLD))
        household = a_household(household_id=f"household-{row}", from_month="2015-01")
        county.append({**household, "facts": facts, "members": members})
    return county


_FROM = st.sampled_from(["2015-01", "2026-09", "2026-10", "2026-11"])


@st.composite
def crowded_counties(draw: st.DrawFn, law: policies.Law) -> list[dict[str, Any]]:
    """Determinations of few households with few people, who so stand in several places at once."""
    county = draw(counties(law))
    for row, household in enumerate(county):
        name = draw(st.sampled_from(["a", "b", f"c{row}"]))
        household |= {"household_id": name, "determination_id": f"{name}-{row}"}
        household |= {"from_month": draw(_FROM), "until_month": draw(_MONTHS)}
        for place, member in enumerate(household["members"]):
            shared = draw(st.sampled_from(["li-wei", "wang-fang", "", ""]))
            member["person_id"] = shared or f"person-{row}-{place}"
    return county


def a_plausible_county(households: int, seed: int) -> list[dict[str, Any]]:
    """Households as a county has them, the same for the same seed; here and there a gap."""
    chance = Random(seed)  # noqa: S311  # Nothing is kept secret by it.

    def known(value: object) -> object:
        return None if chance.random() < 0.01 else value

    def member(person_id: str) -> dict[str, Any]:
        born_on = chance.randint(1924, 2025) * 10000 + chance.randint(1, 12) * 100 + 5
        disabled, tekun = chance.random() < 0.2, chance.random() < 0.05
        return a_person(
            person_id,
            born_on=known(born_on),
            died_on=20260905 if chance.random() < 0.02 else NOT_APPLICABLE_WORD,
            on_tekun=known(int(tekun)),
            care_mode=chance.randint(1, 2) if tekun else NOT_APPLICABLE_WORD,
            disability_grade=chance.randint(1, 4) if disabled else NOT_APPLICABLE_WORD,
            disability_kind=known(chance.randint(1, 7)) if disabled else NOT_APPLICABLE_WORD,
            on_disability_living=int(disabled),
            on_disability_nursing=int(disabled),
            on_old_age=int(born_on < 19480000),
        )

    return [
        a_household(
            *(member(f"person-{row}-{place}") for place in range(chance.randint(1, 6))),
            household_id=f"household-{row}",
            registration=known(chance.randint(1, 2)),
            on_dibao=known(int(chance.random() < 0.8)),
            income_fen_monthly=known(chance.randint(0, 90_000)),
        )
        for row in range(households)
    ]
