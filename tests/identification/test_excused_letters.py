"""Who cannot be reached signs no letter: by a paper of their own, and another official's look."""

from typing import Any

from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
    an_application,
    in_month,
    later,
)
from tests.identification.citizens import Phone, admitted, see
from tests.identification.makers import id_number
from tests.identification.province import fetched, post
from tests.identification.register import Register
from tests.identification.test_changes import decided, described
from tests.identification.test_exits import RISEN
from tests.identification.test_household_files import file_of
from tests.identification.test_letters import text_of
from tests.identification.test_temporary_aid import (
    LIMITS,
    ZHAO_GANG,
    approved,
    proposed,
    register_with,
)

SON = {"key": "son", "name": "李强", "relation": "子女", "id_number": id_number(7, "19900101")}
FELL: dict[str, Any] = {"income_fen_monthly": 5000, "reason": "失业"}


async def with_a_son_in_prison(register: Register) -> Walk:
    """Li Wei has signed; his grown son is in prison and has not."""
    members = [*an_application()["members"], SON]
    walk = await Walk(register).accepted(members=members)
    await walk.letter("head")
    await walk.visit()
    return walk


async def excused(walk: Walk, key: str, why: str = "prison") -> None:
    """One official says that somebody cannot sign, and another agrees; neither alone nor by a paper
    of somebody else."""
    head = walk.case["application"]["members"][0]["key"]
    anothers = await walk.paper(WANG_FANG, "letter-excuse", JPEG + b"of the head", of_person=head)
    words: dict[str, Any] = {"person_key": key, "why": why}
    answer = await walk.ask(WANG_FANG, "excuse-letter", **words, document_id=anothers)
    assert answer.json()["needs"] == ["excuse-is-shown"]
    early = await walk.ask(LIU_QIANG, "agree-excuse", person_key=key)
    assert early.json()["needs"] == ["excuse-is-asked"]
    paper = await walk.paper(WANG_FANG, "letter-excuse", JPEG + key.encode(), of_person=key)
    await walk.do(WANG_FANG, "excuse-letter", **words, document_id=paper)
    alone = await walk.ask(WANG_FANG, "agree-excuse", person_key=key)
    assert alone.json()["needs"] == ["excuse-by-another"]
    await walk.do(LIU_QIANG, "agree-excuse", person_key=key)


def report(walk: Walk) -> dict[str, Any]:
    """A comparison report of today."""
    today = walk.register.app.state.clock.today().isoformat()
    return {"report_number": "核〔2026〕7号", "reported_on": today}


async def waits_for_letters(walk: Walk, need: str, act: str = "compare", **words: Any) -> None:
    """Nothing goes on, and nobody is asked about, while somebody has not signed."""
    answer = await walk.ask(WANG_FANG, act, **(words or report(walk)))
    assert need in answer.json()["needs"], answer.text
    (told,) = [each for each in answer.json()["missing"] if each["first"]]
    assert {"登记联系不上、签不了授权书的成员"} <= {each["zh"] for each in told["first"]}


async def asked_about(walk: Walk) -> list[str]:
    """Whom the province is asked about, by name."""
    asked = await post(walk.register, f"{walk.path}/verification", WANG_FANG)
    assert asked.status_code == 201, asked.text
    _, rows = await fetched(walk.register, "verification-request")
    await walk.look()
    return [each["name"] for each in rows]


async def test_who_is_in_prison_need_not_sign_once_another_has_looked_at_the_paper(
    register: Register,
) -> None:
    walk = await with_a_son_in_prison(register)
    await walk.do(WANG_FANG, "finish-survey")
    await waits_for_letters(walk, "adults-authorised")
    await excused(walk, "son")
    told = (await register.get(f"{walk.path}/verification", WANG_FANG)).json()
    assert (told["unauthorised"], told["excused"]) == ([], [{"key": "son", "name": "李强"}])
    assert await asked_about(walk) == ["李伟"], "nobody is asked about without a letter"
    await walk.do(WANG_FANG, "compare", **report(walk))


async def test_nobody_waits_for_the_card_of_who_cannot_be_reached(register: Register) -> None:
    walk = await with_a_son_in_prison(register)
    await walk.do(WANG_FANG, "finish-survey")
    await walk.paper(CHEN_HONG, "household-register")
    for key in ("head", "child"):
        await walk.paper(CHEN_HONG, "id-card", JPEG + key.encode(), of_person=key)
    for lacks in ("（李强）", ""):
        wanted = (await walk.look())["to_bring"]
        assert (f"身份证{lacks}" in wanted) == bool(lacks), wanted
        if lacks:
            await excused(walk, "son")
    await walk.compare()
    words = {"opinion": "grant", "reasons": "符合条件", "income_fen_monthly": 18000}
    asked = {"version": walk.case["version"], "words": words}
    answer = await register.client.post(
        f"{walk.path}/acts/propose", json=asked, headers=register.headers(ZHANG_LI)
    )
    assert answer.status_code == 200, answer.text
    await walk.look(ZHANG_LI)
    await walk.put_up()
    later(register, 7)
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    file = await file_of(register, walk.case["household_id"])
    (cards,) = [each for each in file["items"] if each["kind"] == "id-card"]
    assert (cards["state"], len(cards["versions"])) == ("there", 2)


async def test_who_is_another_by_a_correction_is_not_excused_by_what_was_said_before(
    register: Register,
) -> None:
    walk = await with_a_son_in_prison(register)
    await excused(walk, "son")
    here = [*an_application()["members"], SON]
    words: dict[str, Any] = {"application": an_application(members=here, address="柳溪村4组")}
    await walk.do(WANG_FANG, "correct", **words, reason="住址写错了")
    path = f"{walk.path}/verification"
    told = (await register.get(path, WANG_FANG)).json()
    assert told["unauthorised"] == [], "the same son is in the same prison"
    other = {**SON, "name": "李明", "id_number": id_number(8, "19910101")}
    members = [*an_application()["members"], other]
    said = an_application(members=members)
    await walk.do(WANG_FANG, "correct", application=said, reason="写成了另一个儿子")
    told = (await register.get(path, WANG_FANG)).json()
    assert [each["key"] for each in told["unauthorised"]] == ["son"]


async def test_who_was_excused_and_signs_after_all_is_compared(register: Register) -> None:
    walk = await with_a_son_in_prison(register)
    await walk.do(WANG_FANG, "finish-survey")
    await excused(walk, "son")
    await walk.letter("son")
    assert await asked_about(walk) == ["李伟", "李强"]


async def test_a_change_is_decided_though_who_marries_in_cannot_be_reached(
    register: Register,
) -> None:
    comes = {"name": "周兵", "relation": "儿媳女婿", "id_number": id_number(9, "19950304")}
    walk = Walk(register)
    asked = await described(walk, ("marriage", {**comes, "since": "2026-09"}))
    *here, soldier = [each["key"] for each in asked["application"]["members"]]
    for key in here:
        await walk.letter(key)
    await walk.visit(60000)
    await walk.do(WANG_FANG, "finish-survey")
    await waits_for_letters(walk, "letters-here-or-on-file")
    refused = await post(register, f"{walk.path}/verification", WANG_FANG)
    assert refused.json()["members"] == [soldier]
    await excused(walk, soldier, "army")
    assert await asked_about(walk) == ["李乙", "李丙"]
    await walk.compare()
    assert (await decided(walk))["state"] == "changed"


async def test_nobody_is_asked_about_who_is_away_from_their_household(register: Register) -> None:
    away = {"person_key": (1,), "why": "prison", "away_from": "2026-08-02", "proof": "判决书"}
    walk = Walk(register)
    asked = await described(walk, ("away", away), ("income", FELL))
    assert asked["state"] == "surveying"
    head = asked["application"]["members"][0]
    await walk.letter(head["key"])
    await walk.visit(60000)
    await walk.do(WANG_FANG, "finish-survey")
    assert await asked_about(walk) == [head["name"]]


async def test_a_fade_out_is_taken_back_though_one_cannot_be_reached(register: Register) -> None:
    household_id = await a_known_household(register)
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.found("over-standard", **RISEN)
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    in_month(register, 2)
    head, son = [e["key"] for e in (await walk.look())["application"]["members"]]
    await walk.letter(head)
    await walk.visit(108000)
    await walk.do(WANG_FANG, "compare", **report(walk), authorised_on="2024-03-01")
    back: dict[str, Any] = {
        "decision_number": "青民退〔2026〕9号",
        "reasons": "失业返乡",
        "from_month": "2026-12",
    }
    answer = await walk.ask(HE_JUN, "take-back", **back)
    assert answer.json()["needs"] == ["looked-into"]
    await excused(walk, son, "missing")
    assert (await walk.do(HE_JUN, "take-back", **back))["state"] == "kept"


async def aid_asked_for(register: Register, son: dict[str, Any]) -> tuple[Walk, dict[str, Any]]:
    """Li Wei, who has signed, and a son; seen at home, and the words that complete the papers."""
    walk = await Walk(register_with(register, **LIMITS), "temporary").open()
    members = [an_application()["members"][0], son]
    await walk.do(CHEN_HONG, "write", application=an_application(members=members))
    today = register.app.state.clock.today().isoformat()
    words = {"kind": "urgent", "cause": "accident", "happened_on": today, "elsewhere": "no"}
    await walk.do(CHEN_HONG, "report", **words)
    await walk.do(WANG_FANG, "accept")
    await walk.letter("head")
    await walk.paper(CHEN_HONG, "id-card", JPEG + b"head", of_person="head")
    await walk.seen_at_home()
    return walk, {"form_id": await walk.paper(WANG_FANG, "application-form", JPEG + b"form")}


async def test_aid_is_given_though_one_cannot_be_reached(register: Register) -> None:
    walk, form = await aid_asked_for(register, SON)
    await waits_for_letters(walk, "adults-authorised", "complete-papers", **form)
    await excused(walk, "son", "ill")
    await walk.do(WANG_FANG, "complete-papers", **form)
    await walk.do(WANG_FANG, "compare", **report(walk))
    await proposed(walk)
    assert (await approved(walk, ZHAO_GANG))["state"] == "aided"


async def test_who_comes_of_age_before_aid_is_compared_signs_then(register: Register) -> None:
    walk, form = await aid_asked_for(register, {**SON, "id_number": id_number(7, "20080928")})
    await walk.do(WANG_FANG, "complete-papers", **form)
    later(register, 5)
    answer = await walk.ask(WANG_FANG, "compare", **report(walk))
    assert answer.json()["needs"] == ["adults-authorised"]
    await walk.letter("son", by=CHEN_HONG)
    await walk.do(WANG_FANG, "compare", **report(walk))


async def test_a_phone_brings_the_paper_and_reads_who_need_not_sign(register: Register) -> None:
    phone = await Phone(register, await admitted(register)).written()
    await see(await phone.officers())
    await phone.say("person", name="王芳", relation="配偶", id_number=id_number(3, "19850910"))
    await phone.sign()
    brought = await phone.paper("letter-excuse", JPEG + b"m2", of_person="m2")
    assert brought.status_code == 201, brought.text
    case = await phone.look()
    assert (case["excused"], case["authorised"]) == ([], ["me"])
    assert "authorisation" in {each["form"] for each in case["forms"]}
    walk = await phone.officers()
    await walk.do(WANG_FANG, "accept")
    commitment = f"{walk.path}/forms/commitment"
    assert "王芳" in text_of(await register.get(commitment, WANG_FANG))
    await excused(walk, "m2")
    case = await phone.look()
    assert (case["excused"], case["authorised"]) == (["m2"], ["m2", "me"])
    assert {each["form"] for each in case["forms"]} == {"commitment"}, "nobody is left to sign"
    assert "王芳" not in text_of(await register.get(commitment, WANG_FANG))


async def test_who_was_decided_to_be_away_signs_none_in_what_comes_after(
    register: Register,
) -> None:
    walk = Walk(register)
    away = {"person_key": (1,), "why": "prison", "away_from": "2026-08-02", "proof": "判决书"}
    case = await described(walk, ("away", away))
    await decided(walk)
    (head, _), household_id = case["application"]["members"], case["household_id"]
    for category in ("exit", "review"):
        after = await Walk(register).open(category=category, household_id=household_id)
        told = (await register.get(f"{after.path}/verification", WANG_FANG)).json()
        assert [each["key"] for each in told["unauthorised"]] == [head["key"]], category
