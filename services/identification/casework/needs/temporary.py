"""What must be there before an act of temporary assistance: its type, limits, and whose turn."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from services.identification.casework.standing import COUNTY_REACH, REPLACED, Standing
from shared.months import Month

COUNTY: Final = "county"
TOWNSHIP: Final = "township"
STAGES_MAX: Final = 12
REPORTS: Final = ("report", "correct-report")
"""Acts that report the hardship; the last one counts."""
CAME_BACK: Final = "advance-came-back"
"""What payments does to a case: what it was helped first with came back, or never left."""
RIGHTLY: Final = "rightly_helped"
"""The word of an end by a death that says whether what was paid first was rightly given."""


def reported(at: Standing) -> Mapping[str, Any]:
    """What was reported of the hardship, as it was corrected."""
    return at.done(*REPORTS)[-1].words


def proposed(at: Standing) -> Mapping[str, Any]:
    """What the township proposed, with the level its sum asks for."""
    return at.the_last("propose").words


def paid_first_fen(at: Standing) -> int:
    """What the township has paid first, from its reserve, whether or not it came back."""
    return sum(int(each.words["amount_fen"]) for each in at.done("advance"))


def came_back(at: Standing) -> bool:
    """Whether what was paid first came back before anybody verified it: it is paid no more."""
    return CAME_BACK in {each.act for each in at.acts[: _verified_at(at)]}


def came_back_late(at: Standing) -> bool:
    """Whether it came back when it was verified already, and so was theirs."""
    return bool(at.done(CAME_BACK)) and not came_back(at)


def is_verified(at: Standing) -> bool:
    """Whether what was paid first was verified: granted, won, or found right after a death."""
    return not came_back(at) and _verified_at(at) < len(at.acts)


def _verified_at(at: Standing) -> int:
    """The place of the act that verified it; behind all of them, where none did."""
    found = (
        place
        for place, each in enumerate(at.acts)
        if each.act in {"confirm", REPLACED} or each.words.get(RIGHTLY)
    )
    return next(found, len(at.acts))


def advanced_fen(at: Standing) -> int:
    """What counts as paid first: what the township has paid from its reserve, unless it came back
    before the case was verified."""
    return 0 if came_back(at) else paid_first_fen(at)


def released(at: Standing) -> list[date]:
    """The days on which a stage was released."""
    return [each.done_on for each in at.done("confirm", "release-stage")]


def _helped_where_it_happens(at: Standing) -> bool:
    said = reported(at)
    here = bool(at.settings.words["aid_where_it_happens"]) and said["kind"] == "urgent"
    return here or not said["elsewhere"]


def _urgent(at: Standing) -> bool:
    return bool(reported(at)["kind"] == "urgent")


def _within_advance_limit(at: Standing) -> bool:
    return 0 < int(at.words["amount_fen"]) <= at.settings.number("aid_advance_limit_fen")


def _registered_elsewhere(at: Standing) -> bool:
    return bool(reported(at)["elsewhere"])


def _stages_fit(at: Standing) -> bool:
    """Each stage pays something; what was paid first is no stage."""
    left = int(at.words["amount_fen"]) - advanced_fen(at)
    stages = int(at.words["stages"])
    if at.words["opinion"] != "grant":
        return True
    return int(at.words["amount_fen"]) > 0 and 1 <= stages <= min(STAGES_MAX, max(left, 1))


def _small_if_simple(at: Standing) -> bool:
    limit = at.settings.number("aid_simple_limit_fen")
    return not at.done("simplify") or int(at.words["amount_fen"]) <= limit


def _covers_advance(at: Standing) -> bool:
    return at.words["opinion"] != "grant" or int(at.words["amount_fen"]) >= advanced_fen(at)


def _yours_to_decide(at: Standing) -> bool:
    """What lies before the county is the county's alone. Up to its limit, and where nothing is to
    be given, the township decides, or the county: the only head there may have proposed it."""
    county = at.caller.has("cases:decide") and COUNTY_REACH in at.reach
    return county or (at.case.state == "approving" and at.caller.has("cases:review"))


def _leave_is_the_countys(at: Standing) -> bool:
    asked = at.words.get("repeat_allowed") or at.words.get("above_cap_allowed")
    return not asked or at.case.state == "confirming"


def _room_for_cause(at: Standing) -> bool:
    return int(proposed(at)["same_cause"]) == 0 or bool(at.words.get("repeat_allowed"))


def _home_told(at: Standing) -> bool:
    return not reported(at)["elsewhere"] or bool(at.done("tell-home"))


def _stage_of_another_month(at: Standing) -> bool:
    return max(map(Month.of, released(at))) < Month.of(at.today)


def _helped_before_papers(at: Standing) -> bool:
    """Whoever is in an emergency is helped before papers are asked for."""
    return not _urgent(at) or bool(at.done("advance"))


def _nothing_advanced(at: Standing) -> bool:
    return advanced_fen(at) == 0


def _not_the_reporter(at: Standing) -> bool:
    """Whoever reported the hardship for somebody, or said it anew, decides nothing by it."""
    return at.did_none(*REPORTS)


def _helped_first_once(at: Standing) -> bool:
    """The reserve pays once for a case, even where that came back."""
    return not at.done("advance")


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "helped-where-it-happens": _helped_where_it_happens,
    "not-helped-here": lambda at: not _helped_where_it_happens(at),
    "urgent": _urgent,
    "within-advance-limit": _within_advance_limit,
    "registered-elsewhere": _registered_elsewhere,
    "stages-fit": _stages_fit,
    "small-if-simple": _small_if_simple,
    "covers-advance": _covers_advance,
    "yours-to-decide": _yours_to_decide,
    "leave-is-the-countys": _leave_is_the_countys,
    "room-for-cause": _room_for_cause,
    "home-told": _home_told,
    "stage-of-another-month": _stage_of_another_month,
    "nothing-advanced": _nothing_advanced,
    "helped-first-once": _helped_first_once,
    "not-the-reporter": _not_the_reporter,
    "helped-before-papers": _helped_before_papers,
}
"""The needs of temporary assistance by the word its table uses."""
