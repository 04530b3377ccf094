"""A member of staff at the gateway: signs in by the form, acts, and tries again with the same key.

A process that is killed and comes back costs a wait here, never a second act.
"""

import asyncio
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final, Self

import httpx

from shared import searching

PATIENCE_SECONDS: Final = 90.0
PAUSE_SECONDS: Final = 0.5
CHUNK_BYTES: Final = 1 << 20
API: Final = "/api/v1"

_HIDDEN: Final = re.compile(r'name="(csrf|key)" value="([^"]+)"')
_COMES_BACK: Final = frozenset({429, 502, 503, 504})


class DeskRefused(Exception):
    """The county refused an act; the text is its own."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        title, detail = document.get("title", ""), document.get("detail", "")
        faults = document.get("faults", [])
        said = ": ".join(str(part) for part in (title, detail, *faults[:3]) if part)
        super().__init__(f"{status} {said}")
        self.status = status
        self.kind = str(document.get("type", "")).removeprefix("/problems/")
        self.document = document


class Desk:
    """One signed-in account."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.name = name
        self._password = password
        self._csrf = ""
        self._client = httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(300, connect=5))

    async def __aenter__(self) -> Self:
        await self.sign_in()
        return self

    async def __aexit__(self, *_ended: object) -> None:
        await self._client.aclose()

    async def sign_in(self) -> None:
        """Sign in as a person would: open the form, send it, and keep the cookie."""
        page = await self._patiently("GET", "/staff/sign-in")
        hidden = dict(_HIDDEN.findall(page.text))
        words = {**hidden, "name": self.name, "password": self._password}
        answer = await self._patiently("POST", "/staff/sign-in", data=words)
        if answer.status_code != 303:
            raise DeskRefused(answer.status_code, {"title": f"{self.name} could not sign in"})
        self._csrf = answer.headers["x-csrf-token"]

    async def get(self, path: str, *, search: str = "", **params: Any) -> Any:
        """What lies at a path of the API; whom is searched for stands in no address."""
        headers = searching.header(search) if search else {}
        return self._said(await self._patiently("GET", API + path, params=params, headers=headers))

    async def page(self, path: str) -> httpx.Response:
        """A page as a browser finds it."""
        return await self._patiently("GET", path)

    async def get_bytes(self, path: str) -> bytes:
        """The same, as it came."""
        answer = await self._patiently("GET", API + path)
        if answer.is_error:
            self._said(answer)
        return answer.content

    async def post(self, path: str, words: Any, *, key: str) -> Any:
        """Do something, once for its key however often it must be sent."""
        headers = {"Idempotency-Key": key, "X-CSRF-Token": self._csrf}
        return self._said(await self._patiently("POST", API + path, json=words, headers=headers))

    async def send(
        self, path: str, content: bytes, media_type: str, *, key: str, **params: str
    ) -> Any:
        """Hand over a paper or a small list, once for its key."""
        headers = {
            "Idempotency-Key": key,
            "X-CSRF-Token": self._csrf,
            "Content-Type": media_type,
        }
        return self._said(
            await self._patiently(
                "POST", API + path, content=content, headers=headers, params=params
            )
        )

    async def upload(self, path: str, file: Path, media_type: str, *, key: str, **said: str) -> Any:
        """Send a file as a stream, with what is said of it."""
        headers = {
            "Idempotency-Key": key,
            "X-CSRF-Token": self._csrf,
            "Content-Type": media_type,
            **_described(file),
        }
        deadline = _now() + PATIENCE_SECONDS
        while True:
            try:
                answer = await self._client.post(
                    API + path,
                    content=_chunks(file),
                    headers=headers,
                    params={"name": file.name, **said},
                )
                if answer.status_code not in _COMES_BACK or _now() > deadline:
                    return self._said(answer)
            except httpx.TransportError:
                if _now() > deadline:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)

    async def _patiently(self, method: str, path: str, **request: Any) -> httpx.Response:
        deadline = _now() + PATIENCE_SECONDS
        while True:
            try:
                answer = await self._client.request(method, path, **request)
                if answer.status_code not in _COMES_BACK or _now() > deadline:
                    return answer
            except httpx.TransportError:
                if _now() > deadline:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)

    @staticmethod
    def _said(answer: httpx.Response) -> Any:
        if not answer.is_error:
            return answer.json() if answer.content else None
        try:
            document = answer.json()
        except ValueError:
            document = {"title": answer.reason_phrase}
        raise DeskRefused(answer.status_code, document)


class Desks:
    """Accounts at one door, each signed in once, when it is first needed."""

    def __init__(self, url: str, password_of: Callable[[str], str]) -> None:
        self._url, self._password_of = url, password_of
        self._signed_in: dict[str, Desk] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_ended: object) -> None:
        await self._open.aclose()

    async def of(self, name: str) -> Desk:
        """The desk of an account."""
        if name not in self._signed_in:
            desk = Desk(self._url, name, self._password_of(name))
            self._signed_in[name] = await self._open.enter_async_context(desk)
        return self._signed_in[name]


def _described(file: Path) -> dict[str, str]:
    """What a file's sender declares of it: its length and its digest (RFC 9530)."""
    with file.open("rb") as content:
        digest = file_digest(content, "sha256").digest()
    return {
        "Content-Length": str(file.stat().st_size),
        "Content-Digest": f"sha-256=:{b64encode(digest).decode()}:",
    }


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as content:
        while chunk := content.read(CHUNK_BYTES):
            yield chunk


def _now() -> float:
    return asyncio.get_running_loop().time()
