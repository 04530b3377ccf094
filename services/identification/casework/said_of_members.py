"""What an application says of its members that only a decision makes so: a disability, and who is
away.

The register's word stands where it has one, and where it was decided anew since the application
said so: whatever is granted meanwhile, nobody's grade or absence is another by what somebody typed.
By a subsidy, which looks into nothing of how they live, nothing typed becomes so at all. What
differs is told to whoever decides: a change of its own puts it right, with its paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import col, or_, select

from services.identification.casework.applications import AWAY, Member
from services.identification.casework.paths import SUBSIDY
from services.identification.casework.standing import WRITINGS, Standing
from services.identification.casework.tools import Tools, index_of
from services.identification.desk import Desk
from services.identification.determinations import NOT_APPLICABLE
from services.identification.grammar.acts import Words
from services.identification.histories import History
from services.identification.models import Membership, Person
from shared.months import Month

Facts = Mapping[str, Any]
_DECIDING: Final = ("cases:review", "cases:check", "cases:decide", "cases:hear")
"""The scopes of whoever is told what differs."""
_DISABILITY: Final = Words("残疾等级、类别", "grade and kind of disability")
_AWAY: Final = Words("不在家", "away")
_BY_CERTIFICATE: Final = "read-certificate"
"""The act by which a case about a disability finds grade and kind of whose it is."""


@dataclass(frozen=True)
class Said:
    """One thing an application says of a member: as facts, and whether the register's word on it
    stands instead."""

    member: Member
    words: Words
    facts: Facts
    register: Facts | None = None

    @property
    def differs(self) -> bool:
        """Whether the register says otherwise, and that stands."""
        return self.register is not None and self.register != self.facts


async def of_members(tools: Tools, at: Standing) -> list[Said]:
    """Everything the application says of its members, and what the register says of it."""
    found = []
    for member in at.application.members:
        said = [each for each in _said(member) if not _is_found_by_the_case(at, each)]
        history = await _decided(tools, at, member) if said else []
        found += [_held(at, each, history) for each in said]
    return found


async def shown(desk: Desk, at: Standing) -> list[dict[str, Any]]:
    """What the register says otherwise, as whoever decides an open case reads it."""
    if (
        at.path.grant is None
        or at.case.closed_at is not None
        or desk.caller.scopes.isdisjoint(_DECIDING)
    ):
        return []
    return [
        {"name": each.member.name, "what": each.words.both()}
        for each in await of_members(desk, at)
        if each.differs
    ]


def _said(member: Member) -> Iterator[Said]:
    if member.disability_grade is not None:
        names = ("disability_grade", "disability_kind")
        yield Said(member, _DISABILITY, {name: getattr(member, name) for name in names})
    if member.away is not None:
        yield Said(member, _AWAY, {"away": AWAY[member.away]})


def _is_found_by_the_case(at: Standing, said: Said) -> bool:
    """Whether the case itself finds it, from the certificate, whatever is typed."""
    by_it = at.path.grant is not None and at.path.grant.found_by == _BY_CERTIFICATE
    return by_it and said.words == _DISABILITY and said.member == at.subject


def _held(at: Standing, said: Said, history: Sequence[tuple[datetime, Facts]]) -> Said:
    """What is said, with the register's word where that stands."""
    none, since = dict.fromkeys(said.facts, NOT_APPLICABLE), _said_since(at, said)
    of = [(on, {name: facts.get(name, none[name]) for name in none}) for on, facts in history]
    now = of[-1][1] if of else none
    if at.path.grant is not None and at.path.grant.kind == SUBSIDY:
        return Said(said.member, said.words, said.facts, now)
    if not of:
        return said
    before = [none, *(facts for on, facts in of if on <= since)][-1]
    anew = any(facts != before for on, facts in of if on > since)
    if now == none and not anew:
        return said
    return Said(said.member, said.words, said.facts, now)


def _said_since(at: Standing, said: Said) -> datetime:
    """Since when the application has said so of this member."""
    since = None
    for done, written in zip(at.done(*WRITINGS), at.written(), strict=True):
        member = next((each for each in written.members if each.key == said.member.key), None)
        now = any(each.facts == said.facts for each in _said(member)) if member else False
        since = (since or done.done_at) if now else None
    return since or at.case.opened_at


async def _decided(tools: Tools, at: Standing, member: Member) -> list[tuple[datetime, Facts]]:
    """What each decision on the household a member lives in, or left with the last month, says of
    them, and when it was recorded; nothing of whom the register does not know."""
    index = index_of(tools.keys, member)
    statement = (
        select(Membership)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Person.county) == at.case.county,
            col(Person.id_index) == index,
            or_(
                col(Membership.until).is_(None),
                col(Membership.until) >= str(Month.of(at.today).previous()),
            ),
        )
        .order_by(col(Membership.since).desc())
    )
    stay = (await tools.session.exec(statement)).first() if index is not None else None
    if stay is None:
        return []
    history = await History.read(tools.session, tools.keys, stay.household_id)
    return [
        (each.recorded_at, own["facts"])
        for each in history.in_turn()
        for own in each.content["members"]
        if own["person_id"] == str(stay.person_id)
    ]
