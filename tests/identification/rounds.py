"""What staff do in a campaign round: begin it, find, sign, look a second time."""

import json
from typing import Any, Final

import httpx

from shared.callers import Caller
from tests.identification.caseworkers import JPEG, LIU_QIANG, WANG_FANG, ZHANG_LI
from tests.identification.makers import VILLAGE
from tests.identification.register import Register

A_FORM: Final = JPEG + b"a form on paper"


async def found(
    register: Register, round_id: str, by: Caller = WANG_FANG, **said: Any
) -> httpx.Response:
    """What a visit found, as one of the two who were there types it."""
    words = {"serial": 1, "finding": "kept", "visited_on": "2026-10-01", **said}
    return await post(register, f"/rounds/{round_id}/findings", by, **words)


async def found_on_paper(
    register: Register, round_id: str, *visitors: Caller, content: bytes = A_FORM, **said: Any
) -> httpx.Response:
    """A form on paper, typed in by the township's head, as the gateway passes it on."""
    named = [{"person": e.person, "areas": e.areas, "until": None, **said} for e in visitors]
    return await register.client.post(
        f"/rounds/{round_id}/paper-findings",
        params={"serial": 1, "finding": "kept", "visited_on": "2026-10-01"},
        content=content,
        headers=register.headers(ZHANG_LI) | {"x-accounts-named": json.dumps(named)},
    )


async def signed(
    register: Register, round_id: str, by: Caller = LIU_QIANG, **said: Any
) -> httpx.Response:
    """The other signs it."""
    words = {"serial": 1, "finding": "kept", **said}
    path = f"/rounds/{round_id}/findings/{words.pop('serial')}/signature"
    return await post(register, path, by, **words)


async def post(register: Register, path: str, by: Caller, **words: Any) -> httpx.Response:
    return await register.client.post(path, json=words, headers=register.headers(by))


async def begun(register: Register, by: Caller = ZHANG_LI, **words: Any) -> str:
    said = {"campaign": "village-first", "year": 2026, "area": VILLAGE[:9], **words}
    answer = await post(register, "/rounds", by, **said)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["round_id"])


async def shown(register: Register, round_id: str, by: Caller = ZHANG_LI) -> dict[str, Any]:
    answer = await register.get(f"/rounds/{round_id}", by, village=VILLAGE)
    found: dict[str, Any] = answer.json()
    return found


async def checked(
    register: Register,
    round_id: str,
    serial: int,
    finding: str,
    by: Caller = ZHANG_LI,
    note: str = "",
) -> httpx.Response:
    """A second look at whom chance picked, of what was found as kept unless it was not."""
    was = next(
        each["finding"]
        for each in (await shown(register, round_id))["households"]
        if each["serial"] == serial
    )
    words = {"was": was, "finding": finding, "visited_on": "2026-10-01", "note": note}
    return await post(register, f"/rounds/{round_id}/findings/{serial}/check", by, **words)
