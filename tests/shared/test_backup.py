"""A copy of one moment, and the way back, after which no money leaves by itself."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from shared import audit, backup, dumps, migrations, provision
from shared.backup_files import Backup, BackupRefused, copy_files
from shared.database import Database
from shared.postgres import EmbeddedPostgres
from shared.provision import Urls
from tests.trial import MakeDatabase, TrialDatabase

COUNTY = "511425"
EVENT = "INSERT INTO inbox (consumer, event_id, county) VALUES ('tests', gen_random_uuid(), %s)"


@pytest.fixture(scope="module")
def payments(make_database: MakeDatabase) -> TrialDatabase:
    """The payments database."""
    return make_database("payments")


@pytest.fixture(scope="module")
def benefits(make_database: MakeDatabase) -> TrialDatabase:
    """The benefits database."""
    return make_database("benefits")


@pytest.fixture
def databases(payments: TrialDatabase, benefits: TrialDatabase) -> Iterator[dict[str, Urls]]:
    """Both, as backup knows them; emptied after the test."""
    yield {"payments": payments.urls, "benefits": benefits.urls}
    for database in (payments, benefits):
        database.empty()


@pytest.fixture
def data(own_folder: Path) -> Path:
    """A DATA folder with a payout file and a clock."""
    file = own_folder / "data/files/payments/2026-10.txt"
    file.parent.mkdir(parents=True)
    file.write_text("a payout file")
    (own_folder / "data/clock").write_text("2026-09-21")
    return own_folder / "data"


def test_what_is_restored_is_what_was_there_and_payouts_are_frozen(
    databases: Mapping[str, Urls], data: Path, own_folder: Path
) -> None:
    with psycopg.connect(databases["payments"].runtime) as process:
        process.execute(EVENT, (COUNTY,))
    made = backup.back_up(databases, data, own_folder / "copy")
    with psycopg.connect(databases["payments"].runtime) as process:
        process.execute(EVENT, (COUNTY,))  # The backup has forgotten this.
    (data / "files/payments/2026-11.txt").write_text("a file that a bank has")
    (data / "clock").write_text("2026-10-21")

    backup.restore(databases, data, Backup.read(made.folder))

    with psycopg.connect(databases["payments"].reader) as reader:
        assert reader.execute("SELECT count(*) FROM inbox").fetchone() == (1,)
        frozen = reader.execute("SELECT county, frozen, reason FROM payout_freeze").fetchall()
        acts = reader.execute("SELECT actor, act FROM audit").fetchall()
    assert frozen == [(COUNTY, True, f"restored from the backup of {made.made_at}")]
    assert acts == [("restore", "payouts-frozen")]
    assert (data / "files/payments/2026-10.txt").read_text() == "a payout file"
    assert not (data / "files/payments/2026-11.txt").exists()
    (evidence,) = data.glob("files.before-*/payments/2026-11.txt")
    assert evidence.read_text() == "a file that a bank has"
    assert (data / "clock").read_text() == "2026-10-21"
    backup.refuse_half_restored(data)


def test_the_manifest_notes_where_each_audit_log_ended(
    databases: Mapping[str, Urls], data: Path, own_folder: Path
) -> None:
    asyncio.run(_recorded(databases["payments"].runtime, 3))
    made = backup.back_up(databases, data, own_folder / "copy")
    noted = {name: each["audit"] for name, each in Backup.read(made.folder).databases.items()}
    assert noted["benefits"] == {"rows": 0, "head": ""}
    with psycopg.connect(databases["payments"].reader) as reader:
        rows = reader.execute("SELECT number, encode(hash, 'hex') FROM audit ORDER BY number")
        assert (noted["payments"]["rows"], noted["payments"]["head"]) == rows.fetchall()[-1]


async def _recorded(url: str, times: int) -> None:
    database = Database(url)
    for _ in range(times):
        async with database.transaction() as session:
            await audit.record(session, COUNTY, actor="tests", act="noted", subject=COUNTY)
    await database.close()


def test_rights_come_back_as_they_were(
    databases: Mapping[str, Urls], data: Path, own_folder: Path
) -> None:
    rights = (
        "SELECT relname, array_agg(acl::text ORDER BY acl::text) FROM pg_class,"
        " unnest(relacl) AS acl WHERE relnamespace = 'public'::regnamespace GROUP BY relname"
    )
    with psycopg.connect(databases["payments"].reader) as reader:
        before = sorted(reader.execute(rights).fetchall())
    made = backup.back_up(databases, data, own_folder / "copy")
    for _ in range(2):
        backup.restore(databases, data, made)
        with psycopg.connect(databases["payments"].reader) as reader:
            assert sorted(reader.execute(rights).fetchall()) == before
    with (
        psycopg.connect(databases["payments"].runtime) as process,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        process.execute("DELETE FROM audit")
    with psycopg.connect(databases["payments"].owner) as owner:
        owner.execute("CREATE TABLE notes (id int)")
        owner.commit()
        with psycopg.connect(databases["payments"].runtime) as process:
            process.execute("INSERT INTO notes VALUES (1)")
        owner.execute("DROP TABLE notes")
    migrations.drift("payments", databases["payments"].owner)


def test_what_each_restore_found_is_kept_though_all_fall_within_one_second(
    databases: Mapping[str, Urls], data: Path, own_folder: Path
) -> None:
    made = backup.back_up(databases, data, own_folder / "copy")
    found = ["before the first", "before the second", "before the third"]
    for words in found:
        (data / "files/payments/2026-11.txt").write_text(words)
        copy_files(made, data, stamp="20261121T090000Z")
    kept = sorted(data.glob("files.before-20261121T090000Z*/payments/2026-11.txt"))
    assert [file.read_text() for file in kept] == found
    assert not (data / "files/payments/2026-11.txt").exists()


def test_what_a_process_makes_again_goes_neither_out_nor_in(
    databases: Mapping[str, Urls], data: Path, own_folder: Path
) -> None:
    compiled = Path("files/benefits/remade/law/kernel.o")
    (data / compiled).parent.mkdir(parents=True)
    (data / compiled).write_bytes(b"code of this machine")
    made = backup.back_up(databases, data, own_folder / "copy")
    assert str(compiled) not in made.files
    planted = made.folder / "files" / compiled
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_bytes(b"somebody else's code")
    made.files[str(compiled)] = "whatever its hash"
    copy_files(made, data, stamp="20261121T090000Z")
    assert not (data / compiled).exists()


def test_a_damaged_backup_changes_nothing(
    databases: Mapping[str, Urls], data: Path, own_folder: Path
) -> None:
    made = backup.back_up(databases, data, own_folder / "copy")
    dump = made.dump("benefits")
    dump.write_bytes(dump.read_bytes()[:-1])
    with pytest.raises(BackupRefused, match="not as it was written"):
        Backup.read(made.folder)
    (made.folder / "manifest.json").unlink()
    with pytest.raises(BackupRefused, match="no finished backup"):
        Backup.read(made.folder)


def test_a_restore_that_breaks_off_leaves_the_database_and_a_mark(
    databases: Mapping[str, Urls], data: Path, own_folder: Path
) -> None:
    with psycopg.connect(databases["payments"].runtime) as process:
        process.execute(EVENT, (COUNTY,))
    made = backup.back_up(databases, data, own_folder / "copy")
    dump = made.dump("payments")
    whole = dump.read_bytes()
    dump.write_bytes(whole[: len(whole) * 3 // 4])
    with psycopg.connect(databases["payments"].runtime) as process:
        process.execute(EVENT, (COUNTY,))
    with pytest.raises(dumps.DumpRefused):
        backup.restore(databases, data, made)
    with psycopg.connect(databases["payments"].reader) as reader:
        assert reader.execute("SELECT count(*) FROM inbox").fetchone() == (2,)
    with pytest.raises(BackupRefused, match="was interrupted"):
        backup.refuse_half_restored(data)
    dump.write_bytes(whole)
    backup.restore(databases, data, made)
    backup.refuse_half_restored(data)


def test_nothing_is_restored_under_somebodys_hands(
    databases: Mapping[str, Urls], data: Path, own_folder: Path
) -> None:
    made = backup.back_up(databases, data, own_folder / "copy")
    with (
        psycopg.connect(databases["benefits"].runtime),
        pytest.raises(dumps.DumpRefused, match="still works in the database of benefits"),
    ):
        backup.restore(databases, data, made)


def test_all_databases_are_copied_as_of_one_moment(databases: Mapping[str, Urls]) -> None:
    told = threading.Event()

    def work() -> None:
        """First one database, then the other; each change with its audit row, as everywhere."""
        number = 0
        with (
            psycopg.connect(databases["benefits"].runtime) as one,
            psycopg.connect(databases["payments"].runtime) as other,
        ):
            while not told.is_set():
                number += 1
                for session in (one, other):
                    session.execute(EVENT, (COUNTY,))
                    session.execute(
                        "INSERT INTO audit VALUES (%s, %s, now(), 'a', 'b', 'c', '{}', '', '')",
                        (number, COUNTY),
                    )
                    session.commit()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(10):
            with dumps.one_moment({name: urls.owner for name, urls in databases.items()}) as seen:
                first = seen.rows("benefits")["inbox"]
                second = seen.rows("payments")["inbox"]
            assert second <= first <= second + 1
    finally:
        told.set()
        worker.join()


def test_a_backup_waits_for_who_is_in_the_middle_of_a_change(
    databases: Mapping[str, Urls], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps, "QUIET_SECONDS_MAX", 1)
    with psycopg.connect(databases["payments"].runtime) as slow:
        slow.execute(EVENT, (COUNTY,))
        slow.execute(
            "INSERT INTO audit VALUES (1, %s, now(), 'a', 'b', 'c', '{}', '', '')", (COUNTY,)
        )
        later = threading.Timer(1.5, slow.commit)
        later.start()
        with dumps.one_moment({name: urls.owner for name, urls in databases.items()}) as seen:
            assert seen.rows("payments")["inbox"] == 1
        later.join()


def test_a_whole_county_is_backed_up_while_it_runs_and_restored_when_it_does_not(
    data: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    server = EmbeddedPostgres(data / "postgres", data / "keys")
    server.start()
    for name, urls in provision.provision(server.admin_url, data / "keys").items():
        migrations.upgrade(name, urls.owner)
        (data / "keys" / name).mkdir()
    said = backup._back_up(data, own_folder / "copy")
    assert "5 databases" in said
    assert "keys are not in it" in said
    kept = b"".join(
        path.read_bytes() for path in (own_folder / "copy").rglob("*") if path.is_file()
    )
    for key in (path for path in (data / "keys").rglob("*") if path.is_file()):
        assert key.read_bytes().strip() not in kept
    with pytest.raises(BackupRefused, match="is in use by another run"):
        backup._restore(data, own_folder / "copy", keys_are_lost=False)
    server.stop()

    elsewhere = own_folder / "elsewhere"
    with pytest.raises(BackupRefused, match="put back the copy"):
        backup._restore(elsewhere, own_folder / "copy", keys_are_lost=False)
    (data / "keys").rename(own_folder / "kept-apart")
    elsewhere.mkdir()
    (own_folder / "kept-apart").rename(elsewhere / "keys")
    assert "payouts are frozen" in backup._restore(elsewhere, own_folder / "copy", False)
    assert (elsewhere / "files/payments/2026-10.txt").exists()
    assert (elsewhere / "clock").exists()
