"""What a review found, and the day of the visit from which the next one is reckoned."""

from datetime import date

from sqlmodel import col, select

from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.models import Review


async def close_review(tools: Tools, at: Standing) -> None:
    """Write down what was found; whether the visit was typed the same day or weeks later."""
    assert at.case.household_id is not None, "a review is about a household"
    statement = select(Review).where(col(Review.case_id) == at.case.id)
    review = (await tools.session.exec(statement)).first() or Review(
        county=at.case.county,
        household_id=at.case.household_id,
        case_id=at.case.id,
        opened_at=at.case.opened_at,
    )
    chosen = at.last("choose-survey")
    visits = {str(each.words["survey_id"]): each for each in at.done("survey")}
    visit = visits[str(chosen.words["survey_id"])] if chosen else next(iter(visits.values()))
    review.visited_on = date.fromisoformat(str(visit.words["visited_on"]))
    review.outcome = str(at.words.get("found", "unchanged"))
    review.stability = str(at.words["stability"])
    tools.session.add(review)
