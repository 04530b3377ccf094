"""The plain words pages use for codes: programmes, states of money, reasons and what to bring."""

from dataclasses import dataclass
from typing import Final

PROGRAMMES: Final = {
    "dibao": "低保金",
    "tekun": "特困供养金",
    "disability_living": "困难残疾人生活补贴",
    "disability_nursing": "重度残疾人护理补贴",
    "old_age": "高龄津贴",
}
FAMILIES: Final = {
    "livelihood": "低保和特困",
    "disability": "残疾人两项补贴",
    "old_age": "高龄津贴",
}
FUNDS: Final = {
    "hardship": "困难群众救助补助资金",
    "disability": "残疾人两项补贴资金",
    "old-age": "高龄津贴资金",
}
RUN_STATES: Final = {
    "opened": "已开始",
    "snapshotting": "正在取数",
    "calculating": "正在计算",
    "calculated": "算好了，等两人签字",
    "closed": "已签字，名单已定",
    "failed": "没算成",
}
RUN_KINDS: Final = {"regular": "正常发放", "supplementary": "补充发放", "one-off": "一次性发放"}
ENVELOPE_STATES: Final = {
    "made": "已做好，等复核",
    "checked": "已复核，等财政放行",
    "voided": "已作废",
    "released": "已放行",
    "published": "文件已备好，等银行取",
    "fetched": "银行已取走",
    "answered": "银行已答复",
}
ROSTER_STATES: Final = {
    "received": "已收到",
    "importing": "正在导入",
    "imported": "已导入",
    "refused": "没有导入",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why money did not arrive, in words, and what mends it."""

    why: str
    bring: str


UNSPECIFIED: Final = Failure("银行未说明原因", "身份证和银行卡")
COUNTY_MENDS: Final = "不用带东西，县里来办"
FAILURES: Final = {
    "account-closed": Failure("银行卡已注销", "身份证和新卡"),
    "account-not-found": Failure("账号不存在", "身份证和银行卡"),
    "account-not-activated": Failure("社保卡银行功能未激活", "身份证和社保卡，到银行激活"),
    "account-dormant": Failure("账户长期未用被停用", "身份证和银行卡，到银行恢复"),
    "account-frozen": Failure("账户被冻结", "身份证和新卡"),
    "account-limited": Failure("账户收款超限额", "身份证和一类卡"),
    "name-mismatch": Failure("户名与账号不符", "身份证、户口簿和银行卡"),
    "identity-expired": Failure("银行留存的身份证已过期", "新身份证，到银行更新"),
    "holder-died": Failure("银行登记户主已故", "不用带东西，村委会来核实"),
    "bank-not-found": Failure("开户行信息有误", "身份证和银行卡"),
    "payer-funds": Failure("付款账户余额不足", COUNTY_MENDS),
    "amount-refused": Failure("金额未被银行接受", COUNTY_MENDS),
    "file-refused": Failure("文件未被银行接受", COUNTY_MENDS),
    "duplicate": Failure("银行认为重复", COUNTY_MENDS),
    "unspecified": UNSPECIFIED,
}


def programme(code: str) -> str:
    """A programme by the name people know it by."""
    return PROGRAMMES.get(code, code)


def failure(code: str | None) -> Failure:
    """Why a payment failed and what to bring."""
    return FAILURES.get(code or "unspecified", UNSPECIFIED)
