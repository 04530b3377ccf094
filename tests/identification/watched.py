"""Somebody of the low-income database, and the two by whose hands they come in, move and leave."""

from typing import Any, Final

import httpx

from shared.callers import Caller
from tests.identification.ledgers import Ledger
from tests.identification.makers import VILLAGE, id_number
from tests.identification.province import MA_LAN, SUN_YU, ZHOU_JIE, post
from tests.identification.register import Register

TODAY: Final = "2026-09-25"
REQUESTS: Final = "low-income-request"


def somebody(order: int, **words: Any) -> dict[str, Any]:
    """What is said of somebody who was found."""
    return {
        "name": "王小芳",
        "id_number": id_number(order, "19900303"),
        "village": VILLAGE,
        "registration": "rural",
        "group": "monitored",
        "source": "discovery",
        "signing": "signed",
        "since": TODAY,
        "reason": "走访发现",
        **words,
    }


async def ask_to_enter(register: Register, by: Caller, **said: Any) -> httpx.Response:
    """Ask that somebody be entered; the answer as it comes."""
    words = {"request": "enter", **said}
    area = words.pop("village")
    return await post(register, f"/registers/{REQUESTS}", by, area=area, words=words)


async def ask_of(
    register: Register, path: str, by: Caller, request: str, **words: Any
) -> httpx.Response:
    """Ask something of the stay somebody is in now; the answer as it comes."""
    stay = (await register.get(path, SUN_YU)).json()["current"]
    said = {"request": request, "stay_id": stay["stay_id"], **words}
    about = {"about_kind": "low-income", "about": path.rpartition("/")[2]}
    return await post(register, f"/registers/{REQUESTS}", by, **about, words=said)


async def waiting(register: Register, opened: httpx.Response) -> Ledger:
    """A request that waits for another to agree."""
    assert opened.status_code == 201, opened.text
    return Ledger(register, REQUESTS, opened.json())


async def with_paper(register: Register, by: Caller = ZHOU_JIE, **said: Any) -> Ledger:
    """A request to enter somebody, with the commitment their family signed."""
    ledger = await waiting(register, await ask_to_enter(register, by, **said))
    paper, day = await ledger.paper(by), str(register.app.state.clock.today())
    await ledger.do(by, "file-commitment", signed_on=day, commitment_id=paper)
    return ledger


async def entered(register: Register, by: Caller = ZHOU_JIE, **said: Any) -> dict[str, Any]:
    """Somebody entered by one and agreed to by another, as they stand then."""
    ledger = await with_paper(register, by, **said)
    done = await ledger.do(MA_LAN, "agree")
    found: dict[str, Any] = (await register.get(f"/low-income/{done['about']}", SUN_YU)).json()
    return found


async def act(register: Register, path: str, by: Caller, name: str, **words: str) -> httpx.Response:
    """Ask something of somebody as they stand now and have another agree: how they stand then, or
    why not."""
    opened = await ask_of(register, path, by, name, **words)
    if opened.status_code != 201:
        return opened
    agreed = await (await waiting(register, opened)).ask(MA_LAN, "agree")
    return agreed if agreed.status_code != 200 else await register.get(path, SUN_YU)
