"""Nobody is proposed for tekun on a ground that is not true by the law, nor without its paper."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    JPEG,
    LIU_QIANG,
    TEKUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
)
from tests.identification.makers import id_number
from tests.identification.register import Register


async def assessed(register: Register, *others: dict[str, Any], **said: Any) -> Walk:
    """Somebody alone or with others who applies, visited, compared, and assessed; before the
    township."""
    walk = Walk(register, "tekun")
    head = an_application()["members"][0]
    members = [{**head, **said.pop("head", {})}, *others]
    await walk.accepted(members=members, whose="head", **said)
    await walk.authorise()
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    today = register.app.state.clock.today().isoformat()
    assessed = {"person_key": "head", "assessed_on": today, "failed": 1}
    await walk.do(WANG_FANG, "assess-self-care", **assessed)
    await walk.do(LIU_QIANG, "sign-self-care", person_key="head")
    await walk.compare()
    return walk


async def refused(walk: Walk, **said: Any) -> list[str]:
    """What is missing where the township is for it."""
    words = {"opinion": "grant", "reasons": "三无", **TEKUN, **said}
    needs: list[str] = (await walk.ask(ZHANG_LI, "propose", **words)).json().get("needs", [])
    return needs


async def test_a_healthy_man_of_thirty_is_not_extremely_poor(register: Register) -> None:
    walk = await assessed(register, head={"id_number": id_number(1, "19960304")})
    for ground in ("aged", "minor", "none"):
        assert await refused(walk, ground=ground) == ["ground-holds", "works-no-more"]
    assert "ground-holds" in await refused(walk, ground="disabled")
    words = {**TEKUN, "ground": "none", "opinion": "refuse", "reasons": "有劳动能力"}
    assert (await walk.do(ZHANG_LI, "propose", **words))["state"] == "confirming"


async def test_each_condition_can_fail_alone(register: Register) -> None:
    walk = await assessed(register)
    assert await refused(walk, has_income_source="yes") == ["without-income"]
    assert await refused(walk, supporter="able") == ["without-supporter", "supporters-fit"]
    assert await refused(walk, supporter="very-old") == ["supporters-fit"], "nobody is named"
    assert await refused(walk, ground="minor") == ["ground-holds"]
    assert await refused(walk) == []


async def test_a_disabled_child_is_a_child_by_its_age(register: Register) -> None:
    young = {"id_number": id_number(1, "20180304"), "disability_grade": 1, "disability_kind": 5}
    walk = Walk(register, "tekun")
    guardian = {"key": "aunt", "name": "李梅", "relation": "其他", "id_number": id_number(8)}
    child = {**an_application()["members"][0], **young, "relation": "其他"}
    members = [{**guardian, "relation": "户主"}, child]
    await walk.accepted(members=members, whose="head")
    await walk.letter("aunt")
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    today = register.app.state.clock.today().isoformat()
    seen = {"person_key": "head", "assessed_on": today, "failed": 1}
    await walk.do(WANG_FANG, "assess-self-care", **seen)
    await walk.do(LIU_QIANG, "sign-self-care", person_key="head")
    await walk.compare()
    assert await refused(walk, ground="minor") == []


async def test_nobody_is_without_a_supporter_who_lives_with_a_grown_child(
    register: Register,
) -> None:
    son = {"key": "son", "name": "李强", "relation": "子女", "id_number": id_number(4, "19900101")}
    walk = await assessed(register, son)
    assert await refused(walk) == ["supporters-fit", "kin-shown"]
    assert await refused(walk, supporter="without-capacity") == ["kin-shown"]
    await walk.paper(WANG_FANG, "support-proof", of_person="head")
    assert await refused(walk, supporter="without-capacity") == ["kin-shown"], "of another"
    await walk.paper(WANG_FANG, "support-proof", JPEG + b"ruling", of_person="son")
    assert await refused(walk, supporter="without-capacity") == [], "and the county reads why"


async def test_who_lives_with_them_is_not_passed_over_for_one_elsewhere_who_cannot(
    register: Register,
) -> None:
    son = {"key": "son", "name": "李强", "relation": "子女", "id_number": id_number(4, "19900101")}
    unable = {"basis": "unable", "unable": "without-capacity"}
    elsewhere = {**son, "key": "other", "name": "李明", "id_number": id_number(5, "19910101")}
    supporters = [{**elsewhere, "lives_together": False, "support": unable}]
    walk = await assessed(register, son, supporters=supporters)
    await walk.paper(WANG_FANG, "support-proof", of_person="other")
    assert await refused(walk, supporter="without-capacity") == ["kin-shown"]


@pytest.mark.parametrize(
    ("disability", "holds"), [((3, 6), True), ((3, 4), False), ((2, 4), True), ((2, 1), False)]
)
async def test_a_disability_counts_by_kind_and_grade_and_with_its_certificate(
    register: Register, disability: tuple[int, int], holds: bool
) -> None:
    grade, kind = disability
    disabled = {"disability_grade": grade, "disability_kind": kind}
    young = {"id_number": id_number(1, "19860304"), **disabled}
    walk = await assessed(register, head=young)
    untrue = [] if holds else ["ground-holds", "works-no-more"]
    assert await refused(walk, ground="disabled") == [*untrue, "disability-shown"]
    await walk.paper(WANG_FANG, "illness")
    assert await refused(walk, ground="disabled") == untrue


async def test_whoever_is_bound_to_support_them_is_recorded_as_unable_and_why(
    register: Register,
) -> None:
    son = {"key": "son", "name": "李强", "relation": "子女", "id_number": id_number(4, "19900101")}
    unable = {"basis": "unable", "unable": "without-capacity"}
    elsewhere = {**son, "lives_together": False, "support": unable}
    walk = await assessed(register, supporters=[elsewhere])
    missing = ["support-proven", "supporters-fit"]
    assert await refused(walk) == missing, "somebody is named"
    assert await refused(walk, supporter="very-old") == missing
    await walk.paper(WANG_FANG, "support-proof", of_person="son")
    assert await refused(walk, supporter="without-capacity") == []


async def test_of_a_supporter_nothing_is_recorded_of_nobody_says_that_they_cannot(
    register: Register,
) -> None:
    son = {"key": "son", "name": "李强", "relation": "子女", "id_number": id_number(4, "19900101")}
    walk = await assessed(register, supporters=[{**son, "lives_together": False}])
    assert await refused(walk, supporter="without-capacity") == ["supporters-fit"]
