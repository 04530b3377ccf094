"""What everybody says who does every act of a table once."""

from itertools import count
from typing import Any, Final
from uuid import uuid4

from services.identification.casework.paths import all_paths
from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    COUNTY_HEAD,
    JPEG,
    LIU_QIANG,
    TEKUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    staff,
)
from tests.identification.citizens import Phone, admitted, see
from tests.identification.makers import id_number

FAMILY: Final = ("dibao", "edge", "rigid-spending", "single-person", "tekun")
"""Dibao, and what is like it."""
_CHEAP: Final = {"income_fen_yearly": 600_000, "property_within_rules": True}
PROPOSALS: Final[dict[str, dict[str, Any]]] = {
    "dibao": {"income_fen_monthly": 20_000},
    "edge": _CHEAP,
    "rigid-spending": {**_CHEAP, "valid_months": 6},
    "single-person": {
        "person_key": "head", "ground": "illness", "income_fen_monthly": 20_000,
        "own_income_fen_monthly": 0,
    },
    "tekun": TEKUN,
}  # fmt: skip
"""What the township finds, by category."""
GAO_YU: Final = staff("gao-yu", COUNTY_HEAD)
SON: Final = {"key": "son", "name": "李强", "relation": "子女"}
DIFFERS: Final = {"as_found": False, "findings": "另有住房一套"}
"""What a check found otherwise."""
VISIT_COUNTS: Final = {"counts": "visit", "reason": "房屋已不在名下"}
"""What is chosen then by whoever made neither."""
HEAD, SPOUSE, CHILD = "户主", "配偶", "子女"
RELATIVE: Final = {"name": "赵刚", "works_as": "镇民政办", "relation": "表弟"}
_orders = count(1)
_numbers = count(1000)


def persons(*more: dict[str, Any]) -> list[dict[str, Any]]:
    """Li Wei and Li Na, whom no other case is about; and more."""
    head, child = an_application()["members"]
    head = {**head, "id_number": id_number(next(_orders))}
    child = {**child, "id_number": id_number(next(_orders), "20180910")}
    more = tuple({**each, "id_number": id_number(next(_orders), "19900101")} for each in more)
    return [head, child, *more]


async def on_a_phone(walk: Walk, caller: Caller | None = None) -> Phone:
    """Somebody, whom no other case is about, begins one of a category on their telephone."""
    caller = caller or await admitted(walk.register, next(_orders))
    phone = await Phone(walk.register, caller).begin(walk.category)
    await phone.say("home", registration="rural", address="柳溪村3组")
    await phone.say("hardship", reason="生病")
    if all_paths()[walk.category].is_of_one:
        await phone.say("whose", key="me")
    return phone


async def seen_twice(phone: Phone) -> Walk:
    """They are seen, not seen, and seen again; who is near to an officer is said and answered."""
    walk = await phone.officers()
    await see(walk)
    await walk.do(WANG_FANG, "unsee-identity", reason="核错了人")
    await see(walk)
    assert (await phone.act("say-relative", **RELATIVE)).is_success
    await walk.look(WANG_FANG)
    await walk.do(ZHANG_LI, "no-relative", reason="同名", answers="1")
    await walk.do(WANG_FANG, "declare-relative", officer="zhou-yi", relation="表弟")
    return walk


def number() -> dict[str, str]:
    """A decision's own number, and why."""
    return {"decision_number": f"青民决〔2026〕{next(_numbers)}号", "reasons": "情况属实"}


def member(walk: Walk, relation: str) -> str:
    """The key of whoever is this to the head of a household of the register."""
    people = walk.case["application"]["members"]
    return next(str(each["key"]) for each in people if each["relation"] == relation)


def today(walk: Walk) -> str:
    """The day it is."""
    return str(walk.register.app.state.clock.today())


async def late_visit(walk: Walk, by: Caller = WANG_FANG, **said: Any) -> str:
    """A visit that comes when its case has gone on."""
    survey_id = str(uuid4())
    words = {"visited_on": today(walk), "family_member": "李伟", "findings": "情况属实"}
    await walk.do(by, "survey-late", survey_id=survey_id, **words, **said)
    await walk.do(LIU_QIANG, "sign-survey", survey_id=survey_id)
    return survey_id


async def filed_form(walk: Walk, survey_id: str) -> None:
    """The signed form of a visit is put to it."""
    form = await walk.paper(WANG_FANG, "survey-form", JPEG + survey_id.encode())
    await walk.do(WANG_FANG, "file-survey-form", survey_id=survey_id, form_id=form)


async def excused(walk: Walk, key: str) -> None:
    """Somebody cannot be reached to sign, by a paper that another official looked at."""
    paper = await walk.paper(WANG_FANG, "letter-excuse", JPEG + b"sentence", of_person=key)
    words = {"person_key": key, "why": "prison", "document_id": paper}
    await walk.do(WANG_FANG, "excuse-letter", **words)
    await walk.do(LIU_QIANG, "agree-excuse", person_key=key)


async def signed_together(walk: Walk, *people: str) -> None:
    """One letter that several signed."""
    sheet = await walk.paper(WANG_FANG, "joint-authorisation", JPEG + b"all of them")
    signed = {"people": list(people), "document_id": sheet, "signed_on": today(walk)}
    await walk.do(WANG_FANG, "authorise-jointly", **signed)


async def hit_and_explained(walk: Walk) -> None:
    """A comparison hits a car; what they say of it is believed the second time."""
    hit = {"report_number": "核7号", "reported_on": today(walk), "hits": ["名下有小型汽车"]}
    await walk.do(WANG_FANG, "compare", **hit)
    await walk.do(CHEN_HONG, "explain-hits", explanation="车已报废")
    await walk.do(ZHANG_LI, "reject-answer", reason="没有证明")
    await walk.do(CHEN_HONG, "explain-hits", explanation="附注销证明")
    await walk.do(ZHANG_LI, "accept-answer", reason="注销证明属实")


async def agreed_at_last(walk: Walk) -> None:
    """They agree to what was found; whose signature it is, is believed the second time."""
    notice = await walk.tell_alone()
    await walk.do(WANG_FANG, "agree", notice_id=notice)
    await walk.do(ZHANG_LI, "reject-agreement", reason="笔迹不符")
    await walk.do(WANG_FANG, "agree", notice_id=notice)
    await walk.do(ZHANG_LI, "accept-agreement", reason="已电话核实")


async def minutes(walk: Walk, present: int) -> dict[str, Any]:
    """What is said of a meeting today."""
    paper = await walk.paper(ZHANG_LI, "minutes", JPEG + str(uuid4()).encode())
    return {"met_on": today(walk), "due": 20, "present": present, "minutes_id": paper}


async def noted_death(walk: Walk, act: str, key: str = "head") -> dict[str, Any]:
    """A death, with the paper that shows it."""
    proof = await walk.paper(LIU_QIANG, "death-proof", JPEG + str(uuid4()).encode())
    words = {"person_key": key, "died_on": today(walk), "proof_id": proof}
    return await walk.do(LIU_QIANG, act, **words)


async def whole_file(walk: Walk) -> None:
    """Every paper a file is closed with."""
    kinds = (
        "application-form", "application", "household-register", "survey-form", "income-proof",
        "commitment", "illness",
    )  # fmt: skip
    for kind in kinds:
        await walk.paper(WANG_FANG, kind, JPEG + f"{kind} of the file".encode())
    for each in walk.case["application"]["members"]:
        for kind in ("id-card", "authorisation"):
            content = JPEG + f"{kind} of {each['key']}".encode()
            await walk.paper(CHEN_HONG, kind, content, of_person=each["key"])


async def secret_and_shown_again(walk: Walk) -> None:
    """Kept secret, as another agrees, until one asks that it ends and another ends it."""
    await walk.do(WANG_FANG, "keep-secret", reason="传染病")
    await walk.do(ZHANG_LI, "agree-secret")
    await walk.do(WANG_FANG, "ask-end-secret", reason="不再需要")
    await walk.do(ZHANG_LI, "end-secret")
