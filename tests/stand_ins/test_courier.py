"""The courier as a process: every file to its bank once, every answer to the door, kills or not."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demonstration.stand_ins import courier
from demonstration.stand_ins.bank_books import paid_twice
from demonstration.stand_ins.cooperative import Cooperative
from demonstration.stand_ins.mock_bank import MockBank
from services.payments.banks.facts import LineFacts, Outcome
from services.payments.banks.identifiers import batch_number
from services.payments.banks.profiles import BUILT_IN, Profile
from services.payments.banks.readers import read_result
from shared import ports
from tests.payments.banks.makers import (
    a_line,
    an_envelope,
    commercial_bank,
    cooperative,
    four_lines,
)
from tests.stand_ins.door import County, Door, Envelope
from tests.stand_ins.playing import Playing, Stated, a_cooperative, a_courier, a_mock_bank, until


@dataclass
class Street:
    """A county's door, two banks, and what a courier between them needs."""

    county: County
    config: Path
    commercial: Playing
    rural: Playing
    clock: Stated

    @property
    def folder(self) -> Path:
        return self.county.folder / "courier"

    def publish(self, profile: Profile, lines: list[LineFacts], number: int = 1) -> Envelope:
        facts = an_envelope(lines, batch=batch_number(UUID(int=number), 1))
        return self.county.publish(profile, facts, lines)

    def quiet(self) -> bool:
        """Whether the courier has gone round twice with nothing under way."""
        said = courier.status(self.folder)
        if not said or any(said["waiting"].values()) or said["troubles"]:
            return False
        later = until("another round", lambda: _after(self.folder, said["round"] + 1))
        return not any(later["waiting"].values())

    def told(self, profile: Profile) -> list[tuple[str, Outcome]]:
        """What the door has heard about this bank's payments."""
        kind = "xml" if profile.format.startswith("pain") else "txt"
        return [
            (item.end_to_end_id, item.outcome)
            for _, name, content in self.county.results
            if name.endswith(kind)
            for item in read_result(profile, content, name).items
        ]


def _after(folder: Path, number: int) -> dict[str, Any] | None:
    said = courier.status(folder)
    return said if said.get("round", 0) >= number else None


@pytest.fixture
def street(tmp_path: Path, clock: Stated) -> Iterator[Street]:
    with ExitStack() as open_now:
        commercial = open_now.enter_context(a_mock_bank(tmp_path, clock))
        rural = open_now.enter_context(a_cooperative(tmp_path, clock))
        county = County(tmp_path)
        door = open_now.enter_context(Door(county, ports.free()))
        config = county.config(
            {
                "code": "qscb",
                "kind": "mock-bank",
                "url": commercial.url,
                "db": str(commercial.folder),
                "profile": str(BUILT_IN / "qscb.yaml"),
            },
            {
                "code": "qsrcc",
                "kind": "cooperative",
                "url": rural.url,
                "profile": str(BUILT_IN / "qsrcc.yaml"),
            },
            url=door.url,
            clock=clock.spec,
        )
        yield Street(county, config, commercial, rural, clock)


def test_files_go_to_their_banks_and_answers_come_back_as_days_pass(street: Street) -> None:
    ours, theirs = four_lines(), [a_line(number) for number in range(11, 14)]
    street.publish(commercial_bank(), ours, 1)
    street.publish(cooperative(), theirs, 2)
    with a_courier(street.config, street.folder):
        until("everything is carried", street.quiet)
        settled = {reference for reference, outcome in street.told(cooperative())}
        assert settled == {line.end_to_end_id for line in theirs}
        street.clock.say("2026-10-15")
        until("the banks' days move", lambda: set(_days(street)) == {"2026-10-15"})
        until("everything is carried", street.quiet)
        told = street.told(commercial_bank())
        assert (ours[3].end_to_end_id, Outcome.RETURNED) in told
        assert told.index((ours[3].end_to_end_id, Outcome.SETTLED)) < told.index(
            (ours[3].end_to_end_id, Outcome.RETURNED)
        )


def test_kills_at_any_moment_cost_nothing_and_nobody_is_paid_twice(street: Street) -> None:
    moments = random.Random(20261012)  # noqa: S311 # When to kill, not a secret.
    with a_courier(street.config, street.folder) as party:
        for number in range(1, 7):
            lines = [a_line(number * 100 + step) for step in range(5)]
            profile = commercial_bank() if number % 2 else cooperative()
            street.publish(profile, lines, number)
        for _ in range(6):
            party.kill()
            party.start(wait=False)
            time.sleep(0.5 + moments.random())
        until("everything is carried", street.quiet)
    with (
        closing(MockBank(street.commercial.url, street.commercial.folder)) as bank,
        closing(Cooperative(street.rural.url)) as rural,
    ):
        books = [*bank.books(), *rural.books()]
    assert len(books) == 30
    assert paid_twice(books) == []
    told = [*street.told(commercial_bank()), *street.told(cooperative())]
    assert {reference for reference, _ in told} == {credit.end_to_end_id for credit in books}


def test_a_kill_between_handing_in_and_writing_it_down_asks_the_bank_first(street: Street) -> None:
    with closing(Cooperative(street.rural.url)) as rural:
        rural.be(slow_seconds=3)
        with a_courier(street.config, street.folder) as party:
            street.publish(cooperative(), [a_line(1)])
            until("the bank has booked it", rural.books)
            assert courier.status(street.folder)["files"] == {}
            party.kill()
            rural.be()
            party.start()
            until("everything is carried", street.quiet)
            assert courier.status(street.folder)["files"] == {"handed": 1}
        assert len(rural.books()) == 1


def test_what_does_not_fit_its_manifest_is_not_brought_to_the_bank(street: Street) -> None:
    forged = street.publish(cooperative(), [a_line(1)], 1)
    forged.manifest = forged.manifest.replace(b'"count": 1', b'"count": 2')
    changed = street.publish(cooperative(), [a_line(2)], 2)
    changed.content = changed.content.replace(b"370.00", b"970.00")
    street.publish(cooperative(), [a_line(3)], 3)
    with a_courier(street.config, street.folder):
        until("the sound one is carried", lambda: street.told(cooperative()))
        until("everything is carried", street.quiet)
        not_taken = {row["words"] for row in courier.status(street.folder)["not_taken"]}
    assert not_taken == {
        "the signature is not the county's",
        "the manifest states another sha256",
    }
    with closing(Cooperative(street.rural.url)) as rural:
        assert [credit.end_to_end_id for credit in rural.books()] == [a_line(3).end_to_end_id]


def test_a_door_that_fails_is_tried_again_and_one_that_refuses_is_not(street: Street) -> None:
    street.publish(cooperative(), [a_line(1)])
    street.county.answer_results = 503
    with a_courier(street.config, street.folder):
        until("it has knocked thrice", lambda: street.county.posts >= 3)
        assert courier.status(street.folder)["waiting"]["messages"] == 1
        street.county.answer_results = 422
        until("everything is carried", street.quiet)
        knocks = street.county.posts
        street.county.tokens.clear()
        until("everything is carried", street.quiet)
        assert street.county.posts == knocks
        (refused,) = courier.status(street.folder)["refused"]
        assert refused["name"].startswith("answer-")


def _days(street: Street) -> list[str]:
    return list(courier.status(street.folder).get("days", {"": ""}).values())
