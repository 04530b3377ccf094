"""A gateway that listens, on a real database, before a tiny real server that plays the services."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import uvicorn

from gateway import app as gateway_app
from gateway.settings import Settings
from shared import ports, secrets
from tests.gateway.visits import COUNTY, PROXY, Door, Upstream
from tests.trial import MakeDatabase, TrialDatabase

DIVISIONS = Path(__file__).parents[2] / "demonstration" / "places" / "511425.yaml"


@pytest.fixture(scope="session")
def gateway_database(make_database: MakeDatabase) -> TrialDatabase:
    """The gateway's own database."""
    return make_database("gateway")


@pytest.fixture(scope="session")
def gateway_folder(trial_folder: Path) -> Path:
    """Keys and files of the gateway under test."""
    folder = trial_folder / "gateway"
    folder.mkdir()
    public = secrets.make_keys(folder / "keys", "gateway")
    (folder / "public.json").write_text(json.dumps(public), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def upstream_server(gateway_folder: Path) -> Iterator[Upstream]:
    """The tiny server, as a process of its own."""
    folder = gateway_folder / "upstream"
    folder.mkdir()
    (folder / "answers.json").write_text("{}", encoding="utf-8")
    port = ports.free()
    words = [str(port), str(gateway_folder / "public.json"), str(folder)]
    running = subprocess.Popen(  # noqa: S603 # Our own module, by our own interpreter.
        [sys.executable, "-m", "tests.gateway.upstream", *words]
    )
    for _ in range(200):
        with suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/up")
            break
        time.sleep(0.05)
    yield Upstream(port, folder, running)
    running.terminate()
    running.wait(10)


@pytest.fixture(scope="session")
async def listening(
    gateway_database: TrialDatabase, gateway_folder: Path, upstream_server: Upstream
) -> AsyncIterator[Door]:
    """The gateway under test, listening."""
    port = ports.free()
    settings = Settings(
        county=COUNTY,
        county_name="青神县",
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        database_url=gateway_database.runtime_url,
        keys_dir=gateway_folder / "keys",
        public_keys_file=gateway_folder / "public.json",
        files_dir=gateway_folder,
        cookies_secure=False,
        proxies=PROXY,
        divisions_file=DIVISIONS,
        notice="演示县：标准为历史数值。",
        identification_url=upstream_server.url,
        benefits_url=upstream_server.url,
        payments_url=upstream_server.url,
        notifications_url=upstream_server.url,
        upload_silence_seconds=1.0,
        standing_seconds=0,
    )
    app = gateway_app.build(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield Door(settings, app, gateway_database, upstream_server)
    server.should_exit = True
    await serving


@pytest.fixture
async def door(listening: Door) -> AsyncIterator[Door]:
    """The gateway, with an empty database and nobody signed in."""
    listening.upstream.forget()
    listening.app.state.quotas.__init__()
    yield listening
    for browser in listening.people:
        await browser.aclose()
    listening.people.clear()
    await listening.app.state.passages.write()
    listening.database.empty()
