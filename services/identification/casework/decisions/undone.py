"""How a household stands without what one case decided: what it changed is as it was, while nobody
decided that otherwise since; and what was decided since stands, each in its own months.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from services.identification.casework.paths import endable
from services.identification.decisions import Named, decided_of, nothing_decided
from services.identification.determinations import NOT_APPLICABLE
from services.identification.histories import GAVE_WAY, UNDOES, Content, Stretch
from services.identification.means.reckoning import Living

Facts = Mapping[str, Any]
_NOBODY_DECIDED: Final = dict.fromkeys(
    ("away", *(grant.fading.since for grant in endable().values() if grant.fading)),
    NOT_APPLICABLE,
)
"""Facts of which there is none while nobody decided them; the others nobody knows."""


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

    def owe(self, gave_way: Facts) -> None:
        """What another said of facts the case had decided by then stands in the place of what was
        before."""
        self.as_before |= {name: one for name, one in gave_way.items() if name in self.as_before}

    def stands(self, after: Facts) -> dict[str, Any]:
        """Every fact there is by a decision, without what the case decided."""
        none = {name: _NOBODY_DECIDED.get(name) for name in self.ever}
        return {**none, **after, **self.as_before}


def _owe(after: Content, household: _Undoing, members: Mapping[str, _Undoing]) -> None:
    """What a decision says of facts that others had decided by then counts once that is undone."""
    gave_way = after.get(GAVE_WAY, {"facts": {}, "members": {}})
    household.owe(gave_way["facts"])
    for key in members.keys() & gave_way["members"].keys():
        members[key].owe(gave_way["members"][key])


def without(stretch: Stretch, numbers: Collection[str], found: Living) -> Named:
    """What is to be said over a stretch of months, so that what was decided under some numbers in
    it is undone, but for what was found: of the household, and of each who lived there by then."""
    line = stretch.by.line() if stretch.by else []
    if not line:
        return found.household, {}
    if line[0]["decision_number"] in numbers:
        line = [nothing_decided(line[0]), *line]
    household, members = _Undoing(found.household), dict[str, _Undoing]()
    never_in = dict[str, dict[str, Any]]()
    undone = {number for each in line for number in each.get(UNDOES, ())}
    begun = False
    for before, after in pairwise(line):
        is_own = after["decision_number"] in numbers
        begun = begun or is_own
        if not begun:
            continue
        household.follow(before["facts"], after["facts"], is_own=is_own)
        earlier = {each["person_id"]: decided_of(each["facts"]) for each in before["members"]}
        for each in after["members"]:
            if (key := each["person_id"]) in earlier:
                one = members.setdefault(key, _Undoing(found.members.get(key, {})))
                one.follow(earlier[key], decided_of(each["facts"]), is_own=is_own)
        if not is_own and after["decision_number"] not in undone:
            _owe(after, household, members)
        there = {each["person_id"] for each in after["members"]}
        never_in |= {key: said for key, said in earlier.items() if is_own and key not in there}
    if not begun:
        return found.household, {UUID(key): facts for key, facts in found.members.items()}
    stood = {each["person_id"]: decided_of(each["facts"]) for each in line[-1]["members"]}
    stood = {**never_in, **stood}
    of_members = {
        UUID(key): members[key].stands(facts) if key in members else facts
        for key, facts in stood.items()
    }
    return household.stands(line[-1]["facts"]), of_members
