"""A county's register and cases with their histories, laid down row by row in their tables.

Half of all cases are over; the rest stand somewhere on the way. Everything is drawn from one seed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from demonstration.population import names as drawn
from demonstration.population.shares import Shares, villages
from services.identification import id_numbers, names
from services.identification.casework.applications import Application, Member, new_receipt
from services.identification.casework.tools import seal_application
from services.identification.people import INDEX_COLUMN
from shared.database import new_id
from shared.secrets import KeyRing

COUNTY: Final = "511425"
TODAY: Final = date(2026, 9, 25)
CHUNK: Final = 5_000
_ON_THE_WAY: Final = (
    "submitted", "surveying", "comparing", "reviewing", "to-post", "posted", "confirming",
)  # fmt: skip
_HISTORY: Final = (
    ("write", "draft", "draft"),
    ("submit", "draft", "submitted"),
    ("accept", "submitted", "surveying"),
    ("authorise", "surveying", "surveying"),
    ("survey", "surveying", "surveying"),
    ("sign-survey", "surveying", "surveying"),
    ("finish-survey", "surveying", "comparing"),
    ("compare", "comparing", "comparing"),
    ("finish-comparison", "comparing", "reviewing"),
    ("propose", "reviewing", "to-post"),
    ("post", "to-post", "posted"),
    ("end-posting", "posted", "confirming"),
    ("confirm", "confirming", "granted"),
)
_CHECK: Final = ("spot-check", "reviewing", "reviewing")
_CHECKED_AFTER: Final = 9
_CHECKED: Final = 0.2
"""How many acts come before the township's own look, and the share of households it goes to."""
_COLUMNS: Final = {
    "person": ("county", "id", "name", "name_sort", "id_sealed", "id_index"),
    "household": ("county", "id", "number", "village", "registration"),
    "membership": ("county", "id", "household_id", "person_id", "relation", "since"),
    "case_file": (
        "county", "id", "receipt", "category", "state", "version", "village", "channel",
        "head_name", "household_id", "opened_at", "opened_by", "accepted_on", "state_since",
        "state_due_on", "due_on", "closed_at", "content_sealed",
    ),
    "case_person": (
        "county", "id", "case_id", "person_key", "role", "name", "name_sort", "id_index",
    ),
    "case_act": (
        "county", "id", "case_id", "number", "act", "from_state", "to_state", "actor", "person",
        "done_at", "done_on", "words_sealed",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """One person of the county, as a search may ask for them."""

    name: str
    id_number: str
    receipt: str
    village: str


def fill(owner_url: str, keys: KeyRing, households: int, seed: int) -> list[Known]:
    """Lay down so many households with a case each; some of the people, to be searched for."""
    rng, shares = Random(seed), Shares.read()  # noqa: S311  # A county drawn again alike.
    known, places = [], [each.code for each in villages(COUNTY)]
    with psycopg.connect(owner_url, autocommit=True) as owner:
        given: set[str] = set()
        for start in range(0, households, CHUNK):
            rows: dict[str, list[Sequence[Any]]] = {table: [] for table in _COLUMNS}
            for order in range(start, min(start + CHUNK, households)):
                case = _case(rng, shares, keys, order, rng.choice(places), given, rows)
                if rng.random() < 2_000 / households:
                    known.append(case)
            with owner.transaction():
                for table, columns in _COLUMNS.items():
                    _copy(owner, table, columns, rows[table])
        owner.execute("VACUUM (ANALYZE)")
    return known


def _copy(
    owner: psycopg.Connection[Any], table: str, columns: Sequence[str], rows: list[Sequence[Any]]
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with owner.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _case(
    rng: Random,
    shares: Shares,
    keys: KeyRing,
    order: int,
    village: str,
    given: set[str],
    rows: dict[str, list[Sequence[Any]]],
) -> Known:
    """One household of one to four, and its case with what was done so far."""
    household_id, case_id = new_id(), new_id()
    members = []
    for place in range(rng.randint(1, 4)):
        number = _id_number(order * 4 + place)
        name = drawn.family_name(rng) + drawn.given_name(rng, shares, rng.random() < 0.5)
        relation = "户主" if place == 0 else "家庭成员"
        member = Member(key=f"m{place}", name=name, relation=relation, id_number=number)
        members.append(member)
        _person(keys, household_id, case_id, place, member, rows)
    rows["household"].append((COUNTY, household_id, f"{order:08}", village, 2))
    while (receipt := new_receipt("dibao")) in given:
        pass  # Of 200,000 drawn at once, two are alike once in thirty counties.
    given.add(receipt)
    over = rng.random() < 0.5
    done = list(_HISTORY if over else _HISTORY[: _steps_to(rng.choice(_ON_THE_WAY))])
    if len(done) > _CHECKED_AFTER and rng.random() < _CHECKED:
        done.insert(_CHECKED_AFTER, _CHECK)
    opened = TODAY - timedelta(days=rng.randint(60, 700) if over else rng.randint(1, 60))
    state, accepted = done[-1][2], opened + timedelta(days=1)
    due = None if over else accepted + timedelta(days=42)
    application = Application(members=tuple(members), address="3组", reason="家中主要劳动力患病")
    rows["case_file"].append(
        (
            COUNTY, case_id, receipt, "dibao", state, len(done), village, "village",
            members[0].name, household_id if over else None, _at(opened), "staff:worker", accepted,
            opened + timedelta(days=len(done)), None, due,
            _at(TODAY) if over else None, seal_application(keys, case_id, application),
        )
    )  # fmt: skip
    for place, (act, before, after) in enumerate(done):
        act_id, on = new_id(), opened + timedelta(days=place)
        words = json.dumps(
            {"note": "入户所见与申报一致，家中土坯房两间，无固定收入"} | _words(act, on)
        )
        sealed = keys.encrypt(words, table="case_act", column="words_sealed", row=act_id)
        rows["case_act"].append(
            (
                COUNTY, act_id, case_id, place + 1, act, before, after, "staff:officer",
                "officer", _at(on), on, sealed,
            )
        )  # fmt: skip
    return Known(members[0].name, str(members[0].id_number), receipt, village)


def _person(
    keys: KeyRing,
    household_id: UUID,
    case_id: UUID,
    place: int,
    member: Member,
    rows: dict[str, list[Sequence[Any]]],
) -> None:
    person_id, number = new_id(), str(member.id_number)
    sort, index = names.sort_key(member.name), keys.blind_index(number, column=INDEX_COLUMN)
    sealed = keys.encrypt(number, table="person", column="id_sealed", row=person_id)
    rows["person"].append((COUNTY, person_id, member.name, sort, sealed, index))
    rows["membership"].append(
        (COUNTY, new_id(), household_id, person_id, member.relation, "2020-01")
    )
    role = "applicant" if place == 0 else "member"
    rows["case_person"].append(
        (COUNTY, new_id(), case_id, member.key, role, member.name, sort, index)
    )


def _words(act: str, on: date) -> dict[str, Any]:
    """What an act says that is read again whenever somebody asks which cases wait."""
    if act == "survey":
        return {"survey_id": str(new_id()), "visited_on": on.isoformat()}
    return {"visited_on": on.isoformat(), "as_found": True} if act == "spot-check" else {}


def _steps_to(state: str) -> int:
    """How many acts of the history lead to a state."""
    return max(place for place, each in enumerate(_HISTORY) if each[2] == state) + 1


def _id_number(order: int) -> str:
    """An ID number nobody else has."""
    day = date(1960, 1, 1) + timedelta(days=order // 999)
    digits = f"{COUNTY}{day:%Y%m%d}{order % 999 + 1:03}"
    return digits + id_numbers.check_digit(digits)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
