"""Where dibao is paid by class: a household's class, and the sum the village sets for class 2.

The village proposes a sum a head inside the band of the place, with minutes; the law says what the
band is, and whoever reckons money pays by what was decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.identification.casework import means
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.grammar.acts import Field, Words
from services.identification.means.reckoning import Sum
from shared.money import yuan_text
from shared.problems import Conflict

BY_CLASS: Final = "dibao_pays_by_class"
BAND_ABOVE: Final = "dibao_band_above_fen"
STANDARD: Final = "dibao_standard_fen"
SUM: Final = "committee_fen"
REASON: Final = "band_reason"
SECOND: Final = 2
CATEGORIES: Final = {"dibao"}
_ASKED: Final = (
    Field(
        SUM,
        "fen",
        Words(
            "二类户每人金额（元，按标准的计发周期，在幅度以内）",
            "sum a head for class 2, over the standard's month or year, inside the band",
        ),
    ),
    Field(
        REASON,
        "text",
        Words("不高于幅度下限的书面理由", "a written reason for a sum at or under the low end"),
        optional=True,
        most=2000,
    ),
)


@dataclass(frozen=True)
class Band:
    """What a sum for class 2 lies between; what the place has not set is not known."""

    above_fen: int | None
    below_fen: int | None


class OutsideTheBand(Conflict):
    """The sum is outside the band the place has set for class 2."""


def pays_by_class(at: Standing) -> bool:
    """Whether the place pays by class and not by difference."""
    if at.case.category not in CATEGORIES:
        return False
    dated = at.settings.law().number(BY_CLASS, means.month(at))
    return dated is not None and dated.amount == 1


def class_of(at: Standing) -> Sum:
    """The class of the household as it was found; without a value, why it is not known."""
    (found,) = means.reckoned(at, means.found(at), ["dibao_class"]).sums
    return found


def is_second(at: Standing) -> bool:
    """Whether the village sets the sum: the place pays by class, and the household is class 2."""
    return pays_by_class(at) and class_of(at).value == SECOND


def is_known(at: Standing) -> bool:
    """Whether the class was found, where there are classes."""
    return not pays_by_class(at) or class_of(at).value is not None


def asked_of_second(at: Standing) -> Mapping[str, Field]:
    """What the meeting about a household of class 2 says besides."""
    return {each.name: each for each in _ASKED} if is_second(at) else {}


async def weigh_class_sum(tools: Tools, at: Standing) -> None:
    """A sum for class 2 lies inside the band; at or under its low end only with a written reason.

    Raises:
        OutsideTheBand: it does not; the band is named.
    """
    if SUM not in at.words:
        return
    names = ("dibao_sum_above_low_end", "dibao_sum_below_standard")
    tests = means.reckoned(at, means.found(at), names, **_facts(at.words)).sums
    if all(each.value == 1 for each in tests):
        return
    band = band_of(at)
    raise OutsideTheBand(
        f"more than {_yuan(band.above_fen)} and less than {_yuan(band.below_fen)} yuan a head;"
        " at or under the low end only with a written reason"
    )


def band_of(at: Standing) -> Band:
    """The band of the place, a head over the standard's month or year."""
    dated = at.settings.law().number(BAND_ABOVE, means.month(at))
    (standard,) = means.reckoned(at, means.found(at), [STANDARD]).sums
    return Band(dated.amount if dated else None, standard.value)


def _yuan(fen: int | None) -> str:
    return "(not set)" if fen is None else yuan_text(fen)


def facts_of(at: Standing) -> dict[str, int]:
    """What the appraisal of this round decided for class 2, as the law's own facts."""
    met = [each for each in at.this_round() if each.act == "appraise" and SUM in each.words]
    return _facts(met[-1].words) if met else {}


def _facts(words: Mapping[str, Any]) -> dict[str, int]:
    """The minutes are on file: no meeting is written down without them."""
    return {
        "dibao_committee_fen": int(words[SUM]),
        "dibao_minutes_filed": 1,
        "dibao_band_reason_filed": int(bool(words.get(REASON))),
    }
