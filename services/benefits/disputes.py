"""What is in dispute: a list says that somebody died, is in prison, or is helped elsewhere too.

Until it is settled that person is left out of their household from the month named, so that whoever
else lives there is paid, and what their part would have been is held. An open dispute holds
whatever is decided meanwhile, for most decisions know nothing of it. One that was upheld by a
decision holds against those before it, and that decision speaks for itself; upheld without one, it
holds until a later decision says what follows. Who is no member any more has nothing to be held.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

import policies
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


@dataclass(frozen=True, slots=True)
class Dispute:
    """One person's part, in dispute from a month."""

    person_id: str
    reason: str
    from_month: str
    upheld_at: datetime | None

    def speaks(self, recorded_at: datetime) -> bool:
        """Whether it holds against a decision of that instant."""
        return self.upheld_at is None or self.upheld_at > recorded_at


class Left(NamedTuple):
    """Somebody left out of a household from a month, and why."""

    household_id: str
    person_id: str
    reason: str
    from_month: str


async def learn(session: AsyncSession, terms: Terms, event: PersonDisputed) -> None:
    """Keep a dispute; one that is settled already stays so, unless it was opened again since."""
    await run(
        session,
        text(
            "INSERT INTO dispute (dispute_id, county, person_id, reason, from_month, told_at,"
            "     learned_at)"
            " VALUES (:id, :county, :person, :reason, :month, :told, :now)"
            " ON CONFLICT (dispute_id) DO UPDATE SET reason = excluded.reason,"
            "     from_month = excluded.from_month, told_at = excluded.told_at,"
            "     settled_at = CASE WHEN dispute.reason = 'settled'"
            "         OR dispute.settled_at >= excluded.told_at THEN dispute.settled_at END,"
            "     upheld = CASE WHEN dispute.reason = 'settled'"
            "         OR dispute.settled_at >= excluded.told_at THEN dispute.upheld END"
            " WHERE dispute.reason = 'settled' OR dispute.told_at < excluded.told_at"
        ),
        {
            "id": event.dispute_id,
            "county": terms.county,
            "person": event.person_id,
            "reason": event.reason,
            "month": str(event.from_month),
            "told": event.occurred_at,
            "now": terms.now,
        },
    )


async def settle(session: AsyncSession, terms: Terms, event: DisputeSettled) -> int:
    """End a dispute; what was wrongly held is released, to be paid in the supplementary run.

    What is upheld stays left out until a decision says what follows. How many holds were released.
    What was said before the dispute was opened again, or settled otherwise, changes nothing.
    """
    changed = await run(
        session,
        text(
            "INSERT INTO dispute (dispute_id, county, person_id, reason, from_month, told_at,"
            "     learned_at, settled_at, upheld)"
            " VALUES (:id, :county, :person, 'settled', '9999-12', :told, :now, :ended, :upheld)"
            " ON CONFLICT (dispute_id) DO UPDATE SET settled_at = :ended, upheld = :upheld"
            " WHERE dispute.told_at <= :told AND coalesce(dispute.settled_at <= :told, true)"
        ),
        {
            "id": event.dispute_id,
            "county": terms.county,
            "person": event.person_id,
            "told": event.occurred_at,
            "ended": event.decided_at or event.occurred_at,
            "now": terms.now,
            "upheld": event.upheld,
        },
    )
    if event.upheld or not changed.rowcount:
        return 0
    # Somebody may stand in two disputes: the last one settled releases, and the next run holds
    # again what one that was upheld still speaks of.
    released = await run(
        session,
        text(
            "UPDATE hold SET released_at = :now, released_by = 'identification',"
            "     release_reason = :reason"
            " WHERE beneficiary_id = :person AND reason LIKE 'disputed-%' AND released_at IS NULL"
            "     AND NOT EXISTS (SELECT FROM dispute WHERE person_id = :person"
            "         AND settled_at IS NULL)"
        ),
        {"now": terms.now, "reason": SETTLED, "person": event.person_id},
    )
    return released.rowcount


async def standing(session: AsyncSession, county: str) -> dict[str, list[Dispute]]:
    """Disputes that are open or were upheld, by person."""
    rows = await run(
        session,
        text(
            "SELECT person_id::text, reason, from_month, settled_at FROM dispute"
            " WHERE county = :county AND (settled_at IS NULL OR upheld)"
            " ORDER BY person_id, from_month, dispute_id"
        ),
        {"county": county},
    )
    found: dict[str, list[Dispute]] = {}
    for row in rows:
        dispute = Dispute(row.person_id, row.reason, row.from_month, row.settled_at)
        found.setdefault(row.person_id, []).append(dispute)
    return found


def leave_out(
    words: Mapping[str, Any], disputes: Mapping[str, Sequence[Dispute]]
) -> tuple[dict[str, Any], list[Left]]:
    """The words of a household without those in dispute, and who that is; its members as decided
    where nobody is."""
    recorded_at = datetime.fromisoformat(words["recorded_at"])
    left = []
    for member in words["members"]:
        speaking = [
            each
            for each in disputes.get(member["person_id"], ())
            if each.speaks(recorded_at) and each.from_month <= (member.get("until") or "9999-12")
        ]
        first = min(speaking, key=lambda each: each.from_month, default=None)
        if first is not None:
            household_id = str(words["household_id"])
            left.append(Left(household_id, first.person_id, first.reason, first.from_month))
    if not left:
        return dict(words), []
    without = copy.deepcopy(dict(words))
    months = {each.person_id: each.from_month for each in left}
    for member in without["members"]:
        if member["person_id"] in months:
            last = str(Month.parse(months[member["person_id"]]).previous())
            member["until"] = min(member.get("until") or last, last)
    return without, left


def of_household(left: Iterable[Left], household_id: str, month: str) -> list[Left]:
    """Who is left out of a household in a month."""
    return [each for each in left if each.household_id == household_id and each.from_month <= month]
