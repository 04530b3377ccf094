"""Cases at the desk: the queue, one case, and a form for each act its table allows next."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import means, sums
from gateway.desk import hands
from gateway.desk.desk import do_act, peer, said_of, together
from gateway.desk.facts import FACTS, value_words
from gateway.forms import FormOf, FormUnreadable, Posted, signed_in
from gateway.pages import pages_of, see
from gateway.routes import CASES, HANDS, OVERSEERS, PAPER
from gateway.uploads import FormFile, pass_on, posted_file
from gateway.words import AUTHORITIES, AWAY, GRADES, KINDS, SUPPORT, UNABLE
from shared import searching
from shared.callers import Caller, needs
from shared.calls import Peer
from shared.money import yuan_text

router = APIRouter(prefix="/staff/cases", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]
Writer = Annotated[Caller, needs("cases:apply", "cases:accept", "cases:survey", kinds=("staff",))]
Opener = Annotated[Caller, needs("cases:apply", "cases:hear", kinds=("staff",))]

Handler = Annotated[Caller, needs(*HANDS, kinds=("staff",))]
Overseer = Annotated[Caller, needs(*OVERSEERS, kinds=("staff",))]

FILTERS = ("category", "state", "village", "overdue")
FOUND_MAX = 100
"""Cases a search lists at most, the newest first; identification looks no further."""
VILLAGE = re.compile(r"[0-9]{12}")
MEMBERS_SHOWN = 8
OTHERS_MAX = 20
MEMBERS_MAX = 60
PAPERS: Mapping[str, str] = {
    "application-form": "申请审批表",
    "survey-form": "入户调查表",
    "application": "申请书",
    "household-register": "户口簿",
    "id-card": "身份证",
    "illness": "残疾证、诊断证明或出院小结（门诊病历、票据不算）",
    "outpatient": "门诊病历、票据（不作证明，另存）",
    "income-proof": "收入证明",
    "commitment": "承诺书",
    "authorisation": "核对授权书",
    "joint-authorisation": "同签授权书（几人签在一张上）",
    "consent": "代理同意书",
    "minutes": "评议记录",
    "posting-photo": "公示照片",
    "survey-photo": "入户照片",
    "comparison-report": "核对报告",
    "exit-letter": "退出确认书",
    "change-letter": "变更报告（户主签字）",
    "finding-proof": "认定依据（证明、证件、台账页）",
    "finding-notice": "查到情况的告知书（本人签收）",
    "father-proof": "孩子父亲情况的证明",
    "mother-proof": "孩子母亲情况的证明",
    "death-proof": "死亡证明（或火化、注销户口的证明）",
    "withdrawal": "撤回申请（本人签字）",
    "bank-card": "银行卡（存折）照片",
    "guardianship": "监护依据（监护证明）",
    "care-agreement": "供养（养育）协议",
    "self-care-report": "自理能力评估报告",
    "letter-excuse": "联系不上、签不了授权书的证明",
    "support-proof": "赡养依据（协议、判决，或无能力的证明）",
    "appeal": "申诉书（行政复议申请书）",
    "other": "其他",
}
QUERIES: Mapping[str, str] = {
    "id-form": "不是 18 位",
    "id-check-digit": "最后一位对不上",
    "id-birth-date": "出生日期不对",
    "code-of-another": "名册上这个临时编码是另一个人的，照这样确认不了；改过来，或者空着由系统发",
    "dead-in-register": "名册上这个人已去世，照这样确认不了；请登记“成员去世”（或申请人去世）",
    "id-name-differs": "名册上这个号码是另一个名字，照这样确认不了；趁能补正，请申请人改",
}
"""What is doubtful about a member's ID number, in words."""
WRITINGS: Mapping[str, str] = {"write": "保存 Save", "correct": "更正 Correct"}
"""Acts that say the application anew, by what their button says."""
OF_SOMEBODY = (
    "id-card", "illness", "income-proof", "commitment", "authorisation", "guardianship",
    "support-proof", "letter-excuse",
)  # fmt: skip
"""Papers of one person; the others are the household's."""
_KNOWN_BY = ("household_id", "household_number", "about_receipt")
NOT_KNOWN = "申请人不知道"
"""Why somebody who supports from elsewhere has no number on file."""
_MEMBER_WORDS = (
    "name", "relation", "id_number", "temporary_code", "no_id_reason", "born_on", "guardian_key",
    "guardian_authority", "lacks_capacity", "disability_grade", "disability_kind", "away",
    "away_since", "lives_at",
)  # fmt: skip


@router.get("")
async def queue(request: Request, caller: Reader, query: str | None = None) -> Response:
    """Whose turn it is: the reader's own queue, the most urgent first, all of it or the cases of a
    category in a state, of a village, or late; or a receipt's case.
    """
    return await _listed(request, query or "", said_of(request, FILTERS))


@router.post("/searches")
async def find(request: Request, form: FormOf, caller: Reader) -> Response:
    """What is searched for by receipt, name, ID number or village; it stands in no address."""
    return await _listed(request, form.word("query", most=searching.LONGEST))


async def _listed(request: Request, query: str, asked: Mapping[str, str] | None = None) -> Response:
    service, said = peer(request, "identification"), asked or {}
    after = said_of(request, ("after",))
    found, paths, waiting = await together(
        service.get("/cases", {**said, **after}, search=query),
        service.get("/case-paths"),
        service.get("/case-queues"),
    )
    return pages_of(request).render(
        request,
        "desk/cases.html",
        cases=found["items"],
        query=query,
        most=FOUND_MAX,
        asked=said,
        onward=urlencode({**said, "after": found["next"]}) if found.get("next") else "",
        waiting=waiting["items"],
        categories={each["category"]: each["name"]["zh"] for each in paths["items"]},
    )


@router.post("")
async def open_case(request: Request, form: FormOf, caller: Opener) -> Response:
    """Open a case: of somebody in a village, about a household of the register, or an appeal."""
    names = ("category", "village", *_KNOWN_BY, "channel")
    said = {name: form.word(name) for name in names if form.word(name)}
    if set(_KNOWN_BY) & set(said):
        said.pop("village", None)  # Whatever is known already has its village.
    opened = await peer(request, "identification").post("/cases", said, key=form.key)
    return see(f"/staff/cases/{opened['case_id']}")


@router.get("/proxies")
async def proxies(request: Request, caller: Overseer, village: str) -> Response:
    """Who applied for others in a village."""
    if not VILLAGE.fullmatch(village):
        raise FormUnreadable("a village has a code of twelve digits")
    found = await peer(request, "identification").get(f"/villages/{village}/proxies")
    return pages_of(request).render(
        request, "desk/proxies.html", village=village, proxies=found["items"]
    )


@router.get("/{case_id}")
async def look(case_id: UUID, request: Request, caller: Reader) -> Response:
    """A case whole, with the acts its reader may do next."""
    service, path = peer(request, "identification"), f"/cases/{case_id}"
    case, dossier, paid = await together(
        service.get(path), service.get(f"{path}/dossier"), sums.of_case(service, path)
    )
    said = case["application"]
    people, others = said["members"], said.get("supporters", [])
    living, left = await together(_living(service, case), hands.left(request, caller, case))
    return pages_of(request).render(
        request,
        "desk/case.html",
        case=case,
        dossier=dossier,
        sums=paid,
        acts=[act for act in case["acts"] if act["act"] not in WRITINGS],
        writing=next((act for act in case["acts"] if act["act"] in WRITINGS), None),
        handles=any(map(caller.has, HANDS)),
        left=left,
        queries=_queries(case),
        rows=[*people, *[{}] * max(MEMBERS_SHOWN - len(people), 2)],
        others=[*others, {}],
        everybody=[*people, *others],
        writings=WRITINGS,
        papers=PAPERS,
        of_somebody=OF_SOMEBODY,
        authorities=AUTHORITIES,
        grades=GRADES,
        kinds=KINDS,
        away=AWAY,
        support=SUPPORT,
        unable=UNABLE,
        facts=FACTS,
        value=value_words,
        villages=pages_of(request).divisions.villages(),
        living=living,
        typed=means.typed_in(living) if living else {},
        reckoned=_reckoned(living) if living else {},
    )


@router.get("/{case_id}/numbers")
async def numbers(case_id: UUID, request: Request, caller: Handler) -> Response:
    """The ID numbers of a case in clear beside the photos of the cards; written down."""
    service = peer(request, "identification")
    found, case = await together(
        service.get(f"/cases/{case_id}/numbers"), service.get(f"/cases/{case_id}")
    )
    return pages_of(request).render(
        request,
        "desk/numbers.html",
        back=f"/staff/cases/{case_id}",
        called=found["receipt"],
        phone=found["phone"],
        people=found["people"],
        others=[
            {"zh": each["name"]["zh"], "id_number": each["id_number"]} for each in found["acts"]
        ],
        cards=[
            {**each, "path": f"/api/v1/cases/{case_id}/papers/{each['document_id']}"}
            for each in case["papers"]
            if each["kind"] == "id-card" and not each["replaced"]
        ],
        called_by={each["key"]: each["name"] for each in case["application"]["members"]},
    )


@router.post("/{case_id}/application")
async def write(case_id: UUID, request: Request, form: FormOf, caller: Writer) -> Response:
    """Write the application of a case as the form says it; once it was accepted, correct it."""
    act = "correct" if "correction" in form.words else "write"
    service = peer(request, "identification")
    case = await service.get(f"/cases/{case_id}")
    people = _people(form, case["application"])
    application = {
        **case["application"],
        "registration": form.word("registration"),
        "address": form.word("address"),
        "phone": form.word("phone"),
        "reason": form.word("reason", most=2000),
        **people,
        "whose": _whose(form, people["members"]),
        "proxy": _proxy(form, case["application"].get("proxy")),
    }
    said: dict[str, Any] = {"application": application}
    if act == "correct":
        said["reason"] = form.word("correction", most=2000)
    words = {"version": form.number("version"), "words": said}
    await service.post(f"/cases/{case_id}/acts/{act}", words, key=form.key)
    return see(f"/staff/cases/{case_id}")


@router.post("/{case_id}/acts/{act}")
async def do(case_id: UUID, act: str, request: Request, form: FormOf, caller: Reader) -> Response:
    """Do an act with the words of its form; sums are typed in yuan."""
    path, more = f"/cases/{case_id}", {}
    if means.asked_in(form):
        asked = await peer(request, "identification").get(f"{path}/means")
        more = {"means": means.living_of(form, asked)}
    await do_act(request, path, act, form, more)
    return see(f"/staff/cases/{case_id}")


@router.post("/{case_id}/papers")
async def add_paper(
    case_id: UUID,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Reader,
) -> Response:
    """Pass a paper on as it comes; nothing of it is kept at the door."""
    kind = file.words.get("kind")
    if kind not in PAPERS:
        raise FormUnreadable("it does not say which kind of paper it is")
    asked = ("of_person", "adds") if kind in OF_SOMEBODY else ("adds",)
    said = {"kind": kind, **{name: each for name in asked if (each := file.words.get(name))}}
    await pass_on(request, f"/cases/{case_id}/papers?{urlencode(said)}", file, PAPER)
    return see(f"/staff/cases/{case_id}")


async def _living(service: Peer, case: Mapping[str, Any]) -> dict[str, Any] | None:
    """The means of a case, where an act that is next has to do with them."""
    if not any(_looks_at_means(act) for act in case["acts"]):
        return None
    found: dict[str, Any] = await service.get(f"/cases/{case['case_id']}/means")
    return found


def _looks_at_means(act: Mapping[str, Any]) -> bool:
    """Whether an act asks for means, or is done with an eye on what they came to."""
    asks = any(field["type"] == "means" for field in act["fields"].values())
    return asks or act["act"] in {"propose", "appraise"}


def _reckoned(living: Mapping[str, Any]) -> dict[str, str]:
    """What the household lives on as it was reckoned, by the fields of the opinion it begins."""
    sums = {each["name"]: each["value"] for each in living["reckoned"]["found"]["sums"]}
    yearly = sums["means_income_fen_yearly"]
    said = {
        "income_fen_monthly": None if yearly is None else yearly // 12,
        "income_fen_yearly": yearly,
    }
    return {name: yuan_text(fen) for name, fen in said.items() if fen is not None}


def _queries(case: Mapping[str, Any]) -> list[str]:
    """What is doubtful, by name and in words."""
    said = case["application"]
    people = [*said["members"], *said.get("supporters", [])]
    called = {each["key"]: each["name"] for each in people}
    pairs = [each.partition(": ") for each in case["queries"]]
    return [f"{called.get(key, key)}：{QUERIES.get(code, code)}" for key, _, code in pairs]


def _proxy(form: Posted, before: dict[str, Any] | None) -> dict[str, Any] | None:
    """Who applies for the applicant; a form that does not ask leaves it as it was."""
    if "proxy-name" not in form.words:
        return before
    words = ("name", "id_number", "relation", "consent_document_id")
    said = {word: form.word(f"proxy-{word}") for word in words}
    return said if said["name"] else None


def _people(form: Posted, before: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The members the form names, and others who do not live there; what it does not ask for stays
    as it was."""
    known = {name: before.get(name, []) for name in ("members", "supporters")}
    taken = {each["key"] for people in known.values() for each in people}
    fresh = (key for key in (f"m{number}" for number in count(1)) if key not in taken)
    return {
        "members": _rows(form, "member", known["members"], fresh, MEMBERS_MAX),
        "supporters": _rows(form, "supporter", known["supporters"], fresh, OTHERS_MAX),
    }


def _support(form: Posted, row: str) -> dict[str, Any] | None:
    """What somebody who lives elsewhere owes; sums are typed in yuan. Of a guardian nothing is."""
    basis = form.word(f"{row}-support")
    if basis == "agreed":
        return {"basis": basis, "agreed_fen_yearly": form.fen(f"{row}-agreed")}
    if basis == "reckoned":
        return {
            "basis": basis,
            "household_members": form.number(f"{row}-household_members"),
            "income_fen_yearly": form.fen(f"{row}-income"),
        }
    return {"basis": basis, "unable": form.word(f"{row}-unable") or None} if basis else None


def _whose(form: Posted, members: list[dict[str, Any]]) -> str | None:
    """Whose it is that is applied for, by the row that is marked; nobody's where none is."""
    place = form.word("whose", most=2)
    if not place.isdigit() or not form.word(f"member-{place}-name"):
        return None
    named = [row for row in range(int(place)) if form.word(f"member-{row}-name")]
    key: str = members[len(named)]["key"]
    return key


def _rows(
    form: Posted, row: str, before: list[dict[str, Any]], fresh: Iterator[str], most: int
) -> list[dict[str, Any]]:
    if not any(word.startswith(f"{row}-") for word in form.words):
        return before
    found = []
    for place in range(most):
        if not form.word(f"{row}-{place}-name"):
            continue
        known = before[place] if place < len(before) else {"key": next(fresh)}
        if f"{row}-{place}-support" in form.words:
            known = {**known, "support": _support(form, f"{row}-{place}")}
        asked = [word for word in _MEMBER_WORDS if f"{row}-{place}-{word}" in form.words]
        said = {word: form.word(f"{row}-{place}-{word}") or None for word in asked}
        person = {**known, **said}
        found.append(person | _known_by(person) if row == "supporter" else person)
    return found


def _known_by(person: Mapping[str, Any]) -> dict[str, Any]:
    """By a number alone once it is known; else nobody asks why it is not, of who supports from
    elsewhere."""
    if person.get("id_number"):
        return {"temporary_code": None, "no_id_reason": None}
    if not person.get("support"):
        return {}
    return {"no_id_reason": person.get("no_id_reason") or NOT_KNOWN}
