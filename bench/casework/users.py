"""Officers at once, each asking one thing after another, with or without time to read between."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import aiohttp

from bench.casework.county import COUNTY, Known
from services.identification import names
from shared import searching
from shared.callers import Caller, Kind, TokenSigner

SCOPES = frozenset({"people:read", "cases:read", "cases:accept", "cases:survey", "cases:review"})


def questions(known: Sequence[Known], rng: Random) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What an officer asks, for ever: the kind of question, its path and its words."""
    while True:
        one = rng.choice(known)
        yield "queue", "/cases", {}
        yield "what waits, counted", "/case-queues", {}
        yield "queue of a village", "/cases", {"village": one.village}
        yield "overdue", "/cases", {"overdue": "true"}
        yield "case by village", "/cases", {"query": one.village}
        yield "case by name", "/cases", {"query": one.name}
        yield "case by pinyin", "/cases", {"query": names.sort_key(one.name)}
        yield "case by ID number", "/cases", {"query": one.id_number}
        yield "case by receipt", "/cases", {"query": one.receipt}
        yield "person by name", "/people", {"query": one.name}
        yield "person by ID number", "/people", {"query": one.id_number}


async def ask(
    url: str,
    signer: TokenSigner,
    known: Sequence[Known],
    users: int,
    seconds: float,
    seed: int,
    pause: float = 0.0,
) -> dict[str, list[float]]:
    """So many officers for so long, each reading an answer for `pause` seconds before asking on;
    by kind of question, the milliseconds each answer took."""
    took: dict[str, list[float]] = {}
    until = time.monotonic() + seconds
    async with aiohttp.ClientSession(url) as client:
        officers = (
            _officer(client, signer, known, each, seed, until, pause, took) for each in range(users)
        )
        await asyncio.gather(*officers)
    return took


async def _officer(
    client: aiohttp.ClientSession,
    signer: TokenSigner,
    known: Sequence[Known],
    number: int,
    seed: int,
    until: float,
    pause: float,
    took: dict[str, list[float]],
) -> None:
    """One officer: of the county, or of a town; their token is renewed as the gateway would."""
    rng = Random(seed * 1000 + number)  # noqa: S311  # The same questions each time.
    home = rng.choice(known).village
    area = COUNTY if number % 4 == 0 else home[:9]
    caller = Caller(f"staff:{seed}-{number}", Kind.STAFF, COUNTY, str(number), SCOPES, (area,))
    mine = [each for each in known if each.village.startswith(area)]
    asked = questions(mine, rng)
    for _ in range(rng.randint(0, 8)):
        next(asked)
    while time.monotonic() < until:
        kind, path, words = next(asked)
        headers = {"Authorization": f"Bearer {signer.token('identification', caller)}"}
        began = time.perf_counter()
        if query := words.pop("query", None):
            headers |= searching.header(query)
        async with client.get(path, params=words, headers=headers) as answer:
            body = await answer.read()
        took.setdefault(kind, []).append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{path} was answered with {answer.status}: {body[:300]!r}")
        await asyncio.sleep(pause * rng.uniform(0.5, 1.5))


def row(kind: str, took: Sequence[float]) -> dict[str, Any]:
    """How long answers of a kind took."""
    ranks = statistics.quantiles(took, n=100)
    return {
        "asked": kind,
        "answers": len(took),
        "p50_ms": round(ranks[49], 1),
        "p95_ms": round(ranks[94], 1),
        "p99_ms": round(ranks[98], 1),
    }
