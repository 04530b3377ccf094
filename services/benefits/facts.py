"""What we know of a household: when it was true, and when we learned of it.

A determination speaks for the months it covers. Where two cover the same month the one recorded
later counts, so assistance ends by a decision that says so, never by an older one running out. One
that names a programme given once speaks for that programme alone, beside them.
A death counts for every determination recorded before it was told.

Whoever learns holds the gate shared; a run that freezes its snapshot holds it alone. So a learning
number at or below a run's is in its snapshot and a higher one is not, even if the clock stands.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from services.benefits import holds, months_due
from services.benefits.months_due import Terms
from shared.contracts.digest import ListDigest
from shared.contracts.identification import Determination
from shared.database import copy_rows, run
from shared.problems import Malformed
from shared.secrets import KeyRing

GATE: Final = 0x62656E6566  # "benef": the advisory lock between learning and freezing.


@dataclass(frozen=True, slots=True)
class Told:
    """A death somebody told us of, or that it was told in error."""

    person_id: UUID
    died_on: date
    told_at: datetime
    taken_back: bool = False


class ListDiffers(Malformed):
    """The list fetched is not the list that was announced."""


async def stage(
    session: AsyncSession, keys: KeyRing, county: str, import_id: UUID, page: Sequence[Any]
) -> None:
    """Lay one page of an import aside until the whole of it has come.

    Raises:
        ValidationError: an item is not a determination.
    """
    await copy_rows(
        session,
        "staged_determination",
        _STAGED,
        [(import_id, county, *_staged(item, keys)) for item in page],
    )


def _staged(item: Any, keys: KeyRing) -> tuple[object, ...]:
    """A determination as it is kept: who and when in clear, what is known of them sealed."""
    determined = Determination.model_validate(item)
    deaths = {}
    for member in determined.members:
        died_on = _civil(member.facts.get("died_on"))
        if died_on is not None:
            deaths[str(member.person_id)] = died_on.isoformat()
    return (
        determined.determination_id,
        determined.household_id,
        determined.village,
        str(determined.from_month),
        str(determined.until_month) if determined.until_month else None,
        determined.programme,
        determined.decided_on,
        determined.recorded_at,
        [member.person_id for member in determined.members],
        Jsonb(deaths),
        seal(determined.determination_id, item, keys),
    )


def seal(determination_id: UUID, words: Any, keys: KeyRing) -> str:
    """The words of a determination as they lie in its row, and can be read in no other."""
    text_of = json.dumps(words, separators=(",", ":"), ensure_ascii=False)
    return keys.encrypt(text_of, table="determination", column="words", row=determination_id)


def unseal(determination_id: object, sealed: str, keys: KeyRing) -> dict[str, Any]:
    """The words again.

    Raises:
        Tampered: somebody changed them, or put them into another row.
    """
    words: dict[str, Any] = json.loads(
        keys.decrypt(sealed, table="determination", column="words", row=determination_id)
    )
    return words


async def forget_staged(session: AsyncSession, import_id: UUID) -> None:
    """Take away what an earlier, interrupted fetch has laid aside."""
    await run(
        session,
        text("DELETE FROM staged_determination WHERE import_id = :import_id"),
        {"import_id": import_id},
    )


def agree(digest: ListDigest, count: int, sha256: str) -> None:
    """Refuse a list whose count or hash is not the announced one.

    Raises:
        ListDiffers: naming which.
    """
    if digest.count != count:
        raise ListDiffers(f"announced {count} determinations, fetched {digest.count}")
    if digest.hexdigest() != sha256:
        raise ListDiffers("the hash of the determinations differs")


async def learn_staged(session: AsyncSession, terms: Terms, import_id: UUID) -> int:
    """Accept a whole staged import at once; how many determinations were new."""
    number = await _begin(session, terms, "roster", import_id)
    if number is None:
        return 0
    learned = await _accept(session, terms, import_id, number)
    await forget_staged(session, import_id)
    return learned


async def learn_one(session: AsyncSession, keys: KeyRing, terms: Terms, words: Any) -> int:
    """Accept one determination.

    Raises:
        ValidationError: the words are not a determination.
    """
    decided = Determination.model_validate(words)
    number = await _begin(session, terms, "decision", decided.determination_id)
    if number is None:
        return 0
    await stage(session, keys, terms.county, decided.determination_id, [words])
    learned = await _accept(session, terms, decided.determination_id, number)
    await forget_staged(session, decided.determination_id)
    return learned


async def learn_death(session: AsyncSession, terms: Terms, event_id: UUID, told: Told) -> None:
    """Accept a death, or that it was an error; the months already run from it are due."""
    number = await _begin(session, terms, "death", event_id)
    if number is None:
        return
    await _keep(session, terms, number, told)
    await months_due.mark_deaths(session, terms, number)


async def is_learned(session: AsyncSession, kind: str, reference: UUID) -> bool:
    """Whether this was learned before, so that nothing need be fetched again."""
    found = await run(
        session,
        text("SELECT FROM learning WHERE kind = :kind AND reference = :reference"),
        {"kind": kind, "reference": reference},
    )
    return found.first() is not None


async def gate(session: AsyncSession, *, alone: bool) -> None:
    """Hold the gate between learning and freezing until this transaction ends."""
    shared = "" if alone else "_shared"
    await run(session, text(f"SELECT pg_advisory_xact_lock{shared}(:gate)"), {"gate": GATE})


async def _begin(session: AsyncSession, terms: Terms, kind: str, reference: UUID) -> int | None:
    """A new learning number; None when this was learned before."""
    await gate(session, alone=False)
    made = await run(
        session,
        text(
            "INSERT INTO learning (county, kind, reference, learned_at)"
            " VALUES (:county, :kind, :reference, :now)"
            " ON CONFLICT (kind, reference) DO NOTHING RETURNING number"
        ),
        {"county": terms.county, "kind": kind, "reference": reference, "now": terms.now},
    )
    number: int | None = made.scalar_one_or_none()
    return number


async def _accept(session: AsyncSession, terms: Terms, import_id: UUID, number: int) -> int:
    """Staged determinations become known; with them their members, deaths and months due."""
    learned = await run(
        session,
        text(_ACCEPT),
        {"county": terms.county, "import": import_id, "n": number, "now": terms.now},
    )
    await run(session, text(_MEMBERS), {"county": terms.county, "n": number})
    told = await run(session, text(_TOLD), {"import": import_id, "n": number})
    for row in told.all():
        for person_id, died_on in row.deaths.items():
            death = Told(UUID(person_id), date.fromisoformat(died_on), row.recorded_at)
            await _keep(session, terms, number, death)
    await months_due.mark_decisions(session, terms, number)
    await months_due.mark_deaths(session, terms, number)
    await holds.release_decided(session, terms, number)
    return learned.rowcount


async def _keep(session: AsyncSession, terms: Terms, number: int, told: Told) -> None:
    await run(
        session,
        text(_DEATH),
        {
            "person_id": told.person_id,
            "died_on": told.died_on,
            "told_at": told.told_at,
            "taken_back": told.taken_back,
            "n": number,
            "county": terms.county,
            "now": terms.now,
        },
    )


def _civil(yyyymmdd: object) -> date | None:
    """The date a fact writes as a number; None for one that is no date, which holds elsewhere."""
    if type(yyyymmdd) is not int:
        return None
    try:
        return date(yyyymmdd // 10000, yyyymmdd // 100 % 100, yyyymmdd % 100)
    except ValueError:
        return None


_STAGED: Final = (
    "import_id",
    "county",
    "determination_id",
    "household_id",
    "village",
    "from_month",
    "until_month",
    "programme",
    "decided_on",
    "recorded_at",
    "person_ids",
    "deaths",
    "words_sealed",
)

_ACCEPT: Final = """
INSERT INTO determination (determination_id, county, household_id, village, from_month,
    until_month, programme, decided_on, recorded_at, learned_at, learned_number, person_ids,
    words_sealed)
SELECT determination_id, :county, household_id, village, from_month, until_month, programme,
    decided_on, recorded_at, :now, :n, person_ids, words_sealed
FROM staged_determination WHERE import_id = :import ORDER BY determination_id
ON CONFLICT (determination_id) DO NOTHING
"""

_MEMBERS: Final = """
INSERT INTO membership (person_id, household_id, county)
SELECT DISTINCT unnest(person_ids), household_id, :county
FROM determination WHERE learned_number = :n
ON CONFLICT DO NOTHING
"""

# A date of death inside a determination is told with it.
_TOLD: Final = """
SELECT staged.recorded_at, staged.deaths
FROM staged_determination AS staged JOIN determination USING (determination_id)
WHERE staged.import_id = :import AND learned_number = :n AND staged.deaths <> '{}'
ORDER BY staged.recorded_at, determination_id
"""

_DEATH: Final = """
INSERT INTO death (person_id, learned_number, county, died_on, taken_back, told_at, learned_at)
SELECT :person_id, :n, :county, :died_on, :taken_back, :told_at, :now
WHERE NOT EXISTS (
    SELECT FROM death
    WHERE person_id = :person_id AND died_on = :died_on AND taken_back = :taken_back
        AND told_at >= :told_at
)
ON CONFLICT (person_id, learned_number) DO UPDATE
SET died_on = excluded.died_on, taken_back = excluded.taken_back, told_at = excluded.told_at
WHERE death.told_at < excluded.told_at
"""
