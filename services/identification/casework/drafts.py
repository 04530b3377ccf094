"""What somebody asks for that is being written for them already, or open: no second case of it.

A draft was handed in by nobody: whoever comes next goes on with it. What they say stands, and what
they leave out stays as the draft has it; a list, a call or a lead adds to it what it does not know.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification.casework import cases, channels, moving, opening, queues
from services.identification.casework.applications import REASON_MAX, Application, Member
from services.identification.casework.paths import ONCE, CasePath
from services.identification.casework.reading import stand
from services.identification.casework.tools import index_of
from services.identification.desk import Desk
from services.identification.grammar.asking import read_as
from services.identification.models import CaseFile, CasePerson
from shared.names import plain

WRITE: Final = "write"
_OF_A_PLACE: Final = {"lives_together", "lives_at", "support"}
"""What is said of somebody by whether they live there."""


def is_one(case: CaseFile, path: CasePath) -> bool:
    """Whether a case is still being written, and nobody handed it in."""
    return case.state == path.begins


async def open_of(desk: Desk, path: CasePath, said: Application) -> Sequence[CaseFile]:
    """The open cases of a category of whom it is asked for, of the caller's areas: what was handed
    in before drafts, the oldest first; no draft on somebody's phone, which is nobody's but theirs.
    """
    asked_for = said.asked_for(path.is_of_one)
    indexes = [index for each in asked_for if (index := index_of(desk.keys, each))]
    theirs = select(col(CasePerson.case_id)).where(
        col(CasePerson.asked_for), col(CasePerson.id_index).in_(indexes)
    )
    statement = (
        select(CaseFile)
        .where(
            col(CaseFile.category) == path.category,
            col(CaseFile.closed_at).is_(None),
            col(CaseFile.id).in_(theirs),
            queues.visible(desk.caller),
        )
        .order_by(col(CaseFile.state) == path.begins, col(CaseFile.id))
    )
    return (await desk.session.exec(statement)).all()


async def begin(
    desk: Desk,
    path: CasePath,
    village: str,
    channel: str,
    said: Application,
    *,
    household_id: UUID | None = None,
) -> CaseFile:
    """The open case of whom it is asked for, and a draft of it says what is new; else a new one.

    Of what is given once another hardship is another case, so only a draft is gone on with.
    """
    found = await open_of(desk, path, said)
    if path.grant is not None and path.grant.whose == ONCE:
        found = [each for each in found if is_one(each, path)]
    if not found:
        return await opening.begin(desk, path, village, channel, said, household_id=household_id)
    await add(desk, found[0].id, said)
    return found[0]


async def add(desk: Desk, case_id: UUID, said: Application) -> None:
    """What somebody else knows of whom a draft is for is written beside what it says."""
    at = await stand(desk, case_id, lock=True)
    added = _added(at.application, said)
    if not is_one(at.case, at.path) or added == at.application:
        return
    await opening.put_application(desk, at.case, added)
    words = {"application": added.model_dump(mode="json")}
    await moving.note(desk, replace(at, words=words), WRITE)


async def go_on(
    desk: Desk, draft: CaseFile, village: str, channel: str, said: Application
) -> CaseFile:
    """A draft, written anew by whoever comes: it is of the village they say, and comes in by their
    channel.

    Raises:
        NotYours, ActNotUnderstood: as the act of writing says.
        MovedOn: somebody went on with it meanwhile.
    """
    seen_version = draft.version
    at = await stand(desk, draft.id, lock=True)
    by_proxy = channel in at.settings.words["proxy_channels"]
    words = {"application": anew(at.application, said, by_proxy=by_proxy).model_dump(mode="json")}
    case = (await cases.do(desk, draft.id, WRITE, seen_version, words)).case
    case.village, case.channel = village, channels.of_draft(case.channel, channel)
    desk.session.add(case)
    await desk.session.flush()
    return case


def codes_of(stood: Application, said: Application) -> Application:
    """What is said, with the code a draft has of whoever has no number, by name and birthday."""
    known = {
        (plain(each.name), each.born_on): each.temporary_code
        for each in (*stood.members, *stood.supporters)
        if each.temporary_code
    }

    def with_code(each: Member) -> Member:
        if each.id_number or each.temporary_code:
            return each
        return each.model_copy(
            update={"temporary_code": known.get((plain(each.name), each.born_on))}
        )

    people = {
        name: tuple(map(with_code, getattr(said, name))) for name in ("members", "supporters")
    }
    return said.model_copy(update=people)


def anew(stood: Application, said: Application, *, by_proxy: bool) -> Application:
    """What is said over what stood. Whoever is named again keeps their key, by which papers and
    letters name them; a member who is named no more is none, whoever lives elsewhere stays. A proxy
    stays where one comes again.

    Raises:
        ActNotUnderstood: both together are no application.
    """
    keys = _keys(stood, said)
    stays = [each for each in stood.supporters if each.key not in keys.values()]
    there = {*keys.values(), *(each.key for each in stays)}
    with read_as("application"):
        members = [_over(stood.members, stood, each, keys, there) for each in said.members]
        elsewhere = [_over(stood.supporters, stood, each, keys, there) for each in said.supporters]
        whose = keys[said.whose] if said.whose else stood.whose
        words = {
            "registration": said.registration,
            "address": said.address or stood.address,
            "phone": said.phone or stood.phone,
            "reason": _both(stood.reason, said.reason) or said.reason,
            "members": tuple(members),
            "supporters": (*elsewhere, *stays),
            "means": {**stood.means, **said.means},
            "proxy": said.proxy or (stood.proxy if by_proxy else None),
            "whose": whose if whose in {each.key for each in members} else None,
        }
        return Application.model_validate(words)


def _added(stood: Application, said: Application) -> Application:
    """What stood, with what only the other knows."""
    whose = _keys(stood, said).get(said.whose or "")
    known = {each.key for each in stood.members}
    return stood.model_copy(
        update={
            "address": stood.address or said.address,
            "phone": stood.phone or said.phone,
            "reason": _both(stood.reason, said.reason) or stood.reason,
            "whose": stood.whose or (whose if whose in known else None),
        }
    )


def _over(
    same_place: Sequence[Member],
    stood: Application,
    said: Member,
    keys: Mapping[str, str],
    there: Collection[str],
) -> Member:
    """Somebody as they are said now, with what is not said of them as it stood. Who came to live
    there, or went, is said anew as to that."""
    key = keys[said.key]
    known = (each for each in (*stood.members, *stood.supporters) if each.key == key)
    before = next(known, None)
    words: dict[str, Any] = {**said.model_dump(exclude_defaults=True), "key": key}
    if before is not None:
        had = before.model_dump(exclude=set() if before in same_place else _OF_A_PLACE)
        if said.id_number:
            words |= {"temporary_code": None, "no_id_reason": None}
        words = {**had, **words, "means": {**before.means, **said.means}}
    if said.guardian_key:
        words["guardian_key"] = keys[said.guardian_key]
        words["guardian_authority"] = said.guardian_authority
    elif words.get("guardian_key") not in there:
        words |= {"guardian_key": None, "guardian_authority": None}
    return Member.model_validate(words)


def _keys(stood: Application, said: Application) -> Mapping[str, str]:
    """By the key of everybody who is said, the one they had, or one that nobody had."""
    known = (*stood.members, *stood.supporters)
    taken = {each.key for each in known}
    keys: dict[str, str] = {}
    for each in (*said.members, *said.supporters):
        free = (one for one in known if one.key not in keys.values())
        had = next((one.key for one in free if _is_same(one, each)), None)
        fresh = (each.key, *(f"p{number}" for number in range(len(known) + len(keys) + 1)))
        keys[each.key] = had or next(key for key in fresh if key not in taken)
        taken.add(keys[each.key])
    return keys


def _is_same(stood: Member, said: Member) -> bool:
    """Whether two are one person: by number or code, or whose number was found since by name and
    day of birth."""
    if stood.id_number or not said.id_number:
        same = (stood.id_number, stood.temporary_code) == (said.id_number, said.temporary_code)
        return same and bool(said.id_number or said.temporary_code)
    born = said.born()
    return born is not None and (plain(stood.name), stood.born_on) == (plain(said.name), born)


def _both(stood: str, said: str) -> str | None:
    """Two texts as one, where one does not hold the other; None where there is no room for both."""
    if stood in said or said in stood:
        return max(stood, said, key=len)
    both = f"{stood}\n{said}"
    return both if len(both) <= REASON_MAX else None
