"""Every move that a test does is known at the end of the run, as lines of code that were covered.

A *move* is one act done: to something of which table, from which state, to which. Moves are read
from the rows of a test's database before it is emptied; a worker hands over what its tests did.
With `--every-move`, as `make test` says it, they are judged (judging.py).
"""

from typing import Any, Final, NamedTuple

import psycopg
import pytest

from tests.trial import TrialDatabase

OPTION: Final = "--every-move"
ALERT: Final = "alert"
"""What the one table of alerts is called here."""
_HANDED_OVER: Final = "moves"
_ROWS: Final = f"""
    SELECT DISTINCT category, act, from_state, to_state
    FROM case_act JOIN case_file ON case_file.id = case_id
    UNION
    SELECT DISTINCT kind, act, from_state, to_state
    FROM register_act JOIN register_entry ON register_entry.id = entry_id
    UNION
    SELECT DISTINCT '{ALERT}', act, from_state, to_state FROM alert_act
"""  # noqa: S608  # A word of ours.


class Move(NamedTuple):
    """One act done to something of a table, from a state to a state."""

    table: str
    act: str
    before: str
    after: str


DONE: Final = pytest.StashKey[set[Move]]()


def gather(config: pytest.Config, database: TrialDatabase) -> None:
    """Keep what was done in a database, before it is emptied."""
    with psycopg.connect(database.owner_url) as owner:
        config.stash[DONE].update(Move(*row) for row in owner.execute(_ROWS))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, action="store_true", help="fail where no test does a move")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[DONE] = set()
    if config.getoption(OPTION) and not hasattr(config, "workerinput"):
        config.pluginmanager.import_plugin("tests.identification.moves.judging")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what its tests did."""
    if hasattr(session.config, "workeroutput"):
        handed_over = [tuple(each) for each in session.config.stash[DONE]]
        session.config.workeroutput[_HANDED_OVER] = handed_over


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker's tests did is known here."""
    handed_over = getattr(node, "workeroutput", {}).get(_HANDED_OVER, [])
    node.config.stash[DONE].update(Move(*each) for each in handed_over)
