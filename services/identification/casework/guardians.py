"""Guardians: whoever cannot act for themselves is acted for, by somebody who can and may."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any, Final

from services.identification import id_numbers
from services.identification.casework import fit_guardians
from services.identification.casework.applications import Application, Member
from services.identification.casework.opening import put_application
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.grammar.history import Done
from shared.problems import Conflict

GUARDIANSHIP: Final = "guardianship"
"""The kind of paper by which somebody is a guardian."""
NAME_GUARDIAN: Final = "name-guardian"
_KEY: Final = "guardian-"
SPLIT: Final = "split"
_OF_PARTING: Final = {
    "guardian_name": "guardian",
    "guardian_number": "guardian_number",
    "relation": "guardian_relation",
    "authority": "guardian_authority",
}
"""What is said of a guardian, and under which words whoever parts says it."""
LEFT_ALONE: Final = "left_alone"
"""The word of a change under which stands who is left without anybody who could act for them."""


class GuardianWanted(Conflict):
    """Nobody is left here who could act for the others: name a guardian of each of them first."""


def is_ward(member: Member, facts: Mapping[str, Any], ruled: bool, today: date) -> bool:
    """Whether somebody of the register is acted for: known to be under age, severely mentally ill
    by what was decided of them, or incapable by a court's ruling."""
    names = ("disability_kind", "disability_grade")
    known = {name: facts[name] for name in names if isinstance(facts.get(name), int)}
    incapable = member.model_copy(update=known).is_incapable()
    return ruled or incapable or member.is_minor(today)


def left_alone(said: Application, leaving: Collection[str], today: date) -> list[Member]:
    """Whoever lives on where the last who could act for them leaves: minors and the incapable."""
    able = [each for each in said.members if not (each.is_minor(today) or each.is_incapable())]
    if any(each.lives_together for each in able) or not any(each.key in leaving for each in able):
        return []
    return [each for each in said.members if each.lives_together]


def with_guardian(said: Application, words: Mapping[str, Any]) -> Application:
    """A household with a guardian for one of it: another of it, or somebody who lives elsewhere."""
    number = id_numbers.normalise(str(words["guardian_number"]))
    guarding = {each.guardian_key for each in said.members if each.key != words["person_key"]}
    # Whoever was named before and is nobody's guardian any more is not of this case.
    supporters = [
        each
        for each in said.supporters
        if not each.key.startswith(_KEY) or each.key in guarding or each.support
    ]
    known = next((e for e in [*said.members, *supporters] if e.id_number == number), None)
    if known is None:
        taken = {each.key for each in supporters}
        known = Member(
            key=next(key for place in count(1) if (key := f"{_KEY}{place}") not in taken),
            name=words["guardian_name"],
            relation=words["relation"],
            id_number=number,
            lives_together=False,
        )
        supporters.append(known)
    guarded = {"guardian_key": known.key, "guardian_authority": words["authority"]}
    members = [
        each.model_copy(update=guarded) if each.key == words["person_key"] else each
        for each in said.members
    ]
    return said.model_copy(update={"members": tuple(members), "supporters": tuple(supporters)})


def of_parting(words: Mapping[str, Any]) -> dict[str, Any] | None:
    """The guardian whoever parts names of themselves, as one is named; where all of it is said."""
    if not words.keys() >= {*_OF_PARTING.values()}:
        return None
    named = {name: words[said] for name, said in _OF_PARTING.items()}
    return {"person_key": words["person_key"], **named}


def as_named(said: Application, acts: Sequence[Done]) -> Application:
    """A household with the guardians these acts name: of whoever is left, and of who parts."""
    for named in _named_by(acts):
        said = with_guardian(said, named)
    return said


def _named_by(acts: Sequence[Done]) -> Iterator[Mapping[str, Any]]:
    """What these acts say of each guardian they name, in their order."""
    for each in acts:
        named = of_parting(each.words) if each.act == SPLIT else each.words
        if each.act in {NAME_GUARDIAN, SPLIT} and named is not None:
            yield named


async def insist_fit(tools: Tools, at: Standing) -> None:
    """Whom a case names as guardians, each ward's by the last word, is fit to be one.

    Raises:
        GuardianUnfit: one is not, by their number or by the register.
    """
    last = {named["person_key"]: named for named in _named_by(at.since("start-over"))}
    for named in last.values():
        await fit_guardians.insist(tools, at, named)


async def look_at_parting(tools: Tools, at: Standing) -> None:
    """Whoever parts, and cannot act for themselves, names a guardian who is fit to be one.

    Raises:
        GuardianUnfit: they are not.
    """
    if (named := of_parting(at.words)) is not None:
        await fit_guardians.insist(tools, at, named)


async def name_guardian(tools: Tools, at: Standing) -> None:
    """Whoever is left alone has a guardian from now on, as far as this case goes.

    Raises:
        GuardianUnfit: they are not fit to be one.
    """
    await fit_guardians.insist(tools, at, at.words)
    await put_application(tools, at.case, with_guardian(at.application, at.words))


def insist(at: Standing, left: Sequence[Member]) -> None:
    """Nobody is decided to live on alone who cannot act for themselves.

    Raises:
        GuardianWanted: somebody would; the register has moved since it was handed in.
    """
    if not all(is_guarded(at.application, each, at.today) for each in left):
        raise GuardianWanted()


def _left_are_guarded(at: Standing) -> bool:
    """Whoever a change leaves alone has a guardian, of this household or from outside."""
    handed_in = at.last("submit")
    left = handed_in.words.get(LEFT_ALONE, ()) if handed_in else ()
    members = [each for each in at.application.members if each.key in left]
    return all(is_guarded(at.application, each, at.today) for each in members)


def _guardian_able(at: Standing) -> bool:
    """Who is named for a minor or an incapable person is of age, alive, and nobody's ward."""
    return _is_able(at, at.words)


def _is_able(at: Standing, words: Mapping[str, Any]) -> bool:
    named, key = with_guardian(at.application, words), words["person_key"]
    ward = next((each for each in named.members if each.key == key), None)
    if ward is None or not (ward.is_minor(at.today) or ward.is_incapable()):
        return False
    died = {each.words["person_key"] for each in at.since("start-over") if each.act == "death"}
    guardian = named.guardian_of(ward)
    return guardian is not None and guardian.key not in died and guardian.may_guard(at.today)


def _named(at: Standing) -> bool:
    """Every ward has a guardian, and every guardian authority, age and capacity."""
    said = at.application
    guarded = [each for each in said.members if each.guardian_key]
    wards = all(each in guarded for each in said.wards(at.today))
    return wards and all(is_guarded(said, each, at.today) for each in guarded)


def is_guarded(said: Application, ward: Member, today: date) -> bool:
    """Whether whoever is named as somebody's guardian may be, and says by what right."""
    guardian = said.guardian_of(ward)
    may = guardian is not None and guardian.may_guard(today)
    return may and ward.guardian_authority is not None


def _filed(at: Standing) -> bool:
    """Of every ward the paper is on file by which the guardian is one."""
    papers = [e for e in at.documents if e.kind == GUARDIANSHIP and e.replaced_by is None]
    there = {each.of_person for each in papers}
    return all(each.key in there for each in at.application.wards(at.today))


def _head_guarded(at: Standing) -> bool:
    """Whoever begins a household of their own can act for it, or has a guardian with a paper."""
    members = {each.key: each for each in at.application.members}
    head = members.get(str(at.words["person_key"]))
    begun = any(each.act == SPLIT for each in at.since("start-over"))
    if begun or head is None or not (head.is_minor(at.today) or head.is_incapable()):
        return True
    named = of_parting(at.words)
    return named is not None and "guardian_paper" in at.words and _is_able(at, named)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "guardians-named": _named,
    "guardianship-filed": _filed,
    "head-guarded": _head_guarded,
    "guardian-able": _guardian_able,
    "left-are-guarded": _left_are_guarded,
}
"""What is needed of guardians, by the words the tables use."""
