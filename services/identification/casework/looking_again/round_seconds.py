"""The second look at whom chance picked from a round: by whom, what it found, and what of it holds.

What it finds otherwise binds, as a check of a case does: the first finding counts no more until
somebody who made neither look has chosen. The first stands, with the reason; or it is found anew,
signed by one at least who had not.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.models import RoundCheck, RoundHousehold
from shared.database import among

TABLE: Final = "campaign_check"
CHECK: Final = "check"
WEIGH: Final = "weigh"
VISIT: Final = "visit"


@dataclass
class Second:
    """What was done to one household beside its findings."""

    one: RoundHousehold
    done: list[RoundCheck] = field(default_factory=list)

    @property
    def check(self) -> RoundCheck | None:
        """The last second look."""
        return next((each for each in reversed(self.done) if each.act == CHECK), None)

    @property
    def weighed(self) -> RoundCheck | None:
        """Who chose after it, where anybody did."""
        return self.done[-1] if self.done and self.done[-1].act == WEIGH else None

    @property
    def waits(self) -> bool:
        """Whether it found another thing, and nobody has chosen."""
        check = self.check
        return check is not None and check.said != check.of_finding and self.weighed is None

    @property
    def found_anew(self) -> bool:
        """Whether the check was chosen, so that somebody who had not signed finds it again."""
        return self.weighed is not None and self.weighed.said == CHECK

    @property
    def is_over(self) -> bool:
        """Whether what was found last is what was not chosen: nobody signs it any more."""
        check = self.check
        return self.found_anew and check is not None and check.number == self.one.finding_number

    @property
    def is_due(self) -> bool:
        """Whether chance picked it, and nobody looked a second time at what stands."""
        if not self.one.sampled or self.waits:
            return False
        check = self.check
        return check is None or (check.number != self.one.finding_number and not self.found_anew)

    def shown(self, desk: Desk) -> dict[str, Any]:
        """As a page shows it: what both looks noted, and why one of them counts, for whoever weighs
        them and reads it after; no note of the first, before there is a second."""
        check, weighed = self.check, self.weighed
        return {
            "to_check": self.is_due and self.one.signed_on is not None,
            "to_weigh": self.waits,
            "to_find_anew": self.is_over,
            "check": check
            and {
                "finding": check.said,
                "visited_on": check.visited_on and check.visited_on.isoformat(),
                "by": check.actor,
                "note": _noted(desk, check),
            },
            "note": _first_noted(desk, self.one) if check else None,
            "weighed": weighed
            and {"counts": weighed.said, "by": weighed.actor, "reason": _noted(desk, weighed)},
        }


def _noted(desk: Desk, done: RoundCheck) -> str:
    """What was noted of a second look, or why one of two counts."""
    return desk.keys.decrypt(done.note_sealed, table=TABLE, column="note_sealed", row=done.id)


def _first_noted(desk: Desk, one: RoundHousehold) -> str:
    """What whoever found it last noted."""
    if one.found_sealed is None:
        return ""
    words = desk.keys.decrypt(
        one.found_sealed, table="campaign_household", column="found_sealed", row=one.id
    )
    return str(json.loads(words)["note"])


async def of(desk: Desk, households: Iterable[RoundHousehold]) -> dict[UUID, Second]:
    """What was done to each, the first first."""
    found = {each.id: Second(each) for each in households}
    done = select(RoundCheck).where(among(col(RoundCheck.household_id), found))
    for each in await desk.session.exec(done.order_by(col(RoundCheck.id))):
        found[each.household_id].done.append(each)
    return found
