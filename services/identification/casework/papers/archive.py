"""One household, one file: nine items in their order, and whether each is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.identification.casework.applications import Member
from services.identification.casework.paths import PERSON
from services.identification.casework.standing import REPLACED, SET_ASIDE, Standing
from services.identification.grammar.acts import Words
from services.identification.models import CaseDocument

OTHER: Final = "other"
ID_CARD: Final = "id-card"
CLOSE: Final = "close-file"
REOPEN: Final = "reopen-file"
_OF_NUMBERED: Final = frozenset({ID_CARD, "household-register"})
"""What nobody has who has no ID number."""
_ILLNESS: Final = (
    "on_illness_list", "illness_bills_fen_yearly", "disability_spending_fen_yearly",
)  # fmt: skip
"""What is said of illness or disability, by the law's own facts."""
ITEMS: Final[Mapping[str, Words]] = {
    "application-form": Words("申请审批表", "application and approval form"),
    "survey-form": Words("入户调查表", "household survey form"),
    "application": Words("申请书", "application"),
    "household-register": Words("户口簿", "household register"),
    ID_CARD: Words("身份证", "identity cards"),
    "illness": Words("残疾证、诊断或出院小结", "disability certificate or diagnosis"),
    "income-proof": Words("收入证明", "income proof"),
    "commitment": Words("承诺书", "commitment letter"),
    OTHER: Words("其他", "other"),
}
"""The nine, by the kind of their papers; whatever is of none of the first eight is of the last."""


class ItemState(StrEnum):
    """How an item of a file stands."""

    THERE = "there"
    MISSING = "missing"
    NOT_NEEDED = "not-needed"


STATES: Final[Mapping[ItemState, Words]] = {
    ItemState.THERE: Words("已有", "there"),
    ItemState.MISSING: Words("缺", "missing"),
    ItemState.NOT_NEEDED: Words("不需要", "not needed"),
}


@dataclass(frozen=True)
class Item:
    """One of the nine: the papers that count, and the earlier ones they replaced."""

    kind: str
    state: ItemState
    papers: list[CaseDocument]
    earlier: list[CaseDocument]


def items(at: Standing) -> list[Item]:
    """The nine in their order."""
    return [_item(at, kind) for kind in ITEMS]


def missing(at: Standing) -> list[str]:
    """What the file lacks: it cannot be closed before."""
    return [each.kind for each in items(at) if each.state is ItemState.MISSING]


def wanted_to_decide(at: Standing) -> list[str]:
    """What has to be filed before anything is granted, and is not.

    A card is asked of every adult with a number; of a person's grant, of that person alone.
    """
    of_one = at.path.grant is not None and at.path.grant.whose == PERSON
    members = at.application.members
    concerned = [each for each in members if each == at.subject or not of_one]
    known = any(each.id_number for each in concerned)
    adults = at.application.adults(at.today)
    cards = [each for each in without_card(at) if each in concerned and each in adults]
    filed = {each.kind for each in at.documents if each.replaced_by is None}
    asked = at.settings.decision_items(at.case.category)
    return [
        kind
        for kind in ITEMS
        if kind in asked
        and (known or kind not in _OF_NUMBERED)
        and (cards if kind == ID_CARD else kind not in filed)
    ]


def is_closed(at: Standing) -> bool:
    """Whether the file was closed, and neither opened again nor decided otherwise since."""
    turned = [each.act for each in at.acts if each.act in {CLOSE, REOPEN, SET_ASIDE, REPLACED}]
    return turned[-1:] == [CLOSE]


def without_card(at: Standing) -> list[Member]:
    """The members with a number whose card is not there; an unnamed one is the applicant's."""
    applicant = at.application.applicant
    if applicant is None:
        return []
    cards = [each for each in at.documents if each.kind == ID_CARD and each.replaced_by is None]
    brought = {each.of_person or applicant.key for each in cards}
    return [
        each
        for each in at.application.members
        if each.lives_together and each.id_number and each.key not in brought
    ]


def replaced_by(at: Standing, kind: str, of_person: str | None) -> list[CaseDocument]:
    """The papers a new one of a kind takes the place of: the same item, of the same person."""
    if kind not in ITEMS or kind == OTHER:
        return []
    return [
        each
        for each in at.documents
        if (each.kind, each.of_person, each.replaced_by) == (kind, of_person, None)
    ]


def _item(at: Standing, kind: str) -> Item:
    papers = [each for each in at.documents if item_of(each.kind) == kind]
    current = [each for each in papers if each.replaced_by is None]
    state = ItemState.MISSING if is_needed(at, kind) else ItemState.NOT_NEEDED
    there = bool(current) and (kind != ID_CARD or not without_card(at))
    return Item(
        kind,
        ItemState.THERE if there else state,
        current,
        [each for each in papers if each.replaced_by is not None],
    )


def item_of(kind: str) -> str:
    """The item a kind of paper is filed under."""
    return kind if kind in ITEMS else OTHER


def is_needed(at: Standing, kind: str) -> bool:
    """An item the place asks for; proof of illness or disability where somebody said so."""
    applied_for = at.path.grant is not None
    if kind in at.settings.archive_items(at.case.category, applied_for=applied_for):
        return True
    if not applied_for:
        return False
    said = at.application
    costs = [said.means, *(each.means for each in said.members)]
    ill = any(each.get(name) for each in costs for name in _ILLNESS)
    disabled = any(each.disability_grade is not None for each in said.members)
    return kind == "illness" and (ill or disabled)
