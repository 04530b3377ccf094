"""Cases that come to no decision: whose papers never came, and whose applicant died before it.

Papers are named once and all together, with a last day; once that is over, another than who named
them may end the case. A death ends it only where nobody is left whom it is for: where others live
on, one of them goes on with it. Whoever noted a death does not end the case by it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.identification.casework import telling
from services.identification.casework.applications import Application, Member
from services.identification.casework.lists import postings
from services.identification.casework.opening import put_application
from services.identification.casework.standing import Standing
from services.identification.casework.steps import STILL_MISSING, WANT_PAPERS
from services.identification.casework.tools import Tools
from services.identification.desk import Desk
from services.identification.roster.columns import HEAD

NOTE_DEATH: Final = "note-death"
DEATH_PROOF: Final = "death-proof"
"""The kind of paper that shows that somebody died."""
_LOOKED_THROUGH_ANEW: Final = ("reopen", "describe-again", "unnote-death")


async def say_until_when(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """The last day on which the missing papers may be brought."""
    del tools
    until = at.settings.add_workdays(at.today, at.settings.number("papers_days"))
    return {"until": until.isoformat()}


async def note_death(desk: Desk, at: Standing) -> None:
    """Whoever it is for died: nothing of it is shown any more."""
    await postings.take_down_list(desk, at)


async def go_on(desk: Desk, at: Standing) -> Mapping[str, Any]:
    """Whoever lives on goes on with it: without the dead, whose guardianships end, and in the name
    of another where it was the applicant's; who applies heads it, where nobody left does."""
    said, dead = at.application, str(at.words["person_key"])
    left = [_without_guardian(each, dead) for each in said.members if each.key != dead]
    next_one = at.words.get("goes_on")
    if next_one is not None:
        left.sort(key=lambda each: each.key != next_one)
    if all(each.relation != HEAD for each in left):
        left[0] = left[0].model_copy(update={"relation": HEAD})
    supporters = [each for each in said.supporters if each.key != dead]
    application = Application.model_validate(
        {
            **dict(said),
            "members": tuple(left),
            "supporters": tuple(supporters),
            "whose": None if said.whose == dead else said.whose,
        }
    )
    await put_application(desk, at.case, application)
    if next_one is not None:
        at.case.applicant_id = await telling.reached_by(desk, at, left[0], application)
    await postings.take_down_list(desk, at)
    return {"application": application.model_dump(mode="json")}


def _without_guardian(member: Member, dead: str) -> Member:
    if member.guardian_key != dead:
        return member
    return member.model_copy(update={"guardian_key": None, "guardian_authority": None})


def _live_on(at: Standing) -> bool:
    """Whether somebody is left for whom it is asked, beside the one who is said to be dead."""
    dead = str(at.words["person_key"])
    if at.path.is_of_one:
        return at.subject is not None and at.subject.key != dead
    return any(each.key != dead and each.lives_together for each in at.application.members)


def _is_of_it(at: Standing) -> bool:
    return any(each.key == at.words["person_key"] for each in at.application.members)


def _nobody_lives_on(at: Standing) -> bool:
    return _is_of_it(at) and not _live_on(at)


def _others_live_on(at: Standing) -> bool:
    return _is_of_it(at) and _live_on(at)


def _goes_on_named(at: Standing) -> bool:
    """Where the applicant died another of them is named, who lives; else nobody."""
    dead, next_one = at.words["person_key"], at.words.get("goes_on")
    applicant = at.application.applicant
    if applicant is None or applicant.key != dead:
        return next_one is None
    return next_one in {each.key for each in at.application.members if each.key != dead}


def _papers_wanted_before(at: Standing) -> bool:
    """Whether what is missing was named, of what it asks for now: once it was described anew, or a
    death that ended it was taken back, it is looked through anew."""
    return any(each.act == WANT_PAPERS for each in at.since(*_LOOKED_THROUGH_ANEW))


def _papers_days_over(at: Standing) -> bool:
    """They were named, all together, and their days are over."""
    until = at.case.state_due_on
    return bool(at.done(WANT_PAPERS)) and until is not None and until < at.today


def _shown_by_another(at: Standing) -> bool:
    """Who decides that somebody is dead has not filed the paper that shows it."""
    noted = at.last(NOTE_DEATH)
    paper = at.document(str(noted.words["proof_id"])) if noted else None
    return paper is not None and paper.added_by != at.caller.subject


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "papers-wanted-before": _papers_wanted_before,
    "papers-not-wanted-before": lambda at: not _papers_wanted_before(at),
    "papers-days-over": _papers_days_over,
    "not-who-wanted-papers": lambda at: at.did_none(WANT_PAPERS, STILL_MISSING),
    "nobody-lives-on": _nobody_lives_on,
    "others-live-on": _others_live_on,
    "goes-on-named": _goes_on_named,
    "not-who-noted-death": lambda at: at.did_none(NOTE_DEATH) and _shown_by_another(at),
}
"""What must be there before a case ends undecided, by the words the tables use."""
