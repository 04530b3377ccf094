"""A whole run of the tests is judged by the moves they did."""

from typing import Final

import pytest

from services.identification.casework.paths import all_paths
from tests.identification.moves.gathering import OPTION, Move
from tests.identification.moves.judging import (
    ELSEWHERE,
    acts_of,
    all_tables,
    ends_of,
    judged,
    not_done,
    not_said,
)

LAPSED: Final = Move("dibao", "lapse", "papers-wanted", "lapsed")


def test_an_act_that_no_test_does_is_named_by_each_state_it_leads_to() -> None:
    dibao = all_paths()["dibao"]
    left = not_done("dibao", dibao, {LAPSED})
    assert {"write", "propose → to-post", "propose → confirming"} <= set(left)
    assert "lapse → lapsed" not in left
    for other in (LAPSED._replace(table="edge"), LAPSED._replace(after="submitted")):
        assert "lapse → lapsed" in not_done("dibao", dibao, {other})


def test_what_is_done_and_no_table_says_is_named() -> None:
    strange = [
        LAPSED._replace(before="draft"),
        LAPSED._replace(after="submitted"),
        LAPSED._replace(act="shout"),
    ]
    assert not_said("dibao", all_paths()["dibao"], {LAPSED, *strange}) == [
        "lapse: draft → lapsed",
        "lapse: papers-wanted → submitted",
        "shout: papers-wanted → lapsed",
    ]


def test_where_every_move_was_done_nothing_is_wrong() -> None:
    tables = all_tables()
    done = {
        Move(name, act.name, before, after)
        for name, table in tables.items()
        for act in acts_of(table)
        for before in act.sources
        for after in ends_of(act) or {before}
    }
    by_another = {LAPSED._replace(act=act) for act in ELSEWHERE}
    assert judged(tables, done | by_another) == []
    assert judged(tables, done) == [f"from elsewhere: no test does {'; '.join(sorted(ELSEWHERE))}"]


@pytest.mark.parametrize(("said", "fails"), [((), False), ((OPTION,), True)])
@pytest.mark.parametrize("passes", [True, False])
def test_a_whole_run_that_does_too_little_fails_and_says_what_lacks(
    pytester: pytest.Pytester, said: tuple[str, ...], *, fails: bool, passes: bool
) -> None:
    pytester.makepyfile(f"def test_nothing() -> None: assert {passes}")
    without = (f"-pno:{each}" for each in ("hypothesispytest", "asyncio", "xdist"))
    run = pytester.runpytest("-p", "tests.identification.moves.gathering", *without, *said)
    run.assert_outcomes(passed=passes, failed=not passes)
    fails_then = fails or not passes
    assert run.ret == (pytest.ExitCode.TESTS_FAILED if fails_then else pytest.ExitCode.OK)
    assert ("dibao: no test does" in run.stdout.str()) is fails
