"""One comparison's matching: the kept lists joined with the people, judged by the law, and the
alerts brought into the database in one transaction."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
import pyarrow as pa
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.identification.comparison import comparisons, hits, watching
from services.identification.comparison.feeds import Feed
from services.identification.comparison.hits import Hits, People
from services.identification.comparison.kinds import Kinds
from services.identification.comparison.population import Origin
from services.identification.comparison.supporters import HOUSEHOLDS
from services.identification.comparison.watching import Raised, Watched
from services.identification.laws import SUPPORT
from services.identification.models import Alert, Comparison
from services.identification.place_settings import PlaceSettings
from services.identification.sealed_files import SealedWriter, seal, unseal
from shared import audit
from shared.contracts.identification import PersonDisputed
from shared.database import copy_lines, copy_rows, new_id, run
from shared.ids import new_ids
from shared.months import Month
from shared.outbox import announce_all
from shared.secrets import KeyRing

_ALERT: Final = (
    "id", "subject_id", "person_id", "household_id", "case_id", "low_income_id", "village",
    "weight", "facts_row", "county", "kind", "month", "comparison_id", "attempt", "state",
    "version", "raised_at", "raised_on", "state_since", "state_due_on", "due_on", "identity",
    "things",
)  # fmt: skip
_FEED: Final = (
    "county", "id", "comparison_id", "attempt", "feed", "delivery_id", "standing", "entries",
    "entries_matched", "entries_only_there", "people_matched", "people_only_here",
)  # fmt: skip
_NOTHING: Final = r"\N"
_ON_NO_LIST: Final = 0
"""What an alert rests on that rests on no row of a list."""


class Line(NamedTuple):
    """An alert to be raised: what it rests on, and its row as COPY reads it, without that."""

    alert_id: str
    kind: str
    subject: str
    person_id: str | None
    things: Sequence[int]
    text: str

    def of(self, things: Sequence[int]) -> str:
        """The row as COPY reads it, with the things nothing was raised of before."""
        return f"{self.text}\t{min(things)}\t{{{','.join(map(str, things))}}}"


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
    people = People.of(table)
    day = today.year * 10_000 + today.month * 100 + today.day
    with hits.connect(people) as connection:
        found = {
            name: hits.find(connection, feeds[name], path, day) for name, path in lists.items()
        }
        watched = watching.watch(law, month, people, feeds, found, connection)
    if SUPPORT not in law.place.watches or not supporters:
        return Compared(people, found, watched)
    return Compared(people, found, watched, _supported(supporters, lists, feeds, law, month, day))


def _supported(
    table: Any,
    lists: Mapping[str, Path],
    feeds: Mapping[str, Feed],
    law: policies.Law,
    month: str,
    day: int,
) -> Supported:
    people = People.of(table)
    with hits.connect(people) as connection:
        found = {
            name: hits.meet(connection, feeds[name], path, day)
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
    known = await _known(session, this.county, lines)
    told = ((line, known.get((line.subject, line.kind), set())) for line in lines)
    new = ((line, [each for each in line.things if each not in old]) for line, old in told)
    fresh = [(line, things) for line, things in new if things]
    keep_facts(terms, policies.Snapshot.joined(facts) if len(facts) > 1 else facts[0])
    _keep_batches(terms, compared.watched.batches)
    await copy_lines(session, "alert", _ALERT, [line.of(things) for line, things in fresh])
    await copy_rows(session, "comparison_feed", _FEED, _counts(terms, feeds, compared, entries))
    await _dispute(session, terms, [line for line, _ in fresh])
    await comparisons.change(
        session,
        this.id,
        status="compared",
        finished_at=terms.now,
        alerts_found=len(lines),
        alerts_new=len(fresh),
        unjudged=compared.watched.unjudged,
        batches=_batches(compared.watched.batches),
        law_sha256=terms.law_sha256,
    )
    await audit.record(
        session,
        this.county,
        actor="identification",
        act="comparison-compared",
        subject=str(this.id),
        details={"attempt": this.attempt, "found": len(lines), "new": len(fresh)},
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


def facts_path(files_dir: Path, comparison_id: UUID, attempt: int) -> Path:
    """Where the facts behind an attempt's alerts lie, sealed."""
    return files_dir / "alert-facts" / f"{comparison_id}-{attempt}.sealed"


def facts_purpose(comparison_id: UUID, attempt: int) -> str:
    """What that file is for; it opens for nothing else."""
    return f"alert-facts|{comparison_id}|{attempt}"


def keep_facts(terms: Terms, facts: policies.Snapshot) -> None:
    """Keep the facts the alerts rest on, to explain each by."""
    this = terms.comparison
    path = facts_path(terms.files_dir, this.id, this.attempt)
    purpose = facts_purpose(this.id, this.attempt)
    with SealedWriter(path, terms.keys, purpose) as file:
        file.write(f"{terms.law_sha256}\n".encode())
        file.write(facts.to_bytes())


def kept_facts(files_dir: Path, keys: KeyRing, alert: Alert) -> tuple[str, policies.Snapshot]:
    """The hash of the law an alert was raised by, and the facts it rests on."""
    path = facts_path(files_dir, alert.comparison_id, alert.attempt)
    purpose = facts_purpose(alert.comparison_id, alert.attempt)
    law_sha256, _, content = unseal(path, keys, purpose).partition(b"\n")
    return law_sha256.decode(), policies.Snapshot.from_bytes(content)


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
    state_due = terms.settings.add_workdays(terms.today, terms.settings.days(first_clock))
    due = terms.settings.add_workdays(terms.today, terms.settings.days("alert_days"))
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
        home = {Origin.REGISTER: household, Origin.SUPPORTER: supports}.get(origin, _NOTHING)
        application = household if origin == Origin.APPLICATION else _NOTHING
        listed = household if origin == Origin.LOW_INCOME else _NOTHING
        yield Line(
            alert_id, kind, subject, about, things,
            f"{alert_id}\t{subject}\t{about or _NOTHING}\t{home}\t{application}\t{listed}"
            f"\t{village}\t{weight}\t{row}\t{same}",
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


async def _known(
    session: AsyncSession, county: str, lines: Sequence[Line]
) -> dict[tuple[str, str], set[int]]:
    """Of what something was raised before, by whom it is about and the kind of warning."""
    found = await run(
        session,
        text(
            "SELECT encode(uuid_send(subject_id), 'hex') AS subject_id, kind, things FROM alert"
            " WHERE county = :county AND subject_id = ANY(cast(:subjects AS uuid[]))"
        ),
        {"county": county, "subjects": f"{{{','.join({line.subject for line in lines})}}}"},
    )
    known: dict[tuple[str, str], set[int]] = {}
    for row in found:
        known.setdefault((row.subject_id, row.kind), set()).update(row.things)
    return known


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
