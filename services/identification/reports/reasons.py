"""Why somebody draws something they did not draw before, or no more: one reason each.

Of what ended the leaving that was decided says it; where there is none, the register does, which
knows who died, who moved and who came.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from services.identification.casework.paths import HOUSEHOLD, STATUS, endable
from services.identification.desk import Desk
from services.identification.grammar.rows import words_of
from services.identification.models import CaseAct, CaseFile
from shared.database import among, run
from shared.months import Month

DECIDED: Final = "decided"
RISEN: Final = "income-risen"
KINDS: Final = {
    "over-standard": RISEN, "ground-gone": "ground-gone", "wrongly-in": "wrongly-in",
    "own-wish": "own-wish", "moved-away": "left", "death": "died",
}  # fmt: skip
"""The reason each kind of leaving stands for, by the act that describes it; a ground that went by
means is an income that rose."""
_LEFT: Final = ("exited", "ended")
_STAYS: Final = text("""
    SELECT m.household_id, m.person_id, m.since, m.until, p.died_on, EXISTS (
        SELECT FROM membership other
        WHERE other.person_id = m.person_id AND other.household_id <> m.household_id
            AND other.since <= :month AND (other.until IS NULL OR other.until >= :month)
    ) AS elsewhere
    FROM unnest(CAST(:households AS uuid[])) AS wanted (household_id)
    JOIN membership m USING (household_id) JOIN person p ON p.id = m.person_id
""")


@dataclass(frozen=True)
class Leaving:
    """A leaving that was decided: of which kind, what it ended, whose, and from which month."""

    reason: str
    ends: str | None
    person: str | None
    from_month: str | None


@dataclass
class Known:
    """Who lives where in the later month, and since when; who has died or lives elsewhere; and
    which leavings were decided of each household."""

    then: str
    now: str
    since: dict[tuple[str, str], str] = field(default_factory=dict)
    lived_in: set[str] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)
    homes_with_dead: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    leavings: dict[str, list[Leaving]] = field(default_factory=lambda: defaultdict(list))

    def of(self, row: Sequence[str]) -> str:
        """The reason of a change: record, household, village, registration, unit, programme."""
        record, home, unit, programme, change = row[0], row[1], row[4], row[5], row[6]
        if change == "new":
            came = unit != HOUSEHOLD and self.since.get((home, record), "") > self.then
            return "came" if came else DECIDED
        if (left := self._by_leaving(home, record, programme, unit)) is not None:
            return left
        if unit == HOUSEHOLD and home in self.lived_in:
            return _by_itself(programme)
        if unit == HOUSEHOLD:
            return "died" if home in self.homes_with_dead else "left"
        if record in self.dead:
            return "died"
        if (home, record) in self.since:
            return _by_itself(programme)
        return "parted" if record in self.elsewhere else "left"

    def _by_leaving(self, home: str, record: str, programme: str, unit: str) -> str | None:
        """The reason of the last leaving that ended this of them between the two months."""
        category = _category(programme)
        for each in reversed(self.leavings[home]):
            is_whole = each.person is None or endable()[category].whose == HOUSEHOLD
            of_them = is_whole if each.ends else each.person is None
            if (
                each.ends in {category, None}
                and (of_them or (unit != HOUSEHOLD and each.person == record))
                and (each.from_month is None or self.then < each.from_month <= self.now)
            ):
                return each.reason
        return None


async def known(desk: Desk, then: Month, now: Month, households: set[str]) -> Known:
    """What is known of these households in the later of two months."""
    found = Known(str(then), str(now))
    words = {"households": [UUID(each) for each in households], "month": str(now)}
    for row in await run(desk.session, _STAYS, words):
        home, person = str(row.household_id), str(row.person_id)
        if row.elsewhere:
            found.elsewhere.add(person)
        if row.died_on is not None and f"{row.died_on:%Y-%m}" < str(now):
            found.dead.add(person)
            found.homes_with_dead.add(home)
        elif row.since <= str(now) and (row.until is None or row.until >= str(now)):
            found.since[home, person] = row.since
            found.lived_in.add(home)
    for home, leaving in await _leavings(desk, words["households"]):
        found.leavings[home].append(leaving)
    return found


async def _leavings(desk: Desk, households: Any) -> list[tuple[str, Leaving]]:
    """Every leaving of these households that was decided, the first first."""
    rows = await desk.session.exec(
        select(CaseAct, CaseFile.household_id)
        .join(CaseFile, col(CaseFile.id) == col(CaseAct.case_id))
        .where(
            col(CaseFile.category) == "exit",
            col(CaseFile.state).in_(_LEFT),
            among(col(CaseFile.household_id), households),
        )
        .order_by(col(CaseFile.state_since), col(CaseAct.case_id), col(CaseAct.number))
    )
    described: dict[UUID, tuple[str, Mapping[str, Any]]] = {}
    found: dict[UUID, tuple[str, Leaving]] = {}
    for act, household_id in rows:
        if act.act in KINDS:
            words = words_of(desk.keys, act)
            by_means = act.act == "ground-gone" and words.get("rests_on") == "means"
            described[act.case_id] = (RISEN if by_means else KINDS[act.act], words)
        if act.to_state in _LEFT and act.case_id in described:
            reason, said = described[act.case_id]
            from_month = words_of(desk.keys, act).get("from_month")
            found[act.case_id] = (
                str(household_id),
                Leaving(reason, said.get("ends"), said.get("person_key"), from_month),
            )
    return list(found.values())


def _by_itself(programme: str) -> str:
    """Why it ended of somebody who lives there, and no leaving was decided."""
    return "ran-out" if endable()[_category(programme)].kind == STATUS else DECIDED


def _category(programme: str) -> str:
    return "disability" if programme.startswith("disability") else programme.replace("_", "-")
