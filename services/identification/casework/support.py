"""What those owe who are bound to support a member and live elsewhere: as agreed or judged, by what
their own household lives on, or nothing, for a reason that is shown by a paper.

Each is recorded by themselves; what a household of theirs keeps, and which share of the rest is
owed, the law says. Together they are the law's own facts of support.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.identification import registrations
from services.identification.casework import authorisations
from services.identification.casework.applications import (
    AGREED,
    RECKONED,
    Application,
    Means,
    Member,
    Support,
)
from services.identification.casework.standing import Standing
from services.identification.laws import Law, LawOfPlace
from services.identification.means import reckoning
from services.identification.means.reckoning import Sum
from shared.money import yuan_text
from shared.months import Month

PROOF: Final = "support-proof"
"""The kind of paper: an agreement, a judgement, or why somebody cannot support."""
PROVEN: Final = "support-proven"
_UNABLE_ZH: Final = {
    "on-tekun": "本人是特困人员",
    "elder-on-dibao": "60 岁以上的低保对象",
    "very-old": "70 岁以上、低收入",
    "severely-disabled": "重度残疾、低收入",
    "without-capacity": "无民事行为能力、失踪或服刑",
}
_OWED: Final = "means_support_fen_yearly"
_NOBODY, _AS_AGREED, _AS_RECKONED = 1, 2, 3
"""How the law knows support: the codes of its own fact."""
_BASIS: Final = "support_basis"
_FACTS: Final = frozenset(
    {_BASIS, "support_agreed_fen_yearly", "supporters_income_fen_yearly", "supporters_count"}
)


@dataclass(frozen=True)
class Owed:
    """What one of them owes a year, by the law of the place; without a value there is a reason."""

    supporter: Member
    sum: Sum


def owed(said: Application, law: LawOfPlace, month: str) -> list[Owed]:
    """Each of whom it was recorded, in their order."""
    return [
        Owed(each, _reckon(said, law(), month, _facts_of([each])))
        for each in said.supporters
        if each.support is not None
    ]


def facts(said: Application, law: LawOfPlace, month: str) -> dict[str, int]:
    """What all of them owe together, as the law's own facts; nothing, where nobody is recorded."""
    each_owes = owed(said, law, month)
    if not each_owes:
        return {}
    # Those who keep all they have by the law count with neither income nor members.
    able = [each.supporter for each in each_owes if each.sum.value != 0]
    if not able:
        return {_BASIS: _NOBODY}
    if all(_basis(each) == RECKONED for each in able):
        return _facts_of(able)
    sums = [each.sum.value for each in each_owes]
    if None in sums:
        return _facts_of([each for each in able if _basis(each) == RECKONED])
    return {
        _BASIS: _AS_AGREED,
        "support_agreed_fen_yearly": sum(each for each in sums if each is not None),
    }


def in_words(said: Support) -> str:
    """What somebody owes, or why nothing, as it was said."""
    if said.basis == AGREED:
        return f"按协议或判决，一年 {yuan_text(said.agreed_fen_yearly or 0)} 元"
    if said.basis == RECKONED:
        income = yuan_text(said.income_fen_yearly or 0)
        return f"按他们家的收入算：{said.household_members} 口人，一年收入 {income} 元"
    return f"没有能力：{_UNABLE_ZH[str(said.unable)]}"


def from_nobody(means: Means) -> Means:
    """What a household lives on, where it says that nobody is bound to support it."""
    return {name: fact for name, fact in means.items() if name not in _FACTS} | {_BASIS: _NOBODY}


def unproven(at: Standing) -> list[Member]:
    """Who pays as agreed, or cannot, and of whom no paper is on file that shows it; and who is
    reckoned to owe nothing, or less than the place says, and let nobody look that up. Of a path
    that reads nothing from it, nobody."""
    if not any(PROVEN in act.needs for act in at.path.acts.values()):
        return []
    signed = authorisations.supporters_signed(at)
    return [
        each
        for each in at.application.supporters
        if each.support is not None
        if not is_shown(at, each)
        if _basis(each) != RECKONED or (each not in signed and _owes_little(at, each))
    ]


def _owes_little(at: Standing, supporter: Member) -> bool:
    """Whether somebody is reckoned to owe nothing, or so little that it is nothing but a word."""
    month, floor = str(Month.of(at.today)), at.settings.number("support_shown_below_fen_yearly")
    owes = _reckon(at.application, at.settings.law(), month, _facts_of([supporter])).value
    return owes is not None and (owes == 0 or owes < floor)


def _basis(member: Member) -> str:
    assert member.support is not None, "only of whom it was recorded"
    return member.support.basis


def _facts_of(supporters: list[Member]) -> dict[str, int]:
    """The law's facts of one of them, or of several who are reckoned together."""
    said = [each.support for each in supporters if each.support is not None]
    if all(each.basis == RECKONED for each in said):
        return {
            _BASIS: _AS_RECKONED,
            "supporters_income_fen_yearly": sum(e.income_fen_yearly or 0 for e in said),
            "supporters_count": sum(e.household_members or 0 for e in said),
        }
    agreed = sum(e.agreed_fen_yearly or 0 for e in said if e.basis == AGREED)
    if any(e.basis == AGREED for e in said):
        return {_BASIS: _AS_AGREED, "support_agreed_fen_yearly": agreed}
    return {_BASIS: _NOBODY}


def _reckon(said: Application, law: Law, month: str, of_support: Mapping[str, int]) -> Sum:
    household: dict[str, Any] = {
        "household_id": "supporters",
        "facts": {"registration": registrations.code_of(said.registration), **of_support},
        "members": [],
    }
    return reckoning.reckon(law, household, month, [_OWED]).sums[0]


def _support_proven(at: Standing) -> bool:
    """Of everybody who pays as agreed, or cannot, or is reckoned to owe nothing or little unseen,
    the paper is on file before it is granted."""
    if at.words.get("opinion", "grant") != "grant":
        return True
    return not unproven(at)


def is_shown(at: Standing, supporter: Member) -> bool:
    """Whether a paper of theirs shows what they owe, or why they cannot."""
    papers = [each for each in at.documents if each.kind == PROOF and each.replaced_by is None]
    return any(each.of_person == supporter.key for each in papers)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {PROVEN: _support_proven}
"""What is needed of support, by the words the tables use."""
