"""Calls from one process to another: by reference, in pages, with a short token of one's own."""

import ssl
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Any, Final, Self

import httpx

from shared import searching, telemetry
from shared.callers import Caller, TokenSigner
from shared.problems import PROBLEM_JSON, SpokenByPeer, Unavailable

PAGE_ITEMS: Final = 2000
CONNECT_SECONDS: Final = 2.0
ANSWER_SECONDS: Final = 60.0


class PeerUnavailable(Unavailable):
    """A process this needs is not answering; try again."""


class Peer:
    """Another process, called as oneself or for a caller who waits."""

    def __init__(
        self,
        url: str,
        audience: str,
        signer: TokenSigner,
        caller: Caller,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self._audience = audience
        self._signer = signer
        self._caller = caller
        self._client = client or httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            verify=_trusted(),
        )

    def on_behalf_of(self, caller: Caller) -> Self:
        """The same process, called for somebody else; connections are shared."""
        return type(self)("", self._audience, self._signer, caller, self._client)

    async def get(
        self, path: str, params: Mapping[str, Any] | None = None, *, search: str | None = None
    ) -> Any:
        """What lies at a path; what is searched for there stands in no address.

        Raises:
            PeerUnavailable: no answer, or a failure of the peer's own.
            SpokenByPeer: the peer refused, in its own words.
        """
        headers = searching.header(search) if search else {}
        return (await self._send("GET", path, params=_without_none(params), headers=headers)).json()

    async def get_bytes(self, path: str, params: Mapping[str, Any] | None = None) -> bytes:
        """The same, as it came."""
        return (await self._send("GET", path, params=_without_none(params))).content

    async def post(self, path: str, words: Any, *, key: str) -> Any:
        """Do something once for its key. Raises as `get`."""
        answer = await self._send("POST", path, json=words, headers={"Idempotency-Key": key})
        return answer.json() if answer.content else None

    async def pages(
        self, path: str, params: Mapping[str, Any] | None = None, *, limit: int = PAGE_ITEMS
    ) -> AsyncIterator[list[Any]]:
        """A list fetched by reference, page by page, in the order of its ids. Raises as `get`."""
        after: str | None = None
        while True:
            page = await self.get(path, {**(params or {}), "limit": limit, "after": after})
            yield page["items"]
            after = page["next"]
            if after is None:
                return

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self._signer.token(self._audience, self._caller)}",
            "X-Request-Id": telemetry.request_id.get(),
            **request.pop("headers", {}),
        }
        try:
            answer = await self._client.request(method, path, headers=headers, **request)
        except (TimeoutError, httpx.TransportError) as problem:
            raise PeerUnavailable(f"{self._audience} did not answer") from problem
        if answer.status_code < 400:
            return answer
        if answer.headers.get("content-type", "").startswith(PROBLEM_JSON):
            document = answer.json()
            if answer.status_code in (429, 503):
                raise PeerUnavailable(f"{self._audience}: {document.get('title', '')}")
            raise SpokenByPeer(answer.status_code, document)
        raise PeerUnavailable(f"{self._audience} answered {answer.status_code}")


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed, read once: a client of httpx reads the whole store anew."""
    return httpx.create_ssl_context()


def _without_none(params: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (params or {}).items() if value is not None}
