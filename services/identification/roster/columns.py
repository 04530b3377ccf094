"""The columns of the roster workbook: one list for the reader, the template and the tests."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ROSTER_SHEET: Final = "花名册"
STATISTICS_SHEET: Final = "统计表"
EXPLANATION_SHEET: Final = "说明"
TOTAL_ROW: Final = "合计"


class Field(StrEnum):
    """What a roster column holds."""

    SERIAL = "serial"
    HOUSEHOLD = "household"
    VILLAGE = "village"
    RELATION = "relation"
    NAME = "name"
    ID_NUMBER = "id_number"
    REGISTRATION = "registration"
    SINCE = "since"
    UNTIL = "until"
    INCOME = "income"
    DIBAO = "dibao"
    TEKUN = "tekun"
    CARE_MODE = "care_mode"
    SELF_CARE = "self_care"
    DISABILITY_GRADE = "disability_grade"
    DISABILITY_KIND = "disability_kind"
    DISABILITY_LIVING = "disability_living"
    DISABILITY_NURSING = "disability_nursing"
    OLD_AGE = "old_age"
    DIED_ON = "died_on"
    PHONE = "phone"
    BANK = "bank"
    ACCOUNT_NUMBER = "account_number"
    ACCOUNT_KIND = "account_kind"
    ACCOUNT_SINCE = "account_since"
    HOLDER_RELATION = "holder_relation"
    HOLDER_NAME = "holder_name"
    HOLDER_NUMBER = "holder_number"
    PAPER = "paper"
    DECISION_NUMBER = "decision_number"
    DECIDED_ON = "decided_on"
    FROM_MONTH = "from_month"
    PROVINCIAL_NUMBER = "provincial_number"
    TEMPORARY_CODE = "temporary_code"
    NO_ID_REASON = "no_id_reason"
    BORN_ON = "born_on"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field, its heading, how wide it prints, and what to write in it."""

    field: Field
    heading: str
    width: int
    explanation: str


COLUMNS: Final = (
    Column(Field.SERIAL, "序号", 8, "必填。与审批表编号一致，从1起逐行连续，不跳号"),
    Column(Field.HOUSEHOLD, "户编号", 20, "必填。一户一号；同一户的各行相连，只报在一个村的花名册"),
    Column(Field.VILLAGE, "村居代码", 14, "必填。12位统计用区划代码，如 511425001001"),
    Column(
        Field.RELATION,
        "与户主关系",
        10,
        "必填。户主、配偶、子女、父母、祖父母、孙子女、兄弟姐妹、其他；每户只有一个户主",
    ),
    Column(Field.NAME, "姓名", 14, "必填。与身份证一致，少数民族姓名用间隔号“·”"),
    Column(
        Field.ID_NUMBER,
        "身份证号",
        21,
        "没有的填最后三列。18位（老15位也可），单元格设为文本",
    ),
    Column(Field.REGISTRATION, "户口性质", 9, "必填。城镇、农村；同一户须一致"),
    Column(Field.SINCE, "入户年月", 10, "必填。成为本户成员的年月，如 2019-03"),
    Column(Field.UNTIL, "离户年月", 10, "迁出、分户的最后一个月；仍在户留空"),
    Column(Field.INCOME, "户月收入(元)", 13, "填在户主行。决定认定的全户每月收入；不清楚留空"),
    Column(Field.DIBAO, "低保", 6, "填在户主行。在低保填“是”"),
    Column(Field.TEKUN, "特困", 6, "填在本人行。在特困供养填“是”"),
    Column(Field.CARE_MODE, "供养方式", 9, "特困：分散、集中；不清楚留空"),
    Column(Field.SELF_CARE, "自理能力", 9, "特困：全自理、半护理、全护理；不清楚留空"),
    Column(Field.DISABILITY_GRADE, "残疾等级", 9, "一级至四级（或1至4）；没有残疾证留空"),
    Column(
        Field.DISABILITY_KIND, "残疾类别", 9, "视力、听力、言语、肢体、智力、精神、多重（或1至7）"
    ),
    Column(Field.DISABILITY_LIVING, "残疾生活补贴", 12, "享受困难残疾人生活补贴填“是”"),
    Column(Field.DISABILITY_NURSING, "残疾护理补贴", 12, "享受重度残疾人护理补贴填“是”"),
    Column(Field.OLD_AGE, "高龄津贴", 9, "享受高龄津贴填“是”"),
    Column(Field.DIED_ON, "死亡日期", 11, "如 2026-09-03；在世留空"),
    Column(Field.PHONE, "手机号", 13, "本人手机号，11位；没有留空"),
    Column(Field.BANK, "开户银行", 16, "银行名称或代码；没有账户的，账户各列都留空"),
    Column(Field.ACCOUNT_NUMBER, "账号", 22, "单元格设为文本。户主行的账户也是低保户的账户"),
    Column(Field.ACCOUNT_KIND, "账户类型", 9, "卡、存折"),
    Column(Field.ACCOUNT_SINCE, "账户启用年月", 12, "换过账户的填启用年月；留空即享受起始年月"),
    Column(
        Field.HOLDER_RELATION,
        "收款人关系",
        11,
        "本人、户、监护人、机构、照料人、代领人；留空即本人",
    ),
    Column(Field.HOLDER_NAME, "收款人姓名", 18, "收款人不是本人的必填；机构填全称"),
    Column(
        Field.HOLDER_NUMBER,
        "收款人证件号",
        21,
        "收款人不是本人的必填：身份证号，机构填统一社会信用代码",
    ),
    Column(
        Field.PAPER,
        "关系凭据",
        20,
        "收款人不是本人的必填：监护证明、照料协议、委托书、入住协议等及编号",
    ),
    Column(Field.DECISION_NUMBER, "决定文号", 20, "有人享受待遇的户，填在户主行"),
    Column(Field.DECIDED_ON, "决定日期", 11, "同上，如 2026-09-15"),
    Column(Field.FROM_MONTH, "享受起始年月", 12, "同上，如 2026-10"),
    Column(Field.PROVINCIAL_NUMBER, "省平台家庭编号", 20, "填在户主行。省平台给的编号，没有留空"),
    Column(Field.TEMPORARY_CODE, "临时编码", 16, "没有身份证号的：有编码的填编码，没有的由系统编"),
    Column(Field.NO_ID_REASON, "无身份证号原因", 18, "没有身份证号的必填，如 未上户口"),
    Column(Field.BORN_ON, "出生日期", 11, "没有身份证号的必填，如 2021-03-04"),
)

RELATIONS: Final = ("户主", "配偶", "子女", "父母", "祖父母", "孙子女", "兄弟姐妹", "其他")
HEAD: Final = RELATIONS[0]
YES: Final = frozenset({"是", "1", "Y", "y", "√"})
NO: Final = frozenset({"", "否", "0", "N", "n"})
REGISTRATIONS: Final = {"城镇": 1, "1": 1, "农村": 2, "2": 2}
CARE_MODES: Final = {"分散": 1, "1": 1, "集中": 2, "2": 2}
SELF_CARE: Final = {"全自理": 1, "1": 1, "半护理": 2, "2": 2, "全护理": 3, "3": 3}
DISABILITY_GRADES: Final = {
    spelling: grade
    for grade, numeral in enumerate("一二三四", start=1)
    for spelling in (str(grade), numeral, f"{numeral}级")
}
DISABILITY_KINDS: Final = {
    spelling: kind
    for kind, word in enumerate(("视力", "听力", "言语", "肢体", "智力", "精神", "多重"), start=1)
    for spelling in (str(kind), word)
}
ACCOUNT_KINDS: Final = {"卡": "card", "银行卡": "card", "存折": "passbook"}
HOLDER_RELATIONS: Final = {
    "本人": "self",
    "户": "household",
    "监护人": "guardian",
    "机构": "institution",
    "照料人": "carer",
    "代领人": "proxy",
}

# The statistics table: a heading, and what is counted in each village.
STATISTICS: Final = (
    ("村居代码", "village"),
    ("村居名称", "village_name"),
    ("户数", "households"),
    ("人数", "people"),
    ("低保户数", "dibao_households"),
    ("低保人数", "dibao_people"),
    ("特困人数", "tekun"),
    ("残疾生活补贴人数", "disability_living"),
    ("残疾护理补贴人数", "disability_nursing"),
    ("高龄津贴人数", "old_age"),
)
COUNTED: Final = tuple(key for _, key in STATISTICS[2:])
