"""The carrier as the sender sees it: mostly there, sometimes away, never in anybody's way.

After a connection ended or a text was refused the carrier is *doubtful*: one text is offered alone,
and only its good answer opens the whole window again. So a centre that swallows texts without
answering costs at most one second telling a try, however many are waiting.
"""

import asyncio
from typing import Final

from prometheus_client import Counter, Gauge

from services.notifications.channels import Answer, Keep, Standing, Text
from services.notifications.channels.sms.session import Account, CarrierAway, Session
from shared import telemetry

PAUSE_SECONDS_FIRST: Final = 0.5
PAUSE_SECONDS_MAX: Final = 30.0

CONNECTED: Final = Gauge("doudi_sms_connected", "Whether the SMS centre is bound")
ANSWERS: Final = Counter(
    "doudi_sms_answers_total", "Texts offered, by what came of it", ["standing"]
)


class SmsCarrier:
    """One account at one SMS centre, connected as long as `run_forever` runs."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._session: Session | None = None
        self._doubtful = True
        self._offered = 0
        self._resume_at = 0.0
        self._pause_seconds = PAUSE_SECONDS_FIRST
        self._away_since: float | None = asyncio.get_running_loop().time()
        self._turn = asyncio.Condition()

    def room(self, *, urgent: bool) -> int:
        """How many more texts it would take at this moment; 0 while it is away."""
        if self._session is None or self._session.over or self._waits() > 0:
            return 0
        limit = 1 if self._doubtful else self._account.window
        if not urgent and not self._doubtful:
            limit -= self._account.reserved
        return max(limit - self._offered, 0)

    def away_seconds(self) -> float:
        """For how long it has been away; 0 while it is there."""
        if self._away_since is None:
            return 0.0
        return asyncio.get_running_loop().time() - self._away_since

    async def wait_for_room(self, *, urgent: bool) -> None:
        """Return when there may be room again."""
        async with self._turn:
            try:
                async with asyncio.timeout(max(self._waits(), 1.0)):
                    await self._turn.wait_for(lambda: self.room(urgent=urgent) > 0)
            except TimeoutError:
                return

    async def send(self, text: Text) -> Answer:
        """Offer one text and say what came of it. Never raises for what the carrier does."""
        session = self._session
        if session is None or not self.room(urgent=text.urgent):
            return Answer(Standing.NOT_OFFERED)
        self._offered += 1
        try:
            answer = await session.submit(text)
        finally:
            self._offered -= 1
        ANSWERS.labels(answer.standing.value).inc()
        if session is self._session:
            self._learn(answer.standing)
        await self._tell_waiters()
        return answer

    async def run_forever(self, keep: Keep) -> None:
        """Stay connected, and hand on receipts, until cancelled."""
        retry_seconds = PAUSE_SECONDS_FIRST
        while True:
            try:
                self._session = await Session.bind(self._account, keep)
                retry_seconds = PAUSE_SECONDS_FIRST
                self._doubtful = True
                self._away_since = None
                CONNECTED.set(1)
                telemetry.log.info("sms-centre-bound")
                await self._tell_waiters()
                await self._session.run()
            except CarrierAway as away:
                telemetry.log.warning("sms-centre-away", because=str(away))
            finally:
                CONNECTED.set(0)
                if self._session is not None:
                    self._away_since = asyncio.get_running_loop().time()
                    await self._session.close()
                    self._session = None
            await asyncio.sleep(retry_seconds)
            retry_seconds = min(retry_seconds * 2, PAUSE_SECONDS_MAX)

    def _learn(self, standing: Standing) -> None:
        if standing in (Standing.TAKEN, Standing.NEVER):
            self._doubtful = False
            self._pause_seconds = PAUSE_SECONDS_FIRST
        elif standing is Standing.NOT_NOW and self._waits() <= 0:
            self._doubtful = True
            self._resume_at = asyncio.get_running_loop().time() + self._pause_seconds
            self._pause_seconds = min(self._pause_seconds * 2, PAUSE_SECONDS_MAX)

    def _waits(self) -> float:
        return self._resume_at - asyncio.get_running_loop().time()

    async def _tell_waiters(self) -> None:
        async with self._turn:
            self._turn.notify_all()
