"""The knobs of each process in the demonstration, in one place to be read side by side."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared import ports
from shared.provision import PROCESSES, Urls
from shared.supervisor import Program

ROOT: Final = Path(__file__).resolve().parent.parent
LOOPBACK: Final = "127.0.0.1"
SMPP_PASSWORD: Final = "demo2775"  # noqa: S105 # The stand-in SMS centre takes any account.

PEERS: Final = {
    "gateway": ("identification", "benefits", "payments", "notifications"),
    "identification": ("payments", "notifications", "benefits"),
    "benefits": ("identification",),
    "payments": ("benefits",),
    "notifications": ("payments",),
}


@dataclass(frozen=True)
class Where:
    """Where everything lies and listens in one demonstration."""

    folder: Path
    county: str
    county_name: str
    notice: str
    port_of: Mapping[str, int]
    smpp_port: int

    @property
    def clock(self) -> str:
        """The stated clock that processes and banks share."""
        return f"file:{self.folder / 'clock'}"

    @property
    def keys(self) -> Path:
        """The folder of all keys."""
        return self.folder / "keys"

    def url(self, process: str) -> str:
        """Where a process listens."""
        return f"http://{LOOPBACK}:{self.port_of[process]}"


def choose_ports(gateway_port: int) -> dict[str, int]:
    """The gateway's port as asked for, and free ones for the rest."""
    return {name: gateway_port if name == "gateway" else ports.free() for name in PROCESSES}


def programs(
    where: Where, databases: Mapping[str, Urls], nats_url: Mapping[str, str]
) -> dict[str, Program]:
    """The five processes, ready to be supervised."""
    return {
        name: Program(
            argv=[sys.executable, "-m", "gateway.app" if name == "gateway" else _app(name)],
            env=environment() | knobs(name, where, databases[name], nats_url.get(name)),
            ready=f"{where.url(name)}/readyz",
            log_file=where.folder / "logs" / f"{name}.log",
            cwd=ROOT,
        )
        for name in PROCESSES
    }


def environment() -> dict[str, str]:
    """What any program of ours is given of the caller's environment."""
    kept = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "PG_BIN_DIR", "NATS_SERVER_BIN")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }


def knobs(name: str, where: Where, database: Urls, nats_url: str | None) -> dict[str, str]:
    """One process's knobs, as environment variables."""
    own = {
        "county": where.county,
        "host": LOOPBACK,
        "port": str(where.port_of[name]),
        "database_url": database.runtime,
        "keys_dir": str(where.keys / name),
        "public_keys_file": str(where.keys / "public.json"),
        "files_dir": str(where.folder / "files" / name),
        "clock": where.clock,
        **{f"{peer}_url": where.url(peer) for peer in PEERS[name]},
    }
    if nats_url is not None and name != "gateway":
        own["nats_url"] = nats_url
    own |= _further(name, where)
    return {f"{name}_{knob}".upper(): value for knob, value in own.items()}


def _further(name: str, where: Where) -> dict[str, str]:
    if name == "gateway":
        return {
            "public_url": where.url("gateway"),
            "county_name": where.county_name,
            "notice": where.notice,
            "cookies_secure": "false",
            "divisions_file": str(ROOT / "demonstration" / "places" / f"{where.county}.yaml"),
        }
    if name == "identification":
        places = ROOT / "demonstration" / "places"
        return {
            "divisions_file": str(places / f"{where.county}.yaml"),
            "banks_file": str(places / f"{where.county}-banks.yaml"),
            "casework_file": str(places / f"{where.county}-casework.yaml"),
        }
    if name == "notifications":
        return {
            "sign": "青神民政",
            "smpp_host": LOOPBACK,
            "smpp_port": str(where.smpp_port),
            "smpp_system_id": "doudi",
            "smpp_password": SMPP_PASSWORD,
            "smpp_source": "10690012345",
        }
    return {}


def _app(name: str) -> str:
    return f"services.{name}.app"
