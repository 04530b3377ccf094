"""What a rule may know of a household and of a person, with units and ranges.

A fact is known, not applicable or unknown. "Not applicable" is a value of its type
(`NOT_APPLICABLE`, below every declared range); unknown is kept beside the value, never in it.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

NOT_APPLICABLE: Final = -1
NOT_APPLICABLE_WORD: Final = "not-applicable"


class State(IntEnum):
    """What stands beside a value: whether a rule may read it."""

    KNOWN = 0
    UNKNOWN = 1
    OUT_OF_RANGE = 2


@dataclass(frozen=True)
class Words:
    """One thing said in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Code:
    """One value of a coded quantity: the name packs use for it, and its words."""

    name: str
    words: Words


@dataclass(frozen=True)
class Fact:
    """One thing known of a household or a person: unit, range, words, what proves it."""

    name: str
    entity: str
    unit: str
    lowest: int
    highest: int
    label: Words
    proof: Words
    may_not_apply: bool = False
    codes: Mapping[int, Code] = field(default_factory=dict)

    def holds(self, value: int) -> bool:
        """Whether the value is one this fact can have."""
        if value == NOT_APPLICABLE:
            return self.may_not_apply
        if not self.lowest <= value <= self.highest:
            return False
        return _is_date(value) if self.unit == "date" else True

    def read(self, word: object) -> tuple[int, State]:
        """A word of a determination as a value and what stands beside it."""
        if word is None:
            return 0, State.UNKNOWN
        if word == NOT_APPLICABLE_WORD:
            word = NOT_APPLICABLE
        elif word == NOT_APPLICABLE:
            return 0, State.OUT_OF_RANGE
        if type(word) is not int or not self.holds(word):
            return 0, State.OUT_OF_RANGE
        return word, State.KNOWN


def _is_date(value: int) -> bool:
    year, month, day = value // 10000, value // 100 % 100, value % 100
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _flag(name: str, entity: str, zh: str, en: str) -> Fact:
    proof = Words("审核确认决定", "the decision of the county")
    codes = {0: Code("no", Words("否", "no")), 1: Code("yes", Words("是", "yes"))}
    return Fact(name, entity, "flag", 0, 1, Words(zh, en), proof, codes=codes)


def _coded(
    name: str, entity: str, label: Words, proof: Words, *codes: Code, may_not_apply: bool
) -> Fact:
    by_value = dict(enumerate(codes, start=1))
    return Fact(name, entity, "code", 1, len(codes), label, proof, may_not_apply, by_value)


_CERTIFICATE = Words("残疾人证", "the disability certificate")
_REGISTER = Words("户口簿", "the household register")

HOUSEHOLD_FACTS: Final[tuple[Fact, ...]] = (
    _coded(
        "registration",
        "household",
        Words("户籍类别", "kind of registration"),
        _REGISTER,
        Code("urban", Words("城镇", "urban")),
        Code("rural", Words("农村", "rural")),
        may_not_apply=False,
    ),
    _flag("on_dibao", "household", "已确认享受低保", "dibao has been decided"),
    Fact(
        name="income_fen_monthly",
        entity="household",
        unit="fen",
        lowest=0,
        highest=1_000_000_000,
        label=Words("家庭月收入（审核认定）", "household income a month, as decided"),
        proof=Words("审核确认决定中的收入核算", "the reckoning of income in the decision"),
    ),
)

PERSON_FACTS: Final[tuple[Fact, ...]] = (
    Fact(
        name="born_on",
        entity="person",
        unit="date",
        lowest=1890_01_01,
        highest=2199_12_31,
        label=Words("出生日期", "date of birth"),
        proof=Words("居民身份证", "the identity card"),
    ),
    Fact(
        name="died_on",
        entity="person",
        unit="date",
        lowest=1990_01_01,
        highest=2199_12_31,
        label=Words("死亡日期", "date of death"),
        proof=Words("死亡证明或殡葬记录", "the death certificate or the funeral record"),
        may_not_apply=True,
    ),
    _flag("on_tekun", "person", "已认定为特困人员", "tekun has been decided"),
    _coded(
        "care_mode",
        "person",
        Words("供养方式", "mode of care"),
        Words("供养协议", "the care agreement"),
        Code("scattered", Words("分散供养", "scattered care, at home")),
        Code("centralised", Words("集中供养", "centralised care, in a home")),
        may_not_apply=True,
    ),
    _coded(
        "self_care",
        "person",
        Words("生活自理能力", "ability to care for oneself"),
        Words("生活自理能力评估表", "the assessment of self-care"),
        Code("full", Words("全自理", "full")),
        Code("partial", Words("半护理", "partial")),
        Code("none", Words("全护理", "none")),
        may_not_apply=True,
    ),
    _coded(
        "disability_grade",
        "person",
        Words("残疾等级", "disability grade"),
        _CERTIFICATE,
        Code("grade-1", Words("一级", "grade 1")),
        Code("grade-2", Words("二级", "grade 2")),
        Code("grade-3", Words("三级", "grade 3")),
        Code("grade-4", Words("四级", "grade 4")),
        may_not_apply=True,
    ),
    _coded(
        "disability_kind",
        "person",
        Words("残疾类别", "kind of disability"),
        _CERTIFICATE,
        Code("sight", Words("视力", "sight")),
        Code("hearing", Words("听力", "hearing")),
        Code("speech", Words("言语", "speech")),
        Code("limb", Words("肢体", "limb")),
        Code("intellectual", Words("智力", "intellectual")),
        Code("mental", Words("精神", "mental")),
        Code("multiple", Words("多重", "multiple")),
        may_not_apply=True,
    ),
    _flag(
        "on_disability_living", "person", "已确认生活补贴", "the living subsidy has been decided"
    ),
    _flag(
        "on_disability_nursing", "person", "已确认护理补贴", "the nursing subsidy has been decided"
    ),
    _flag("on_old_age", "person", "已确认高龄津贴", "the old-age allowance has been decided"),
)

FACTS: Final[Mapping[str, Fact]] = {fact.name: fact for fact in HOUSEHOLD_FACTS + PERSON_FACTS}
