"""The people and rows behind a comparison's counts, page by page."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import numpy as np
import pyarrow as pa

from services.identification.comparison import apart, hits, keyed_files, matching, population
from services.identification.comparison.feeds import Feed
from services.identification.comparison.hits import Ints, People, Span
from services.identification.comparison.population import Origin
from services.identification.models import Comparison
from services.identification.settings import Settings
from shared.months import civil_date
from shared.problems import NotFound
from shared.secrets import KeyRing

PAGE: Final = 200


class NoSuchList(NotFound):
    """This comparison has no such list."""


def page(
    settings: Settings,
    keys: KeyRing,
    feeds: Mapping[str, Feed],
    this: Comparison,
    feed: str,
    side: str,
    after: int,
) -> dict[str, Any]:
    """A page of who is on both, on ours only, or of the rows that are on theirs only.

    Raises:
        NoSuchList: the comparison is not done, or had no such list.
    """
    people = _people(settings, keys, this)
    path = _path(settings, this, feed)
    with hits.connect(people) as connection:
        if side == "only-there":
            # A row of a pair is two entries, and may be theirs only by one of them; both stand on
            # one page.
            found = connection.execute(
                "SELECT listed.row FROM read_parquet($path) AS listed"
                " ANTI JOIN people ON people.key = listed.key"
                " WHERE listed.row > $after"
                " QUALIFY dense_rank() OVER (ORDER BY listed.row) <= $page ORDER BY listed.row",
                {"path": str(path), "after": after, "page": PAGE},
            ).fetchall()
            rows = [row for (row,) in found]
            return {"rows": rows, "next": rows[-1] if len(set(rows)) == PAGE else None}
        places = hits.find(connection, feeds[feed], path, _span(this)).places
    if side == "only-here":
        places = np.setdiff1d(np.arange(len(people)), places, assume_unique=True)
    return _listed(people, places, after)


def batch(
    settings: Settings, keys: KeyRing, feeds: Mapping[str, Feed], this: Comparison, name: str,
    after: int,
) -> dict[str, Any]:  # fmt: skip
    """A page of one of the four batches, or of those who are on one of two lists only.

    Raises:
        NoSuchList: the comparison is not done, the register of the poor did not come, or it says of
            nobody that they are watched.
    """
    people = _people(settings, keys, this)
    if name.isdigit():
        sorted_out = matching.kept_batches(settings.files_dir, keys, this)
        return _listed(people, np.asarray(sorted_out.get(int(name), [])), after)
    lone = _apart(settings, feeds, this, people)
    if name not in lone:
        raise NoSuchList()
    return _listed(people, lone[name], after)


def uncovered(
    settings: Settings, keys: KeyRing, feeds: Mapping[str, Feed], this: Comparison
) -> set[UUID]:
    """The households of the register with registered poor in them who are not assisted.

    Raises:
        NoSuchList: the comparison is not done, or the register of the poor did not come.
    """
    people = _people(settings, keys, this)
    only = _apart(settings, feeds, this, people)[apart.REGISTERED_ONLY]
    rows = people.table.select(("household_id", "origin")).take(pa.array(only.astype(np.int64)))
    return {
        UUID(bytes=row["household_id"])
        for row in rows.to_pylist()
        if row["origin"] == Origin.REGISTER
    }


def _span(this: Comparison) -> Span:
    return Span.of(civil_date(this.opened_at), this.month)


def _apart(
    settings: Settings, feeds: Mapping[str, Feed], this: Comparison, people: People
) -> dict[str, Ints]:
    feed, path = feeds[apart.REGISTERED], _path(settings, this, apart.REGISTERED)
    with hits.connect(people) as connection:
        met = hits.find(connection, feed, path, _span(this))
        return apart.of(connection, people, feed, path, met, _span(this))


def _people(settings: Settings, keys: KeyRing, this: Comparison) -> People:
    path = population.path_of(settings.files_dir, this.id, this.attempt)
    if this.people_deleted_at is not None:
        raise NoSuchList("its days are over, and it was taken away")
    if this.status != "compared" or not path.exists():
        raise NoSuchList()
    return People.of(population.read(path, keys, population.purpose(this.id, this.attempt)))


def _path(settings: Settings, this: Comparison, feed: str) -> Any:
    said = this.lists.get(feed)
    if not said or not said["delivery_id"]:
        raise NoSuchList()
    path = keyed_files.path_of(settings.files_dir, UUID(said["delivery_id"]))
    if not path.exists():
        raise NoSuchList("its days are over, and it was taken away")
    return path


def _listed(people: People, places: Ints, after: int) -> dict[str, Any]:
    some = places[places > after][:PAGE]
    columns = ("person_id", "household_id", "origin", "village")
    table = people.table.select(columns).take(pa.array(some.astype(np.int64)))
    items = [
        {
            "person_id": str(UUID(bytes=row["person_id"])),
            "household_id": str(UUID(bytes=row["household_id"])),
            "applicant": row["origin"] == Origin.APPLICATION,
            "low_income": row["origin"] == Origin.LOW_INCOME,
            "village": str(row["village"]),
        }
        for row in table.to_pylist()
    ]
    return {"items": items, "next": int(some[-1]) if len(some) == PAGE else None}
