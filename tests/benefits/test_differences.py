"""Owed less granted, whatever came before."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.benefits import differences
from services.benefits.differences import Before, Numbering

FEN = st.integers(min_value=0, max_value=10_000_000)


def before(granted_fen: int, proposed_fen: int) -> Before:
    """What stood before, twice moved."""
    return Before("household", "h", "511425100201", "2081902", granted_fen, proposed_fen, 2)


@given(owed_fen=FEN, granted_fen=FEN, recovered=st.integers(min_value=0, max_value=100))
def test_what_stands_afterwards_is_what_is_owed(
    owed_fen: int, granted_fen: int, recovered: int
) -> None:
    proposed_fen = -(granted_fen * recovered // 100)
    found = differences.find(owed_fen, before(granted_fen, proposed_fen))
    if found is None:
        assert granted_fen + proposed_fen == owed_fen
        return
    assert granted_fen + found.line_fen + proposed_fen + found.recovery_fen == owed_fen
    assert found.line_fen >= 0
    assert proposed_fen + found.recovery_fen <= 0
    assert found.number == 3


@given(owed_fen=FEN, granted_fen=FEN)
def test_a_recovery_is_never_netted_against_a_line(owed_fen: int, granted_fen: int) -> None:
    found = differences.find(owed_fen, before(granted_fen, 0))
    assert found is None or (found.line_fen > 0) != (found.recovery_fen < 0)


@given(owed_fen=FEN, granted_fen=FEN)
def test_a_difference_found_twice_is_found_once(owed_fen: int, granted_fen: int) -> None:
    found = differences.find(owed_fen, before(granted_fen, 0))
    if found is not None:
        after = before(granted_fen + found.line_fen, found.recovery_fen)
        assert differences.find(owed_fen, after) is None


def test_the_first_sum_of_a_month_is_its_first_difference() -> None:
    found = differences.find(19000, None)
    assert found == differences.Found(1, 19000, 0)
    assert differences.find(0, None) is None


def test_what_is_owed_after_all_takes_the_proposal_back_before_it_pays() -> None:
    found = differences.find(21000, before(19000, -19000))
    assert found == differences.Found(3, 2000, 19000)


def test_ids_stand_in_the_order_of_the_list_and_differ_by_run_and_attempt() -> None:
    run_id = uuid4()
    ids = [Numbering(run_id, 1).at(place) for place in (0, 1, 255, 256, 70000)]
    assert ids == sorted(ids)
    assert all(each.version == 8 for each in ids)
    assert ids == [Numbering(run_id, 1).at(place) for place in (0, 1, 255, 256, 70000)]
    others = {Numbering(run_id, 2).at(0), Numbering(uuid4(), 1).at(0), ids[0]}
    assert len(others) == 3
