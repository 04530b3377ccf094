"""What a case may change of a household or of somebody in it, in words."""

from collections.abc import Mapping
from typing import Final

from gateway.pages import yuan_words
from gateway.words import CODED

FACTS: Final[Mapping[str, str]] = {
    "on_dibao": "低保",
    "income_fen_monthly": "家庭月收入",
    "income_fen_yearly": "家庭年收入",
    "dibao_above_standard_on": "收入超标认定日期",
    "on_edge": "低保边缘家庭",
    "on_rigid_spending": "刚性支出困难家庭",
    "asks_for_low_income": "申请低收入认定",
    "on_single_person": "单人户低保",
    "single_person_left_on": "单人户条件消失认定日期",
    "on_tekun": "特困供养",
    "on_disability_living": "困难残疾人生活补贴",
    "on_disability_nursing": "重度残疾人护理补贴",
    "on_old_age": "高龄津贴",
    "on_children_living": "儿童基本生活费",
    "care_mode": "供养（养育）方式",
    "self_care": "生活自理能力",
    "disability_grade": "残疾等级",
    "disability_kind": "残疾类别",
    "away": "不计入家庭人口",
    "work_offers_refused": "拒绝介绍工作次数",
}
"""Those that are shown, by their name in the law."""
_YES: Final = ("on_", "asks_")
"""How facts begin that are 1 or 0."""


def value_words(name: str, value: int | str | None) -> str:
    """A fact's value as people say it: money in yuan, yes or no, a code by its word.

    `income_fen_monthly`, 72400 → 724.00元; `on_dibao`, 1 → 是; nothing known → 未知.
    """
    if value is None:
        return "未知"
    if value == "not-applicable":
        return "无"
    if name.endswith(("_fen_monthly", "_fen_yearly")):
        return yuan_words(int(value))
    if name.startswith(_YES):
        return "是" if int(value) else "否"
    return CODED[name].get(int(value), str(value)) if name in CODED else str(value)
