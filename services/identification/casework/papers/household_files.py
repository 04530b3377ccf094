"""One household, one file: the nine items over all its cases, each with every version it had.

A paper of a later case takes the place of the same one of an earlier case, of the same person; what
belongs to what was applied for, of the same category. Nothing is lost: the earlier ones stay.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from services.identification import areas
from services.identification.casework import households, same_people
from services.identification.casework.applications import Member
from services.identification.casework.looking_again import round_findings
from services.identification.casework.papers import archive, looks, whole_files
from services.identification.casework.papers.archive import ITEMS, ItemState
from services.identification.casework.papers.looks import Look
from services.identification.casework.paths import UNDECIDED
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseDocument, CaseFile, Household
from services.identification.places import Place
from shared.months import civil_date

_OF_THE_CLAIM: Final = frozenset({"application-form", "application", "commitment"})
"""Items that belong to what was applied for; the others are the household's, whatever it asked."""


@dataclass(frozen=True)
class Version:
    """A paper as one version of its item: the how-manieth, of which case, and whose it is."""

    paper: CaseDocument
    at: Standing
    number: int
    current: bool
    whose: str


@dataclass(frozen=True)
class HouseholdItem:
    """One of the nine over all cases: its versions, the newest first."""

    kind: str
    state: ItemState
    versions: list[Version]

    @property
    def current(self) -> list[Version]:
        """The papers that count now, in the order they were filed."""
        return [each for each in reversed(self.versions) if each.current]

    @property
    def earlier(self) -> list[Version]:
        """Those whose place was taken, in the order they were filed."""
        return [each for each in reversed(self.versions) if not each.current]


@dataclass(frozen=True)
class HouseholdFile:
    """The file of a household of the register."""

    household: Household
    cases: list[Standing]
    items: list[HouseholdItem]
    looks: list[Look]
    """Rounds, second looks and spot checks; they stand under the form of a visit."""


async def of_household(desk: Desk, household_id: UUID) -> HouseholdFile:
    """The file of a household of the caller's area, with every case it ever had; of whoever lives
    there also those of the caller's area that an officer took in and that brought nobody into the
    register.

    Raises:
        NoSuchHousehold: there is none, or it is not of the caller's area.
    """
    household = await households.seen(desk.session, desk.caller, household_id)
    living = {each.id_index for each, _ in await households.living(desk.session, household_id)}
    about = aliased(CaseFile)
    found = await desk.session.exec(
        select(CaseFile)
        .outerjoin(about, col(about.id) == col(CaseFile.about_case_id))
        .where(
            or_(
                col(CaseFile.household_id) == household_id,
                col(about.household_id) == household_id,
                and_(
                    col(CaseFile.household_id).is_(None),
                    same_people.name_one_of(living),
                    same_people.looked_at(),
                    areas.of_areas(desk.caller, CaseFile.village),
                ),
            )
        )
        .order_by(col(CaseFile.id))
    )
    cases = [at for at in await standings(desk, found.all()) if not _is_draft(at)]
    seen = await looks.of_household(desk, household_id, cases)
    items = [_with_forms(_item(cases, kind), seen) for kind in ITEMS]
    return HouseholdFile(household, cases, items, seen)


async def printed(
    desk: Desk, files: Path, place: Place, household_id: UUID, *, earlier: bool
) -> bytes:
    """The file as one PDF, with the earlier versions behind the items where wanted; audited.

    Raises:
        NoSuchHousehold, FileTooLarge.
    """
    file = await of_household(desk, household_id)
    cover, filed = _cover(file, place, desk.today), _filed(file, earlier=earlier)
    number = file.household.number
    pdf = await asyncio.to_thread(whole_files.printed, desk.keys, files, number, cover, filed)
    await desk.note(
        "household-file-read",
        str(household_id),
        {"size_bytes": len(pdf), "cases": len(file.cases), "earlier": earlier},
    )
    return pdf


def shown(desk: Desk, file: HouseholdFile) -> dict[str, Any]:
    """The file as its readers see it; a paper is opened on its case, where the case is theirs."""
    return {
        "household_id": str(file.household.id),
        "number": file.household.number,
        "village": file.household.village,
        "cases": [
            {
                "case_id": str(at.case.id),
                "receipt": at.case.receipt,
                "category": at.path.words.both(),
                "state": at.path.states[at.case.state].words.both(),
                "opened_on": civil_date(at.case.opened_at).isoformat(),
                "yours": desk.caller.may_see(at.case.village),
            }
            for at in file.cases
        ],
        "looks": [each.shown() for each in file.looks],
        "items": [
            {
                "kind": item.kind,
                "name": ITEMS[item.kind].both(),
                "state": item.state.value,
                "state_words": archive.STATES[item.state].both(),
                "versions": [
                    {
                        "document_id": str(each.paper.id),
                        "kind": each.paper.kind,
                        "case_id": str(each.at.case.id),
                        "receipt": each.at.case.receipt,
                        "number": each.number,
                        "current": each.current,
                        "whose": each.whose,
                        "added_on": civil_date(each.paper.added_at).isoformat(),
                        "sha256": each.paper.sha256,
                        "yours": desk.caller.may_see(each.at.case.village),
                    }
                    for each in item.versions
                ],
            }
            for item in file.items
        ],
    }


def _is_draft(at: Standing) -> bool:
    """Whether it is only being written: that is of nobody's file yet."""
    return at.case.state == at.path.begins and not at.documents


def _item(cases: Sequence[Standing], kind: str) -> HouseholdItem:
    """An item with its versions, the newest first, and whether it is there or missing."""
    groups: dict[tuple[str | None, ...], list[tuple[Standing, CaseDocument]]] = {}
    for at in cases:
        for paper in at.documents:
            if archive.item_of(paper.kind) == kind:
                groups.setdefault(_group(at, paper), []).append((at, paper))
    versions = [each for group in groups.values() for each in _versions(group)]
    versions.sort(key=lambda each: each.paper.id, reverse=True)
    there = any(each.current for each in versions)
    wanted = [at for at in cases if at.case.state not in UNDECIDED and archive.is_needed(at, kind)]
    state = ItemState.MISSING if wanted else ItemState.NOT_NEEDED
    if there and not (kind == archive.ID_CARD and _without_card(wanted, versions)):
        state = ItemState.THERE
    return HouseholdItem(kind, state, versions)


def _with_forms(item: HouseholdItem, seen: Sequence[Look]) -> HouseholdItem:
    """A form of a round is a form of a visit."""
    if item.kind != looks.ITEM or not any(each.paper for each in seen):
        return item
    return replace(item, state=ItemState.THERE)


def _group(at: Standing, paper: CaseDocument) -> tuple[str | None, ...]:
    """Papers of one group take each other's place; of whatever is other, none takes another's."""
    if archive.item_of(paper.kind) == archive.OTHER:
        return (paper.kind, str(paper.id))
    claim = at.case.category if paper.kind in _OF_THE_CLAIM else None
    return (paper.kind, claim, _known_as(_whose(at, paper)))


def _versions(group: Sequence[tuple[Standing, CaseDocument]]) -> Iterator[Version]:
    """A version is what counts on one case together, or what was replaced by one paper together."""
    last_case = group[-1][0].case.id
    number, before = 0, None
    for at, paper in group:
        together = (at.case.id, paper.replaced_by)
        number += together != before
        before = together
        current = paper.replaced_by is None and at.case.id == last_case
        whose = _whose(at, paper)
        yield Version(paper, at, number, current, whose.name if whose else "")


def _whose(at: Standing, paper: CaseDocument) -> Member | None:
    members = at.application.members
    return next((each for each in members if each.key == paper.of_person), None)


def _known_as(member: Member | None) -> str | None:
    """Whom a paper is of, whatever key they have in a case."""
    if member is None:
        return None
    return member.id_number or member.temporary_code or member.name


def _without_card(wanted: Sequence[Standing], versions: Sequence[Version]) -> bool:
    """Whether somebody of the newest case that asks for cards has none on any case."""
    brought = {_known_as(_whose(each.at, each.paper)) for each in versions}
    if not wanted:
        return False
    return any(each.id_number not in brought for each in archive.asked_for_cards(wanted[-1]))


def _filed(file: HouseholdFile, *, earlier: bool) -> list[whole_files.Filed | whole_files.Written]:
    filed: list[whole_files.Filed | whole_files.Written] = []
    for number, item in enumerate(file.items, 1):
        name = f"{number} {ITEMS[item.kind].zh}"
        wanted = [(name, each) for each in item.current]
        wanted += [(f"{name}（历次）", each) for each in item.earlier if earlier]
        filed += [
            whole_files.Filed(said, _caption(said, each), each.paper, each.paper.case_id)
            for said, each in wanted
        ]
        if item.kind == looks.ITEM and file.looks:
            name += "（核查、抽查、回头看）"
            lines = [each.line() for each in file.looks]
            filed.append(whole_files.Written(name, "looks", {"looks": lines}))
            filed += [
                whole_files.Filed(
                    name, f"{name} {each.on} {each.what}", each.paper, each.paper.household_id,
                    round_findings.SHELF,
                )
                for each in file.looks
                if each.paper
            ]  # fmt: skip
    return filed + [page for at in file.cases for page in whole_files.objections_of(at)]


def _caption(name: str, each: Version) -> str:
    said = (
        name, each.whose, f"第{each.number}版", str(civil_date(each.paper.added_at)),
        each.at.case.receipt, each.paper.sha256[:8],
    )  # fmt: skip
    return " ".join(filter(None, said))


def _cover(file: HouseholdFile, place: Place, today: date) -> dict[str, Any]:
    newest = file.cases[-1:]
    rows = [
        [
            str(number), ITEMS[item.kind].zh, archive.STATES[item.state].zh,
            str(len(item.current)), str(len(item.earlier)),
        ]
        for number, item in enumerate(file.items, 1)
    ]  # fmt: skip
    versions = [
        [
            ITEMS[item.kind].zh, each.whose, f"第{each.number}版",
            "现行" if each.current else "历次", str(civil_date(each.paper.added_at)),
            each.at.case.receipt, each.paper.sha256[:8],
        ]
        for item in file.items
        for each in sorted(item.versions, key=attrgetter("paper.id"))
    ]  # fmt: skip
    return {
        "facts": [
            ["户号", file.household.number],
            ["户主", newest[0].case.head_name if newest else ""],
            ["村（社区）", place.called(file.household.village)],
            ["打印日期", today.isoformat()],
        ],
        "items": rows,
        "cases": [
            [
                at.case.receipt, at.path.words.zh, at.path.states[at.case.state].words.zh,
                civil_date(at.case.opened_at).isoformat(),
            ]
            for at in file.cases
        ],
        "versions": versions,
    }  # fmt: skip
