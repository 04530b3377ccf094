"""The database as it is read: one person found, lists, counts; counts are made of the same records
that the lists show, so that they add up to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement, false, literal
from sqlmodel import col, select

from services.identification import id_numbers, names, registrations
from services.identification.areas import of_areas
from services.identification.low_income import entries
from services.identification.low_income.entries import Hand
from services.identification.low_income.groups import all_groups
from services.identification.low_income.keeping import seen
from services.identification.models import LowIncomeEntry, LowIncomeFiling, LowIncomePerson
from services.identification.places import Place
from shared.callers import Caller
from shared.months import years_of_age

PAGE_MAX: Final = 200
FOUND_MAX: Final = 50
ELDERLY_FROM: Final = 60
ADULT_FROM: Final = 18
STRUCTURE: Final = ("urban", "rural", "elderly", "minor", "disabled", "women")


@dataclass(frozen=True)
class Record:
    """Somebody in a group now, with what the counts go by."""

    person: LowIncomePerson
    entry: LowIncomeEntry
    id_number: str
    traits: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """Which records are wanted; those whose days are over stand apart, or with the rest (None)."""

    area: str | None = None
    group: str | None = None
    trait: str | None = None
    expired: bool | None = False


async def current(hand: Hand, caller: Caller, asked: Asked) -> list[Record]:
    """Everybody who is in a group now and is asked for, of the caller's areas, in a fixed order."""
    statement = (
        select(LowIncomePerson, LowIncomeEntry)
        .join(LowIncomeEntry, col(LowIncomeEntry.holder_id) == col(LowIncomePerson.id))
        .where(col(LowIncomeEntry.until).is_(None), of_areas(caller, col(LowIncomePerson.village)))
        .order_by(col(LowIncomePerson.village), col(LowIncomePerson.id))
    )
    if asked.area:
        statement = statement.where(col(LowIncomePerson.village).startswith(asked.area))
    if asked.group:
        statement = statement.where(col(LowIncomeEntry.group_name) == asked.group)
    if asked.expired is not None:
        over = expired(hand.today)
        statement = statement.where(over if asked.expired else ~over)
    found = [_record(hand, *row) for row in await hand.session.exec(statement)]
    return [each for each in found if asked.trait is None or asked.trait in each.traits]


def expired(today: date) -> ColumnElement[bool]:
    """Stays whose days are over, though nobody has cleared or extended them yet."""
    return sa.func.coalesce(col(LowIncomeEntry.valid_until) < today, sa.false())


def counts(records: Sequence[Record], place: Place, today: date) -> dict[str, Any]:
    """How many people there are: by group, by town and village, and by what they are like; whose
    days are over are counted for themselves and in nothing else."""
    over = [each for each in records if _is_over(each.entry, today)]
    records = [each for each in records if not _is_over(each.entry, today)]
    groups = {name: _tally() for name in all_groups()}
    towns: dict[str, dict[str, Any]] = {}
    for each in records:
        town, village = each.person.village[:9], each.person.village
        of_town = towns.setdefault(
            town, {"name": place.towns.get(town, ""), "people": 0, "groups": {}, "villages": {}}
        )
        of_town["people"] += 1
        _more(of_town["groups"], each.entry.group_name)
        _more(of_town["villages"], village)
        of_group = groups[each.entry.group_name]
        of_group["people"] += 1
        for trait in each.traits:
            of_group[trait] += 1
    total = {key: sum(each[key] for each in groups.values()) for key in _tally()}
    return {
        "total": total,
        "groups": groups,
        "towns": dict(sorted(towns.items())),
        "expired": len(over),
    }


async def find(hand: Hand, caller: Caller, query: str, place: Place) -> list[dict[str, Any]]:
    """People by ID number, name or the beginning of its pinyin, in a group now or before."""
    words = " ".join(query.replace("\x00", " ").split())
    if not words:
        return []
    statement = (
        select(LowIncomePerson)
        .where(_matches(hand, words), of_areas(caller, col(LowIncomePerson.village)))
        .order_by(col(LowIncomePerson.name_sort), col(LowIncomePerson.id))
        .limit(FOUND_MAX)
    )
    people = (await hand.session.exec(statement)).all()
    now = await hand.session.exec(
        select(LowIncomeEntry).where(
            col(LowIncomeEntry.holder_id).in_([person.id for person in people]),
            col(LowIncomeEntry.until).is_(None),
        )
    )
    by_person = {entry.holder_id: entry for entry in now}
    return [row(person, by_person.get(person.id), place, hand.today) for person in people]


async def show(hand: Hand, caller: Caller, place: Place, person_id: UUID) -> dict[str, Any]:
    """One person, the group they are in, and every group before, the newest first.

    Raises:
        NotInTheDatabase: there is none, or the caller may not know that there is one.
    """
    person = await seen(hand, caller, person_id)
    statement = (
        select(LowIncomeEntry)
        .where(col(LowIncomeEntry.holder_id) == person_id)
        .order_by(col(LowIncomeEntry.learned_at).desc(), col(LowIncomeEntry.id).desc())
    )
    history = (await hand.session.exec(statement)).all()
    filings = {
        each.id: each
        for each in await hand.session.exec(
            select(LowIncomeFiling).where(
                col(LowIncomeFiling.id).in_([e.filing_id for e in history if e.filing_id])
            )
        )
    }
    now = next((entry for entry in history if entry.until is None), None)
    content = entries.content_of(hand.keys, person)
    return {
        **row(person, now, place, hand.today),
        "id_number_masked": id_numbers.masked(content["id_number"]),
        "disability_grade": content["disability_grade"],
        "history": [
            {
                **_stay(entry, hand.today),
                "reason": entries.open_reason(hand.keys, entry, "reason_sealed"),
                "learned_at": _instant(entry.learned_at),
                "learned_by": entry.learned_by,
                "until": _day(entry.until),
                "ended_at": _instant(entry.ended_at),
                "ended_by": entry.ended_by,
                "ended_because": entry.ended_because,
                "end_reason": entries.open_reason(hand.keys, entry, "end_reason_sealed"),
                "filed": _filed(filings.get(entry.filing_id)) if entry.filing_id else None,
            }
            for entry in history
        ],
    }


def row(
    person: LowIncomePerson, now: LowIncomeEntry | None, place: Place, today: date
) -> dict[str, Any]:
    """One line of a list."""
    return {
        "low_income_id": str(person.id),
        "name": person.name,
        "village": person.village,
        "village_name": place.villages.get(person.village, ""),
        "registration": registrations.word_of(person.registration),
        "entered_on": person.entered_on.isoformat(),
        "current": _stay(now, today) if now else None,
    }


def _stay(entry: LowIncomeEntry, today: date) -> dict[str, Any]:
    group = all_groups()[entry.group_name]
    return {
        "stay_id": str(entry.id),
        "group": entry.group_name,
        "group_words": {"zh": group.zh, "en": group.en},
        "source": entry.source,
        "since": entry.since.isoformat(),
        "valid_until": _day(entry.valid_until),
        "expired": _is_over(entry, today),
    }


def _is_over(entry: LowIncomeEntry, today: date) -> bool:
    return entry.valid_until is not None and entry.valid_until < today


def _filed(filing: LowIncomeFiling | None) -> Mapping[str, Any] | None:
    if filing is None:
        return None
    return {"on": filing.filed_on.isoformat(), "late": filing.late}


def _record(hand: Hand, person: LowIncomePerson, entry: LowIncomeEntry) -> Record:
    content = entries.content_of(hand.keys, person)
    number = content["id_number"]
    born = id_numbers.birth_date(number)
    traits = {registrations.word_of(person.registration)}
    if born is not None:
        age = years_of_age(born, hand.today)
        if age >= ELDERLY_FROM:
            traits.add("elderly")
        elif age < ADULT_FROM:
            traits.add("minor")
    if content["disability_grade"] is not None:
        traits.add("disabled")
    if int(number[16]) % 2 == 0:
        traits.add("women")
    return Record(person, entry, number, frozenset(traits))


def _matches(hand: Hand, words: str) -> ColumnElement[bool]:
    number = id_numbers.normalise(words)
    if len(number) == 18 and number[:17].isdigit():
        return col(LowIncomePerson.id_index) == entries.index_of(hand.keys, number)
    if (found := names.sought(words)) is None:
        return false()
    is_pinyin, beginning = found
    column = LowIncomePerson.name_sort if is_pinyin else LowIncomePerson.name
    return names.begins(col(column), literal(beginning))


def _tally() -> dict[str, int]:
    return dict.fromkeys(("people", *STRUCTURE), 0)


def _more(counted: dict[str, int], key: str) -> None:
    counted[key] = counted.get(key, 0) + 1


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
