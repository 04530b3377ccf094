"""A killed process costs nothing: the month ends with the same totals, nobody paid twice."""

from collections import Counter
from pathlib import Path

from tests.journeys.counties import Played, play

POINTS = {
    "identification": [
        "identification.roster-uploaded", "identification.roster-surveyed",
        "identification.chunk-written", "identification.chunk-loaded",
        "identification.chunk-handed", "identification.roster-imported",
    ],
    "benefits": [
        "benefits.page-staged", "benefits.import-learned", "benefits.snapshot-written",
        "benefits.chunk-loaded", "benefits.run-signed-before-close",
    ],
    "payments": [
        "payments.lines-staged", "payments.orders-staged", "payments.orders-before-commit",
        "payments.release-before-commit", "payments.file-written-before-rename",
        "payments.file-renamed-before-row", "payments.published-before-commit",
        "payments.file-fetched-before-commit", "payments.result-staged",
        "payments.result-applied-before-commit", "payments.result-applied-before-reply",
    ],
    "notifications": ["notifications.staged", "notifications.claimed", "notifications.offered"],
}  # fmt: skip

KILLS = {
    "roster": ["identification", "gateway"],
    "runs": ["benefits", "postgres"],
    "envelopes": ["payments"],
    "release": ["nats", "gateway", "payments"],
    "bank": ["courier", "postgres", "cooperative"],
    "mending": ["gateway"],
    "messages": ["notifications", "carrier"],
}


def assert_the_same_month(hurt: Played, unhurt: Played) -> None:
    assert hurt.totals == unhurt.totals
    assert hurt.paid_by_account == unhurt.paid_by_account
    assert set(Counter(credit.end_to_end_id for credit in hurt.credits).values()) == {1}
    assert hurt.summary["checker"] == {"ok": True, "findings": []}


def test_a_kill_at_every_named_point_costs_nothing(tmp_path: Path, unhurt: Played) -> None:
    hurt = play(tmp_path / "county", points=POINTS)
    assert hurt.points_left == []
    assert_the_same_month(hurt, unhurt)


def test_a_kill_of_every_process_in_the_midst_of_its_work_costs_nothing(
    tmp_path: Path, unhurt: Played
) -> None:
    hurt = play(tmp_path / "county", kills=KILLS)
    assert len(hurt.killed) >= sum(len(names) for names in KILLS.values()) - 2
    assert_the_same_month(hurt, unhurt)
