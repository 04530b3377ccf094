"""The plain words an application is asked for in, and which of its steps are done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from gateway import means
from gateway.means import HOUSEHOLD
from gateway.pages import yuan_words
from gateway.words import SUPPORT, UNABLE
from shared.problems import NotFound, SpokenByPeer

PAPERS: Final[Mapping[str, str]] = {
    "id-card": "身份证（正面、反面）",
    "household-register": "户口簿（每一页）",
    "income-proof": "收入证明（没有可以不交）",
    "illness": "残疾证、诊断书或出院小结（有就交；门诊病历、票据不算）",
    "outpatient": "门诊病历、票据（不作证明，可以不交）",
    "guardianship": "监护证明（有被监护人的）",
    "support-proof": "赡养协议、判决书，或者没有能力给的证明",
    "authorisation": "核对授权书",
    "joint-authorisation": "几人签在一张上的授权书",
    "letter-excuse": "家人联系不上、签不了授权书的证明（服刑、失踪、昏迷等）",
    "bank-card": "银行卡（存折）",
    "care-agreement": "供养（养育）协议",
    "self-care-report": "自理能力评估报告（机构出的）",
    "father-proof": "孩子父亲情况的证明（死亡证明、判决书、服刑通知、残疾证、诊断书等）",
    "mother-proof": "孩子母亲情况的证明（死亡证明、判决书、服刑通知、残疾证、诊断书等）",
    "other": "别的材料",
}
REPORTS: Final = (
    "birth", "marriage", "move-in", "back", "death", "move-out", "move-home", "head",
    "relation", "income", "care-mode", "child-care", "self-care", "disability-grade", "card",
    "guardian", "name-guardian", "find-number",
)  # fmt: skip
"""What may be reported of a household, in the order people look for it."""
SUPPORT_STEP: Final = "support"
"""The step of means that is asked person by person, of whoever supports from elsewhere."""
RELATIONS: Final = (
    "配偶", "子女", "父母", "兄弟姐妹", "祖父母", "孙子女", "儿媳女婿", "公婆岳父母", "其他",
)  # fmt: skip


class NoSuchStep(NotFound):
    """There is no such page."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an application: where it is written, and whether anything is."""

    name: str
    words: str
    path: str
    stands: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps in their order."""

    shown: tuple[Step, ...]

    @classmethod
    def of(cls, case: Mapping[str, Any]) -> Self:
        """The steps of an application as it is written so far.

        Raises:
            NoSuchStep: it is not this telephone's to read.
        """
        if case["application"] is None:
            raise NoSuchStep()
        said, path = case["application"], f"/my/cases/{case['case_id']}"
        photos = sum(paper_counts(case).values())
        of_each = any(each["said"] for each in case["means"] if each["of"] != HOUSEHOLD)
        together = [each for each in case["means"] if each["of"] == HOUSEHOLD]
        asked = any(act["act"] == "say-relative" for act in case["acts"])
        relative = (
            [("relative", "有没有亲属管这件事", bool(case["relatives"]), "写了")] if asked else []
        )
        rows = (
            ("home", "住在哪里", bool(said["address"]), "填了"),
            ("people", "家里有谁", True, f"{len(said['members'])} 人"),
            *relative,
            ("income", "各人的收入和花费", of_each, "填了"),
            *((page_of(each), each["zh"], each["said"], "填了") for each in together),
            ("hardship", "有什么困难", bool(said["reason"]), "填了"),
            ("papers", "拍材料", bool(photos), f"{photos} 张"),
        )
        return cls(
            tuple(
                Step(name, words, f"{path}/{name}", there if is_done else "没填", is_done)
                for name, words, is_done, there in rows
            )
        )

    def after(self, name: str, case: Mapping[str, Any]) -> str:
        """Where one goes on after a step; after the last, to look it all over.

        Raises:
            NoSuchStep: this application has no such step.
        """
        names = [step.name for step in self.shown]
        if name not in names:
            raise NoSuchStep()
        place = names.index(name) + 1
        if case["state"] != "draft":
            return f"/my/cases/{case['case_id']}"
        if place < len(self.shown):
            return self.shown[place].path
        return f"/my/cases/{case['case_id']}/check"


def told(case: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was said of means, by the step it is written at, in lines to be read over."""
    said = case["application"]
    found: dict[str, list[str]] = {"income": []}
    for step in asked["steps"]:
        if step["of"] == HOUSEHOLD:
            each_owes = said["supporters"] if step["step"] == SUPPORT_STEP else []
            lines = [_supporter(each) for each in each_owes]
            found[page_of(step)] = lines or _lines(step, said["means"], "")
            continue
        for member in said["members"]:
            found["income"] += _lines(step, member["means"], f"{member['name']}：")
    return found


def page_of(step: Mapping[str, Any]) -> str:
    """On which page a step is written that is of the whole household."""
    return "supporters" if step["step"] == SUPPORT_STEP else f"means/{step['step']}"


def support_words(support: Mapping[str, Any]) -> str:
    """How it is known what somebody owes who supports from elsewhere."""
    basis = SUPPORT[support["basis"]]
    if support["basis"] == "reckoned":
        income = yuan_words(support["income_fen_yearly"])
        return f"{basis}（{support['household_members']} 口人，一年 {income}）"
    return f"{basis}（{UNABLE[support['unable']]}）" if support["unable"] else basis


def _supporter(each: Mapping[str, Any]) -> str:
    owed = each["owed_fen_yearly"]
    sum_said = "还算不出" if owed is None else yuan_words(owed)
    return (
        f"{each['name']}（{each['relation']}）：{support_words(each['support'])}，一年 {sum_said}"
    )


def _lines(step: Mapping[str, Any], said: Mapping[str, Any], begins: str) -> list[str]:
    """Whatever is more than nothing."""
    return [
        f"{begins}{each['zh']} {means.told(each, said[each['fact']])}"
        for each in step["asks"]
        if each["fact"] in said and said[each["fact"]] != means.nothing(each)
    ]


def unsigned(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those whose letter is not there yet: others, and an applicant for whom a guardian signs."""
    if not case["asks_letters"]:
        return []
    wanted = set(case["authorising"]) - set(case["authorised"])
    first, *others = case["application"]["members"]
    return [
        each for each in [*([first] if first["ward"] else []), *others] if each["key"] in wanted
    ]


def excused(case: Mapping[str, Any]) -> list[str]:
    """The names of those who cannot be reached, and need not sign."""
    said = case["application"] or {"members": []}
    return [each["name"] for each in said["members"] if each["key"] in case["excused"]]


def paper_counts(case: Mapping[str, Any]) -> dict[str, int]:
    """How many photos of each kind count."""
    counts: dict[str, int] = {}
    for each in case["papers"]:
        if not each["replaced"] and each["kind"] in PAPERS:
            counts[each["kind"]] = counts.get(each["kind"], 0) + 1
    return counts


def place_of(report: str) -> int:
    """Where a kind of change stands among the others; what is not named comes last."""
    return REPORTS.index(report) if report in REPORTS else len(REPORTS)


def slug_of(refused: SpokenByPeer) -> str:
    """Which refusal of a service it is."""
    return str(refused.document().get("type", "")).rpartition("/")[2]
