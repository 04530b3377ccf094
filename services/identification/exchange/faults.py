"""Everything that can be wrong with a file of the exchange, by codes that never change meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.identification.roster.faults import Fault


class Code(StrEnum):
    """What is wrong with a cell or a row."""

    MISSING = "missing"
    TOO_LONG = "text-too-long"
    UNPRINTABLE = "text-unprintable"
    ID_FORM = "id-form"
    ID_CHECK_DIGIT = "id-check-digit"
    DATE_BAD = "date-bad"
    DATE_FUTURE = "date-future"
    MONTH_BAD = "month-bad"
    SUM_BAD = "sum-bad"
    COUNT_BAD = "count-bad"
    CODE_UNKNOWN = "code-unknown"
    VILLAGE_UNKNOWN = "village-unknown"
    SERIAL_GAP = "serial-gap"
    NOT_AS_ASKED = "not-as-asked"
    TWICE = "twice"
    TOTAL_MISSING = "total-missing"
    TOTAL_DIFFERS = "total-differs"
    KNOWN_OTHERWISE = "known-otherwise"
    NOBODY_ASKED = "nobody-asked"
    NOT_THE_PERSON = "not-the-person"
    NOT_ASKED = "not-asked"
    ANSWER_MISSING = "answer-missing"
    REPORT_DIFFERS = "report-differs"
    CASE_MOVED_ON = "case-moved-on"
    NUMBER_TAKEN = "number-taken"
    HOUSEHOLD_UNKNOWN = "household-unknown"
    HOUSEHOLD_UNCLEAR = "household-unclear"
    NAME_DIFFERS = "name-differs"
    RECORDED_DEAD = "recorded-dead"
    DECIDED_OTHERWISE = "decided-otherwise"
    REGISTERED_OTHERWISE = "registered-otherwise"


SENTENCES: Final = {
    Code.MISSING: "这一格要填",
    Code.TOO_LONG: "文字太长",
    Code.UNPRINTABLE: "文字里有不能打印的字符",
    Code.ID_FORM: "身份证号应是18位",
    Code.ID_CHECK_DIGIT: "身份证号最后一位校验不对",
    Code.DATE_BAD: "没有这一天",
    Code.DATE_FUTURE: "日期晚于今天",
    Code.MONTH_BAD: "没有这个月",
    Code.SUM_BAD: "金额不对",
    Code.COUNT_BAD: "应是整数",
    Code.CODE_UNKNOWN: "不认识这个代码",
    Code.VILLAGE_UNKNOWN: "本县没有这个村居",
    Code.SERIAL_GAP: "序号不连续",
    Code.NOT_AS_ASKED: "填得不对",
    Code.TWICE: "这一条在文件里出现了两次",
    Code.TOTAL_MISSING: "没有合计行",
    Code.TOTAL_DIFFERS: "合计不等于各行之和",
    Code.KNOWN_OTHERWISE: "这个编号以前来过，内容不一样",
    Code.NOBODY_ASKED: "没有发出过这个核对请求，或者已经答复",
    Code.NOT_THE_PERSON: "核对请求里没有这个人",
    Code.NOT_ASKED: "核对请求里没有问这一项",
    Code.ANSWER_MISSING: "这个核对请求里还有人或事项没有答复",
    Code.REPORT_DIFFERS: "同一个核对请求的报告编号和日期应一样",
    Code.CASE_MOVED_ON: "这个案件已不在核对环节",
    Code.NUMBER_TAKEN: "这个省平台编号已属于另一户或另一件",
    Code.HOUSEHOLD_UNKNOWN: "本县没有这个户编号",
    Code.HOUSEHOLD_UNCLEAR: "这一户的人在册里分住几户，看不出是哪一户；"
    "请先办分户、并户，或写上本县户编号",
    Code.NAME_DIFFERS: "姓名与在册的不一样",
    Code.RECORDED_DEAD: "册里登记这个人已去世，没有入库",
    Code.DECIDED_OTHERWISE: "与本县最近一次决定不一样，没有入库",
    Code.REGISTERED_OTHERWISE: "姓名、村居或户口性质与在册的不一样，以在册的为准；"
    "在册的不对的，先在册里更正",
}


@dataclass(frozen=True)
class Taken:
    """What became of the rows of a file that was applied; which were left out, and why."""

    counts: Mapping[str, int]
    left_out: Sequence[Fault] = ()


def fault(row: int, heading: str, code: Code, more: str = "") -> Fault:
    """One thing wrong; never what stood in the cell."""
    reason = f"{SENTENCES[code]}（{more}）" if more else SENTENCES[code]
    return Fault("", row, heading, code.value, reason)
