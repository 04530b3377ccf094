"""Random hands move entries of every register: only what is lawful changes anything."""

from random import Random
from typing import Any, Final

import pytest

from services.identification.grammar.acts import Act, Field
from services.identification.registers.tables import RegisterTable, all_registers
from shared.callers import Caller
from tests.identification.caseworkers import a_known_household, later
from tests.identification.ledgers import CAST, GAO_FEI, MA_CHAO, Ledger
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register

STEPS: Final = 10
REFUSALS: Final = {403, 404, 409, 422}


@pytest.mark.parametrize("kind", sorted(all_registers()))
async def test_only_what_its_table_allows_ever_happens(register: Register, kind: str) -> None:
    chance = Random(kind)  # noqa: S311  # Nothing is kept secret by it.
    table = all_registers()[kind]
    ledger = Ledger(register, kind)
    about = table.about[0]
    which = {
        "household": "h-1",
        "person": id_number(1),
        "village": VILLAGE,
        "unit": "青龙镇人民政府",
        "nothing": None,
    }
    if about in {"household", "person"}:
        await a_known_household(register)
    first = {
        name: _word(register, chance, each, 0.0)
        for name, each in table.opens.fields.items()
        if name not in table.against
    }
    await ledger.open(GAO_FEI, about=(about, which[about]), **first)
    await ledger.look(GAO_FEI)
    paper = await ledger.paper(GAO_FEI) if ledger.entry["acts"] else ""
    for _ in range(STEPS):
        state = ledger.entry["state"]
        act = _some_act(chance, table, state)
        by = chance.choice(CAST)
        words = {
            name: _word(register, chance, each, 0.05) if each.type != "paper" else paper
            for name, each in act.fields.items()
            if name not in table.against
        }
        answer = await ledger.ask(by, act.name, **words)
        there = by.scopes & table.read and (by != MA_CHAO or _is_theirs(ledger, by))
        lawful = state in act.sources and by.scopes & act.scopes and there
        if answer.status_code == 200:
            assert lawful, f"{by.person} did {act.name} at {state}"
            before, ledger.entry = ledger.entry, answer.json()
            assert ledger.entry["version"] == before["version"] + 1
            assert ledger.entry["state"] in (set(act.way.ends()) if act.way else {state})
        else:
            assert answer.status_code in REFUSALS, answer.text
            now = (await register.get(ledger.path, GAO_FEI)).json()
            assert now["version"] == ledger.entry["version"], "a refusal changed the entry"
        if chance.random() < 0.1:
            later(register, chance.randrange(1, 9))
    history = (await ledger.look(GAO_FEI))["history"]
    stood = table.begins
    for each in history:
        assert each["from"] == stood
        stood = each["to"]
    assert stood == ledger.entry["state"]


def _is_theirs(ledger: Ledger, by: Caller) -> bool:
    """Whoever an entry was handed to may know of it, of whatever area they are."""
    return bool(ledger.entry["owner"] == by.subject)


def _some_act(chance: Random, table: RegisterTable, state: str) -> Act:
    """Mostly an act of this state, for a walk should get on; sometimes any."""
    here = table.acts_from(state) if chance.random() < 0.8 else []
    return chance.choice(here or list(table.acts.values()))


def _word(register: Register, chance: Random, asked: Field, wrong: float) -> Any:
    """A word of the type that is asked for; seldom one that is not."""
    if chance.random() < wrong:
        return chance.choice([None, "", -1, "x" * 5000, [], {"a": 1}, "2026-02-30"])
    if asked.name == "year":
        return 2026
    today = register.app.state.clock.today().isoformat()
    cast: list[Caller] = [*CAST]
    plain = {
        "account": chance.choice(cast).person,
        "area": VILLAGE[:9],
        "id-number": id_number(1),
        "text": "情况属实",
        "lines": ["一条", "两条"],
        "date": today,
        "month": today[:7],
        "fen": chance.randrange(50_000),
        "count": chance.randrange(1, 30),
        "flag": chance.random() < 0.5,
    }
    return plain[asked.type] if asked.type in plain else chance.choice(list(asked.choices))
