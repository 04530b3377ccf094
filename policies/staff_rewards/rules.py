"""Rewards of helpers 帮扶人员奖励: once, in a model unit, or for the first out of poverty."""

from policies.arithmetic import Table
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="forestry-union-summary RW-01")
def staff_reward_decided(on_staff_reward: int) -> int:
    """A reward was granted to this helper."""
    return on_staff_reward


@must_be(at_least=1)
@person(source="forestry-union-summary RW-01")
def staff_reward_ground(helping_unit_is_model: int, helped_first_out: int) -> int:
    """The helper's unit is a model, or the helped household left poverty first."""
    return max(helping_unit_is_model, helped_first_out)


@person(source="forestry-union-summary RW-01")
def staff_model_reward_fen(
    helping_unit_is_model: int, staff_model_fen: Table, helping_role: int
) -> int:
    """What a model unit brings its chief or its deputy."""
    return staff_model_fen[helping_role] if helping_unit_is_model == 1 else 0


@person(source="forestry-union-summary RW-02")
def staff_first_out_reward_fen(helped_first_out: int, staff_first_out_fen: int) -> int:
    """What the first household out of poverty brings its helper."""
    return staff_first_out_fen if helped_first_out == 1 else 0


@award
@person(source="forestry-union-summary RW-01")
def staff_reward_award_fen(staff_model_reward_fen: int, staff_first_out_reward_fen: int) -> int:
    """The helper's reward, on both grounds."""
    return staff_model_reward_fen + staff_first_out_reward_fen
