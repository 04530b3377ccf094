"""Corrections 补发与追回: what past periods were paid too little or too much."""

from policies.arithmetic import part_of
from policies.marks import household


@household(source="feixi-park-plan DB-01")
def correction_arrears_fen_per_period(
    correction_due_fen_per_period: int, correction_paid_fen_per_period: int
) -> int:
    """What one period was paid too little."""
    return max(correction_due_fen_per_period - correction_paid_fen_per_period, 0)


@household(source="feixi-park-plan DB-01")
def correction_arrears_fen(
    correction_arrears_fen_per_period: int, correction_periods_count: int
) -> int:
    """The arrears: what was paid too little, for each whole period since the change."""
    return correction_arrears_fen_per_period * correction_periods_count


@household(source="feixi-park-plan DB-07")
def recovery_fen(
    correction_paid_fen_per_period: int,
    correction_due_fen_per_period: int,
    correction_periods_count: int,
) -> int:
    """What was paid too much and is asked back, for each of its periods."""
    excess = max(correction_paid_fen_per_period - correction_due_fen_per_period, 0)
    return excess * correction_periods_count


@household(source="feixi-park-plan DB-07")
def recovery_left_fen(recovery_fen: int, recovery_received_fen: int) -> int:
    """What is still to be given back."""
    return max(recovery_fen - recovery_received_fen, 0)


@household(source="practice recovery by instalments")
def recovery_instalment_fen(
    recovery_fen: int, recovery_instalments_count: int, recovery_instalment_place: int
) -> int:
    """One instalment of what is asked back, the remainder with the last."""
    return part_of(recovery_fen, recovery_instalments_count, recovery_instalment_place)


@household(source="practice a recovery is a proposal until decided")
def recovery_offset_fen(
    recovery_offset_agreed: int,
    recovery_instalment_fen: int,
    recovery_left_fen: int,
    recovery_next_award_fen: int,
) -> int:
    """What may be kept back from the next payment: nothing without consent or a decision."""
    if recovery_offset_agreed == 0:
        return 0
    return min(recovery_instalment_fen, recovery_left_fen, recovery_next_award_fen)
