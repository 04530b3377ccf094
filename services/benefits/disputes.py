"""What is in dispute: a list says that somebody died, is in prison, or is helped elsewhere too.

Until it is settled that person is left out of their household from the month named, so that whoever
else lives there is paid, and what their part would have been is held. An open dispute holds
whatever is decided meanwhile, for most decisions know nothing of it. One that was upheld by a
decision holds against those before it, and that decision speaks for itself; upheld without one, it
holds until a later decision says what follows. Who is no member any more has nothing to be held.

Most decisions that uphold one are for later months. In the months between nothing is owed to whom
it is about, whatever is decided of them later: they stay left out, and nothing is held any more.
Where what was upheld is so from a later month only, as a death from the month after it, what was
held for the months before was held wrongly.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
from services.benefits import months_due
from services.benefits.months_due import Terms
from shared.contracts.identification import DisputeSettled, PersonDisputed
from shared.database import run
from shared.months import Month

REASON: Final = "disputed-"
WORDS: Final = {
    "disputed-death": policies.Words(
        "名单显示已死亡，本人部分待核实", "a list says of a death; this person's part waits"
    ),
    "disputed-prison": policies.Words(
        "名单显示在服刑，本人部分待核实", "a list says of a sentence; this person's part waits"
    ),
    "disputed-double": policies.Words(
        "名单显示外县也在享，本人部分待核实",
        "a list says of help in another county; this person's part waits",
    ),
}
SETTLED: Final = "the dispute was settled: wrongly held"
UPHELD: Final = "the dispute was upheld: nothing is owed for this month"
NOTHING_HELD: Final = ""
_NO_END: Final = "9999-12"


class Left(NamedTuple):
    """Somebody left out of a household in the months from one to another, both included: what their
    part would be is held for a reason, or nothing is held."""

    household_id: str
    person_id: str
    reason: str
    from_month: str
    until_month: str = _NO_END


@dataclass(frozen=True, slots=True)
class Dispute:
    """One person's part, in dispute from a month, or upheld from it; where it was upheld, since
    when, and the month from which nothing is granted to them, where that was decided."""

    person_id: str
    reason: str
    from_month: str
    upheld_at: datetime | None
    ended_from: str | None

    def against(self, household_id: str, recorded_at: datetime, last: str) -> list[Left]:
        """The months until a last one in which it leaves somebody out of what was decided of their
        household at an instant."""
        ended = max(self.ended_from or "", self.from_month)
        found = []
        if self.from_month < ended:
            between = str(Month.parse(ended).previous())
            found.append((NOTHING_HELD, self.from_month, min(between, last)))
        if self.upheld_at is None or self.upheld_at > recorded_at:
            found.append((self.reason, ended, last))
        return [
            Left(household_id, self.person_id, reason, first, until)
            for reason, first, until in found
            if first <= until
        ]


class _Between(NamedTuple):
    """The months from one on and before another in which an upheld dispute holds nothing."""

    person_id: UUID
    from_month: str
    ended_from: str


async def learn(session: AsyncSession, terms: Terms, event: PersonDisputed) -> None:
    """Keep a dispute; one that is settled already stays so, unless it was opened again since."""
    before = await _between(session, event.dispute_id)
    await run(
        session,
        text(
            "INSERT INTO dispute (dispute_id, county, person_id, reason, from_month, told_at,"
            "     learned_at)"
            " VALUES (:id, :county, :person, :reason, :month, :told, :now)"
            " ON CONFLICT (dispute_id) DO UPDATE SET reason = excluded.reason,"
            "     from_month = CASE WHEN dispute.from_month < :never AND dispute.upheld"
            "         AND (dispute.reason = 'settled' OR dispute.settled_at >= excluded.told_at)"
            "         THEN dispute.from_month ELSE excluded.from_month END,"
            "     told_at = excluded.told_at,"
            "     settled_at = CASE WHEN dispute.reason = 'settled'"
            "         OR dispute.settled_at >= excluded.told_at THEN dispute.settled_at END,"
            "     upheld = CASE WHEN dispute.reason = 'settled'"
            "         OR dispute.settled_at >= excluded.told_at THEN dispute.upheld END,"
            "     ended_from = CASE WHEN dispute.reason = 'settled'"
            "         OR dispute.settled_at >= excluded.told_at THEN dispute.ended_from END"
            " WHERE dispute.reason = 'settled' OR dispute.told_at < excluded.told_at"
        ),
        {
            "id": event.dispute_id,
            "county": terms.county,
            "person": event.person_id,
            "reason": event.reason,
            "month": str(event.from_month),
            "never": _NO_END,
            "told": event.occurred_at,
            "now": terms.now,
        },
    )
    await _due_again(session, terms, event.dispute_id, before)


async def settle(session: AsyncSession, terms: Terms, event: DisputeSettled) -> int:
    """End a dispute; what was wrongly held is released, to be paid in the supplementary run.

    What is upheld stays left out until a decision says what follows; where one said from which
    month nothing is granted, what is held for the months before it is released too, and paid only
    for those before the first it is upheld for. How many holds were released. What was said before
    the dispute was opened again, or settled otherwise, changes nothing.
    """
    before = await _between(session, event.dispute_id)
    changed = await run(
        session,
        text(
            "INSERT INTO dispute (dispute_id, county, person_id, reason, from_month, told_at,"
            "     learned_at, settled_at, upheld, ended_from)"
            " VALUES (:id, :county, :person, 'settled', coalesce(:from_month, :never), :told, :now,"
            "     :ended, :upheld, :ended_from)"
            " ON CONFLICT (dispute_id) DO UPDATE SET settled_at = :ended, upheld = :upheld,"
            "     from_month = coalesce(:from_month, dispute.from_month), ended_from = :ended_from"
            " WHERE dispute.told_at <= :told AND coalesce(dispute.settled_at <= :told, true)"
        ),
        {
            "id": event.dispute_id,
            "county": terms.county,
            "person": event.person_id,
            "told": event.occurred_at,
            "ended": event.decided_at or event.occurred_at,
            "from_month": event.from_month and str(event.from_month),
            "never": _NO_END,
            "ended_from": event.ended_from and str(event.ended_from),
            "now": terms.now,
            "upheld": event.upheld,
        },
    )
    await _due_again(session, terms, event.dispute_id, before)
    if not changed.rowcount:
        return 0
    statement = _RELEASE_BETWEEN if event.upheld else _RELEASE
    released = await run(
        session,
        text(statement),
        {
            "now": terms.now,
            "settled": SETTLED,
            "upheld": UPHELD,
            "id": event.dispute_id,
            "person": event.person_id,
        },
    )
    return released.rowcount


async def _between(session: AsyncSession, dispute_id: UUID) -> _Between | None:
    """The months in which a dispute holds nothing, where it stands upheld so; its row locked."""
    rows = await run(
        session,
        text(
            "SELECT person_id, from_month, ended_from FROM dispute"
            " WHERE dispute_id = :id AND upheld AND ended_from > from_month FOR UPDATE"
        ),
        {"id": dispute_id},
    )
    row = rows.one_or_none()
    return _Between(row.person_id, row.from_month, row.ended_from) if row else None


async def _due_again(
    session: AsyncSession, terms: Terms, dispute_id: UUID, before: _Between | None
) -> None:
    """Months that had come to their end are due, where they are held or paid after all."""
    if before is not None and await _between(session, dispute_id) != before:
        last = Month.parse(before.ended_from).previous()
        months = Month.parse(before.from_month), last
        await months_due.mark_person(session, terms, before.person_id, *months, str(dispute_id))


async def standing(session: AsyncSession, county: str) -> dict[str, list[Dispute]]:
    """Disputes that are open or were upheld, by person."""
    rows = await run(
        session,
        text(
            "SELECT person_id::text, reason, from_month, settled_at, ended_from FROM dispute"
            " WHERE county = :county AND (settled_at IS NULL OR upheld)"
            " ORDER BY person_id, from_month, dispute_id"
        ),
        {"county": county},
    )
    found: dict[str, list[Dispute]] = {}
    for row in rows:
        dispute = Dispute(row.person_id, row.reason, row.from_month, row.settled_at, row.ended_from)
        found.setdefault(row.person_id, []).append(dispute)
    return found


def leave_out(
    words: Mapping[str, Any], disputes: Mapping[str, Sequence[Dispute]]
) -> tuple[list[dict[str, Any]], list[Left]]:
    """The words of a household without those in dispute, once for each part of its months in which
    these are the same; and who that is. Its members as decided where nobody is."""
    recorded_at = datetime.fromisoformat(words["recorded_at"])
    household_id, last = str(words["household_id"]), words["until_month"]
    left = [
        each
        for member in words["members"]
        for dispute in disputes.get(member["person_id"], ())
        for each in dispute.against(
            household_id, recorded_at, min(last, member.get("until") or last)
        )
        if each.until_month >= words["from_month"]
    ]
    if not left:
        return [dict(words)], []
    begins = {words["from_month"]}
    begins |= {each.from_month for each in left}
    begins |= {str(Month.parse(each.until_month).next()) for each in left}
    firsts = sorted(each for each in begins if words["from_month"] <= each <= last)
    found, out = list[dict[str, Any]](), list[Left]()
    for first, after in zip(firsts, [*firsts[1:], None], strict=True):
        until = str(Month.parse(after).previous()) if after else last
        here = _first_of_each(each for each in left if each.from_month <= first <= each.until_month)
        found.append(_without(words, first, until, {each.person_id for each in here}))
        out += [each._replace(from_month=first, until_month=until) for each in here]
    return found, out


def _first_of_each(left: Iterable[Left]) -> list[Left]:
    """One for each person: of whom nothing is held by one dispute, nothing is held by another; else
    by which it is held first."""
    first: dict[str, Left] = {}
    for each in sorted(left, key=lambda one: (one.reason != NOTHING_HELD, one.from_month)):
        first.setdefault(each.person_id, each)
    return list(first.values())


def _without(
    words: Mapping[str, Any], first: str, until: str, people: Container[str]
) -> dict[str, Any]:
    """The words of a household for some of its months, without some of its people."""
    before = str(Month.parse(first).previous())
    members = [
        {**each, "until": min(each.get("until") or before, before)}
        if each["person_id"] in people
        else each
        for each in words["members"]
    ]
    return {**words, "from_month": first, "until_month": until, "members": members}


def of_household(left: Iterable[Left], household_id: str, month: str) -> list[Left]:
    """Who is left out of a household in a month."""
    return [
        each
        for each in left
        if each.household_id == household_id and each.from_month <= month <= each.until_month
    ]


# Somebody may stand in two disputes: the last one settled releases what is to be paid, and the next
# run holds again what one that was upheld still speaks of.
_RELEASE: Final = """
UPDATE hold SET released_at = :now, released_by = 'identification', release_reason = :settled
WHERE beneficiary_id = :person AND reason LIKE 'disputed-%' AND released_at IS NULL
    AND NOT EXISTS (SELECT FROM dispute WHERE person_id = :person AND settled_at IS NULL)
"""

_RELEASE_BETWEEN: Final = """
UPDATE hold SET released_at = :now, released_by = 'identification', release_reason =
    CASE WHEN hold.month < dispute.from_month THEN :settled ELSE :upheld END
FROM dispute
WHERE dispute.dispute_id = :id AND hold.beneficiary_id = :person
    AND hold.reason LIKE 'disputed-%' AND hold.released_at IS NULL
    AND hold.month < dispute.ended_from AND (
        hold.month >= dispute.from_month
        OR NOT EXISTS (SELECT FROM dispute WHERE person_id = :person AND settled_at IS NULL)
    )
"""
