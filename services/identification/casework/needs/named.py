"""What must be there before an act: each need by the name the tables use, with what is said if not.

A need is a plain question to where a case stands; it changes nothing and asks nobody.
"""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework import (
    authorisations,
    care,
    classes,
    guardians,
    hits,
    lapsing,
    means,
    objections,
    register_homes,
    support,
    whose_matter,
)
from services.identification.casework.decisions import appeals
from services.identification.casework.lists import postings
from services.identification.casework.looking_again import checks, samples
from services.identification.casework.needs import (
    applying,
    duties,
    filed,
    findings,
    grounds,
    income,
    leaving,
    meetings,
    months,
    raising,
    secret,
    seen,
    temporary,
)
from services.identification.casework.standing import Standing
from services.identification.grammar.acts import Words
from services.identification.grammar.history import dates_are_past

Need = Callable[[Standing], bool]
_OF_WHAT_IS_FOUND: Final = {
    "property-within-rules", "valid-a-year-at-most", "self-care-assessed", "is-a-minor",
    "certificate-read", "stages-fit", "covers-advance",
    "room-for-cause", "whose-named", "spending-reckoned", "child-ground-holds", "ground-holds",
    "works-no-more", "without-income", "without-supporter", "income-as-visited",
    "status-by-law", "of-where-they-live", "not-on-tekun",
}  # fmt: skip
"""Needs of what is found, whoever finds it; the others are of who does it and what came before."""


def _date_not_to_come(at: Standing) -> bool:
    return dates_are_past(at.path.acts.values(), at)


def _looked_into(at: Standing) -> bool:
    """What may raise what is paid was looked into as an application is; what only lowers it is
    decided without."""
    return not raising.is_looked_into(at) or raising.was_looked_into(at)


def _proposed_to_grant(at: Standing) -> bool:
    proposal = at.last("propose")
    return proposal is not None and proposal.words["opinion"] == "grant"


def _refusal_not_told(at: Standing) -> bool:
    """Each decision is told, also one that was made again."""
    since = at.after(at.decided) if at.decided else at.acts
    return all(each.act != "tell-refusal" for each in since)


def _certificate_read(at: Standing) -> bool:
    reading = at.last("read-certificate")
    return reading is not None and bool(reading.words["living"] or reading.words["nursing"])


def _not_extended_before(at: Standing) -> bool:
    return not at.done("extend")


def _decided_already(at: Standing) -> bool:
    return bool(at.set_aside())


def _found_by_the_rules(at: Standing) -> bool:
    """Whoever wins an appeal is granted what the rules of the case give, and nothing else; of what
    nobody looked into nothing is found, and `decided-on-its-matter` bars it."""
    if not appeals.decided_on_its_matter(at):
        return True
    asked = appeals.rests_on(at) & _OF_WHAT_IS_FOUND
    return not asked or all(NEEDS[each](appeals.as_found(at)) for each in asked)


def _property_within_rules(at: Standing) -> bool:
    if at.words.get("opinion") != "grant":
        return True
    return bool(at.words["property_within_rules"]) and not means.owns_too_much(at)


def _valid_a_year_at_most(at: Standing) -> bool:
    most = at.settings.number("rigid_spending_months_max")
    return 1 <= int(at.words["valid_months"]) <= most


NEEDS: Final[Mapping[str, Need]] = {
    **applying.NEEDS,
    **income.NEEDS,
    **meetings.NEEDS,
    **filed.NEEDS,
    **seen.NEEDS,
    **hits.NEEDS,
    **objections.NEEDS,
    **classes.NEEDS,
    **appeals.NEEDS,
    **temporary.NEEDS,
    **leaving.NEEDS,
    **months.NEEDS,
    **findings.NEEDS,
    **duties.NEEDS,
    **secret.NEEDS,
    **postings.NEEDS,
    **samples.NEEDS,
    **checks.NEEDS,
    **guardians.NEEDS,
    **authorisations.NEEDS,
    **support.NEEDS,
    **care.NEEDS,
    **lapsing.NEEDS,
    **whose_matter.NEEDS,
    **grounds.NEEDS,
    **register_homes.NEEDS,
    "date-not-to-come": _date_not_to_come,
    "proposed-to-grant": _proposed_to_grant,
    "refusal-not-told": _refusal_not_told,
    "certificate-read": _certificate_read,
    "not-extended-before": _not_extended_before,
    "set-aside-before": _decided_already,
    "found-by-the-rules": _found_by_the_rules,
    "property-within-rules": _property_within_rules,
    "valid-a-year-at-most": _valid_a_year_at_most,
    "looked-into": _looked_into,
    "from-the-visit-on": raising.from_the_visit_on,
}
"""Every need by the word the tables use; what an officer reads of it is in words.yaml."""
CLOSER: Final[Mapping[str, Callable[[Standing], Words]]] = {
    **income.CLOSER,
    **filed.CLOSER,
    "of-where-they-live": register_homes.in_words,
    "everybody-named": register_homes.others_in_words,
    "nobody-away-unsaid": register_homes.away_in_words,
}
"""Needs that are said with what they come to here."""
