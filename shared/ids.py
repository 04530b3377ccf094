"""Opaque ids in the order of their making."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7: says nothing of what it names, and keeps indexes small."""
    return UUID(int=uuid_utils.uuid7().int)
