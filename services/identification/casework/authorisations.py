"""Letters of authorisation: whose means may be compared, and who signed for whom.

A letter is one person's, or one sheet that several signed together, and says so. It is of whoever
stood under the key when it was filed, and of nobody else; for a ward the guardian has signed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from services.identification.casework.applications import Application, Member
from services.identification.casework.standing import WRITINGS, Standing
from services.identification.grammar.history import Done
from shared.months import civil_date

AUTHORISE: Final = "authorise"
JOINTLY: Final = "authorise-jointly"
EXCUSE: Final = "excuse-letter"
AGREE: Final = "agree-excuse"
"""What says that somebody cannot be reached to sign, and what agrees, by another."""
AUTHORISATION: Final = "authorisation"
JOINT: Final = "joint-authorisation"
EXCUSED: Final = "letter-excuse"
"""The kinds of paper: one person's letter, one sheet of several, and why somebody signs none."""
TOGETHER_MIN: Final = 2

_Who = tuple[str, str | None, str | None]
"""Under which key somebody stands, and who they are."""


@dataclass(frozen=True)
class Letter:
    """A letter as it was filed: which paper, whose it is, and who signed it."""

    document_id: str
    of: frozenset[_Who]
    signed_by: frozenset[_Who]


def unauthorised(at: Standing) -> list[Member]:
    """Whose letter is wanted and is not on file, signed by them, or by their guardian of today.

    Who leaves a household of the register, or is away from it, signs none; nor does who cannot be
    reached, by a paper and another official's look.
    """
    letters, excused = list(_filed(at)), _excused(at)
    return [
        each
        for each in at.application.authorising(at.today)
        if (each.lives_together or not at.path.about_household)
        and _who(each) not in excused
        and not any(
            _who(each) in letter.of and _who(signer_of(at, each)) in letter.signed_by
            for letter in letters
        )
    ]


def compared(at: Standing) -> list[Member]:
    """Whose means are compared: everybody whose letter is wanted, but who cannot be reached, and
    whoever supports them from elsewhere and has signed one."""
    letters, excused = list(_filed(at)), _excused(at)
    signed = [
        each
        for each in at.application.supporters
        if any(_who(each) in letter.of and _who(each) in letter.signed_by for letter in letters)
    ]
    asked = at.application.authorising(at.today)
    return [*(each for each in asked if _who(each) not in excused), *signed]


def _excused(at: Standing) -> set[_Who]:
    """Who need not sign, for they cannot be reached: agreed by another than who said so, of whoever
    stood under the key then."""
    agreed = {
        str(each.words["person_key"]) for each in _asked_to_excuse(at) if _is_agreed(at, each)
    }
    return {_who(each) for each in at.application.members if each.key in agreed}


def _asked_to_excuse(at: Standing) -> list[Done]:
    """The last that was said of each, since the application was said anew."""
    last = {
        str(each.words["person_key"]): each for each in at.since(*WRITINGS) if each.act == EXCUSE
    }
    return list(last.values())


def _is_agreed(at: Standing, asked: Done) -> bool:
    return any(
        each.act == AGREE
        and each.done_at >= asked.done_at
        and each.person != asked.person
        and each.words["person_key"] == asked.words["person_key"]
        for each in at.acts
    )


def _excuse_is_asked(at: Standing) -> bool:
    """Of this person somebody has said that they cannot be reached, and nobody has agreed yet."""
    key = str(at.words["person_key"])
    asked = [e for e in _asked_to_excuse(at) if e.words["person_key"] == key]
    return any(not _is_agreed(at, each) for each in asked)


def _excuse_by_another(at: Standing) -> bool:
    """Whoever said so does not agree."""
    key = str(at.words["person_key"])
    return all(
        each.person != at.caller.person
        for each in _asked_to_excuse(at)
        if each.words["person_key"] == key
    )


def _excuse_is_shown(at: Standing) -> bool:
    """The paper that shows it is of whoever is meant: nobody is excused by another's sentence."""
    paper = at.document(str(at.words["document_id"]))
    return paper is not None and paper.of_person == at.words["person_key"]


def _filed(at: Standing) -> Iterator[Letter]:
    """Every letter of the case, of the people as they stood when it was filed."""
    stood = Application() if at.done(*WRITINGS) else at.application
    for each in at.acts:
        if each.act in WRITINGS:
            stood = Application.model_validate(each.words["application"])
        if each.act in {AUTHORISE, JOINTLY}:
            of, signers = _said(each.words)
            people = [*stood.members, *stood.supporters]
            yield Letter(
                str(each.words["document_id"]),
                frozenset(_who(one) for one in people if one.key in of),
                frozenset(_who(one) for one in people if one.key in signers),
            )


def _said(words: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Whose letter it is by the words of an act, and who signed: by their keys."""
    of: list[str] = words.get("people") or [words["person_key"]]
    return of, [words["signed_by"]] if "signed_by" in words else of


def last_of(at: Standing, member: Member) -> Mapping[str, Any]:
    """The words by which a member's letter was filed last."""
    filed = [e.words for e in at.done(AUTHORISE, JOINTLY) if member.key in _said(e.words)[0]]
    return filed[-1]


def signer_of(at: Standing, member: Member) -> Member:
    """Who signs for a member: they themselves, or the guardian of a ward."""
    if member not in at.application.wards(at.today):
        return member
    return at.application.guardian_of(member) or member


def _who(member: Member) -> _Who:
    return member.key, member.id_number, member.temporary_code


def _people(at: Standing) -> list[Member]:
    """Whoever may sign a letter: who lives there, and who supports them from elsewhere."""
    return [*at.application.members, *at.application.supporters]


def _adults_authorised(at: Standing) -> bool:
    return not unauthorised(at)


def _letter_not_old(at: Standing) -> bool:
    """It was signed for this case: not long before it was accepted, or is being written."""
    since = at.case.accepted_on or civil_date(at.case.opened_at)
    signed_on = date.fromisoformat(str(at.words["signed_on"]))
    return signed_on >= since - timedelta(days=at.settings.days("letter_days_before_max"))


def _letter_is_theirs(at: Standing) -> bool:
    """A letter of one person is filed as that person's; and no letter was another's before."""
    keys, _ = _said(at.words)
    now = {_who(each) for each in _people(at) if each.key in keys}
    letter = at.document(str(at.words["document_id"]))
    alone = letter is not None and letter.kind == AUTHORISATION
    theirs = not alone or (letter is not None and [letter.of_person] == keys)
    before = [each for each in _filed(at) if each.document_id == at.words["document_id"]]
    return theirs and all(each.of <= now for each in before)


def _signed_by_right(at: Standing) -> bool:
    """Everybody signed for themselves; for a ward the guardian did."""
    keys, signers = _said(at.words)
    members = [each for each in _people(at) if each.key in keys]
    return all(signer_of(at, each).key in signers for each in members)


def _signed_together(at: Standing) -> bool:
    """One sheet is of several members whose means are compared."""
    named = set(at.words["people"]) & {e.key for e in at.application.authorising(at.today)}
    return len(named) >= TOGETHER_MIN


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "adults-authorised": _adults_authorised,
    "letter-is-theirs": _letter_is_theirs,
    "letter-not-old": _letter_not_old,
    "signed-by-right": _signed_by_right,
    "signed-together": _signed_together,
    "excuse-is-asked": _excuse_is_asked,
    "excuse-by-another": _excuse_by_another,
    "excuse-is-shown": _excuse_is_shown,
}
"""What is needed of letters, by the words the tables use."""
