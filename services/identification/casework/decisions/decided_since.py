"""What a case grants that was decided before: what was decided since stands in its own months.

An appeal, or whoever decides again, speaks of what was owed then. So the months for which others
have since granted or ended the same stay as they are, and so does each fact that others decided
since; the other months are as this case grants them. What was granted only because this was not,
as the status just above dibao of whom dibao was refused, ends with all that was found for it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from services.identification import determinations, in_place_of
from services.identification.casework.above_standard import is_above
from services.identification.casework.paths import PERSON, Grant, endable
from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.casework.visits import SET_ASIDE
from services.identification.decisions import Named, decided_of, nothing_decided
from services.identification.histories import Content, Recorded, Stretch

Facts = Mapping[str, Any]
_BySubject = Mapping[UUID | None, Facts]
_NOBODY: Final[Content] = {"facts": {}, "members": []}


@dataclass(frozen=True)
class Since:
    """Since when others' decisions stand beside what a case grants: those that grant or end the
    same, since it was decided first; those on any fact, since what it rests on was found. Its own
    are under `numbers`. Of a case that is decided for the first time, nothing was decided since.
    """

    grant: Grant
    numbers: Collection[str]
    decided_at: datetime | None
    found_at: datetime | None
    at: Standing | None = None

    @classmethod
    def of(cls, at: Standing) -> Self:
        """As the acts of a case that grants something say."""
        assert at.path.grant is not None, "what is granted says how it ends"
        decided = [each for each in at.acts if DECISION_NUMBER in each.words]
        numbers = {str(words[DECISION_NUMBER]) for words in (*(e.words for e in decided), at.words)}
        first = first_decided_at(at)
        return cls(at.path.grant, numbers, first, _found_again_at(at) or first, at)

    def beside(self, stretch: Stretch, named: Named) -> Named:
        """What of that which a case names is said over a stretch of months."""
        left = self._left(stretch, named)
        return ({}, {}) if self._is_above(stretch, left) else left

    def gave_way(self, stretch: Stretch, named: Named) -> Named:
        """What of that which a case names others decided otherwise over a stretch of months."""
        facts, of_members = named
        left, of_each = self.beside(stretch, named)
        return {name: one for name, one in facts.items() if name not in left}, {
            key: {name: one for name, one in said.items() if name not in of_each.get(key, {})}
            for key, said in of_members.items()
        }

    def _left(self, stretch: Stretch, named: Named) -> Named:
        facts, of_members = named
        subjects = {None: _Subject(self.grant, facts)} | {
            key: _Subject(self.grant, said) for key, said in of_members.items()
        }
        stands = _by_subject(stretch.content or _NOBODY)
        if any(
            in_place_of.is_taken(self.grant, stands[None], stands.get(key, {}))
            for key, each in subjects.items()
            if each.flags
        ):
            return {}, {}
        replaced = {*self.grant.instead_of, *_ended_of_people(of_members.values())}
        for before, by in self._turns(stretch):
            was, is_now = _by_subject(before), _by_subject(by.content)
            is_own = by.number in self.numbers
            counts = is_own or self._counts(was, is_now, by, replaced)
            for key, each in subjects.items():
                each.follow(
                    was.get(key, {}),
                    is_now.get(key, {}),
                    is_own=is_own,
                    is_undoing=by.is_undoing,
                    counts=counts,
                )
        if all(each.is_decided for each in subjects.values()):
            return {}, {}
        of_household, of_each = subjects.pop(None).left, subjects
        return of_household, {key: each.left for key, each in of_each.items() if key}

    def _is_above(self, stretch: Stretch, named: Named) -> bool:
        """Whether dibao would be granted over months in which the household, by what others decided
        since, is above the standard."""
        facts, of_members = named
        comes_to_dibao = self.decided_at is not None and facts.get("on_dibao") == 1
        if self.at is None or stretch.content is None or not comes_to_dibao:
            return False
        members = {
            each["person_id"]: {**each["facts"], **of_members.get(UUID(each["person_id"]), {})}
            for each in determinations.living(stretch.content)
        }
        return is_above(self.at, {**stretch.content["facts"], **facts}, members) is True

    def _turns(self, stretch: Stretch) -> Iterator[tuple[Content, Recorded]]:
        """How the household stood before each decision since on these months, and by it."""
        if self.decided_at is None:
            return
        found = list[tuple[Content, Recorded]]()
        each = stretch.by
        while each is not None and each.recorded_at > self.decided_at:
            before = each.before.content if each.before else nothing_decided(each.content)
            found.append((before, each))
            each = each.before
        yield from reversed(found)

    def _counts(
        self, was: _BySubject, is_now: _BySubject, by: Recorded, replaced: Collection[str]
    ) -> bool:
        """Whether the facts another's decision rests on stand beside what is granted: not those
        that were known when it was found, nor those of what this takes the place of."""
        assert self.found_at is not None, "it was decided before"
        return by.recorded_at > self.found_at and not any(
            endable()[name].is_on(facts) and not endable()[name].is_on(was.get(key, {}))
            for name in replaced
            for key, facts in is_now.items()
        )


@dataclass
class _Subject:
    """What is said of a household, or of one of its members, and what others have decided of it:
    which flags of what is granted, and which other facts, each with what it was before."""

    grant: Grant
    said: Facts
    decided: set[str] = field(default_factory=set)
    _granted: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    _changed: dict[str, Any] = field(default_factory=dict)

    @property
    def flags(self) -> list[str]:
        """The facts that say that it is granted."""
        return [name for name in self.grant.flags if self.said.get(name) == 1]

    @property
    def is_decided(self) -> bool:
        """Whether others have decided all of what is granted, or nothing is granted to this one."""
        return self.decided.issuperset(self.flags)

    @property
    def left(self) -> dict[str, Any]:
        """What is said of it, without what others have decided."""
        others = self.decided | self._changed.keys()
        return {name: one for name, one in self.said.items() if name not in others}

    def follow(
        self, was: Facts, is_now: Facts, *, is_own: bool, is_undoing: bool, counts: bool
    ) -> None:
        """One more decision, the case's own or another's. What another ended stays so, also where
        nothing was granted before; what is as it was before, for that was undone, none decided."""
        for name in self.flags:
            before, after = (
                (one.get(name) == 1, self.grant.is_fading(one)) for one in (was, is_now)
            )
            if before == after:
                continue
            self.decided.discard(name)
            if is_own:
                self._granted.pop(name, None)
            elif after != self._granted.setdefault(name, before) or not after[0]:
                self.decided.add(name)
        for name, one in is_now.items() if counts else ():
            if one == was.get(name):
                continue
            known = self._changed.setdefault(name, was.get(name))
            if is_own or (is_undoing and known == one):
                self._changed.pop(name, None)


def _ended_of_people(said: Iterable[Facts]) -> set[str]:
    """What a case that grants something to somebody ends of theirs with it."""
    return {
        name
        for facts in said
        for name, grant in endable().items()
        if grant.whose == PERSON and any(facts.get(flag) == 0 for flag in grant.flags)
    }


def first_decided_at(at: Standing) -> datetime | None:
    """When a case was decided for the first time, where it is decided again."""
    return next((each.done_at for each in at.acts if DECISION_NUMBER in each.words), None)


def _found_again_at(at: Standing) -> datetime | None:
    """When what it rests on was found anew, since a decision of it was set aside; what a hearing
    finds was so when it was decided."""
    assert at.path.grant is not None
    if not at.done(SET_ASIDE) or "appeal" in at.words:
        return None
    found = [e for e in at.since(SET_ASIDE) if e.act == at.path.grant.found_by]
    return found[-1].done_at if found else None


def _by_subject(content: Content) -> _BySubject:
    """What is said of the household, under no id, and of everybody who lives there."""
    found: dict[UUID | None, Facts] = {None: content["facts"]}
    for one in content["members"]:
        found[UUID(one["person_id"])] = decided_of(one["facts"])
    return found
