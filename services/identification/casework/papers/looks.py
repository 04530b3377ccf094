"""Looks at a household that no application brought about: rounds, second looks, spot checks.

They stand in its file under the form of a visit, oldest first: what each found, by whom, and the
form where there was one on paper.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from services.identification.casework.looking_again import round_hands, round_seconds
from services.identification.casework.looking_again.rounds import FOUND
from services.identification.casework.standing import Standing
from services.identification.casework.visits import CHECKS, WEIGHED
from services.identification.desk import Desk
from services.identification.models import Round, RoundHousehold, RoundPaper
from shared.months import civil_date

ITEM: Final = "survey-form"
"""The item of the file they stand under."""
_CALLED: Final = {"spot-check": "乡镇入户抽查", "home-check": "县级入户核查"}
_WEIGHED: Final = {"visit": "原核查成立", "check": "以复查为准"}


@dataclass(frozen=True)
class Look:
    """Somebody was there, or chose between two looks: when, in what, what was found, by whom."""

    on: str
    what: str
    found: str
    by: tuple[str, ...]
    note: str
    paper: RoundPaper | None = None
    round_id: UUID | None = None

    def line(self) -> list[str]:
        """As a row of the file's sheet."""
        names = "、".join(each.removeprefix("staff:") for each in self.by)
        return [self.on, self.what, self.found, names, self.note, "有" if self.paper else ""]

    def shown(self) -> dict[str, Any]:
        """As a page shows it."""
        return {
            "on": self.on,
            "what": self.what,
            "found": self.found,
            "by": list(self.by),
            "note": self.note,
            "round_id": self.round_id and str(self.round_id),
            "paper_id": self.paper and str(self.paper.id),
        }


async def of_household(desk: Desk, household_id: UUID, cases: Sequence[Standing]) -> list[Look]:
    """Every look at a household and in its cases, the first first."""
    statement = (
        select(RoundHousehold, Round)
        .join(Round, col(Round.id) == col(RoundHousehold.round_id))
        .where(
            or_(
                col(RoundHousehold.household_id) == household_id,
                col(RoundHousehold.case_id).in_([at.case.id for at in cases]),
            )
        )
    )
    found = [look for at in cases for look in _of_case(at)]
    rows = (await desk.session.exec(statement)).all()
    hands = await round_hands.of(desk, [one for one, _ in rows])
    seconds = await round_seconds.of(desk, [one for one, _ in rows])
    papers = await _papers(desk, [one.id for one, _ in rows])
    for one, round_ in rows:
        found += _of_round(desk, one, round_, hands[one.id], papers)
        found += _second(desk, round_, seconds[one.id])
    return sorted(found, key=lambda each: each.on)


def _of_case(at: Standing) -> Iterator[Look]:
    """Spot checks, the county's own visits, and who weighed what they found otherwise."""
    for each in at.acts:
        if each.act in CHECKS:
            differs = "与入户调查不一致" if each.words.get("as_found") is False else ""
            yield Look(
                str(each.words["visited_on"]),
                f"{_CALLED[each.act]}（{at.case.receipt}）",
                "与入户调查一致" if each.words.get("as_found") else differs,
                (each.actor,),
                str(each.words.get("findings", "")),
            )
        elif each.act in WEIGHED:
            counts = {"visit": "原调查成立", "check": "以抽查（核查）为准"}
            yield Look(
                each.done_on.isoformat(),
                f"抽查（核查）认定（{at.case.receipt}）",
                counts[str(each.words["counts"])],
                (each.actor,),
                str(each.words.get("reason", "")),
            )


def _of_round(
    desk: Desk,
    one: RoundHousehold,
    round_: Round,
    hands: round_hands.Hands,
    papers: dict[UUID, list[RoundPaper]],
) -> Iterator[Look]:
    """What a round found last, every earlier finding, and each form there was on paper."""
    if one.finding is None or one.visited_on is None or one.found_sealed is None:
        return
    words = json.loads(
        desk.keys.decrypt(
            one.found_sealed, table="campaign_household", column="found_sealed", row=one.id
        )
    )
    called = f"{round_.name}{'（回头看）' if round_.look_back else ''} 第{one.serial}号"
    theirs = {each.id: each for each in papers.get(one.id, [])}
    last = theirs.pop(hands.paper_id, None) if hands.paper_id else None
    for form in theirs.values():
        on = civil_date(form.added_at).isoformat()
        yield Look(on, called, "较早的纸质核查表", (form.added_by,), "", form, round_.id)
    for before in words.get("before", []):
        yield Look(
            before["visited_on"], called, f"{FOUND[before['finding']]}（后来改过）",
            (before["found_by"],), before["note"], round_id=round_.id,
        )  # fmt: skip
    by = tuple(each.actor for each in hands.signed)
    counts = "" if one.signed_on else "（未计入）"
    yield Look(
        one.visited_on.isoformat(), called, FOUND[one.finding] + counts, by, words["note"], last,
        round_.id,
    )  # fmt: skip


def _second(desk: Desk, round_: Round, second: round_seconds.Second) -> Iterator[Look]:
    """Second looks at whom chance picked, and what was chosen where they differed."""
    for each in second.done:
        note = desk.keys.decrypt(
            each.note_sealed, table="campaign_check", column="note_sealed", row=each.id
        )
        is_check = each.act == round_seconds.CHECK
        yield Look(
            (each.visited_on or each.done_on).isoformat(),
            f"{round_.name} {'抽查复查' if is_check else '复查认定'}",
            FOUND[each.said] if is_check else _WEIGHED[each.said],
            (each.actor,),
            note,
            round_id=round_.id,
        )


async def _papers(desk: Desk, household_ids: Sequence[UUID]) -> dict[UUID, list[RoundPaper]]:
    statement = select(RoundPaper).where(col(RoundPaper.household_id).in_(household_ids))
    found: dict[UUID, list[RoundPaper]] = {}
    for each in await desk.session.exec(statement.order_by(col(RoundPaper.id))):
        found.setdefault(each.household_id, []).append(each)
    return found
