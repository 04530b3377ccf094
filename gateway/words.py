"""The plain words pages use for codes: programmes, states of money, reasons and what to bring."""

from dataclasses import dataclass
from typing import Final

PROGRAMMES: Final = {
    "dibao": "低保金",
    "tekun": "特困供养金",
    "disability_living": "困难残疾人生活补贴",
    "disability_nursing": "重度残疾人护理补贴",
    "old_age": "高龄津贴",
    "temporary": "临时救助金",
    "dibao_fade_out": "低保渐退金",
    "single_person": "单人户低保金",
    "children_living": "儿童基本生活费",
}
ROLES: Final = {
    "civil-affairs-maker": "民政经办",
    "civil-affairs-head": "民政负责人",
    "finance-releaser": "财政放行",
    "village-worker": "村（社区）工作人员",
    "window-clerk": "窗口受理",
    "phone-operator": "电话受理",
    "township-officer": "乡镇经办",
    "township-head": "乡镇负责人",
    "county-checker": "县级审核",
    "township-decider": "乡镇审批",
    "appeal-officer": "复议审理",
    "auditor": "审计",
}
FAMILIES: Final = {
    "livelihood": "低保和特困",
    "disability": "残疾人两项补贴",
    "old_age": "高龄津贴",
    "temporary": "临时救助",
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
    "waiting": "等另一位核对接收",
    "imported": "已导入",
    "refused": "没有导入",
}
ROSTER_SUMS: Final = {
    "households": "户",
    "people": "人",
    "dibao_households": "低保户",
    "dibao_people": "低保人数",
    "dibao_income_fen_monthly": "低保户月收入合计（元）",
    "tekun": "特困人数",
    "disability_living": "残疾生活补贴人数",
    "disability_nursing": "残疾护理补贴人数",
    "old_age": "高龄津贴人数",
}
"""What a roster would change, summed before and after."""
ROSTER_MOVES: Final = {
    "granted": "新列入救助的户",
    "ended": "不再救助的户",
    "changed": "救助内容有变化的户",
}
"""What becomes of whole households by a roster: one that takes another's place leaves no sum."""
CAUSES: Final = {
    "regular": "本月应发",
    "decision-from-earlier-month": "决定从以前月份算起，补发",
    "late-death": "去世报得晚",
    "standard-with-earlier-effect": "标准从以前月份提高，补发",
    "decided-correction": "更正，补发",
    "appeal-won": "申诉成立，补发",
    "double-benefit": "重复享受",
    "released-from-hold": "待查办完，补发",
}
MONEY_STATES: Final = {
    "held_lines": "待查，先不发",
    "waiting": "等发放",
    "unconfirmed": "银行还没答复",
    "settled": "到卡了",
    "returned": "退回了",
    "refused": "银行没接受",
}
CHANGES: Final = {"new": "新增", "gone": "停发", "up": "增加", "down": "减少"}
CHANGE_REASONS: Final = {
    "held": "本月待查，先不发",
    "was-held": "上月待查，现在补上",
    "death": "家里有人去世",
    "decision": "有新的决定",
    "rates-or-age": "标准或年龄变化",
}
HOLD_REASONS: Final = {
    "disputed-death": "可能已经去世，等核实",
    "disputed-prison": "可能在服刑，等核实",
    "disputed-double": "可能在外县也享受，等核实",
    "amount-not-positive": "金额不是正数",
    "above-ceiling": "金额超过上限",
    "no-fund": "没有资金可以支付",
    "no-payer-account": "没有付款账户",
    "no-payee": "没有收款账户",
    "relation-without-paper": "代领没有凭据",
    "account-unverified": "账户还没核对",
    "account-refused": "账户核对不通过",
    "account-closed": "账户已关闭",
    "bank-unknown": "开户行不在名单里",
    "officer-card": "是工作人员的卡",
    "card-shared": "一张卡收几个人的钱",
    "holder-not-payee": "户名不是收款人",
    "died": "收款人已去世",
    "id-unwritable": "编号写不进银行文件",
    "account-unwritable": "账号写不进银行文件",
    "holder-unwritable": "户名写不进银行文件",
    "amount-unwritable": "金额写不进银行文件",
    "remark-unwritable": "附言写不进银行文件",
}
ACCOUNT_STATES: Final = {
    "unverified": "还没核对",
    "verified": "已核对",
    "refused": "核对不通过",
    "closed": "已关闭",
}
RELATIONS: Final = {
    "self": "本人",
    "household": "户主账户",
    "guardian": "监护人",
    "institution": "供养机构",
    "carer": "照料人（有协议）",
    "proxy": "代领人（已登记）",
}
OWNERS: Final = {
    "county:civil-affairs": "县民政局",
    "county:finance": "县财政局",
    "township": "镇民政办",
    "county": "县民政局",
    "county-policy": "县局政策岗",
    "county-maker": "县局经办",
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
    "payer-funds": Failure("付款户余额不足", COUNTY_MENDS),
    "amount-refused": Failure("金额未被银行接受", COUNTY_MENDS),
    "file-refused": Failure("文件未被银行接受", COUNTY_MENDS),
    "duplicate": Failure("银行认为重复", COUNTY_MENDS),
    "unspecified": UNSPECIFIED,
}


PAPERS: Final = {
    "id-card": "身份证",
    "household-register": "户口簿",
    "income-proof": "收入证明",
    "illness": "残疾证、诊断书或出院小结",
    "outpatient": "门诊病历、票据",
    "guardianship": "监护证明",
    "support-proof": "赡养依据（协议、判决，或没有能力的证明）",
    "authorisation": "核对授权书",
    "joint-authorisation": "几人签在一张上的授权书",
    "letter-excuse": "家人签不了授权书的证明",
    "bank-card": "银行卡（存折）",
    "care-agreement": "供养（养育）协议",
    "self-care-report": "自理能力评估报告",
    "father-proof": "证明孩子父亲情况的材料",
    "mother-proof": "证明孩子母亲情况的材料",
    "other": "别的材料",
}
AUTHORITIES: Final = {
    "parent": "父母",
    "spouse": "配偶",
    "relative": "其他近亲属",
    "village-committee": "村（居）委会指定",
    "civil-affairs": "民政部门",
    "court": "法院指定",
}
"""By what somebody is a guardian."""
GRADES: Final = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
KINDS: Final = {
    "1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重",
}  # fmt: skip
"""Of a disability."""
SUPPORT: Final = {
    "agreed": "按协议或判决",
    "reckoned": "按他们家的收入算",
    "unable": "没有能力",
}
UNABLE: Final = {
    "on-tekun": "本人是特困人员",
    "elder-on-dibao": "60 岁以上的低保对象",
    "very-old": "70 岁以上、低收入",
    "severely-disabled": "重度残疾、低收入",
    "without-capacity": "无民事行为能力、失踪或服刑",
}
"""What whoever supports from elsewhere owes, and why somebody owes nothing."""
AWAY: Final = {
    "prison": "服刑",
    "treatment": "强制隔离戒毒",
    "missing": "宣告失踪",
    "clergy": "宗教教职人员离家三年以上",
    "long-absent": "长期失联",
}
"""Why somebody of the household is away."""
CODED: Final = {
    "care_mode": {1: "在家（家庭）", 2: "在机构"},
    "self_care": {1: "全自理", 2: "半护理", 3: "全护理"},
    "disability_grade": {int(code): word for code, word in GRADES.items()},
    "disability_kind": {int(code): word for code, word in KINDS.items()},
}
"""Facts that are codes, in words."""
CHANNELS: Final = {
    "another-phone": "另一个手机号",
    "village": "村（居）委会",
    "school": "学校",
    "list": "民政部门",
    "lead": "民政部门",
}

SERVICES: Final = frozenset({"identification", "benefits", "payments", "notifications"})


def paper(kind: str) -> str:
    """What a paper is called among people."""
    return PAPERS.get(kind, kind)


def channel(code: str) -> str:
    """Who applied for somebody: an office by its name, or a person as they are called."""
    return CHANNELS.get(code, code)


def percent(part: int, whole: int) -> str:
    """A share in percent; a stroke where there is nothing to share."""
    if not whole:
        return "—"
    points = part * 10_000 // whole
    return f"{'-' if points < 0 else ''}{abs(points) // 100}.{abs(points) % 100:02d}%"


def programme(code: str) -> str:
    """A programme by the name people know it by."""
    return PROGRAMMES.get(code.replace("-", "_"), code)


def cause(code: str) -> str:
    """Why a sum is owed."""
    return CAUSES.get(code, code)


def account(subject: str) -> str:
    """Who did something: the name they sign in by, or that a process did it by itself."""
    name = subject.removeprefix("staff:")
    return "系统" if name in SERVICES else name


def failure(code: str | None) -> Failure:
    """Why a payment failed and what to bring."""
    return FAILURES.get(code or "unspecified", UNSPECIFIED)
