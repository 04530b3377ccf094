"""The household of the register whose people apply, and whether a case is of where that lives.

What is granted is granted to that household: it is paid by its village and as it is registered,
whatever an application says. So both say the same before anybody gives an opinion: the case is put
where the household lives, or the household that has moved is put there by a change.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, Final

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from services.identification import coded, decisions, determinations, registrations
from services.identification.casework import households, namesakes
from services.identification.casework.applications import Member
from services.identification.casework.standing import RegisterHome, Standing, WhoCounts
from services.identification.casework.tools import Tools, index_of
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.models import CasePerson, Determination, Household, Membership, Person
from shared.database import among_those, those
from shared.secrets import KeyRing

_REGISTERED: Final = {"urban": Words("城镇", "urban"), "rural": Words("农村", "rural")}


async def with_home(desk: Desk, at: Standing) -> Standing:
    """Where a case of applicants stands, with the household of the register they live in, where it
    is one."""
    if at.path.hand_in is None:
        return at
    living = {
        index: each
        for each in at.application.members
        if each.lives_together and (index := index_of(desk.keys, each)) is not None
    }
    where = {"county": at.case.county, **those(living)}
    found = (await desk.session.exec(_homes(), params=where)).all()
    if len({home.id for _, home, _ in found}) != 1:
        return at
    _, home, last = found[0]
    there = [person for person, _ in await households.living(desk.session, home.id)]
    known = {
        each.key: person
        for index, each in living.items()
        if all(person.id_index != index for person in there)
        and (person := coded.among(desk.keys, there, each.name, each.born())) is not None
    }
    numbered = {each.key for each in living.values() if each.id_number is not None}
    named = living.keys() | {person.id_index for person in known.values()}
    lives_in = RegisterHome(
        home.number,
        home.village,
        registrations.word_of(home.registration),
        _called(desk, home.village),
        _called(desk, at.case.village),
        _others(there, living, named),
        tuple(person.name for key, person in known.items() if key in numbered),
        {key: _code_of(person) for key, person in known.items() if key not in numbered},
    )
    may_know = at.case.accepted_on is not None and desk.caller.may_see(home.village)
    if last is not None and may_know:
        theirs = {
            str(person.id): member
            for person, _, _ in found
            if person.died_on is None and namesakes.agree(person, member := living[person.id_index])
        }
        who_counts = cache(partial(_who_counts, desk.keys, last, theirs))
        lives_in = replace(lives_in, who_counts=who_counts)
    return replace(at, lives_in=lives_in)


@cache
def _homes() -> Any:
    """Whoever is known by some numbers, where they live, and the last decision on that: what is
    asked whenever a case is looked at; put together once."""
    return (
        select(Person, Household, Determination)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Household, col(Household.id) == col(Membership.household_id))
        .outerjoin(Determination, col(Determination.id) == decisions.last_id(col(Household.id)))
        .where(
            col(Person.county) == bindparam("county"),
            among_those(col(Person.id_index)),
            col(Membership.until).is_(None),
        )
    )


def _who_counts(keys: KeyRing, last: Determination, members: Mapping[str, Member]) -> WhoCounts:
    """Who of a case, by the ids of the register, counts otherwise by the last decision."""
    decided = determinations.unseal(last.id, last.content_sealed, keys)["members"]
    own = {each["person_id"]: each["facts"] for each in decided}
    known = [(member, own[person_id]) for person_id, member in members.items() if person_id in own]
    tekun = {member.key for member, facts in known if facts.get("on_tekun") == 1}
    away = (
        member.name
        for member, facts in known
        if determinations.is_away(facts) and member.away is None
    )
    return WhoCounts(frozenset(tekun), tuple(sorted(away)))


def _others(
    there: Sequence[Person], living: Mapping[bytes, Member], named: Collection[bytes]
) -> tuple[str, ...]:
    """Who lives there beside whoever of the case does by number; a code alone may be another's."""
    numbered = {index for index, each in living.items() if each.id_number is not None}
    if numbered.isdisjoint(each.id_index for each in there):
        return ()
    others = (each for each in there if each.id_index not in named)
    return tuple(each.name for each in sorted(others, key=lambda each: each.name_sort))


def _code_of(person: Person) -> str:
    assert person.temporary_code is not None, "who is known by a code has one"
    return person.temporary_code


async def under_their_codes(tools: Tools, at: Standing) -> Standing:
    """The case with the codes the register has of who is named again without a number: they are the
    same who live there already, and the case is found by them."""
    codes = at.lives_in.codes if at.lives_in else {}
    for key, code in codes.items():
        of_them = (col(CasePerson.case_id) == at.case.id, col(CasePerson.person_key) == key)
        index = coded.index_of(tools.keys, code)
        await tools.session.exec(update(CasePerson).where(*of_them).values(id_index=index))
    members = tuple(
        each.model_copy(update={"temporary_code": codes.get(each.key, each.temporary_code)})
        for each in at.application.members
    )
    return replace(at, application=at.application.model_copy(update={"members": members}))


def is_of_where_they_live(at: Standing) -> bool:
    """Whether a case says of village and registration what the register does, where that has them
    as one household."""
    home, said = at.lives_in, (at.case.village, at.application.registration)
    return home is None or said == (home.village, home.registration)


def in_words(at: Standing) -> Words:
    """Both places, as an officer reads them."""
    home, said = at.lives_in, _REGISTERED[at.application.registration]
    assert home is not None, "only what differs is told"
    there = _REGISTERED[home.registration]
    return Words(
        f"申请写的是{home.case_called}（{said.zh}），"
        f"名册上 {home.number} 户在{home.called}（{there.zh}）。"
        "已迁来的，先办县内迁居变更；申请写错的，按名册更正",
        f"the application says {home.case_called} ({said.en}), and by the register household"
        f" {home.number} lives in {home.called} ({there.en}): let it move by a change where it has,"
        " or put the case there",
    )


def _everybody_named(at: Standing) -> bool:
    """Nothing is granted to a part of a household of the register."""
    refused = at.words.get("opinion", "grant") != "grant"
    return refused or at.lives_in is None or not (at.lives_in.others or at.lives_in.coded_still)


def others_in_words(at: Standing) -> Words:
    """Who lives there by the register, and the application does not name, or not as that does."""
    assert at.lives_in is not None, "only who lives in the register is told"
    names = at.lives_in.others
    if not names:
        return _coded_in_words(at.lives_in)
    return Words(
        f"名册上 {at.lives_in.number} 户还有{'、'.join(names)}，申请里没写。"
        "更正申请写全；已经不住一起的，先办变更",
        f"by the register {', '.join(names)} live there too, whom the application does not name:"
        " correct it, or let them leave by a change",
    )


def _coded_in_words(home: RegisterHome) -> Words:
    names = home.coded_still
    return Words(
        f"名册上 {home.number} 户的{'、'.join(names)}还用临时编码，申请里有了身份证号。"
        "先办变更“补录身份证号”",
        f"by the register {', '.join(names)} still stand under a code, and have a number here:"
        " let it take the place of the code by a change",
    )


def _nobody_away_unsaid(at: Standing) -> bool:
    """Nothing is granted for whoever does not count by the register and is said to live there."""
    refused = at.words.get("opinion", "grant") != "grant"
    return refused or at.lives_in is None or not at.lives_in.who_counts().away


def away_in_words(at: Standing) -> Words:
    """Who is away by the register, and lives there by the application."""
    assert at.lives_in is not None, "only who lives in the register is told"
    names = at.lives_in.who_counts().away
    return Words(
        f"名册上{'、'.join(names)}不计入家庭人口（服刑、失联等）。"
        "已经回来的，先办变更“回归家庭”；没有回来的，更正申请写明",
        f"by the register {', '.join(names)} are away and do not count: let them come back by a"
        " change where they have, or say so in the application",
    )


def _not_on_tekun(at: Standing) -> bool:
    """Nothing is granted to nobody but whoever is on tekun by the register."""
    if at.words.get("opinion", "grant") != "grant" or at.lives_in is None:
        return True
    asked_for = {each.key for each in at.asked_for if each.away is None}
    if at.path.is_of_one:
        key = at.words.get("person_key") or (at.subject.key if at.subject else None)
        asked_for = {str(key)}
    return not asked_for <= at.lives_in.who_counts().on_tekun


def _called(desk: Desk, village: str) -> str:
    return desk.villages.get(village, village)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "everybody-named": _everybody_named,
    "nobody-away-unsaid": _nobody_away_unsaid,
    "not-on-tekun": _not_on_tekun,
    "of-where-they-live": is_of_where_they_live,
    "lives-elsewhere": lambda at: not is_of_where_they_live(at),
}
"""What must be there of the place of a case, by the words the tables use."""
