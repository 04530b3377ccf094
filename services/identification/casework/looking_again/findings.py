"""What a review found: nothing else than was decided, or what a case of its own goes on with.

Whoever is found above the standard leaves; another income is described in a change, as the visit
found it, so that it stays on nobody's paper.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlmodel import col, select

from services.identification import decisions
from services.identification.casework import means, opening, reading
from services.identification.casework.above_standard import refuse_above
from services.identification.casework.means import INCOME
from services.identification.casework.moving import move
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.determinations import living
from services.identification.models import Review
from shared.problems import Conflict

CHANGE: Final = "change"
EXIT: Final = "exit"
_BY_INCOME: Final = ("on_dibao", "on_edge", "on_rigid_spending")


class FoundOtherwise(Conflict):
    """The visit found another income than was decided: this is a change, or they leave."""


async def close_review(desk: Desk, at: Standing) -> Mapping[str, Any] | None:
    """Write down what was found, and open the case that goes on with it.

    The next look is reckoned from the day of the visit, whether it was typed then or weeks later.

    Raises:
        FoundOtherwise, AboveTheStandard: what was found is not what it is said to lead to.
    """
    assert at.case.household_id is not None, "a review is about a household"
    outcome = str(at.words.get("found", "unchanged"))
    found = means.as_visited(at)
    none: dict[str, Any] = {"facts": {}, "members": []}
    last = await decisions.last(desk.session, desk.keys, at.case.household_id) or none
    decided = last["facts"]
    by_income = any(decided.get(name) == 1 for name in _BY_INCOME)
    before = decided.get(INCOME) if by_income else None
    is_other = isinstance(before, int) and found.household.get(INCOME) != before
    if outcome == "unchanged" and is_other:
        raise FoundOtherwise()
    if outcome != EXIT:
        members = {
            each["person_id"]: {**each["facts"], **found.members.get(each["person_id"], {})}
            for each in living(last)
        }
        refuse_above(at, {**decided, **found.household}, members)
    await _write_down(desk, at, outcome)
    if outcome == "unchanged":
        return None
    case = await opening.open_case(desk, outcome, None, at.case.household_id, channel="list")
    if outcome == CHANGE and is_other:
        opened = await reading.stand(desk, case.id)
        reason = f"定期复核（{at.case.receipt}）入户核查"
        words = {INCOME: found.household[INCOME], "reason": reason}
        await move(desk, replace(opened, words=words), opened.path.acts["income"])
    return {"opened": case.receipt}


async def _write_down(desk: Desk, at: Standing, outcome: str) -> None:
    statement = select(Review).where(col(Review.case_id) == at.case.id)
    assert at.case.household_id is not None, "a review is about a household"
    review = (await desk.session.exec(statement)).first() or Review(
        county=at.case.county,
        household_id=at.case.household_id,
        case_id=at.case.id,
        opened_at=at.case.opened_at,
    )
    (visited_on,) = (each.visited_on for each in means.visits(at) if each.counts)
    review.visited_on = date.fromisoformat(visited_on)
    review.outcome = outcome
    review.stability = str(at.words["stability"])
    desk.session.add(review)
