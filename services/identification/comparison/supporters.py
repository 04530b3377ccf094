"""Whoever supports a household on assistance from elsewhere and has signed a letter: set against
the lists by themselves, so that nobody of them is counted, listed or warned of as one of ours.

They stand in no file: they are read anew from the cases whenever a month is matched, and of them
is kept what an alert rests on. Somebody who supports two households stands there twice.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import pyarrow as pa
from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import assistance, determinations
from services.identification.casework import authorisations
from services.identification.casework.applications import Application, Member
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import WRITINGS
from services.identification.comparison import keyed_files
from services.identification.comparison.feeds import Feed
from services.identification.comparison.population import Origin, ids_column
from services.identification.comparison.pseudonyms import Pseudonyms
from services.identification.desk import Desk
from services.identification.grammar import rows
from services.identification.models import Alert, CaseAct
from shared.database import run
from shared.secrets import KeyRing

HOUSEHOLDS: Final = "supports"
"""The column of the households they support."""
_COLUMN: Final = "alert.supporter"
_AT_ONCE: Final = 500
_LETTERS: Final = (*WRITINGS, authorisations.AUTHORISE, authorisations.JOINTLY)


@dataclass(frozen=True)
class Supporter:
    """One who supports a household, as the case says by which it was granted something."""

    member: Member
    household_id: UUID
    village: str

    @property
    def number(self) -> str:
        """Their ID number; nobody without one is compared."""
        assert self.member.id_number is not None, "who has none is left out"
        return self.member.id_number


async def table(session: AsyncSession, keys: KeyRing, month: str) -> Any:
    """Those who are compared in a month, keyed as the lists are; each is a household alone."""
    found = [each async for each in _of_month(session, keys, month)]
    pseudonyms = Pseudonyms(keys)
    keyed = b"".join(pseudonyms.one(each.number) for each in found)
    own = [id_of(keys, each.household_id, each.number) for each in found]
    return pa.table(
        {
            "key": keyed_files.keys_column(np.frombuffer(keyed, np.uint8).reshape(-1, 16)),
            "person_id": ids_column(own),
            "household_id": ids_column(own),
            HOUSEHOLDS: ids_column([each.household_id for each in found]),
            "origin": pa.array([Origin.SUPPORTER] * len(found), pa.int8()),
            "village": pa.array([int(each.village) for each in found], pa.int64()),
        }
    )


def id_of(keys: KeyRing, household_id: UUID, number: str) -> UUID:
    """By which id alerts know somebody who supports a household: the same every month, and not to
    be guessed without our key."""
    index = keys.blind_index(f"{household_id}|{number}", column=_COLUMN)
    return UUID(bytes=index[:16])


async def of_alert(
    desk: Desk, alert: Alert, household: Mapping[str, Any], feeds: Mapping[str, Feed]
) -> dict[str, Any]:
    """Whom an alert about a supporter is about, and the lists on which they stand."""
    assert alert.household_id is not None, "it names the household they support"
    (facts,) = [each["facts"] for each in household["members"]]
    lists = [
        {"zh": feed.zh, "en": feed.en}
        for feed in feeds.values()
        if feed.supporters and any(_says(facts.get(each.fact)) for each in feed.facts)
    ]
    found = await _supporters(desk.session, desk.keys, {alert.household_id: alert.village})
    about = [e for e in found if id_of(desk.keys, e.household_id, e.number) == alert.subject_id]
    (name, relation) = (about[0].member.name, about[0].member.relation) if about else (None, None)
    return {"name": name, "relation": relation, "lists": lists}


def _says(fact: Any) -> bool:
    return fact not in (None, 0, determinations.NOT_APPLICABLE)


async def _of_month(session: AsyncSession, keys: KeyRing, month: str) -> AsyncIterator[Supporter]:
    """Of every household that is on assistance in the month, some households at a time."""
    categories = _categories()
    homes = [
        row.household_id for row in await run(session, text(_SUPPORTED), {"categories": categories})
    ]
    for first in range(0, len(homes), _AT_ONCE):
        villages = {}
        words = {"homes": homes[first : first + _AT_ONCE], "month": month}
        for row in await run(session, text(_DECIDED), words):
            content = determinations.unseal(row.determination_id, row.content_sealed, keys)
            if assistance.is_on_assistance(content):
                villages[row.household_id] = row.village
        for each in await _supporters(session, keys, villages):
            yield each


async def _supporters(
    session: AsyncSession, keys: KeyRing, villages: Mapping[UUID, str]
) -> list[Supporter]:
    """Who signed a letter by the last case of each category that was granted to a household."""
    words = {"homes": list(villages), "categories": _categories()}
    cases = (await run(session, text(_CASES), words)).all()
    acts = select(CaseAct).where(
        col(CaseAct.case_id).in_([each.id for each in cases]), col(CaseAct.act).in_(_LETTERS)
    )
    done: dict[UUID, list[Any]] = {each.id: [] for each in cases}
    for act in await session.exec(acts.order_by(col(CaseAct.number))):
        done[act.case_id].append(rows.done(keys, act))
    found: dict[tuple[UUID, str], Supporter] = {}
    for case in cases:
        content = keys.decrypt(
            case.content_sealed, table="case_file", column="content_sealed", row=case.id
        )
        said = Application.model_validate_json(content)
        for member in authorisations.signed_supporters(done[case.id], said):
            if member.support is not None and member.id_number:
                home = case.household_id
                found[home, member.id_number] = Supporter(member, home, villages[home])
    return list(found.values())


def _categories() -> list[str]:
    """What a household applies for and is granted; a change or a review names no supporters."""
    paths = all_paths().values()
    return [each.category for each in paths if each.grant is not None and not each.about_household]


_LAST: Final = """
SELECT DISTINCT ON (household_id, category) id, household_id, content_sealed FROM case_file
WHERE household_id IS NOT NULL AND category = ANY(:categories) AND state = 'granted'
"""
_ORDER: Final = "ORDER BY household_id, category, id DESC"
_HAS_SUPPORTER: Final = """
EXISTS (SELECT FROM case_person WHERE case_id = last.id AND role = 'supporter')
"""
_SUPPORTED: Final = f"""
SELECT DISTINCT household_id FROM ({_LAST} {_ORDER}) AS last WHERE {_HAS_SUPPORTER}
ORDER BY household_id
"""  # noqa: S608 # Conditions of this file.
_CASES: Final = f"""
SELECT id, household_id, content_sealed
FROM ({_LAST} AND household_id = ANY(:homes) {_ORDER}) AS last WHERE {_HAS_SUPPORTER}
"""  # noqa: S608 # The same.
_DECIDED: Final = """
SELECT household.id AS household_id, household.village, decided.id AS determination_id,
    decided.content_sealed
FROM household
JOIN LATERAL (
    SELECT id, content_sealed FROM determination
    WHERE determination.household_id = household.id AND from_month <= :month
        AND coalesce(until_month, :month) >= :month AND programme IS NULL
    ORDER BY id DESC LIMIT 1
) AS decided ON true
WHERE household.id = ANY(:homes)
"""
