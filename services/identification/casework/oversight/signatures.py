"""Who signs is responsible: what each person signed in a time, by which right, and on what."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final

from sqlmodel import col, select

from services.identification.areas import of_areas
from services.identification.casework import queues
from services.identification.casework.looking_again.round_seconds import CHECK, VISIT, WEIGH
from services.identification.casework.looking_again.rounds import FOUND
from services.identification.casework.papers import tables
from services.identification.casework.papers.tables import Sheet
from services.identification.casework.paths import all_paths
from services.identification.desk import Desk
from services.identification.grammar import rows
from services.identification.grammar.acts import Act, Field
from services.identification.models import (
    CaseAct,
    CaseFile,
    Round,
    RoundCheck,
    RoundHousehold,
    RoundSignature,
)
from services.identification.places import Place
from shared.months import COUNTY_ZONE
from shared.problems import TooLarge

SIGNATURES_MAX: Final = 50_000
APPLYING: Final = frozenset({"cases:apply", "cases:own"})
RIGHTS: Final[Mapping[str, str]] = {
    "cases:apply": "代办",
    "cases:accept": "受理",
    "cases:identify": "核验身份",
    "cases:survey": "入户调查",
    "cases:review": "乡镇审核",
    "cases:check": "县级核查",
    "cases:decide": "审批",
    "cases:hear": "审理申诉",
    "exchange:bring": "核对数据",
}
"""In whose part somebody signed, by the scope that let them."""
_LOOKS: Final[Mapping[str, str]] = {CHECK: "复查", WEIGH: "认定"}
_CHOSEN: Final[Mapping[str, str]] = {CHECK: "以复查为准", VISIT: "仍以原核查为准"}
_NUMBERS_MOST: Final = 100
"""A text no longer than this is a number or a name; longer ones are read on the case."""


class TooManySignatures(TooLarge):
    """More was signed in that time than one list holds: ask for a shorter one."""


@dataclass(frozen=True)
class Signature:
    """One act somebody answers for: in which part, over which areas, when, and what it said."""

    person: str
    actor: str
    rights: list[str]
    areas: list[str]
    act: str
    act_words: str
    said: str
    signed_at: datetime
    done_on: date
    version: int
    case_id: str | None
    round_id: str | None
    receipt: str
    category_words: str
    village: str
    state_words: str


async def signed(
    desk: Desk, first: date, last: date, person: str | None, *, said: bool
) -> list[Signature]:
    """What was signed in the caller's areas from a day to another, by everybody or by one.

    To apply for somebody is no signature; every other act is, and of a round every finding, every
    second look, and every choice between the two. What was signed is read where it is to be `said`.

    Raises:
        TooManySignatures: one list does not hold it.
    """
    found = [
        *[each async for each in _on_cases(desk, first, last, person, said)],
        *[each async for each in _in_rounds(desk, first, last, person)],
        *[each async for each in _second_looks(desk, first, last, person)],
    ]
    if len(found) > SIGNATURES_MAX:
        raise TooManySignatures()
    return sorted(found, key=attrgetter("person", "signed_at", "receipt", "version"))


def by_person(signatures: Sequence[Signature]) -> list[dict[str, Any]]:
    """Each person with how often they signed what, in which parts, and in how many cases."""
    people: dict[str, dict[str, Any]] = {}
    for each in signatures:
        one = people.setdefault(
            each.person,
            {"person": each.person, "signatures": 0, "acts": {}, "rights": {}, "cases": set()},
        )
        one["signatures"] += 1
        one["acts"][each.act_words] = one["acts"].get(each.act_words, 0) + 1
        one["rights"].update(dict.fromkeys(each.rights))
        one["cases"].add(each.receipt)
    return [
        {**one, "rights": list(one["rights"]), "cases": len(one["cases"])}
        for one in people.values()
    ]


def workbook(signatures: Sequence[Signature], place: Place) -> bytes:
    """The same as a workbook, a signature a line."""
    headings = (
        "签字人", "账号", "职责", "管辖范围", "事项", "签字内容", "签字时间", "版本", "编号",
        "类别", "村（社区）", "现在状态",
    )  # fmt: skip
    lines = [
        (
            each.person, each.actor, "、".join(each.rights),
            "、".join(tables.called(place, area) for area in each.areas), each.act_words, each.said,
            each.signed_at.astimezone(COUNTY_ZONE).strftime("%Y-%m-%d %H:%M:%S"),
            str(each.version), each.receipt, each.category_words, place.called(each.village),
            each.state_words,
        )
        for each in signatures
    ]  # fmt: skip
    return tables.workbook([Sheet("谁签字谁负责", headings, lines)])


async def _on_cases(
    desk: Desk, first: date, last: date, person: str | None, said: bool
) -> AsyncIterator[Signature]:
    statement = (
        select(CaseAct, CaseFile)
        .join(CaseFile, col(CaseFile.id) == col(CaseAct.case_id))
        .where(
            col(CaseAct.done_on) >= first,
            col(CaseAct.done_on) <= last,
            queues.visible(desk.caller),
        )
        .limit(SIGNATURES_MAX + 1)
    )
    if person is not None:
        statement = statement.where(col(CaseAct.person) == person)
    for act, case in await desk.session.exec(statement):
        path = all_paths()[case.category]
        known = path.acts.get(act.act)
        if known is not None and known.scopes <= APPLYING:
            continue
        yield Signature(
            person=act.person,
            actor=act.actor,
            rights=[RIGHTS.get(scope, scope) for scope in act.scopes or ()],
            areas=act.areas or [],
            act=act.act,
            act_words=known.words.zh if known else act.act,
            said=_said(known, rows.words_of(desk.keys, act)) if known and said else "",
            signed_at=act.done_at,
            done_on=act.done_on,
            version=act.number,
            case_id=str(case.id),
            round_id=None,
            receipt=case.receipt,
            category_words=path.words.zh,
            village=case.village,
            state_words=path.states[case.state].words.zh,
        )


async def _in_rounds(
    desk: Desk, first: date, last: date, person: str | None
) -> AsyncIterator[Signature]:
    statement = (
        select(RoundSignature, RoundHousehold, Round)
        .join(RoundHousehold, col(RoundHousehold.id) == col(RoundSignature.household_id))
        .join(Round, col(Round.id) == col(RoundHousehold.round_id))
        .where(col(RoundSignature.signed_on) >= first, col(RoundSignature.signed_on) <= last)
        .limit(SIGNATURES_MAX + 1)
    )
    if person is not None:
        statement = statement.where(col(RoundSignature.person) == person)
    for each, one, round_ in await desk.session.exec(statement):
        if not desk.caller.may_see(one.village):
            continue
        yield Signature(
            person=each.person,
            actor=each.actor,
            rights=["纸质核查表" if each.paper_id else RIGHTS["cases:survey"]],
            areas=each.areas,
            act="round-finding",
            act_words="签集中核查结果",
            said=FOUND[each.finding],
            signed_at=each.signed_at,
            done_on=each.signed_on,
            version=each.number,
            case_id=None,
            round_id=str(one.round_id),
            receipt=one.number,
            category_words=round_.name,
            village=one.village,
            state_words=FOUND.get(str(one.finding), ""),
        )


async def _second_looks(
    desk: Desk, first: date, last: date, person: str | None
) -> AsyncIterator[Signature]:
    statement = (
        select(RoundCheck, RoundHousehold, Round)
        .join(RoundHousehold, col(RoundHousehold.id) == col(RoundCheck.household_id))
        .join(Round, col(Round.id) == col(RoundHousehold.round_id))
        .where(
            col(RoundCheck.done_on) >= first,
            col(RoundCheck.done_on) <= last,
            of_areas(desk.caller, col(RoundHousehold.village)),
        )
        .limit(SIGNATURES_MAX + 1)
    )
    if person is not None:
        statement = statement.where(col(RoundCheck.person) == person)
    for each, one, round_ in await desk.session.exec(statement):
        yield Signature(
            person=each.person,
            actor=each.actor,
            rights=[_LOOKS[each.act]],
            areas=[],
            act=f"round-{each.act}",
            act_words=f"集中核查{_LOOKS[each.act]}",
            said=_CHOSEN[each.said] if each.act == WEIGH else FOUND[each.said],
            signed_at=each.done_at,
            done_on=each.done_on,
            version=each.number,
            case_id=None,
            round_id=str(one.round_id),
            receipt=one.number,
            category_words=round_.name,
            village=one.village,
            state_words=FOUND.get(str(one.finding), ""),
        )


def _said(act: Act, words: Mapping[str, Any]) -> str:
    """What was signed, as far as it is a choice, a day, a sum or a number."""
    said = [
        f"{field.words.zh}：{told}"
        for name, field in act.fields.items()
        if name in words and (told := _told(field, words[name])) is not None
    ]
    return "；".join(said)


def _told(field: Field, word: Any) -> str | None:
    is_number = field.type == "text" and field.most <= _NUMBERS_MOST
    told = is_number or field.type in {"choice", "fen", "flag", "date", "month", "count"}
    return field.told(word) if told else None
