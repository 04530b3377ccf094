"""What is foreseen of households: who comes, who goes, and which facts are others from then on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import decisions, in_place_of, registrations
from services.identification.casework import coming, households
from services.identification.casework.applications import Member
from services.identification.casework.paths import PERSON, endable
from services.identification.determinations import is_away
from services.identification.models import Household, Membership, Person
from shared.months import Month
from shared.secrets import KeyRing


@dataclass
class Comes:
    """Somebody who lives in a household from a month on; no `person` if the register knows none."""

    member: Member
    person: Person | None
    since: Month
    facts: Mapping[str, Any] = field(default_factory=dict)
    before: coming.Before = field(default_factory=coming.Before)
    """What was decided of them where they lived last: it comes along, or is applied for anew."""


@dataclass
class Home:
    """A household that changes; without a row of the register it is a new one."""

    household: Household | None
    comes: list[Comes] = field(default_factory=list)
    goes: list[tuple[Membership, Person, Month]] = field(default_factory=list)
    stays: list[Membership] = field(default_factory=list)
    """Stays that ended with a death that is taken back."""
    relations: list[tuple[Membership, Person, str]] = field(default_factory=list)
    """Who is something else to the head from now on, or is the head."""
    village: str | None = None
    registration: int | None = None
    """Where it moves to in the county, and as what it is registered there; none, where it stays."""
    heads_before: int = 0
    heads: int | None = None
    """How many head it now and would; none is counted where nobody is left."""
    as_before: dict[str, Any] = field(default_factory=dict)
    """Facts that are as they were before it; among the others."""
    facts: dict[str, Any] = field(default_factory=dict)
    of_members: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    """Facts that are others, by whom they are of."""
    names: dict[UUID, str] = field(default_factory=dict)
    facts_before: Mapping[str, Any] = field(default_factory=dict)
    members_before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def counts_again(self) -> bool:
        """Whether somebody leaves tekun and stays, for whom the household's dibao counts nothing
        till then."""
        return {**self.facts_before, **self.facts}.get("on_dibao") == 1 and any(
            self.members_before.get(str(key), {}).get("on_tekun") == 1 != said.get("on_tekun", 1)
            for key, said in self.of_members.items()
        )

    @property
    def leaving(self) -> set[str]:
        """The ids of whoever lives there no longer: they go or died, or are away from now on."""
        before = {key for key, facts in self.members_before.items() if is_away(facts)}
        return {str(person.id) for _, person, _ in self.goes} | (self.away.keys() - before)

    @property
    def wants_head(self) -> bool:
        """Whether its head goes, and of whoever stays nobody is named."""
        return self.heads == 0 and self.heads_before > 0

    @property
    def has_two_heads(self) -> bool:
        """Whether it would have a second head."""
        return self.heads is not None and self.heads > max(self.heads_before, 1)

    @property
    def away(self) -> dict[str, int]:
        """Who is of the household and away from it, by the code of why."""
        now = {str(person_id): facts for person_id, facts in self.of_members.items()}
        of = {
            key: {**self.members_before.get(key, {}), **now.get(key, {})}
            for key in self.members_before.keys() | now.keys()
        }
        gone = {str(person.id) for _, person, _ in self.goes}
        return {
            key: int(facts["away"])
            for key, facts in of.items()
            if is_away(facts) and key not in gone
        }

    def decides_of(self, person_id: UUID, name: str, facts: Mapping[str, Any]) -> None:
        """These facts of one of its members are others."""
        self.of_members.setdefault(person_id, {}).update(facts)
        self.names[person_id] = name


async def home_of(session: AsyncSession, keys: KeyRing, household: Household) -> Home:
    """A household as it stands, nothing of it foreseen yet."""
    before = await decisions.last(session, keys, household.id)
    if before is None:
        return Home(household)
    members = {one["person_id"]: decisions.decided_of(one["facts"]) for one in before["members"]}
    return Home(household, facts_before=before["facts"], members_before=members)


def _moves(home: Home) -> dict[str, Any] | None:
    """From which village to which, and whether it is registered otherwise there."""
    if home.village is None or home.household is None:
        return None
    before, after = home.household.registration, home.registration
    return {
        "from": home.household.village,
        "to": home.village,
        "registration": registrations.word_of(after) if after not in {None, before} else None,
    }


async def end_where_nobody_is_left(session: AsyncSession, home: Home) -> None:
    """A household that nobody lives in any more is granted nothing, however they left it."""
    if home.household is None or home.comes or not home.goes:
        return
    gone = {person.id for _, person, _ in home.goes}
    if any(p.id not in gone for p, _ in await households.living(session, home.household.id)):
        return
    home.facts |= in_place_of.none_of_household(home.facts_before)


def applied_for_anew(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody is granted by income ends where they part, and fades out no more: a household
    of their own applies."""
    return {
        name: said
        for grant in endable().values()
        if grant.whose == PERSON and grant.fading and grant.is_on(facts)
        for name, said in grant.ending(facts).items()
    }


@dataclass(frozen=True)
class Merged:
    """The number of the household in which those of another live now, and the last month in which
    they lived in theirs."""

    into: str
    until: Month


@dataclass
class Foresight:
    """Every household a case changes, the case's own first; who is recorded as dead, or no more."""

    homes: list[Home]
    deaths: list[tuple[Person, date]] = field(default_factory=list)
    alive: list[Person] = field(default_factory=list)
    beyond: set[str] = field(default_factory=set)
    """Villages its reader does not see, from where somebody comes: nothing of their homes is read,
    and whoever decides it is over them."""
    merged: Merged | None = None
    """Where those live now of whose household something is asked for that nobody lives in."""

    @property
    def own(self) -> Home:
        """The household the case is about."""
        return self.homes[0]

    @property
    def changes_nothing(self) -> bool:
        """Nobody comes, goes or died, and no fact is another: none is asked, or nothing yet."""
        return not (self.deaths or self.alive) and not any(
            home.comes
            or home.goes
            or home.facts
            or home.of_members
            or home.relations
            or home.village
            for home in self.homes
        )


def _brings(comes: Comes) -> dict[str, Any]:
    """What somebody was granted where they lived last: that it goes on, or is to be applied for."""
    granted = [each.both() for each in comes.before.granted]
    if not granted:
        return {}
    return {"goes_on" if comes.before.goes_on else "applies_anew": granted}


def shown(found: Foresight) -> list[dict[str, Any]]:
    """A foresight as its readers see it, household by household; what stays is not named."""
    died = {person.id: died_on.isoformat() for person, died_on in found.deaths}
    lines = [
        {
            "household": home.household.number if home.household else None,
            "comes": [
                {"name": each.member.name, "relation": each.member.relation,
                 "since": str(each.since), "known": each.person is not None,
                 **_brings(each)}
                for each in home.comes
            ],
            "goes": [
                {"name": person.name, "until": str(until), "died_on": died.get(person.id)}
                for _, person, until in home.goes
            ],
            "alive": [
                {"name": person.name, "died_on": str(person.died_on)}
                for person in found.alive
                if home is found.own
            ],
            "relations": [
                {"name": person.name, "before": stay.relation, "after": relation}
                for stay, person, relation in home.relations
            ],
            "moves": _moves(home),
            "head_wanted": home.wants_head,
            "two_heads": home.has_two_heads,
            "facts": {
                name: {"before": home.facts_before.get(name), "after": after}
                for name, after in home.facts.items()
                if home.facts_before.get(name) != after
            },
            "members": [
                {"name": home.names[person_id], "facts": facts}
                for person_id, facts in home.of_members.items()
            ],
        }
        for home in found.homes
    ]  # fmt: skip
    said = ("comes", "goes", "alive", "relations", "moves", "facts", "members")
    return [line for line in lines if any(line[each] for each in said)]
