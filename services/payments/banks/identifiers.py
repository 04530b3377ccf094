"""The references by which a payment and a file are found again at a bank, 35 characters at most."""

import re
from typing import Final
from uuid import UUID

ATTEMPTS_MAX: Final = 99

_REFERENCE = re.compile(r"([0-9a-f]{32})-([0-9]{2})")


def end_to_end_id(transfer_id: UUID, attempt: int) -> str:
    """How a transfer's attempt is known at the bank: 32 hex digits, a dash, the attempt."""
    return _reference(transfer_id, attempt)


def batch_number(envelope_id: UUID, attempt: int) -> str:
    """How a file is known at the bank (MsgId, batch number): the same form, of the envelope."""
    return _reference(envelope_id, attempt)


def read_reference(text: str) -> tuple[UUID, int] | None:
    """The id and attempt in a reference we made; None for anything else."""
    match = _REFERENCE.fullmatch(text)
    return (UUID(match[1]), int(match[2])) if match else None


def _reference(identity: UUID, attempt: int) -> str:
    if not 1 <= attempt <= ATTEMPTS_MAX:
        raise ValueError(f"an attempt is 1 to {ATTEMPTS_MAX}, not {attempt}")
    return f"{identity.hex}-{attempt:02d}"
