"""Who supports from elsewhere: each recorded, reckoned by the law, compared when they sign."""

from typing import Any

import pytest

from tests.identification.caseworkers import (
    CHEN_HONG,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    an_application,
    sets,
)
from tests.identification.makers import id_number
from tests.identification.province import fetched, post
from tests.identification.register import Register
from tests.identification.test_means import means_of, nothing_of, values

RECKONED = {"basis": "reckoned", "household_members": 3, "income_fen_yearly": 4_368_000}
"""Three people keep 4,560 yuan each; a fifth of the 30,000 that are left is 6,000."""
OWED = 600_000


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


def with_sons(*support: dict[str, Any] | None) -> dict[str, Any]:
    """Li Wei's household, which lives on nothing, and sons who live elsewhere."""
    sons = [
        {
            "key": f"son{n}",
            "name": f"李{'大二三四'[n]}",
            "relation": "子女",
            "id_number": id_number(20 + n, "19900101"),
            "support": each,
        }
        for n, each in enumerate(support)
    ]
    said = an_application(means=nothing_of("household"), supporters=sons)
    for each in said["members"]:
        each["means"] = nothing_of("person")
    return said


async def seen(walk: Walk, income_fen_yearly: int, *support: dict[str, Any]) -> None:
    """A household with sons elsewhere, visited: its income is what they owe."""
    await walk.accepted(**with_sons(*support))
    await walk.letter("head")
    await walk.visit(income_fen_yearly)
    await walk.do(WANG_FANG, "finish-survey")


@pytest.mark.parametrize(
    ("support", "each", "counted"),
    [
        ([RECKONED], [OWED], OWED),
        ([RECKONED, RECKONED], [OWED, OWED], 2 * OWED),
        ([{**RECKONED, "income_fen_yearly": 1_000_000}, RECKONED], [0, OWED], OWED),
        ([{"basis": "agreed", "agreed_fen_yearly": 120_000}, RECKONED], [120_000, OWED], 720_000),
        ([{"basis": "unable", "unable": "on-tekun"}], [0], 0),
        ([None], [], 0),
    ],
    ids=["one", "two", "one keeps all", "one agreed", "unable", "a guardian"],
)
async def test_what_each_owes_and_what_counts_is_the_laws(
    walk: Walk, support: list[dict[str, Any] | None], each: list[int], counted: int
) -> None:
    await walk.open()
    await walk.do(CHEN_HONG, "write", application=with_sons(*support))
    found = await means_of(walk)
    assert [e["owed_fen_yearly"] for e in found["supporters"]] == each
    assert values(found, "declared")["means_support_fen_yearly"] == counted
    assert values(found, "declared")["means_income_fen_yearly"] == counted


async def test_support_says_what_its_basis_asks_and_is_of_who_lives_elsewhere(walk: Walk) -> None:
    await walk.open()
    for wrong in ({"basis": "reckoned", "agreed_fen_yearly": 1}, {"basis": "agreed"}):
        answer = await walk.ask(CHEN_HONG, "write", application=with_sons(wrong))
        assert answer.status_code == 422, answer.text
    said = with_sons(None)
    said["members"][0]["support"] = RECKONED
    assert (await walk.ask(CHEN_HONG, "write", application=said)).status_code == 422


async def test_a_son_who_signs_is_compared_too_and_one_who_does_not_holds_up_nothing(
    walk: Walk,
) -> None:
    await seen(walk, 2 * OWED, RECKONED, RECKONED)
    await walk.letter("son0")
    asked = await post(walk.register, f"{walk.path}/verification", WANG_FANG)
    assert asked.status_code == 201, asked.text
    _, rows = await fetched(walk.register, "verification-request")
    assert [each["name"] for each in rows] == ["李伟", "李大"]


async def test_who_cannot_support_is_shown_by_a_paper_before_anything_is_granted(
    walk: Walk,
) -> None:
    await seen(walk, OWED, {"basis": "unable", "unable": "without-capacity"}, RECKONED)
    await walk.compare()
    words: dict[str, Any] = {"reasons": "符合条件", "income_fen_monthly": 50_000}
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", **words)
    assert answer.json()["needs"] == ["support-proven"]
    await walk.paper(WANG_FANG, "support-proof", JPEG + b"prison", of_person="son0")
    assert (await walk.do(ZHANG_LI, "propose", opinion="grant", **words))["state"] == "to-post"


@pytest.mark.parametrize(
    ("income_fen_yearly", "owes"),
    [(0, 0), (456_100, 20), (1_055_500, 119_900)],
    ids=["nothing", "a few fen", "under the floor"],
)
async def test_who_is_reckoned_to_owe_next_to_nothing_lets_it_be_looked_up_or_shows_it(
    walk: Walk, income_fen_yearly: int, owes: int
) -> None:
    poor = {**RECKONED, "household_members": 1, "income_fen_yearly": income_fen_yearly}
    yearly = OWED + 2 * owes
    await seen(walk, yearly, poor, poor, RECKONED)
    await walk.letter("son0")
    await walk.compare()
    words: dict[str, Any] = {"reasons": "符合条件", "income_fen_monthly": -(-yearly // 12)}
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", **words)
    assert answer.json()["needs"] == ["support-proven"]
    await walk.paper(WANG_FANG, "support-proof", JPEG + b"poor", of_person="son1")
    assert (await walk.do(ZHANG_LI, "propose", opinion="grant", **words))["state"] == "to-post"


async def test_a_place_says_how_little_is_owed_as_support_that_a_paper_has_to_show(
    walk: Walk,
) -> None:
    sets(walk.register, f"support_shown_below_fen_yearly: {OWED + 1}")
    await seen(walk, OWED, RECKONED)
    await walk.compare()
    words: dict[str, Any] = {"reasons": "符合条件", "income_fen_monthly": 50_000}
    answer = await walk.ask(ZHANG_LI, "propose", opinion="grant", **words)
    assert answer.json()["needs"] == ["support-proven"]
    sets(walk.register, f"support_shown_below_fen_yearly: {OWED}")
    assert (await walk.do(ZHANG_LI, "propose", opinion="grant", **words))["state"] == "to-post"
