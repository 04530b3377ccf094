"""Who holds a telephone was seen: one officer compared ID card and face, or two did.

The telephone is nobody's of the desk: not of whoever sees, nor a relative's of theirs, nor of the
proxy. What an account of one village alone saw counts once another person has seen it too, unless
the place lets it count alone.
"""

from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import near_relatives
from services.identification.casework import applicants, channels
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.grammar.history import Done
from services.identification.models import Applicant
from services.identification.people import index_of
from shared.callers import Caller
from shared.problems import Forbidden

SEE: Final = "see-identity"
UNSEE: Final = "unsee-identity"


class TelephoneOfYours(Forbidden):
    """This is your telephone, or that of a near relative of yours; another officer sees them."""


async def see_identity(desk: Desk, at: Standing) -> None:
    """The applicant's telephone is that of whoever was seen with the ID card.

    Raises:
        NearRelative: the proxy is the caller, or a relative of theirs.
        TelephoneOfYours: the caller or a relative of theirs applied by it for themselves.
        EndingsSpent, TelephoneDiffers: see `applicants.see`.
    """
    applicant_id = at.case.applicant_id
    assert applicant_id is not None, "only who applied by a telephone is seen with it"
    proxy = at.application.proxy
    if proxy is not None:
        indexes = [index_of(desk.keys, proxy.id_number)]
        await near_relatives.insist_on_none(desk.session, desk.caller, indexes)
    applicant = await desk.session.get_one(Applicant, applicant_id)
    if await _is_theirs(desk.session, desk.caller, applicant):
        raise TelephoneOfYours()
    ending = str(at.words["phone_ending"])
    await applicants.see(desk, applicant_id, ending, counts=_counts(at))


def not_by_me(at: Standing) -> bool:
    """Whether the caller has not seen who holds it, since anybody took back that they were seen."""
    return at.caller.person not in {each.person for each in _looks(at)}


def _counts(at: Standing) -> bool:
    """Whether what the caller sees opens the telephone: they are not of the village alone, the
    place lets that count, or another person has seen it before."""
    alone = channels.is_of_village_alone(at.caller, at.case.village)
    return not alone or bool(at.settings.words["village_sees_alone"]) or bool(_looks(at))


def _looks(at: Standing) -> list[Done]:
    return [each for each in at.since(UNSEE) if each.act == SEE]


async def _is_theirs(session: AsyncSession, caller: Caller, applicant: Applicant) -> bool:
    """Whether another applicant with this telephone is the caller or a relative of theirs."""
    statement = select(col(Applicant.id_index)).where(
        col(Applicant.county) == applicant.county,
        col(Applicant.phone_index) == applicant.phone_index,
        col(Applicant.id) != applicant.id,
    )
    others = (await session.exec(statement)).all()
    return bool(others) and await near_relatives.is_one(session, caller, others)
