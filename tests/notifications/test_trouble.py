"""Carriers away, slow or hostile, and processes killed: all are told, and hardly anybody twice."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from shared import crash_points
from tests.notifications.smsc_at import until
from tests.notifications.standing import Standing, a_contact, a_line

MONTH = "2026-10"


async def pay(process: Standing, count: int, *, first: int = 0) -> list[str]:
    """So many people are paid; their numbers as the carrier writes them. None ends in 04 or 44."""
    numbers = [f"137{first + number:06d}11" for number in range(count)]
    people = [a_contact(number) for number in numbers]
    await process.hand_on(people)
    await process.say_settled([a_line(UUID(person["person_id"])) for person in people])
    return [f"86{number}" for number in numbers]


def tallied(process: Standing, **wanted: int) -> Callable[[], Awaitable[bool]]:
    """Whether the month's tally says this."""

    async def met() -> bool:
        tally = await process.tally(MONTH)
        return all(tally[name] == count for name, count in wanted.items())

    return met


def copies(process: Standing) -> Counter[str]:
    """How many texts each number got, by the carrier's own books."""
    return Counter(text.telephone for text in process.smsc.texts())


async def test_a_carrier_that_is_down_holds_up_nothing_and_gets_everything_later(
    trouble: Standing,
) -> None:
    trouble.smsc.kill()
    await trouble.start()
    numbers = await pay(trouble, 50)
    await until(tallied(trouble, messages=50, waiting=50, sent=0))
    assert (await trouble.hand_on([a_contact(None)]))["taken"] == 1
    await trouble.smsc.start()
    await until(tallied(trouble, delivered=50, waiting=0), 40)
    assert copies(trouble) == Counter(numbers)


async def test_a_carrier_that_refuses_everything_for_a_while_tells_each_once(
    trouble: Standing,
) -> None:
    await trouble.start()
    for how in ("busy", "throttled", "full"):
        await trouble.smsc.behave(refuse=how)
        if how == "busy":
            numbers = await pay(trouble, 30)
        await asyncio.sleep(1)
        assert (await trouble.tally(MONTH))["sent"] == 0
    await trouble.smsc.behave(refuse="")
    await until(tallied(trouble, delivered=30, waiting=0), 40)
    assert copies(trouble) == Counter(numbers)


async def test_a_number_the_carrier_does_not_know_is_given_up_and_said_so(
    trouble: Standing,
) -> None:
    await trouble.smsc.behave(refuse="number")
    await trouble.start()
    await pay(trouble, 3)
    await until(tallied(trouble, failed=3, sent=0), 20)
    events = trouble.rows("SELECT body FROM outbox WHERE subject LIKE '%undeliverable%'")
    assert {event["body"]["reason"] for event in events} == {"number-unknown"}
    assert len({event["body"]["person_id"] for event in events}) == 3


async def test_a_carrier_that_swallows_texts_costs_one_second_telling_a_try(
    trouble: Standing,
) -> None:
    trouble.knobs["SMPP_ANSWER_SECONDS"] = "1"
    await trouble.smsc.behave(mute=True)
    await trouble.start()
    numbers = await pay(trouble, 40)
    await until(lambda: trouble.smsc.texts(), 20)
    await asyncio.sleep(6)
    swallowed = len(trouble.smsc.texts())
    assert 1 <= swallowed <= 7  # One alone in each connection, with pauses between them.
    await trouble.smsc.behave(mute=False)
    await until(tallied(trouble, waiting=0, sent=40), 60)
    counted = copies(trouble)
    assert set(counted) == set(numbers)
    assert sum(counted.values()) <= 40 + swallowed + 1


async def test_a_slow_carrier_is_waited_for_and_a_code_goes_before_the_notices(
    trouble: Standing,
) -> None:
    trouble.knobs |= {"SMPP_WINDOW": "20", "SMPP_RESERVED": "5"}
    await trouble.smsc.behave(answer_seconds=2)
    await trouble.start()
    numbers = await pay(trouble, 60)
    await until(lambda: len(trouble.smsc.texts()) > 1, 20)
    reader = a_contact("13912345678")
    await trouble.hand_on([reader])
    words = {"person_id": reader["person_id"], "code": "482913", "minutes": 10}
    await trouble.post("gateway", "codes:send", "/codes", words)
    await until(lambda: trouble.smsc.texts("8613912345678"), 3)
    assert len(trouble.smsc.texts()) < 61
    await until(tallied(trouble, delivered=60), 40)
    assert copies(trouble) == Counter([*numbers, "8613912345678"])


@pytest.mark.parametrize("receipts", ["early", "twice"])
async def test_a_receipt_counts_once_whether_it_comes_early_or_twice(
    trouble: Standing, receipts: str
) -> None:
    await trouble.smsc.behave(receipts=receipts)
    await trouble.start()
    await pay(trouble, 30)
    await until(tallied(trouble, sent=30, delivered=30), 20)
    await until(lambda: trouble.smsc.owed() == 0)
    await until(lambda: not trouble.rows("SELECT 1 FROM receipt"))
    assert await tallied(trouble, sent=30, delivered=30, failed=0)()


async def test_a_receipt_that_never_comes_leaves_the_text_sent_and_unsent_again(
    trouble: Standing,
) -> None:
    await trouble.smsc.behave(receipts="never")
    await trouble.start()
    numbers = await pay(trouble, 10)
    await until(tallied(trouble, sent=10, delivered=0, waiting=0), 20)
    await asyncio.sleep(1)
    assert copies(trouble) == Counter(numbers)


async def test_a_centre_killed_in_the_middle_tells_nobody_more_than_twice(
    trouble: Standing,
) -> None:
    await trouble.start()
    numbers = await pay(trouble, 400)
    await until(lambda: len(trouble.smsc.texts()) > 50, 20)
    trouble.smsc.kill()
    await trouble.smsc.start()
    await until(tallied(trouble, sent=400, delivered=400, waiting=0), 60)
    counted = copies(trouble)
    assert set(counted) == set(numbers)
    assert max(counted.values()) <= 2


@pytest.mark.parametrize(
    "point", ["notifications.staged", "notifications.claimed", "notifications.offered"]
)
async def test_a_kill_at_a_named_point_loses_nobody_and_tells_nobody_more_than_twice(
    trouble: Standing, point: str
) -> None:
    crash_points.arm(trouble.files_dir, point)
    await trouble.start()
    numbers = await pay(trouble, 60)
    await trouble.killed()
    await trouble.start()
    await trouble.say_again()  # The bus itself would, but only when its patience is over.
    await until(tallied(trouble, sent=60, delivered=60, waiting=0), 90)
    counted = copies(trouble)
    assert set(counted) == set(numbers)
    assert max(counted.values()) <= (2 if point.endswith("offered") else 1)
    assert trouble.rows("SELECT 1 FROM dead_letter") == []


async def test_a_process_that_is_asked_to_stop_leaves_nothing_half_told(
    trouble: Standing,
) -> None:
    await trouble.start()
    numbers = await pay(trouble, 400)
    await until(lambda: len(trouble.smsc.texts()) > 50, 20)
    started = datetime.now(UTC)
    trouble.stop()
    assert datetime.now(UTC) - started < timedelta(seconds=10)
    assert trouble.rows("SELECT 1 FROM delivery WHERE state = 'sending'") == []
    await trouble.start()
    await until(tallied(trouble, sent=400, delivered=400, waiting=0), 60)
    assert copies(trouble) == Counter(numbers)


async def test_a_carrier_that_answers_late_is_heard_out_before_the_end(trouble: Standing) -> None:
    await trouble.smsc.behave(answer_seconds=1.5)
    await trouble.start()
    numbers = await pay(trouble, 100)
    await until(lambda: len(trouble.smsc.texts()) > 5, 20)
    trouble.stop()
    assert trouble.rows("SELECT 1 FROM delivery WHERE state = 'sending'") == []
    await trouble.smsc.behave()
    await trouble.start()
    await until(tallied(trouble, sent=100, waiting=0), 60)
    assert copies(trouble) == Counter(numbers)


async def test_a_notice_is_tried_for_three_days_of_the_countys_clock(
    trouble: Standing, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    began = datetime(2026, 10, 12, 9, tzinfo=UTC)
    clock.write_text(began.isoformat())
    trouble.knobs |= {"CLOCK": f"file:{clock}", "AWAY_SECONDS": "1"}
    trouble.smsc.kill()
    await trouble.start()
    await pay(trouble, 5)
    await until(tallied(trouble, waiting=5))
    clock.write_text((began + timedelta(hours=71)).isoformat())
    await asyncio.sleep(2)
    assert (await trouble.tally(MONTH))["waiting"] == 5
    clock.write_text((began + timedelta(hours=73)).isoformat())
    await until(tallied(trouble, failed=5, waiting=0))
    events = trouble.rows("SELECT body FROM outbox WHERE subject LIKE '%undeliverable%'")
    assert [event["body"]["reason"] for event in events] == ["out-of-time"] * 5
    await trouble.smsc.start()
    await asyncio.sleep(2)
    assert trouble.smsc.texts() == []


async def test_a_notice_that_only_stood_in_line_is_sent_late_rather_than_never(
    trouble: Standing, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    began = datetime(2026, 10, 12, 9, tzinfo=UTC)
    clock.write_text(began.isoformat())
    trouble.knobs |= {"CLOCK": f"file:{clock}", "SMPP_WINDOW": "2", "SMPP_RESERVED": "1"}
    await trouble.smsc.behave(answer_seconds=0.1)
    await trouble.start()
    numbers = await pay(trouble, 30)
    await until(lambda: trouble.smsc.texts())
    clock.write_text((began + timedelta(days=30)).isoformat())
    await until(tallied(trouble, delivered=30, failed=0), 40)
    assert copies(trouble) == Counter(numbers)
