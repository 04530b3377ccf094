"""Those who keep registers, and an entry walked along its table."""

from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from shared.callers import Caller
from tests.identification.caseworkers import JPEG, staff
from tests.identification.makers import VILLAGE
from tests.identification.register import Register

LEDGERS: Final = {"registers:read", "registers:write", "complaints:receive"}
HEAD: Final = LEDGERS | {"registers:decide", "complaints:handle"}

SUN_YU = staff("sun-yu", LEDGERS, VILLAGE)
ZHOU_JIE = staff("zhou-jie", LEDGERS, VILLAGE[:9])
XU_LAN = staff("xu-lan", HEAD, VILLAGE[:9])
GAO_FEI = staff("gao-fei", HEAD | {"complaints:reporter"})
MA_CHAO = staff("ma-chao", HEAD | {"complaints:reporter"}, "511425102")
TANG_NING = staff("tang-ning", LEDGERS - {"registers:read", "complaints:receive"})
CAST: Final = (SUN_YU, ZHOU_JIE, XU_LAN, GAO_FEI, MA_CHAO, TANG_NING)


@dataclass
class Ledger:
    """One register, and the entry of it that is worked on."""

    register: Register
    kind: str
    entry: dict[str, Any] = field(default_factory=dict)
    area: str | None = None
    """Where entries about nobody belong; without one, to the area of whoever opens them."""

    @property
    def path(self) -> str:
        return f"/entries/{self.entry['entry_id']}"

    async def ask_to_open(
        self, by: Caller, *, about: tuple[str, str | None] = ("nothing", None), **words: Any
    ) -> httpx.Response:
        """Ask for a new entry; the answer as it comes."""
        kind, which = about
        said = {"about_kind": kind, "about": which, "area": self.area, "words": words}
        return await self.register.client.post(
            f"/registers/{self.kind}", json=said, headers=self.register.headers(by)
        )

    async def open(self, by: Caller, **said: Any) -> "Ledger":
        """Open an entry."""
        answer = await self.ask_to_open(by, **said)
        assert answer.status_code == 201, answer.text
        self.entry = answer.json()
        return self

    async def ask(self, by: Caller, act: str, **words: Any) -> httpx.Response:
        """Ask for an act on the entry as it was read last; the answer as it comes."""
        return await self.register.client.post(
            f"{self.path}/acts/{act}",
            json={"version": self.entry["version"], "words": words},
            headers=self.register.headers(by),
        )

    async def do(self, by: Caller, act: str, **words: Any) -> dict[str, Any]:
        """Do an act; where the entry stands then."""
        answer = await self.ask(by, act, **words)
        assert answer.status_code == 200, answer.text
        self.entry = answer.json()
        return self.entry

    async def paper(self, by: Caller, content: bytes = JPEG) -> str:
        """Put a paper on the entry."""
        answer = await self.register.client.post(
            f"{self.path}/papers", content=content, headers=self.register.headers(by)
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["paper_id"])

    async def look(self, by: Caller) -> dict[str, Any]:
        """Read the entry whole."""
        answer = await self.register.get(self.path, by)
        assert answer.status_code == 200, answer.text
        self.entry = answer.json()
        return self.entry

    async def listed(self, by: Caller, **asked: str) -> list[str]:
        """The numbers of a list."""
        answer = await self.register.get(f"/registers/{self.kind}", by, **asked)
        assert answer.status_code == 200, answer.text
        return [each["number"] for each in answer.json()["items"]]

    async def counts(self, by: Caller, **asked: str) -> dict[str, Any]:
        """The counts of the register."""
        answer = await self.register.get(f"/registers/{self.kind}/counts", by, **asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
