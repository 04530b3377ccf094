"""The credit co-operative: takes delimited files of any agreed profile, keeps books, answers.

`python -m demonstration.stand_ins.cooperative --port N --db FILE --clock file:PATH --profile YAML`
(--profile again for every further bank it plays)

What it does with a file: reads it whole or refuses it whole, books it and its payments in one
transaction, and answers on the pay day; payments that come back do so two days later. Its books,
its day and its messages are in one SQLite file: a kill at any moment loses nothing it answered for.
Like the simulator an auditor wants, it pays a batch number it knows again, unless told not to.

Doors: POST /files/{bank}?name= (bytes); GET /files/{bank}/{batch}; GET /messages/{bank}?after=ID;
GET /messages/{bank}/{id}; POST /messages/{bank}/{id}/again; GET, POST /day {"to"}; GET /books;
GET, PUT /mood {"silent", "slow_seconds", "wrong", "refuse_repeats"}; GET /health.
"""

import argparse
import asyncio
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx
from aiohttp import web

from demonstration.stand_ins.bank_books import Credit
from demonstration.stand_ins.bank_files import FileRefused, agreed
from demonstration.stand_ins.cooperative_books import CooperativeBooks, Mood
from shared.clock import Clock

_BODY_BYTES_MAX: Final = 64 * 1024 * 1024
_SILENCE_SECONDS: Final = 3600


def argv(port: int, db: Path, clock: str, profiles: list[Path]) -> list[str]:
    """How it is started, from the root of the repository."""
    words = [sys.executable, "-m", "demonstration.stand_ins.cooperative", "--port", str(port)]
    words += ["--db", str(db), "--clock", clock]
    for profile in profiles:
        words += ["--profile", str(profile)]
    return words


class Cooperative:
    """The co-operative as others speak to it."""

    def __init__(self, url: str, timeout_seconds: float = 20) -> None:
        self._http = httpx.Client(base_url=url, timeout=timeout_seconds, trust_env=False)

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def today(self) -> date:
        """Its banking day."""
        return date.fromisoformat(self._http.get("/day").raise_for_status().json()["day"])

    def advance_to(self, day: date) -> date:
        """Let the days pass until `day`; the day it has come to."""
        told = self._http.post("/day", json={"to": day.isoformat()}).raise_for_status()
        return date.fromisoformat(told.json()["day"])

    def hand_in(self, bank: str, file: bytes, name: str) -> dict[str, Any]:
        """A file for it to book; what it says, a refusal in words included."""
        reply = self._http.post(f"/files/{bank}", params={"name": name}, content=file)
        if reply.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
            reply.raise_for_status()
        answer: dict[str, Any] = reply.json()
        return answer

    def has(self, bank: str, batch: str) -> bool:
        """Whether it has booked this batch."""
        reply = self._http.get(f"/files/{bank}/{batch}")
        if reply.status_code == httpx.codes.NOT_FOUND:
            return False
        reply.raise_for_status()
        return True

    def messages(self, bank: str, after: int) -> list[tuple[int, str, bytes]]:
        """Id, name and bytes of what it has said since a message."""
        listed = self._http.get(f"/messages/{bank}", params={"after": after}).raise_for_status()
        return [
            (
                row["id"],
                row["name"],
                self._http.get(f"/messages/{bank}/{row['id']}").raise_for_status().content,
            )
            for row in listed.json()
        ]

    def say_again(self, bank: str, identity: int) -> None:
        """Have a message made once more."""
        self._http.post(f"/messages/{bank}/{identity}/again").raise_for_status()

    def be(self, **mood: Any) -> None:
        """Have it behave."""
        self._http.put("/mood", json=mood).raise_for_status()

    def books(self) -> list[Credit]:
        """Every payment in its books, oldest first."""
        rows = self._http.get("/books").raise_for_status().json()
        return [Credit(**row) for row in rows]


class Doors:
    """What it answers at its doors."""

    def __init__(self, books: CooperativeBooks) -> None:
        self._books = books

    def application(self) -> web.Application:
        """All doors."""
        doors = web.Application(client_max_size=_BODY_BYTES_MAX)
        doors.add_routes(
            [
                web.post("/files/{bank}", self.take),
                web.get("/files/{bank}/{batch}", self.known),
                web.get("/messages/{bank}", self.messages),
                web.get("/messages/{bank}/{id}", self.message),
                web.post("/messages/{bank}/{id}/again", self.again),
                web.get("/day", self.day),
                web.post("/day", self.advance),
                web.get("/books", self.credits),
                web.get("/mood", self.mood),
                web.put("/mood", self.behave),
                web.get("/health", self.health),
            ]
        )
        return doors

    async def take(self, request: web.Request) -> web.Response:
        """A payment file."""
        content, name = await request.read(), request.query.get("name", "")
        try:
            answer = self._books.take(request.match_info["bank"], content, name)
        except FileRefused as refusal:
            return web.json_response({"refused": str(refusal)}, status=422)
        mood = self._books.mood
        await asyncio.sleep(_SILENCE_SECONDS if mood.silent else mood.slow_seconds)
        return web.json_response(answer, status=202)

    async def known(self, request: web.Request) -> web.Response:
        """Whether a batch is in the books."""
        bank, batch = request.match_info["bank"], request.match_info["batch"]
        if not self._books.has(bank, batch):
            return web.json_response({"error": "never heard of it"}, status=404)
        return web.json_response({"batch": batch})

    async def messages(self, request: web.Request) -> web.Response:
        """What it has said since a message."""
        bank, after = request.match_info["bank"], int(request.query.get("after", "0"))
        said = [] if self._books.mood.silent else self._books.messages(bank, after)
        return web.json_response(said)

    async def message(self, request: web.Request) -> web.Response:
        """One message's bytes."""
        body = self._books.message(request.match_info["bank"], int(request.match_info["id"]))
        if body is None:
            return web.json_response({"error": "no such message"}, status=404)
        return web.Response(body=body, content_type="application/octet-stream")

    async def again(self, request: web.Request) -> web.Response:
        """A message once more, from the books."""
        bank, identity = request.match_info["bank"], int(request.match_info["id"])
        said = self._books.say_again(bank, identity)
        return web.json_response({"id": said}, status=404 if said is None else 201)

    async def day(self, _: web.Request) -> web.Response:
        """Its banking day."""
        return web.json_response({"day": self._books.day.isoformat()})

    async def advance(self, request: web.Request) -> web.Response:
        """Days passing."""
        self._books.advance_to(date.fromisoformat((await request.json())["to"]))
        return await self.day(request)

    async def credits(self, _: web.Request) -> web.Response:
        """Every payment in the books."""
        return web.json_response([credit.words() for credit in self._books.credits()])

    async def mood(self, _: web.Request) -> web.Response:
        """How it behaves."""
        return web.json_response(asdict(self._books.mood))

    async def behave(self, request: web.Request) -> web.Response:
        """Be told how to."""
        try:
            self._books.be(Mood.of(await request.json()))
        except (TypeError, ValueError) as problem:
            return web.json_response({"error": str(problem)}, status=422)
        return await self.mood(request)

    async def health(self, _: web.Request) -> web.Response:
        """That it is there."""
        return web.json_response({"status": "ok"})


def main() -> None:
    """Open the doors on this machine only."""
    parser = argparse.ArgumentParser(prog="cooperative")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--clock", required=True, help='"system" or "file:/path"')
    parser.add_argument("--profile", type=Path, action="append", required=True)
    told = parser.parse_args()
    books = CooperativeBooks(
        told.db, [agreed(path) for path in told.profile], Clock.open(told.clock).today()
    )
    try:
        doors = Doors(books).application()
        web.run_app(doors, host="127.0.0.1", port=told.port, print=None, shutdown_timeout=1)
    finally:
        books.close()


if __name__ == "__main__":
    main()
