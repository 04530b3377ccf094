"""The household of the register whose people apply, and whether a case is of where that lives.

What is granted is granted to that household: it is paid by its village and as it is registered,
whatever an application says. So both say the same before anybody gives an opinion: the case is put
where the household lives, or the household that has moved is put there by a change.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from sqlmodel import col, select

from services.identification import registrations
from services.identification.casework.standing import RegisterHome, Standing
from services.identification.casework.tools import index_of
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.models import Household, Membership, Person

_REGISTERED: Final = {"urban": Words("城镇", "urban"), "rural": Words("农村", "rural")}


async def with_home(desk: Desk, at: Standing) -> Standing:
    """Where a case of applicants stands, with the household of the register they live in, where it
    is one."""
    if at.path.hand_in is None:
        return at
    living = (each for each in at.application.members if each.lives_together)
    indexes = {index for each in living if (index := index_of(desk.keys, each)) is not None}
    statement = (
        select(Household)
        .join(Membership, col(Membership.household_id) == col(Household.id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Person.county) == at.case.county,
            col(Person.id_index).in_(indexes),
            col(Membership.until).is_(None),
        )
        .distinct()
    )
    homes = (await desk.session.exec(statement)).all()
    if len(homes) != 1:
        return at
    (home,) = homes
    found = RegisterHome(
        home.number,
        home.village,
        registrations.word_of(home.registration),
        _called(desk, home.village),
        _called(desk, at.case.village),
    )
    return replace(at, lives_in=found)


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


def _called(desk: Desk, village: str) -> str:
    return desk.villages.get(village, village)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "of-where-they-live": is_of_where_they_live,
    "lives-elsewhere": lambda at: not is_of_where_they_live(at),
}
"""What must be there of the place of a case, by the words the tables use."""
