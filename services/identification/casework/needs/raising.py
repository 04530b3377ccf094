"""What may raise what is paid is looked into before it is decided, as an application is; and so is
what an official says lowers it, where the household did not say so itself.

A decision is for the months from its own on. One that reaches back before the last raises nothing
there either: what it names, over what was decided for those months, leaves no more granted there.

Who goes, who dies and who earns more only lowers it. Whatever is not known to lower it may raise
it: somebody comes or counts again, as whoever leaves tekun does in a home on dibao; an income
falls. What is as it was before a death that was none was looked into then. No sum is reckoned here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from services.identification import decisions
from services.identification.casework import authorisations, care, hits, steps
from services.identification.casework.homes import Foresight, Home
from services.identification.casework.needs import seen
from services.identification.casework.paths import HOUSEHOLD, PERSON, endable
from services.identification.casework.standing import OWED_FROM, Standing
from services.identification.casework.tools import Tools
from services.identification.casework.visits import SET_ASIDE
from services.identification.determinations import NOT_APPLICABLE
from shared.months import Month
from shared.problems import Conflict

MONEY: Final = "money"
MAY_RISE: Final = "may-rise"
FOUND: Final = "found"
FALLS: Final = "falls"
"""What a change does: it may raise what is paid; it lowers it as officials found, or as the
household itself reports or a paper shows."""
ENDED_AS_FOUND: Final = ("ground-gone", steps.NEVER_OWED)
"""Acts by which an official found that something ends."""
_FADING: Final = {grant.fading.since for grant in endable().values() if grant.fading}
"""Facts of what is on its way out."""
_ENDED: Final[Mapping[str, Any]] = {
    **{name: said for grant in endable().values() for name, said in grant.ended.items()},
    "asks_for_low_income": 0,
}
"""Facts of what is granted no more."""


class NotLookedInto(Conflict):
    """This may raise what is paid, and nobody looked into it: send it back and hand it in again."""


class CountsAgainUnseen(Conflict):
    """Whoever leaves tekun counts for their household's dibao from then on: visit and compare it
    first, and let it end no earlier than the month of the visit."""


class DecidedSince(Conflict):
    """For that month less was decided than would be paid: name the last decision's, or later."""


def authorised(at: Standing) -> bool:
    """Whether everybody's letter is there: of now; of what officials found, of the application."""
    handed_in, reports = at.last("submit"), [e for e in at.this_round() if e.act == "compare"]
    found = bool(at.done(*ENDED_AS_FOUND)) or (
        handed_in is not None and handed_in.words.get(MONEY) == FOUND
    )
    on_file = found and any("authorised_on" in each.words for each in reports)
    return on_file or not authorisations.unauthorised(at)


def is_looked_into(at: Standing) -> bool:
    """Whether a case is looked into: it was found to raise what is paid, or officials found that it
    falls; where nothing is handed in, it is."""
    handed_in = at.last("submit")
    return handed_in is None or handed_in.words.get(MONEY) != FALLS


def was_looked_into(at: Standing) -> bool:
    """Whether it was, as an application is: visited, compared with everybody's letters, and what
    that brought is settled."""
    visited = seen.is_signed_and_counts(at) and seen.compared(at)
    return visited and authorised(at) and hits.are_settled(at)


async def insist(tools: Tools, at: Standing, found: Foresight, from_month: Month) -> None:
    """What raises is what was looked into: the register may have moved since it was handed in.

    Raises:
        NotLookedInto: it was not.
        CountsAgainUnseen: nor what ends.
        DecidedSince: it raises what was decided for earlier months, and no appeal found it owed.
    """
    handed_in = at.last("submit")
    as_found = handed_in is not None and handed_in.words.get(MONEY) == FOUND
    letters = not as_found or not authorisations.unauthorised(at)
    looked_into = handed_in is not None and is_looked_into(at) and letters
    if found.own.counts_again:
        if not was_looked_into(at) or not (at.done(steps.NEVER_OWED) or from_the_visit_on(at)):
            raise CountsAgainUnseen()
    elif raises(found) and not looked_into:
        raise NotLookedInto()
    if any(str(from_month) >= owed for owed in _owed_from(at)):
        return
    for home in found.homes:
        if home.household is None:
            continue
        earlier = await decisions.stood(tools.session, tools.keys, home.household.id, from_month)
        if any(_leaves_more(home, each) for each in earlier):
            raise DecidedSince()


def from_the_visit_on(at: Standing) -> bool:
    """Money rises with the month of the visit, no earlier; with that of the assessment or paper it
    rests on; or as an appeal found it was owed."""
    from_month, owed = str(at.words["from_month"]), _owed_from(at)
    if from_month < min([care.begins(at), *owed]):
        return False
    if not is_looked_into(at):
        return True
    visits = [e for e in at.done("survey") if e.words["survey_id"] == at.visit_that_counts]
    if not visits:
        return False
    first = str(Month.of(date.fromisoformat(str(visits[-1].words["visited_on"]))))
    return from_month >= min([first, *owed])


def _owed_from(at: Standing) -> list[str]:
    """The month from which an appeal found it owed, where one did."""
    said = [*(each.words for each in at.done(SET_ASIDE)), at.words]
    return [str(words[OWED_FROM]) for words in said if OWED_FROM in words][-1:]


def raises(found: Foresight) -> bool:
    """Whether what is foreseen may raise what is paid to any household."""
    return any(_home_raises(home) for home in found.homes)


def _home_raises(home: Home) -> bool:
    if home.household is None:
        # Whoever parts takes along nothing that is reckoned by income, and applies for it.
        return False
    if home.comes or home.registration not in {None, home.household.registration}:
        return True
    if home.counts_again:
        return True
    of_members = (
        (home.members_before.get(str(person_id), {}), facts)
        for person_id, facts in home.of_members.items()
    )
    return not all(
        _lowers(name, before.get(name), after)
        for before, facts in [(home.facts_before, home.facts), *of_members]
        for name, after in facts.items()
        if name not in (home.as_before if facts is home.facts else care.RESTING_ON_PAPER)
    )


def _leaves_more(home: Home, earlier: Mapping[str, Any]) -> bool:
    """Whether a decision, over what was granted in earlier months, may leave more granted there."""
    members = {each["person_id"]: each["facts"] for each in earlier["members"]}
    left = [(HOUSEHOLD, earlier["facts"], {**earlier["facts"], **home.facts})] + [
        (PERSON, members.get(str(key), {}), {**members.get(str(key), {}), **facts})
        for key, facts in home.of_members.items()
    ]
    return any(
        any(grant.whose == whose and grant.is_on(after) for grant in endable().values())
        and not all(_lowers(name, before.get(name), said) for name, said in after.items())
        for whose, before, after in left
    )


def _lowers(name: str, before: Any, after: Any) -> bool:
    """Whether a fact that is another is known not to raise anything."""
    if before == after or name in _FADING:
        return True
    if name == "income_fen_monthly":
        return isinstance(before, int) and int(after) >= before
    if name == "income_fen_yearly":
        return int(after) >= (before if isinstance(before, int) else 0)
    if name == "away":
        return bool(after != NOT_APPLICABLE)
    if name == "work_offers_refused":
        return int(after) >= (before if isinstance(before, int) else 0)
    return name in _ENDED and bool(_ENDED[name] == after)
