"""What is at hand in one request: database, keys, what the place sets, who asks, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.place_settings import PlaceSettings
from shared import audit
from shared.callers import Caller
from shared.calls import Peer
from shared.secrets import KeyRing


@dataclass(frozen=True)
class Desk:
    """What casework and registers work with in one request."""

    session: AsyncSession
    keys: KeyRing
    settings: PlaceSettings
    caller: Caller
    now: datetime
    today: date
    payments: Peer | None = None
    """Who alone keeps accounts; none where none is brought."""
    villages: Mapping[str, str] = field(default_factory=dict)
    """The villages of the county by code, each with its township as they are called."""

    benefits: Peer | None = None
    """Who alone reckons sums; none where none is asked."""
    files_dir: Path | None = None
    """Where sealed files lie; none where none is read."""

    async def note(self, act: str, subject: str, details: Mapping[str, Any] | None = None) -> None:
        """Write down on the audit chain what the caller did, with details; call it last."""
        await audit.record(
            self.session,
            self.caller.county,
            actor=self.caller.subject,
            act=act,
            subject=subject,
            details=details,
        )
