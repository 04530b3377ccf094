"""What a case would change of a household of the register, read out of its typed requests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import coded, registrations
from services.identification.casework import (
    care,
    coming,
    heads,
    households,
    means,
    merged_homes,
    namesakes,
)
from services.identification.casework.applications import AWAY, Member
from services.identification.casework.decisions import deaths
from services.identification.casework.homes import (
    Comes,
    Foresight,
    Home,
    applied_for_anew,
    end_where_nobody_is_left,
    home_of,
)
from services.identification.casework.paths import PERSON, Grant, endable
from services.identification.casework.standing import Standing
from services.identification.casework.tools import coded_of, index_of
from services.identification.determinations import NOT_APPLICABLE
from services.identification.grammar.history import Done
from services.identification.models import Household, Membership, Person
from services.identification.roster.columns import HEAD
from shared.callers import Kind
from shared.months import Month, day_number
from shared.problems import Conflict, NotFound
from shared.secrets import KeyRing

STATUSES: Final = {"on_edge", "on_rigid_spending"}
"""What a household asked for low income for; with the last of them it asks no more."""
DIBAO: Final = "dibao"
ONLY_ENDS: Final = {"ground-gone", "wrongly-in", "moved-away"}
"""Findings that end something and decide nothing else: what their visit saw moves no other sum,
unless whoever it ends for counts for dibao from then on."""


class TooEarly(Conflict):
    """Somebody would leave before they came, or come back before they left."""


class NoLongerThere(Conflict):
    """Somebody named does not live in this household any more."""


class LivesHere(Conflict):
    """Somebody who is to come lives in this household already."""


class NamedTwice(Conflict):
    """Two requests of this case are about the same person."""


class NoOtherHousehold(NotFound):
    """No other household of that number is of the caller's area."""


def requests(at: Standing) -> list[Done]:
    """What is asked for: the typed requests since the last time it was begun anew."""
    return [each for each in at.since("start-over") if each.act in READERS]


def ended(words: Mapping[str, Any]) -> Grant:
    """What is to end by the words of a request; dibao, where none is named."""
    return endable()[str(words.get("ends", DIBAO))]


async def foresee(session: AsyncSession, keys: KeyRing, at: Standing) -> Foresight:
    """What the requests of a case come to, as the register stands today.

    Raises:
        TooEarly, NoLongerThere, LivesHere, NamedTwice, NoOtherHousehold, NameDiffers: a request
            cannot be carried out.
    """
    assert at.case.household_id is not None, "only cases about a household change one"
    own = await session.get(Household, at.case.household_id)
    assert own is not None
    reader = _Reader(session, keys, at, Foresight([await home_of(session, keys, own)]))
    for each in requests(at):
        await READERS[each.act](reader, each.words)
    if requests(at) and not reader.found.alive:
        reader.found.merged = await merged_homes.of(session, own)
    only_ends = any(each.act in ONLY_ENDS for each in requests(at))
    if reader.found.own.counts_again or not only_ends:
        as_found(reader.found.own, at)
    for home in reader.found.homes:
        await end_where_nobody_is_left(session, home)
    for people in (
        [person.id for home in reader.found.homes for _, person, _ in home.goes],
        [_known_by(each.member) for home in reader.found.homes for each in home.comes],
    ):
        if len(set(people)) < len(people):
            raise NamedTwice()
    for home in reader.found.homes:
        await heads.settle(session, home)
    return reader.found


def who_comes(words: Mapping[str, Any]) -> Member:
    """Who is to live there by the words of a request: known by a number, or by a code."""
    said = ("name", "relation", "id_number", "temporary_code", "no_id_reason", "born_on")
    return Member(key="comes", **{word: words[word] for word in said if word in words})


def as_found(home: Home, at: Standing) -> None:
    """What was found stands in the place of what was asked for: by the visit, or by a hearing."""
    visited = means.as_visited(at)
    home.facts |= visited.household
    if (heard := at.words.get(means.INCOME)) is not None:
        home.facts |= means.of_months(int(heard))
    coming = {each.member.key: each for each in home.comes}
    called = {each.key: each.name for each in at.application.members}
    for key, facts in visited.members.items():
        if key in coming:
            coming[key].facts = {**coming[key].facts, **facts}
        else:
            home.decides_of(UUID(key), called[key], facts)


def _known_by(member: Member) -> str | None:
    return member.id_number or member.temporary_code


@dataclass
class _Reader:
    """Reads one request after the other into a foresight."""

    session: AsyncSession
    keys: KeyRing
    at: Standing
    found: Foresight
    apart: Home | None = None

    async def joins(self, words: Mapping[str, Any]) -> None:
        """Somebody comes: born, married, moved in; out of another household if they live in one."""
        member = self._keyed(who_comes(words))
        since = Month.parse(str(words["since"]))
        person = await self._known(member)
        before = coming.Before()
        if person is not None:
            namesakes.insist(person, member)
            if person.died_on is not None:
                raise NoLongerThere()
            before = await self._leaves_other_home(person, since)
        self.found.own.comes.append(Comes(member, person, since, before.along, before))

    async def dies(self, words: Mapping[str, Any]) -> None:
        """Somebody died: their stay ends with the month of death."""
        died_on = date.fromisoformat(str(words["died_on"]))
        stay, person = await self._lives_here(words)
        self.found.own.goes.append((stay, person, _last_or_none(stay, Month.of(died_on))))
        self.found.deaths.append((person, died_on))

    async def lives_on(self, words: Mapping[str, Any]) -> None:
        """A death was recorded in error: they live there on, and what ended with them goes on."""
        own = self.found.own
        assert own.household is not None
        number = str(words["id_number"])
        person, stay = await deaths.recorded_dead(self.session, self.keys, own.household, number)
        if person in self.found.alive:
            raise NamedTwice()
        self.found.alive.append(person)
        if stay.until is not None and stay.until >= f"{person.died_on:%Y-%m}":
            own.stays.append(stay)
        read = (self.session, self.keys, own.household, person.id)
        own.as_before |= await deaths.ended_with(*read, own.facts_before)
        own.facts |= own.as_before
        if str(person.id) not in own.members_before and (was := await deaths.decided_of(*read)):
            # Dead before they came in, they stand in no decision: what it said goes on as it was.
            own.members_before = {**own.members_before, str(person.id): was}
            own.decides_of(person.id, person.name, was)

    async def leaves(self, words: Mapping[str, Any]) -> None:
        """Somebody moves out, with the end of a month."""
        stay, person = await self._lives_here(words)
        until = _last_month(stay, Month.parse(str(words["until"])))
        self.found.own.goes.append((stay, person, until))

    async def parts(self, words: Mapping[str, Any]) -> None:
        """Somebody begins a household of their own; all who do in one case begin the same one."""
        since = Month.parse(str(words["since"]))
        stay, person = await self._lives_here(words)
        self.found.own.goes.append((stay, person, _last_month(stay, since.previous())))
        if self.apart is None:
            self.apart = Home(None)
            self.found.homes.append(self.apart)
        relation = HEAD if not self.apart.comes else stay.relation
        facts = self.found.own.members_before.get(str(person.id), {})
        if ended := applied_for_anew(facts):
            self.apart.decides_of(person.id, person.name, ended)
        self.apart.comes.append(Comes(self._member(person, relation), person, since, facts))
        self.apart.facts = {"on_dibao": 0, "income_fen_monthly": words["income_fen_monthly"]}

    async def merges(self, words: Mapping[str, Any]) -> None:
        """Another household is one with this from a month on."""
        since = Month.parse(str(words["since"]))
        other = await self._of_number(str(words["household_number"]))
        home = await self._other_home(other)
        for person, stay in await households.living(self.session, other.id):
            home.goes.append((stay, person, _last_month(stay, since.previous())))
            relation = stay.relation if stay.relation != HEAD else str(words["head_relation"])
            facts = home.members_before.get(str(person.id), {})
            member = self._member(person, relation)
            self.found.own.comes.append(Comes(member, person, since, facts))

    async def goes_away(self, words: Mapping[str, Any]) -> None:
        """Somebody leaves the count and stays a member: in prison, treatment, missing, away."""
        await self.of_member(words, {"away": AWAY[str(words["why"])]})

    async def is_back(self, words: Mapping[str, Any]) -> None:
        """Somebody who was away counts again."""
        await self.of_member(words, {"away": NOT_APPLICABLE})

    async def refused_work(self, words: Mapping[str, Any]) -> None:
        """Somebody who can work refused suitable posts, so many in a row."""
        await self.of_member(words, {"work_offers_refused": words["refused"]})

    async def is_set_anew(self, words: Mapping[str, Any]) -> None:
        """The village is asked for another sum; nobody comes or goes, and no fact is another."""

    async def is_head(self, words: Mapping[str, Any]) -> None:
        """Somebody heads this household from now on, or another that is touched."""
        if "person_key" in words:
            await self.is_related({**words, "relation": HEAD})
        else:
            number, found = str(words["id_number"]), self.found
            try:
                home, who = await heads.of_another_home(self.session, self.keys, found, number)
            except heads.HeadLivesElsewhere:
                if found.beyond:
                    return  # Of a home its reader does not see: who decides reads it.
                raise
            home.relations.append((*who, HEAD))

    async def is_related(self, words: Mapping[str, Any]) -> None:
        """Somebody is something else to the head."""
        stay, person = await self._lives_here(words)
        self.found.own.relations.append((stay, person, str(words["relation"])))

    async def of_member(self, words: Mapping[str, Any], facts: dict[str, Any]) -> None:
        _, person = await self._lives_here(words)
        self.found.own.decides_of(person.id, person.name, facts)

    async def moves_home(self, words: Mapping[str, Any]) -> None:
        """The household lives in another village of the county, registered there as is said."""
        own = self.found.own
        own.village = str(words["village"])
        if "registration" in words:
            own.registration = registrations.code_of(str(words["registration"]))

    async def earns(self, words: Mapping[str, Any]) -> None:
        """The household's income is another."""
        self.found.own.facts |= means.of_months(int(words[means.INCOME]))

    async def rises(self, words: Mapping[str, Any]) -> None:
        """Above the standard: what was granted ends, and the law fades it out from here."""
        found_on = date.fromisoformat(str(words["found_on"]))
        grant = ended(words)
        assert grant.fading is not None, "only what fades out rises above the standard"
        self.found.own.facts["income_fen_monthly"] = words["income_fen_monthly"]
        await self._decides(words, {
            **({} if grant.fading.stays_on else grant.ended),
            grant.fading.since: day_number(found_on),
        })  # fmt: skip

    async def ends(self, words: Mapping[str, Any]) -> None:
        """What was granted is granted no more, for whatever reason."""
        own, grant = self.found.own, ended(words)
        one = str(words.get("person_key"))
        of = own.facts_before if grant.whose != PERSON else own.members_before.get(one, {})
        await self._decides(words, grant.ending(of))
        if STATUSES & ended(words).ended.keys():
            others = STATUSES - ended(words).ended.keys()
            if not any(self.found.own.facts_before.get(name) == 1 for name in others):
                self.found.own.facts["asks_for_low_income"] = 0

    async def moves_away(self, words: Mapping[str, Any]) -> None:
        """One of them, or everybody, lives in another county from a day on."""
        own, moved_on = self.found.own, date.fromisoformat(str(words["moved_on"]))
        assert own.household is not None
        for person, stay in await households.living(self.session, own.household.id):
            if words.get("person_key") in {None, str(person.id)}:
                own.goes.append((stay, person, _last_or_none(stay, Month.of(moved_on))))
        if not own.goes:
            raise NoLongerThere()

    async def _decides(self, words: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Facts of the household, or of the one of it who is named."""
        if ended(words).whose == PERSON:
            await self.of_member(words, dict(facts))
        else:
            self.found.own.facts.update(facts)

    async def _lives_here(self, words: Mapping[str, Any]) -> tuple[Membership, Person]:
        own = self.found.own
        assert own.household is not None
        gone = {person.id for _, person, _ in own.goes}
        for person, stay in await households.living(self.session, own.household.id):
            if str(person.id) == str(words["person_key"]) and person.id not in gone:
                return stay, person
        raise NoLongerThere()

    async def _known(self, member: Member) -> Person | None:
        """Who of the register comes; a citizen learns of nobody but whom they live with, and staff
        of nobody who lives where they see nothing: that they do is kept, and their village."""
        person = await self._registered(member)
        if person is None:
            return None
        own, home = self.found.own.household, await households.home_of(self.session, person.id)
        assert own is not None
        if home is not None and home.id == own.id:
            return person
        caller = self.at.caller
        is_citizen = caller.kind is Kind.CITIZEN
        if home is not None and (is_citizen or not caller.may_see(home.village)):
            self.found.beyond.add(home.village)
            return None
        return None if is_citizen else person

    async def _registered(self, member: Member) -> Person | None:
        """By the number or code that is said; or under a code in this household already."""
        own, found = self.found.own.household, await self._under_what_is_said(member)
        if found is not None or own is None:
            return found
        there = [person for person, _ in await households.living(self.session, own.id)]
        return coded.among(self.keys, there, member.name, member.born())

    async def _under_what_is_said(self, member: Member) -> Person | None:
        if member.id_number is None:
            return await coded.known(self.session, self.keys, self.at.case.county, coded_of(member))
        statement = select(Person).where(
            col(Person.county) == self.at.case.county,
            col(Person.id_index) == index_of(self.keys, member),
        )
        return (await self.session.exec(statement)).first()

    async def _leaves_other_home(self, person: Person, since: Month) -> coming.Before:
        """End somebody's stay elsewhere; what was decided of them where they lived last."""
        statement = select(Membership).where(col(Membership.person_id) == person.id)
        stays = (await self.session.exec(statement)).all()
        for stay in stays:
            if stay.until is not None:
                if stay.until >= str(since):
                    raise TooEarly()
                continue
            other = await self.session.get(Household, stay.household_id)
            if other is None or other.id == self.at.case.household_id:
                raise LivesHere()
            home = await self._other_home(other)
            home.goes.append((stay, person, _last_month(stay, since.previous())))
            return coming.Before(home.members_before.get(str(person.id), {}), goes_on=True)
        return await coming.of(self.session, self.keys, person.id, since)

    async def _other_home(self, other: Household) -> Home:
        for home in self.found.homes:
            if home.household is not None and home.household.id == other.id:
                return home
        home = await home_of(self.session, self.keys, other)
        self.found.homes.append(home)
        return home

    async def _of_number(self, number: str) -> Household:
        statement = select(Household).where(
            col(Household.county) == self.at.case.county, col(Household.number) == number
        )
        other = (await self.session.exec(statement)).first()
        if other is None or other.id == self.at.case.household_id:
            raise NoOtherHousehold()
        if not self.at.caller.may_see(other.village):
            raise NoOtherHousehold()
        return other

    def _keyed(self, member: Member) -> Member:
        """Somebody who comes, under a key of nobody else, from which the number is not read."""
        index = index_of(self.keys, member)
        return member.model_copy(update={"key": f"comes-{index.hex()[:32]}"}) if index else member

    def _member(self, person: Person, relation: str) -> Member:
        return households.member_of(self.keys, person, relation)


_READ = Callable[[_Reader, Mapping[str, Any]], Any]


def _cared_for(facts: care.Facts) -> _READ:
    """Somebody's mode of care, self-care or certificate is another."""
    return lambda reader, words: reader.of_member(words, facts(reader.at, words))


READERS: Final[Mapping[str, _READ]] = {
    "birth": _Reader.joins,
    "marriage": _Reader.joins,
    "move-in": _Reader.joins,
    "death": _Reader.dies,
    "alive": _Reader.lives_on,
    "move-out": _Reader.leaves,
    "split": _Reader.parts,
    "merge": _Reader.merges,
    "away": _Reader.goes_away,
    "back": _Reader.is_back,
    "refused-work": _Reader.refused_work,
    "income": _Reader.earns,
    "move-home": _Reader.moves_home,
    "set-sum": _Reader.is_set_anew,
    "head": _Reader.is_head,
    "relation": _Reader.is_related,
    "over-standard": _Reader.rises,
    "ground-gone": _Reader.ends,
    "wrongly-in": _Reader.ends,
    "own-wish": _Reader.ends,
    "moved-away": _Reader.moves_away,
    **{act: _cared_for(facts) for act, facts in care.FACTS.items()},
}
"""How each typed request is read, by the name of its act."""


def _last_month(stay: Membership, until: Month) -> Month:
    if str(until) < stay.since:
        raise TooEarly()
    return until


def _last_or_none(stay: Membership, until: Month) -> Month:
    """The last month of whoever died or moved away; who did before they came in was never there."""
    return max(until, Month.parse(stay.since).previous())
