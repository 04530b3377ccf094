"""Guardians: whoever cannot act for themselves is acted for, by somebody who can and may."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from services.identification import id_numbers
from services.identification.casework.applications import ADULT_YEARS, Application, Member
from services.identification.casework.standing import Standing
from shared.months import years_of_age

GUARDIANSHIP: Final = "guardianship"
"""The kind of paper by which somebody is a guardian."""


def is_ward(member: Member, facts: Mapping[str, Any], ruled: bool, today: date) -> bool:
    """Whether somebody of the register is acted for: known to be under age, severely mentally ill
    by what was decided of them, or incapable by a court's ruling."""
    names = ("disability_kind", "disability_grade")
    known = {name: facts[name] for name in names if isinstance(facts.get(name), int)}
    incapable = member.model_copy(update=known).is_incapable()
    return ruled or incapable or member.is_minor(today)


def _named(at: Standing) -> bool:
    """Every ward has a guardian, and every guardian authority, age and capacity."""
    said = at.application
    guarded = [each for each in said.members if each.guardian_key]
    wards = all(each in guarded for each in said.wards(at.today))
    return wards and all(_is_guarded(said, each, at.today) for each in guarded)


def _is_guarded(said: Application, ward: Member, today: date) -> bool:
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
    begun = any(each.act == "split" for each in at.since("start-over"))
    if begun or head is None or not (head.is_minor(at.today) or head.is_incapable()):
        return True
    number = str(at.words.get("guardian_number", ""))
    born = id_numbers.birth_date(number) if number else None
    of_age = born is not None and years_of_age(born, at.today) >= ADULT_YEARS
    return of_age and number != head.id_number and {"guardian", "guardian_paper"} <= at.words.keys()


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "guardians-named": _named,
    "guardianship-filed": _filed,
    "head-guarded": _head_guarded,
}
"""What is needed of guardians, by the words the tables use."""
