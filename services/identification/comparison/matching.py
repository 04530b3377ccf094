"""One comparison's matching: the kept lists joined with the people, judged by the law, and the
alerts brought into the database in one transaction."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
import pyarrow as pa
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from policies.reading.facts import Fact
from services.identification.comparison import (
    alert_facts,
    apart,
    coming_again,
    comparisons,
    hits,
    watching,
)
from services.identification.comparison.alert_lines import COLUMNS, Line
from services.identification.comparison.coming_again import Again, Before
from services.identification.comparison.feeds import Feed
from services.identification.comparison.hits import Hits, Ints, People, Span
from services.identification.comparison.kinds import Kinds
from services.identification.comparison.population import Origin
from services.identification.comparison.supporters import HOUSEHOLDS
from services.identification.comparison.watching import Raised, Watched
from services.identification.laws import SUPPORT
from services.identification.models import Comparison
from services.identification.place_settings import PlaceSettings
from services.identification.sealed_files import seal, unseal
from shared import audit
from shared.contracts.identification import PersonDisputed
from shared.database import copy_lines, copy_rows, new_id
from shared.ids import new_ids
from shared.months import Month
from shared.outbox import announce_all
from shared.secrets import KeyRing

_FEED: Final = (
    "county", "id", "comparison_id", "attempt", "feed", "delivery_id", "standing", "entries",
    "entries_matched", "entries_only_there", "people_matched", "people_only_here",
)  # fmt: skip
_NOTHING: Final = r"\N"
_ON_NO_LIST: Final = 0
"""What an alert rests on that rests on no row of a list."""


class Unsound(Exception):
    """What was found cannot be right; nothing of it is written. The text says how."""


@dataclass(frozen=True)
class Supported:
    """What was found of whoever supports households from elsewhere."""

    people: People
    watched: Watched


@dataclass(frozen=True)
class Compared:
    """What a comparison found, before anything of it is written."""

    people: People
    hits: Mapping[str, Hits]
    watched: Watched
    facts: Mapping[str, Fact]
    apart: Mapping[str, Ints]
    supported: Supported | None = None

    @property
    def parts(self) -> Sequence[tuple[People, Watched]]:
        """Our own people, and whoever supports them: each with what was found of them."""
        others = [self.supported] if self.supported else []
        return [(self.people, self.watched), *((each.people, each.watched) for each in others)]

    @property
    def count(self) -> int:
        """How many warnings there are."""
        return sum(len(each.places) for _, watched in self.parts for each in watched.raised)


@dataclass(frozen=True)
class Terms:
    """Where, when and how far a comparison goes."""

    comparison: Comparison
    keys: KeyRing
    files_dir: Path
    kinds: Kinds
    settings: PlaceSettings
    alerts_max: int
    law_sha256: str
    now: datetime
    today: date


def compare(
    table: Any,
    lists: Mapping[str, Path],
    feeds: Mapping[str, Feed],
    law: policies.Law,
    month: str,
    today: date,
    supporters: Any = None,
) -> Compared:
    """Everything the lists say of the people, and what the law warns of; so of their supporters."""
    people, span = People.of(table), Span.of(today, month)
    with hits.connect(people) as connection:
        found = {
            name: hits.find(connection, feeds[name], path, span) for name, path in lists.items()
        }
        watched = watching.watch(law, month, people, feeds, found, connection)
        lone = {}
        if (poor := found.get(apart.REGISTERED)) is not None:
            feed, path = feeds[apart.REGISTERED], lists[apart.REGISTERED]
            lone = apart.of(connection, people, feed, path, poor, span)
    bound = None
    if SUPPORT in law.place.watches and supporters:
        bound = _supported(supporters, lists, feeds, law, month, span)
    return Compared(people, found, watched, law.facts, lone, bound)


def _supported(
    table: Any,
    lists: Mapping[str, Path],
    feeds: Mapping[str, Feed],
    law: policies.Law,
    month: str,
    span: Span,
) -> Supported:
    people = People.of(table)
    with hits.connect(people) as connection:
        found = {
            name: hits.meet(connection, feeds[name], path, span)
            for name, path in lists.items()
            if feeds[name].supporters
        }
        watched = watching.watch_supporters(law, month, people, feeds, found, connection)
    return Supported(people, watched)


async def raise_alerts(
    session: AsyncSession,
    terms: Terms,
    feeds: Mapping[str, Feed],
    compared: Compared,
    entries: Mapping[str, int],
) -> int:
    """Write counts and alerts down and end the comparison, all or nothing; how many are new.

    Raises:
        Unsound: more alerts than one comparison may raise, or entries that do not add up.
    """
    if compared.count > terms.alerts_max:
        raise Unsound(f"too-many-alerts: {compared.count}")
    insist_that_entries_add_up(compared.hits, entries)
    this = terms.comparison
    facts, lines = list[policies.Snapshot](), list[Line]()
    for people, watched in compared.parts:
        kept, moved = watching.kept_rows(watched)
        moved += sum(map(len, facts))
        facts.append(kept)
        lines += [line for each in watched.raised for line in _lines(terms, people, each, moved)]
    behind = policies.Snapshot.joined(facts) if len(facts) > 1 else facts[0]
    fresh = await _fresh(session, terms, lines, compared.facts, behind)
    alert_facts.keep(terms.files_dir, terms.keys, this, terms.law_sha256, behind)
    _keep_batches(terms, compared.watched.batches)
    written = [line.of(things, number) for line, things, number in fresh]
    await copy_lines(session, "alert", COLUMNS, written)
    await copy_rows(session, "comparison_feed", _FEED, _counts(terms, feeds, compared, entries))
    await _dispute(session, terms, [line for line, *_ in fresh])
    await comparisons.change(
        session,
        this.id,
        status="compared",
        finished_at=terms.now,
        alerts_found=len(lines),
        alerts_new=len(fresh),
        unjudged=compared.watched.unjudged,
        batches=_batches(compared.watched.batches) | apart.counts(compared.apart),
        law_sha256=terms.law_sha256,
    )
    await audit.record(
        session,
        this.county,
        actor="identification",
        act="comparison-compared",
        subject=str(this.id),
        details={
            "attempt": this.attempt,
            "found": len(lines),
            "new": len(fresh),
            "state": terms.kinds.path.begins,
        },
    )
    return len(fresh)


def insist_that_entries_add_up(found: Mapping[str, Hits], entries: Mapping[str, int]) -> None:
    """Each entry of a list is matched or only there; somebody who stood twice among our people
    would be matched twice."""
    for name, hits_of_it in found.items():
        matched, only_there = hits_of_it.entries_matched, hits_of_it.entries_only_there
        if matched + only_there != entries[name]:
            raise Unsound(
                f"counts-disagree: {name}: {matched} + {only_there} is not {entries[name]}"
            )


def kept_batches(files_dir: Path, keys: KeyRing, this: Comparison) -> dict[int, list[int]]:
    """Who stands in which of the four batches, by their places among the people."""
    content = unseal(batches_path(files_dir, this), keys, _batches_purpose(this))
    found: dict[str, list[int]] = json.loads(content)
    return {int(batch): places for batch, places in found.items()}


def _keep_batches(terms: Terms, batches: Raised | None) -> None:
    this, found = terms.comparison, dict[int, list[int]]()
    if batches is not None:
        for place, batch in zip(batches.places.tolist(), batches.weights.tolist(), strict=True):
            found.setdefault(batch, []).append(place)
    path = batches_path(terms.files_dir, this)
    seal(path, terms.keys, _batches_purpose(this), json.dumps(found).encode())


def batches_path(files_dir: Path, this: Comparison) -> Path:
    """Where it lies who stands in which batch, sealed."""
    return files_dir / "batches" / f"{this.id}-{this.attempt}.sealed"


def _batches_purpose(this: Comparison) -> str:
    return f"batches|{this.id}|{this.attempt}"


def _lines(terms: Terms, who: People, raised: Raised, moved: Any) -> Iterator[Line]:
    """The alerts of one kind as they lie in their table."""
    if not len(raised.places):
        return
    this, path = terms.comparison, terms.kinds.path
    first_clock = path.states[path.begins].clock
    assert first_clock is not None, "a raised alert waits for somebody"
    state_due = terms.settings.add_workdays(terms.today, terms.settings.number(first_clock))
    due = terms.settings.add_workdays(terms.today, terms.settings.number("alert_days"))
    people, households = (_ids(who, name, raised) for name in ("person_id", "household_id"))
    supported = _ids(who, HOUSEHOLDS, raised) if HOUSEHOLDS in who.table.column_names else people
    origins = who.integers("origin")[raised.places].tolist()
    villages = who.integers("village")[raised.places].tolist()
    numbers = zip(
        villages, raised.weights.tolist(), moved[raised.rows].tolist(), _things(raised), strict=True
    )
    same = "\t".join(
        map(
            str,
            (
                this.county, raised.kind, this.month, this.id, this.attempt, path.begins, 0,
                terms.now, terms.today, terms.today, state_due, due,
            ),
        )
    )  # fmt: skip
    ids, kind, personal = new_ids(len(people)), raised.kind, raised.is_personal
    for alert_id, person, household, supports, origin, said in zip(
        ids, people, households, supported, origins, numbers, strict=True
    ):
        village, weight, row, things = said
        known = origin == Origin.REGISTER
        subject = person if personal else household
        about = person if known and personal else None
        home = {Origin.REGISTER: household, Origin.SUPPORTER: supports}.get(origin)
        application = household if origin == Origin.APPLICATION else _NOTHING
        listed = household if origin == Origin.LOW_INCOME else _NOTHING
        yield Line(
            alert_id, kind, subject, personal, about, home, row, things,
            f"{alert_id}\t{subject}\t{about or _NOTHING}\t{home or _NOTHING}\t{application}"
            f"\t{listed}\t{village}\t{weight}\t{row}\t{same}",
        )  # fmt: skip


def _ids(people: People, column: str, raised: Raised) -> list[str]:
    """Ids of those a kind of alert is about, as PostgreSQL reads them too."""
    some = people.table.column(column).take(pa.array(raised.places))
    return [each.hex() for each in some.to_pylist()]


def _things(raised: Raised) -> Iterator[list[int]]:
    """What each alert of a kind rests on."""
    things, first = raised.things.tolist(), 0
    for bound in raised.bounds.tolist():
        yield things[first:bound] or [_ON_NO_LIST]
        first = bound


async def _fresh(
    session: AsyncSession,
    terms: Terms,
    lines: Sequence[Line],
    facts: Mapping[str, Fact],
    behind: policies.Snapshot,
) -> list[tuple[Line, Sequence[int], int]]:
    """What is raised: whatever tells of a thing nothing was raised of before, with those that are
    new, and what comes again with all of them; each with the number it is known by."""
    old = await coming_again.before(session, terms.comparison.county, {e.subject for e in lines})
    fresh, told = list[tuple[Line, Sequence[int], int]](), list[tuple[Line, Before]]()
    for line in lines:
        known = old.get((line.subject, line.kind), Before())
        if things := [each for each in line.things if each not in known.things]:
            fresh.append((line, things, min(things)))
        else:
            told.append((line, known))
    grown_percent = terms.settings.number("alert_grown_percent")
    again = Again(session, terms.keys, terms.files_dir, terms.kinds, facts, behind, grown_percent)
    return [*fresh, *((line, line.things, number) for line, number in await again.of(told))]


async def _dispute(session: AsyncSession, terms: Terms, fresh: Sequence[Line]) -> None:
    """Say of whom a part is in dispute; all other alerts stop no money."""
    month = Month.parse(terms.comparison.month)
    await announce_all(
        session,
        (
            PersonDisputed(
                county=terms.comparison.county,
                occurred_at=terms.now,
                dispute_id=UUID(line.alert_id),
                person_id=UUID(line.person_id),
                reason=holds,
                from_month=month,
            )
            for line in fresh
            if (holds := terms.kinds.of(line.kind).holds) and line.person_id is not None
        ),
    )


def _counts(
    terms: Terms, feeds: Mapping[str, Feed], compared: Compared, entries: Mapping[str, int]
) -> Iterator[tuple[Any, ...]]:
    this, people = terms.comparison, len(compared.people)
    # A list that came into the table since is of no comparison that was open before.
    for name in [each for each in feeds if each in this.lists]:
        said, found = this.lists[name], compared.hits.get(name)
        row: tuple[Any, ...] = (0, 0, 0, 0, 0)
        if found is not None:
            row = (
                entries[name], found.entries_matched, found.entries_only_there,
                len(found.places), people - len(found.places),
            )  # fmt: skip
        delivery_id = UUID(said["delivery_id"]) if said["delivery_id"] else None
        yield (
            this.county,
            new_id(),
            this.id,
            this.attempt,
            name,
            delivery_id,
            said["standing"],
            *row,
        )


def _batches(batches: Raised | None) -> dict[str, int]:
    """How many people stand in each batch."""
    if batches is None:
        return {}
    found, counts = np.unique(batches.weights, return_counts=True)
    return {str(batch): count for batch, count in zip(found.tolist(), counts.tolist(), strict=True)}
