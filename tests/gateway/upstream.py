"""A tiny real server behind the gateway: it checks our tokens, echoes, and answers as told.

`python -m tests.gateway.upstream PORT PUBLIC_KEYS_FILE FOLDER`: what FOLDER/answers.json names by
"audience METHOD /path" is answered so; anything else is echoed. What came is a line of came.jsonl.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send

from shared.callers import TokenReader
from shared.problems import PROBLEM_JSON, Problem

SERVICES = ("identification", "benefits", "payments", "notifications")


class Upstream:
    """The server, as a bare ASGI application."""

    def __init__(self, keys_file: Path, folder: Path) -> None:
        everything = {"gateway": frozenset({"*"})}
        self._readers = {name: TokenReader.open(name, keys_file, everything) for name in SERVICES}
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] == "/endless":
            await _break_off(send)
            return
        size, digest, more = 0, hashlib.sha256(), True
        body = b""
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            chunk = message.get("body", b"")
            size += len(chunk)
            digest.update(chunk)
            if size < 100_000:
                body += chunk
            more = message.get("more_body", False)
        echo = {
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode(),
            "headers": headers,
            "size": size,
            "sha256": digest.hexdigest(),
            "body": body.decode("utf-8", "replace") if size < 100_000 else "",
            **self._caller(headers.get("authorization", "")),
        }
        with (self._folder / "came.jsonl").open("a", encoding="utf-8") as book:
            book.write(json.dumps(echo) + "\n")
        status, words, more_headers = self._answer(echo)
        await _say(send, status, words, more_headers)

    def _caller(self, authorization: str) -> dict[str, Any]:
        token = authorization.removeprefix("Bearer ")
        for name, reader in self._readers.items():
            try:
                caller = reader.read(token)
            except Problem:
                continue
            return {
                "audience": name,
                "subject": caller.subject,
                "person": caller.person,
                "kind": caller.kind.value,
                "scopes": sorted(caller.scopes),
                "areas": list(caller.areas),
            }
        return {"audience": None}

    def _answer(self, echo: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        told = json.loads((self._folder / "answers.json").read_text("utf-8"))
        found = told.get(f"{echo['audience']} {echo['method']} {echo['path']}")
        if found is None:
            return 200, echo, {}
        return found.get("status", 200), found["words"], found.get("headers", {})


async def _say(send: Send, status: int, words: Any, headers: dict[str, str]) -> None:
    body = json.dumps(words, ensure_ascii=False).encode()
    media_type = PROBLEM_JSON if status >= 400 else "application/json"
    heads = {"content-type": media_type, "server": "secret/1.0", "set-cookie": "x=1", **headers}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.encode(), value.encode()) for name, value in heads.items()]
            + [(b"content-length", str(len(body)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def _break_off(send: Send) -> None:
    head = [(b"content-length", b"1000000"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
    raise ConnectionAbortedError


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


if __name__ == "__main__":
    uvicorn.run(
        Upstream(Path(sys.argv[2]), Path(sys.argv[3])),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="critical",
        server_header=False,
    )
