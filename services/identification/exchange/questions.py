"""Lists that ask us something: warnings, and people on assistance in two counties. Each row is an
item with an owner and a day, and is answered on the list it came on."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.identification import disputes, people
from services.identification.desk import Desk
from services.identification.discovery import reporting
from services.identification.exchange import items, numbers
from services.identification.exchange.faults import Code, Taken, fault
from services.identification.exchange.reading import Line
from services.identification.exchange.templates import Template
from services.identification.models import ExchangeItem, Household, Membership, Person
from services.identification.roster.faults import Fault
from shared.database import new_id


async def check(desk: Desk, template: Template, lines: Sequence[Line]) -> list[Fault]:
    """A number that came before asks the same of the same person; by when may have changed."""
    key = _key(template)
    known = await items.by_key(desk, template.name, [line.words[key] for line in lines])
    heading = template.columns[key].heading
    return [
        fault(line.number, heading, Code.KNOWN_OTHERWISE)
        for line in lines
        if (item := known.get(line.words[key])) is not None
        and _asks(items.unseal(desk.keys, item)) != _asks(line.words)
    ]


async def take(desk: Desk, template: Template, file_id: UUID, lines: Sequence[Line]) -> Taken:
    """Every row that is not known is an item now, and may hold the part of whom it names; one that
    is known and open takes over what the list says now, its day above all; what was answered stays
    as it was."""
    key = _key(template)
    known = await items.by_key(desk, template.name, [line.words[key] for line in lines])
    fresh = [line for line in lines if line.words[key] not in known]
    homes = await _homes(desk, [line.words for line in fresh])
    assert template.clock is not None, "a list of questions has a clock"
    due = desk.settings.add_workdays(desk.today, desk.settings.number(template.clock))
    fresh_items: list[ExchangeItem] = []
    for line in fresh:
        words = line.words
        person_id, village = homes.get(words["id_number"], (None, None))
        village = village or words.get("village") or desk.caller.county
        item_id = new_id()
        fresh_items.append(
            ExchangeItem(
                id=item_id,
                county=desk.caller.county,
                template=template.name,
                key=words[key],
                file_id=file_id,
                person_id=person_id,
                id_index=people.index_of(desk.keys, words["id_number"]),
                village=village,
                owner=disputes.owner_of(village),
                kind=str(words.get("kind") or template.words.get("kind", template.name)),
                asked_by=disputes.PROVINCE,
                asked_on=desk.today,
                due_on=date.fromisoformat(words["due_on"]) if words.get("due_on") else due,
                due_said=bool(words.get("due_on")),
                content_index=items.fingerprint(desk.keys, words),
                content_sealed=items.seal(desk.keys, item_id, "content_sealed", words),
            )
        )
        await _report(desk, template, words, person_id, village)
    desk.session.add_all(fresh_items)
    await desk.session.flush()
    for item in fresh_items:
        await disputes.begin(desk, item)
    renewed = 0
    for line in lines:
        before = known.get(line.words[key])
        if before is not None and before.answered_on is None:
            before.id_index = people.index_of(desk.keys, line.words["id_number"])
            renewed += await items.renew(desk, before, line.words)
    await desk.session.flush()
    await disputes.meet(desk.session, desk.caller.county, desk.now)
    told = [w for w in (line.words for line in fresh) if w.get("provincial_number")]
    await numbers.learn_of_people(desk, {w["id_number"]: w["provincial_number"] for w in told})
    return Taken({"new": len(fresh), "known": len(lines) - len(fresh), "renewed": renewed})


async def answers(desk: Desk, template: Template, lines: Sequence[Line]) -> dict[str, Any]:
    """What is said on the list, by the number of each row; nothing where nothing was said yet."""
    key = _key(template)
    known = await items.by_key(desk, template.name, [line.words[key] for line in lines])
    return {
        number: {
            "outcome": item.outcome,
            "answered_on": item.answered_on.isoformat(),
            **(items.unseal(desk.keys, item, "answer_sealed") or {}),
        }
        for number, item in known.items()
        if item.answered_on is not None
    }


async def _report(
    desk: Desk, template: Template, words: dict[str, Any], person_id: UUID | None, village: str
) -> None:
    """What says that somebody may qualify is a lead besides; its result answers the row."""
    programme = template.words.get("leads", {}).get(words.get("kind"))
    if programme is None:
        return
    detail = words.get("detail") or template.columns["kind"].code_of(words["kind"])
    said = {
        "source": "warning",
        "source_list": template.name,
        "source_number": words[_key(template)],
        "found_on": min(words["warned_on"], desk.today.isoformat()),
        "visitor": "省平台",
        "name": words["name"],
        "id_number": words["id_number"],
        "programme": programme,
        "situation": detail,
    }
    await reporting.report(desk, person_id, village, said)


def _asks(words: dict[str, Any]) -> tuple[str, str | None]:
    """Whom a row is about, and what it asks."""
    return words["id_number"], words.get("kind")


def _key(template: Template) -> str:
    assert template.key is not None, "a list of questions has a key"
    return template.key


async def _homes(
    desk: Desk, asked: Sequence[dict[str, Any]]
) -> dict[str, tuple[UUID | None, str | None]]:
    """Who is meant, and where they live: by the province's number, or by their ID number."""
    indexes = {
        people.index_of(desk.keys, words["id_number"]): words["id_number"] for words in asked
    }
    rows = await desk.session.exec(
        select(col(Person.id), col(Person.id_index), col(Household.village))
        .outerjoin(
            Membership,
            (col(Membership.person_id) == col(Person.id)) & col(Membership.until).is_(None),
        )
        .outerjoin(Household, col(Household.id) == col(Membership.household_id))
        .where(col(Person.county) == desk.caller.county, col(Person.id_index).in_(list(indexes)))
    )
    found: dict[str, tuple[UUID | None, str | None]] = {
        indexes[index]: (person_id, village) for person_id, index, village in rows
    }
    told = {w["provincial_number"]: w["id_number"] for w in asked if w.get("provincial_number")}
    homes = await numbers.subjects(desk.session, desk.caller.county, numbers.HOUSEHOLD, list(told))
    for number, household_id in homes.items():
        person_id, village = found.get(told[number], (None, None))
        household = await desk.session.get(Household, household_id)
        if village is None and household is not None:
            found[told[number]] = (person_id, household.village)
    return found
