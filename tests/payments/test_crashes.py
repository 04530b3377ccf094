"""Killed at a named point and done again, an act leaves the month as if nothing had happened."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from services.payments import orders, payout_files
from shared import crash_points
from tests.payments.answers import CLOSED, answer_to, rows_of
from tests.payments.county import CountyPayments
from tests.payments.makers import a_line, an_account

ROOT = Path(__file__).resolve().parents[2]
FEN = 58600


async def killed_at(payments: CountyPayments, point: str, act: str, **words: Any) -> None:
    """Do an act in a process of its own, which ends itself with SIGKILL at the point."""
    crash_points.arm(payments.settings.files_dir, point)
    settings = payments.settings.model_dump(mode="json")
    settings["database_url"] = payments.tables.runtime_url
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.payments.doing",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told = json.dumps({"settings": settings, "act": act, **words})
    _, said = await child.communicate(told.encode())
    assert child.returncode == -signal.SIGKILL, said.decode()


@pytest.mark.parametrize(
    "point",
    ["payments.lines-staged", "payments.orders-before-commit", "payments.orders-staged"],
)
async def test_orders_killed_on_the_way_are_ordered_once(
    payments: CountyPayments, point: str
) -> None:
    lines = [a_line() for _ in range(600)]
    event = payments.announce(lines)
    await killed_at(
        payments,
        point,
        "take in",
        event=event.model_dump(mode="json"),
        lines=payments.benefits.lines[str(event.run_id)],
    )
    left = payments.one("SELECT count(*) FROM payment_order")
    assert left in (0, 600), "all or none"
    await orders.take_in(payments.context, event)
    assert payments.one("SELECT count(*) FROM payment_order") == 600
    assert payments.one("SELECT count(*) FROM staged_line") == 0
    assert payments.balances() == {"granted": 600 * FEN, "payable": -600 * FEN}


@pytest.mark.parametrize(
    "point",
    [
        "payments.file-written-before-rename",
        "payments.file-renamed-before-row",
        "payments.published-before-commit",
    ],
)
async def test_a_file_killed_on_the_way_is_published_once_with_the_same_bytes(
    payments: CountyPayments, point: str
) -> None:
    lines = [a_line() for _ in range(3)]
    await payments.hand_on(*(an_account(line) for line in lines))
    await payments.fund()
    [envelope] = (await payments.make(await payments.order(lines)))["envelopes"]
    await payments.check(envelope)
    await payments.release(envelope)
    await killed_at(payments, point, "publish")
    assert payments.one("SELECT status FROM envelope") == "released"
    folder = payout_files.folder_of(payments.settings.files_dir, "qsrcc")
    kept = {place.name: place.read_bytes() for place in folder.iterdir()}
    assert len(kept) == 1
    payments.move_clock(days=1)
    payout_files.throw_away_drafts(payments.settings.files_dir)
    assert await payments.publish() == 1
    assert await payments.fetch(envelope) == next(iter(kept.values()))
    assert len(list(folder.iterdir())) == 1
    assert payments.one("SELECT count(*) FROM outbox") == 1


@pytest.mark.parametrize(
    "point",
    [
        "payments.result-staged",
        "payments.result-applied-before-commit",
        "payments.result-applied-before-reply",
    ],
)
@pytest.mark.parametrize("again", ["by the bank", "by ourselves"])
async def test_a_result_killed_on_the_way_is_applied_once(
    payments: CountyPayments, tmp_path: Path, point: str, again: str
) -> None:
    lines = [a_line() for _ in range(4)]
    [envelope] = await payments.sent(*lines)
    file = await payments.fetch(envelope)
    content = answer_to(envelope, file, {rows_of(file)[0][1]: CLOSED})
    (tmp_path / "result.txt").write_bytes(content)
    await killed_at(payments, point, "receive", file=str(tmp_path / "result.txt"))
    if again == "by the bank":
        told = (await payments.answer(content)).json()
        assert told["status"] == "applied"
    else:
        await payments.finish_left_over()
    statuses = payments.rows(
        "SELECT status, count(*) AS lines FROM payment_order GROUP BY status ORDER BY status"
    )
    assert statuses == [{"status": "refused", "lines": 1}, {"status": "settled", "lines": 3}]
    assert payments.balances()["paid"] == 3 * FEN
    assert payments.one("SELECT count(*) FROM ledger_entry WHERE act = 'answered'") == 1
    assert payments.one("SELECT count(*) FROM result_file") == 1


async def test_a_payment_made_again_after_a_restore_has_the_same_name_at_the_bank(
    payments: CountyPayments,
) -> None:
    """A restored database has forgotten the file; what it makes anew, the bank knows again."""
    lines = [a_line() for _ in range(3)]
    event = payments.announce(lines)
    names = []
    for _ in range(2):
        await payments.hand_on(*(an_account(line) for line in lines))
        await orders.take_in(payments.context, event)
        [envelope] = (await payments.make(event.run_id))["envelopes"]
        references = payments.rows("SELECT reference FROM transfer ORDER BY reference")
        names.append((envelope["id"], [row["reference"] for row in references]))
        payments.tables.empty()
    assert names[0] == names[1]
