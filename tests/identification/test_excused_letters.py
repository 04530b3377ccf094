"""Who cannot be reached signs no letter: by a paper of their own, and another official's look."""

from typing import Any

from tests.identification.caseworkers import (
    JPEG,
    LIU_QIANG,
    WANG_FANG,
    Walk,
    an_application,
)
from tests.identification.makers import id_number
from tests.identification.province import fetched, post
from tests.identification.register import Register

SON = {"key": "son", "name": "李强", "relation": "子女", "id_number": id_number(7, "19900101")}
PRISON: dict[str, Any] = {"person_key": "son", "why": "prison"}


async def with_a_son_in_prison(register: Register) -> Walk:
    """Li Wei has signed; his grown son is in prison and has not."""
    members = [*an_application()["members"], SON]
    walk = await Walk(register).accepted(members=members)
    await walk.letter("head")
    await walk.visit()
    return walk


async def test_who_is_in_prison_need_not_sign_once_another_has_looked_at_the_paper(
    register: Register,
) -> None:
    walk = await with_a_son_in_prison(register)
    await walk.do(WANG_FANG, "finish-survey")
    today = register.app.state.clock.today().isoformat()
    report = {"report_number": "核〔2026〕7号", "reported_on": today}
    assert (await walk.ask(WANG_FANG, "compare", **report)).json()["needs"] == ["adults-authorised"]
    anothers = await walk.paper(WANG_FANG, "letter-excuse", JPEG + b"of the head", of_person="head")
    wrong = await walk.ask(WANG_FANG, "excuse-letter", **PRISON, document_id=anothers)
    assert wrong.json()["needs"] == ["excuse-is-shown"]
    early = await walk.ask(LIU_QIANG, "agree-excuse", person_key="son")
    assert early.json()["needs"] == ["excuse-is-asked"]
    paper = await walk.paper(WANG_FANG, "letter-excuse", JPEG + b"a sentence", of_person="son")
    await walk.do(WANG_FANG, "excuse-letter", **PRISON, document_id=paper)
    assert (await walk.ask(WANG_FANG, "compare", **report)).json()["needs"] == ["adults-authorised"]
    own = await walk.ask(WANG_FANG, "agree-excuse", person_key="son")
    assert own.json()["needs"] == ["excuse-by-another"]
    await walk.do(LIU_QIANG, "agree-excuse", person_key="son")
    asked = await post(register, f"{walk.path}/verification", WANG_FANG)
    assert asked.status_code == 201, asked.text
    _, rows = await fetched(register, "verification-request")
    assert [each["name"] for each in rows] == ["李伟"], "nobody is asked about without a letter"
    await walk.look()
    await walk.do(WANG_FANG, "compare", **report)


async def test_who_is_another_by_a_correction_is_not_excused_by_what_was_said_before(
    register: Register,
) -> None:
    walk = await with_a_son_in_prison(register)
    paper = await walk.paper(WANG_FANG, "letter-excuse", JPEG + b"a sentence", of_person="son")
    await walk.do(WANG_FANG, "excuse-letter", **PRISON, document_id=paper)
    await walk.do(LIU_QIANG, "agree-excuse", person_key="son")
    other = {**SON, "name": "李明", "id_number": id_number(8, "19910101")}
    members = [*an_application()["members"], other]
    said = an_application(members=members)
    await walk.do(WANG_FANG, "correct", application=said, reason="写成了另一个儿子")
    told = (await register.get(f"{walk.path}/verification", WANG_FANG)).json()
    assert [each["key"] for each in told["unauthorised"]] == ["son"]
