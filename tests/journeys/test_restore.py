"""After a restore no money leaves until a person says why it may."""

from pathlib import Path

import psycopg
import pytest

from demonstration.month import PayoutsFrozen
from shared import provision
from shared.backup import _back_up, _restore
from shared.postgres import EmbeddedPostgres
from tests.journeys.counties import play, summary_in

PEOPLE = 40


def test_a_restored_county_releases_nothing_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    first = play(folder, people=PEOPLE)
    _back_up(folder, tmp_path / "copy")
    _restore(folder, tmp_path / "copy", keys_are_lost=False)

    with pytest.raises(PayoutsFrozen, match=r"restored from the backup of .* as finance at http"):
        play(folder, people=PEOPLE)

    assert summary_in(folder) == first.summary
    server = EmbeddedPostgres(folder / "postgres", folder / "keys")
    server.start()
    urls = provision.provision(server.admin_url, folder / "keys", make_missing=False)
    with psycopg.connect(urls["payments"].reader) as payments:
        waiting = payments.execute(
            "SELECT DISTINCT status FROM envelope WHERE pay_month = '2026-11'"
        ).fetchall()
    server.stop()
    assert waiting == [("made",)]
