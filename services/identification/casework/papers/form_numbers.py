"""The number of a review form: village by village in a year, and the same in every list of them.

Whatever is applied for or changed has one. It gets its number with the opinion before the decision,
or with the decision where no opinion comes first, and keeps it for good: a list by these numbers
has no gap, and its serial is the number of the form.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import func, text
from sqlmodel import col, select

from services.identification import areas
from services.identification.casework import classes, objections
from services.identification.casework.lists import postings
from services.identification.casework.papers import printing, tables
from services.identification.casework.papers.tables import Sheet
from services.identification.casework.paths import all_paths
from services.identification.casework.reading import standings
from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.desk import Desk
from services.identification.grammar.acts import Act
from services.identification.grammar.history import Done
from services.identification.models import CaseFile
from services.identification.places import Place
from shared.database import run
from shared.problems import Conflict, NotFound

AT_ONCE: Final = 500
"""So many cases are read together."""
GRANT: Final = "grant"
SUMS: Final = {"forms": "户数", "people": "人数", "proposed": "拟同意户数"}
"""What is summed of forms, in words."""
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtext(:village))")


class NotProposed(Conflict):
    """Nobody has given an opinion yet: there is no review form."""


class NoSuchVillage(NotFound):
    """There is no such village here."""


def is_due(at: Standing, act: Act) -> bool:
    """Whether the form of a case has its number by an act: an opinion, or the decision on what is
    applied for. A leaving has its letter, and whoever fades out may move."""
    is_decided = at.path.grant is not None and DECISION_NUMBER in at.words
    return act.name in GIVES_OPINION or is_decided


async def number_form(desk: Desk, at: Standing) -> None:
    """Give the review form of a case the next number of its village in this year; once."""
    case = at.case
    if case.form_number is not None:
        return
    await run(desk.session, _ONE_AT_A_TIME, {"village": f"form-number:{case.village}"})
    last = await desk.session.exec(
        select(func.max(col(CaseFile.form_number))).where(
            col(CaseFile.village) == case.village, col(CaseFile.form_year) == at.today.year
        )
    )
    case.form_year = at.today.year
    case.form_number = (last.one() or 0) + 1
    desk.session.add(case)


async def roster(
    desk: Desk,
    place: Place,
    area: str,
    year: int,
    *,
    category: str | None = None,
    opinion: str | None = None,
) -> dict[str, Any]:
    """Every review form of an area in a year, village by village in the order of its numbers, with
    the sums; or the forms behind one of these: of a category, of an opinion.

    Raises:
        NoSuchVillage: it is not of this county, or not of the caller's area.
    """
    everywhere = {place.county, *place.towns, *place.villages}
    if area not in everywhere or not desk.caller.may_see(area):
        raise NoSuchVillage()
    found = await desk.session.exec(
        select(CaseFile)
        .where(areas.within([area], col(CaseFile.village)), col(CaseFile.form_year) == year)
        .order_by(col(CaseFile.village), col(CaseFile.form_number))
    )
    rows = [_row(at) for cases in _batched(found.all()) for at in await standings(desk, cases)]
    sums: dict[str, dict[str, int]] = {}
    villages: dict[str, dict[str, int]] = {}
    for each in rows:
        for lines, name in ((sums, each["category"]), (villages, each["village"])):
            line = lines.setdefault(name, dict.fromkeys(SUMS, 0))
            line["forms"] += 1
            line["people"] += each["people"]
            line["proposed"] += each["opinion"] == GRANT
    return {
        "area": area,
        "year": year,
        "items": [
            each
            for each in rows
            if category in {None, each["category"]} and opinion in {None, each["opinion"]}
        ],
        "sums": sums,
        "villages": villages,
    }


async def sheets(desk: Desk, place: Place, area: str, year: int) -> list[Sheet]:
    """The same on paper.

    Raises:
        NoSuchVillage: it is not of this county, or not of the caller's area.
    """
    found = await roster(desk, place, area, year)
    names = {each.category: each.words.zh for each in all_paths().values()}
    villages = {village: list(line.values()) for village, line in found["villages"].items()}
    headings = [*SUMS.values()]
    return [
        Sheet(
            "花名册",
            ["村（社区）", "序号", "编号", "户主", "人口", "类别", "审核意见", "现在状态"],
            [
                (
                    place.called(each["village"]),
                    each["serial"],
                    each["receipt"],
                    each["head_name"],
                    each["people"],
                    names[each["category"]],
                    OPINIONS.get(each["opinion"], "—"),
                    each["state_words"],
                )
                for each in found["items"]
            ],
        ),
        Sheet(
            "分类别汇总",
            ["类别", *headings],
            [(names[name], *line.values()) for name, line in found["sums"].items()],
        ),
        Sheet(
            "分乡镇、村汇总",
            ["乡镇（街道）", "村（社区）", *headings],
            tables.by_area(place, villages, len(SUMS)),
        ),
    ]


async def printed_form(desk: Desk, place: Place, at: Standing) -> bytes:
    """The one combined review form of a case, as far as it has come; audited.

    Raises:
        NotProposed: there is none yet.
    """
    if at.case.form_number is None:
        raise NotProposed()
    await desk.note(
        "review-form-printed",
        str(at.case.id),
        {"year": at.case.form_year, "number": at.case.form_number},
    )
    members = [each for each in at.application.members if each.lives_together]
    return printing.sheet(
        "review-form",
        {
            "title": f"{at.path.words.zh}审核确认表",
            "number": str(at.case.form_number),
            "facts": [
                ["编号", at.case.receipt],
                ["村（社区）", place.called(at.case.village)],
                ["申请人", at.case.head_name],
                ["共同生活人口", str(len(members))],
            ],
            "members": [[each.name, each.relation] for each in members],
            "steps": [_step(at, each) for each in at.acts if _is_step(at, each)],
            "postings": [
                [
                    postings.BOARDS[each.stage].zh,
                    each.first_day.isoformat(),
                    each.last_day.isoformat(),
                ]
                for each in at.postings
            ],
            "objections": objections.lines(at),
        },
    )


GIVES_OPINION: Final = {"propose", "check-child", "read-certificate"}
"""The acts before a decision by which somebody who does not decide says what is to be decided."""
OPINIONS: Final = {"grant": "拟同意", "refuse": "拟不同意"}
STEPS: Final = (
    "accept", "survey", "sign-survey", "survey-late", "choose-survey", "choose-late-survey",
    "compare", "no-quorum", "appraise", "spot-check", "weigh-spot-check", "propose", "home-check",
    "weigh-home-check", "approve", "check-child", "read-certificate", "assess-self-care", "report",
    "correct-report", "advance",
)  # fmt: skip


_WEIGHED: Final = {"choice", "count", "fen", "flag", "month"}
"""Of what an act says, the types of words by which something is found or decided."""


def _batched(cases: Sequence[CaseFile]) -> Iterator[list[CaseFile]]:
    left = iter(cases)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _row(at: Standing) -> dict[str, Any]:
    proposal = at.last("propose")
    return {
        "serial": at.case.form_number,
        "village": at.case.village,
        "case_id": str(at.case.id),
        "receipt": at.case.receipt,
        "head_name": at.case.head_name,
        "people": len([each for each in at.application.members if each.lives_together]),
        "category": at.case.category,
        "opinion": str(proposal.words["opinion"]) if proposal else None,
        "state_words": at.path.states[at.case.state].words.zh,
    }


def _is_step(at: Standing, done: Done) -> bool:
    """Whether the form shows it: who looked and who signed; and of a household's case what is to be
    changed or to end."""
    is_asked = at.path.about_household and done.from_state == at.path.begins
    return done.act in at.path.acts and (
        done.act in STEPS or DECISION_NUMBER in done.words or is_asked
    )


def _step(at: Standing, done: Done) -> list[str]:
    """What was done, when, by whom, and what it came to."""
    act, words = at.path.acts[done.act], done.words
    fields = {**act.fields, **classes.ASKED}
    said = [
        *(words.get(each) for each in (DECISION_NUMBER, "report_number")),
        *(
            f"{field.words.zh}：{field.told(words[name])}"
            for name, field in fields.items()
            if field.type in _WEIGHED and words.get(name) is not None
        ),
        *(words.get(each) for each in ("findings", "reasons", "reason", classes.REASON)),
    ]
    told = "；".join(str(each) for each in said if each)
    return [done.done_on.isoformat(), act.words.zh, done.person, told]
