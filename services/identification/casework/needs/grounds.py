"""What must be there before somebody is proposed: that the ground they are proposed on is true.

Ages and grades are the law's: here is only asked what it finds of this person. Each ground has its
paper.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.identification.casework import means, support
from services.identification.casework.applications import Member
from services.identification.casework.papers import archive
from services.identification.casework.standing import Standing
from services.identification.determinations import NOT_APPLICABLE

PARENTS: Final = ("father", "mother")
ABLE: Final = "able"
_GONE: Final = {"died", "missing", "unfound"}
"""How it is with both parents of an orphan; of a child whom nobody supports, with one at most."""
_NONE: Final = "none"
_KIN: Final = {"配偶", "子女", "父母"}
"""Relations to the head who are bound to support each other."""
_NOT_DISABLED: Final = {"disability_grade": NOT_APPLICABLE, "disability_kind": NOT_APPLICABLE}
_CONDITIONS: Final = {
    "works-no-more": "tekun_cannot_work",
    "without-income": "tekun_without_income",
    "without-supporter": "tekun_without_supporter",
}
"""The law's own three conditions of tekun, by the words the tables use."""


def _child_ground_holds(at: Standing) -> bool:
    """An orphan's parents are both gone; of a child whom nobody supports neither is able to."""
    said = [str(at.words[each]) for each in PARENTS]
    if str(at.words["ground"]) == "orphan":
        return set(said) <= _GONE
    return ABLE not in said and not set(said) <= _GONE


def _parents_shown(at: Standing) -> bool:
    """A paper shows how it is with each parent, unless they are able to support the child."""
    there = {each.kind for each in at.documents if each.replaced_by is None}
    return all(f"{each}-proof" in there for each in PARENTS if at.words[each] != ABLE)


def _ground_holds(at: Standing) -> bool:
    """Whoever is proposed is old, disabled beyond work, or a child, as it is said."""
    if not _is_for_it(at):
        return True
    by_age = _by_law(at, "is_elder", "tekun_cannot_work", **_NOT_DISABLED)
    holds = {
        "aged": by_age["is_elder"] == 1,
        "disabled": _by_law(at, "disabled_beyond_work")["disabled_beyond_work"] == 1,
        "minor": by_age["is_elder"] == 0 and by_age["tekun_cannot_work"] == 1,
    }
    return holds.get(str(at.words["ground"]), False)


def _meets(condition: str) -> Callable[[Standing], bool]:
    """One of the law's three conditions, by what is known and by what was found."""
    return lambda at: not _is_for_it(at) or _by_law(at, condition)[condition] == 1


def _supporters_fit(at: Standing) -> bool:
    """What is said of whoever is bound to support them is what is known of each: that there is
    nobody, here or elsewhere, or that nobody who is recorded can, and why."""
    guarding = {each.guardian_key for each in at.application.members}
    bound = [e for e in at.application.supporters if e.support or e.key not in guarding]
    said = [each.support.unable if each.support else None for each in bound]
    if not _is_for_it(at):
        return True
    if said:
        return at.words["supporter"] in said and None not in said
    return bool(at.words["supporter"] == _NONE) != bool(_kin_at_home(at))


def _kin_shown(at: Standing) -> bool:
    """Of everybody of age who is bound to support them and lives with them a paper shows why they
    cannot; of those elsewhere `support-proven` asks it."""
    return not _is_for_it(at) or all(support.is_shown(at, each) for each in _kin_at_home(at))


def _kin_at_home(at: Standing) -> list[Member]:
    """Whoever of age is bound to support them and lives with them: of the head a spouse, a child or
    a parent, and the head of each of those."""
    key, head = str(at.words["person_key"]), at.application.head
    able = [
        each
        for each in at.application.members
        if each.key != key and each.lives_together and each.may_guard(at.today)
    ]
    if head is not None and head.key == key:
        return [each for each in able if each.relation in _KIN]
    whose = next(each for each in at.application.members if each.key == key)
    return [each for each in able if each == head and whose.relation in _KIN]


def _disability_shown(at: Standing) -> bool:
    """Who is proposed for a disability has the certificate on file, here or of an earlier case."""
    if not _is_for_it(at) or at.words["ground"] != "disabled":
        return True
    return _illness_filed(at)


def _ground_shown(at: Standing) -> bool:
    """The ground of whoever is to be on dibao alone is on file: of an illness or a disability its
    proof, of who was so from the register of the poor the earlier decision, as a paper of theirs.
    """
    if not _is_for_it(at):
        return True
    if at.words["ground"] != "register":
        return _illness_filed(at)
    there = [each for each in at.documents if each.kind == archive.OTHER]
    return any(each.of_person == at.words["person_key"] for each in there)


def _illness_filed(at: Standing) -> bool:
    """Whether the proof of an illness or a disability is on file, theirs or nobody's by name."""
    key = str(at.words["person_key"])
    there = [each for each in at.documents if each.kind == archive.ILLNESS]
    mine = any(each.replaced_by is None and each.of_person in {None, key} for each in there)
    return mine or bool(archive.counts_before(at, archive.ILLNESS, {key}))


def _is_for_it(at: Standing) -> bool:
    return bool(at.words.get("opinion", "grant") == "grant")


def _by_law(at: Standing, *names: str, **instead: Any) -> Mapping[str, int | str]:
    """What the law finds of whoever is proposed, by what is known of them and what was found; with
    other facts in the place of some."""
    member = next(e for e in at.application.members if e.key == at.words["person_key"])
    law = at.settings.law()
    people = [{"person_id": member.key, "facts": {**_facts(at, member), **instead}}]
    household = {"household_id": str(at.case.id), "facts": {}, "members": people}
    return {name: law.value(name, household, means.month(at), member.key) for name in names}


def _facts(at: Standing, member: Member) -> dict[str, Any]:
    codes = at.settings.law().facts["supporter"].codes
    supporter = next(value for value, code in codes.items() if code.name == at.words["supporter"])
    known = means.of_member(member, means.found(at).members.get(member.key, {}))
    return {
        **known,
        "away": NOT_APPLICABLE,
        "has_income_source": int(bool(at.words["has_income_source"])),
        "supporter": supporter,
    }


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "child-ground-holds": _child_ground_holds,
    "parents-shown": _parents_shown,
    "ground-holds": _ground_holds,
    **{name: _meets(condition) for name, condition in _CONDITIONS.items()},
    "supporters-fit": _supporters_fit,
    "kin-shown": _kin_shown,
    "disability-shown": _disability_shown,
    "ground-shown": _ground_shown,
}
"""What is asked of a ground, by the words the tables use."""
