"""The plain words an application is asked for in, and which of its steps are done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from shared.problems import NotFound, SpokenByPeer

INCOMES: Final[Mapping[str, str]] = {
    "farm": "种地、养鸡养猪",
    "migrant": "出门打工",
    "wage": "在本地上班、打零工",
    "business": "做小生意",
    "transfer": "养老金和政府发的钱",
    "support": "子女、亲戚给的",
    "property": "房租、利息、分红",
    "other": "别的",
}
ASSETS: Final[Mapping[str, str]] = {
    "house": "房子（几间、什么样）",
    "vehicle": "汽车、三轮车、摩托车",
    "deposit": "存款（大约多少）",
    "machinery": "农机",
    "business": "铺子、公司、合作社",
    "securities": "股票、基金、保险",
    "other": "别的值钱东西",
}
SPENDING: Final[Mapping[str, str]] = {
    "illness": "看病吃药",
    "disability": "残疾康复",
    "education": "孩子上学",
    "care": "请人照料",
    "disaster": "受灾、出事故",
    "other": "别的",
}
PAPERS: Final[Mapping[str, str]] = {
    "id-card": "身份证（正面、反面）",
    "household-register": "户口簿（每一页）",
    "income-proof": "收入证明（没有可以不交）",
    "illness": "残疾证、诊断书或出院小结（有就交）",
    "authorisation": "核对授权书",
    "other": "别的材料",
}
RELATIONS: Final = (
    "配偶", "子女", "父母", "兄弟姐妹", "祖父母", "孙子女", "儿媳女婿", "公婆岳父母", "其他",
)  # fmt: skip
GRADES: Final = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
KINDS: Final = {
    "1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重",
}  # fmt: skip


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
        earns = any(each["incomes"] for each in said["members"])
        rows = (
            ("home", "住在哪里", bool(said["address"]), "填了"),
            ("people", "家里有谁", True, f"{len(said['members'])} 人"),
            ("income", "一年收入", earns, "填了"),
            ("property", "房子和财产", bool(said["assets"]), "填了"),
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
        """Where one goes on after a step; after the last, to look it all over."""
        names = [step.name for step in self.shown]
        place = names.index(name) + 1
        if case["state"] != "draft":
            return f"/my/cases/{case['case_id']}"
        if place < len(self.shown):
            return self.shown[place].path
        return f"/my/cases/{case['case_id']}/check"


def unsigned(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The adults besides the applicant whose letter is not there yet."""
    if not case["asks_letters"]:
        return []
    signed, adults = set(case["authorised"]), set(case["adults"])
    return [
        each
        for each in case["application"]["members"][1:]
        if each["key"] in adults and each["key"] not in signed
    ]


def paper_counts(case: Mapping[str, Any]) -> dict[str, int]:
    """How many photos of each kind count."""
    counts: dict[str, int] = {}
    for each in case["papers"]:
        if not each["replaced"] and each["kind"] in PAPERS:
            counts[each["kind"]] = counts.get(each["kind"], 0) + 1
    return counts


def slug_of(refused: SpokenByPeer) -> str:
    """Which refusal of a service it is."""
    return str(refused.document().get("type", "")).rpartition("/")[2]
