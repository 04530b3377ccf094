"""What is left of people who were brought on a list, or who began to apply and stopped."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import delete, text, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification.casework.papers.documents import SHELF
from services.identification.models import Applicant, PeopleList, PeopleListRow
from shared.contracts.identification import ApplicantsForgotten
from shared.database import run
from shared.outbox import announce

LISTS: Final = """
SELECT list.id, list.brought_at AS since FROM people_list AS list
WHERE list.county = :county AND list.rows_deleted_at IS NULL AND NOT EXISTS (
    SELECT FROM people_list_row AS of_it
    LEFT JOIN case_file ON case_file.id = of_it.case_id
    LEFT JOIN register_entry ON register_entry.id = of_it.entry_id
    WHERE of_it.list_id = list.id AND (
        case_file.id IS NOT NULL AND case_file.closed_at IS NULL
        OR register_entry.id IS NOT NULL AND register_entry.closed_at IS NULL
    )
)
"""
# A change that a citizen reports is one too until it is handed in. What else names a case keeps its
# draft, and so does an office that found them: somebody of it is to go on with it.
DRAFTS: Final = """
SELECT draft.id, greatest(
    draft.opened_at,
    (SELECT max(done_at) FROM case_act WHERE case_id = draft.id),
    (SELECT max(added_at) FROM case_document WHERE case_id = draft.id)
) AS since
FROM case_file AS draft
WHERE draft.county = :county
    AND (draft.state = 'draft' OR (
        draft.state = 'open' AND draft.category = 'change'
        AND starts_with(draft.opened_by, 'citizen:')
    ))
    AND NOT EXISTS (
        SELECT FROM case_act WHERE case_id = draft.id AND from_state <> to_state
    )
    AND NOT EXISTS (SELECT FROM request_part WHERE case_id = draft.id)
    AND NOT EXISTS (SELECT FROM people_list_row WHERE case_id = draft.id)
    AND NOT EXISTS (SELECT FROM campaign_household WHERE case_id = draft.id)
    AND draft.channel NOT IN ('lead', 'list', 'school')
    AND NOT EXISTS (SELECT FROM alert WHERE case_id = draft.id OR led_to_id = draft.id)
    AND NOT EXISTS (SELECT FROM exchange_item WHERE case_id = draft.id)
    AND NOT EXISTS (
        SELECT FROM register_entry WHERE led_to_id = draft.id OR about = draft.id::text
    )
"""

# Whoever is to be handed on, or came into the register with the decision, is needed.
APPLICANTS: Final = """
SELECT applicant.id, applicant.known_at AS since FROM applicant
WHERE applicant.county = :county AND applicant.handed_on_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM case_file WHERE case_file.applicant_id = applicant.id)
    AND NOT EXISTS (SELECT FROM case_file WHERE opened_by = 'citizen:' || applicant.id)
    AND NOT EXISTS (SELECT FROM person WHERE person.id = applicant.id)
"""


async def forget_lists(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """What the rows of a list say, and the keys they are found by."""
    rows = update(PeopleListRow).where(col(PeopleListRow.list_id).in_(ids))
    await run(session, rows.values(content_sealed="", person_index=None))
    lists = update(PeopleList).where(col(PeopleList.id).in_(ids))
    await run(session, lists.values(rows_deleted_at=now))


async def forget_drafts(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """Drafts whole. What was done to a case is taken away by nobody but the database's own
    function, which looks under a lock that none of them was handed in."""
    await run(session, text("SELECT forget_drafts(:ids)"), {"ids": list(ids)})
    for each in ids:
        shutil.rmtree(SHELF.folder_of(files, each), ignore_errors=True)


async def forget_applicants(
    session: AsyncSession, files: Path, ids: Sequence[UUID], now: datetime
) -> None:
    """Number, telephone and name; and whoever carries messages forgets how they are reached. A
    case one of them opens at this moment holds them: the sweep falls, and looks anew."""
    gone = delete(Applicant).where(col(Applicant.id).in_(ids)).returning(col(Applicant.county))
    county = (await run(session, gone)).scalars().first()
    if county is None:
        return
    await announce(
        session, ApplicantsForgotten(county=county, occurred_at=now, applicant_ids=list(ids))
    )
