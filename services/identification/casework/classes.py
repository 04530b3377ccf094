"""Where dibao is paid by class: a household's class, and the sum the village sets for class 2.

The village proposes a sum a head inside the band of the place, with minutes; the law says what the
band is, and whoever reckons money pays by what was decided. A sum holds for the class it was set
for and as long as it lies in the band: a change that alters either has it set anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.identification import decisions, registrations
from services.identification.casework import means
from services.identification.casework.homes import Home
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.determinations import living
from services.identification.grammar.acts import Field, Words
from services.identification.means import reckoning
from services.identification.means.reckoning import Sum
from shared.money import yuan_text
from shared.problems import Conflict

BY_CLASS: Final = "dibao_pays_by_class"
BAND_ABOVE: Final = "dibao_band_above_fen"
STANDARD: Final = "dibao_standard_fen"
BY_YEAR: Final = "dibao_standard_is_yearly"
SUM: Final = "committee_fen"
SUM_SET: Final = "dibao_committee_fen"
REASON: Final = "band_reason"
SECOND: Final = 2
CATEGORIES: Final = {"dibao"}
SET_ANEW: Final = "set-sum"
"""The request by which the village is asked to set the sum of a class-2 household again."""
CLASS_BEFORE: Final = "class_before"
CLASS_FALLS: Final = "class_falls"
"""The word of a change that is looked into for its class alone, and that is one of lesser need."""
_SUM_BEFORE: Final = "committee_fen_before"
_REASON_BEFORE: Final = "band_reason_before"
"""The words of a change under which stand the class it began with (0: not known) and the sum."""
_CLASS: Final = "dibao_class"
_BEGAN: Final = (CLASS_BEFORE, _SUM_BEFORE, _REASON_BEFORE)
_IN_BAND: Final = ("dibao_sum_above_low_end", "dibao_sum_below_standard")
NO_SUM: Final[Mapping[str, Any]] = {
    SUM_SET: None,
    "dibao_minutes_filed": 0,
    "dibao_band_reason_filed": 0,
}
ASKED: Final[Mapping[str, Field]] = {
    SUM: Field(
        SUM,
        "fen",
        Words(
            "二类户每人金额（元，按标准的计发周期，在幅度以内）",
            "sum a head for class 2, over the standard's month or year, inside the band",
        ),
    ),
    REASON: Field(
        REASON,
        "text",
        Words("不高于幅度下限的书面理由", "a written reason for a sum at or under the low end"),
        optional=True,
        most=2000,
    ),
}
"""What the meeting about a household of class 2 says besides."""


@dataclass(frozen=True)
class Band:
    """What a sum for class 2 lies between; what the place has not set is not known."""

    above_fen: int | None
    below_fen: int | None


class OutsideTheBand(Conflict):
    """The sum is outside the band the place has set for class 2."""


class SumNotSet(Conflict):
    """The household is of another class, or its sum is outside the band: send the change back, and
    hand it in again, for the village to set the sum anew."""


def is_asked_here(at: Standing) -> bool:
    """Whether the place pays by class and not by difference."""
    dated = at.settings.law().number(BY_CLASS, means.month(at))
    return dated is not None and dated.amount == 1


def pays_by_class(at: Standing) -> bool:
    """Whether a class is found in this case: of who applies for dibao, or is on it and changes."""
    asks = at.case.category in CATEGORIES or CLASS_BEFORE in means.handed_in_with(at)
    return asks and is_asked_here(at)


def class_of(at: Standing) -> Sum:
    """The class of the household as it was found; without a value, why it is not known."""
    (found,) = means.reckoned(at, means.found(at), [_CLASS]).sums
    return found


def is_second(at: Standing) -> bool:
    """Whether the village sets the sum: the place pays by class, the household is class 2, and of
    one that changes the sum that was set before does not stand."""
    return pays_by_class(at) and class_of(at).value == SECOND and not _sum_stands(at)


def is_known(at: Standing) -> bool:
    """Whether the class was found, where there are classes."""
    return not pays_by_class(at) or class_of(at).value is not None


def is_settled(at: Standing) -> bool:
    """Whether the class is known of whoever is for it, and of class 2 the sum: set by a meeting of
    this round, and inside the band by the visit that counts."""
    if at.words.get("opinion", "grant") != "grant":
        return True
    return is_known(at) and not lacks_sum(at)


def lacks_sum(at: Standing) -> bool:
    """Whether the household is class 2, and no meeting of this round set a sum for it."""
    return is_second(at) and not ((facts := facts_of(at)) and _is_in_band(at, facts))


def granted(at: Standing) -> dict[str, int]:
    """What is decided of a sum where a household comes to dibao: of class 2 what was set, of
    another none, whatever was set while it was thought to be class 2."""
    return facts_of(at) if is_second(at) else {}


def asked_of_second(at: Standing) -> Mapping[str, Field]:
    """What the meeting about a household of class 2 says besides."""
    return ASKED if is_second(at) else {}


async def weigh_class_sum(tools: Tools, at: Standing) -> None:
    """A sum for class 2 lies inside the band; at or under its low end only with a written reason.

    Raises:
        OutsideTheBand: it does not; the band is named.
    """
    if SUM not in at.words:
        return
    if _is_in_band(at, _facts(at.words)):
        return
    band = band_of(at)
    raise OutsideTheBand(
        f"more than {_yuan(band.above_fen)} and less than {_yuan(band.below_fen)} yuan a head;"
        " at or under the low end only with a written reason"
    )


async def stood(tools: Tools, at: Standing, home: Home) -> dict[str, int]:
    """What a change of a household on dibao begins with, where the place pays by class: its class
    (0: not known), and the sum the village had set."""
    after = {**home.facts_before, **home.facts}
    assert home.household is not None, "a change is about a household of the register"
    last = await decisions.last(tools.session, tools.keys, home.household.id)
    if not is_asked_here(at) or after.get("on_dibao") != 1 or last is None:
        return {}
    people = [{name: each[name] for name in ("person_id", "facts")} for each in living(last)]
    household = {"household_id": str(at.case.id), "facts": last["facts"], "members": people}
    law, month = at.settings.law(), means.month(at)
    (found,) = reckoning.reckon(law, household, month, [_CLASS]).sums
    facts = last["facts"]
    known = {
        CLASS_BEFORE: found.value or 0,
        _SUM_BEFORE: facts.get(SUM_SET),
        _REASON_BEFORE: facts.get("dibao_band_reason_filed"),
    }
    return {name: said for name, said in known.items() if isinstance(said, int)}


def moves(at: Standing) -> bool:
    """Whether a change alters the class, leaves class 2 with a sum that does not stand, or asks for
    another sum: then the household is looked into."""
    if not pays_by_class(at):
        return False
    now = class_of(at).value
    altered = now not in {None, means.handed_in_with(at)[CLASS_BEFORE]}
    return altered or is_second(at) or _is_asked_for(at)


def falls(at: Standing) -> bool:
    """Whether the class is known to be one of lesser need than it began with: the first is without
    anything, the third has no hard burden."""
    if not pays_by_class(at):
        return False
    now = class_of(at).value
    return now is not None and 0 < means.handed_in_with(at)[CLASS_BEFORE] < now


def way(at: Standing) -> str:
    """Whether the village sets a sum anew before the township gives its opinion."""
    return "anew" if is_second(at) else "stands"


async def facts_after(tools: Tools, at: Standing, home: Home) -> dict[str, Any]:
    """What a change decides of the sum: the new one, none where the class is another.

    Raises:
        SumNotSet: none stands for the class and band of today, or of what was decided meanwhile.
    """
    began = {name: said for name, said in means.handed_in_with(at).items() if name in _BEGAN}
    if at.last("submit") is None or not (began or is_asked_here(at)):
        return {}
    if began != await stood(tools, at, home):
        raise SumNotSet()
    if not pays_by_class(at):
        return {}
    if is_second(at):
        if not (facts := facts_of(at)) or not _is_in_band(at, facts):
            raise SumNotSet()
        return facts
    altered = class_of(at).value not in {None, SECOND}
    return dict(NO_SUM) if altered and _SUM_BEFORE in means.handed_in_with(at) else {}


def _sum_stands(at: Standing) -> bool:
    """Whether the sum that was set before is of this class and in the band of today, and nobody
    asked for another."""
    said = means.handed_in_with(at)
    if _is_asked_for(at) or said.get(CLASS_BEFORE) != SECOND or _SUM_BEFORE not in said:
        return False
    return _is_in_band(at, _facts({SUM: said[_SUM_BEFORE], REASON: said.get(_REASON_BEFORE)}))


def _is_asked_for(at: Standing) -> bool:
    return any(each.act == SET_ANEW for each in at.since("start-over"))


def _is_in_band(at: Standing, facts: Mapping[str, int]) -> bool:
    tests = means.reckoned(at, means.found(at), _IN_BAND, **facts).sums
    return all(each.value == 1 for each in tests)


def band_of(at: Standing) -> Band:
    """The band of the place, a head over the standard's month or year."""
    dated = at.settings.law().number(BAND_ABOVE, means.month(at))
    (standard,) = means.reckoned(at, means.found(at), [STANDARD]).sums
    return Band(dated.amount if dated else None, standard.value)


def told_of(at: Standing) -> str | None:
    """The sum a head that the village has set for class 2, in words; none where it set none."""
    if SUM_SET not in (set_sum := facts_of(at)) or not is_second(at):
        return None
    registration = registrations.code_of(at.application.registration)
    by_year = at.settings.law().number(BY_YEAR, means.month(at), registration)
    each = "年" if by_year is not None and by_year.amount == 1 else "月"
    return f"每人每{each}{yuan_text(set_sum[SUM_SET])}元"


def _yuan(fen: int | None) -> str:
    return "(not set)" if fen is None else yuan_text(fen)


def facts_of(at: Standing) -> dict[str, int]:
    """What the appraisal of this round decided for class 2, as the law's own facts."""
    met = [each for each in at.this_round() if each.act == "appraise" and SUM in each.words]
    return _facts(met[-1].words) if met else {}


def _facts(words: Mapping[str, Any]) -> dict[str, int]:
    """The minutes are on file: no meeting is written down without them."""
    return {
        SUM_SET: int(words[SUM]),
        "dibao_minutes_filed": 1,
        "dibao_band_reason_filed": int(bool(words.get(REASON))),
    }


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "pays-by-class": is_asked_here,
    "class-found": is_known,
    "class-settled": is_settled,
    "class-sum-lacking": lacks_sum,
}
"""What must be there of classes and their sums, by the words the tables use."""
