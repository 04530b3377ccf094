"""Letters of the cases by which a household is on assistance. Whoever signed one agreed to be
looked up for that application and as long as it is granted; so on what an official found of them
the same letter holds. What may raise what is paid asks for one of now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import col, select

from services.identification.casework import authorisations
from services.identification.casework.needs import findings
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.models import CaseFile
from shared.database import one_of

_IN_FORCE: Final = ("granted", "changed")
"""Where a case ends by which a household is on assistance, or stays so."""


@dataclass(frozen=True)
class Before:
    """A letter of an earlier case: when it was signed, and the hash of its paper."""

    signed_on: str
    sha256: str | None


async def of(desk: Desk, at: Standing) -> Mapping[str, Before]:
    """By their keys, whose letter of an earlier case holds in this one: the last of each."""
    if at.case.household_id is None or not findings.wanted(at):
        return {}
    statement = select(CaseFile).where(
        col(CaseFile.county) == at.case.county,
        col(CaseFile.household_id) == at.case.household_id,
        col(CaseFile.id) != at.case.id,
        one_of(col(CaseFile.state), _IN_FORCE),
    )
    earlier = (await desk.session.exec(statement.order_by(col(CaseFile.id)))).all()
    found: dict[str, Before] = {}
    for before in await standings(desk, earlier):
        for member in authorisations.asked(at):
            signer = authorisations.signer_of(at, member)
            words = authorisations.filed_by(before, member, signer)
            if words is not None:
                paper = before.document(str(words["document_id"]))
                found[member.key] = Before(words["signed_on"], paper.sha256 if paper else None)
    return found
