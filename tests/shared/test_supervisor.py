"""Members started in order, brought back, stopped in reverse, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shared import leash
from shared.ports import free
from shared.postgres import EmbeddedPostgres
from shared.supervisor import MemberFailed, Program, Supervisor

ROOT = Path(__file__).parent.parent.parent

# A small honest program: it serves 200 on its port, and says goodbye when it is asked to stop.
HONEST = """
import http.server, os, signal, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *words): pass
def leave(*_):
    with open(sys.argv[2], "a") as diary: diary.write(sys.argv[3] + "\\n")
    os._exit(0)
signal.signal(signal.SIGTERM, leave)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
PARENT = "import subprocess, sys, time; subprocess.Popen(['sleep', '61']); time.sleep(60)"

Start = Callable[..., Program]


@pytest.fixture
def honest(own_folder: Path) -> Start:
    """Makes honest programs that write into one diary."""

    def make(name: str) -> Program:
        port = free()
        return Program(
            argv=[sys.executable, "-c", HONEST, str(port), own_folder / "diary", name],
            env={},
            ready=f"http://127.0.0.1:{port}/readyz",
            log_file=own_folder / f"{name}.log",
        )

    return make


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """A supervisor that is stopped in any case."""
    with Supervisor() as supervisor:
        yield supervisor


def test_those_who_started_last_stop_first(
    supervisor: Supervisor, honest: Start, own_folder: Path
) -> None:
    supervisor.start({"ground": honest("ground")})
    supervisor.start({"payments": honest("payments"), "benefits": honest("benefits")})
    supervisor.start({"gateway": honest("gateway")})
    supervisor.stop()
    diary = (own_folder / "diary").read_text().split()
    assert (diary[0], diary[-1]) == ("gateway", "ground")
    assert set(diary[1:3]) == {"payments", "benefits"}


def test_a_killed_program_comes_back(supervisor: Supervisor, honest: Start) -> None:
    supervisor.start({"payments": honest("payments")})
    for _ in range(2):
        killed = supervisor.kill("payments")
        supervisor.wait_ready("payments", seconds_max=10)
        assert supervisor.pid("payments") not in (None, killed)
    assert supervisor.restarts("payments") == 2


def test_a_program_that_does_not_listen_is_killed(supervisor: Supervisor, own_folder: Path) -> None:
    stubborn = Program(
        argv=[sys.executable, "-c", STUBBORN],
        env={},
        ready=lambda: True,
        log_file=own_folder / "stubborn.log",
    )
    supervisor.start({"stubborn": stubborn})
    pid = supervisor.pid("stubborn")
    began = time.monotonic()
    supervisor.stop(seconds_max=1)
    assert time.monotonic() - began < 3
    assert not Path(f"/proc/{pid}").exists()


def test_what_a_killed_program_started_is_ended_too(
    supervisor: Supervisor, own_folder: Path
) -> None:
    parent = Program(
        argv=[sys.executable, "-c", PARENT],
        env={"PATH": "/usr/bin:/bin"},
        ready=lambda: leash.leftovers(own_folder, "sleep") != [],
        log_file=own_folder / "parent.log",
        cwd=own_folder,
    )
    supervisor.start({"parent": parent})
    (orphan,) = leash.leftovers(own_folder, "sleep")
    supervisor.kill("parent")
    supervisor.wait_ready("parent")
    assert orphan not in leash.leftovers(own_folder, "sleep")
    supervisor.stop()
    assert leash.leftovers(own_folder, "sleep") == []


def test_a_program_that_refuses_to_start_says_why(supervisor: Supervisor, own_folder: Path) -> None:
    refusing = Program(
        argv=[sys.executable, "-c", "import sys; sys.exit('PAYMENTS_PORT: no such knob')"],
        env={},
        ready=lambda: False,
        log_file=own_folder / "refusing.log",
    )
    with pytest.raises(MemberFailed, match=r"PAYMENTS_PORT: no such"):
        supervisor.start({"payments": refusing})


def test_a_stopped_member_may_start_again_under_its_name(
    supervisor: Supervisor, honest: Start
) -> None:
    payments = honest("payments")
    supervisor.start({"payments": payments})
    supervisor.stop_one("payments")
    assert payments.pid is None
    supervisor.start({"payments": payments})
    assert payments.pid is not None


def test_postgres_comes_back_on_its_port(supervisor: Supervisor, own_folder: Path) -> None:
    server = EmbeddedPostgres(own_folder / "postgres", own_folder / "keys")
    supervisor.start({"postgres": server})
    with psycopg.connect(server.admin_url) as session:
        session.execute("CREATE TABLE promises (id int)")
    supervisor.kill("postgres")
    supervisor.wait_ready("postgres", seconds_max=15)
    with psycopg.connect(server.admin_url) as session:
        session.execute("SELECT id FROM promises")
    supervisor.stop()
    assert leash.leftovers(server.cluster, "postgres") == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_supervisor_that_ends_leaves_nobody_behind(own_folder: Path, how: signal.Signals) -> None:
    script = own_folder / "everything.py"
    script.write_text(f"""
import contextlib
from pathlib import Path
from shared.nats import EmbeddedNats
from shared.postgres import EmbeddedPostgres
from shared.supervisor import Program, Supervisor
folder = Path({str(own_folder)!r})
with contextlib.suppress(KeyboardInterrupt), Supervisor() as supervisor:
    supervisor.start({{
        "postgres": EmbeddedPostgres(folder / "postgres", folder / "keys"),
        "nats": EmbeddedNats(folder / "nats", folder / "keys"),
    }})
    program = Program(["sleep", "60"], {{"PATH": "/usr/bin:/bin"}}, lambda: True, folder / "x.log")
    supervisor.start({{"program": program}})
    pids = [supervisor.pid(name) for name in ("postgres", "nats", "program")]
    print(*pids, flush=True)
    supervisor.run_until_told()
""")
    parent = subprocess.Popen(  # noqa: S603 # Our own interpreter, our own words.
        [sys.executable, script],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    parent.stdout.close()
    assert len(pids) == 3
    parent.send_signal(how)
    ended = parent.wait(10)
    assert ended == (0 if how != signal.SIGKILL else -9)
    seconds_max = 8.0 if how == signal.SIGKILL else 0.0  # The kernel told them; they are on it.
    deadline = time.monotonic() + seconds_max
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert leash.leftovers(own_folder / "postgres/cluster", "postgres") == []
