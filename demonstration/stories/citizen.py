"""Somebody applies at their own phone: proves it by the code that came, writes, and hands in."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx

from demonstration.desk import API, DeskRefused
from demonstration.staff import VILLAGE
from demonstration.stories.papers import a_page

Texts = Callable[[str], Awaitable[list[str]]]
"""What came to a telephone, the newest last."""

WHO: Final = {"name": "林小芳", "id_number": "51113019920315986X", "phone": "19912345678"}
TEXT_SECONDS_MAX: Final = 30
_HIDDEN: Final = re.compile(r'name="(csrf|key)" value="([^"]+)"')
_CODE: Final = re.compile(r"验证码\s*(\d{6})")


async def apply(door: str, texts: Texts) -> None:
    """An application handed in from a phone; every post has its key, so there is one.

    Raises:
        DeskRefused: the county refused it.
    """
    async with httpx.AsyncClient(base_url=door, timeout=60) as phone:
        csrf = await _signed_in(phone, texts)
        words = {"category": "dibao", "village": VILLAGE}
        case = f"/my/cases/{(await _post(phone, csrf, '/my/cases', words))['case_id']}"
        for part, said in (
            ("home", {"registration": "rural", "address": "柳溪村8组"}),
            ("hardship", {"reason": "摔伤以后干不了活，家里没有别的收入"}),
        ):
            await _post(phone, csrf, f"{case}/parts/{part}", said)
        for kind in ("id-card", "household-register"):
            page = a_page(kind, WHO["name"])
            await _post(phone, csrf, f"{case}/papers", page, kind=kind)
        await _post(phone, csrf, f"{case}/acts/submit", {"words": {}})


async def _signed_in(phone: httpx.AsyncClient, texts: Texts) -> str:
    """The key by which this browser's posts are known, once a code was said back."""
    before = len(await _codes(texts))
    answer = await _form(phone, "/apply/sign-in", **WHO)
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise DeskRefused(answer.status_code, {"title": "no code is sent"})
    for _ in range(TEXT_SECONDS_MAX * 4):
        if len(codes := await _codes(texts)) > before:
            break
        await asyncio.sleep(0.25)
    else:
        raise DeskRefused(answer.status_code, {"title": "no code came to the telephone"})
    answer = await _form(phone, answer.headers["location"], to="/sign-in/code", code=codes[-1])
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise DeskRefused(answer.status_code, {"title": "the code was not taken"})
    return str(answer.headers["x-csrf-token"])


async def _codes(texts: Texts) -> list[str]:
    """The codes that came to the telephone, the newest last."""
    return [code for words in await texts(WHO["phone"]) for code in _CODE.findall(words)]


async def _form(
    browser: httpx.AsyncClient, page: str, *, to: str | None = None, **words: str
) -> httpx.Response:
    hidden = dict(_HIDDEN.findall((await browser.get(page)).text))
    return await browser.post(to or page, data={**hidden, **words})


async def _post(
    phone: httpx.AsyncClient, csrf: str, path: str, said: Any, **params: str
) -> dict[str, Any]:
    headers = {"X-CSRF-Token": csrf, "Idempotency-Key": f"story-phone-{path}-{params}"}
    body: dict[str, Any] = {"content": said} if isinstance(said, bytes) else {"json": said}
    answer = await phone.post(API + path, headers=headers, params=params, **body)
    if answer.is_error:
        raise DeskRefused(answer.status_code, answer.json())
    done: dict[str, Any] = answer.json()
    return done
