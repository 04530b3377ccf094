"""Feeds: lists of other departments, delivered by file or in chunks, and what became of them."""

import asyncio
import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification.api import uploads
from services.identification.api.patterns import MONTH
from services.identification.comparison import deliveries, hits, keyed_files, precedence, sent
from services.identification.comparison.deliveries import Announced
from services.identification.comparison.feeds import Feed
from services.identification.comparison.precedence import Kept
from services.identification.comparison.rows import ListUnreadable
from services.identification.sealed_files import SealedWriter, seal, unseal
from services.identification.settings import Settings
from shared import crash_points
from shared.callers import Caller, Kind, needs
from shared.database import new_id
from shared.kept import Day
from shared.months import Month
from shared.problems import Forbidden, TooLarge
from shared.routes import After, CommittedRoute, Now, Reading, StreamedRoute, Transaction

streamed = APIRouter(route_class=StreamedRoute)
plain = APIRouter(route_class=CommittedRoute)

BOTH: Final = (Kind.STAFF, Kind.PARTNER)
Deliverer = Annotated[Caller, needs("feeds:deliver", kinds=BOTH)]
Reader = Annotated[Caller, needs("feeds:read", "feeds:deliver", kinds=BOTH)]
Comparer = Annotated[Caller, needs("comparisons:make", kinds=(Kind.STAFF,))]
AsOf = Annotated[Day, Query()]
OfMonth = Annotated[str, Query(pattern=MONTH)]
CHUNKS_MAX: Final = 5_000


_Name = Annotated[str, Field(max_length=100)]
_Cell = Annotated[str, Field(max_length=2000)]


class CountyWideOnly(Forbidden):
    """A list speaks of the whole county; only county staff, and who sends it, may work with it."""


class ListTooLarge(TooLarge):
    """The list is larger than is accepted."""


class Opening(BaseModel):
    """A delivery that will come in chunks, or that has nobody to name."""

    model_config = ConfigDict(extra="forbid")

    month: Month
    as_of: Day


class Acceptance(BaseModel):
    """Why a list that was brought counts before the agency's own that was seen."""

    model_config = ConfigDict(extra="forbid")

    over: UUID
    because: str = Field(min_length=2, max_length=400, pattern=r"^[^\x00-\x08]*$")


class Chunk(BaseModel):
    """Some rows of a delivery: each an object of the feed's columns."""

    model_config = ConfigDict(extra="forbid")

    rows: list[dict[_Name, _Cell | int | None]] = Field(
        min_length=1, max_length=deliveries.CHUNK_ROWS_MAX
    )


class Closing(BaseModel):
    """How many chunks were sent, and whether they say what the last ones said."""

    model_config = ConfigDict(extra="forbid")

    chunks: int = Field(ge=1, le=CHUNKS_MAX)
    unchanged: bool = False


@plain.get("/feeds")
async def feeds(request: Request, session: Reading, caller: Reader) -> dict[str, Any]:
    """Every feed the caller has to do with: whose it is, how old it may be, what came last."""
    county_wide(caller)
    today = request.app.state.clock.today()
    kept = await precedence.of_month(session, caller.county)
    mine = [
        feed
        for feed in request.app.state.feeds.values()
        if caller.kind == Kind.STAFF or f"feed:{feed.name}" in caller.areas
    ]
    files_dir = request.app.state.settings.files_dir
    return {
        "items": [
            {
                **_feed(feed, known := kept.get(feed.name), today),
                "reach": await asyncio.to_thread(_reach, files_dir, feed, known),
            }
            for feed in mine
        ]
    }


@plain.get("/feeds/{feed}/deliveries")
async def latest(feed: str, request: Request, session: Reading, caller: Reader) -> dict[str, Any]:
    """The last deliveries of a feed, the newest first."""
    found = _feed_of(request, feed, caller)
    rows = await deliveries.of_feed(session, caller.county, found)
    return {"items": [deliveries.words(row) for row in rows]}


@streamed.post("/feeds/{feed}/deliveries", status_code=202)
async def receive(
    feed: str,
    request: Request,
    session: Transaction,
    caller: Deliverer,
    now: Now,
    month: OfMonth,
    as_of: AsOf,
    unchanged: bool = False,
) -> dict[str, Any]:
    """Take a list in as a file; the same file sent again is the same delivery, and a list that is
    said to be unchanged is one of a newer day."""
    found = _feed_of(request, feed, caller)
    settings: Settings = request.app.state.settings
    delivery_id = new_id()
    path = sent.path_of(settings.files_dir, delivery_id)
    with SealedWriter(path, request.app.state.keys, sent.purpose(delivery_id)) as file:
        bytes_max = settings.upload_bytes_max
        too_large = ListTooLarge(bytes_max=bytes_max)
        upload = await uploads.pour(request, file, bytes_max, too_large)
        uploads.check_whole(request, upload, ListUnreadable)
        await asyncio.to_thread(file.finish)
    crash_points.reach("identification.feed-uploaded")
    said = Announced(Month.parse(month), as_of, unchanged)
    row = await deliveries.receive(
        session,
        caller,
        found,
        said,
        delivery_id,
        upload.sha256,
        upload.size,
        now,
        request.app.state.clock.today(),
    )
    if row.id != delivery_id:
        path.unlink()
    return deliveries.words(row)


@plain.post("/feeds/{feed}/empty-deliveries", status_code=202)
async def say_nobody(
    feed: str, words: Opening, request: Request, session: Transaction, caller: Deliverer, now: Now
) -> dict[str, Any]:
    """Take it that an office has nobody to name; without its word no empty list counts."""
    found = _feed_of(request, feed, caller)
    said = Announced(words.month, words.as_of)
    today = request.app.state.clock.today()
    return deliveries.words(await deliveries.say_nobody(session, caller, found, said, now, today))


@plain.post("/feeds/{feed}/chunked-deliveries", status_code=201)
async def open_chunked(
    feed: str, words: Opening, request: Request, session: Transaction, caller: Deliverer, now: Now
) -> dict[str, Any]:
    """Open a delivery that comes in chunks."""
    found = _feed_of(request, feed, caller)
    said = Announced(words.month, words.as_of)
    today = request.app.state.clock.today()
    row = await deliveries.open_chunked(session, caller, found, said, now, today)
    return deliveries.words(row)


@plain.post("/feeds/{feed}/chunked-deliveries/{delivery_id}/chunks/{number}")
async def add_chunk(
    feed: str,
    delivery_id: UUID,
    number: int,
    words: Chunk,
    request: Request,
    session: Transaction,
    caller: Deliverer,
) -> dict[str, int]:
    """Take one chunk in; sent again it replaces itself, which is audited."""
    found = _feed_of(request, feed, caller)
    delivery = await deliveries.open_one(session, caller, delivery_id, found)
    if not 1 <= number <= CHUNKS_MAX:
        raise ListUnreadable(f"一份名单最多{CHUNKS_MAX}段")
    path = sent.path_of(request.app.state.settings.files_dir, delivery_id, number)
    if path.exists():
        await deliveries.replaced(session, caller, found, delivery, number)
    content = json.dumps(words.rows, ensure_ascii=False).encode()
    purpose = sent.purpose(delivery_id, number)
    await asyncio.to_thread(seal, path, request.app.state.keys, purpose, content)
    return {"number": number, "rows": len(words.rows)}


@plain.post("/feeds/{feed}/chunked-deliveries/{delivery_id}/closing")
async def close(
    feed: str,
    delivery_id: UUID,
    words: Closing,
    request: Request,
    session: Transaction,
    caller: Deliverer,
    now: Now,
) -> dict[str, Any]:
    """Say that everything was sent; from then on it goes as a file does.

    Raises:
        ChunksMissing: naming those that did not come.
        ChunksUncounted: naming those that came besides.
    """
    found = _feed_of(request, feed, caller)
    await deliveries.open_one(session, caller, delivery_id, found)
    files, keys = request.app.state.settings.files_dir, request.app.state.keys
    paths = {
        number: sent.path_of(files, delivery_id, number) for number in range(1, words.chunks + 1)
    }
    if missing := [number for number, path in paths.items() if not path.exists()]:
        raise deliveries.ChunksMissing(f"{len(missing)}", missing=missing[:100])
    if more := sorted(sent.chunks_of(files, delivery_id) - paths.keys()):
        raise deliveries.ChunksUncounted(f"{len(more)}", uncounted=more[:100])

    def digest() -> tuple[str, int]:
        total, size = sha256(), 0
        for number, path in paths.items():
            content = unseal(path, keys, sent.purpose(delivery_id, number))
            total.update(content)
            size += len(content)
        return total.hexdigest(), size

    file_sha256, size = await asyncio.to_thread(digest)
    row = await deliveries.close(
        session,
        caller,
        found,
        delivery_id,
        words.chunks,
        file_sha256,
        size,
        now,
        unchanged=words.unchanged,
    )
    return deliveries.words(row)


@plain.get("/feeds/{feed}/deliveries/{delivery_id}")
async def one(
    feed: str,
    delivery_id: UUID,
    request: Request,
    session: Reading,
    caller: Reader,
    after: After = 0,
) -> dict[str, Any]:
    """A delivery with its counts, and the rows that were not kept: where and why, never what."""
    found = _feed_of(request, feed, caller)
    row = await deliveries.one(session, delivery_id, found)
    shown = await deliveries.rejects(session, delivery_id, after)
    ahead = await precedence.ahead_of(session, row)
    return {
        **deliveries.words(row),
        "behind": deliveries.words(ahead) if ahead else None,
        "reject_reasons": await deliveries.reject_reasons(session, delivery_id),
        "rejects": [
            {"row": each.row, "column": each.column, "reason": each.reason} for each in shown
        ],
        "next": shown[-1].row if len(shown) == deliveries.SHOWN_MAX else None,
    }


@plain.post("/feeds/{feed}/deliveries/{delivery_id}/acceptance")
async def accept(
    feed: str,
    delivery_id: UUID,
    words: Acceptance,
    request: Request,
    session: Transaction,
    caller: Comparer,
    now: Now,
) -> dict[str, Any]:
    """Let a list that another brought count before the agency's own."""
    found = _feed_of(request, feed, caller)
    row = await precedence.accept(
        session, caller, found, delivery_id, words.over, words.because, now
    )
    return deliveries.words(row)


def _feed(feed: Feed, kept: Kept | None, today: date) -> dict[str, Any]:
    last, waits = (kept.counts, kept.waits) if kept else (None, None)
    return {
        "feed": feed.name,
        "name": {"zh": feed.zh, "en": feed.en},
        "owner": {"zh": feed.owner_zh, "en": feed.owner_en},
        "fresh_days": feed.fresh_days,
        "when_stale": feed.when_stale.value,
        "may_be_empty": feed.may_be_empty,
        "columns": [
            {
                "column": column.name,
                "headings": list(column.headings),
                "is": column.kind.value,
                "optional": column.optional,
            }
            for column in feed.columns.values()
        ],
        "last": deliveries.words(last) if last else None,
        "fresh": last is not None and feed.is_fresh(last.as_of, today),
        "waits": deliveries.words(waits) if waits else None,
    }


def _reach(files_dir: Path, feed: Feed, kept: Kept | None) -> dict[str, Any] | None:
    """How far back the list that counts reaches, where its facts are of so many months."""
    last = kept.counts if kept else None
    if last is None or feed.within is None:
        return None
    column, months = feed.within
    said = keyed_files.earliest(keyed_files.path_of(files_dir, last.id), column)
    if said is None:
        return None
    since = hits.month_of(said)
    asked_since = Month.parse(last.month).plus(-months)
    return {"months": months, "since": str(since), "short": since > asked_since}


def _feed_of(request: Request, name: str, caller: Caller) -> Feed:
    county_wide(caller)
    return deliveries.feed_of(request.app.state.feeds, name, caller)


def county_wide(caller: Caller) -> None:
    """Refuse officers of a part of the county; an agency has its own lists alone.

    Raises:
        CountyWideOnly: the caller is such an officer.
    """
    if caller.kind == Kind.STAFF and not caller.may_see(caller.county):
        raise CountyWideOnly()
