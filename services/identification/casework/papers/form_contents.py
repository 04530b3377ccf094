"""What stands in the forms of a case before anybody writes on them, each part by its name.

ID numbers and the telephone stand there masked, as a case is read. What a visit found is there once
it was typed in; before, what was declared is there, and beside it room for what is found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.identification import id_numbers, phones
from services.identification.casework import (
    authorisations,
    hits,
    means,
    objections,
    outcomes,
    said_relatives,
    support,
)
from services.identification.casework.applications import Application, Member
from services.identification.casework.needs import findings
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import ENDS, Standing
from services.identification.determinations import NOT_APPLICABLE
from services.identification.grammar.history import Done
from services.identification.means import asked
from services.identification.means.reckoning import Living
from services.identification.places import Place
from shared.money import yuan_text

Rows = list[list[str]]
_INCOME: Final = ("work", "received", "farm", "trade", "support", "class")
_ASSETS: Final = ("owns",)
_SPENDING: Final = ("illness", "spending")
_HUNDREDTHS: Final = 100


@dataclass(frozen=True)
class Printing:
    """Of which case a form is printed where, and of which visit, where it is of one."""

    at: Standing
    place: Place
    visit: Done | None = None


def agreed(place: Place, who: str) -> str:
    """What whoever signs agrees to, on paper as on the phone; `who` is how they speak of
    themselves."""
    return (
        f"{who}同意{place.name}民政局和受理的乡镇（街道）向有关部门和机构查询、核对{who}的收入和财产，"
        "只用于这次申请和享受期间的复查。"
    )


def _household(of: Printing) -> Rows:
    said, case = of.at.application, of.at.case
    subject = of.at.subject
    return [
        ["申请事项", of.at.path.words.zh, "村（社区）", of.place.called(case.village)],
        ["申请人", said.applicant.name if said.applicant else "", "为谁申请", _name(subject)],
        ["住址", said.address, "电话", phones.masked_to_officers(said.phone) if said.phone else ""],
        [
            "户籍",
            {"urban": "城镇", "rural": "农村"}[said.registration],
            "共同生活人口",
            _living(of),
        ],
    ]


def _visit(of: Printing) -> Rows:
    words = of.visit.words if of.visit else {}
    signed = sorted(of.at.signers().get(str(words.get("survey_id")), ()))
    names = "、".join(each.removeprefix("staff:") for each in signed)
    yearly = words.get("income_fen_yearly")
    visited_on, present = str(words.get("visited_on", "")), str(words.get("family_member", ""))
    return [
        ["入户日期", visited_on, "在场家庭成员", present],
        ["家庭年收入（元）", _yuan(yearly), "已在系统签字", names],
    ]


def _meeting(of: Printing) -> Rows:
    del of
    return [["评议日期", "", "应到人数", ""], ["实到人数", "", "同意 / 不同意人数", ""]]


def _leaving(of: Printing) -> Rows:
    """What is to end, of whom and since when, where that was said; a change says no such thing."""
    at = of.at
    if not (said := [each for each in at.acts if ENDS in each.words]):
        return []
    names = {each.key: each.name for each in at.application.members}
    words = said[-1].words
    on = str(words.get("found_on", words.get("signed_on", "")))
    whose = names.get(str(words.get("person_key")), "全户")
    return [
        ["退出项目", all_paths()[str(words[ENDS])].words.zh, "谁的", whose],
        ["认定（提出）日期", on, "家庭月收入（元）", _yuan(words.get("income_fen_monthly"))],
    ]


def _found_so_far(of: Printing) -> str:
    """What an official found, as it was told or else as it was written down."""
    told, found = of.at.last(hits.TELL), findings.finding(of.at)
    if told is not None:
        return str(told.words["finding"])
    return str(found.words["findings"]) if found is not None else _asked_for(of)


def _asked_for(of: Printing) -> str:
    return "；".join(outcomes.requests(of.at))


def _answer_by(of: Printing) -> str:
    days = of.at.settings.number("hold_answer_days")
    return (
        f"您（家）有不同情况的，请在收到本告知书起{days}个工作日内说明，可以带上证明；没有异议的也请写明。"
        "到期没有说明的，按查到的情况办理。"
    )


def _proxy(of: Printing) -> Rows:
    proxy = of.at.application.proxy
    name, relation = (proxy.name, proxy.relation) if proxy else ("", "")
    number = id_numbers.masked(proxy.id_number) if proxy else ""
    return [["代理人", name, "与申请人（户主）关系", relation], ["身份证号", number, "电话", ""]]


def _relatives(of: Printing) -> Rows:
    """The relatives who were named before."""
    return [
        [str(each.words[word]) for word in ("name", "works_as", "relation")]
        for each in of.at.done(said_relatives.NAMED)
    ]


def _members(of: Printing) -> Rows:
    return [
        [each.name, each.relation, _number(each), _born(each), _grade(each)]
        for each in of.at.application.members
        if each.lives_together
    ]


def _supporters(of: Printing) -> Rows:
    """Who supports or guards somebody and lives elsewhere: known by what, where, and what was said
    of it."""
    said = of.at.application
    return [
        [each.name, each.relation, _known_by(each), each.lives_at or "", _stands_for(each, said)]
        for each in said.supporters
    ]


def _known_by(member: Member) -> str:
    """The ID number; else why there is none, and when they were born as far as that is known."""
    if member.id_number:
        return _number(member)
    born = f"{member.born_on}出生" if member.born_on else ""
    return "，".join(each for each in (member.no_id_reason, born) if each)


def _stands_for(member: Member, said: Application) -> str:
    wards = "、".join(e.name for e in said.members if e.guardian_key == member.key)
    owes = support.in_words(member.support) if member.support else ""
    return "；".join(each for each in (owes, f"{wards}的监护人" if wards else "") if each)


def _unsigned(of: Printing) -> Rows:
    return [_to_sign(of.at, each) for each in authorisations.unauthorised(of.at)]


def _adults(of: Printing) -> Rows:
    at, excused = of.at, authorisations.excused(of.at)
    adults = [e for e in at.application.adults(at.today) if e.lives_together and e not in excused]
    return [[e.name, e.relation, "", ""] for e in adults]


def _declared(of: Printing) -> Rows:
    return [row[:3] for row in _asked(of, *_INCOME, *_ASSETS, *_SPENDING)]


def _sums(of: Printing) -> Rows:
    """What it comes to by the law of today; what is found, where a visit was typed in."""
    at, found = of.at, _found(of)
    said = means.reckoned(at, means.declared(at)).sums
    seen = means.reckoned(at, found).sums if found is not None else []
    shown = {each.name: each.shown.zh for each in seen if each.shown}
    return [
        [each.words.zh, each.shown.zh if each.shown else "", shown.get(each.name, "")]
        for each in said
    ]


def _asked(of: Printing, *steps: str) -> Rows:
    """Every question of these steps, of each member or of the household: what was declared, and
    what was found. Of a visit that was typed in only what anybody said."""
    at, found = of.at, _found(of)
    declared, law = means.declared(at), at.settings.law()
    names = {each.key: each.name for each in at.application.members if each.lives_together}
    living = asked.in_words(law, means.month(at), 0)["steps"]
    rows = []
    for step in living:
        if step["step"] not in steps:
            continue
        for key, who in {"": "全户"}.items() if step["of"] == "household" else names.items():
            said = _of(declared, key)
            seen = _of(found, key) if found is not None else {}
            for each in step["asks"]:
                line = [told(each, one.get(each["fact"])) for one in (said, seen)]
                if found is None or any(word not in {"", "0", "—"} for word in line):
                    rows.append([who, _label(each, blank=found is None), *line])
    return rows


def _found(of: Printing) -> Living | None:
    """What a visit found, with what was declared where it found nothing else."""
    if of.visit is None:
        return None
    return means.declared(of.at).corrected(Living(**of.visit.words.get("means", {})))


def _of(living: Living, key: str) -> Mapping[str, Any]:
    return living.members.get(key, {}) if key else living.household


def told(question: Mapping[str, Any], value: int | str | None) -> str:
    """A fact of means as it is read on paper; empty where nobody was asked."""
    if value is None:
        return ""
    if value == NOT_APPLICABLE:
        return "—"
    for each in question["choices"]:
        if each["value"] == value:
            return str(each["zh"])
    if question["unit"] == "fen":
        return yuan_text(int(value)) if value else "0"
    if question["unit"] == "hundredths":
        return f"{int(value) // _HUNDREDTHS}.{int(value) % _HUNDREDTHS:02d}"
    return str(value)


def _label(question: Mapping[str, Any], *, blank: bool) -> str:
    """What is asked, with what may be chosen where it is still to be filled in."""
    unit = "（元）" if question["unit"] == "fen" else ""
    choices = "／".join(each["zh"] for each in question["choices"]) if blank else ""
    return str(question["zh"]) + unit + (f"［{choices}］" if choices else "")


def _findings(of: Printing) -> str:
    return str(of.visit.words.get("findings", "")) if of.visit else ""


def _objected(of: Printing) -> str:
    return "；".join(f"{line[1]} {line[2]}" for line in objections.lines(of.at))


def _yuan(fen: Any) -> str:
    return "" if fen is None else yuan_text(int(fen))


def _to_sign(at: Standing, member: Member) -> list[str]:
    signer = authorisations.signer_of(at, member)
    guardian = "" if signer is member else f"监护人 {signer.name}："
    return [member.name, member.relation, "", guardian, ""]


def _name(member: Member | None) -> str:
    return member.name if member else ""


def _living(of: Printing) -> str:
    return str(len([each for each in of.at.application.members if each.lives_together]))


def _number(member: Member) -> str:
    return id_numbers.masked(member.id_number) if member.id_number else "无"


def _born(member: Member) -> str:
    born = member.born()
    return born.isoformat() if born else ""


def _grade(member: Member) -> str:
    return "" if member.disability_grade is None else f"{member.disability_grade}级"


FACTS: Final[Mapping[str, Callable[[Printing], Rows]]] = {
    "household": _household,
    "visit": _visit,
    "meeting": _meeting,
    "leaving": _leaving,
    "proxy": _proxy,
}
"""Labels each with what is known."""
TABLES: Final[Mapping[str, Callable[[Printing], Rows]]] = {
    "members": _members,
    "supporters": _supporters,
    "adults": _adults,
    "unsigned": _unsigned,
    "declared": _declared,
    "income": lambda of: _asked(of, *_INCOME),
    "assets": lambda of: _asked(of, *_ASSETS),
    "spending": lambda of: _asked(of, *_SPENDING),
    "sums": _sums,
    "attendance": lambda of: [],
    "relatives": _relatives,
}
"""Rows, each of as many words as the table has columns."""
TEXTS: Final[Mapping[str, Callable[[Printing], str]]] = {
    "agreed": lambda of: agreed(of.place, "我们"),
    "reason": lambda of: of.at.application.reason,
    "findings": _findings,
    "objected": _objected,
    "asked": _asked_for,
    "found": _found_so_far,
    "answer-by": _answer_by,
}
"""What was said or found, in words."""
PEOPLE: Final[Mapping[str, Callable[[Standing], Sequence[Member]]]] = {
    "unsigned": authorisations.unauthorised,
}
"""Whom a form waits for: without anybody it is not printed."""
