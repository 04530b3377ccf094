"""The demonstration county's programmes as OpenFisca writes them: vectors, dated parameters.

What the county's settings switch off – the reckoned means test, classes, extras, quarters – is
left out here, which spares this engine work that ours decides at run time.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import MONTH
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.policies.population import HOUSEHOLD_FACTS, NOT_APPLICABLE, PERSON_FACTS

HOUSEHOLD: Final = build_entity(
    "household", "households", "", roles=[{"key": "member", "plural": "members"}]
)
PERSON: Final = build_entity("person", "persons", "", is_person=True)
FORMULAS: Final[dict[str, tuple[Any, Callable[..., Any]]]] = {}


def of_household(formula: Callable[..., Any]) -> Callable[..., Any]:
    """A quantity of the household, under the formula's name."""
    FORMULAS[formula.__name__] = (HOUSEHOLD, formula)
    return formula


def of_person(formula: Callable[..., Any]) -> Callable[..., Any]:
    """A quantity of one person, under the formula's name."""
    FORMULAS[formula.__name__] = (PERSON, formula)
    return formula


def month_index(period: Any) -> int:
    """The month, counted from year 0."""
    return int(period.start.year) * 12 + int(period.start.month) - 1


def month_of(date: Any) -> Any:
    """The month of a date written yyyymmdd."""
    return date // 10000 * 12 + date // 100 % 100 - 1


def by_code(code: Any, amounts: Any) -> Any:
    """The amount of each code of a table."""
    known = list(amounts)
    return np.select([code == int(n[1:]) for n in known], [amounts[n] for n in known], 0)


# In force, and in life.


@of_household
def in_force(household: Any, period: Any) -> Any:
    month = month_index(period)
    return (household("since", period) <= month) * (month <= household("until", period))


@of_person
def is_member(person: Any, period: Any) -> Any:
    month = month_index(period)
    here = (person("joined", period) <= month) * (month <= person("left", period))
    return here * person.household("in_force", period)


@of_person
def last_payable_month_index(person: Any, period: Any, parameters: Any) -> Any:
    died_on = person("died_on", period)
    earlier = 1 - parameters(period).month_of_death_payable
    return np.where(died_on == NOT_APPLICABLE, NOT_APPLICABLE, month_of(died_on) - earlier)


@of_person
def payable_in_life(person: Any, period: Any) -> Any:
    last = person("last_payable_month_index", period)
    return (last == NOT_APPLICABLE) + (month_index(period) <= last)


@of_person
def age_months(person: Any, period: Any, parameters: Any) -> Any:
    counted_from = parameters(period).age_counts_from_month
    return month_index(period) - month_of(person("born_on", period)) - counted_from


@of_person
def age_years(person: Any, period: Any) -> Any:
    return person("age_months", period) // 12


# Dibao.


@of_person
def counts_for_dibao(person: Any, period: Any, parameters: Any) -> Any:
    kept = (person("on_tekun", period) == 1) * (parameters(period).dibao_counts_tekun == 0)
    return person("is_member", period) * person("payable_in_life", period) * (1 - kept)


@of_household
def dibao_members(household: Any, period: Any) -> Any:
    return household.sum(household.members("counts_for_dibao", period))


@of_household
def dibao_standard_fen(household: Any, period: Any, parameters: Any) -> Any:
    table = parameters(period).dibao_standard_fen_monthly
    return by_code(household("registration", period), table)


@of_household
def dibao_household_standard_fen(household: Any, period: Any) -> Any:
    return household("dibao_standard_fen", period) * household("dibao_members", period)


@of_household
def dibao_gap_fen(household: Any, period: Any) -> Any:
    standard = household("dibao_household_standard_fen", period)
    return standard - household("income_fen_monthly", period)


@of_household
def dibao_floor_fen(household: Any, period: Any, parameters: Any) -> Any:
    table = parameters(period).dibao_floor_per_head_fen_monthly
    a_head = by_code(household("registration", period), table)
    return a_head * household("dibao_members", period)


@of_household
def dibao_topup_fen(household: Any, period: Any) -> Any:
    return np.maximum(household("dibao_gap_fen", period), household("dibao_floor_fen", period))


@of_household
def dibao_owed_fen(household: Any, period: Any, parameters: Any) -> Any:
    uplift = parameters(period).dibao_uplift_per_head_fen * household("dibao_members", period)
    return household("dibao_topup_fen", period) + uplift


@of_household
def dibao(household: Any, period: Any, parameters: Any) -> Any:
    step = parameters(period).dibao_rounds_up_to_fen
    eligible = (
        household("in_force", period)
        * (household("on_dibao", period) >= 1)
        * (household("dibao_members", period) >= 1)
        * (household("dibao_gap_fen", period) > 0)
    )
    return -(-household("dibao_owed_fen", period) // step) * step * eligible


# Tekun.


@of_person
def tekun_basic_fen_monthly(person: Any, period: Any, parameters: Any) -> Any:
    at, care_mode = parameters(period), person("care_mode", period)
    urban = by_code(care_mode, at.tekun_urban_basic_fen_monthly)
    rural = by_code(care_mode, at.tekun_rural_basic_fen_monthly)
    return np.where(person.household("registration", period) == 1, urban, rural)


@of_person
def tekun(person: Any, period: Any) -> Any:
    eligible = (
        person("is_member", period)
        * (person("on_tekun", period) >= 1)
        * person("payable_in_life", period)
    )
    return person("tekun_basic_fen_monthly", period) * eligible


# The two disability subsidies.


@of_person
def disability_certified(person: Any, period: Any) -> Any:
    return person("disability_grade", period) != NOT_APPLICABLE


@of_person
def disability_living_without_tekun(person: Any, period: Any, parameters: Any) -> Any:
    beside = parameters(period).disability_living_with_tekun == 1
    return beside + (person("on_tekun", period) == 0)


@of_person
def disability_living(person: Any, period: Any, parameters: Any) -> Any:
    eligible = (
        person("is_member", period)
        * (person("on_disability_living", period) >= 1)
        * person("payable_in_life", period)
        * person("disability_certified", period)
        * (person.household("on_dibao", period) == 1)
        * person("disability_living_without_tekun", period)
    )
    return parameters(period).disability_living_rate_fen_monthly * eligible


@of_person
def disability_nursing_mildest_grade_taken(person: Any, period: Any, parameters: Any) -> Any:
    at, kind = parameters(period), person("disability_kind", period)
    of_mind = (kind == 5) + (kind == 6)
    of_mind_grade = at.disability_nursing_mildest_grade_of_mind
    return np.where(of_mind, of_mind_grade, at.disability_nursing_mildest_grade)


@of_person
def disability_nursing_grades_inside(person: Any, period: Any) -> Any:
    mildest = person("disability_nursing_mildest_grade_taken", period)
    return mildest - person("disability_grade", period)


@of_person
def disability_nursing_without_tekun(person: Any, period: Any, parameters: Any) -> Any:
    beside = parameters(period).disability_nursing_with_tekun == 1
    return beside + (person("on_tekun", period) == 0)


@of_person
def disability_nursing(person: Any, period: Any, parameters: Any) -> Any:
    rate = by_code(
        person("disability_grade", period), parameters(period).disability_nursing_rate_fen_monthly
    )
    eligible = (
        person("is_member", period)
        * (person("on_disability_nursing", period) >= 1)
        * person("payable_in_life", period)
        * person("disability_certified", period)
        * (person("disability_nursing_grades_inside", period) >= 0)
        * person("disability_nursing_without_tekun", period)
    )
    return rate * eligible


# The old-age allowance.


@of_person
def old_age_reached_months(person: Any, period: Any, parameters: Any) -> Any:
    return person("age_months", period) - parameters(period).old_age_first_years * 12


@of_person
def old_age_band(person: Any, period: Any, parameters: Any) -> Any:
    at, years = parameters(period), person("age_years", period)
    second = np.where(years >= at.old_age_second_years, 2, 1)
    return np.where(years >= at.old_age_third_years, 3, second)


@of_person
def old_age_month_of_period(person: Any, period: Any, parameters: Any) -> Any:
    months = by_code(person("old_age_band", period), parameters(period).old_age_period_months)
    return month_index(period) % months + 1


@of_person
def old_age(person: Any, period: Any, parameters: Any) -> Any:
    at, band = parameters(period), person("old_age_band", period)
    total, months = by_code(band, at.old_age_sum_fen), by_code(band, at.old_age_period_months)
    even = total // months
    last = person("old_age_month_of_period", period) == months
    eligible = (
        person("is_member", period)
        * (person("on_old_age", period) >= 1)
        * person("payable_in_life", period)
        * (person("old_age_reached_months", period) >= 0)
    )
    return np.where(last, total - even * (months - 1), even) * eligible


def system(numbers: dict[str, dict[str, int]]) -> Any:
    """The whole, with the numbers in force."""
    found = TaxBenefitSystem([HOUSEHOLD, PERSON])
    inputs = dict.fromkeys((*HOUSEHOLD_FACTS, "since", "until"), HOUSEHOLD)
    inputs |= dict.fromkeys((*PERSON_FACTS, "joined", "left"), PERSON)
    for name, entity in inputs.items():
        found.add_variable(_variable(name, entity, None))
    for name, (entity, formula) in FORMULAS.items():
        found.add_variable(_variable(name, entity, formula))
    nodes: dict[str, Any] = {}
    for name, amounts in numbers.items():
        dated = {code: {"values": {"2000-01-01": {"value": v}}} for code, v in amounts.items()}
        nodes[name] = dated.get("None") or {f"c{code}": each for code, each in dated.items()}
    found.parameters = ParameterNode("", data=nodes)
    return found


def _variable(name: str, entity: Any, formula: Callable[..., Any] | None) -> Any:
    fields = {"value_type": int, "entity": entity, "definition_period": MONTH, "label": name}
    return type(name, (Variable,), fields if formula is None else {**fields, "formula": formula})
