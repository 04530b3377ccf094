"""A whole run fails where no test does an act of a table, or comes by it to a state it leads to;
and where something was done that no table says."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import Final

import pytest

from services.identification import disputes
from services.identification.casework.decisions import endings, fading, moving_home
from services.identification.casework.needs.temporary import CAME_BACK
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import REPLACED
from services.identification.casework.visits import SET_ASIDE
from services.identification.comparison.kinds import read_kinds
from services.identification.grammar.acts import Act, Table
from services.identification.registers.tables import RegisterTable, all_registers
from tests.identification.moves.gathering import ALERT, DONE, Move

ELSEWHERE: Final = {
    SET_ASIDE, REPLACED, endings.LAPSED, fading.GOES_ON, moving_home.MOVE, CAME_BACK,
    disputes.CAME_BACK,
}  # fmt: skip
"""What another case or payments does to a case or an alert: no table says where that leads."""
_SAID: Final = pytest.StashKey[list[str]]()


def all_tables() -> Mapping[str, Table]:
    """Every table of acts, by its name."""
    return {**all_paths(), **all_registers(), ALERT: read_kinds().path}


def judged(tables: Mapping[str, Table], done: Set[Move]) -> list[str]:
    """What is wrong with all that was done, by table; nothing where every move was."""
    wrong = []
    for name, table in tables.items():
        wrong += [(name, "no test does", not_done(name, table, done))]
        wrong += [(name, "its table does not say", not_said(name, table, done))]
    by_another = {each.act for each in done if each.act not in tables[each.table].acts}
    wrong += [("from elsewhere", "no test does", sorted(ELSEWHERE - by_another))]
    return [f"{name}: {what} {'; '.join(moves)}" for name, what, moves in wrong if moves]


def counted(tables: Mapping[str, Table], done: Set[Move]) -> str:
    """How many acts there are and were done; and from how many of the states each stands in."""
    acts = {(name, act.name) for name, table in tables.items() for act in acts_of(table)}
    places = {
        (name, act.name, state)
        for name, table in tables.items()
        for act in acts_of(table)
        for state in act.sources
    }
    acted = acts & {(each.table, each.act) for each in done}
    from_there = places & {(each.table, each.act, each.before) for each in done}
    return (
        f"tests did {len(acted)} of {len(acts)} acts of {len(tables)} tables,"
        f" from {len(from_there)} of the {len(places)} states they stand in"
    )


def not_done(name: str, table: Table, done: Set[Move]) -> list[str]:
    """Each act of a table that no test did; and each state that no test came to by it."""
    led = {(each.act, each.after) for each in done if each.table == name}
    acted = {act for act, _ in led}
    return [
        f"{act.name} → {end}" if end else act.name
        for act in acts_of(table)
        for end in sorted(ends_of(act)) or [""]
        if ((act.name, end) not in led if end else act.name not in acted)
    ]


def not_said(name: str, table: Table, done: Set[Move]) -> list[str]:
    """Each move that was done, and that the table does not say."""
    acts = {act.name: act for act in acts_of(table)}
    return [
        f"{act}: {before} → {after}"
        for of, act, before, after in sorted(done)
        if of == name and not _is_said(acts.get(act), act, before, after)
    ]


def _is_said(act: Act | None, name: str, before: str, after: str) -> bool:
    if act is None:
        return name in ELSEWHERE
    return before in act.sources and after in (ends_of(act) or {before})


def acts_of(table: Table) -> Iterator[Act]:
    """Every act of a table, and the one an entry of a register begins with."""
    if isinstance(table, RegisterTable):
        yield replace(table.opens, sources=frozenset({table.begins}))
    yield from table.acts.values()


def ends_of(act: Act) -> set[str]:
    """The states an act leads to; none where it leaves a thing where it stands."""
    return set(act.way.ends()) if act.way else set()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """What was done is judged once every test has run; one that failed may lack its moves."""
    if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        return
    tables, done = all_tables(), session.config.stash[DONE]
    wrong = judged(tables, done)
    session.config.stash[_SAID] = [counted(tables, done), *wrong]
    if wrong:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash.get(_SAID, []):
        terminalreporter.write_line(line)
