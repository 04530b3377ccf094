"""A case: opened, shown, queued, and moved along its path by one act at a time.

An act is done wholly or not at all: its words, its effects, the state and clocks it leads to, and
its row in the history commit together. Of two officers at once the second reads that the case has
moved on.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import yaml
from sqlmodel import col, select

from services.identification.casework import asking, households
from services.identification.casework.applications import Application, new_receipt
from services.identification.casework.effects import EFFECTS, next_stage, put_application
from services.identification.casework.needs import NEEDS
from services.identification.casework.paths import CasePath, all_paths
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools, seal_application
from services.identification.desk import Desk
from services.identification.grammar import moving
from services.identification.grammar.acts import Act, Words
from services.identification.grammar.history import Done
from services.identification.grammar.moving import NotYet, NotYours
from services.identification.models import CaseAct, CaseDocument, CaseFile, Posting
from shared import audit
from shared.database import new_id
from shared.problems import Malformed, NotFound
from shared.secrets import KeyRing

OfCase = TypeVar("OfCase", CaseAct, CaseDocument, Posting)

CHANNELS: Final = ("own", "village", "window", "phone", "one-door", "school", "lead", "list")


class NoSuchCase(NotFound):
    """There is no such case here."""


class NoSuchCategory(Malformed):
    """No case is of that category."""


class AboutNobody(Malformed):
    """A case is about a household of the register, or somebody of a village."""


async def open_case(
    desk: Desk,
    category: str,
    village: str | None,
    channel: str,
    household_id: UUID | None = None,
) -> CaseFile:
    """A new case of a category, still to be written; about a household, as the register knows it.

    Raises:
        NoSuchCategory: there is no path of that name.
        AboutNobody: neither a village is named nor a household, or the path asks for a household.
        NoSuchHousehold: there is none, or it is not of the caller's area.
        NotYours: the village is not of the caller's area.
    """
    path = all_paths().get(category)
    if path is None or channel not in CHANNELS:
        raise NoSuchCategory(f"there are {', '.join(all_paths())}, by {', '.join(CHANNELS)}")
    application, household = Application(), None
    if household_id is not None:
        household = await households.seen(desk.session, desk.caller, household_id)
        application = await households.as_application(desk.session, desk.keys, household)
        village = household.village
    if village is None or (path.about_household and household is None):
        raise AboutNobody(f"{category} asks for a household, others for a village or a household")
    if not desk.caller.may_see(village):
        raise NotYours("the village is not of your area")
    case_id = new_id()
    case = CaseFile(
        id=case_id,
        county=desk.caller.county,
        receipt=new_receipt(category),
        category=category,
        state=path.begins,
        village=village,
        channel=channel,
        head_name="",
        household_id=household_id,
        opened_at=desk.now,
        opened_by=desk.caller.subject,
        state_since=desk.today,
        content_sealed=seal_application(desk.keys, case_id, application),
    )
    desk.session.add(case)
    await desk.session.flush()
    await put_application(Tools(desk.session, desk.keys, desk.now), case, application)
    await audit.record(
        desk.session,
        case.county,
        actor=desk.caller.subject,
        act="case-opened",
        subject=str(case_id),
        details={"category": category, "channel": channel},
    )
    return case


async def do(
    desk: Desk, case_id: UUID, act_name: str, version: int, said: Mapping[str, Any]
) -> Standing:
    """Do one act; where the case stands then.

    1. The case is read under its lock, when the caller may know of it.
    2. The act is one of its table, open to the caller, and for the state it stands in.
    3. The words are understood, and everything that must be there is there.
    4. The effects are had, the case moves, the clocks are set, and the act is written down.

    Raises:
        NoSuchCase, NotHere, NotYours, MovedOn, ActNotUnderstood, NotYet: in this order.
    """
    at = await stand(desk, case_id, lock=True)
    case = at.case
    act = moving.allowed(at.path, case, desk.caller, act_name, version)
    at = replace(at, words=asking.understand(act, said, at))
    missing = unmet(act, at)
    if missing:
        raise NotYet(words_of_need(missing[0]).en, needs=missing)
    if act.does is not None:
        await EFFECTS[act.does](Tools(desk.session, desk.keys, desk.now), at)
    await _move(desk, at, act)
    return await stand(desk, case_id)


async def stand(desk: Desk, case_id: UUID, *, lock: bool = False) -> Standing:
    """Where a case stands, when the caller may know of it.

    Raises:
        NoSuchCase: there is none, or it is not of the caller's area.
    """
    case = await desk.session.get(CaseFile, case_id, with_for_update=lock, populate_existing=True)
    if case is None or not desk.caller.may_see(case.village):
        raise NoSuchCase()
    (at,) = await standings(desk, [case])
    return at


async def standings(desk: Desk, found: Sequence[CaseFile]) -> list[Standing]:
    """Where cases stand that were found, in their order; whether they may be seen was asked."""
    ids = [case.id for case in found]
    acts = await _by_case(desk, CaseAct, ids, col(CaseAct.number))
    documents = await _by_case(desk, CaseDocument, ids, col(CaseDocument.id))
    postings = await _by_case(desk, Posting, ids, col(Posting.id))
    return [
        Standing(
            case=case,
            path=all_paths()[case.category],
            settings=desk.settings,
            application=_application(desk.keys, case),
            acts=[_done(desk.keys, act) for act in acts.get(case.id, ())],
            documents=documents.get(case.id, []),
            postings=postings.get(case.id, []),
            caller=desk.caller,
            today=desk.today,
            words={},
        )
        for case in found
    ]


def lawful(at: Standing) -> Iterator[tuple[Act, list[str]]]:
    """The acts of the caller's at this state, each with what is still missing for it."""
    for act in at.path.acts_from(at.case.state):
        if any(at.caller.has(scope) for scope in act.scopes):
            yield act, [] if act.fields else unmet(act, at)


def unmet(act: Act, at: Standing) -> list[str]:
    """What must be there before an act, and is not."""
    return [need for need in act.needs if not NEEDS[need](at)]


@lru_cache
def needs_in_words() -> Mapping[str, Words]:
    """What an officer reads of each need."""
    path = Path(__file__).with_name("needs.yaml")
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Words(each["zh"], each["en"]) for name, each in found.items()}


def words_of_need(name: str) -> Words:
    """What an officer reads of one need."""
    return needs_in_words()[name]


async def _move(desk: Desk, at: Standing, act: Act) -> None:
    """The new state with its clocks, and the row of what was done."""
    case, before, was_open = at.case, at.case.state, at.case.closed_at is None
    to_state = moving.led_to(act.way, before, at, lambda name: _chosen(name, at))
    moving.move(case, at.path, act, to_state, at, desk.now)
    if act.name == "accept":
        case.accepted_on = at.today
    if was_open and case.closed_at is not None and not act.starts:
        case.due_on = None
    desk.session.add(case)
    act_id = new_id()
    words = json.dumps(at.words, ensure_ascii=False)
    desk.session.add(
        CaseAct(
            id=act_id,
            county=case.county,
            case_id=case.id,
            number=case.version,
            act=act.name,
            from_state=before,
            to_state=case.state,
            actor=desk.caller.subject,
            person=desk.caller.person,
            done_at=desk.now,
            done_on=at.today,
            words_sealed=desk.keys.encrypt(
                words, table="case_act", column="words_sealed", row=act_id
            ),
        )
    )
    await desk.session.flush()
    await audit.record(
        desk.session,
        case.county,
        actor=desk.caller.subject,
        act=f"case-{act.name}",
        subject=str(case.id),
        details={"from": before, "to": case.state, "version": case.version},
    )


def _chosen(name: str, at: Standing) -> str:
    """What a way goes by: whether a list is left, a word of the act, or what the place sets."""
    if name == "stages":
        return "more" if next_stage(at) else "none"
    return str(at.words.get(name) or at.settings.words.get(name))


async def _by_case(
    desk: Desk, kind: type[OfCase], ids: Sequence[UUID], order: Any
) -> dict[UUID, list[OfCase]]:
    """The rows of a kind that belong to cases, by case."""
    rows = await desk.session.exec(select(kind).where(col(kind.case_id).in_(ids)).order_by(order))
    found: dict[UUID, list[OfCase]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _application(keys: KeyRing, case: CaseFile) -> Application:
    content = keys.decrypt(
        case.content_sealed, table="case_file", column="content_sealed", row=case.id
    )
    return Application.model_validate_json(content)


def _done(keys: KeyRing, act: CaseAct) -> Done:
    words = keys.decrypt(act.words_sealed, table="case_act", column="words_sealed", row=act.id)
    return Done(
        act.act, act.from_state, act.to_state, act.actor, act.person, act.done_on, json.loads(words)
    )


def path_of(case: CaseFile) -> CasePath:
    """The table a case goes by."""
    return all_paths()[case.category]
