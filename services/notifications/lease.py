"""One sender at a time for a county: its token grows with every taking, and moves nothing once old.

The lease is counted by the database's clock. A sender that was stopped for a while and wakes up
finds its token outgrown, and whatever it still wanted to write is refused.
"""

from typing import Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database import run

SECONDS: Final = 8
RENEW_SECONDS: Final = 2


async def take(session: AsyncSession, county: str) -> int | None:
    """A new token, or None while another sender's lease runs."""
    taken = await run(session, _TAKE, {"county": county, "seconds": SECONDS})
    token: int | None = taken.scalar_one_or_none()
    return token


async def renew(session: AsyncSession, county: str, token: int) -> bool:
    """Hold it longer; False when somebody else has taken it."""
    words = {"county": county, "token": token, "seconds": SECONDS}
    return (await run(session, _RENEW, words)).rowcount == 1


async def release(session: AsyncSession, county: str, token: int) -> None:
    """Let the next one in at once."""
    await run(session, _RENEW, {"county": county, "token": token, "seconds": 0})


_TAKE: Final = text(
    """
    INSERT INTO sender (county, token, until)
    VALUES (:county, 1, now() + :seconds * interval '1 second')
    ON CONFLICT (county) DO UPDATE SET token = sender.token + 1, until = excluded.until
    WHERE sender.until <= now()
    RETURNING token
    """
)

_RENEW: Final = text(
    """
    UPDATE sender SET until = now() + :seconds * interval '1 second'
    WHERE county = :county AND token = :token
    """
)
