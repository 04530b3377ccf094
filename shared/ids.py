"""Opaque ids in the order of their making."""

import os
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7: says nothing of what it names, and keeps indexes small."""
    return UUID(int=uuid_utils.uuid7().int)


def new_ids(count: int) -> list[str]:
    """As many at once, as texts in their order: of one instant, so that making them is cheap."""
    instant, chance = new_id().hex[:12], os.urandom(10 * count)
    rest = sorted(chance[at : at + 10].hex() for at in range(0, len(chance), 10))
    head, variants = f"{instant[:8]}-{instant[8:]}-7", {f"{n:x}": "89ab"[n & 3] for n in range(16)}
    return [f"{head}{each[:3]}-{variants[each[3]]}{each[4:7]}-{each[7:19]}" for each in rest]
