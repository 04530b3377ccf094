"""Our own NATS server: who may say what, and what it keeps when it is killed."""

import json
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.errors import TimeoutError as NoAnswer

from shared import leash
from shared.nats import ABOUT_ITSELF, EmbeddedNats, NatsRefused, check_server, find_program
from shared.ports import free, taken


@pytest.fixture(scope="module")
def server(trial_folder: Path) -> Iterator[EmbeddedNats]:
    """A server of this file's own, for it is going to be killed."""
    server = EmbeddedNats(trial_folder / "own/nats", trial_folder / "own/nats-keys")
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def payments(server: EmbeddedNats) -> AsyncIterator[Client]:
    """Payments, connected."""

    async def silent(problem: Exception) -> None:
        del problem

    connection = await nats.connect(server.url("payments"), error_cb=silent)
    yield connection
    await connection.close()


async def test_a_process_speaks_under_its_own_name_alone(payments: Client) -> None:
    stream = payments.jetstream()
    await stream.add_stream(name="payments", subjects=["payments.>"])
    await stream.add_stream(name="benefits", subjects=["benefits.>"])
    assert (await stream.publish("payments.envelope-published.v1", b"{}")).seq == 1
    with pytest.raises(NoAnswer):
        await stream.publish("benefits.run-closed.v1", b"{}", timeout=0.5)
    assert (await stream.stream_info("benefits")).state.messages == 0


async def test_nobody_empties_or_deletes_a_stream(payments: Client) -> None:
    stream = payments.jetstream(timeout=0.5)
    with pytest.raises(NoAnswer):
        await stream.purge_stream("payments")
    with pytest.raises(NoAnswer):
        await stream.delete_stream("payments")


async def test_a_process_hears_what_others_said_by_pulling(payments: Client) -> None:
    stream = payments.jetstream()
    pulling = await stream.pull_subscribe("payments.>", durable="anybody", stream="payments")
    (message,) = await pulling.fetch(1)
    await message.ack_sync()


async def test_confirmed_events_outlive_a_killed_server(server: EmbeddedNats) -> None:
    port, pid = server.port, server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    server.wait()
    began = time.monotonic()
    server.start()
    assert time.monotonic() - began < 5
    assert server.port == port
    connection = await nats.connect(server.url("payments"))
    assert (await connection.jetstream().stream_info("payments")).state.messages == 1
    await connection.close()


def test_a_stopped_server_leaves_no_process(server: EmbeddedNats) -> None:
    server.stop()
    assert leash.leftovers(server.folder, find_program().name) == []
    server.start()


def test_passwords_are_for_the_owners_eyes(server: EmbeddedNats, trial_folder: Path) -> None:
    files = list((trial_folder / "own/nats-keys").iterdir())
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert len({server.url(name).split("@")[0] for name in ("payments", "benefits")}) == 2


def test_every_speaker_can_see_that_the_server_is_safe(server: EmbeddedNats) -> None:
    check_server(server.url("payments"))
    check_server(server.admin_url)


def test_a_server_that_confirms_before_it_syncs_is_refused(tmp_path: Path) -> None:
    store = f"jetstream {{ store_dir: {json.dumps(str(tmp_path))}, sync_interval: 2m }}"
    seen = f"exports: [{{service: {json.dumps(ABOUT_ITSELF)}}}]"
    taken = f"imports: [{{service: {{account: SYS, subject: {json.dumps(ABOUT_ITSELF)}}}}}]"
    accounts = f"""
        accounts {{
            SYS {{ {seen} }}
            A {{ jetstream: enabled, {taken}, users: [{{user: a, password: a}}] }}
        }}
        system_account: SYS
    """
    with (
        _somebody_elses_server(tmp_path, store + accounts) as url,
        pytest.raises(NatsRefused, match="confirms messages before they are on disk"),
    ):
        check_server(url)


def test_a_server_that_does_not_show_whether_it_syncs_is_refused(tmp_path: Path) -> None:
    store = f"jetstream {{ store_dir: {json.dumps(str(tmp_path))}, sync_interval: always }}"
    with (
        _somebody_elses_server(tmp_path, store) as url,
        pytest.raises(NatsRefused, match="does not let us see"),
    ):
        check_server(url)


def test_a_server_without_streams_is_refused(tmp_path: Path) -> None:
    with (
        _somebody_elses_server(tmp_path, "") as url,
        pytest.raises(NatsRefused, match="no JetStream"),
    ):
        check_server(url)


def test_a_stranger_is_refused_in_words(server: EmbeddedNats) -> None:
    stranger = server.url("payments").replace("payments:", "payments:wrong")
    with pytest.raises(NatsRefused, match="does not know us"):
        check_server(stranger)


def test_silence_is_refused_in_words() -> None:
    with pytest.raises(NatsRefused, match="does not answer"):
        check_server(f"nats://127.0.0.1:{free()}")


@contextmanager
def _somebody_elses_server(folder: Path, words: str) -> Iterator[str]:
    port = free()
    configuration = folder / "nats.conf"
    configuration.write_text(f"listen: 127.0.0.1:{port}\n{words}")
    child = leash.start(
        [find_program(), "--config", configuration], env={}, cwd=folder, output=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 5
    while not taken(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"nats://a:a@127.0.0.1:{port}"
    child.kill()
    child.wait()
