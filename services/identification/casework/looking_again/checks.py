"""What a spot check or the county's own visit found otherwise binds: nothing is decided on the old
visit until somebody with authority, who made neither, has chosen between the two.

What the check found counts until another visit is made, signed by somebody who had not visited
before; then nothing is granted but on that. Where nobody visits but the county, what the check
found counts until the application was corrected and is found as it says. Or what was said stays,
for a reason that is said.
"""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework.standing import CORRECT, Standing
from services.identification.casework.visits import CHECKS, WEIGHED, Visits, differs
from services.identification.grammar.history import Done

Need = Callable[[Standing], bool]
_CHECK: Final = "check"
AGAIN: Final = "survey-again"


def wait(at: Visits) -> Done | None:
    """The check that found it otherwise, which nobody has weighed."""
    turned = [each for each in at.this_round() if differs(each) or each.act in WEIGHED]
    return turned[-1] if turned and turned[-1].act in CHECKS else None


def choice_waits(at: Visits) -> bool:
    """Whether somebody has to choose between visits, or between a visit and a check."""
    return at.visits_wait or wait(at) is not None


def _waits(act: str) -> Need:
    def is_met(at: Standing) -> bool:
        check = wait(at)
        return check is not None and check.act == act

    return is_met


def _counts(at: Standing) -> bool:
    """Whether what a check found was chosen, or may be still: the old visit no longer stands."""
    weighed = [each.words["counts"] for each in at.this_round() if each.act in WEIGHED]
    chosen = weighed[-1:] == [_CHECK]
    return wait(at) is not None or (chosen and not _corrected_and_found_so(at))


def _corrected_and_found_so(at: Standing) -> bool:
    """Where a table has no visit to make again: the application was corrected since somebody chose,
    and a check after that found it as it says now."""
    if AGAIN in at.path.acts:
        return False
    since = at.since(*WEIGHED)
    corrected = [place for place, each in enumerate(since) if each.act == CORRECT]
    last = [each for each in since[corrected[-1] :] if each.act in CHECKS] if corrected else []
    return bool(last) and not differs(last[-1])


def _granted_on_what_counts(at: Standing) -> bool:
    return at.words.get("opinion", "grant") != "grant" or not _counts(at)


def _seen_by_another(at: Standing) -> bool:
    """Of whoever signed before a check found it otherwise, one more at least visits now."""
    before = {name for survey_id in at.visited_before_check() for name in at.signers()[survey_id]}
    now = [names for survey_id, names in at.surveys() if survey_id == at.visit_that_counts]
    return not at.checked_otherwise() or any(names - before for names in now)


NEEDS: Final[Mapping[str, Need]] = {
    "spot-check-differs": _waits("spot-check"),
    "home-check-differs": _waits("home-check"),
    "to-be-visited-again": lambda at: at.case.state == "objected" or _counts(at),
    "granted-on-what-counts": _granted_on_what_counts,
    "seen-by-another": _seen_by_another,
}
"""What must be there of checks, by the words the tables use."""
