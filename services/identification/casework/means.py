"""What the household of a case lives on: as declared, as each visit found it, and as it counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.identification import registrations
from services.identification.casework import support
from services.identification.casework.applications import AWAY, Member
from services.identification.casework.standing import Standing
from services.identification.casework.visits import VISITS
from services.identification.determinations import NOT_APPLICABLE
from services.identification.means import reckoning
from services.identification.means.questions import Step
from services.identification.means.reckoning import Living, Reckoned
from shared.months import Month, day_number

MONTHS_A_YEAR: Final = 12
NOT_COUNTED: Final = "not_counted"
"""The word of a change under which stands who is of the household and away, and why."""
INCOME: Final = "income_fen_monthly"
_YEARLY: Final = "income_fen_yearly"


@dataclass(frozen=True)
class Visit:
    """What one visit found; it counts when it was chosen, or is the only one."""

    survey_id: str
    visited_on: str
    living: Living
    income_fen_yearly: int | None
    counts: bool


def declared(at: Standing) -> Living:
    """What the application says; of support, where each supporter is recorded, what they owe."""
    said = at.application
    supported = {**said.means, **support.facts(said, at.settings.law, month(at))}
    return Living(supported, {each.key: each.means for each in said.members if each.means})


def is_said(at: Standing, step: Step) -> bool:
    """Whether somebody said anything of what a step asks."""
    asked = {each.fact.name for each in step.questions}
    living = declared(at)
    everybody = [living.household] if step.of == "household" else living.members.values()
    return any(asked & said.keys() for said in everybody)


def visits(at: Standing) -> Iterator[Visit]:
    """What each visit found, in their order."""
    for each in at.done(*VISITS):
        survey_id = str(each.words["survey_id"])
        yield Visit(
            survey_id,
            str(each.words["visited_on"]),
            Living(**each.words.get("means", {})),
            each.words.get(_YEARLY),
            survey_id == at.visit_that_counts,
        )


def as_visited(at: Standing) -> Living:
    """What the visit that counts found, the household's income with it."""
    for each in visits(at):
        if each.counts:
            yearly = each.income_fen_yearly
            income = {} if yearly is None else {_YEARLY: yearly, INCOME: yearly // MONTHS_A_YEAR}
            return Living({**each.living.household, **income}, each.living.members)
    return Living()


def is_covered(at: Standing) -> bool:
    """Whether the incomes that are said are no less than the visit that counts found."""
    visited = as_visited(at).household
    both = [name for name in (_YEARLY, INCOME) if name in visited and name in at.words]
    return all(int(at.words[name]) >= int(visited[name]) for name in both)


def of_months(fen_monthly: int) -> dict[str, int]:
    """An income that is said by the month, as the law's facts."""
    return {_YEARLY: fen_monthly * MONTHS_A_YEAR, INCOME: fen_monthly}


def found(at: Standing) -> Living:
    """What counts: what was declared, and in its place whatever the visit found otherwise."""
    living = declared(at)
    for each in visits(at):
        if each.counts:
            living = living.corrected(each.living)
    return living


def reckoned(
    at: Standing, living: Living, names: Sequence[str] = reckoning.SUMS, **facts: int
) -> Reckoned:
    """Sums by the law of today; `facts` of the household besides are what is decided here."""
    law = at.settings.law()
    return reckoning.reckon(law, as_the_law_reads(at, living, facts), month(at), names)


def income_fen_yearly(at: Standing, living: Living | None = None) -> int | None:
    """The household's income a year by what counts, once everything that it needs is known."""
    (income,) = reckoned(at, living or found(at), [reckoning.INCOME]).sums
    return income.value


def owns_too_much(at: Standing) -> bool:
    """Whether by what counts the household owns more of anything than the place allows, as far as
    it is known and the place says how much that is."""
    return any(each.value == 0 for each in reckoned(at, found(at), reckoning.PROPERTY).sums)


def rigid_spending_fen_yearly(at: Standing) -> int | None:
    """What a year cost that could not be avoided, by what counts, once all of it is known."""
    (spending,) = reckoned(at, found(at), [reckoning.SPENDING]).sums
    return spending.value


def month(at: Standing) -> str:
    """The month whose law and norms hold."""
    return str(Month.of(at.today))


def as_the_law_reads(
    at: Standing, living: Living, facts: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The household in the law's own words."""
    said, away = at.application, handed_in_with(at).get(NOT_COUNTED, {})
    on_tekun = at.lives_in.who_counts().on_tekun if at.lives_in else frozenset[str]()
    registration = registrations.code_of(said.registration)
    return {
        "household_id": str(at.case.id),
        "facts": {"registration": registration, **living.household, **(facts or {})},
        "members": [
            {
                "person_id": each.key,
                "facts": of_member(
                    each,
                    living.members.get(each.key, {}),
                    away.get(each.key),
                    on_tekun=each.key in on_tekun,
                ),
            }
            for each in said.members
            if each.lives_together or each.key in away
        ],
    }


def handed_in_with(at: Standing) -> Mapping[str, Any]:
    """What was found when it was handed in; while it is, that is among its own words."""
    handed_in = at.last("submit")
    return at.words if "money" in at.words or handed_in is None else handed_in.words


def of_member(
    member: Member, facts: Mapping[str, Any], away: int | None = None, *, on_tekun: bool = False
) -> dict[str, Any]:
    """A member in the law's own words, with what else is known of them."""
    born = member.born()
    away = away or (AWAY[member.away] if member.away else None)
    return {
        "born_on": day_number(born) if born else None,
        "died_on": NOT_APPLICABLE,
        "on_tekun": int(on_tekun),
        "away": away or NOT_APPLICABLE,
        "has_temporary_code": int(member.id_number is None),
        "disability_grade": member.disability_grade or NOT_APPLICABLE,
        "disability_kind": member.disability_kind or NOT_APPLICABLE,
        **facts,
    }
