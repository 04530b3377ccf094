"""A case: opened, shown, queued, and moved along its path by one act at a time.

An act is done wholly or not at all: its words, its effects, the state and clocks it leads to, and
its row in the history commit together. Of two officers at once the second reads that the case has
moved on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from services.identification import decisions
from services.identification.casework import asking, telling
from services.identification.casework.decisions import advances, certificates, fading
from services.identification.casework.effects import EFFECTS
from services.identification.casework.looking_again import no_longer_due
from services.identification.casework.moving import move
from services.identification.casework.needs.named import CLOSER, NEEDS
from services.identification.casework.opening import open_case
from services.identification.casework.papers import form_numbers
from services.identification.casework.paths import NoSuchCategory
from services.identification.casework.reading import NoSuchCase, id_of, stand, standings
from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.desk import Desk
from services.identification.grammar import moving, needs
from services.identification.grammar.acts import Act
from services.identification.grammar.moving import NotYet, NotYours
from shared.contracts.identification import Happened

__all__ = [
    "NoSuchCase", "NoSuchCategory", "NotYet", "NotYours", "do", "id_of", "lawful",
    "open_case", "stand", "standings",
]  # fmt: skip


async def do(
    desk: Desk, case_id: UUID, act_name: str, version: int, said: Mapping[str, Any]
) -> Standing:
    """Do one act; where the case stands then.

    1. The case is read under its lock, when the caller may know of it.
    2. The act is one of its table, open to the caller, and for the state it stands in.
    3. The words are understood, and everything that must be there is there; of an application
       that is corrected, as it would stand then.
    4. The effects are had, and what they found is among the words; an opinion numbers the form.
    5. The case moves, the clocks are set, and the act is written down.
    6. Certificates, reviews, fade-outs and advances follow the decision, and the applicant is told.

    Raises:
        NoSuchCase, NotHere, NotYours, MovedOn, ActNotUnderstood, NotYet: in this order.
    """
    at = await stand(desk, case_id, lock=True)
    case = at.case
    act = asking.whole(moving.allowed(at.path, case, desk.caller, act_name, version), at)
    at = replace(at, words=asking.understand(act, said, at))
    needs.insist(NEEDS, needs_in_words(), at.path, act, asking.as_corrected(act, at), CLOSER)
    if act.does is not None:
        found = await EFFECTS[act.does](desk, at)
        at = replace(at, words={**at.words, **(found or {})})
    if form_numbers.is_due(at, act):
        await form_numbers.number_form(desk, at)
    await move(desk, at, act)
    if DECISION_NUMBER in at.words:
        number = str(at.words[DECISION_NUMBER])
        decided = await decisions.decided_under(desk.session, number, desk.now)
        await certificates.follow(desk, number, decided)
        await no_longer_due.follow(desk, number, decided)
        await fading.follow(desk, number, decided)
        await advances.follow(desk, at)
    at = await stand(desk, case_id)
    if act.tells is not None:
        await telling.tell(desk, at, Happened(act.tells))
    return at


def lawful(at: Standing) -> Iterator[tuple[Act, list[str]]]:
    """The acts of the caller's at this state, each with what is still missing for it."""
    acts = (asking.whole(act, at) for act in at.path.acts_from(at.case.state))
    return needs.lawful(NEEDS, acts, at)


@lru_cache
def needs_in_words() -> Mapping[str, needs.Wanted]:
    """What an officer reads of each need."""
    return needs.in_words(Path(__file__).with_name("needs") / "words.yaml")
