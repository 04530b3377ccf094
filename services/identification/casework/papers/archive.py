"""One household, one file: nine items in their order, and whether each is there."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.identification.casework import authorisations, support
from services.identification.casework.applications import Member
from services.identification.casework.paths import PERSON
from services.identification.casework.standing import REPLACED, FiledBefore, Standing
from services.identification.casework.visits import NOT_DUE, SET_ASIDE, VISITS
from services.identification.grammar.acts import Words
from services.identification.models import CaseDocument

OTHER: Final = "other"
ID_CARD: Final = "id-card"
ILLNESS: Final = "illness"
OUTPATIENT: Final = "outpatient"
"""Records and bills of ordinary out-patients: kept among the other papers, no proof of illness."""
CLOSE: Final = "close-file"
REOPEN: Final = "reopen-file"
_REGISTER: Final = "household-register"
_SURVEY_FORM: Final = "survey-form"
_OF_NUMBERED: Final = frozenset({ID_CARD, _REGISTER})
"""What nobody has who has no ID number."""
_SUPPORT_PROOF: Final = "赡养依据：协议、判决，或没有能力的证明"
_ILLNESS: Final = (
    "on_illness_list", "illness_bills_fen_yearly", "disability_spending_fen_yearly",
)  # fmt: skip
"""What is said of illness or disability, by the law's own facts."""
ITEMS: Final[Mapping[str, Words]] = {
    "application-form": Words("申请审批表", "application and approval form"),
    _SURVEY_FORM: Words("入户调查表", "household survey form"),
    "application": Words("申请书", "application"),
    _REGISTER: Words("户口簿", "household register"),
    ID_CARD: Words("身份证", "identity cards"),
    ILLNESS: Words("残疾证、诊断或出院小结", "disability certificate or diagnosis"),
    "income-proof": Words("收入证明", "income proof"),
    "commitment": Words("承诺书", "commitment letter"),
    OTHER: Words("其他", "other"),
}
"""The nine, by the kind of their papers; whatever is of none of the first eight is of the last."""


_OF_OFFICERS: Final = frozenset({"application-form", _SURVEY_FORM})
"""What officers write."""


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
    """One of the nine: the papers that count, the earlier ones they replaced, and who lacks one."""

    kind: str
    state: ItemState
    papers: list[CaseDocument]
    earlier: list[CaseDocument]
    before: list[FiledBefore]
    """Those of other cases that count here: of whoever brought none to this one."""
    lacks: list[Member]
    """Of a card, who has none."""


def items(at: Standing) -> list[Item]:
    """The nine in their order."""
    return [_item(at, kind) for kind in ITEMS]


def missing(at: Standing) -> list[Item]:
    """What the file lacks: it cannot be closed before."""
    return [each for each in items(at) if each.state is ItemState.MISSING]


def missing_in_words(at: Standing) -> Words:
    """What the file lacks, as an officer reads it, with whose it is."""
    lacks = missing(at)
    return Words(
        f"档案还缺：{'、'.join(_named(ITEMS[each.kind].zh, each.lacks) for each in lacks)}",
        f"the file lacks: {', '.join(_named(ITEMS[each.kind].en, each.lacks) for each in lacks)}",
    )


def wanted_to_decide(at: Standing) -> list[str]:
    """What has to be filed before anything is granted, and is not, here or before.

    A card is asked of every adult with a number; of a person's grant, of that person alone, as is
    a paper that is one person's.
    """
    concerned = _concerned(at)
    known = any(each.id_number for each in concerned)
    asked = at.settings.decision_items(at.case.category)
    return [
        kind
        for kind in ITEMS
        if kind in asked and (known or kind not in _OF_NUMBERED) and _is_wanted(at, kind)
    ]


def brought_by_applicants(at: Standing) -> list[str]:
    """What is missing of what applicants bring, each in words with whose it is."""
    lines = {each.kind: each for each in missing(at)}
    return [
        *(_named(ITEMS[kind].zh, lines[kind].lacks) for kind in lines if kind not in _OF_OFFICERS),
        *(_named(_SUPPORT_PROOF, unproven) for unproven in [support.unproven(at)] if unproven),
    ]


def _named(paper: str, people: Sequence[Member]) -> str:
    names = "、".join(each.name for each in people)
    return f"{paper}（{names}）" if names else paper


def _is_wanted(at: Standing, kind: str) -> bool:
    if kind == ID_CARD:
        return bool(_cards_to_decide(at))
    return not _is_filed(at, kind, {each.key for each in _concerned(at)})


def _concerned(at: Standing) -> list[Member]:
    """Whom the papers of a grant are of: of a person's grant that person alone."""
    of_one = at.path.grant is not None and at.path.grant.whose == PERSON
    return [each for each in at.application.members if each == at.subject or not of_one]


def _cards_to_decide(at: Standing) -> list[Member]:
    """Whose card has to be filed, and is not."""
    concerned, adults = _concerned(at), at.application.adults(at.today)
    return [each for each in _cardless(at) if each in concerned and each in adults]


def counts_before(at: Standing, kind: str, whose: Set[str]) -> list[FiledBefore]:
    """The papers of a kind from other cases that count for somebody of these."""
    return [each for each in at.filed_before if each.paper.kind == kind and each.whose & whose]


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
    return [each for each in _numbered(at) if each.key not in brought]


def asked_for_cards(at: Standing) -> list[Member]:
    """Whose card is to be there before the file closes: everybody's who has a number; of a child
    the household register says who it is, where that is there. Nobody waits for the card of who
    cannot be reached."""
    excused, members = authorisations.excused(at), at.application.members
    registered = _is_filed(at, _REGISTER, {each.key for each in members})
    grown = at.application.adults(at.today) if registered else members
    return [each for each in _numbered(at) if each in grown and each not in excused]


def _numbered(at: Standing) -> list[Member]:
    return [e for e in at.application.members if e.lives_together and e.id_number]


def _cardless(at: Standing) -> list[Member]:
    """Those of whom a card is asked, and there is none here or on another case."""
    without, asked = without_card(at), asked_for_cards(at)
    return [e for e in asked if e in without and not counts_before(at, ID_CARD, {e.key})]


def _is_filed(at: Standing, kind: str, whose: Set[str]) -> bool:
    """Whether a paper of a kind counts, of this case or, for somebody of these, of another."""
    here = any(each.kind == kind and each.replaced_by is None for each in at.documents)
    return here or bool(counts_before(at, kind, whose))


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
    is_card = kind == ID_CARD
    wanting = without_card(at) if is_card else _of_whom(at, kind)
    before = counts_before(at, kind, {e.key for e in wanting}) if is_card or not current else []
    lacks = _cardless(at) if is_card else []
    there = bool(current or before) and not lacks
    return Item(
        kind,
        ItemState.THERE if there else state,
        current,
        [each for each in papers if each.replaced_by is not None],
        before,
        lacks,
    )


def item_of(kind: str) -> str:
    """The item a kind of paper is filed under."""
    return kind if kind in ITEMS else OTHER


def is_needed(at: Standing, kind: str) -> bool:
    """An item the place asks for; proof of illness or disability where somebody said so; of a visit
    nobody made for it was due no longer, no form; no card where everybody is a child of the
    household register."""
    applied_for = at.path.grant is not None
    if kind == _SURVEY_FORM and at.case.state == NOT_DUE and not at.done(*VISITS):
        return False
    if kind == ID_CARD and at.application.members and not asked_for_cards(at):
        return False
    if kind in at.settings.archive_items(at.case.category, applied_for=applied_for):
        return True
    if not applied_for:
        return False
    return kind == ILLNESS and bool(_of_whom(at, kind))


def _of_whom(at: Standing, kind: str) -> Sequence[Member]:
    """Of whom a paper is: of illness whoever is said to be ill or disabled, and everybody where it
    is said of the household; else of them all."""
    said = at.application
    if kind != ILLNESS or _costs(said.means):
        return said.members
    return [e for e in said.members if e.disability_grade is not None or _costs(e.means)]


def _costs(means: Mapping[str, object]) -> bool:
    return any(means.get(name) for name in _ILLNESS)
