"""What the lists say of the people, as the law reads it: its warnings, and what explains them.

Only households of which somebody is on some list are looked at, but all who live in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import numpy as np
import pyarrow as pa

import policies
from policies import UNKNOWN, Snapshot
from policies.reading.facts import NOT_APPLICABLE, Fact
from services.identification.comparison.feeds import Feed
from services.identification.comparison.hits import Ints, Met, People, sixteens
from services.identification.comparison.rows import mix
from services.identification.laws import BATCHES, SUPPORT

ON_LISTS: Final = "supporter_lists_count"
"""The law's fact of whoever supports from elsewhere."""


@dataclass(frozen=True)
class Raised:
    """The warnings of one kind, in columns: whom each is about, by their place among the people,
    and the things it rests on, those of the first up to the first bound, and so on."""

    kind: str
    is_personal: bool
    places: Ints
    rows: Ints
    weights: Ints
    things: Ints
    bounds: Ints


@dataclass(frozen=True)
class Watched:
    """All that the law's warnings found, and the facts they rest on."""

    snapshot: Snapshot
    raised: Sequence[Raised]
    batches: Raised | None
    unjudged: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Looked:
    """The households looked at: their members' places, and where each household begins."""

    members: Ints
    first: Ints
    position: Ints

    @classmethod
    def of(cls, people: People, hits: Sequence[Met]) -> "_Looked":
        homes = people.homes
        wanted = np.zeros(int(homes[-1]) + 1 if len(homes) else 0, bool)
        for each in hits:
            wanted[homes[each.places]] = True
        members = np.flatnonzero(wanted[homes]) if len(homes) else np.zeros(0, np.int64)
        home = homes[members]
        begins = np.flatnonzero(np.diff(home, prepend=-1)) if len(home) else np.zeros(0, np.int64)
        position = np.full(len(homes), -1, np.int32)
        position[members] = np.arange(len(members), dtype=np.int32)
        return cls(members, np.append(begins, len(members)).astype(np.int64), position)


def watch(
    law: policies.Law,
    month: str,
    people: People,
    feeds: Mapping[str, Feed],
    hits: Mapping[str, Met],
    connection: Any,
) -> Watched:
    """The law's warnings over everybody on some list; a feed without hits at all is unknown."""
    looked = _Looked.of(people, list(hits.values()))
    values = _decided(law.facts, people, looked)
    things: dict[str, tuple[Ints, Ints]] = {}
    for feed in feeds.values():
        values |= _listed(law.facts, feed, hits.get(feed.name), looked)
        if feed.name in hits:
            things[feed.name] = _things(feed, hits[feed.name], people, looked)
    snapshot = policies.lay_out(_laid(people, looked, connection), law.facts, values)
    read = {
        kind: [things[name] for name in names if name in things]
        for kind, names in _feeds_read(law, month, feeds).items()
    }
    return _judged(law, month, snapshot, looked, read)


def watch_supporters(
    law: policies.Law,
    month: str,
    people: People,
    feeds: Mapping[str, Feed],
    hits: Mapping[str, Met],
    connection: Any,
) -> Watched:
    """The law's one warning over whoever supports from elsewhere: on how many of the lists that
    came they stand, whichever they are."""
    looked = _Looked.of(people, list(hits.values()))
    values: dict[str, Ints | None] = {}
    things, lists = [], np.zeros(len(looked.members), np.int64)
    for name, found in hits.items():
        values |= _listed(law.facts, feeds[name], found, looked)
        things.append(_things(feeds[name], found, people, looked))
        lists[np.unique(things[-1][0])] += 1
    values[ON_LISTS] = lists
    snapshot = policies.lay_out(_laid(people, looked, connection), law.facts, values)
    return _judged(law, month, snapshot, looked, {SUPPORT: things})


def _judged(
    law: policies.Law,
    month: str,
    snapshot: Snapshot,
    looked: _Looked,
    things: Mapping[str, Sequence[tuple[Ints, Ints]]],
) -> Watched:
    """Some warnings, each with the things it may rest on."""
    raised, batches, unjudged = [], None, {}
    for found in law.award_county(snapshot, month, programmes=things).found:
        kind = found.terms.programme
        one = _raised(found, looked, things[kind])
        if kind == BATCHES:
            batches = one
        else:
            raised.append(one)
        codes, counts = np.unique(found.sums.hold_codes, return_counts=True)
        if len(codes):
            unjudged[kind] = {
                found.reasons[code]: count
                for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
            }
    return Watched(snapshot, raised, batches, unjudged)


def kept_rows(watched: Watched) -> tuple[Snapshot, Ints]:
    """The facts behind warnings alone, and for each row of before the one it is now."""
    rows = np.unique(
        np.concatenate([np.zeros(0, np.int64), *(each.rows for each in watched.raised)])
    )
    moved = np.full(len(watched.snapshot), -1, np.int64)
    moved[rows] = np.arange(len(rows))
    return Snapshot(watched.snapshot.to_table().take(pa.array(rows))), moved


def _raised(found: Any, looked: _Looked, things: Sequence[tuple[Ints, Ints]]) -> Raised:
    """One kind's warnings, each with what it rests on; it may rest on what is on no list."""
    terms, at = found.terms, found.sums.award_places.astype(np.int64)
    whose = np.concatenate([np.zeros(0, np.int64), *(each[0] for each in things)])
    numbers = np.concatenate([np.zeros(0, np.int64), *(each[1] for each in things)])
    if terms.is_personal:
        rows = np.searchsorted(looked.first, at, side="right") - 1
        places = looked.members[at]
    else:
        rows = at
        places = looked.members[looked.first[:-1][at]]
        whose = np.searchsorted(looked.first, whose, side="right") - 1
    of_alert = np.full(len(looked.members), -1, np.int64)
    of_alert[at] = np.arange(len(at))
    told = np.stack([of_alert[whose], numbers])
    told = np.unique(told[:, told[0] >= 0], axis=1)
    return Raised(
        kind=terms.programme,
        is_personal=terms.is_personal,
        places=places,
        rows=rows,
        weights=found.sums.amounts_fen.astype(np.int64),
        things=told[1],
        bounds=np.searchsorted(told[0], np.arange(len(at)), side="right"),
    )


def _decided(facts: Mapping[str, Fact], people: People, looked: _Looked) -> dict[str, Ints | None]:
    """What was decided of the members and their households."""
    names = [name for name in people.table.column_names if name in facts]
    found: dict[str, Ints | None] = {}
    for name in names:
        of_members = people.integers(name)[looked.members].astype(np.int64)
        personal = facts[name].entity == "person"
        found[name] = of_members if personal else of_members[looked.first[:-1]]
    return found


def _listed(
    facts: Mapping[str, Fact], feed: Feed, hits: Met | None, looked: _Looked
) -> dict[str, Ints | None]:
    """What a list says of each member; a list that did not come leaves its facts unknown."""
    found: dict[str, Ints | None] = {}
    for taking in feed.facts:
        fact = facts.get(taking.fact)
        if fact is None:
            continue
        if hits is None:
            found[fact.name] = np.full(len(looked.members), UNKNOWN, np.int64)
            continue
        nothing = NOT_APPLICABLE if fact.may_not_apply else 0
        values = np.full(len(looked.members), nothing, np.int64)
        said = np.ma.filled(hits.facts[fact.name], nothing).astype(np.int64)
        # A sum beyond all reason is at least the most the fact can say.
        values[looked.position[hits.places]] = np.minimum(said, fact.highest)
        found[fact.name] = values
    return found


def _things(feed: Feed, hits: Met, people: People, looked: _Looked) -> tuple[Ints, Ints]:
    """What a list tells of the members, thing by thing: each member's position, and a number that
    is the same whenever it is told again. What several hold together is one thing."""
    places, identities = hits.things
    of_feed = int.from_bytes(sha256(feed.name.encode()).digest()[:8])
    numbers = mix(identities ^ np.uint64(of_feed))
    if not feed.shared:
        persons = sixteens(people.table.column("person_id").take(pa.array(places)))
        first, second = persons.view(np.uint64).T
        numbers = mix(numbers ^ mix(first ^ mix(second)))
    return looked.position[places].astype(np.int64), numbers.view(np.int64)


def _laid(people: People, looked: _Looked, connection: Any) -> policies.Laid:
    heads = looked.members[looked.first[:-1]]
    villages = people.integers("village")[heads]
    return policies.Laid(
        household_ids=people.texts("household_id", heads, connection),
        villages=pa.array(villages).cast(pa.string()),
        person_ids=people.texts("person_id", looked.members, connection),
        first=looked.first,
    )


def _feeds_read(law: policies.Law, month: str, feeds: Mapping[str, Feed]) -> dict[str, list[str]]:
    """The lists each warning about our own people reads, by the facts it is reckoned from."""
    kernel = law.kernel(month)
    brings = {taking.fact: feed.name for feed in feeds.values() for taking in feed.facts}
    found = {}
    for name in law.place.watches:
        if name == SUPPORT:
            continue
        roots = kernel.programmes[name].roots()
        read = {each for root in roots for each in kernel.closure(root.name)}
        found[name] = sorted({brings[each] for each in read if each in brings})
    return found
