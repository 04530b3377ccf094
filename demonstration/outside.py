"""The parties outside the county: two pain.001 banks, a co-operative, their courier, the carrier.

Each is a program of its own, with books of its own, on ports of its own.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import httpx
import yaml
from joserfc.jwk import OKPKey

from demonstration.processes import LOOPBACK, ROOT, Where, environment
from demonstration.stand_ins import cooperative, mock_bank
from demonstration.stand_ins.bank_books import Credit
from shared import ports
from shared.secrets import write_private
from shared.supervisor import Program

PROFILES: Final = ROOT / "services" / "payments" / "banks" / "profiles"
MOCK_BANKS: Final = ("qscb", "qspb")
COOPERATIVES: Final = ("qsrcc",)


@dataclass(frozen=True)
class Outside:
    """Where they listen, and how to look into their books."""

    where: Where
    mock_bank_port: int
    cooperative_port: int
    phone_port: int
    smsc_control_port: int

    @classmethod
    def prepare(cls, where: Where) -> Self:
        """Choose ports; nothing runs yet."""
        return cls(where, ports.free(), ports.free(), ports.free(), ports.free())

    @property
    def phone_url(self) -> str:
        """The page on which the demonstration's phones show what they received."""
        return f"http://{LOOPBACK}:{self.phone_port}/"

    async def texts(self, number: str) -> list[str]:
        """What came to one of those phones, the newest last."""
        async with httpx.AsyncClient(base_url=self.phone_url, timeout=10) as phone:
            answer = await phone.get("/sms.json", params={"number": number})
        return [str(each["words"]) for each in reversed(answer.json())]

    def servers(self) -> dict[str, Program]:
        """The carrier and the banks; they stand before the county does."""
        books = self.where.folder / "outside"
        books.mkdir(parents=True, exist_ok=True, mode=0o700)
        clock = self.where.clock
        smsc = [
            sys.executable, "-m", "demonstration.stand_ins.smsc", "--port",
            str(self.where.smpp_port), "--books", str(books / "smsc.sqlite"), "--phone-port",
            str(self.phone_port), "--control-port", str(self.smsc_control_port), "--clock", clock,
        ]  # fmt: skip
        commercial = mock_bank.argv(self.mock_bank_port, books / "mock-bank.sqlite", clock)
        profiles = [PROFILES / f"{code}.yaml" for code in COOPERATIVES]
        rural = cooperative.argv(
            self.cooperative_port, books / "cooperative.sqlite", clock, profiles
        )
        return {
            "carrier": self._program("carrier", smsc, f"{self._smsc_url}/behaviour"),
            "mock-bank": self._program("mock-bank", commercial, f"{self._bank_url}/_mock/health"),
            "cooperative": self._program("cooperative", rural, f"{self._rural_url}/health"),
        }

    def set_up(self) -> None:
        """What people at a bank do before the first file: open the payer's accounts."""
        clerk = self._clerk()
        for code in MOCK_BANKS:
            profile = yaml.safe_load((PROFILES / f"{code}.yaml").read_text(encoding="utf-8"))
            clerk.open_payer_accounts(code, profile["payer"]["accounts"])
        clerk.close()

    def courier_keys(self) -> dict[str, dict[str, Any]]:
        """Each bank's public keys, by which its courier is known at the door."""
        return {code: self._public_jwks(code) for code in (*MOCK_BANKS, *COOPERATIVES)}

    def visitors(self, door: str) -> dict[str, Program]:
        """Those who come to the door: the courier."""
        folder = self.where.folder / "outside" / "courier"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        config = folder / "config.json"
        banks = [self._bank_words(code, "mock-bank", self._bank_url) for code in MOCK_BANKS]
        banks += [self._bank_words(code, "cooperative", self._rural_url) for code in COOPERATIVES]
        words = {
            "door": door,
            "folder": str(folder),
            "clock": self.where.clock,
            "county_keys": str(self.where.keys / "public.json"),
            "county_key": "payments-files",
            "every_seconds": 0.3,
            "banks": banks,
        }
        write_private(config, json.dumps(words))
        argv = [sys.executable, "-m", "demonstration.stand_ins.courier", "--config", str(config)]
        return {
            "courier": Program(
                argv=argv,
                env=environment(),
                ready=(folder / "status.json").exists,
                log_file=self.where.folder / "logs" / "courier.log",
                cwd=ROOT,
            )
        }

    def courier_status(self) -> dict[str, Any]:
        """What the courier says of itself; empty while it says nothing."""
        try:
            file = self.where.folder / "outside" / "courier" / "status.json"
            words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return words

    def books(self) -> list[Credit]:
        """Every payment in the banks' own books: the oracle of the proof."""
        clerk, rural = self._clerk(), cooperative.Cooperative(self._rural_url)
        try:
            return [*clerk.books(), *rural.books()]
        finally:
            clerk.close()
            rural.close()

    @property
    def _bank_url(self) -> str:
        return f"http://{LOOPBACK}:{self.mock_bank_port}"

    @property
    def _rural_url(self) -> str:
        return f"http://{LOOPBACK}:{self.cooperative_port}"

    @property
    def _smsc_url(self) -> str:
        return f"http://{LOOPBACK}:{self.smsc_control_port}"

    def _clerk(self) -> mock_bank.MockBank:
        db = self.where.folder / "outside" / "mock-bank.sqlite"
        return mock_bank.MockBank(self._bank_url, db)

    def _program(self, name: str, argv: list[str], ready: str) -> Program:
        log = self.where.folder / "logs" / f"{name}.log"
        return Program(argv=argv, env=environment(), ready=ready, log_file=log, cwd=ROOT)

    def _bank_words(self, code: str, kind: str, url: str) -> dict[str, str]:
        words = {
            "code": code,
            "client_id": f"{code}-courier",
            "key": str(self._key(code)),
            "profile": str(PROFILES / f"{code}.yaml"),
            "kind": kind,
            "url": url,
        }
        if kind == "mock-bank":
            words["db"] = str(self.where.folder / "outside" / "mock-bank.sqlite")
        return words

    def _key(self, code: str) -> Path:
        """A bank's own private key, as its courier holds it."""
        file = self.where.keys / "courier" / f"{code}.jwk"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            key = OKPKey.generate_key("Ed25519", {"kid": f"{code}-1", "use": "sig"})
            write_private(file, json.dumps(key.as_dict(private=True)))
        return file

    def _public_jwks(self, code: str) -> dict[str, Any]:
        key = OKPKey.import_key(json.loads(self._key(code).read_text(encoding="utf-8")))
        return {"keys": [key.as_dict(private=False)]}
