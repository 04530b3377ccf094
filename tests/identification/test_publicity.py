"""What the public may read of a village: enough to object, and nothing that hurts."""

import json
from datetime import timedelta
from typing import Any, Final

import pytest

from shared.callers import Caller, Kind
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    OFFICER,
    OTHER_TOWN_HEAD,
    TOWN_HEAD,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    an_application,
    later,
    staff,
)
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import COUNTY, Register

DOOR: Final = Caller("gateway", Kind.SERVICE, COUNTY, "gateway", frozenset({"publicity:read"}))
PHONE, ADDRESS, ILLNESS = "13900001234", "柳溪村3组17号", "尿毒症透析"
NEVER: Final = (id_number(1), id_number(2, "20180910"), PHONE, ADDRESS, ILLNESS, "李娜")
"""What nobody reads of a list, on the web or on paper."""
CANARIES: Final = (*NEVER, "李伟")
"""What nobody reads on the web: the whole name of whom a list names besides."""


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


def a_telling_application() -> dict[str, Any]:
    """An application full of what nobody else should know."""
    return {"phone": PHONE, "address": ADDRESS, "reason": ILLNESS}


async def _public(walk: Walk, village: str = VILLAGE) -> dict[str, Any]:
    answer = await walk.register.get(f"/villages/{village}/public-list", DOOR)
    assert answer.status_code == 200, answer.text
    assert [each for each in CANARIES if each in answer.text] == []
    found: dict[str, Any] = answer.json()
    return found


async def _board(walk: Walk) -> list[dict[str, Any]]:
    """What is printed for the board of the village."""
    answer = await walk.register.get(f"/areas/{VILLAGE}/posting-list", ZHANG_LI)
    assert answer.status_code == 200, answer.text
    assert [each for each in NEVER if each in answer.text] == []
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.mark.shows("S39")
@pytest.mark.breaks("Only public fields")
async def test_a_list_is_up_for_its_days_and_down_after_them(walk: Walk) -> None:
    await walk.proposed(**a_telling_application())
    assert (await _public(walk))["posted"] == []
    line = {"name": "李*", "members": 2, "category": "最低生活保障"}
    posted, village_list = line | {"sum": None}, {"list": "村（社区）公示"}
    hung = {"name": "李伟", "number": 1, "found": "拟同意", "village": VILLAGE} | village_list
    assert await _board(walk) == [posted | hung | {"days": "自张贴之日起7天"}]
    await walk.put_up()
    days = {"first_day": "2026-09-25", "last_day": "2026-10-01"}
    on_the_web = [posted | village_list | days]
    assert await _public(walk) == {"village": VILLAGE, "posted": on_the_web, "granted": []}
    assert await _board(walk) == [posted | hung | {"days": "2026-09-25至2026-10-01"}]
    later(walk.register, 6)
    assert len((await _public(walk))["posted"]) == 1
    later(walk.register, 1)
    assert (await _public(walk))["posted"] == []
    assert await _board(walk) == [], "it is not hung again"
    await walk.do(ZHANG_LI, "end-posting")
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    (granted,) = (await _public(walk))["granted"]
    by = {"village", "programme", "beneficiary_id"}  # By which the door finds a sum; not shown.
    assert {name: each for name, each in granted.items() if name not in by} == line
    assert (await _public(walk, "511425001201"))["granted"] == []
    await walk.register.change("UPDATE person SET died_on = '2026-10-02' WHERE name = '李伟'")
    assert (await _public(walk))["granted"] == []


@pytest.mark.breaks("Only public fields")
async def test_three_of_a_name_are_told_apart_on_paper_and_not_on_the_web(walk: Walk) -> None:
    """What hung with masked names when it was put up is printed as it hangs."""
    for number, name in ((1, "李伟"), (11, "李强"), (21, "李勇")):
        head = {"key": "head", "name": name, "relation": "户主", "id_number": id_number(number)}
        walk = await Walk(walk.register).posted(members=[head], whose="head")
    assert [each["name"] for each in (await _public(walk))["posted"]] == ["李*"] * 3
    assert [each["name"] for each in await _board(walk)] == ["李伟", "李强", "李勇"]
    keys, of = walk.register.app.state.keys, {"table": "posting", "column": "shown_sealed"}
    (row, *_) = walk.register.rows("SELECT id, shown_sealed FROM posting ORDER BY id")
    shown = json.loads(keys.decrypt(row["shown_sealed"], row=row["id"], **of))
    assert shown["name"] == "李伟", "what hung is kept as it hung"
    older = keys.encrypt(json.dumps({**shown, "name": "李*"}), row=row["id"], **of)
    change = f"UPDATE posting SET shown_sealed = '{older}' WHERE id = '{row['id']}'"  # noqa: S608  # Words of this test.
    await walk.register.change(change)
    assert [each["name"] for each in await _board(walk)] == ["李*", "李强", "李勇"]
    seen = walk.register.audited("posting-list-printed")[0]
    assert (seen["actor"], seen["subject"]) == (ZHANG_LI.subject, VILLAGE)


async def test_whom_the_register_knows_to_be_dead_no_list_counts(walk: Walk) -> None:
    more = {"key": "son", "name": "李丁", "relation": "子女", "id_number": id_number(4)}
    await walk.surveyed(members=[*an_application()["members"], more])
    await walk.letter("son")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    await walk.put_up()
    (line,) = (await _public(walk))["posted"]
    assert line["members"] == 3
    dead = a_person(4, name="李丁", until="2026-08", died_on="2026-08-24")
    home = a_household("h-9", a_person(3), dead, **on_dibao())
    await walk.register.imported(a_csv(rows_of(home)))
    (line,) = (await _public(walk))["posted"]
    assert line["members"] == 2


@pytest.mark.breaks("Lists for all their days")
async def test_a_list_that_is_written_down_late_stands_on_the_public_page_for_all_its_days(
    walk: Walk,
) -> None:
    await walk.proposed()
    first = walk.register.app.state.clock.today()
    later(walk.register, 7)
    photo = await walk.paper(ZHANG_LI, "posting-photo", JPEG + b"late")
    await walk.do(ZHANG_LI, "post", first_day=first.isoformat(), photo_id=photo)
    comes_down_on = (first + timedelta(days=14)).isoformat()
    assert (await walk.look())["state_due_on"] == comes_down_on
    answer = await walk.ask(ZHANG_LI, "end-posting")
    assert answer.json()["needs"] == ["posted-long-enough"]
    later(walk.register, 6)
    assert len((await _public(walk))["posted"]) == 1
    later(walk.register, 2)
    late = await walk.register.get("/cases", ZHANG_LI, overdue="true")
    assert [each["case_id"] for each in late.json()["items"]] == [walk.case["case_id"]]
    down = await walk.do(ZHANG_LI, "end-posting")
    assert down["state_due_on"] != comes_down_on


@pytest.mark.shows("S40")
async def test_a_household_that_left_is_on_no_list(walk: Walk) -> None:
    await walk.confirming()
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    leaving = await Walk(walk.register).open(category="exit", household_id=granted["household_id"])
    await leaving.look()
    await leaving.found("wrongly-in", ends="dibao", found_on="2026-10-02", findings="财政供养人员")
    words = {"from_month": "2026-11", "reasons": "不符合条件"}
    assert len((await _public(walk))["granted"]) == 1
    await leaving.do(HE_JUN, "remove", decision_number="青民退〔2026〕2号", **words)
    assert (await _public(walk))["granted"] == []


async def test_an_objection_takes_the_name_down_at_once(walk: Walk) -> None:
    await walk.posted()
    await walk.object(WANG_FANG, "收入不实")
    assert (await _public(walk))["posted"] == []


@pytest.mark.shows("S40")
async def test_who_is_kept_secret_is_on_no_list_and_still_granted(walk: Walk) -> None:
    await walk.posted(**a_telling_application())
    early = await walk.ask(ZHANG_LI, "skip-posting")
    assert early.json()["needs"] == ["not-to-be-shown"]
    await walk.do(WANG_FANG, "keep-secret", reason="传染病防治法规定的保密情形")
    again = await walk.ask(WANG_FANG, "keep-secret", reason="再说一次")
    assert again.json()["needs"] == ["not-secret-before"]
    assert (await _public(walk))["posted"] == []
    assert await _board(walk) == []
    await walk.do(OTHER_TOWN_HEAD, "skip-posting")
    await walk.filed()
    granted = await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    assert granted["state"] == "granted"
    assert await _public(walk) == {"village": VILLAGE, "posted": [], "granted": []}


@pytest.mark.breaks("Two judge a secret")
async def test_nobody_leaves_off_the_lists_what_they_kept_secret_or_proposed(walk: Walk) -> None:
    officer, head = staff("both", OFFICER | TOWN_HEAD, VILLAGE[:9]), ZHANG_LI
    await walk.proposed()
    elsewhere = await Walk(walk.register, "edge", {"property_within_rules": True}).accepted()
    await elsewhere.do(officer, "keep-secret", reason="传染病防治法规定的保密情形")
    for alone in (officer, head):
        answer = await walk.ask(alone, "skip-posting")
        assert answer.json()["needs"] == ["not-the-keeper"], alone.person
    await walk.do(HE_JUN, "keep-secret", reason="传染病防治法规定的保密情形")
    assert (await walk.ask(HE_JUN, "skip-posting")).json()["needs"] == ["not-the-keeper"]
    county = staff("fang-ting", {"cases:read", "cases:check"})
    assert (await walk.do(county, "skip-posting"))["state"] == "confirming"


@pytest.mark.breaks("Two judge a secret")
async def test_a_list_that_nobody_could_read_is_not_taken_down_as_shown(walk: Walk) -> None:
    await walk.posted()
    head = staff("both", OFFICER | TOWN_HEAD, VILLAGE[:9])
    await walk.do(head, "keep-secret", reason="本人要求")
    later(walk.register, 7)
    answer = await walk.ask(head, "end-posting")
    assert answer.json()["needs"] == ["may-be-shown"]
    await walk.do(WANG_FANG, "ask-end-secret", reason="没有法定理由")
    await walk.do(OTHER_TOWN_HEAD, "end-secret")
    assert (await walk.do(head, "end-posting"))["state"] == "to-post", "it is shown anew"


@pytest.mark.breaks("Two judge a secret")
async def test_that_somebody_is_secret_is_looked_at_by_another_and_ended_by_two(
    walk: Walk,
) -> None:
    await walk.confirming()
    await walk.do(ZHANG_LI, "keep-secret", reason="本人要求")
    answer = await walk.ask(ZHANG_LI, "agree-secret")
    assert answer.json()["needs"] == ["secret-by-another"]
    await walk.do(OTHER_TOWN_HEAD, "agree-secret")
    await walk.do(OTHER_TOWN_HEAD, "ask-end-secret", reason="不再需要")
    answer = await walk.ask(OTHER_TOWN_HEAD, "end-secret")
    assert answer.json()["needs"] == ["end-by-another"]
    await walk.do(ZHANG_LI, "end-secret")
    decision = {"decision_number": "青民决〔2026〕801号"}
    assert (await walk.do(HE_JUN, "confirm", **decision))["state"] == "granted"
    assert len((await _public(walk))["granted"]) == 1


@pytest.mark.breaks("Two judge a secret")
async def test_what_one_kept_secret_waits_for_another_before_it_is_granted(walk: Walk) -> None:
    await walk.confirming()
    await walk.do(WANG_FANG, "keep-secret", reason="本人要求")
    answer = await walk.ask(HE_JUN, "confirm", decision_number="青民决〔2026〕801号")
    assert answer.json()["needs"] == ["secret-agreed"]
    for waits, act in ((True, "agree-secret"), (False, None)):
        queue = (await walk.register.get("/cases", OTHER_TOWN_HEAD)).json()["items"]
        assert (walk.case["receipt"] in {each["receipt"] for each in queue}) == waits
        if act is not None:
            await walk.do(OTHER_TOWN_HEAD, act)


@pytest.mark.breaks("Two judge a secret")
@pytest.mark.parametrize("over", ["granted", "refused"])
async def test_a_secret_of_a_case_that_is_over_waits_for_another(walk: Walk, over: str) -> None:
    """In the queue and the counts of whoever may look at it, until they have; in no other's."""
    await walk.confirming()
    decision = {"decision_number": "青民决〔2026〕801号"}
    if over == "granted":
        await walk.do(HE_JUN, "confirm", **decision)
        await walk.do(WANG_FANG, "keep-secret", reason="本人要求")
    else:
        await walk.do(WANG_FANG, "keep-secret", reason="本人要求")
        await walk.do(HE_JUN, "refuse", reasons="不符合条件", **decision)
        today = walk.register.app.state.clock.today().isoformat()
        await walk.do(ZHANG_LI, "tell-refusal", told_on=today)

    async def waits(caller: Caller) -> tuple[bool, int]:
        lines = (await walk.register.get("/cases", caller)).json()["items"]
        groups = (await walk.register.get("/case-queues", caller)).json()["items"]
        of_state = [each["count"] for each in groups if each["state"] == over]
        return walk.case["receipt"] in {each["receipt"] for each in lines}, sum(of_state)

    assert await waits(OTHER_TOWN_HEAD) == (True, 1)
    assert await waits(WANG_FANG) == (False, 0), "who takes cases in looks at no secret"
    await walk.do(OTHER_TOWN_HEAD, "agree-secret")
    assert await waits(OTHER_TOWN_HEAD) == (False, 0)
    await walk.do(OTHER_TOWN_HEAD, "ask-end-secret", reason="不再需要")
    assert await waits(ZHANG_LI) == (True, 1)
    await walk.do(ZHANG_LI, "end-secret")
    assert await waits(ZHANG_LI) == (False, 0)


SISTER: Final = {"key": "sister", "name": "李静", "relation": "妹", "id_number": id_number(8)}


@pytest.mark.breaks("Two judge a secret")
@pytest.mark.parametrize("lives_there", [True, False])
async def test_who_was_kept_secret_stays_so_though_a_correction_leaves_them_out(
    walk: Walk, *, lives_there: bool
) -> None:
    """But nobody is hidden by a case that only names them as living elsewhere."""
    head = an_application()["members"][0]
    sister = SISTER if lives_there else {**SISTER, "lives_together": False}
    await walk.accepted(members=[head, sister])
    await walk.do(ZHANG_LI, "keep-secret", reason="本人要求")
    said = an_application(members=[head])
    await walk.do(WANG_FANG, "correct", application=said, reason="妹妹另住")
    hers = Walk(walk.register)
    await hers.proposed(members=[{**SISTER, "key": "head", "relation": "户主"}])
    answer = await hers.ask(OTHER_TOWN_HEAD, "skip-posting")
    if lives_there:
        assert answer.status_code == 200, answer.text
    else:
        assert answer.json()["needs"] == ["not-to-be-shown"]


@pytest.mark.breaks("Two judge a secret")
async def test_a_near_relative_keeps_nobody_secret(walk: Walk) -> None:
    await walk.posted()
    await walk.do(WANG_FANG, "declare-relative", officer="zhang-li", relation="表弟")
    answer = await walk.ask(ZHANG_LI, "keep-secret", reason="本人要求")
    assert answer.json()["needs"] == ["not-a-relative"]


@pytest.mark.shows("S40")
@pytest.mark.breaks("Not everybody is shown")
async def test_a_minor_is_never_posted(walk: Walk) -> None:
    guarded = {"guardian_key": "uncle", "guardian_authority": "relative"}
    child = {**an_application()["members"][1], "key": "head", "relation": "户主", **guarded}
    uncle = {"key": "uncle", "name": "李强", "relation": "叔", "id_number": id_number(9)}
    await walk.open()
    await walk.do(CHEN_HONG, "write", application={"members": [child], "supporters": [uncle]})
    await walk.do(CHEN_HONG, "submit")
    await walk.paper(CHEN_HONG, "guardianship")
    await walk.do(WANG_FANG, "accept")
    await walk.letter("head", signed_by="uncle")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", income_fen_monthly=0, reasons="孤儿")
    photo = await walk.paper(ZHANG_LI, "posting-photo")
    answer = await walk.ask(ZHANG_LI, "post", first_day="2026-09-25", photo_id=photo)
    assert answer.json()["needs"] == ["may-be-shown"]
    assert await _board(walk) == []
    await walk.do(ZHANG_LI, "skip-posting")
    await walk.filed()
    await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕802号")
    assert (await _public(walk))["granted"] == []


@pytest.mark.breaks("Not everybody is shown")
async def test_a_household_is_shown_by_its_grown_up_where_a_child_applies(walk: Walk) -> None:
    head, child = an_application()["members"]
    first = {**child, "guardian_key": "head", "guardian_authority": "parent"}
    await walk.open()
    await walk.do(CHEN_HONG, "write", application={"members": [first, head]})
    await walk.do(CHEN_HONG, "submit")
    await walk.paper(CHEN_HONG, "guardianship")
    await walk.do(WANG_FANG, "accept")
    await walk.letter("child", signed_by="head")
    await walk.letter("head")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    answer = await walk.ask(OTHER_TOWN_HEAD, "skip-posting")
    assert answer.json()["needs"] == ["not-to-be-shown"]
    (line,) = await _board(walk)
    assert (line["name"], line["members"]) == ("李伟", 2)
    await walk.put_up()
    (up,) = (await _public(walk))["posted"]
    assert (up["name"], up["members"]) == ("李*", 2)


@pytest.mark.breaks("Not everybody is shown")
async def test_a_household_stays_on_the_lists_where_a_child_goes_on_with_it(walk: Walk) -> None:
    head, child = an_application()["members"]
    born = {"id_number": id_number(7, "19900101")}
    wife = {"key": "wife", "name": "王小芳", "relation": "配偶", **born}
    guarded = {**child, "guardian_key": "wife", "guardian_authority": "parent"}
    await walk.accepted(members=[head, wife, guarded])
    proof = await walk.paper(LIU_QIANG, "death-proof", JPEG + b"of the head")
    died = {"person_key": "head", "died_on": "2026-09-25", "proof_id": proof}
    await walk.do(LIU_QIANG, "go-on", goes_on="child", **died)
    assert walk.case["application"]["members"][0]["key"] == "child"
    await walk.letter("wife")
    await walk.letter("child", signed_by="wife")
    await walk.paper(CHEN_HONG, "guardianship")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **walk.proposal)
    answer = await walk.ask(OTHER_TOWN_HEAD, "skip-posting")
    assert answer.json()["needs"] == ["not-to-be-shown"]
    await walk.put_up()
    (up,) = (await _public(walk))["posted"]
    assert (up["name"], up["members"]) == ("王*芳", 2)


async def test_a_list_that_would_tell_of_a_disability_is_not_made(walk: Walk) -> None:
    await walk.open(category="disability")
    await walk.do(CHEN_HONG, "write", application=an_application())
    await walk.do(CHEN_HONG, "submit")
    await walk.do(WANG_FANG, "accept")
    words = {"grade": "1", "kind": "6", "living": "yes", "nursing": "no"}
    await walk.do(HE_JUN, "read-certificate", person_key="head", **words)
    await walk.filed("illness")
    other = Caller("staff:wu", Kind.STAFF, COUNTY, "wu", HE_JUN.scopes, (COUNTY,))
    await walk.do(other, "confirm", decision_number="青民决〔2026〕803号")
    assert (await _public(walk))["granted"] == []


@pytest.mark.parametrize("village", ["511425999999", "511425099", "x", "51142500120%20"])
async def test_a_village_that_is_none_has_no_list(walk: Walk, village: str) -> None:
    for path, by in (("villages/{}/public-list", DOOR), ("areas/{}/posting-list", ZHANG_LI)):
        answer = await walk.register.get(f"/{path.format(village)}", by)
        assert answer.status_code in {404, 422}
    other = await walk.register.get(f"/areas/{VILLAGE}/posting-list", ZHAO_MIN)
    assert other.status_code == 404
    staff = await walk.register.get(f"/villages/{VILLAGE}/public-list", ZHANG_LI)
    assert staff.status_code == 403
