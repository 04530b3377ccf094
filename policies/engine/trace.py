"""What was reached of one household in one month: kept whole, whatever is assessed afterwards."""

from collections.abc import Sequence
from typing import Any, Final

from policies.engine.asking import WORDS, Script, Sheet

NO_MEMBER: Final = -1


class Trace:
    """The sheets of a household and its members, filled, and what stands behind the facts."""

    __slots__ = ("decided_on", "determination_id", "household", "members", "person_ids", "script")

    def __init__(
        self,
        script: Script,
        household: Sheet,
        members: Sequence[Sheet],
        person_ids: Sequence[str],
        determination_id: str | None,
        decided_on: str | None,
    ) -> None:
        self.script = script
        self.household, self.members = household, members
        self.person_ids = person_ids
        self.determination_id, self.decided_on = determination_id, decided_on

    def value(self, name: str, member: int = NO_MEMBER) -> Any:
        """An int, a table of amounts, or what is missing; None of what nobody came to."""
        is_personal, place = self.script.places[name]
        return (self.members[member] if is_personal else self.household)[place]

    def close(self) -> None:
        """Let go of the words it was read from: nothing is asked any more."""
        self.household[WORDS] = None
        for member in self.members:
            member[WORDS] = None
