"""What can be wrong with a roster: each fault with a stable code and a sentence for the clerk."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.identification.roster.columns import (
    COLUMNS,
    ROSTER_SHEET,
    STATISTICS_SHEET,
    Field,
)
from shared.problems import Malformed, TooLarge


class RosterUnreadable(Malformed):
    """The file is not a roster workbook or CSV that can be read."""


class RosterTooLarge(TooLarge):
    """The roster file is larger than is accepted."""


class Code(StrEnum):
    """The name of a fault; it never changes its meaning."""

    SERIAL_MISSING = "serial-missing"
    SERIAL_GAP = "serial-gap"
    HOUSEHOLD_MISSING = "household-missing"
    HOUSEHOLD_SPLIT = "household-split"
    HOUSEHOLD_TOO_LARGE = "household-too-large"
    VILLAGE_UNKNOWN = "village-unknown"
    VILLAGE_DIFFERS = "village-differs"
    RELATION_UNKNOWN = "relation-unknown"
    HEAD_MISSING = "head-missing"
    HEAD_TWICE = "head-twice"
    NAME_MISSING = "name-missing"
    ID_MISSING = "id-missing"
    ID_AS_NUMBER = "id-as-number"
    ID_FORM = "id-form"
    ID_CHECK_DIGIT = "id-check-digit"
    ID_BIRTH_DATE = "id-birth-date"
    FUTURE_BIRTH = "future-birth"
    TOO_OLD = "too-old"
    PERSON_DUPLICATE = "person-duplicate"
    REGISTRATION_UNKNOWN = "registration-unknown"
    REGISTRATION_DIFFERS = "registration-differs"
    MONTH_BAD = "month-bad"
    MONTH_TOO_FAR = "month-too-far"
    SINCE_MISSING = "since-missing"
    SINCE_FUTURE = "since-future"
    UNTIL_BEFORE_SINCE = "until-before-since"
    INCOME_BAD = "income-bad"
    NOT_ON_HEAD = "not-on-head"
    FLAG_BAD = "flag-bad"
    WORD_UNKNOWN = "word-unknown"
    DATE_BAD = "date-bad"
    DATE_FUTURE = "date-future"
    DIED_BEFORE_BIRTH = "died-before-birth"
    PHONE_BAD = "phone-bad"
    ACCOUNT_INCOMPLETE = "account-incomplete"
    ACCOUNT_AS_NUMBER = "account-as-number"
    ACCOUNT_FORM = "account-form"
    ACCOUNT_CHECK_DIGIT = "account-check-digit"
    BANK_UNKNOWN = "bank-unknown"
    HOLDER_MISSING = "holder-missing"
    HOLDER_NUMBER_BAD = "holder-number-bad"
    PAPER_MISSING = "paper-missing"
    DECISION_MISSING = "decision-missing"
    DECISION_UNCHANGED = "decision-unchanged"
    DECISION_OUTDATED = "decision-outdated"
    REASON_MISSING = "no-id-reason-missing"
    BORN_MISSING = "born-missing"
    CODE_FORM = "code-form"
    CODE_DIFFERS = "code-differs"
    ID_KNOWN = "id-known"
    NOTHING_TO_A_CODE = "nothing-to-a-code"
    NOT_COUNTED = "not-counted"
    NUMBER_TAKEN = "provincial-number-taken"
    FADES_OUT = "fades-out"
    MEMBER_MISSING = "member-missing"
    TEXT_TOO_LONG = "text-too-long"
    TEXT_UNPRINTABLE = "text-unprintable"
    STATISTICS_MISSING = "statistics-missing"
    STATISTICS_VILLAGE_MISSING = "statistics-village-missing"
    STATISTICS_VILLAGE_TWICE = "statistics-village-twice"
    STATISTICS_DIFFER = "statistics-differ"
    STATISTICS_TOTAL = "statistics-total"


SENTENCES: Final = {
    Code.SERIAL_MISSING: "没有序号，或序号不是数字",
    Code.SERIAL_GAP: "序号与上一行不连续，可能漏了一份审批表",
    Code.HOUSEHOLD_MISSING: "没有户编号",
    Code.HOUSEHOLD_SPLIT: "这一户被拆开了：同一户的各行要相连，也只能报在一份花名册里",
    Code.HOUSEHOLD_TOO_LARGE: "这一户人数过多，请核对户编号",
    Code.VILLAGE_UNKNOWN: "本县没有这个村居代码",
    Code.VILLAGE_DIFFERS: "同一户的村居代码不一致",
    Code.RELATION_UNKNOWN: "与户主关系不在所列之内",
    Code.HEAD_MISSING: "这一户没有户主",
    Code.HEAD_TWICE: "这一户有两个户主",
    Code.NAME_MISSING: "没有姓名",
    Code.ID_MISSING: "没有身份证号；确实没有的，填无身份证号原因和出生日期",
    Code.ID_AS_NUMBER: "身份证号存成了数字，末几位已丢失；请把单元格设为文本重新填写",
    Code.ID_FORM: "身份证号不是18位",
    Code.ID_CHECK_DIGIT: "身份证号的校验码不对，请核对有没有写错",
    Code.ID_BIRTH_DATE: "身份证号里的出生日期不存在",
    Code.FUTURE_BIRTH: "出生日期晚于今天",
    Code.TOO_OLD: "年龄超过130岁，请核对",
    Code.PERSON_DUPLICATE: "同一个人出现了两次",
    Code.REGISTRATION_UNKNOWN: "户口性质填城镇或农村",
    Code.REGISTRATION_DIFFERS: "同一户的户口性质不一致",
    Code.MONTH_BAD: "年月写不对，应如 2026-10",
    Code.MONTH_TOO_FAR: "年月不能晚于下个月",
    Code.SINCE_MISSING: "没有入户年月",
    Code.SINCE_FUTURE: "入户年月晚于本月",
    Code.UNTIL_BEFORE_SINCE: "离户年月早于入户年月",
    Code.INCOME_BAD: "收入应是不小于0的金额，最多两位小数",
    Code.NOT_ON_HEAD: "这一项只填在户主行",
    Code.FLAG_BAD: "这一项填“是”或留空",
    Code.WORD_UNKNOWN: "这一项的填法不在说明所列之内",
    Code.DATE_BAD: "没有这一天，应如 2026-09-15",
    Code.DATE_FUTURE: "日期晚于今天",
    Code.DIED_BEFORE_BIRTH: "死亡日期早于出生日期",
    Code.PHONE_BAD: "手机号应是11位数字，以1开头",
    Code.ACCOUNT_INCOMPLETE: "开户银行、账号、账户类型要么都填，要么都不填",
    Code.ACCOUNT_AS_NUMBER: "账号存成了数字，末几位已丢失；请把单元格设为文本重新填写",
    Code.ACCOUNT_FORM: "账号应是8至32位数字",
    Code.ACCOUNT_CHECK_DIGIT: "卡号的校验位不对，请核对有没有写错",
    Code.BANK_UNKNOWN: "本县没有这家代发银行",
    Code.HOLDER_MISSING: "收款人不是本人的，要填收款人姓名和证件号",
    Code.HOLDER_NUMBER_BAD: "收款人证件号不对",
    Code.PAPER_MISSING: "收款人不是本人的，要填关系凭据",
    Code.DECISION_MISSING: "有人享受待遇的户，户主行要填决定文号、决定日期、享受起始年月",
    Code.DECISION_UNCHANGED: "待遇或收入变了，但没有新的决定；金额只按决定变动",
    Code.DECISION_OUTDATED: "这个决定早于已经登记的决定",
    Code.REASON_MISSING: "没有身份证号的，要写原因",
    Code.BORN_MISSING: "没有身份证号的，要写出生日期",
    Code.CODE_FORM: "临时编码以T开头，后面是数字、大写字母或横线",
    Code.CODE_DIFFERS: "这个临时编码是别人的，或这个人在册里是另一个编码；没有编码的请留空",
    Code.ID_KNOWN: "册里已有这个人的身份证号，请填上",
    Code.NOTHING_TO_A_CODE: "没有身份证号的人不能享受按人的待遇，也不能作低保户的户主",
    Code.NOT_COUNTED: "本县没有身份证号的人不计入家庭人口",
    Code.NUMBER_TAKEN: "这个省平台编号已属于另一户；那一户的编号有误的，"
    "请在花名册里一并写上它的编号",
    Code.FADES_OUT: "这一户正在渐退，名册不能让它重新享受低保：这一栏请留空；收入又降了的，"
    "在它的退出个案里办“渐退期内恢复”",
    Code.MEMBER_MISSING: "上次在这一户的人这次没有报，也没有写离户年月",
    Code.TEXT_TOO_LONG: "文字太长",
    Code.TEXT_UNPRINTABLE: "文字里有不能打印的字符",
    Code.STATISTICS_MISSING: "没有统计表",
    Code.STATISTICS_VILLAGE_MISSING: "统计表里没有这个村居",
    Code.STATISTICS_VILLAGE_TWICE: "统计表里这个村居有两行",
    Code.STATISTICS_DIFFER: "统计表的数与花名册数出来的不一样",
    Code.STATISTICS_TOTAL: "合计不等于各行之和",
}

HEADINGS: Final = {column.field: column.heading for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: on which sheet, in which row and column, and why. Never what stood there."""

    sheet: str
    row: int
    column: str
    code: str
    reason: str


def on_roster(row: int, field: Field, code: Code, more: str = "") -> Fault:
    """A fault in a row of the roster."""
    reason = f"{SENTENCES[code]}（{more}）" if more else SENTENCES[code]
    return Fault(ROSTER_SHEET, row, HEADINGS[field], code.value, reason)


def on_statistics(row: int, column: str, code: Code, more: str = "") -> Fault:
    """A fault in the statistics table."""
    reason = f"{SENTENCES[code]}（{more}）" if more else SENTENCES[code]
    return Fault(STATISTICS_SHEET, row, column, code.value, reason)
