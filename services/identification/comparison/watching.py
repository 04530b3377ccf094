"""What the lists say of the people, as the law reads it: its warnings, and what explains them.

Only households of which somebody is on some list are looked at, but all who live in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

import policies
from policies import UNKNOWN, Snapshot
from policies.reading.facts import NOT_APPLICABLE, Fact
from services.identification.comparison.feeds import Feed
from services.identification.comparison.hits import Hits, Ints, People
from services.identification.comparison.rows import mix
from services.identification.laws import BATCHES


@dataclass(frozen=True)
class Raised:
    """The warnings of one kind, in columns: whom each is about, by their place among the people."""

    kind: str
    is_personal: bool
    places: Ints
    rows: Ints
    weights: Ints
    identities: Ints


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
    def of(cls, people: People, hits: Sequence[Hits]) -> "_Looked":
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
    hits: Mapping[str, Hits],
    connection: Any,
) -> Watched:
    """The law's warnings over everybody on some list; a feed without hits at all is unknown."""
    looked = _Looked.of(people, list(hits.values()))
    values = _decided(law.facts, people, looked)
    marks: dict[str, Ints] = {}
    for feed in feeds.values():
        values |= _listed(law.facts, feed, hits.get(feed.name), looked)
        if feed.name in hits:
            marks[feed.name] = _marks(hits[feed.name], looked)
    snapshot = policies.lay_out(_laid(people, looked, connection), law.facts, values)
    outcome = law.award_county(snapshot, month, programmes=law.place.watches)
    read = _feeds_read(law, month, feeds)
    raised, batches, unjudged = [], None, {}
    for found in outcome.found:
        kind = found.terms.programme
        one = _raised(found, looked, [marks[name] for name in read[kind] if name in marks])
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


def _raised(found: Any, looked: _Looked, marks: Sequence[Ints]) -> Raised:
    """One kind's warnings; what they rest on is told again by the same number."""
    terms, at = found.terms, found.sums.award_places.astype(np.int64)
    mixed, on_some = np.zeros(len(looked.members), np.uint64), np.zeros(len(looked.members), bool)
    for each in marks:
        mixed, on_some = mix(mixed ^ each), on_some | (each != 0)
    mixed = np.where(on_some, mixed, np.uint64(0))
    if terms.is_personal:
        rows = np.searchsorted(looked.first, at, side="right") - 1
        places, identities = looked.members[at], mixed[at]
    else:
        rows = at
        places = looked.members[looked.first[:-1][at]]
        identities = _together(mixed, looked.first)[at]
    signed = identities.view(np.int64) if len(identities) else identities.astype(np.int64)
    weights = found.sums.amounts_fen.astype(np.int64)
    return Raised(terms.programme, terms.is_personal, places, rows, weights, signed)


def _together(mixed: Ints, first: Ints) -> Ints:
    """One number a household for what is told of its members; who is on no list adds nothing.

    Members are taken by the size of their marks, so that in whatever order they stand it is the
    same, and each is turned by its rank, so that two equal marks – of a home that spouses hold
    together – do not cancel.
    """
    if not len(mixed):
        return mixed
    homes = np.repeat(np.arange(len(first) - 1), np.diff(first))
    largest_first = mixed[np.lexsort((~mixed, homes))]
    ranks = (np.arange(len(mixed)) - np.repeat(first[:-1], np.diff(first))).astype(np.uint64)
    turned = np.where(largest_first == 0, np.uint64(0), mix(largest_first ^ mix(ranks)))
    return np.asarray(np.bitwise_xor.reduceat(turned, first[:-1]))


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
    facts: Mapping[str, Fact], feed: Feed, hits: Hits | None, looked: _Looked
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


def _marks(hits: Hits, looked: _Looked) -> Ints:
    """For each member, a number for the facts a list tells of them; nought for none."""
    marks = np.zeros(len(looked.members), np.uint64)
    marks[looked.position[hits.places]] = mix(hits.identities)
    return marks


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
    """The lists each warning reads, by the facts it is reckoned from."""
    kernel = law.kernel(month)
    brings = {taking.fact: feed.name for feed in feeds.values() for taking in feed.facts}
    found = {}
    for name in law.place.watches:
        roots = kernel.programmes[name].roots()
        read = {each for root in roots for each in kernel.closure(root.name)}
        found[name] = sorted({brings[each] for each in read if each in brings})
    return found
