"""Who is named somebody's guardian is who they are said to be, of age, alive, and another."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import col, select

from services.identification import people
from services.identification.casework import namesakes
from services.identification.casework.applications import Member
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.models import Person
from shared.callers import Kind
from shared.problems import Conflict

_KEY: Final = "guardian"


class GuardianUnfit(Conflict):
    """Whoever is named a guardian is under age, the ward, dead, or another by the register."""


async def insist(tools: Tools, at: Standing, named: Mapping[str, Any]) -> None:
    """Nobody is a guardian, by the words that name one, who is known to be under age, or by the
    register dead, another than who is named, or the ward. What the register knows is asked of
    officers' words, and once more as it is decided: a telephone would tell by it who is registered.

    Raises:
        GuardianUnfit: they are.
    """
    name, number = str(named["guardian_name"]), str(named["guardian_number"])
    said = Member(key=_KEY, name=name, relation=_KEY, id_number=number)
    if said.is_minor(at.today):
        raise GuardianUnfit()
    if at.caller.kind is Kind.CITIZEN:
        return
    statement = select(Person).where(
        col(Person.county) == at.case.county,
        col(Person.id_index) == people.index_of(tools.keys, number),
    )
    known = (await tools.session.exec(statement)).first()
    if known is None:
        return
    is_ward = str(known.id) == str(named["person_key"])
    if not namesakes.agree(known, said) or known.died_on is not None or is_ward:
        raise GuardianUnfit()
