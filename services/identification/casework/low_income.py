"""Whether the law finds a household just above dibao, or in hardship through spending, by what was
found of it: then it is found so, and not otherwise.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.identification.casework import means
from services.identification.casework.standing import Standing
from services.identification.grammar.acts import Words
from shared.problems import Conflict

_NO_OTHER: Final = {"on_dibao": 0, "on_edge": 0}
"""What a household is taken to have beside it, until its register is read."""


class NotFoundSo(Conflict):
    """By the law the household is not what it is found to be."""


def proposed(words: Mapping[str, Any]) -> dict[str, int]:
    """What a proposal to grant finds of a household that asked, as the law's facts; of property it
    is asked apart."""
    income = int(words["income_fen_yearly"])
    return {
        "asks_for_low_income": 1,
        "income_fen_yearly": income,
        "income_fen_monthly": income // means.MONTHS_A_YEAR,
        "property_within_rules": 1,
    }


def refused(at: Standing, words: Mapping[str, Any]) -> Words | None:
    """What the law says against a proposal, by the first of its tests that the household fails;
    None while it lacks a number."""
    return _refused(at, proposed(words))


def insist(at: Standing, decided: Mapping[str, Any]) -> None:
    """A household has only a status that the law finds by its facts as they were decided.

    Raises:
        NotFoundSo: it fails a test of the law.
    """
    said = _refused(at, decided)
    if said is not None:
        raise NotFoundSo(said.en, zh=said.zh)


def _refused(at: Standing, facts: Mapping[str, Any]) -> Words | None:
    programme = at.case.category.replace("-", "_")
    household = means.as_the_law_reads(at, means.found(at), {**_NO_OTHER, **facts})
    failed = at.settings.law().failed(programme, household, means.month(at))
    # Whoever shows it sets the last stop.
    return failed and Words(failed.words.zh.removesuffix("。"), failed.words.en)
