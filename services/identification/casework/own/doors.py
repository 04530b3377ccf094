"""How far a case is open to the citizen who asks: one rule for what is read, done, and signed.

A telephone that a code was sent to may be anybody's. Until an officer has compared its holder's ID
card with their face, it reads where a case stands, and goes on with what it wrote alone.
"""

from typing import Final
from uuid import UUID

from services.identification.casework import applicants
from services.identification.casework.standing import WRITINGS, Standing
from services.identification.desk import Desk
from services.identification.grammar.moving import NotYours
from services.identification.models import CaseDocument
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller
from shared.problems import Forbidden

WITHDRAW: Final = "withdraw"
BANK_CARD: Final = "bank-card"
PAPERS: Final = (
    "application", "household-register", "id-card", "illness", "outpatient", "income-proof",
    "commitment", "authorisation", "joint-authorisation", "guardianship", "consent",
    "father-proof", "mother-proof",
)  # fmt: skip
"""Kinds of paper that are an applicant's own, whoever filed them; others only what they filed."""
_UNSEEN_ACTS: Final = frozenset({"write", "submit", "report", "bring-papers", "say-relative"})
"""Acts of a telephone whose holder nobody has seen: to write an application and hand it in."""
_UNSEEN_LETTERS: Final = frozenset({"receipt", "missing-papers"})
_OF_ANOTHER: Final = "touched"
"""What the name of a letter to another household begins with: it is theirs."""
_BY_CODE: Final = "code"
SEEN_BY: Final = ("officer", _BY_CODE)
"""Who may prove, as a place sets it, that a telephone is its holder's."""


class IdentityNotSeen(Forbidden):
    """Show your ID card to the village or the township first; then it opens here."""


def is_seen(at: Standing) -> bool:
    """Whether the citizen who asks is known to be who they say, or the place trusts the code."""
    return at.applicant_seen or _is_trusted(at.settings, at.caller)


async def is_holder_seen(desk: Desk) -> bool:
    """The same of the citizen who asks, whichever their case, and where there is none."""
    if _is_trusted(desk.settings, desk.caller):
        return True
    return bool(await applicants.seen(desk.session, [UUID(desk.caller.person)]))


def may_do(at: Standing, act: str) -> bool:
    """Whether an act is open to the citizen: what a stranger wrote is only withdrawn, and a change
    of a household is nobody's whom nobody has seen."""
    if not is_seen(at):
        is_application = not at.path.about_household
        return is_application and act in _UNSEEN_ACTS and _wrote_alone(at)
    return act == WITHDRAW or not applicants.is_by_a_stranger(at.caller, at.case)


def insist(at: Standing, act: str) -> None:
    """Go on only where the act is open to the citizen.

    Raises:
        IdentityNotSeen: nobody has seen who holds this telephone.
        NotYours: another telephone wrote it in their name; they may withdraw it.
    """
    if may_do(at, act):
        return
    if not is_seen(at):
        raise IdentityNotSeen()
    raise NotYours("another telephone wrote it: it can be withdrawn")


def may_read_words(at: Standing) -> bool:
    """Whether what was applied with is read: by who was seen, or while one writes it alone."""
    return is_seen(at) or (
        _wrote_alone(at) and any(act.name == "write" for act in at.path.acts_from(at.case.state))
    )


def may_read_paper(at: Standing, document: CaseDocument) -> bool:
    """Whether a paper is one the citizen may look at.

    Whoever began it by a telephone they named themselves reads what they filed: what an officer
    files is of the person the ID number belongs to.
    """
    if document.added_by == at.caller.subject:
        return True
    if document.kind == BANK_CARD:
        return False  # Of one household each may have an account of their own.
    by_telephone = at.case.opened_by.startswith(applicants.CITIZENS)
    if not is_seen(at) or (by_telephone and not at.caller.has(applicants.ON_RECORD)):
        return False
    return document.kind in PAPERS or document.added_by.startswith(applicants.CITIZENS)


def may_read_letter(at: Standing, letter: str) -> bool:
    """Whether a letter may be read: one that says no more than was written, or by who was seen."""
    if letter.startswith(_OF_ANOTHER):
        return False
    return is_seen(at) or (letter in _UNSEEN_LETTERS and _wrote_alone(at))


def may_print_form(at: Standing) -> bool:
    """Whether a form with the household's names may be printed."""
    return is_seen(at) or _wrote_alone(at)


def _wrote_alone(at: Standing) -> bool:
    """Whether every word of the application was written by the telephone that asks."""
    writers = {each.actor for each in at.done(*WRITINGS)}
    return {at.case.opened_by, *writers} == {at.caller.subject}


def _is_trusted(settings: PlaceSettings, caller: Caller) -> bool:
    return is_code_enough(settings) or caller.has(applicants.ON_RECORD)


def is_code_enough(settings: PlaceSettings) -> bool:
    """Whether the place takes a code that was said back for a proof of who somebody is."""
    return settings.word("identity_seen_by") == _BY_CODE
