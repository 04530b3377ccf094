"""Who applies for others: named, with consent and the applicant's own card; who is told."""

import pytest

from services.identification.id_numbers import masked
from tests.identification.caseworkers import (
    CHEN_HONG,
    JPEG,
    WANG_FANG,
    YANG_MEI,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    a_proxy,
    an_application,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.mark.shows("S14")
@pytest.mark.breaks("The channel is the caller's")
async def test_a_village_applies_only_by_a_named_proxy_with_consent_and_the_applicants_card(
    walk: Walk,
) -> None:
    await walk.open(YANG_MEI)
    await walk.do(YANG_MEI, "write", application=an_application())
    assert (await walk.ask(YANG_MEI, "submit")).json()["needs"] == ["proxy-named"]
    other = await walk.paper(YANG_MEI, "other")
    await walk.do(YANG_MEI, "write", application=an_application(proxy=a_proxy(other)))
    refused = await walk.ask(YANG_MEI, "submit")
    assert refused.json()["needs"] == ["proxy-consented", "applicants-id-filed"]
    await walk.paper(YANG_MEI, "id-card", JPEG + b"child", of_person="child")
    consent = await walk.paper(YANG_MEI, "consent", JPEG + b"2")
    await walk.do(YANG_MEI, "write", application=an_application(proxy=a_proxy(consent)))
    refused = await walk.ask(YANG_MEI, "submit")
    assert refused.json()["needs"] == ["applicants-id-filed"], "a child's card is not theirs"
    await walk.paper(YANG_MEI, "id-card")
    submitted = await walk.do(YANG_MEI, "submit")
    assert (submitted["channel"], submitted["application"]["proxy"]["name"]) == ("village", "王五")
    assert submitted["application"]["members"][0]["id_number"] == masked(id_number(1))
    letter = await walk.register.get(f"{walk.path}/letters/receipt", YANG_MEI)
    assert letter.content.startswith(b"%PDF-"), "the applicant reads who applied for them"


@pytest.mark.shows("S14")
async def test_the_applicants_own_number_or_code_is_asked_for(walk: Walk) -> None:
    await walk.open(YANG_MEI)
    consent = await walk.paper(YANG_MEI, "consent")
    head = an_application()["members"][0]
    for said in (
        {"members": [head | {"id_number": None}], "proxy": a_proxy(consent)},
        {"proxy": a_proxy(consent, id_number=id_number(1))},
        {"proxy": a_proxy(consent, id_number="12345678901234567")},
    ):
        answer = await walk.ask(YANG_MEI, "write", application=an_application(**said))
        assert answer.status_code == 422
    coded = head | {
        "id_number": None,
        "temporary_code": "T511425-001",
        "no_id_reason": "证件遗失",
        "born_on": "1950-01-01",
    }
    said = {"members": [coded], "proxy": a_proxy(consent)}
    await walk.do(YANG_MEI, "write", application=an_application(**said))
    await walk.do(YANG_MEI, "submit")


@pytest.mark.shows("S14")
async def test_a_village_lists_who_applied_for_whom(walk: Walk) -> None:
    for _ in range(2):
        await walk.open(YANG_MEI)
        consent = await walk.paper(YANG_MEI, "consent")
        await walk.do(YANG_MEI, "write", application=an_application(proxy=a_proxy(consent)))
    path = f"/villages/{VILLAGE}/proxies"
    (proxy,) = (await walk.register.get(path, WANG_FANG)).json()["items"]
    assert (proxy["name"], len(proxy["cases"])) == ("王五", 2)
    assert proxy["cases"][0]["head_name"] == "李伟"
    found = await walk.register.get("/cases", ZHANG_LI, query="王五")
    assert len(found.json()["items"]) == 2, "a case is found by who brought it"
    for stranger in (CHEN_HONG, ZHAO_MIN):
        assert (await walk.register.get(path, stranger)).status_code == 403
