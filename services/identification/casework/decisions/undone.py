"""How a household stands without what one case decided: what it changed is as it was, while nobody
decided that otherwise since; and what was decided since stands, each from its own month.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from services.identification.casework.paths import endable
from services.identification.decisions import decided_of
from services.identification.determinations import NOT_APPLICABLE
from services.identification.means.reckoning import Living
from shared.months import Month

Facts = Mapping[str, Any]
_NOBODY_DECIDED: Final = dict.fromkeys(
    ("away", *(grant.fading.since for grant in endable().values() if grant.fading)),
    NOT_APPLICABLE,
)
"""Facts of which there is none while nobody decided them; the others nobody knows."""


@dataclass(frozen=True)
class Stood:
    """How a household stands from a month on, as it is decided again."""

    from_month: Month
    decision_number: str
    is_first: bool
    household: Facts
    members: Mapping[str, Facts]


@dataclass
class _Undoing:
    """What is as it was of one household, or of one who lives there."""

    found: Facts
    as_before: dict[str, Any] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)

    def follow(self, before: Facts, after: Facts, *, is_own: bool) -> None:
        """Whatever the case decided is as it was; whatever another did since is as it decided."""
        changed = [name for name, said in after.items() if before.get(name) != said]
        for name in changed:
            if not is_own:
                self.as_before.pop(name, None)
            elif name not in self.as_before:
                self.as_before[name] = before.get(name, _NOBODY_DECIDED.get(name))
        if is_own:
            self.as_before |= self.found
        self.ever |= after.keys() | self.found.keys()

    def stands(self, after: Facts) -> dict[str, Any]:
        """Every fact there is by a decision, without what the case decided."""
        none = {name: _NOBODY_DECIDED.get(name) for name in self.ever}
        return {**none, **after, **self.as_before}


def without(
    stood: Sequence[Mapping[str, Any]], numbers: Collection[str], found: Living, from_month: Month
) -> Iterator[Stood]:
    """How it stands from a month on: before and by each decision, of which those under some numbers
    are undone, but for what was found."""
    household, members = _Undoing(found.household), dict[str, _Undoing]()
    steps: list[Stood] = []
    for place, (before, after) in enumerate(pairwise(stood)):
        is_own = after["decision_number"] in numbers
        household.follow(before["facts"], after["facts"], is_own=is_own)
        earlier = {each["person_id"]: decided_of(each["facts"]) for each in before["members"]}
        of_members = {}
        for each in after["members"]:
            key, facts = each["person_id"], decided_of(each["facts"])
            if key in earlier:
                one = members.setdefault(key, _Undoing(found.members.get(key, {})))
                one.follow(earlier[key], facts, is_own=is_own)
                facts = one.stands(facts)
            of_members[key] = facts
        own_month = Month.parse(after["from_month"])
        begins = from_month if place == 0 else max(from_month, own_month)
        steps = [each for each in steps if each.from_month < begins]
        stands = household.stands(after["facts"])
        number = str(after["decision_number"])
        steps.append(Stood(begins, number, not steps, stands, of_members))
    yield from steps
