"""Letters of authorisation: whose means may be compared, and who signed for whom.

A letter is one person's, or one sheet that several signed together, and says so. It is of whoever
stood under the key when it was filed, and of nobody else; for a ward the guardian has signed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
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


@dataclass
class _Excuse:
    """What was said last of somebody who cannot be reached, and whether another has agreed."""

    said: Done
    agreed: bool = False


def asked(at: Standing) -> list[Member]:
    """Whose letter is asked for, there already or not: every adult's and every ward's.

    Who leaves a household of the register, or is away from it, signs none; nor does who cannot be
    reached, by a paper and another official's look.
    """
    exempt = excused(at)
    return [
        each
        for each in at.application.authorising(at.today)
        if (each.lives_together or not at.path.about_household) and each not in exempt
    ]


def unauthorised(at: Standing) -> list[Member]:
    """Whose letter is asked for and is not on file, signed by them, or by their guardian of
    today."""
    letters = list(_filed(at))
    return [each for each in asked(at) if not _has_signed(at, each, letters)]


def compared(at: Standing) -> list[Member]:
    """Whose means are compared: everybody whose letter is asked for, and whoever supports them
    from elsewhere and has signed one."""
    return [*asked(at), *supporters_signed(at)]


def supporters_signed(at: Standing) -> list[Member]:
    """Whoever supports them from elsewhere and has signed a letter of their own."""
    return signed_supporters(at.acts, at.application)


def signed_supporters(acts: Sequence[Done], said: Application) -> list[Member]:
    """The same by the acts of a case and what it says: the words of its writings and letters."""
    letters = list(_letters(acts, said))
    return [
        each
        for each in said.supporters
        if any(_who(each) in letter.of & letter.signed_by for letter in letters)
    ]


def excused(at: Standing) -> list[Member]:
    """Who need not sign, for they cannot be reached: agreed by another than who said so, of whoever
    stood under the key then. Who has signed after all is as anybody else."""
    agreed = {who for who, each in _excuses(at).items() if each.agreed}
    if not agreed:
        return []
    letters = list(_filed(at))
    return [
        each
        for each in at.application.members
        if _who(each) in agreed and not _has_signed(at, each, letters)
    ]


def _excuses(at: Standing) -> Mapping[_Who, _Excuse]:
    """What was said of each, of the people as they stood then."""
    found: dict[_Who, _Excuse] = {}
    if not at.done(EXCUSE):
        return found
    for each, people in _as_they_stood(at.acts, at.application):
        if each.act not in {EXCUSE, AGREE}:
            continue
        of = next((_who(one) for one in people if one.key == each.words["person_key"]), None)
        if of is not None and each.act == EXCUSE:
            found[of] = _Excuse(each)
        elif of in found and each.person != found[of].said.person:
            found[of].agreed = True
    return found


def _excuse_that_waits(at: Standing) -> Done | None:
    """What was said of whoever is meant, while nobody has agreed to it."""
    key = str(at.words["person_key"])
    of = next((_who(each) for each in at.application.members if each.key == key), None)
    excuse = _excuses(at).get(of) if of is not None else None
    return None if excuse is None or excuse.agreed else excuse.said


def _excuse_by_another(at: Standing) -> bool:
    """Whoever said so does not agree."""
    said = _excuse_that_waits(at)
    return said is None or said.person != at.caller.person


def _excuse_is_shown(at: Standing) -> bool:
    """The paper that shows it is of whoever is meant: nobody is excused by another's sentence."""
    paper = at.document(str(at.words["document_id"]))
    return paper is not None and paper.of_person == at.words["person_key"]


def _as_they_stood(
    acts: Sequence[Done], said: Application
) -> Iterator[tuple[Done, Sequence[Member]]]:
    """Acts of a case that says this, each with the people as they stood when it was done."""
    stood = Application() if any(each.act in WRITINGS for each in acts) else said
    for each in acts:
        if each.act in WRITINGS:
            stood = Application.model_validate(each.words["application"])
        yield each, [*stood.members, *stood.supporters]


def _filed(at: Standing) -> Iterator[Letter]:
    """Every letter of the case, of the people as they stood when it was filed."""
    return _letters(at.acts, at.application)


def _letters(acts: Sequence[Done], said: Application) -> Iterator[Letter]:
    for each, people in _as_they_stood(acts, said):
        if each.act in {AUTHORISE, JOINTLY}:
            of, signers = _said(each.words)
            yield Letter(
                str(each.words["document_id"]),
                frozenset(_who(one) for one in people if one.key in of),
                frozenset(_who(one) for one in people if one.key in signers),
            )


def _has_signed(at: Standing, member: Member, letters: Sequence[Letter]) -> bool:
    """Whether a letter of somebody is there, signed by them, or by their guardian of today."""
    who, signer = _who(member), _who(signer_of(at, member))
    return any(who in each.of and signer in each.signed_by for each in letters)


def _said(words: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Whose letter it is by the words of an act, and who signed: by their keys."""
    of: list[str] = words.get("people") or [words["person_key"]]
    return of, [words["signed_by"]] if "signed_by" in words else of


def last_of(at: Standing, member: Member) -> Mapping[str, Any]:
    """The words by which a member's letter was filed last."""
    filed = [e.words for e in at.done(AUTHORISE, JOINTLY) if member.key in _said(e.words)[0]]
    return filed[-1]


def filed_by(at: Standing, member: Member, signer: Member) -> Mapping[str, Any] | None:
    """The words by which a letter of somebody that this one signed was filed last in a case, by
    whatever keys they stood there: they are known by number or code."""
    found = None
    for each, people in _as_they_stood(at.acts, at.application):
        if each.act in {AUTHORISE, JOINTLY}:
            of, signers = _said(each.words)
            if _stands(member, of, people) and _stands(signer, signers, people):
                found = each.words
    return found


def _stands(member: Member, keys: Sequence[str], people: Sequence[Member]) -> bool:
    """Whether somebody stands under one of these keys."""
    known = _who(member)[1:]
    return any(known) and any(one.key in keys and _who(one)[1:] == known for one in people)


def signer_of(at: Standing, member: Member) -> Member:
    """Who signs for a member: they themselves, or the guardian of a ward."""
    return _signer(at.application, member, at.today)


def _signer(said: Application, member: Member, today: date) -> Member:
    if member not in said.wards(today):
        return member
    return said.guardian_of(member) or member


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
    return signed_on >= since - timedelta(days=at.settings.number("letter_days_before_max"))


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


def _handed_in_or_unsigned(at: Standing) -> bool:
    """Once it is accepted, only where a letter is wanting whose days are over."""
    accepted_on = at.case.accepted_on
    if accepted_on is None or at.case.state in at.path.acts["accept"].sources:
        return True
    days = at.settings.number("letter_days")
    since = (max(accepted_on, _wanted_since(at, each)) for each in unauthorised(at))
    return any(at.settings.add_workdays(day, days) < at.today for day in since)


def _wanted_since(at: Standing, member: Member) -> date:
    """The day from which a letter is wanted of somebody, signed as it is to be now: they were
    written into it, another came to sign for them, they came of age, or it was said that they
    cannot be reached; the first day there is, where it was so all along."""
    now = _who(member), _who(signer_of(at, member))
    came_of_age = member.of_age_on()
    days = [came_of_age] if came_of_age and came_of_age <= at.today else []
    was_wanted = True
    for each in at.done(*WRITINGS):
        is_wanted = now in _to_sign(Application.model_validate(each.words["application"]), at.today)
        days += [each.done_on] if is_wanted and not was_wanted else []
        was_wanted = is_wanted
    excuse = _excuses(at).get(_who(member))
    return max([date.min, *days, *([excuse.said.done_on] if excuse else [])])


def _to_sign(said: Application, today: date) -> Set[tuple[_Who, _Who]]:
    """Whose letters an application asks for, each with who signs it."""
    return {(_who(each), _who(_signer(said, each, today))) for each in said.authorising(today)}


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "handed-in-or-unsigned": _handed_in_or_unsigned,
    "adults-authorised": _adults_authorised,
    "letter-is-theirs": _letter_is_theirs,
    "letter-not-old": _letter_not_old,
    "signed-by-right": _signed_by_right,
    "signed-together": _signed_together,
    "excuse-is-asked": lambda at: _excuse_that_waits(at) is not None,
    "excuse-by-another": _excuse_by_another,
    "excuse-is-shown": _excuse_is_shown,
}
"""What is needed of letters, by the words the tables use."""
