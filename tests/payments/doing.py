"""One act of payments in a process of its own, so that a test can have it killed in the middle.

`python -m tests.payments.doing` reads one JSON document from standard input: the settings, the act,
and what it needs.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from services.payments import app, orders, payout_files, results
from services.payments.results import Received
from services.payments.settings import Settings
from shared.callers import Caller, Kind
from shared.calls import Peer
from shared.contracts.benefits import RunClosed
from tests.payments.county import Benefits, a_bank


async def do(words: dict[str, Any]) -> None:
    """Stand the process up, without a bus, and do the act."""
    settings = Settings(**words["settings"])
    built = app.build(settings)
    context, desk = built.state.context, built.state.desk
    now = context.clock.now()
    if words["act"] == "take in":
        event = RunClosed.model_validate(words["event"])
        benefits = Benefits(lines={str(event.run_id): words["lines"]})
        own = Caller("payments", Kind.SERVICE, settings.county)
        context.peers["benefits"] = Peer("", "benefits", built.state.signer, own, benefits.client())
        await orders.take_in(context, event)
    elif words["act"] == "publish":
        await payout_files.publish_released(
            context.database, settings.county, desk, settings.files_dir, now
        )
    else:
        came = Received("qsrcc", "result.txt", Path(words["file"]).read_bytes())  # noqa: ASYNC240 # Nobody else waits here.
        bank = a_bank("qsrcc")
        await results.receive(context.database, desk, settings.files_dir, bank, came, now)


if __name__ == "__main__":
    asyncio.run(do(json.load(sys.stdin)))
