"""Whose hands an act may be in: who has looked does not decide, a relative stands aside, and each
level decides what is its own.
"""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework import said_relatives, whose_matter
from services.identification.casework.care import ASSESS, SIGN
from services.identification.casework.decisions import appeals, payees
from services.identification.casework.foresight import READERS
from services.identification.casework.guardians import NAME_GUARDIAN
from services.identification.casework.known_names import known_as
from services.identification.casework.needs import county_visits
from services.identification.casework.own import seeing
from services.identification.casework.standing import (
    CORRECT,
    COUNTY_REACH,
    TOWNSHIP_REACH,
    WRITINGS,
    Standing,
)
from services.identification.casework.visits import VISITS
from services.identification.delegation import (
    COUNTY_DECIDES,
    ENTRUSTED,
    GOVERNMENT,
    TRANSFERRED,
)
from shared.callers import Kind

Need = Callable[[Standing], bool]
_DECIDING_AREAS: Final[Mapping[str, set[int]]] = {
    COUNTY_DECIDES: {COUNTY_REACH},
    ENTRUSTED: {COUNTY_REACH, TOWNSHIP_REACH},
    TRANSFERRED: {TOWNSHIP_REACH},
    GOVERNMENT: {COUNTY_REACH},
}
"""Whose hands decide under an authority, by how many places the code of their area has."""

_LOOK_AT_LETTERS: Final = ("cases:accept", "cases:review")
"""The scopes of whoever looks at a signature that another filed."""


def _not_who_did(*acts: str) -> Need:
    """Whoever did one of these acts does not do this one."""
    return lambda at: at.did_none(*acts)


def _not_the_surveyor(at: Standing) -> bool:
    """Whoever visited, signed a visit, is named by the form of one, or corrected what was said."""
    named = {name for survey_id in at.signers() for name in at.named(survey_id)}
    return at.did_none(*VISITS, "sign-survey", CORRECT) and named.isdisjoint(known_as(at.caller))


def _in_the_countys_hands(at: Standing) -> bool:
    return COUNTY_REACH in at.reach


def _withdrawn_by_the_applicant(at: Standing) -> bool:
    """What is only being written goes as it came; what was handed in once is the applicant's: it
    goes by their own telephone, or over their signature that one officer files and another has
    looked at. Of an appeal neither had a hand in the decision."""
    if at.about is not None and not _not_the_decider(at):
        return False
    if at.caller.kind is Kind.CITIZEN or not whose_matter.was_handed_in(at):
        return True
    letter = at.document(str(at.words.get("letter_id")))
    looks = any(at.caller.has(each) for each in _LOOK_AT_LETTERS)
    return looks and letter is not None and letter.added_by not in known_as(at.caller)


def _another_decides(at: Standing) -> bool:
    """Whoever decided what was set aside does not decide it again."""
    return at.caller.person not in {each.person for each in at.set_aside()}


def _authority_of_its_day(at: Standing) -> bool:
    """The county decides, or the township where the power went over to it; either if entrusted."""
    return bool(at.reach & _DECIDING_AREAS[at.decided_by(at.today).authority])


def _not_the_decider(at: Standing) -> bool:
    return at.caller.person not in appeals.decided_by(at)


def _heard_by_another(at: Standing) -> bool:
    """What is won pays at once: nobody both finds it alone and decides it."""
    return any(each.person != at.caller.person for each in at.done("note-hearing"))


def _not_the_keeper(at: Standing) -> bool:
    """What the law keeps secret is judged by two; that somebody is a minor, nobody judges."""
    if not at.secret_by:
        return True
    return at.caller.person not in at.secret_by and at.did_none("propose")


def _not_the_writer(at: Standing) -> bool:
    """Whoever opened or wrote it may have named a telephone of their own."""
    return at.case.opened_by not in known_as(at.caller) and at.did_none(*WRITINGS)


def _not_signed_by_me(at: Standing) -> bool:
    return at.caller.person not in at.signers().get(str(at.words["survey_id"]), set())


NEEDS: Final[Mapping[str, Need]] = {
    "not-the-surveyor": _not_the_surveyor,
    "not-the-advancer": _not_who_did("advance"),
    "not-the-proposer": _not_who_did("propose"),
    "not-a-relative": lambda at: not at.is_of_a_relative,
    "relative-named": said_relatives.one_is_not_looked_up,
    "officer-named": lambda at: ("officer" in at.words) != ("official" in at.words),
    "relatives-looked-up": said_relatives.are_looked_up,
    "in-the-countys-hands": _in_the_countys_hands,
    "not-the-spot-checker": _not_who_did("spot-check"),
    "not-the-home-checker": _not_who_did("home-check"),
    "withdrawn-by-the-applicant": _withdrawn_by_the_applicant,
    "visited-where-due": county_visits.done_where_due,
    "visited-since-complained": county_visits.made_since_complained,
    "not-the-reader": _not_who_did("read-certificate"),
    "not-the-acceptor": _not_who_did("accept", "accept-from-elsewhere", CORRECT),
    "not-the-answerer": _not_who_did("explain-hits"),
    "not-the-agreements-filer": _not_who_did("agree"),
    "not-the-requester": _not_who_did(*READERS, *payees.REQUESTS, "find-number", NAME_GUARDIAN),
    "another-decides": _another_decides,
    "authority-of-its-day": _authority_of_its_day,
    "not-the-decider": _not_the_decider,
    "heard-by-another": _heard_by_another,
    "not-the-assessor": _not_who_did(ASSESS, SIGN),
    "not-the-checker": _not_who_did("check-child"),
    "not-the-keeper": _not_the_keeper,
    "not-the-writer": _not_the_writer,
    "not-seen-by-me": seeing.not_by_me,
    "not-signed-by-me": _not_signed_by_me,
}
"""The separation of duties, by the words the tables use."""
