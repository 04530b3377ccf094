"""Who died: nobody is paid for a month after the month of their death."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from services.payments.models.rows import Row, instant, maybe_instant


class PersonDeath(Row, table=True):
    """A death that identification told of, or took back; the word told last on a person counts."""

    __tablename__ = "person_death"

    person_id: UUID = Field(primary_key=True)
    died_on: date
    taken_back: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    told_at: datetime | None = maybe_instant()
    heard_at: datetime = instant()
