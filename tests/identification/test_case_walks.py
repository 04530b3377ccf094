"""Random hands do random acts: what is lawful happens, what is not changes nothing."""

from collections.abc import Mapping, Set
from random import Random
from typing import Any, Final
from uuid import uuid4

import pytest

from services.identification.casework.paths import CasePath, all_paths
from services.identification.grammar.acts import Act, Field
from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    SUN_LEI,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    a_known_household,
    an_application,
    later,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register

STEPS: Final = 60
CAST: Final = (CHEN_HONG, WANG_FANG, LIU_QIANG, ZHANG_LI, HE_JUN, SUN_LEI, ZHAO_MIN)
_SEEN: Final = {"submit", "accept", "finish-survey", "finish-comparison", "confirm"}
NOT_SKIPPED: Final[Mapping[str, tuple[str, Set[str]]]] = {
    "dibao": ("granted", _SEEN),
    "single-person": ("granted", _SEEN),
    "edge": ("granted", _SEEN),
    "rigid-spending": ("granted", _SEEN),
    "tekun": ("granted", _SEEN),
    "children": ("granted", {"submit", "accept", "check-child", "confirm"}),
    "disability": ("granted", {"submit"}),
    "old-age": ("granted", {"submit", "accept", "confirm"}),
    "temporary": ("aided", {"report", "accept", "propose", "complete-papers", "confirm"}),
    "change": ("changed", {"submit", "propose", "confirm"}),
}
"""What leads to a grant, and the acts without which no way of the table comes there."""
REFUSALS: Final = {403, 404, 409, 422}


@pytest.mark.parametrize("category", sorted(all_paths()))
@pytest.mark.parametrize("seed", range(2))
async def test_only_what_the_table_allows_ever_happens(
    register: Register, seed: int, category: str
) -> None:
    chance = Random(seed)  # noqa: S311  # Nothing is kept secret by it.
    path = all_paths()[category]
    known: dict[str, Any] = {}
    if path.about_household:
        known["household_id"] = await a_known_household(register)
    if path.about_case:
        known["about_case_id"] = (await Walk(register).refused()).case["case_id"]
    walk = await Walk(register).open(category=category, **known)
    surveys: list[str] = []
    states = {walk.case["state"]}
    for _ in range(STEPS):
        state = walk.case["state"]
        if path.states[state].ends and chance.random() < 0.7:
            break
        act = _some_act(chance, path, state)
        by = _somebody(chance, act)
        words = {
            name: await _word(chance, walk, each, surveys)
            for name, each in act.fields.items()
            if name != "complaint"
        }
        answer = await walk.ask(by, act.name, **words)
        lawful = state in act.sources and by.scopes & act.scopes and by is not ZHAO_MIN
        if answer.status_code == 200:
            assert lawful, f"{by.person} did {act.name} at {state}"
            before, walk.case = walk.case, answer.json()
            assert walk.case["version"] == before["version"] + 1
            ends = set(act.way.ends()) if act.way else {state}
            assert walk.case["state"] in ends
            states.add(walk.case["state"])
        else:
            assert answer.status_code in REFUSALS, answer.text
            now = (await register.get(walk.path, WANG_FANG)).json()
            assert now["version"] == walk.case["version"], "a refusal changed the case"
        if chance.random() < 0.15:
            later(register, chance.randrange(1, 9))
    history = (await register.get(walk.path, WANG_FANG)).json()["history"]
    stood = path.begins
    for each in history:
        assert each["from"] == stood
        stood = each["to"]
    assert stood == walk.case["state"]
    assert states <= path.states.keys()


@pytest.mark.parametrize("category", sorted(all_paths()))
def test_every_state_of_the_table_can_be_reached(category: str) -> None:
    path = all_paths()[category]
    assert _reached(path) == path.states.keys()


@pytest.mark.parametrize("category", sorted(NOT_SKIPPED))
def test_nothing_is_granted_by_a_way_that_leaves_something_out(category: str) -> None:
    path, (granted, asked) = all_paths()[category], NOT_SKIPPED[category]
    skipped = [act for act in sorted(asked) if granted in _reached(path, without=act)]
    assert not skipped, f"{category} is {granted} without {skipped}"


def _reached(path: CasePath, without: str = "") -> set[str]:
    """The states that acts lead to, where one is never done."""
    reached, fresh = {path.begins}, {path.begins}
    acts = [act for act in path.acts.values() if act.way and act.name != without]
    while fresh:
        ways = [act.way for act in acts if act.way and act.sources & fresh]
        fresh = {state for way in ways for state in way.ends()} - reached
        reached |= fresh
    return reached


def _some_act(chance: Random, path: CasePath, state: str) -> Act:
    """Mostly an act of this state, for a walk should get on; sometimes any."""
    acts = path.acts_from(state) if chance.random() < 0.8 else list(path.acts.values())
    acts = acts or list(path.acts.values())
    # A case that is withdrawn at every fifth step never sees the county.
    kept = [act for act in acts if act.name != "withdraw" or chance.random() < 0.1]
    return chance.choice(kept or acts)


def _somebody(chance: Random, act: Act) -> Caller:
    fitting = [each for each in CAST if each.scopes & act.scopes and each is not ZHAO_MIN]
    return chance.choice(fitting if chance.random() < 0.8 else list(CAST))


def _some_member(chance: Random, walk: Walk) -> str:
    people = walk.case.get("application", {}).get("members", [])
    return str(chance.choice(people)["key"]) if people else "head"


async def _word(chance: Random, walk: Walk, asked: Field, surveys: list[str]) -> Any:
    """A word of the type that is asked for; seldom one that is not."""
    if chance.random() < 0.05:
        return chance.choice([None, "", -1, "x" * 5000, [], {"a": 1}, "2026-02-30"])
    today = walk.register.app.state.clock.today().isoformat()
    if asked.type == "id":
        if not surveys or chance.random() < 0.3:
            surveys.append(str(uuid4()))
        return surveys[-1]
    if asked.type == "document":
        kind = asked.kind or "other"
        return walk.papers.get(kind) or await walk.paper(WANG_FANG, kind, JPEG + kind.encode())
    plain = {
        "application": an_application(),
        "account": "he-jun",
        "area": VILLAGE,
        "text": "情况属实",
        "lines": ["一条", "两条"],
        "date": today,
        "means": {"household": {"paddy_hundredths": chance.randrange(900)}},
        "month": today[:7],
        "fen": chance.randrange(50_000),
        "count": chance.randrange(1, 30),
        "flag": chance.random() < 0.5,
        "person": _some_member(chance, walk),
        "people": [_some_member(chance, walk) for _ in range(3)],
        "id-number": id_number(chance.randrange(3, 9)),
    }
    return plain[asked.type] if asked.type in plain else chance.choice(list(asked.choices))
